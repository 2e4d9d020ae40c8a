// SPDX-License-Identifier: Apache-2.0
#include "storage/rocksdb/rocksdb_log.h"

#include "hub/base/check.h"
#include "storage/batch.h"
#include "storage/bytes.h"

#include <fmt/format.h>

#include <algorithm>

namespace fenghuo::storage {

namespace {

// Of a smaller batch bodies are got one by one; making an iterator costs about as much as this.
constexpr std::size_t few_records = 8;

base::Error damaged(base::Position position, std::string_view why) {
  return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED,
                     fmt::format("the log is damaged at position {}: {}", position, why));
}

rocksdb::ReadOptions sequential() {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  return options;
}

class RocksdbLogReader final : public LogReader {
 public:
  RocksdbLogReader(const Database& database, const RocksdbEventLog& log, base::Position from,
                   bool with_bodies)
      : database_(database),
        log_(log),
        next_(std::max<base::Position>(from, 1)),
        with_bodies_(with_bodies) {}

  base::Result<std::optional<Batch>> next() override {
    if (next_ > log_.head().position) return std::optional<Batch>();
    if (auto found = go_to_next(); !found) return found.error();
    const base::Position at = u64_at(rows_->key().ToStringView(), 0);
    auto stored = decode_batch(rows_->value().ToStringView());
    if (!stored) return damaged(at, stored.error().message());
    Batch& batch = stored->batch;
    if (batch.first != at || batch.first > next_ || batch.last() < next_) {
      return damaged(next_, "a position does not follow");
    }
    if (with_bodies_) {
      if (auto added = add_bodies(batch); !added) return added.error();
    }
    next_ = batch.last() + 1;
    return std::optional(std::move(batch));
  }

 private:
  // An iterator shows the rows of its making: at its end a new one is needed.
  base::Result<void> go_to_next() {
    if (rows_) rows_->Next();
    if (!rows_ || !rows_->Valid()) {
      rows_ = database_.iterate(Cf::Log, sequential());
      rows_->SeekForPrev(position_key(next_));
    }
    if (rows_->Valid()) return {};
    if (!rows_->status().ok()) return to_error(rows_->status(), "cannot read the log");
    return damaged(next_, "no batch holds it");
  }

  base::Result<void> add_bodies(Batch& batch) const {
    if (batch.records.size() > few_records) return scan_bodies(batch);
    for (std::size_t i = 0; i < batch.records.size(); ++i) {
      auto body = log_.body(batch.first + i);
      if (!body) return body.error();
      if (*body) batch.records[i].body = std::move(**body);
    }
    return {};
  }

  // Made anew for each batch: what was erased meanwhile must not come from an older cut.
  base::Result<void> scan_bodies(Batch& batch) const {
    const std::string end = position_key(batch.last() + 1);
    const rocksdb::Slice upper(end);
    rocksdb::ReadOptions options = sequential();
    options.iterate_upper_bound = &upper;
    const auto bodies = database_.iterate(Cf::Body, options);
    for (bodies->Seek(position_key(batch.first)); bodies->Valid(); bodies->Next()) {
      const base::Position position = u64_at(bodies->key().ToStringView(), 0);
      batch.records[position - batch.first].body = bodies->value().ToString();
    }
    if (!bodies->status().ok()) return to_error(bodies->status(), "cannot read bodies");
    return {};
  }

  const Database& database_;
  const RocksdbEventLog& log_;
  base::Position next_;
  bool with_bodies_;
  std::unique_ptr<rocksdb::Iterator> rows_;
};

}  // namespace

base::Result<std::unique_ptr<RocksdbEventLog>> RocksdbEventLog::open(Database& database,
                                                                     HeadKeeper* keeper) {
  const auto rows = database.iterate(Cf::Log, rocksdb::ReadOptions());
  rows->SeekToLast();
  Head head;
  if (rows->Valid()) {
    const auto last = decode_batch(rows->value().ToStringView());
    if (!last) return last.error();
    if (batch_hash(last->batch) != last->hash) {
      return damaged(last->batch.first, "the last batch does not have its hash");
    }
    head = head_after(last->batch, last->hash);
  } else if (!rows->status().ok()) {
    return to_error(rows->status(), "cannot read the end of the log");
  }
  return std::unique_ptr<RocksdbEventLog>(new RocksdbEventLog(database, keeper, head));
}

RocksdbEventLog::RocksdbEventLog(Database& database, HeadKeeper* keeper, const Head& head)
    : database_(database), keeper_(keeper), head_(head), thread_([this] { run(); }) {}

