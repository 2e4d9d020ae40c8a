// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/memory/memory_disk.h"
#include "storage/ordered_store.h"

#include <memory>

namespace fenghuo::storage {

// The rows of a MemoryStore. Keeps a reference to the disk. A scan holds the disk's mutex.
class MemoryOrderedStore final : public OrderedStore {
 public:
  explicit MemoryOrderedStore(MemoryDisk& disk) : disk_(disk) {}

  base::Result<std::optional<std::string>> get(Family family, std::string_view key) const override;
  base::Result<void> scan(Family family, std::string_view from, std::string_view to, bool reverse,
                          const Visitor& visit) const override;
  std::unique_ptr<RowCursor> cursor(Family family) const override;
  base::Result<void> write(const std::vector<Row>& rows) override;

 private:
  MemoryDisk& disk_;
};

}  // namespace fenghuo::storage
