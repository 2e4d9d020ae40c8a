// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <atomic>

namespace fenghuo::base {

// The hub's clock. Never goes backwards, and never behind the record; runs on the machine's boot
// time from where it was started.
class HubClock {
 public:
  virtual ~HubClock() = default;
  virtual TimeUs now() const = 0;
  // Wall clock minus hub clock, microseconds: shown by /readyz and metrics, never followed by
  // itself.
  virtual TimeUs wall_difference() const = 0;
};

// Boot time (CLOCK_BOOTTIME), times `speed` (drill worlds only; 1 otherwise). Thread-safe.
class BootClock final : public HubClock {
 public:
  struct StartAt {
    TimeUs us = 0;
  };
  // Starts at the later of the wall clock and `not_before`.
  explicit BootClock(TimeUs not_before, double speed = 1.0);
  explicit BootClock(StartAt start, double speed = 1.0);
  TimeUs now() const override;
  TimeUs wall_difference() const override;
  // Goes on from `at`; nothing when it is there already.
  void step_to(TimeUs at);

 private:
  std::atomic<TimeUs> start_;
  TimeUs boot_at_start_;
  double speed_;
};

// A clock that a test or the simulator moves by hand. One thread.
class ManualClock final : public HubClock {
 public:
  explicit ManualClock(TimeUs now) : now_(now) {}
  TimeUs now() const override { return now_; }
  TimeUs wall_difference() const override { return 0; }
  void advance(TimeUs by) { now_ += by; }

 private:
  TimeUs now_;
};

}  // namespace fenghuo::base
