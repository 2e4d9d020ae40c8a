// SPDX-License-Identifier: Apache-2.0
#include "hub/core/intake.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/channels.h"
#include "hub/core/duty.h"
#include "hub/core/kinds.h"
#include "hub/core/messaging.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

Problem check_take(const Context& context, const v1::TakeIntake& command) {
  const v1::Caller& caller = command.caller();
  for (const std::string* text : {&caller.name(), &caller.unit()}) {
    if (auto problem = check_text(*text, 0, limits::name_bytes_max, "take_intake.caller")) {
      return problem;
    }
  }
  if (auto problem =
          check_text(caller.number(), 0, limits::phone_bytes_max, "take_intake.caller.number")) {
    return problem;
  }
  if (!v1::OnBehalf::Medium_IsValid(command.medium()) ||
      command.medium() == v1::OnBehalf::MEDIUM_UNSPECIFIED) {
    return bad_argument("take_intake.medium", "how did it come");
  }
  if (command.stated_us() < 0) return bad_argument("take_intake.stated_us", "not an instant");
  if (command.received_us() < 0 || command.received_us() > context.now) {
    return bad_argument("take_intake.received_us", "it was received before now");
  }
  return check_text(command.place(), 0, limits::name_bytes_max, "take_intake.place");
}

base::Result<Decision> decide_take(const Context& context, const v1::TakeIntake& command) {
  const ChannelRows* channel = visible_channel(context, command.channel_id());
  if (channel == nullptr) return not_found("take_intake.channel_id");
  v1::PostMessage post;
  post.set_channel_id(command.channel_id());
  post.set_text(command.content());
  post.set_precedence(command.precedence());
  if (!v1::Precedence_IsValid(command.precedence())) {
    return bad_argument("take_intake.precedence", "unknown");
  }
  if (auto problem = check_may_post(context, channel->channel, command.precedence())) {
    return *problem;
  }
  if (auto problem = check_message(context, post, "take_intake")) return *problem;
  if (auto problem = check_take(context, command)) return *problem;
  Draft draft(context);
  const EntityId message_id = draft.next();
  draft_posted(context, *channel, post, draft);
  v1::Body body;
  body.set_text(command.content());
  *body.mutable_caller() = command.caller();
  draft.set_body(body);
  v1::IntakeTaken& event = *draft.add().mutable_intake_taken();
  event.set_message_id(message_id);
  event.set_channel_id(command.channel_id());
  event.set_medium(command.medium());
  event.set_stated_us(command.stated_us());
  event.set_received_us(command.received_us() == 0 ? context.now : command.received_us());
  event.set_place(command.place());
  v1::Reply::Done done;
  done.set_seq(channel->last_seq() + std::uint64_t{1});
  done.set_version(1);
  return draft.finish(std::move(done));
}

// What it ended as: the state and the thing, which the actor must be able to see.
struct End {
  v1::Intake::State state = v1::Intake::STATE_CLOSED;
  EntityId target_id = 0;
  bool is_contact = false;
};

base::Result<End> end_of(const Context& context, const v1::CloseIntake& command) {
  const State::Rows& rows = context.rows;
  switch (command.end_case()) {
    case v1::CloseIntake::kIncidentId: {
      const v1::Incident* incident = rows.incidents.find(command.incident_id());
      if (incident == nullptr ||
          (!context.is_hub() && !may_see(rows, context.actor(), viewers_of(rows, *incident)))) {
        return not_found("close_intake.incident_id");
      }
      return End{v1::Intake::STATE_INCIDENT, command.incident_id()};
    }
    case v1::CloseIntake::kOrderId: {
      const v1::Order* order = rows.orders.find(command.order_id());
      if (order == nullptr ||
          (!context.is_hub() && !may_see(rows, context.actor(), viewers_of(rows, *order)))) {
        return not_found("close_intake.order_id");
      }
      return End{v1::Intake::STATE_ORDER, command.order_id()};
    }
    case v1::CloseIntake::kTransferredRoleId:
      if (context.state.role(command.transferred_role_id()) == nullptr) {
        return not_found("close_intake.transferred_role_id");
      }
      return End{v1::Intake::STATE_TRANSFERRED, command.transferred_role_id()};
    case v1::CloseIntake::kTransferredContactId:
      if (rows.contacts.find(command.transferred_contact_id()) == nullptr) {
        return not_found("close_intake.transferred_contact_id");
      }
      return End{v1::Intake::STATE_TRANSFERRED, command.transferred_contact_id(), true};
    case v1::CloseIntake::kNothing: return End{};
    case v1::CloseIntake::END_NOT_SET: break;
  }
  return bad_argument("close_intake.end", "it ends as something, or with a reason");
}

