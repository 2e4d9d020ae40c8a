// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/memory_disk.h"

#include <random>

namespace fenghuo::storage {

namespace {

constexpr std::size_t unsynced_writes_max = 4'096;

}  // namespace

void apply_rows(RowMaps& maps, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    RowMap& map = rows_of(maps, row.family);
    if (row.value) {
      map.insert_or_assign(row.key, *row.value);
    } else {
      map.erase(row.key);
    }
  }
}

void DurablePart::append(const WaitingAppend& append) {
  const Batch& batch = append.batch;
  const base::Hash hash = batch_hash(batch);
  log.emplace(batch.first, encode_batch(batch, hash));
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    if (!batch.records[i].body.empty()) bodies.emplace(batch.first + i, batch.records[i].body);
  }
  for (const base::Position position : append.erased) bodies.erase(position);
  apply_rows(rows, append.rows);
  head = head_after(batch, hash);
}

std::vector<std::pair<EventLog::Completion, AppendOutcome>> MemoryDisk::turn(bool ignore_delay) {
  std::vector<std::pair<EventLog::Completion, AppendOutcome>> completed;
  while (!waiting.empty()) {
    WaitingAppend& front = waiting.front();
    if (!ignore_delay && front.turns_left > 0) {
      --front.turns_left;
      break;
    }
    EventLog::Completion done = std::move(front.done);
    completed.emplace_back(std::move(done), commit(front));
    waiting.pop_front();
  }
  return completed;
}

AppendOutcome MemoryDisk::commit(WaitingAppend& append) {
  if (dead) return {AppendStatus::Failed, durable.head, "the disk failed before"};
  if (auto refused = refuse_append(durable.head, append.batch, append.expected)) return *refused;
  if (no_space) return {AppendStatus::NoSpace, durable.head, "no space left on the fake disk"};
  Fault fault{AppendStatus::Committed, true};
  if (!faults.empty()) {
    fault = faults.front();
    faults.pop_front();
  }
  if (fault.status == AppendStatus::Failed) {
    dead = true;
    unsynced_.push_back({{}, std::move(append), std::nullopt, false});
    return {AppendStatus::Failed, durable.head, "the sync failed, as asked for"};
  }
  if (!fault.written) return {fault.status, durable.head, "refused, as asked for"};
  sync();
  durable.append(append);
  apply_rows(live, append.rows);
  return {fault.status, durable.head, {}};
}

void MemoryDisk::sync() {
  std::vector<Unsynced> left;
  for (Unsynced& write : unsynced_) {
    if (write.derived) {
      left.push_back(std::move(write));
    } else {
      survive(durable, write);
    }
  }
  unsynced_ = std::move(left);
  removed_blobs_.clear();
}

void MemoryDisk::sync_all() {
  for (const Unsynced& write : unsynced_) survive(durable, write);
  unsynced_.clear();
  removed_blobs_.clear();
}

void MemoryDisk::survive(DurablePart& part, const Unsynced& write) {
  apply_rows(part.rows, write.rows);
  if (write.removed_blob) part.blobs.erase(*write.removed_blob);
  if (write.append) part.append(*write.append);
}

base::Result<void> MemoryDisk::may_write() const {
  if (dead) return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED, "the disk failed");
  if (no_space) return base::Error(base::ErrorCode::ERROR_CODE_NO_SPACE, "no space left");
  return {};
}

base::Result<void> MemoryDisk::write(const std::vector<Row>& rows) {
  if (auto may = may_write(); !may) return may;
  apply_rows(live, rows);
  unsynced_.push_back({rows, std::nullopt, std::nullopt, are_derived(rows)});
  // Now and then a disk finds time.
  if (unsynced_.size() > unsynced_writes_max) sync_all();
  return {};
}

DurablePart MemoryDisk::take_after_crash(std::optional<std::uint64_t> seed) {
  dead = true;
  for (WaitingAppend& append : waiting) {
    unsynced_.push_back({{}, std::move(append), std::nullopt, false});
  }
  waiting.clear();
  DurablePart part = std::move(durable);
  durable = {};
  live = {};
  if (seed) {
    std::mt19937_64 random(*seed);
    const std::size_t surviving = random() % (unsynced_.size() + 1);
    for (std::size_t i = 0; i < surviving; ++i) {
      const auto& append = unsynced_[i].append;
      if (append && refuse_append(part.head, append->batch, append->expected)) continue;
      survive(part, unsynced_[i]);
    }
  }
  unsynced_.clear();
  return part;
}

base::Result<std::optional<std::string>> MemoryDisk::load(const base::Hash& hash) const {
  const std::lock_guard lock(mutex);
  const auto found = durable.blobs.find(hash);
  if (found == durable.blobs.end() || removed_blobs_.contains(hash)) {
    return std::optional<std::string>();
  }
  return std::optional(found->second);
}

base::Result<void> MemoryDisk::store(const base::Hash& hash, std::string_view bytes,
                                     const std::vector<Row>& rows) {
  const std::lock_guard lock(mutex);
  if (auto may = may_write(); !may) return may;
  sync();
  durable.blobs.insert_or_assign(hash, std::string(bytes));
  apply_rows(durable.rows, rows);
  apply_rows(live, rows);
  return {};
}

base::Result<void> MemoryDisk::remove(const base::Hash& hash, const std::vector<Row>& rows) {
  const std::lock_guard lock(mutex);
  if (auto may = may_write(); !may) return may;
  apply_rows(live, rows);
  unsynced_.push_back({rows, std::nullopt, hash, false});
  removed_blobs_.insert(hash);
  return {};
}

}  // namespace fenghuo::storage
