// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <algorithm>

namespace fenghuo::base {

// A token bucket that reads no clock. Starts full.
class TokenBucket {
 public:
  TokenBucket(double burst, double per_s) : burst_(burst), per_s_(per_s), level_(burst) {}

  // Takes one if there is one.
  bool take(TimeUs now) {
    refill(now);
    if (level_ < 1) return false;
    level_ -= 1;
    return true;
  }

  // Takes back one take(): what it was for turned out not to count.
  void give_back() { level_ = std::min(burst_, level_ + 1); }

  // Milliseconds until take() can succeed.
  std::uint32_t wait_ms(TimeUs now) {
    refill(now);
    if (level_ >= 1) return 0;
    return static_cast<std::uint32_t>((1 - level_) / per_s_ * 1'000) + 1;
  }

 private:
  void refill(TimeUs now) {
    if (at_ != 0 && now > at_) {
      const double elapsed_s = static_cast<double>(now - at_) / static_cast<double>(us_per_s);
      level_ = std::min(burst_, level_ + elapsed_s * per_s_);
    }
    at_ = std::max(at_, now);
  }

  double burst_;
  double per_s_;
  double level_;
  TimeUs at_ = 0;
};

}  // namespace fenghuo::base
