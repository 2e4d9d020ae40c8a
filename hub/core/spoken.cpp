// SPDX-License-Identifier: Apache-2.0
#include "hub/core/spoken.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/duty.h"
#include "hub/core/kinds.h"
#include "hub/core/order_change.h"

#include <algorithm>
#include <string>
#include <vector>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

// The commands whose rules ask for the giver instead of the sender.
bool may_be_recorded(v1::Command::KindCase kind) {
  switch (kind) {
    case v1::Command::kRaiseOrder:
    case v1::Command::kAcceptOrder:
    case v1::Command::kReturnOrder:
    case v1::Command::kDelegateOrder:
    case v1::Command::kReportProgress:
    case v1::Command::kFinishOrder:
    case v1::Command::kUnableOrder:
    case v1::Command::kCancelOrder:
    case v1::Command::kChangeOrder:
    case v1::Command::kEscalateOrder:
    case v1::Command::kAnswerGate:
    case v1::Command::kCloseUnaccepted:
    case v1::Command::kExplainLateness:
    case v1::Command::kConfirmExplanation: return true;
    case v1::Command::kConfirmLevel:
    case v1::Command::kChangePhase:
    case v1::Command::kActivateCommand:
    case v1::Command::kFormGroups:
    case v1::Command::kChangeCasualties:
    case v1::Command::kProposeLevel:
    case v1::Command::kDecideLevel:
    case v1::Command::kBreakGlass:
    case v1::Command::kConfirmBreakGlass:
    case v1::Command::kRequestLevel:
    case v1::Command::kAnswerRequest:
    case v1::Command::kFileReport:
    case v1::Command::kProposeVoid:
    case v1::Command::kConfirmVoid:
    case v1::Command::kMergeIncidents:
    case v1::Command::kStandDown:
    case v1::Command::kFileEvaluation:
    case v1::Command::kApproveWarning:
    case v1::Command::kRefuseWarning: return true;
    case v1::Command::kTriageFeedback:
    case v1::Command::kReplyFeedback:
    case v1::Command::kAdoptFeedback:
    case v1::Command::kDeclineFeedback: return true;
    default: return false;
  }
}

// The departments the giver belongs to; a contact's are none of ours.
std::vector<EntityId> departments_of(const State::Rows& rows, const Giver& giver) {
  std::vector<EntityId> ids;
  if (giver.role_id != 0) ids.push_back(rows.roles.find(giver.role_id)->department_id());
  if (giver.account_id == 0) return ids;
  ids.push_back(rows.accounts.find(giver.account_id)->department_id());
  for (const v1::Appointment& one : rows.of(giver.account_id).appointments) {
    if (!one.ended()) ids.push_back(rows.roles.find(one.role_id())->department_id());
  }
  return ids;
}

Problem check_giver(const Context& context, const Giver& giver) {
  const State::Rows& rows = context.rows;
  const bool known = (giver.account_id != 0 && rows.accounts.find(giver.account_id) != nullptr) ||
                     (giver.contact_id != 0 && rows.contacts.find(giver.contact_id) != nullptr) ||
                     (giver.role_id != 0 && rows.roles.find(giver.role_id) != nullptr);
  if (!known) return not_found("on_behalf.giver");
  if (giver.account_id != 0 && giver.account_id == context.actor()) {
    return bad_argument("on_behalf.giver", "for another, not for oneself");
  }
  return std::nullopt;
}

bool stands_in_department_of(const Context& context, const Giver& giver) {
  const std::vector<EntityId> ids = departments_of(context.rows, giver);
  return std::any_of(ids.begin(), ids.end(), [&](EntityId id) {
    return id != 0 && is_on_duty_in(context.rows, context.actor(), id, context.now);
  });
}

const v1::Spoken* visible_spoken(const Context& context, EntityId id) {
  const v1::Spoken* row = context.rows.spoken.find(id);
  if (row == nullptr) return nullptr;
  if (!context.is_hub() &&
      !may_see(context.rows, context.actor(), viewers_of(context.rows, *row))) {
    return nullptr;
  }
  return row;
}

// The person himself, or who stands on the role; never the recorder.
bool may_sign(const Context& context, const v1::Spoken& row) {
  const EntityId actor = context.actor();
  if (actor == 0 || actor == row.recorder_id()) return false;
  const Giver giver = giver_of(row.on_behalf());
  if (giver.account_id != 0) return giver.account_id == actor;
  return giver.role_id != 0 && is_on_duty(context.rows, actor, giver.role_id, context.now);
}

base::Result<Decision> answer(const Context& context, EntityId id, v1::Spoken::State state,
                              const std::string& objection, const std::string& field) {
  const v1::Spoken* row = visible_spoken(context, id);
  if (row == nullptr) return not_found(field);
  if (!may_sign(context, *row)) return forbidden("sign", "only who is said to have given it");
  if (row->state() != v1::Spoken::STATE_OWED) return stale_revision(row->revision());
  Draft draft(context);
  v1::SpokenAnswered& event = *draft.add().mutable_spoken_answered();
  event.set_spoken_id(id);
  event.set_state(state);
  event.set_objection(objection);
  return draft.finish();
}

}  // namespace

Giver giver_of(const v1::OnBehalf& on_behalf) {
  Giver giver;
  giver.account_id = on_behalf.account_id();
  giver.contact_id = on_behalf.contact_id();
  giver.role_id = on_behalf.role_id();
  return giver;
}

