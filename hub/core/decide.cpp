// SPDX-License-Identifier: Apache-2.0
#include "hub/core/decide.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/alarm.h"
#include "hub/core/channels.h"
#include "hub/core/clock_doubt.h"
#include "hub/core/context.h"
#include "hub/core/devices.h"
#include "hub/core/directory.h"
#include "hub/core/duty.h"
#include "hub/core/feedback.h"
#include "hub/core/format.h"
#include "hub/core/handover.h"
#include "hub/core/incident.h"
#include "hub/core/intake.h"
#include "hub/core/messaging.h"
#include "hub/core/order.h"
#include "hub/core/outage.h"
#include "hub/core/plan.h"
#include "hub/core/receipts.h"
#include "hub/core/redaction.h"
#include "hub/core/roll_call.h"
#include "hub/core/roster_gap.h"
#include "hub/core/warning.h"

#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;

// Who asks, whether he may be served now, and whether he holds the role he acts in.
Problem check_actor(const Context& context) {
  if (context.is_hub()) return std::nullopt;
  const v1::Account* account = context.state.account(context.actor());
  if (account == nullptr) return base::Error(v1::ERROR_CODE_UNAUTHENTICATED, "no such account");
  if (account->disabled()) {
    return base::Error(v1::ERROR_CODE_ACCOUNT_DISABLED, "the account is disabled");
  }
  if (!context.state.is_active(context.actor(), context.now)) {
    return base::Error(v1::ERROR_CODE_ACCESS_EXPIRED, "the account's access has ended");
  }
  if (context.envelope.token_id == 0) return std::nullopt;
  const TokenRow* token = context.state.token(context.envelope.token_id);
  if (token == nullptr || token->account_id != context.actor()) {
    return base::Error(v1::ERROR_CODE_TOKEN_REVOKED, "the token was revoked");
  }
  if (token->expires_us != 0 && token->expires_us <= context.now) {
    return base::Error(v1::ERROR_CODE_TOKEN_EXPIRED, "the token has ended");
  }
  return std::nullopt;
}

Problem check_envelope(const Context& context) {
  const Envelope& envelope = context.envelope;
  if (!envelope.device.empty() && envelope.n == 0) {
    return bad_argument("n", "commands of a device count from 1");
  }
  if (envelope.device.size() > limits::device_name_bytes_max) {
    return bad_argument("device", "too long");
  }
  const base::EntityId role_id = envelope.command.acting_role_id();
  if (role_id == 0) return std::nullopt;
  const bool may = context.is_hub() ? context.state.role(role_id) != nullptr
                                    : is_appointed(context.state, context.actor(), role_id);
  if (may) return std::nullopt;
  base::Error error = forbidden("act", "not appointed to this role");
  return base::Error(error.code(), error.message(), "acting_role_id")
      .with("verb", "act")
      .with("missing", "not appointed to this role");
}

base::Result<Decision> decide_reading(const Context& context) {
  const v1::Command& command = context.envelope.command;
  base::Result<std::vector<Reading>> readings =
      command.has_advance_cursor() ? check_advance_cursor(context, command.advance_cursor())
                                   : check_mark_delivered(context, command.mark_delivered());
  if (!readings) return readings.error();
  Draft draft(context);
  for (Drafted& merged : merge_readings(context.state, *readings)) {
    v1::Event& event = draft.add();
    if (merged.event.has_order_observed()) {
      *event.mutable_order_observed() = merged.event.order_observed();
    } else if (merged.event.has_cursors_advanced()) {
      event.mutable_cursors_advanced()->Swap(merged.event.mutable_cursors_advanced());
    } else {
      event.mutable_messages_delivered()->Swap(merged.event.mutable_messages_delivered());
    }
  }
  return draft.finish();
}

