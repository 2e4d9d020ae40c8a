// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/memory_store.h"

#include "storage/memory/memory_disk.h"
#include "storage/memory/memory_log.h"
#include "storage/memory/memory_rows.h"

#include <utility>

namespace fenghuo::storage {

MemoryStore::MemoryStore(Completions completions)
    : MemoryStore(std::make_unique<MemoryDisk>(), completions) {}

MemoryStore::MemoryStore(std::unique_ptr<MemoryDisk> disk, Completions completions)
    : disk_(std::move(disk)),
      log_(std::make_unique<MemoryEventLog>(*disk_, completions == Completions::AtOnce)),
      rows_(std::make_unique<MemoryOrderedStore>(*disk_)),
      blobs_(std::make_unique<RowBlobStore>(*disk_, *rows_)),
      completions_(completions) {}

MemoryStore::~MemoryStore() = default;

EventLog& MemoryStore::log() { return *log_; }
OrderedStore& MemoryStore::rows() { return *rows_; }
BlobStore& MemoryStore::blobs() { return *blobs_; }

double MemoryStore::free_share() const {
  const std::lock_guard lock(disk_->mutex);
  return disk_->no_space ? 0 : disk_->free_share;
}

std::size_t MemoryStore::pump() {
  std::unique_lock lock(disk_->mutex);
  auto completed = disk_->turn(false);
  lock.unlock();
  for (auto& [call, outcome] : completed) call(std::move(outcome));
  return completed.size();
}

std::size_t MemoryStore::appends_waiting() const {
  const std::lock_guard lock(disk_->mutex);
  return disk_->waiting.size();
}

void MemoryStore::delay_appends(std::size_t turns) {
  const std::lock_guard lock(disk_->mutex);
  disk_->delay_turns = turns;
}

void MemoryStore::fail_next_append(AppendStatus status, bool written) {
  const std::lock_guard lock(disk_->mutex);
  disk_->faults.push_back({status, written});
}

void MemoryStore::set_no_space(bool full) {
  const std::lock_guard lock(disk_->mutex);
  disk_->no_space = full;
}

void MemoryStore::set_free_share(double share) {
  const std::lock_guard lock(disk_->mutex);
  disk_->free_share = share;
}

std::unique_ptr<MemoryStore> MemoryStore::reopen() {
  std::unique_lock lock(disk_->mutex);
  auto completed = disk_->turn(true);
  lock.unlock();
  for (auto& [call, outcome] : completed) call(std::move(outcome));
  lock.lock();
  disk_->sync_all();
  return crash();
}

std::unique_ptr<MemoryStore> MemoryStore::crash(std::optional<std::uint64_t> seed) {
  const std::lock_guard lock(disk_->mutex);
  auto disk = std::make_unique<MemoryDisk>();
  disk->durable = disk_->take_after_crash(seed);
  disk->live = disk->durable.rows;
  return std::unique_ptr<MemoryStore>(new MemoryStore(std::move(disk), completions_));
}

}  // namespace fenghuo::storage
