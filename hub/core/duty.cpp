// SPDX-License-Identifier: Apache-2.0
#include "hub/core/duty.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/kinds.h"
#include "hub/core/membership.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using Standing = v1::Appointment::Standing;

constexpr Standing standings[] = {v1::Appointment::STANDING_PRIMARY,
                                  v1::Appointment::STANDING_DEPUTY,
                                  v1::Appointment::STANDING_LEADER};

bool covers(base::TimeUs start, base::TimeUs end, base::TimeUs at) {
  return start <= at && at < end;
}

v1::Holder vacant(Standing standing, std::string reason) {
  v1::Holder holder;
  holder.set_standing(standing);
  holder.set_vacant(std::move(reason));
  return holder;
}

// Somebody who left the house holds nothing.
v1::Holder account_holder(const State::Rows& rows, Standing standing, EntityId account_id,
                          EntityId source_id) {
  const v1::Account* account = rows.accounts.find(account_id);
  if (account == nullptr || !counts_as_member(rows, *account)) {
    return vacant(standing, "the account is disabled");
  }
  v1::Holder holder;
  holder.set_standing(standing);
  holder.set_account_id(account_id);
  holder.set_source_id(source_id);
  return holder;
}

const v1::DutyOverride* override_at(const State::Rows& rows, EntityId role_id, Standing standing,
                                    base::TimeUs at) {
  const v1::DutyOverride* found = nullptr;
  for (EntityId id : ids_under(rows.role_overrides, role_id)) {
    const v1::DutyOverride* one = rows.overrides.find(id);
    if (one->holder().standing() == standing && covers(one->start_us(), one->end_us(), at)) {
      found = one;
    }
  }
  return found;
}

std::vector<v1::Holder> by_appointment(const State::Rows& rows, EntityId role_id,
                                       Standing standing) {
  struct Rank {
    std::uint32_t rank;
    EntityId account_id;
    auto operator<=>(const Rank&) const = default;
  };
  std::vector<Rank> ranks;
  for (EntityId account_id : ids_under(rows.appointees, role_id)) {
    for (const v1::Appointment& one : rows.of(account_id).appointments) {
      if (one.role_id() == role_id && one.standing() == standing && !one.ended() &&
          counts_as_member(rows, *rows.accounts.find(account_id))) {
        ranks.push_back({one.rank(), account_id});
      }
    }
  }
  std::sort(ranks.begin(), ranks.end());
  std::vector<v1::Holder> found;
  for (const Rank& rank : ranks) {
    found.push_back(account_holder(rows, standing, rank.account_id, 0));
  }
  if (found.empty()) found.push_back(vacant(standing, "nobody is appointed"));
  return found;
}

std::vector<v1::Holder> by_shift(const State::Rows& rows, EntityId role_id, Standing standing,
                                 base::TimeUs at) {
  std::vector<v1::Holder> found;
  for (EntityId id : ids_under(rows.role_shifts, role_id)) {
    const v1::Shift& one = *rows.shifts.find(id);
    if (one.standing() != standing || !covers(one.start_us(), one.end_us(), at)) continue;
    if (one.contact_id() != 0) {
      v1::Holder& holder = found.emplace_back();
      holder.set_standing(standing);
      holder.set_contact_id(one.contact_id());
      holder.set_source_id(id);
    } else {
      found.push_back(account_holder(rows, standing, one.account_id(), id));
    }
  }
  if (found.empty()) found.push_back(vacant(standing, "nobody is on the roster"));
  return found;
}

// A role with a shift of this standing at any time is run by the roster.
bool has_roster(const State::Rows& rows, EntityId role_id, Standing standing) {
  const auto& ids = ids_under(rows.role_shifts, role_id);
  return std::any_of(ids.begin(), ids.end(),
                     [&](EntityId id) { return rows.shifts.find(id)->standing() == standing; });
}

Problem check_may_roster(const Context& context, EntityId role_id, const std::string& field) {
  const v1::Role* role = context.state.role(role_id);
  if (role == nullptr) return not_found(field);
  Object object;
  object.department_id = role->department_id();
  const Verdict verdict = allows(context.state, context.actor(), v1::Grant::VERB_ROSTER, object);
  if (!verdict.allowed) return forbidden(verb_name(v1::Grant::VERB_ROSTER), verdict.reason);
  return std::nullopt;
}