base::Result<Decision> decide_close(const Context& context, const v1::CloseIntake& command) {
  const v1::Intake* intake = context.rows.intakes.find(command.intake_id());
  if (intake == nullptr || (!context.is_hub() && !may_see(context.rows, context.actor(),
                                                          viewers_of(context.rows, *intake)))) {
    return not_found("close_intake.intake_id");
  }
  if (!context.is_hub() && intake->recorder_id() != context.actor() &&
      !is_on_command_seat(context.rows, context.actor(), context.now)) {
    return forbidden("close", "only for its recorder and a command seat on duty");
  }
  if (intake->revision() != command.seen_revision()) return stale_revision(intake->revision());
  if (!is_open(context.rows, *intake)) {
    return bad_argument("close_intake.intake_id", "the intake is closed");
  }
  const auto end = end_of(context, command);
  if (!end) return end.error();
  const bool became =
      end->state == v1::Intake::STATE_INCIDENT || end->state == v1::Intake::STATE_ORDER;
  if (auto problem = check_text(command.reason(), became ? 0 : 1, limits::reason_bytes_max,
                                "close_intake.reason")) {
    return *problem;
  }
  Draft draft(context);
  v1::IntakeClosed& event = *draft.add().mutable_intake_closed();
  event.set_intake_id(intake->id());
  event.set_state(end->state);
  event.set_target_id(end->target_id);
  event.set_target_is_contact(end->is_contact);
  event.set_reason(command.reason());
  return draft.finish();
}

void take(v1::Intake& intake, const Record& record) {
  const v1::IntakeTaken& event = record.event.intake_taken();
  intake.set_channel_id(event.channel_id());
  intake.set_recorder_id(record.event.account_id());
  intake.set_recorder_role_id(record.event.role_id());
  intake.set_medium(event.medium());
  intake.set_stated_us(event.stated_us());
  intake.set_received_us(event.received_us());
  intake.set_taken_us(record.time_us);
  intake.set_place(event.place());
  intake.set_state(v1::Intake::STATE_OPEN);
}

void close(v1::Intake& intake, const Record& record) {
  const v1::IntakeClosed& event = record.event.intake_closed();
  intake.set_state(event.state());
  intake.set_reason(event.reason());
  intake.set_ended_by_id(record.event.account_id());
  intake.set_ended_us(record.time_us);
  if (event.state() == v1::Intake::STATE_INCIDENT) intake.set_incident_id(event.target_id());
  if (event.state() == v1::Intake::STATE_ORDER) intake.set_order_id(event.target_id());
  if (event.state() != v1::Intake::STATE_TRANSFERRED) return;
  if (event.target_is_contact()) {
    intake.set_transferred_contact_id(event.target_id());
  } else {
    intake.set_transferred_role_id(event.target_id());
  }
}

}  // namespace

base::Result<Decision> decide_intake(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_take_intake()) return decide_take(context, command.take_intake());
  FENGHUO_CHECK(command.has_close_intake());
  return decide_close(context, command.close_intake());
}

void apply_intake(State::Rows& rows, const Record& record) {
  const EntityId id = intake_in(record);
  if (record.event.has_intake_taken()) {
    v1::Intake made;
    made.set_id(id);
    rows.intakes.put(id, std::move(made));
  }
  v1::Intake* intake = rows.intakes.find(id);
  FENGHUO_CHECK(intake != nullptr);
  if (record.event.has_intake_taken()) {
    take(*intake, record);
  } else {
    close(*intake, record);
  }
  intake->set_revision(record.position);
  rows.intakes.touch(id);
  rows.unsaved_bytes += intake->ByteSizeLong();
}

EntityId intake_in(const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_intake_taken()) return event.intake_taken().message_id();
  return event.has_intake_closed() ? event.intake_closed().intake_id() : 0;
}

bool is_open(const State::Rows&, const v1::Intake& row) {
  return row.state() == v1::Intake::STATE_OPEN;
}

// Like its message, and every command seat: an intake is never left lying in a room.
Viewers viewers_of(const State::Rows&, const v1::Intake& row) {
  Viewers viewers;
  viewers.command_seats = true;
  viewers.channels.push_back(row.channel_id());
  return viewers;
}

}  // namespace fenghuo::core
