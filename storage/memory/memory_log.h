// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/event_log.h"
#include "storage/memory/memory_disk.h"

#include <memory>
#include <vector>

namespace fenghuo::storage {

// The log of a MemoryStore. `at_once`: completes within append(). Keeps a reference to the disk.
class MemoryEventLog final : public EventLog {
 public:
  MemoryEventLog(MemoryDisk& disk, bool at_once) : disk_(disk), at_once_(at_once) {}

  Head head() const override;
  void append(Batch batch, const Head& expected, std::vector<Row> rows,
              std::vector<base::Position> erased, Completion done) override;
  AppendOutcome resolve(std::uint64_t batch_id) override;
  std::unique_ptr<LogReader> read(base::Position from, bool with_bodies) const override;
  base::Result<std::optional<std::string>> body(base::Position position) const override;

 private:
  MemoryDisk& disk_;
  bool at_once_;
};

}  // namespace fenghuo::storage
