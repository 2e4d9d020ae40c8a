// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/core/command.h"
#include "hub/view/reader.h"
#include "storage/event_log.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace fenghuo::view {

// Reads a stretch of the log on the pool, in steps of limits::log_scan_records_max, so that what
// others ask for gets between. Bodies are not read. The log and the pool outlive it.
class LogScan : public std::enable_shared_from_this<LogScan> {
 public:
  // One step after the other, perhaps on different threads. False = enough.
  using Add = std::function<bool(const core::Record&)>;
  // Called once, with what went wrong: OVERLOADED, STORAGE_FAILED.
  using Done = std::function<void(std::optional<base::Error>)>;
  // Both positions are included.
  LogScan(const storage::EventLog& log, Pool& pool, base::Position from, base::Position through,
          Add add, Done done);

  void start();

 private:
  void step();
  // Whether there is more; sets `error_` when there cannot be.
  bool read();
  bool add(const storage::Batch& batch, std::size_t& left);

  const storage::EventLog& log_;
  Pool& pool_;
  base::Position next_;
  const base::Position through_;
  Add add_;
  Done done_;
  std::optional<base::Error> error_;
};

}  // namespace fenghuo::view
