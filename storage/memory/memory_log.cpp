// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/memory_log.h"

#include "hub/base/check.h"

#include <algorithm>
#include <ranges>

namespace fenghuo::storage {

namespace {

class MemoryLogReader final : public LogReader {
 public:
  MemoryLogReader(const MemoryDisk& disk, base::Position from, bool with_bodies)
      : disk_(disk), next_(std::max<base::Position>(from, 1)), with_bodies_(with_bodies) {}

  base::Result<std::optional<Batch>> next() override {
    const std::lock_guard lock(disk_.mutex);
    if (next_ > disk_.durable.head.position) return std::optional<Batch>();
    auto found = std::prev(disk_.durable.log.upper_bound(next_));
    auto stored = decode_batch(found->second);
    if (!stored) return stored.error();
    Batch& batch = stored->batch;
    if (batch.first != found->first || batch.last() < next_) {
      return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED, "a position does not follow");
    }
    if (with_bodies_) add_bodies(batch);
    next_ = batch.last() + 1;
    return std::optional(std::move(batch));
  }

 private:
  void add_bodies(Batch& batch) const {
    const auto& bodies = disk_.durable.bodies;
    for (auto body = bodies.lower_bound(batch.first);
         body != bodies.end() && body->first <= batch.last(); ++body) {
      batch.records[body->first - batch.first].body = body->second;
    }
  }

  const MemoryDisk& disk_;
  base::Position next_;
  bool with_bodies_;
};

}  // namespace

Head MemoryEventLog::head() const {
  const std::lock_guard lock(disk_.mutex);
  return disk_.durable.head;
}

void MemoryEventLog::append(Batch batch, const Head& expected, std::vector<Row> rows,
                            std::vector<base::Position> erased, Completion done) {
  FENGHUO_CHECK(!are_derived(rows));
  std::unique_lock lock(disk_.mutex);
  disk_.waiting.push_back({std::move(batch), expected, std::move(rows), std::move(erased),
                           std::move(done), disk_.delay_turns});
  if (!at_once_) return;
  auto completed = disk_.turn(true);
  lock.unlock();
  for (auto& [call, outcome] : completed) call(std::move(outcome));
}

AppendOutcome MemoryEventLog::resolve(std::uint64_t batch_id) {
  const std::lock_guard lock(disk_.mutex);
  for (const auto& [first, value] : std::views::reverse(disk_.durable.log)) {
    const auto stored = decode_batch(value);
    if (!stored || stored->batch.id < batch_id) break;
    if (stored->batch.id == batch_id) {
      return {AppendStatus::Committed, head_after(stored->batch, stored->hash), {}};
    }
  }
  return {AppendStatus::Conflict, disk_.durable.head, "no such batch"};
}

std::unique_ptr<LogReader> MemoryEventLog::read(base::Position from, bool with_bodies) const {
  return std::make_unique<MemoryLogReader>(disk_, from, with_bodies);
}

base::Result<std::optional<std::string>> MemoryEventLog::body(base::Position position) const {
  const std::lock_guard lock(disk_.mutex);
  const auto found = disk_.durable.bodies.find(position);
  if (found == disk_.durable.bodies.end()) return std::optional<std::string>();
  return std::optional(found->second);
}

}  // namespace fenghuo::storage
