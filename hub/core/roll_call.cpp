// SPDX-License-Identifier: Apache-2.0
#include "hub/core/roll_call.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/duty.h"
#include "hub/core/kinds.h"
#include "hub/core/membership.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

base::Result<std::vector<EntityId>> called_roles(const Context& context,
                                                 const v1::StartRollCall& command) {
  std::vector<EntityId> ids(command.role_ids().begin(), command.role_ids().end());
  if (ids.empty()) {
    for (const auto& entry : context.rows.roles) {
      if (role_lives(context.rows, entry.id)) ids.push_back(entry.id);
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  for (EntityId id : ids) {
    if (context.state.role(id) == nullptr) return not_found("start_roll_call.role_ids");
    if (!role_lives(context.rows, id)) {
      return bad_argument("start_roll_call.role_ids", "the role has retired");
    }
  }
  if (ids.empty()) return bad_argument("start_roll_call.role_ids", "there is no role");
  return ids;
}

base::Result<Decision> decide_start(const Context& context, const v1::StartRollCall& command) {
  if (!context.is_hub() && !is_on_command_seat(context.rows, context.actor(), context.now)) {
    return forbidden("roll-call", "only from a command seat on duty");
  }
  if (command.until_us() <= context.now) {
    return bad_argument("start_roll_call.until_us", "it would be over at once");
  }
  if (command.until_us() - context.now > limits::roll_call_us_max) {
    return bad_argument("start_roll_call.until_us", "longer than a roll-call may be");
  }
  const auto roles = called_roles(context, command);
  if (!roles) return roles.error();
  Draft draft(context);
  v1::RollCall& call = *draft.add().mutable_roll_call_started()->mutable_roll_call();
  call.set_until_us(command.until_us());
  for (EntityId role_id : *roles) {
    v1::RollCall::Row& row = *call.add_rows();
    row.set_role_id(role_id);
    const std::vector<v1::Holder> held =
        holders(context.rows, role_id, v1::Appointment::STANDING_PRIMARY, context.now);
    row.set_account_id(held.front().account_id());
    row.set_contact_id(held.front().contact_id());
  }
  return draft.finish();
}

base::Result<Decision> decide_answer(const Context& context, const v1::AnswerRollCall& command) {
  const v1::RollCall* call = context.rows.roll_calls.find(command.roll_call_id());
  if (call == nullptr) return not_found("answer_roll_call.roll_call_id");
  if (call->ended()) {
    return bad_argument("answer_roll_call.roll_call_id", "the roll-call is over");
  }
  const auto row = std::find_if(call->rows().begin(), call->rows().end(), [&](const auto& one) {
    return one.role_id() == command.role_id();
  });
  if (row == call->rows().end()) return not_found("answer_roll_call.role_id");
  if (!context.is_hub() && row->account_id() != context.actor() &&
      !is_on_duty(context.rows, context.actor(), command.role_id(), context.now)) {
    return forbidden("answer", "only for who is on duty for the role");
  }
  Draft draft(context);
  if (row->answered_us() != 0) return draft.finish();
  v1::RollCallAnswered& event = *draft.add().mutable_roll_call_answered();
  event.set_roll_call_id(call->id());
  event.set_role_id(command.role_id());
  return draft.finish();
}

v1::RollCall& change(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_roll_call_started()) {
    v1::RollCall made = event.roll_call_started().roll_call();
    made.set_id(record.position);
    made.set_by_id(event.account_id());
    made.set_started_us(record.time_us);
    return rows.roll_calls.put(record.position, std::move(made));
  }
  const EntityId id = roll_call_in(record);
  v1::RollCall* call = rows.roll_calls.find(id);
  FENGHUO_CHECK(call != nullptr);
  rows.roll_calls.touch(id);
  if (event.has_roll_call_ended()) {
    call->set_ended(true);
    return *call;
  }
  for (v1::RollCall::Row& row : *call->mutable_rows()) {
    if (row.role_id() != event.roll_call_answered().role_id()) continue;
    row.set_answered_us(record.time_us);
    row.set_answered_by_id(event.account_id());
    if (event.has_on_behalf()) *row.mutable_on_behalf() = event.on_behalf();
  }
  return *call;
}

}  // namespace

base::Result<Decision> decide_roll_call(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_start_roll_call()) return decide_start(context, command.start_roll_call());
  FENGHUO_CHECK(command.has_answer_roll_call());
  return decide_answer(context, command.answer_roll_call());
}

void fire_roll_call(const Context&, const Deadlines::Due& due, Draft& draft) {
  draft.add().mutable_roll_call_ended()->set_roll_call_id(due.key.id);
}

void apply_roll_call(State::Rows& rows, const Record& record) {
  v1::RollCall& call = change(rows, record);
  call.set_revision(record.position);
  rows.unsaved_bytes += call.ByteSizeLong();
  index_row(rows, call);
}

EntityId roll_call_in(const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_roll_call_started()) return record.position;
  if (event.has_roll_call_answered()) return event.roll_call_answered().roll_call_id();
  return event.has_roll_call_ended() ? event.roll_call_ended().roll_call_id() : 0;
}

void index_row(State::Rows& rows, const v1::RollCall& call) {
  rows.deadlines.set({DeadlineKind::RollCallEnds, call.id()}, call.ended() ? 0 : call.until_us());
}

bool is_open(const State::Rows&, const v1::RollCall& row) { return !row.ended(); }
Viewers viewers_of(const State::Rows&, const v1::RollCall&) { return seen_by_staff(); }

}  // namespace fenghuo::core
