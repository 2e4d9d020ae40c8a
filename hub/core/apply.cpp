// SPDX-License-Identifier: Apache-2.0
#include "hub/core/apply.h"

#include "hub/base/check.h"
#include "hub/core/alarm.h"
#include "hub/core/call_desk.h"
#include "hub/core/channels.h"
#include "hub/core/clock_doubt.h"
#include "hub/core/devices.h"
#include "hub/core/directory.h"
#include "hub/core/duty.h"
#include "hub/core/feedback.h"
#include "hub/core/handover.h"
#include "hub/core/incident.h"
#include "hub/core/intake.h"
#include "hub/core/messaging.h"
#include "hub/core/order.h"
#include "hub/core/outage.h"
#include "hub/core/receipts.h"
#include "hub/core/redaction.h"
#include "hub/core/roll_call.h"
#include "hub/core/roster_gap.h"
#include "hub/core/spoken.h"
#include "hub/core/warning.h"

#include <algorithm>
#include <tuple>

namespace fenghuo::core {
namespace {

void apply_kind(State::Rows& rows, const Record& record, Effects& effects) {
  const v1::Event& event = record.event;
  switch (event.kind_case()) {
    case v1::Event::kWorldCreated: rows.world = event.world_created(); return;
    case v1::Event::kEpochStarted: rows.epoch = event.epoch_started(); return;
    case v1::Event::kFormatRaised: rows.format = event.format_raised().format(); return;
    case v1::Event::kPlanApplied: apply_plan_applied(rows, event.plan_applied()); return;
    case v1::Event::kDepartmentSet: apply_department_set(rows, record, effects); return;
    case v1::Event::kRoleSet: apply_role_set(rows, record, effects); return;
    case v1::Event::kAccountSet: apply_account_set(rows, record, effects); return;
    case v1::Event::kContactSet: apply_contact_set(rows, record); return;
    case v1::Event::kAppointmentSet: apply_appointment_set(rows, record, effects); return;
    case v1::Event::kCredentialSet: apply_credential_set(rows, event.credential_set()); return;
    case v1::Event::kTokenIssued: apply_token_issued(rows, record); return;
    case v1::Event::kTokenRevoked:
      apply_token_revoked(rows, event.token_revoked(), effects);
      return;
    case v1::Event::kAccessExpired: apply_access_expired(rows, record, effects); return;
    case v1::Event::kChannelSet: apply_channel_set(rows, record, effects); return;
    case v1::Event::kLegalHoldSet:
      apply_legal_hold_set(rows, event.legal_hold_set(), effects);
      return;
    case v1::Event::kMessagePosted: apply_message_posted(rows, record, effects); return;
    case v1::Event::kMessageEdited: apply_message_edited(rows, record, effects); return;
    case v1::Event::kMessageRetracted: apply_message_retracted(rows, record, effects); return;
    case v1::Event::kRedactionProposed: apply_redaction_proposed(rows, record); return;
    case v1::Event::kRedactionLapsed:
      apply_redaction_lapsed(rows, event.redaction_lapsed());
      return;
    case v1::Event::kBodiesErased: apply_bodies_erased(rows, record, effects); return;
    case v1::Event::kMessageAcknowledged: apply_message_acknowledged(rows, record, effects); return;
    case v1::Event::kCursorsAdvanced: apply_cursors_advanced(rows, record, effects); return;
    case v1::Event::kMessagesDelivered: apply_messages_delivered(rows, record, effects); return;
    case v1::Event::kShiftSet:
    case v1::Event::kOverrideSet:
    case v1::Event::kDutyChanged: apply_duty(rows, record); return;
    case v1::Event::kHandoverProposed:
    case v1::Event::kHandoverAccepted:
    case v1::Event::kHandoverWithdrawn:
    case v1::Event::kDutyTakenOver:
    case v1::Event::kHandoverOverdue: apply_handover(rows, record); return;
    case v1::Event::kRosterGapFound:
    case v1::Event::kRosterGapClosed: apply_roster_gap(rows, record); return;
    case v1::Event::kRollCallStarted:
    case v1::Event::kRollCallAnswered:
    case v1::Event::kRollCallEnded: apply_roll_call(rows, record); return;
    case v1::Event::kAlarmOpened:
    case v1::Event::kAlarmRepeated:
    case v1::Event::kAlarmClearProposed:
    case v1::Event::kAlarmPointsFound:
    case v1::Event::kAlarmCleared:
    case v1::Event::kAlarmCloseProposed:
    case v1::Event::kAlarmClosed:
    case v1::Event::kAlarmCollapsed:
    case v1::Event::kSourceHeard:
    case v1::Event::kAlarmGroupHeld:
    case v1::Event::kAlarmJoined:
    case v1::Event::kAlarmGroupEnded: apply_alarm(rows, record); return;
    case v1::Event::kWarningProposed:
    case v1::Event::kWarningIssued:
    case v1::Event::kWarningRefused:
    case v1::Event::kWarningLifted:
    case v1::Event::kWarningExpired:
    case v1::Event::kWarningFiled: apply_warning(rows, record); return;
    case v1::Event::kIntakeTaken:
    case v1::Event::kIntakeClosed: apply_intake(rows, record); return;
    case v1::Event::kFeedbackOpened:
    case v1::Event::kFeedbackMadeUrgent:
    case v1::Event::kFeedbackShown:
    case v1::Event::kFeedbackTriaged:
    case v1::Event::kFeedbackReplied:
    case v1::Event::kFeedbackOverdue:
    case v1::Event::kFeedbackAdopted:
    case v1::Event::kFeedbackDeclined:
    case v1::Event::kFeedbackClosed:
    case v1::Event::kFeedbackMerged:
    case v1::Event::kFeedbackAsked:
    case v1::Event::kFeedbackAskEnded: apply_feedback(rows, record); return;
    case v1::Event::kConfigurationSet: apply_configuration_set(rows, record); return;
    case v1::Event::kOrderRaised:
    case v1::Event::kLadderStepped:
    case v1::Event::kGateAsked:
    case v1::Event::kGateClosed:
    case v1::Event::kLadderExhausted:
    case v1::Event::kOrderRepeated:
    case v1::Event::kLadderResolved:
    case v1::Event::kOrderObserved:
    case v1::Event::kOrderAnswered:
    case v1::Event::kOrderTurned:
    case v1::Event::kOrderChanged:
    case v1::Event::kOrderEnded:
    case v1::Event::kOrderRetimed:
    case v1::Event::kEvidenceJoined:
    case v1::Event::kProgressAsked:
    case v1::Event::kNotifyStarted:
    case v1::Event::kLatenessExplained:
    case v1::Event::kExplanationConfirmed: return apply_order(rows, record);
    case v1::Event::kCallItemJoined:
    case v1::Event::kCallItemOpened:
    case v1::Event::kCallResultRecorded:
    case v1::Event::kCallItemClosed: return apply_call_desk(rows, record);
    case v1::Event::kSpokenRecorded:
    case v1::Event::kSpokenAnswered:
    case v1::Event::kSpokenOverdue: return apply_spoken(rows, record);
    case v1::Event::kOutageRecorded:
    case v1::Event::kOutageClosed:
    case v1::Event::kSlipsEntered: return apply_outage(rows, record);
    case v1::Event::kClockDoubted:
    case v1::Event::kClockAccepted: return apply_clock(rows, record);
    case v1::Event::kIncidentDeclared:
    case v1::Event::kLevelConfirmed:
    case v1::Event::kLevelConfirmationOverdue:
    case v1::Event::kPhaseChanged:
    case v1::Event::kCommandActivated:
    case v1::Event::kGroupsFormed:
    case v1::Event::kCasualtiesChanged:
    case v1::Event::kLevelProposed:
    case v1::Event::kLevelDecided:
    case v1::Event::kLevelRequested:
    case v1::Event::kLevelReplyReminded:
    case v1::Event::kBreakGlassConfirmed:
    case v1::Event::kBreakGlassOverdue:
    case v1::Event::kReportOpened:
    case v1::Event::kReportReminded:
    case v1::Event::kReportOverdue:
    case v1::Event::kReportRetimed:
    case v1::Event::kReportFiled:
    case v1::Event::kVoidProposed:
    case v1::Event::kIncidentVoided:
    case v1::Event::kIncidentsMerged:
    case v1::Event::kStoodDown:
    case v1::Event::kTemplateOrderRaised:
    case v1::Event::kEvaluationFiled: apply_incident(rows, record); return;
    case v1::Event::KIND_NOT_SET: break;
  }
  // A kind of a later format: whoever opens the log refuses before it comes here.
  FENGHUO_CHECK(false && "a record of a kind this program does not know");
}

// Whether it may change who holds a role.
bool moves_duty(const v1::Event& event) {
  return event.has_shift_set() || event.has_override_set() || event.has_duty_changed() ||
         event.has_appointment_set() || event.has_account_set() || event.has_access_expired() ||
         event.has_role_set() || event.has_department_set();
}

// Whose holders may have changed; 0 = anybody's.
base::EntityId role_moved(const v1::Event& event) {
  if (event.has_shift_set()) return event.shift_set().shift().role_id();
  if (event.has_override_set()) return event.override_set().override().role_id();
  if (event.has_duty_changed()) return event.duty_changed().role_id();
  if (event.has_appointment_set()) return event.appointment_set().appointment().role_id();
  return 0;
}

}  // namespace

void Effects::clear() {
  memberships.clear();
  ended_accounts.clear();
  ended_tokens.clear();
  timeline.clear();
  erased.clear();
  changed_channels.clear();
  recounts.clear();
  receipts.clear();
}

void apply(State& state, const Record& record, Effects& effects) {
  State::Rows& rows = state.rows();
  FENGHUO_CHECK(record.position == rows.position + 1);
  effects.clear();
  rows.position = record.position;
  rows.time_us = record.time_us;
  apply_kind(rows, record, effects);
  if (moves_duty(record.event)) refresh_orders(rows, role_moved(record.event));
  remember(rows, record);
  // One row is enough for each cursor, whatever moved it.
  const auto key = [](const Effects::Recount& one) {
    return std::tuple(one.account_id, one.channel_id, one.thread_root_id);
  };
  auto& all = effects.recounts;
  std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  all.erase(std::unique(all.begin(), all.end(),
                        [&](const auto& a, const auto& b) { return key(a) == key(b); }),
            all.end());
}

}  // namespace fenghuo::core
