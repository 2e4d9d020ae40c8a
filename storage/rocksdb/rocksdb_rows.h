// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/ordered_store.h"
#include "storage/rocksdb/database.h"
#include "storage/row_blob_store.h"

#include <memory>

namespace fenghuo::storage {

// The rows of a data folder. Thread-safe. Keeps a reference to the database.
class RocksdbOrderedStore final : public OrderedStore {
 public:
  explicit RocksdbOrderedStore(Database& database) : database_(database) {}

  base::Result<std::optional<std::string>> get(Family family, std::string_view key) const override;
  base::Result<void> scan(Family family, std::string_view from, std::string_view to, bool reverse,
                          const Visitor& visit) const override;
  std::unique_ptr<RowCursor> cursor(Family family) const override;
  base::Result<void> write(const std::vector<Row>& rows) override;

 private:
  Database& database_;
};

// The bytes of blobs, in a family of their own. Thread-safe. Keeps a reference to the database.
class RocksdbBlobMedium final : public BlobMedium {
 public:
  explicit RocksdbBlobMedium(Database& database) : database_(database) {}

  base::Result<std::optional<std::string>> load(const base::Hash& hash) const override;
  base::Result<void> store(const base::Hash& hash, std::string_view bytes,
                           const std::vector<Row>& rows) override;
  base::Result<void> remove(const base::Hash& hash, const std::vector<Row>& rows) override;

 private:
  Database& database_;
};

}  // namespace fenghuo::storage
