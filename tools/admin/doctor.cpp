// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/doctor.h"

#include "hub/base/limits.h"
#include "hub/core/listing.h"
#include "hub/engine/recovery.h"
#include "tools/admin/instant.h"

#include <sys/timex.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace fenghuo::admin {

namespace {

namespace limits = base::limits;

class Report {
 public:
  explicit Report(const Terminal& terminal) : terminal_(terminal) {}

  void green(std::string_view check, const std::string& what) {
    terminal_.say("green  {:<8} {}", check, what);
  }
  void red(std::string_view check, const std::string& what) {
    terminal_.say("red    {:<8} {}", check, what);
    is_red_ = true;
  }
  int exit_code() const { return is_red_ ? exit_refused : exit_done; }

 private:
  const Terminal& terminal_;
  bool is_red_ = false;
};

void examine_clock(Report& report, const Machine& machine, const storage::Head& head) {
  if (head.time_us - machine.wall_us > limits::clock_disagrees_us) {
    report.red("clock",
               fmt::format("the wall clock ({}) is behind the last record ({}): correct it",
                           format_instant(machine.wall_us), format_instant(head.time_us)));
  } else if (!machine.clock_synchronised) {
    report.red("clock", "not synchronised: start a time service (chrony, systemd-timesyncd)");
  } else {
    report.green("clock", "synchronised, " + format_instant(machine.wall_us));
  }
}

void examine_disk(Report& report, double free_share) {
  const std::string free = fmt::format("{:.1f} % free", free_share * 100);
  if (free_share < limits::disk_warn_share) {
    report.red("disk", fmt::format("{}: make room; below {:.0f} % uploads and routine posts are "
                                   "refused, below {:.0f} % everything",
                                   free, limits::disk_refuse_share * 100,
                                   limits::disk_read_only_share * 100));
  } else {
    report.green("disk", free);
  }
}

void examine_roles(Report& report, const core::State& state) {
  const v1::Snapshot all = core::list_all(state);
  std::string vacant;
  int count = 0;
  for (const v1::Role& role : all.roles()) {
    const auto& held = all.appointments();
    if (role.retired() || std::any_of(held.begin(), held.end(), [&role](const auto& one) {
          return one.role_id() == role.id() && !one.ended();
        })) {
      continue;
    }
    ++count;
    vacant += " " + role.key();
  }
  if (count == 0) {
    report.green("roles", fmt::format("all {} have somebody", all.roles_size()));
  } else {
    report.red("roles", fmt::format("{} of {} have nobody:{}", count, all.roles_size(), vacant));
  }
}

}  // namespace

Machine look_at_machine() {
  Machine machine;
  machine.wall_us = std::chrono::duration_cast<std::chrono::microseconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count();
  timex time{};
  machine.clock_synchronised = adjtimex(&time) != TIME_ERROR;
  return machine;
}

int examine(const Terminal& terminal, const Machine& machine, storage::Store& store) {
  Report report(terminal);
  const storage::Head head = store.log().head();
  examine_clock(report, machine, head);
  examine_disk(report, store.free_share());
  if (head.position == 0) {
    report.red("record", "empty: apply a plan");
    return report.exit_code();
  }
  const base::Result<core::State> state = engine::reload(store);
  if (!state) {
    report.red("record", state.error().to_string() + ": run verify");
    return report.exit_code();
  }
  report.green("record", fmt::format("{} records, the last of {}", head.position,
                                     format_instant(head.time_us)));
  examine_roles(report, *state);
  return report.exit_code();
}

}  // namespace fenghuo::admin
