// SPDX-License-Identifier: Apache-2.0
#include "hub/core/duty.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/handover.h"
#include "hub/core/kinds.h"
#include "hub/core/roster_gap.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using Standing = v1::Appointment::Standing;

Problem check_person(const Context& context, EntityId account_id, EntityId contact_id,
                     const std::string& field) {
  if ((account_id == 0) == (contact_id == 0)) {
    return bad_argument(field, "an account or a contact, one of the two");
  }
  if (account_id != 0) {
    const v1::Account* account = context.state.account(account_id);
    if (account == nullptr) return not_found(field);
    if (account->kind() == v1::Account::KIND_GUEST) {
      return bad_argument(field, "a guest holds no duty");
    }
  }
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

Problem check_shift(const Context& context, const v1::Shift& shift, const std::string& field) {
  if (auto problem = check_may_roster(context, shift.role_id(), field)) return problem;
  if (auto problem = check_standing(shift.standing(), field)) return problem;
  if (auto problem = check_person(context, shift.account_id(), shift.contact_id(), field)) {
    return problem;
  }
  if (auto problem = check_span(shift.start_us(), shift.end_us(), field)) return problem;
  if (shift.end_us() <= context.now) return bad_argument(field, "it has ended already");
  if (auto problem = check_text(shift.rotation(), 0, limits::key_bytes_max, field)) return problem;
  if (shift.id() == 0) return std::nullopt;
  const v1::Shift* known = context.rows.shifts.find(shift.id());
  if (known == nullptr) return not_found(field);
  if (known->role_id() != shift.role_id() || known->standing() != shift.standing()) {
    return bad_argument(field, "a shift stays with its role and standing");
  }
  if (known->revision() != shift.revision()) return stale_revision(known->revision());
  if (known->cancelled() || known->ended()) return bad_argument(field, "the shift is over");
  if (shift.cancelled() && known->begun()) {
    return bad_argument(field, "a shift that runs is ended by a handover or an override");
  }
  return std::nullopt;
}

// Whoever checked a whole roster before he put it must not have his check overtaken by another.
Problem check_seen(const Context& context, const v1::PutShifts& command) {
  if (command.seen_position() == 0) return std::nullopt;
  std::set<EntityId> roles;
  for (const v1::Shift& shift : command.shifts()) roles.insert(shift.role_id());
  for (EntityId role_id : roles) {
    for (EntityId id : ids_under(context.rows.role_shifts, role_id)) {
      const base::Position revision = context.rows.shifts.find(id)->revision();
      if (revision > command.seen_position()) return stale_revision(revision);
    }
  }
  return std::nullopt;
}

base::Result<Decision> decide_put_shifts(const Context& context, const v1::PutShifts& command) {
  if (command.shifts().empty()) return bad_argument("put_shifts.shifts", "at least one");
  if (auto problem = check_count(static_cast<std::size_t>(command.shifts_size()),
                                 limits::shifts_per_command_max, "put_shifts.shifts")) {
    return *problem;
  }
  if (auto problem = check_seen(context, command)) return *problem;
  Draft draft(context);
  int index = 0;
  for (const v1::Shift& shift : command.shifts()) {
    const std::string field = "put_shifts.shifts[" + std::to_string(index++) + "]";
    if (auto problem = check_shift(context, shift, field)) return *problem;
    const bool is_dropped = shift.id() != 0 && shift.cancelled();
    v1::Shift& after = *draft.add().mutable_shift_set()->mutable_shift();
    after = is_dropped ? *context.rows.shifts.find(shift.id()) : shift;
    after.set_cancelled(is_dropped);
    after.clear_begun();
    after.clear_ended();
    after.clear_revision();
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
  if (shift->begun()) draft.add().mutable_duty_changed()->set_role_id(shift->role_id());
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
  after.clear_cancelled();
  after.clear_begun();
  after.clear_ended();
  after.clear_revision();
  after.mutable_holder()->clear_source_id();
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
  if (known->begun()) draft.add().mutable_duty_changed()->set_role_id(known->role_id());
  return draft.finish();
}

// The next instant at which a shift or an override of the role begins or ends.
void set_boundary(State::Rows& rows, EntityId role_id) {
  base::TimeUs next = 0;
  const auto consider = [&next](const auto& row) {
    const base::TimeUs at = row.begun() ? row.end_us() : row.start_us();
    if (next == 0 || at < next) next = at;
  };
  for (EntityId id : ids_under(rows.role_shifts, role_id)) consider(*rows.shifts.find(id));
  for (EntityId id : ids_under(rows.role_overrides, role_id)) consider(*rows.overrides.find(id));
  rows.deadlines.set({DeadlineKind::DutyBoundary, role_id}, next);
  watch_roster(rows, role_id);
}

template <typename Row>
void apply_row(State::Rows& rows, Table<Row>& table, const Record& record, Row after) {
  if (after.id() == 0) after.set_id(record.position);
  after.set_revision(record.position);
  rows.unsaved_bytes += after.ByteSizeLong();
  const EntityId id = after.id();
  index_row(rows, table.put(id, std::move(after)));
}

template <typename Row>
void mark_row(State::Rows& rows, Table<Row>& table, EntityId id, base::Position at,
              void (Row::*mark)(bool)) {
  Row& row = *table.find(id);
  (row.*mark)(true);
  row.set_revision(at);
  table.touch(id);
  rows.unsaved_bytes += row.ByteSizeLong();
  index_row(rows, row);
}

// What of the rows begins, and what ends, at the instant.
template <typename Row, typename Begun, typename Ended>
void list_turns(const Table<Row>& table, const std::vector<EntityId>& ids, base::TimeUs now,
                Begun begun, Ended ended) {
  for (EntityId id : ids) {
    const Row& row = *table.find(id);
    if (!row.begun() && row.start_us() <= now) begun(id);
    if (row.end_us() <= now) ended(id);
  }
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

Problem check_may_roster(const Context& context, EntityId role_id, const std::string& field) {
  const v1::Role* role = context.state.role(role_id);
  if (role == nullptr) return not_found(field);
  Object object;
  object.department_id = role->department_id();
  const Verdict verdict = allows(context.state, context.actor(), v1::Grant::VERB_ROSTER, object);
  if (!verdict.allowed) return forbidden(verb_name(v1::Grant::VERB_ROSTER), verdict.reason);
  return std::nullopt;
}

Problem check_standing(Standing standing, const std::string& field) {
  if (standing == v1::Appointment::STANDING_PRIMARY ||
      standing == v1::Appointment::STANDING_DEPUTY ||
      standing == v1::Appointment::STANDING_LEADER) {
    return std::nullopt;
  }
  return bad_argument(field, "primary, deputy or leader");
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
  list_turns(
      context.rows.shifts, ids_under(context.rows.role_shifts, due.key.id), context.now,
      [&](EntityId id) { event.add_begun_shift_ids(id); },
      [&](EntityId id) { event.add_ended_shift_ids(id); });
  list_turns(
      context.rows.overrides, ids_under(context.rows.role_overrides, due.key.id), context.now,
      [&](EntityId id) { event.add_begun_override_ids(id); },
      [&](EntityId id) { event.add_ended_override_ids(id); });
  open_handovers(context, due.key.id, due.at, draft);
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
  const base::Position at = record.position;
  for (EntityId id : changed.begun_shift_ids()) {
    mark_row(rows, rows.shifts, id, at, &v1::Shift::set_begun);
  }
  for (EntityId id : changed.begun_override_ids()) {
    mark_row(rows, rows.overrides, id, at, &v1::DutyOverride::set_begun);
  }
  for (EntityId id : changed.ended_shift_ids()) {
    mark_row(rows, rows.shifts, id, at, &v1::Shift::set_ended);
  }
  for (EntityId id : changed.ended_override_ids()) {
    mark_row(rows, rows.overrides, id, at, &v1::DutyOverride::set_ended);
  }
}

void index_row(State::Rows& rows, const v1::Shift& shift) {
  index(rows.role_shifts, shift);
  if (shift.begun()) rows.rostered.insert({shift.role_id(), shift.standing()});
  set_boundary(rows, shift.role_id());
}

void index_row(State::Rows& rows, const v1::DutyOverride& override) {
  index(rows.role_overrides, override);
  set_boundary(rows, override.role_id());
}

bool is_open(const State::Rows&, const v1::Shift& row) { return !row.cancelled() && !row.ended(); }
bool is_open(const State::Rows&, const v1::DutyOverride& row) {
  return !row.cancelled() && !row.ended();
}

Viewers viewers_of(const State::Rows&, const v1::Shift&) { return seen_by_staff(); }
Viewers viewers_of(const State::Rows&, const v1::DutyOverride&) { return seen_by_staff(); }

}  // namespace fenghuo::core