base::Result<Decision> decide_kind(const Context& context) {
  const v1::Command& command = context.envelope.command;
  switch (command.kind_case()) {
    case v1::Command::kPostMessage: return decide_post_message(context, command.post_message());
    case v1::Command::kEditMessage: return decide_edit_message(context, command.edit_message());
    case v1::Command::kRetractMessage:
      return decide_retract_message(context, command.retract_message());
    case v1::Command::kAcknowledgeMessage:
      return decide_acknowledge(context, command.acknowledge_message());
    case v1::Command::kMarkDelivered:
    case v1::Command::kAdvanceCursor: return decide_reading(context);
    case v1::Command::kProposeRedaction:
      return decide_propose_redaction(context, command.propose_redaction());
    case v1::Command::kConfirmRedaction:
      return decide_confirm_redaction(context, command.confirm_redaction());
    case v1::Command::kCreateChannel:
      return decide_create_channel(context, command.create_channel());
    case v1::Command::kChangeChannel:
      return decide_change_channel(context, command.change_channel());
    case v1::Command::kOpenDirect: return decide_open_direct(context, command.open_direct());
    case v1::Command::kApplyPlan: return decide_apply_plan(context, command.apply_plan());
    case v1::Command::kPutAccount: return decide_put_account(context, command.put_account());
    case v1::Command::kSetCredential:
      return decide_set_credential(context, command.set_credential());
    case v1::Command::kIssueToken: return decide_issue_token(context, command.issue_token());
    case v1::Command::kRevokeToken: return decide_revoke_token(context, command.revoke_token());
    case v1::Command::kSetLegalHold:
      return decide_set_legal_hold(context, command.set_legal_hold());
    case v1::Command::kPutShifts:
    case v1::Command::kCancelShift:
    case v1::Command::kPutOverride:
    case v1::Command::kCancelOverride: return decide_duty(context);
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
    case v1::Command::kConfirmExplanation:
    case v1::Command::kObserveOrder:
    case v1::Command::kRecordCallResult: return decide_order(context);
    case v1::Command::kSignSpoken:
    case v1::Command::kObjectToSpoken: return decide_spoken(context);
    case v1::Command::kCloseOutage:
    case v1::Command::kEnterSlips: return decide_outage(context);
    case v1::Command::kAcceptClock:
    case v1::Command::kDoubtClock: return decide_clock(context);
    case v1::Command::kProposeHandover:
    case v1::Command::kAcceptHandover:
    case v1::Command::kWithdrawHandover:
    case v1::Command::kTakeOver: return decide_handover(context);
    case v1::Command::kStartRollCall:
    case v1::Command::kAnswerRollCall: return decide_roll_call(context);
    case v1::Command::kDeclareIncident:
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
    case v1::Command::kFileEvaluation: return decide_incident(context);
    case v1::Command::kReportAlarm:
    case v1::Command::kClearAlarm:
    case v1::Command::kReportFault:
    case v1::Command::kReportAlive:
    case v1::Command::kCloseAlarm: return decide_alarm(context);
    case v1::Command::kIssueWarning:
    case v1::Command::kChangeWarning:
    case v1::Command::kApproveWarning:
    case v1::Command::kRefuseWarning:
    case v1::Command::kLiftWarning: return decide_warning(context);
    case v1::Command::kTakeIntake:
    case v1::Command::kCloseIntake: return decide_intake(context);
    case v1::Command::kOpenFeedback:
    case v1::Command::kTriageFeedback:
    case v1::Command::kReplyFeedback:
    case v1::Command::kAdoptFeedback:
    case v1::Command::kDeclineFeedback:
    case v1::Command::kCloseFeedback:
    case v1::Command::kMergeFeedback:
    case v1::Command::kAnswerFeedbackAsk: return decide_feedback(context);
    case v1::Command::KIND_NOT_SET: break;
  }
  return base::Error(v1::ERROR_CODE_UNKNOWN_KIND, "a command this hub does not know");
}

void fire(const Context& context, const Deadlines::Due& due, Draft& draft) {
  switch (due.key.kind) {
    case DeadlineKind::AccessEnds:
      draft.add().mutable_access_expired()->set_account_id(due.key.id);
      return;
    case DeadlineKind::RedactionLapses:
      draft.add().mutable_redaction_lapsed()->set_proposal_id(due.key.id);
      return;
    case DeadlineKind::DutyBoundary: fire_duty(context, due, draft); return;
    case DeadlineKind::OrderRung:
    case DeadlineKind::OrderRepeat:
    case DeadlineKind::OrderMeans:
    case DeadlineKind::OrderProgress:
    case DeadlineKind::OrderDuty: fire_order(context, due, draft); return;
    case DeadlineKind::SpokenUnsigned: fire_spoken(context, due, draft); return;
    case DeadlineKind::IncidentConfirm:
    case DeadlineKind::IncidentOrders:
    case DeadlineKind::IncidentProposal:
    case DeadlineKind::ReportClock: fire_incident(context, due, draft); return;
    case DeadlineKind::HandoverOverdue: fire_handover(context, due, draft); return;
    case DeadlineKind::RollCallEnds: fire_roll_call(context, due, draft); return;
    case DeadlineKind::RosterGap: fire_roster_gap(context, due, draft); return;
    case DeadlineKind::AlarmClears:
    case DeadlineKind::SourceSilent:
    case DeadlineKind::AlarmGroupDue: fire_alarm(context, due, draft); return;
    case DeadlineKind::WarningEnds: fire_warning(context, due, draft); return;
    case DeadlineKind::FeedbackAnswer:
    case DeadlineKind::FeedbackShown:
    case DeadlineKind::FeedbackCloses:
    case DeadlineKind::FeedbackAskEnds: fire_feedback(context, due, draft); return;
  }
}

}  // namespace

