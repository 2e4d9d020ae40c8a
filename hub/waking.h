// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/hub_time.pb.h"
#include "hub/base/types.h"

#include <filesystem>
#include <optional>
#include <string>

namespace fenghuo::hub {

// What time it is when the hub wakes up, and how long it was away.

// The machine's clocks at one instant.
struct Machine {
  // Since the boot, times asleep included.
  base::TimeUs boot_us = 0;
  base::TimeUs wall_us = 0;
  // Something (NTP, a clock card) has set the wall clock since the boot.
  bool synchronised = false;
  // Random, one for each boot; empty = unknown.
  std::string boot_id;
};
Machine look_at_machine();

// The hub's last sign of life, written about once a second into the file "ALIVE" of the data
// folder. It is a hint, not part of the record: losing it makes the hub's absence look longer.
struct LifeMark {
  base::TimeUs hub_us = 0;
  base::TimeUs boot_us = 0;
  std::string boot_id;
};
// Nothing when there is none or it cannot be read.
std::optional<LifeMark> read_life_mark(const std::filesystem::path& folder);
// False when it could not be written.
bool write_life_mark(const std::filesystem::path& folder, const LifeMark& mark);

struct Waking {
  // Hub time begins here, never behind the record.
  base::TimeUs start_us = 0;
  // The hub was there until then.
  base::TimeUs alive_until_us = 0;
  // Unspecified = none.
  v1::ClockDoubt::Kind doubt = v1::ClockDoubt::KIND_UNSPECIFIED;
};
// `record_us`: hub time is not before this. In the same boot the time that went by is the boot
// clock's. After a reboot the wall clock is taken unless it is behind; it is in doubt when behind,
// when ahead by more than limits::clock_ahead_us, and when nothing has set it.
Waking wake(base::TimeUs record_us, const std::optional<LifeMark>& mark, const Machine& machine);

}  // namespace fenghuo::hub
