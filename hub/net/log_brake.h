// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/log.h"
#include "hub/base/rate.h"

#include <cstdint>
#include <utility>

namespace fenghuo::net {

// Log lines that strangers can cause: few a second, the rest counted and told with the next one.
// One thread.
class LogBrake {
 public:
  template <typename... Args>
  void warn(base::TimeUs now, fmt::format_string<Args...> format, Args&&... args) {
    if (!bucket_.take(now)) {
      ++suppressed_;
      return;
    }
    std::string line = fmt::format(format, std::forward<Args>(args)...);
    if (suppressed_ > 0) line += fmt::format(" ({} like it not logged)", suppressed_);
    suppressed_ = 0;
    base::log_line(base::LogLevel::Warn, "net", line);
  }

 private:
  base::TokenBucket bucket_{20, 2};
  std::uint64_t suppressed_ = 0;
};

}  // namespace fenghuo::net