base::Result<Decision> decide(const State& state, const Envelope& envelope, base::TimeUs now) {
  const Context context{state, state.rows(), envelope, now};
  if (auto problem = check_actor(context)) return *problem;
  if (auto repeat = find_repeat(context)) return *std::move(repeat);
  if (auto problem = check_envelope(context)) return *problem;
  if (auto problem = check_on_behalf(context)) return *problem;
  return decide_kind(context);
}

base::Result<std::vector<Reading>> check_reading(const State& state, const Envelope& envelope,
                                                 base::TimeUs now) {
  const Context context{state, state.rows(), envelope, now};
  if (auto problem = check_actor(context)) return *problem;
  if (auto problem = check_envelope(context)) return *problem;
  if (envelope.command.has_advance_cursor()) {
    return check_advance_cursor(context, envelope.command.advance_cursor());
  }
  if (envelope.command.has_mark_delivered()) {
    return check_mark_delivered(context, envelope.command.mark_delivered());
  }
  return base::Error(v1::ERROR_CODE_UNKNOWN_KIND, "not about reading");
}

std::optional<base::TimeUs> next_deadline(const State& state) {
  return state.rows().deadlines.next();
}

std::vector<Drafted> fire_deadline(const State& state, base::TimeUs now, std::string salt) {
  const std::optional<Deadlines::Due> due = state.rows().deadlines.first_due(now);
  if (!due) return {};
  Envelope envelope;
  envelope.salt = std::move(salt);
  const Context context{state, state.rows(), envelope, now};
  Draft draft(context);
  fire(context, *due, draft);
  std::vector<Drafted> events = draft.finish().events;
  FENGHUO_CHECK(!events.empty());
  if (clock_is_unconfirmed(state.rows())) {
    for (Drafted& one : events) one.event.set_clock_unconfirmed(true);
  }
  return events;
}

std::vector<Drafted> record_absence(const Absence& absence) {
  std::vector<Drafted> events;
  if (absence.doubt != v1::ClockDoubt::KIND_UNSPECIFIED) {
    v1::ClockDoubted& doubted = *events.emplace_back().event.mutable_clock_doubted();
    doubted.set_kind(absence.doubt);
    doubted.set_hub_us(absence.to_us);
    doubted.set_wall_us(absence.wall_us);
  }
  if (absence.from_us < absence.to_us) {
    v1::OutageRecorded& outage = *events.emplace_back().event.mutable_outage_recorded();
    outage.set_from_us(absence.from_us);
    outage.set_to_us(absence.to_us);
    outage.set_cause(v1::Outage::CAUSE_STOPPED);
  }
  return events;
}

std::vector<Drafted> genesis(const std::string& world_id, const std::string& epoch,
                             const std::string& center_id, v1::WorldCreated::Kind kind) {
  std::vector<Drafted> first(3);
  v1::WorldCreated& world = *first[0].event.mutable_world_created();
  world.set_world_id(world_id);
  world.set_center_id(center_id);
  world.set_kind(kind);
  first[1].event.mutable_epoch_started()->set_epoch(epoch);
  first[2].event.mutable_format_raised()->set_format(known_format);
  return first;
}

bool is_about_orders(const v1::Command& command) {
  switch (command.kind_case()) {
    case v1::Command::kRaiseOrder:
    case v1::Command::kAcceptOrder:
    case v1::Command::kReturnOrder:
    case v1::Command::kDelegateOrder:
    case v1::Command::kFinishOrder:
    case v1::Command::kUnableOrder:
    case v1::Command::kCancelOrder:
    case v1::Command::kChangeOrder:
    case v1::Command::kEscalateOrder:
    case v1::Command::kAnswerGate:
    case v1::Command::kRecordCallResult:
    case v1::Command::kCloseUnaccepted:
    case v1::Command::kEnterSlips: return true;
    // It becomes an order.
    case v1::Command::kOpenFeedback:
      return command.open_feedback().severity() == v1::FEEDBACK_SEVERITY_LIFE;
    default: return false;
  }
}

bool is_urgent(const State& state, const Envelope& envelope) {
  if (is_about_orders(envelope.command)) return true;
  if (!envelope.command.has_post_message()) return false;
  const v1::PostMessage& post = envelope.command.post_message();
  if (post.precedence() != v1::PRECEDENCE_FLASH) return false;
  const v1::Channel* channel = state.channel(post.channel_id());
  if (channel == nullptr) return false;
  return allows(state, envelope.account_id, v1::Grant::VERB_FLASH, object_of(state, *channel))
      .allowed;
}

}  // namespace fenghuo::core
