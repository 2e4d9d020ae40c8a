// SPDX-License-Identifier: Apache-2.0
#include "hub/waking.h"

#include "hub/base/limits.h"

#include <sys/timex.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <system_error>

namespace fenghuo::hub {
namespace {

using base::TimeUs;

constexpr const char* file_name = "ALIVE";
constexpr const char* first_word = "fenghuo-alive-1";

TimeUs read_clock(clockid_t id) {
  timespec at{};
  clock_gettime(id, &at);
  return static_cast<TimeUs>(at.tv_sec) * base::us_per_s + at.tv_nsec / 1'000;
}

bool is_synchronised() {
  timex state{};
  return adjtimex(&state) != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

}  // namespace

Machine look_at_machine() {
  Machine machine;
  machine.boot_us = read_clock(CLOCK_BOOTTIME);
  machine.wall_us = read_clock(CLOCK_REALTIME);
  machine.synchronised = is_synchronised();
  std::ifstream("/proc/sys/kernel/random/boot_id") >> machine.boot_id;
  return machine;
}

std::optional<LifeMark> read_life_mark(const std::filesystem::path& folder) {
  std::ifstream file(folder / file_name);
  std::string word;
  LifeMark mark;
  file >> word >> mark.hub_us >> mark.boot_us >> mark.boot_id;
  if (!file || word != first_word) return std::nullopt;
  return mark;
}

bool write_life_mark(const std::filesystem::path& folder, const LifeMark& mark) {
  // A half written one must never be read; a lost one may be.
  const std::filesystem::path made = folder / (std::string(file_name) + ".new");
  {
    std::ofstream file(made, std::ios::trunc);
    file << first_word << ' ' << mark.hub_us << ' ' << mark.boot_us << ' ' << mark.boot_id << '\n';
    if (!file.flush()) return false;
  }
  std::error_code error;
  std::filesystem::rename(made, folder / file_name, error);
  return !error;
}

Waking wake(TimeUs record_us, const std::optional<LifeMark>& mark, const Machine& machine) {
  Waking waking;
  const TimeUs known = std::max(record_us, mark ? mark->hub_us : 0);
  waking.alive_until_us = known;
  const bool same_boot = mark && !mark->boot_id.empty() && mark->boot_id == machine.boot_id &&
                         machine.boot_us >= mark->boot_us;
  if (same_boot) {
    waking.start_us = std::max(known, mark->hub_us + machine.boot_us - mark->boot_us);
    return waking;
  }
  waking.start_us = std::max(known, machine.wall_us);
  if (machine.wall_us < known) {
    waking.doubt = v1::ClockDoubt::KIND_BEHIND;
  } else if (machine.wall_us - known > base::limits::clock_ahead_us) {
    waking.doubt = v1::ClockDoubt::KIND_AHEAD;
  } else if (!machine.synchronised) {
    waking.doubt = v1::ClockDoubt::KIND_UNSYNCHRONISED;
  }
  return waking;
}

}  // namespace fenghuo::hub
