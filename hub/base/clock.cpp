// SPDX-License-Identifier: Apache-2.0
#include "hub/base/clock.h"

#include <algorithm>
#include <ctime>

namespace fenghuo::base {
namespace {

TimeUs read(clockid_t id) {
  timespec at{};
  clock_gettime(id, &at);
  return static_cast<TimeUs>(at.tv_sec) * us_per_s + at.tv_nsec / 1'000;
}

}  // namespace

BootClock::BootClock(TimeUs not_before, double speed)
    : BootClock(StartAt{std::max(read(CLOCK_REALTIME), not_before)}, speed) {}

BootClock::BootClock(StartAt start, double speed)
    : start_(start.us), boot_at_start_(read(CLOCK_BOOTTIME)), speed_(speed) {}

TimeUs BootClock::now() const {
  const TimeUs elapsed = read(CLOCK_BOOTTIME) - boot_at_start_;
  const TimeUs start = start_.load(std::memory_order_relaxed);
  if (speed_ == 1.0) return start + elapsed;
  return start + static_cast<TimeUs>(static_cast<double>(elapsed) * speed_);
}

void BootClock::step_to(TimeUs at) {
  const TimeUs by = at - now();
  if (by > 0) start_.fetch_add(by, std::memory_order_relaxed);
}

TimeUs BootClock::wall_difference() const {
  return speed_ == 1.0 ? read(CLOCK_REALTIME) - now() : 0;
}

}  // namespace fenghuo::base
