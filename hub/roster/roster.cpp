// SPDX-License-Identifier: Apache-2.0
#include "hub/roster/roster.h"

#include "hub/base/limits.h"
#include "hub/roster/overlaps.h"
#include "hub/roster/rotation.h"
#include "hub/roster/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace fenghuo::roster {

namespace {

void tell(plan::Problems& problems, v1::RosterResult& result) {
  for (plan::Problem& problem : problems.take_sorted()) {
    v1::RosterResult::Problem& told = *result.add_problems();
    told.set_line(problem.place.line);
    told.set_column(problem.place.column);
    told.set_what(std::move(problem.what));
    told.set_fix(std::move(problem.fix));
  }
}

std::vector<Planned> read(const v1::RosterQuery& query, const Directory& directory,
                          const Zone& zone, base::TimeUs now, plan::Problems& problems) {
  switch (query.from_case()) {
    case v1::RosterQuery::kTable: return read_table(query.table(), directory, zone, problems);
    case v1::RosterQuery::kRotation:
      return expand(query.rotation(), directory, zone, now, problems);
    case v1::RosterQuery::FROM_NOT_SET: break;
  }
  problems.add({}, "there is no roster in it", "send a table or a rotation");
  return {};
}

void put(const Changes& changes, v1::PutShifts& command) {
  for (const Planned& one : changes.added) *command.add_shifts() = one.shift;
  std::sort(command.mutable_shifts()->begin(), command.mutable_shifts()->end(),
            [](const v1::Shift& a, const v1::Shift& b) {
              return std::make_tuple(a.start_us(), a.role_id(), int(a.standing()), a.account_id()) <
                     std::make_tuple(b.start_us(), b.role_id(), int(b.standing()), b.account_id());
            });
  for (const v1::Shift* shift : changes.dropped) {
    v1::Shift& dropped = *command.add_shifts() = *shift;
    dropped.set_cancelled(true);
  }
}

// What is stored in one command must fit into it, and that into one frame.
void check_size(const v1::PutShifts& command, plan::Problems& problems) {
  const auto count = static_cast<std::size_t>(command.shifts_size());
  if (count <= base::limits::shifts_per_command_max &&
      command.ByteSizeLong() <= base::limits::roster_put_bytes_max) {
    return;
  }
  problems.add({}, fmt::format("{} shifts are new or dropped: too many at once", count),
               "send it in parts, such as month by month");
}

}  // namespace

v1::RosterResult read_roster(const v1::RosterQuery& query, const Directory& directory,
                             const std::string& center_zone, base::TimeUs now) {
  v1::RosterResult result;
  plan::Problems problems;
  const std::string& zone_name = query.zone().empty() ? center_zone : query.zone();
  result.set_zone(zone_name);
  const std::optional<Zone> zone = Words(directory, problems).zone(zone_name, {});
  if (zone) {
    std::vector<Planned> rows = read(query, directory, *zone, now, problems);
    result.set_past(static_cast<std::uint32_t>(
        std::erase_if(rows, [now](const Planned& row) { return row.shift.end_us() <= now; })));
    const Changes changes =
        settle(std::move(rows), directory, {.shared = query.shared(), .replace = query.replace()},
               problems);
    result.set_known(changes.known);
    put(changes, *result.mutable_put());
  }
  check_size(result.put(), problems);
  tell(problems, result);
  if (!result.problems().empty()) result.clear_put();
  return result;
}

}  // namespace fenghuo::roster
