// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/event_log.h"
#include "storage/rocksdb/database.h"
#include "storage/rocksdb/head_file.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace fenghuo::storage {

// The log of a data folder. Its thread writes what waits in one synced write. Keeps a reference to
// the database; `keeper` is told each new head (nullptr = nobody is).
class RocksdbEventLog final : public EventLog {
 public:
  // STORAGE_FAILED when the last batch is damaged.
  static base::Result<std::unique_ptr<RocksdbEventLog>> open(Database& database,
                                                             HeadKeeper* keeper);
  // Completes what waits.
  ~RocksdbEventLog() override;

  Head head() const override;
  void append(Batch batch, const Head& expected, std::vector<Row> rows,
              std::vector<base::Position> erased, Completion done) override;
  AppendOutcome resolve(std::uint64_t batch_id) override;
  std::unique_ptr<LogReader> read(base::Position from, bool with_bodies) const override;
  base::Result<std::optional<std::string>> body(base::Position position) const override;

 private:
  struct Waiting {
    Batch batch;
    Head expected;
    std::vector<Row> rows;
    std::vector<base::Position> erased;
    Completion done;
  };
  using Group = std::deque<Waiting>;

  RocksdbEventLog(Database& database, HeadKeeper* keeper, const Head& head);
  void run();
  void commit(Group group);
  void add(rocksdb::WriteBatch& write, const Waiting& append, const base::Hash& hash) const;

  Database& database_;
  HeadKeeper* keeper_;

  mutable std::mutex head_mutex_;
  Head head_;

  std::mutex queue_mutex_;
  std::condition_variable queue_changed_;
  Group queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace fenghuo::storage