Problem check_person(const Context& context, EntityId account_id, EntityId contact_id,
                     const std::string& field) {
  if ((account_id == 0) == (contact_id == 0)) {
    return bad_argument(field, "an account or a contact, one of the two");
  }
  if (account_id != 0 && context.state.account(account_id) == nullptr) return not_found(field);
  if (contact_id != 0 && context.rows.contacts.find(contact_id) == nullptr) {
    return not_found(field);
  }
  return std::nullopt;
}

Problem check_span(base::TimeUs start, base::TimeUs end, const std::string& field) {
  if (start <= 0 || end <= start) return bad_argument(field, "it must end after it starts");
  if (end - start > limits::shift_us_max) return bad_argument(field, "longer than a shift may be");
  return std::nullopt;
}

Problem check_standing(Standing standing, const std::string& field) {
  if (std::find(std::begin(standings), std::end(standings), standing) != std::end(standings)) {
    return std::nullopt;
  }
  return bad_argument(field, "primary, deputy or leader");
}

Problem check_shift(const Context& context, const v1::Shift& shift, const std::string& field) {
  if (auto problem = check_may_roster(context, shift.role_id(), field)) return problem;
  if (auto problem = check_standing(shift.standing(), field)) return problem;
  if (auto problem = check_person(context, shift.account_id(), shift.contact_id(), field)) {
    return problem;
  }
  if (auto problem = check_span(shift.start_us(), shift.end_us(), field)) return problem;
  if (auto problem = check_text(shift.rotation(), 0, limits::key_bytes_max, field)) return problem;
  if (shift.id() == 0) return std::nullopt;
  const v1::Shift* known = context.rows.shifts.find(shift.id());
  if (known == nullptr) return not_found(field);
  if (known->cancelled() || known->ended()) return bad_argument(field, "the shift is over");
  if (known->revision() != shift.revision()) return stale_revision(known->revision());
  return std::nullopt;
}

base::Result<Decision> decide_put_shifts(const Context& context, const v1::PutShifts& command) {
  if (command.shifts().empty()) return bad_argument("put_shifts.shifts", "at least one");
  if (auto problem = check_count(static_cast<std::size_t>(command.shifts_size()),
                                 limits::shifts_per_command_max, "put_shifts.shifts")) {
    return *problem;
  }
  Draft draft(context);
  int index = 0;
  for (const v1::Shift& shift : command.shifts()) {
    const std::string field = "put_shifts.shifts[" + std::to_string(index++) + "]";
    if (auto problem = check_shift(context, shift, field)) return *problem;
    *draft.add().mutable_shift_set()->mutable_shift() = shift;
  }
  return draft.finish();
}

base::Result<Decision> decide_cancel_shift(const Context& context, const v1::CancelShift& command) {
  const v1::Shift* shift = context.rows.shifts.find(command.shift_id());
  if (shift == nullptr) return not_found("cancel_shift.shift_id");
  if (auto problem = check_may_roster(context, shift->role_id(), "cancel_shift.shift_id")) {
    return *problem;
  }
  if (shift->revision() != command.seen_revision()) return stale_revision(shift->revision());
  if (shift->cancelled() || shift->ended()) {
    return bad_argument("cancel_shift.shift_id", "the shift is over");
  }
  Draft draft(context);
  v1::Shift& after = *draft.add().mutable_shift_set()->mutable_shift() = *shift;
  after.set_cancelled(true);
  return draft.finish();
}

