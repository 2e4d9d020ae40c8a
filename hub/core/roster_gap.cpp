// SPDX-License-Identifier: Apache-2.0
#include "hub/core/roster_gap.h"

#include "hub/base/check.h"
#include "hub/core/duty.h"
#include "hub/core/kinds.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace fenghuo::core {
namespace {

using base::EntityId;
using Standing = v1::Appointment::Standing;

struct Stretch {
  base::TimeUs start = 0;
  base::TimeUs end = 0;
  bool begun = false;

  auto operator<=>(const Stretch&) const = default;
};

// What the roster plans of a standing, in order of time; overrides count, explicit vacancies too.
std::vector<Stretch> planned(const State::Rows& rows, EntityId role_id, Standing standing) {
  std::vector<Stretch> all;
  for (EntityId id : ids_under(rows.role_shifts, role_id)) {
    const v1::Shift& one = *rows.shifts.find(id);
    if (one.standing() == standing) all.push_back({one.start_us(), one.end_us(), one.begun()});
  }
  if (all.empty()) return all;
  for (EntityId id : ids_under(rows.role_overrides, role_id)) {
    const v1::DutyOverride& one = *rows.overrides.find(id);
    if (one.holder().standing() != standing) continue;
    all.push_back({one.start_us(), one.end_us(), one.begun()});
  }
  std::sort(all.begin(), all.end());
  return all;
}

// The first stretch between two plans; a role without a roster, or after its end, goes by its
// appointments and has none. Start 0: nothing planned is left before it.
std::optional<Stretch> first_gap(const State::Rows& rows, EntityId role_id, Standing standing) {
  const std::vector<Stretch> all = planned(rows, role_id, standing);
  if (all.empty()) return std::nullopt;
  const bool runs = rows.rostered.contains({role_id, standing});
  // Not by the clock: between the instant and the record of it the timers must stay true.
  if (runs && !all.front().begun) return Stretch{0, all.front().start};
  base::TimeUs covered = all.front().end;
  for (const Stretch& one : all) {
    if (one.start > covered) return Stretch{covered, one.start};
    covered = std::max(covered, one.end);
  }
  return std::nullopt;
}

const v1::RosterGap* open_gap(const State::Rows& rows, EntityId role_id, Standing standing) {
  for (EntityId id : ids_under(rows.role_gaps, role_id)) {
    const v1::RosterGap* one = rows.roster_gaps.find(id);
    if (one->standing() == standing) return one;
  }
  return nullptr;
}

// A gap is known by where it ends: its beginning is forgotten once it has begun.
bool is_told(const v1::RosterGap& told, const std::optional<Stretch>& gap) {
  return gap && told.end_us() == gap->end;
}

}  // namespace

void watch_roster(State::Rows& rows, EntityId role_id) {
  const base::TimeUs lead = rows.configuration().duty().roster_gap_lead_us();
  for (const Standing standing : standings) {
    const std::optional<Stretch> gap = first_gap(rows, role_id, standing);
    const v1::RosterGap* told = open_gap(rows, role_id, standing);
    base::TimeUs at = 0;
    if (told != nullptr && !is_told(*told, gap)) {
      at = 1;
    } else if (told == nullptr && gap && lead > 0) {
      at = std::max<base::TimeUs>(gap->start - lead, 1);
    }
    rows.deadlines.set({DeadlineKind::RosterGap, role_id, static_cast<std::uint32_t>(standing)},
                       at);
  }
}

void fire_roster_gap(const Context& context, const Deadlines::Due& due, Draft& draft) {
  const auto standing = static_cast<Standing>(due.key.sub);
  if (const v1::RosterGap* told = open_gap(context.rows, due.key.id, standing)) {
    draft.add().mutable_roster_gap_closed()->set_gap_id(told->id());
    return;
  }
  const std::optional<Stretch> gap = first_gap(context.rows, due.key.id, standing);
  FENGHUO_CHECK(gap.has_value());
  v1::RosterGapFound& event = *draft.add().mutable_roster_gap_found();
  event.set_role_id(due.key.id);
  event.set_standing(standing);
  event.set_start_us(gap->start);
  event.set_end_us(gap->end);
}

void apply_roster_gap(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_roster_gap_found()) {
    const v1::RosterGapFound& found = event.roster_gap_found();
    v1::RosterGap gap;
    gap.set_id(record.position);
    gap.set_role_id(found.role_id());
    gap.set_standing(found.standing());
    gap.set_start_us(found.start_us());
    gap.set_end_us(found.end_us());
    gap.set_found_us(record.time_us);
    gap.set_revision(record.position);
    rows.unsaved_bytes += gap.ByteSizeLong();
    index_row(rows, rows.roster_gaps.put(record.position, std::move(gap)));
    return;
  }
  const EntityId id = event.roster_gap_closed().gap_id();
  v1::RosterGap* gap = rows.roster_gaps.find(id);
  FENGHUO_CHECK(gap != nullptr);
  gap->set_closed(true);
  gap->set_revision(record.position);
  rows.roster_gaps.touch(id);
  rows.unsaved_bytes += gap->ByteSizeLong();
  index_row(rows, *gap);
}

void index_row(State::Rows& rows, const v1::RosterGap& gap) {
  if (gap.closed()) {
    erase_id(rows.role_gaps[gap.role_id()], gap.id());
  } else {
    insert_id(rows.role_gaps[gap.role_id()], gap.id());
  }
  watch_roster(rows, gap.role_id());
}

bool is_open(const State::Rows&, const v1::RosterGap& row) { return !row.closed(); }

}  // namespace fenghuo::core