RocksdbEventLog::~RocksdbEventLog() {
  {
    const std::lock_guard lock(queue_mutex_);
    stopping_ = true;
  }
  queue_changed_.notify_one();
  thread_.join();
}

Head RocksdbEventLog::head() const {
  const std::lock_guard lock(head_mutex_);
  return head_;
}

void RocksdbEventLog::append(Batch batch, const Head& expected, std::vector<Row> rows,
                             std::vector<base::Position> erased, Completion done) {
  FENGHUO_CHECK(!are_derived(rows));
  {
    const std::lock_guard lock(queue_mutex_);
    FENGHUO_CHECK(!stopping_);
    queue_.push_back(
        {std::move(batch), expected, std::move(rows), std::move(erased), std::move(done)});
  }
  queue_changed_.notify_one();
}

void RocksdbEventLog::run() {
  std::unique_lock lock(queue_mutex_);
  while (true) {
    queue_changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Group group = std::exchange(queue_, {});
    lock.unlock();
    commit(std::move(group));
    lock.lock();
  }
}

// All of the group that follow each other go in one synced write, and so succeed or fail together.
void RocksdbEventLog::commit(Group group) {
  rocksdb::WriteBatch write;
  std::vector<AppendOutcome> outcomes;
  Head tail = head();
  for (const Waiting& append : group) {
    if (database_.has_failed()) {
      outcomes.push_back({AppendStatus::Failed, tail, "a write failed before"});
    } else if (auto refused = refuse_append(tail, append.batch, append.expected)) {
      outcomes.push_back(std::move(*refused));
    } else if (!database_.has_room(write.GetDataSize() + batch_bytes_max)) {
      outcomes.push_back({AppendStatus::NoSpace, tail, "the disk is full up to the reserve"});
    } else {
      const base::Hash hash = batch_hash(append.batch);
      add(write, append, hash);
      tail = head_after(append.batch, hash);
      outcomes.push_back({AppendStatus::Committed, tail, {}});
    }
  }
  if (write.Count() > 0) {
    rocksdb::WriteOptions options;
    options.sync = true;
    if (auto written = database_.write(options, write); written) {
      const std::lock_guard lock(head_mutex_);
      head_ = tail;
    } else {
      const bool full = written.error().code() == base::ErrorCode::ERROR_CODE_NO_SPACE;
      for (AppendOutcome& outcome : outcomes) {
        if (outcome.status != AppendStatus::Committed) continue;
        outcome = {full ? AppendStatus::NoSpace : AppendStatus::Failed, head(),
                   written.error().message()};
      }
    }
    if (keeper_ != nullptr) keeper_->note({head().position, head().hash});
  }
  for (std::size_t i = 0; i < group.size(); ++i) group[i].done(std::move(outcomes[i]));
}

void RocksdbEventLog::add(rocksdb::WriteBatch& write, const Waiting& append,
                          const base::Hash& hash) const {
  const Batch& batch = append.batch;
  bool added =
      write.Put(database_.cf(Cf::Log), position_key(batch.first), encode_batch(batch, hash)).ok();
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    const std::string& body = batch.records[i].body;
    if (body.empty()) continue;
    added &= write.Put(database_.cf(Cf::Body), position_key(batch.first + i), body).ok();
  }
  for (const base::Position position : append.erased) {
    added &= write.Delete(database_.cf(Cf::Body), position_key(position)).ok();
  }
  FENGHUO_CHECK(added);
  database_.add(write, append.rows);
}

AppendOutcome RocksdbEventLog::resolve(std::uint64_t batch_id) {
  // Ids ascend, so looking from the end stops soon; this log never answers Unknown by itself.
  const auto rows = database_.iterate(Cf::Log, sequential());
  for (rows->SeekToLast(); rows->Valid(); rows->Prev()) {
    const auto stored = decode_batch(rows->value().ToStringView());
    if (!stored || stored->batch.id < batch_id) break;
    if (stored->batch.id == batch_id) {
      return {AppendStatus::Committed, head_after(stored->batch, stored->hash), {}};
    }
  }
  return {AppendStatus::Conflict, head(), "no such batch"};
}

std::unique_ptr<LogReader> RocksdbEventLog::read(base::Position from, bool with_bodies) const {
  return std::make_unique<RocksdbLogReader>(database_, *this, from, with_bodies);
}

base::Result<std::optional<std::string>> RocksdbEventLog::body(base::Position position) const {
  return database_.get(Cf::Body, position_key(position));
}

}  // namespace fenghuo::storage