base::Result<Decision> decide_put_override(const Context& context, const v1::PutOverride& command) {
  const v1::DutyOverride& wanted = command.override();
  const std::string field = "put_override.override";
  if (auto problem = check_may_roster(context, wanted.role_id(), field)) return *problem;
  if (auto problem = check_standing(wanted.holder().standing(), field)) return *problem;
  if (wanted.holder().who_case() != v1::Holder::kVacant) {
    if (auto problem = check_person(context, wanted.holder().account_id(),
                                    wanted.holder().contact_id(), field)) {
      return *problem;
    }
  }
  if (auto problem = check_span(wanted.start_us(), wanted.end_us(), field)) return *problem;
  if (wanted.end_us() <= context.now) return bad_argument(field, "it has ended already");
  if (auto problem = check_text(wanted.reason(), 1, limits::reason_bytes_max, field)) {
    return *problem;
  }
  Draft draft(context);
  v1::DutyOverride& after = *draft.add().mutable_override_set()->mutable_override() = wanted;
  after.clear_id();
  after.set_by_id(context.actor());
  if (after.holder().who_case() == v1::Holder::kVacant) {
    after.mutable_holder()->set_vacant(wanted.reason());
  }
  return draft.finish();
}

base::Result<Decision> decide_cancel_override(const Context& context,
                                              const v1::CancelOverride& command) {
  const v1::DutyOverride* known = context.rows.overrides.find(command.override_id());
  if (known == nullptr) return not_found("cancel_override.override_id");
  if (auto problem = check_may_roster(context, known->role_id(), "cancel_override.override_id")) {
    return *problem;
  }
  if (known->revision() != command.seen_revision()) return stale_revision(known->revision());
  if (known->cancelled() || known->ended()) {
    return bad_argument("cancel_override.override_id", "the override is over");
  }
  Draft draft(context);
  v1::DutyOverride& after = *draft.add().mutable_override_set()->mutable_override() = *known;
  after.set_cancelled(true);
  return draft.finish();
}

// The next instant at which a shift or an override of the role begins or ends.
void set_boundary(State::Rows& rows, EntityId role_id, base::TimeUs now) {
  base::TimeUs next = 0;
  // What has ended is not told yet while it is in the index: at once, then.
  const auto consider = [&](base::TimeUs start, base::TimeUs end) {
    const base::TimeUs at = start > now ? start : std::max(end, now);
    if (next == 0 || at < next) next = at;
  };
  for (EntityId id : ids_under(rows.role_shifts, role_id)) {
    consider(rows.shifts.find(id)->start_us(), rows.shifts.find(id)->end_us());
  }
  for (EntityId id : ids_under(rows.role_overrides, role_id)) {
    consider(rows.overrides.find(id)->start_us(), rows.overrides.find(id)->end_us());
  }
  rows.deadlines.set({DeadlineKind::DutyBoundary, role_id}, next);
}

template <typename Row>
void apply_row(State::Rows& rows, Table<Row>& table, const Record& record, Row after) {
  if (after.id() == 0) after.set_id(record.position);
  after.set_revision(record.position);
  rows.unsaved_bytes += after.ByteSizeLong();
  const EntityId id = after.id();
  const Row& row = table.put(id, std::move(after));
  index_row(rows, row);
  set_boundary(rows, row.role_id(), record.time_us);
}

template <typename Row>
void end_row(State::Rows& rows, Table<Row>& table, EntityId id, base::Position at) {
  Row& row = *table.find(id);
  row.set_ended(true);
  row.set_revision(at);
  table.touch(id);
  index_row(rows, row);
}

template <typename Row>
void index(IdIndex& index, const Row& row) {
  if (row.cancelled() || row.ended()) {
    erase_id(index[row.role_id()], row.id());
  } else {
    insert_id(index[row.role_id()], row.id());
  }
}

}  // namespace

std::vector<v1::Holder> holders(const State::Rows& rows, EntityId role_id, Standing standing,
                                base::TimeUs at) {
  if (!role_lives(rows, role_id)) return {vacant(standing, "the role has retired")};
  if (const v1::DutyOverride* one = override_at(rows, role_id, standing, at)) {
    if (one->holder().account_id() != 0) {
      return {account_holder(rows, standing, one->holder().account_id(), one->id())};
    }
    v1::Holder holder = one->holder();
    holder.set_source_id(one->id());
    return {holder};
  }
  if (has_roster(rows, role_id, standing)) return by_shift(rows, role_id, standing, at);
  return by_appointment(rows, role_id, standing);
}

std::vector<v1::Holder> holders(const State::Rows& rows, EntityId role_id, base::TimeUs at) {
  std::vector<v1::Holder> all;
  for (const Standing standing : standings) {
    for (v1::Holder& one : holders(rows, role_id, standing, at)) all.push_back(std::move(one));
  }
  return all;
}

