// SPDX-License-Identifier: Apache-2.0
#include "hub/view/log_scan.h"

#include "fenghuo/v1/event.pb.h"
#include "hub/base/limits.h"

#include <cstddef>
#include <string>
#include <utility>

namespace fenghuo::view {

LogScan::LogScan(const storage::EventLog& log, Pool& pool, base::Position from,
                 base::Position through, Add add, Done done)
    : log_(log),
      pool_(pool),
      next_(from),
      through_(through),
      add_(std::move(add)),
      done_(std::move(done)) {}

void LogScan::start() {
  if (pool_.run([self = shared_from_this()] { self->step(); })) return;
  done_(base::Error(v1::ERROR_CODE_OVERLOADED, "too many reads at once").retry_after(500));
}

void LogScan::step() {
  if (read()) return start();
  done_(error_);
}

bool LogScan::read() {
  const auto reader = log_.read(next_, false);
  std::size_t left = base::limits::log_scan_records_max;
  while (left > 0 && next_ <= through_) {
    base::Result<std::optional<storage::Batch>> batch = reader->next();
    if (!batch) {
      error_ = batch.error();
      return false;
    }
    if (!*batch || !add(**batch, left)) return false;
  }
  return next_ <= through_;
}

bool LogScan::add(const storage::Batch& batch, std::size_t& left) {
  v1::Event event;
  for (std::size_t i = 0; i < batch.records.size() && left > 0; ++i) {
    const base::Position position = batch.first + i;
    if (position < next_) continue;
    if (position > through_) return false;
    if (!event.ParseFromString(batch.records[i].event)) {
      error_ = base::Error(v1::ERROR_CODE_STORAGE_FAILED,
                           "record " + std::to_string(position) + " cannot be read");
      return false;
    }
    if (!add_(core::Record{position, batch.time_us, event})) return false;
    next_ = position + 1;
    --left;
  }
  return true;
}

}  // namespace fenghuo::view
