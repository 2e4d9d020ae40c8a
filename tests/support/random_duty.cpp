// SPDX-License-Identifier: Apache-2.0
#include "hub/core/rows.h"
#include "tests/support/random_center.h"

#include <utility>

namespace fenghuo::testing {
namespace {

constexpr base::TimeUs second = base::us_per_s;
constexpr const char* points[] = {"T-1", "T-2", "T-1", "T-2", "G-1", "L-9"};

template <typename Row>
const Row* any_row(const core::Table<Row>& table, std::uint64_t at) {
  if (table.empty()) return nullptr;
  return (table.begin() + static_cast<std::ptrdiff_t>(at % table.size()))->row.get();
}

}  // namespace

void RandomCenter::add_coordination(v1::Plan& plan) {
  v1::Configuration& configuration = *plan.mutable_configuration();
  configuration.mutable_duty()->set_handover_overdue_us(60 * second);
  configuration.mutable_duty()->set_roster_gap_lead_us(120 * second);
  configuration.mutable_duty()->set_handover_at_shift_end(chance(50));
  v1::AlarmRules& alarms = *configuration.mutable_alarms();
  alarms.set_quiet_us(30 * second);
  alarms.set_storm_reports(2);
  alarms.set_storm_within_us(600 * second);
  v1::AlarmRules::SourceRule& source = *alarms.add_sources();
  source.set_key("dcs");
  source.set_channel("fire");
  source.set_silent_after_us(90 * second);
  source.set_repeats(chance(30));
  for (const char* key : {"T-1", "T-2"}) {
    v1::AlarmRules::Point& point = *source.add_points();
    point.set_key(key);
    point.set_unit("R-201");
    for (int stage = 1; stage <= 2; ++stage) {
      auto& threshold = *point.add_thresholds();
      threshold.set_stage(static_cast<std::uint32_t>(stage));
      threshold.mutable_value()->set_digits(stage * 10);
    }
  }
  v1::AlarmRules::CombinationRule& rule = *alarms.add_combinations();
  rule.set_key("two");
  rule.set_points(2);
  rule.set_stage(1);
  rule.set_within_us(60 * second);
  rule.set_hold_us(20 * second);
  rule.set_channel("all");
  rule.add_roles("eoc/second");
  rule.mutable_text()->set_en("two points");
  v1::WarningRules& warnings = *configuration.mutable_warnings();
  warnings.set_listed_us(120 * second);
  v1::WarningRules::Approval& approval = *warnings.add_approvals();
  approval.set_colour(v1::Warning::COLOUR_ORANGE);
  approval.add_roles("eoc/second");
}

RandomCenter::Act RandomCenter::about_duty(const core::State& state, base::TimeUs now) {
  const core::State::Rows& rows = state.rows();
  Act act;
  switch (pick(6)) {
    case 0:
    case 1:
    case 2: return roster(state, now);
    case 3: {
      if (const v1::RollCall* call = any_row(rows.roll_calls, pick(100)); call && chance(60)) {
        const auto at = static_cast<int>(pick(static_cast<std::uint64_t>(call->rows_size())));
        const v1::RollCall::Row& row = call->rows(at);
        if (row.account_id() != 0) act.account_id = row.account_id();
        act.command.mutable_answer_roll_call()->set_roll_call_id(call->id());
        act.command.mutable_answer_roll_call()->set_role_id(row.role_id());
      } else {
        act.account_id = state.account_by_key("second")->id();
        act.command.mutable_start_roll_call()->set_until_us(now + 60 * second);
      }
      return act;
    }
    default: return about_handover(state, now);
  }
}

RandomCenter::Act RandomCenter::about_handover(const core::State& state, base::TimeUs) {
  const core::State::Rows& rows = state.rows();
  Act act;
  const v1::Handover* open = nullptr;
  for (const auto& entry : rows.handovers) {
    if (entry.row->state() == v1::Handover::STATE_PROPOSED) open = entry.row.get();
  }
  if (open != nullptr && chance(60)) {
    if (chance(50)) {
      act.account_id = open->to_account_id();
      v1::AcceptHandover& one = *act.command.mutable_accept_handover();
      one.set_handover_id(open->id());
      one.set_seen_revision(open->revision());
      one.set_read_through(state.position());
    } else {
      act.account_id = open->from_account_id();
      v1::WithdrawHandover& one = *act.command.mutable_withdraw_handover();
      one.set_handover_id(open->id());
      one.set_seen_revision(open->revision());
      one.set_reason("stays");
    }
    return act;
  }
  // To anybody, for a role he is appointed to.
  const base::EntityId to = any_account(state);
  const auto& appointments = rows.of(to).appointments;
  const base::EntityId role_id =
      appointments.empty() ? 0 : appointments[pick(appointments.size())].role_id();
  const auto standing = static_cast<v1::Appointment::Standing>(1 + pick(3));
  act.account_id = chance(70) ? 0 : any_account(state);
  if (chance(30)) {
    v1::TakeOver& one = *act.command.mutable_take_over();
    one.set_role_id(role_id);
    one.set_standing(standing);
    one.set_to_account_id(to);
    one.set_reason("cannot be reached");
  } else {
    v1::ProposeHandover& one = *act.command.mutable_propose_handover();
    one.set_role_id(role_id);
    one.set_standing(standing);
    one.set_to_account_id(to);
  }
  return act;
}

RandomCenter::Act RandomCenter::about_alarm(const core::State& state, base::TimeUs) {
  Act act;
  act.account_id = state.account_by_key("sensor")->id();
  const char* key = points[pick(std::size(points))];
  switch (pick(8)) {
    case 0:
      act.command.mutable_clear_alarm()->set_source("dcs");
      act.command.mutable_clear_alarm()->set_key(key);
      act.command.mutable_clear_alarm()->set_fault(chance(30));
      return act;
    case 1:
      act.command.mutable_report_fault()->set_source("dcs");
      act.command.mutable_report_fault()->add_keys(key);
      return act;
    case 2: act.command.mutable_report_alive()->set_source("dcs"); return act;
    case 3:
      if (const v1::Alarm* alarm = any_row(state.rows().alarms, pick(100))) {
        act.account_id = state.account_by_key(chance(50) ? "second" : "chief")->id();
        if (chance(30)) act.account_id = 0;
        act.command.mutable_close_alarm()->set_alarm_id(alarm->id());
        act.command.mutable_close_alarm()->set_seen_revision(alarm->revision());
        act.command.mutable_close_alarm()->set_reason("welding");
        return act;
      }
      [[fallthrough]];
    default: {
      v1::ReportAlarm& one = *act.command.mutable_report_alarm();
      one.set_source("dcs");
      one.set_key(key);
      one.mutable_value()->set_digits(static_cast<std::int64_t>(pick(30)));
      if (key[0] != 'T') one.set_stage(static_cast<std::uint32_t>(1 + pick(2)));
      return act;
    }
  }
}

RandomCenter::Act RandomCenter::about_warning(const core::State& state, base::TimeUs now) {
  const core::State::Rows& rows = state.rows();
  Act act;
  act.account_id = state.account_by_key(chance(50) ? "second" : "chief")->id();
  v1::Warning::Content content;
  content.set_colour(static_cast<v1::Warning::Colour>(1 + pick(4)));
  content.set_kind("storm");
  content.set_area("the park");
  content.set_until_us(now + static_cast<base::TimeUs>(1 + pick(200)) * second);
  const v1::Warning* known = any_row(rows.warnings, pick(100));
  const v1::Intake* intake = any_row(rows.intakes, pick(100));
  const std::uint64_t dice = pick(8);
  if (dice == 0 && known != nullptr) {
    act.command.mutable_change_warning()->set_warning_id(known->id());
    act.command.mutable_change_warning()->set_seen_revision(known->revision());
    *act.command.mutable_change_warning()->mutable_content() = content;
  } else if (dice == 1 && known != nullptr) {
    act.command.mutable_approve_warning()->set_warning_id(known->id());
    act.command.mutable_approve_warning()->set_seen_revision(known->revision());
  } else if (dice == 2 && known != nullptr) {
    act.command.mutable_lift_warning()->set_warning_id(known->id());
    act.command.mutable_lift_warning()->set_seen_revision(known->revision());
    act.command.mutable_lift_warning()->set_reason("over");
  } else if (dice == 3 && known != nullptr) {
    act.command.mutable_refuse_warning()->set_warning_id(known->id());
    act.command.mutable_refuse_warning()->set_seen_revision(known->revision());
    act.command.mutable_refuse_warning()->set_reason("wrong");
  } else if (dice == 4 && intake != nullptr) {
    act.account_id = intake->recorder_id();
    act.command.mutable_close_intake()->set_intake_id(intake->id());
    act.command.mutable_close_intake()->set_seen_revision(intake->revision());
    act.command.mutable_close_intake()->set_nothing(true);
    act.command.mutable_close_intake()->set_reason("steam");
  } else if (dice < 7) {
    *act.command.mutable_issue_warning()->mutable_content() = content;
  } else {
    act.account_id = any_account(state);
    const auto channel = any_channel_of(state, act.account_id);
    v1::TakeIntake& one = *act.command.mutable_take_intake();
    one.set_channel_id(channel.value_or(0));
    one.mutable_caller()->set_number("13900000000");
    one.set_content(text("smoke"));
    one.set_medium(v1::OnBehalf::MEDIUM_PHONE);
  }
  return act;
}

}  // namespace fenghuo::testing
