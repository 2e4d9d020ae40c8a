// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "storage/event_log.h"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

namespace fenghuo::storage {

// The file HEAD beside the database: how far the log is known to be durable. A log that ends below
// it has lost acknowledged records, however sound it looks by itself. See FORMAT.md.
struct DurableMark {
  base::Position position = 0;
  base::Hash hash{};
};

// nullopt = no such file. STORAGE_FAILED when it is there and cannot be understood.
base::Result<std::optional<DurableMark>> read_head_file(const std::filesystem::path& folder);

// Replaces the file in one durable step.
base::Result<void> write_head_file(const std::filesystem::path& folder, const DurableMark& mark);

// STORAGE_FAILED when the log lacks what the mark says: it ends below, or has another batch there.
base::Result<void> check_against_mark(const EventLog& log, const DurableMark& mark);

// Writes the file each second while the head moves, and once more at the end. Has a thread of its
// own: the log must not wait for a second file. A failed write is a line in the log: the mark only
// lags.
class HeadKeeper {
 public:
  explicit HeadKeeper(std::filesystem::path folder);
  ~HeadKeeper();
  // Thread-safe; returns at once.
  void note(const DurableMark& mark);

 private:
  void run();
  void save(const DurableMark& mark);

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<DurableMark> pending_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace fenghuo::storage