bool is_on_duty(const State::Rows& rows, EntityId account_id, EntityId role_id, base::TimeUs at) {
  const std::vector<v1::Holder> all = holders(rows, role_id, at);
  return std::any_of(all.begin(), all.end(), [account_id](const v1::Holder& one) {
    return one.account_id() == account_id && account_id != 0;
  });
}

bool is_on_command_seat(const State::Rows& rows, EntityId account_id, base::TimeUs at) {
  return std::any_of(rows.roles.begin(), rows.roles.end(), [&](const auto& entry) {
    return entry.row->command_seat() && is_on_duty(rows, account_id, entry.id, at);
  });
}

bool is_on_duty_in(const State::Rows& rows, EntityId account_id, EntityId department_id,
                   base::TimeUs at) {
  const auto& roles = ids_under(rows.department_roles, department_id);
  return std::any_of(roles.begin(), roles.end(),
                     [&](EntityId role_id) { return is_on_duty(rows, account_id, role_id, at); });
}

base::Result<Decision> decide_duty(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_put_shifts()) return decide_put_shifts(context, command.put_shifts());
  if (command.has_cancel_shift()) return decide_cancel_shift(context, command.cancel_shift());
  if (command.has_put_override()) return decide_put_override(context, command.put_override());
  FENGHUO_CHECK(command.has_cancel_override());
  return decide_cancel_override(context, command.cancel_override());
}

void fire_duty(const Context& context, const Deadlines::Due& due, Draft& draft) {
  FENGHUO_CHECK(due.key.kind == DeadlineKind::DutyBoundary);
  v1::DutyChanged& event = *draft.add().mutable_duty_changed();
  event.set_role_id(due.key.id);
  for (EntityId id : ids_under(context.rows.role_shifts, due.key.id)) {
    if (context.rows.shifts.find(id)->end_us() <= context.now) event.add_ended_shift_ids(id);
  }
  for (EntityId id : ids_under(context.rows.role_overrides, due.key.id)) {
    if (context.rows.overrides.find(id)->end_us() <= context.now) event.add_ended_override_ids(id);
  }
}

void apply_duty(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_shift_set()) {
    return apply_row(rows, rows.shifts, record, event.shift_set().shift());
  }
  if (event.has_override_set()) {
    return apply_row(rows, rows.overrides, record, event.override_set().override());
  }
  FENGHUO_CHECK(event.has_duty_changed());
  const v1::DutyChanged& changed = event.duty_changed();
  for (EntityId id : changed.ended_shift_ids()) end_row(rows, rows.shifts, id, record.position);
  for (EntityId id : changed.ended_override_ids()) {
    end_row(rows, rows.overrides, id, record.position);
  }
  rows.unsaved_bytes += 64;
  set_boundary(rows, changed.role_id(), record.time_us);
}

void index_row(State::Rows& rows, const v1::Shift& shift) {
  index(rows.role_shifts, shift);
  // After a load this runs for each; the last one leaves the right timer.
  set_boundary(rows, shift.role_id(), rows.time_us);
}

void index_row(State::Rows& rows, const v1::DutyOverride& override) {
  index(rows.role_overrides, override);
  set_boundary(rows, override.role_id(), rows.time_us);
}

bool is_open(const State::Rows&, const v1::Shift& row) { return !row.cancelled() && !row.ended(); }
bool is_open(const State::Rows&, const v1::DutyOverride& row) {
  return !row.cancelled() && !row.ended();
}
bool is_open(const State::Rows&, const v1::Handover& row) {
  return row.state() == v1::Handover::STATE_PROPOSED;
}
bool is_open(const State::Rows&, const v1::RollCall& row) { return !row.ended(); }

Viewers viewers_of(const State::Rows&, const v1::Shift&) { return seen_by_staff(); }
Viewers viewers_of(const State::Rows&, const v1::DutyOverride&) { return seen_by_staff(); }
Viewers viewers_of(const State::Rows&, const v1::Handover&) { return seen_by_staff(); }
Viewers viewers_of(const State::Rows&, const v1::RollCall&) { return seen_by_staff(); }

}  // namespace fenghuo::core