Giver giver_of(const Context& context) {
  if (context.envelope.command.has_on_behalf()) {
    return giver_of(context.envelope.command.on_behalf());
  }
  Giver giver;
  giver.account_id = context.actor();
  return giver;
}

Problem check_on_behalf(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (!command.has_on_behalf()) return std::nullopt;
  if (!may_be_recorded(command.kind_case())) {
    return bad_argument("on_behalf", "this is not recorded for another");
  }
  const v1::OnBehalf& said = command.on_behalf();
  const Giver giver = giver_of(said);
  if (auto problem = check_giver(context, giver)) return problem;
  if (said.medium() == v1::OnBehalf::MEDIUM_UNSPECIFIED ||
      !v1::OnBehalf::Medium_IsValid(said.medium())) {
    return bad_argument("on_behalf.medium", "how it was said");
  }
  if (said.stated_at_us() <= 0 || said.stated_at_us() > context.now) {
    return bad_argument("on_behalf.stated_at_us", "when it was said: not after now");
  }
  if (auto problem =
          check_text(said.reference(), 0, limits::name_bytes_max, "on_behalf.reference")) {
    return problem;
  }
  if (context.is_hub() || is_on_command_seat(context.rows, context.actor(), context.now) ||
      stands_in_department_of(context, giver)) {
    return std::nullopt;
  }
  return forbidden("record", "only on duty at a command seat or in the giver's department");
}

void draft_spoken(const Context& context, const v1::OnBehalf& on_behalf, std::uint32_t command,
                  Draft& draft) {
  EntityId about = 0;
  v1::RowKind kind = v1::ROW_KIND_ORDER;
  for (const Drafted& one : draft.events()) {
    if (about == 0) about = order_of(one.event);
    if (one.event.has_warning_issued()) about = one.event.warning_issued().warning_id();
    if (one.event.has_warning_refused()) about = one.event.warning_refused().warning_id();
    if (one.event.has_warning_issued() || one.event.has_warning_refused()) {
      kind = v1::ROW_KIND_WARNING;
    }
  }
  const base::Position id = draft.next();
  v1::Spoken& row = *draft.add().mutable_spoken_recorded()->mutable_spoken();
  row.set_id(id);
  *row.mutable_on_behalf() = on_behalf;
  row.set_recorder_id(context.actor());
  row.set_recorded_us(context.now);
  row.set_about(about == 0 ? v1::ROW_KIND_UNSPECIFIED : kind);
  row.set_about_id(about);
  row.set_command(command);
  if (on_behalf.contact_id() != 0) {
    row.set_state(v1::Spoken::STATE_NONE);
    return;
  }
  row.set_state(v1::Spoken::STATE_OWED);
  const base::TimeUs within = context.rows.configuration().sign_within_us();
  if (within > 0) row.set_sign_by_us(context.now + within);
}

base::Result<Decision> decide_spoken(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_sign_spoken()) {
    return answer(context, command.sign_spoken().spoken_id(), v1::Spoken::STATE_SIGNED, "",
                  "sign_spoken.spoken_id");
  }
  FENGHUO_CHECK(command.has_object_to_spoken());
  const v1::ObjectToSpoken& objects = command.object_to_spoken();
  if (auto problem =
          check_text(objects.reason(), 1, limits::reason_bytes_max, "object_to_spoken.reason")) {
    return *problem;
  }
  return answer(context, objects.spoken_id(), v1::Spoken::STATE_OBJECTED, objects.reason(),
                "object_to_spoken.spoken_id");
}

void fire_spoken(const Context&, const Deadlines::Due& due, Draft& draft) {
  draft.add().mutable_spoken_overdue()->set_spoken_id(due.key.id);
}

void apply_spoken(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  v1::Spoken after;
  if (event.has_spoken_recorded()) {
    after = event.spoken_recorded().spoken();
  } else if (event.has_spoken_answered()) {
    after = *rows.spoken.find(event.spoken_answered().spoken_id());
    after.set_state(event.spoken_answered().state());
    after.set_objection(event.spoken_answered().objection());
    after.set_signed_by_id(event.account_id());
    after.set_signed_us(record.time_us);
  } else {
    after = *rows.spoken.find(event.spoken_overdue().spoken_id());
    after.set_overdue(true);
  }
  after.set_revision(record.position);
  rows.unsaved_bytes += after.ByteSizeLong();
  const EntityId id = after.id();
  index_row(rows, rows.spoken.put(id, std::move(after)));
}

bool is_open(const State::Rows&, const v1::Spoken& row) {
  return row.state() == v1::Spoken::STATE_OWED;
}

Viewers viewers_of(const State::Rows&, const v1::Spoken& row) {
  Viewers viewers;
  viewers.command_seats = true;
  viewers.accounts.push_back(row.recorder_id());
  const Giver giver = giver_of(row.on_behalf());
  if (giver.account_id != 0) viewers.accounts.push_back(giver.account_id);
  if (giver.role_id != 0) viewers.roles.push_back(giver.role_id);
  return viewers;
}

void index_row(State::Rows& rows, const v1::Spoken& row) {
  const bool owed = row.state() == v1::Spoken::STATE_OWED && !row.overdue();
  rows.deadlines.set({DeadlineKind::SpokenUnsigned, row.id()}, owed ? row.sign_by_us() : 0);
}

}  // namespace fenghuo::core
