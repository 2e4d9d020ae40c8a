// SPDX-License-Identifier: Apache-2.0
#include "hub/core/project.h"
#include "tests/support/random_center.h"

#include <iterator>
#include <utility>

namespace fenghuo::testing {
namespace {

constexpr const char* commanders[] = {"chief", "second", "chief", "second", "fang", "feng"};

v1::Level level(std::uint64_t number) { return static_cast<v1::Level>(1 + number); }

}  // namespace

void RandomCenter::add_incident_rules(v1::Plan& plan) {
  plan.mutable_roles(0)->set_command_seat(true);
  plan.mutable_roles(1)->set_command_seat(plans_ == 1 || chance(50));
  v1::Configuration& rules = *plan.mutable_configuration();
  v1::IncidentTemplate& fire = *rules.add_incident_templates();
  fire.set_key("fire");
  fire.add_departments("fire");
  fire.set_commander("eoc/second");
  v1::GroupTemplate& group = *fire.add_groups();
  group.set_key("water");
  group.mutable_name()->set_en("Water");
  group.set_lead("water/liaison");
  v1::OrderTemplate& order = *fire.add_orders();
  order.set_text("here");
  order.add_to("fire/liaison");
  for (int i = 1; i <= 4; ++i) {
    v1::LevelAuthority& authority = *rules.add_level_authorities();
    authority.set_level(static_cast<v1::Level>(i));
    authority.add_decides(i % 2 == 0 ? "eoc/chief" : "eoc/second");
    if (i == 1) authority.set_above_role("fire/liaison");
    authority.set_reply_within_us(60 * base::us_per_s);
  }
  rules.mutable_incident_rules()->set_confirming_role("eoc/second");
  rules.mutable_incident_rules()->set_confirm_within_us(100 * base::us_per_s);
  rules.mutable_incident_rules()->set_break_glass_confirm_within_us(30 * base::us_per_s);
  for (int clock = 1; clock <= 4; ++clock) {
    v1::ReportRule& rule = *rules.add_report_rules();
    rule.set_key("report-" + std::to_string(clock));
    rule.set_kind(static_cast<v1::ReportKind>(clock == 1 ? 1 : clock - 1));
    rule.set_clock(static_cast<v1::ReportRule::Clock>(clock));
    for (int i = 1; i <= 4; ++i) {
      v1::ReportRule::Limit& limit = *rule.add_limits();
      limit.set_level(static_cast<v1::Level>(i));
      limit.set_within_us((10 + 40 * i * clock) * base::us_per_s);
    }
  }
}

RandomCenter::Act RandomCenter::declare(const core::State& state, base::TimeUs now) {
  Act act{state.account_by_key(chance(90) ? "chief" : "second")->id(), {}};
  v1::DeclareIncident& one = *act.command.mutable_declare_incident();
  one.set_title(text("fire"));
  one.set_category(v1::INCIDENT_CATEGORY_ACCIDENT);
  one.set_level(level(pick(4)));
  if (chance(70)) one.set_response_level(level(pick(4)));
  one.set_occurred_us(now - static_cast<base::TimeUs>(pick(100)) * base::us_per_s);
  if (chance(60)) one.set_template_("fire");
  if (chance(40)) one.mutable_casualties()->set_missing(2);
  return act;
}

// Any row of the kind that the account sees.
v1::Snapshot RandomCenter::rows_seen(const core::State& state, base::EntityId account_id,
                                     v1::RowKind kind) {
  v1::ListQuery query;
  query.set_kind(kind);
  query.set_limit(1 + static_cast<std::uint32_t>(pick(8)));
  return core::list_for(state, account_id, query);
}

RandomCenter::Act RandomCenter::about_incident(const core::State& state, base::TimeUs now) {
  if (chance(15)) return declare(state, now);
  Act act{state.account_by_key(commanders[pick(std::size(commanders))])->id(), {}};
  const v1::Snapshot seen = rows_seen(state, act.account_id, v1::ROW_KIND_INCIDENT);
  if (seen.incidents().empty()) return declare(state, now);
  const v1::Incident& incident = *(seen.incidents().end() - 1);
  if (incident.has_void_proposal() && chance(50)) {
    act.command.mutable_confirm_void()->set_incident_id(incident.id());
    act.command.mutable_confirm_void()->set_seen_revision(incident.revision());
    return act;
  }
  if (chance(20)) return about_report(state, incident, std::move(act));
  if (chance(30)) return about_level(incident, std::move(act));
  switch (pick(7)) {
    case 0: {
      v1::ChangePhase& one = *act.command.mutable_change_phase();
      one.set_incident_id(incident.id());
      one.set_seen_revision(incident.revision());
      one.set_phase(static_cast<v1::IncidentPhase>(1 + pick(6)));
      one.set_reason(text("phase"));
      return act;
    }
    case 1: {
      v1::ActivateCommand& one = *act.command.mutable_activate_command();
      one.set_incident_id(incident.id());
      one.set_seen_revision(incident.revision());
      one.mutable_on_scene()->set_account_id(any_account(state));
      return act;
    }
    case 2: {
      v1::FormGroups& one = *act.command.mutable_form_groups();
      one.set_incident_id(incident.id());
      v1::FormGroups::NewGroup& group = *one.add_groups();
      group.set_key("group-" + std::to_string(++words_));
      group.mutable_name()->set_en("Group");
      group.add_account_ids(any_account(state));
      return act;
    }
    case 3: {
      v1::ChangeCasualties& one = *act.command.mutable_change_casualties();
      one.set_incident_id(incident.id());
      one.set_seen_revision(incident.casualties().revision());
      one.set_injured(static_cast<std::uint32_t>(pick(20)));
      one.set_source(text("count"));
      return act;
    }
    case 4: {
      act.command.mutable_propose_void()->set_incident_id(incident.id());
      act.command.mutable_propose_void()->set_reason(text("void"));
      return act;
    }
    case 5: {
      v1::MergeIncidents& one = *act.command.mutable_merge_incidents();
      one.set_incident_id(incident.id());
      one.set_seen_revision(incident.revision());
      one.set_into_id(seen.incidents(0).id());
      one.set_reason(text("same"));
      return act;
    }
    default: return end_of(incident, std::move(act));
  }
}

RandomCenter::Act RandomCenter::end_of(const v1::Incident& incident, Act act) {
  if (incident.state() == v1::Incident::STATE_STOOD_DOWN) {
    act.command.mutable_file_evaluation()->set_incident_id(incident.id());
    act.command.mutable_file_evaluation()->set_text(text("lesson"));
    return act;
  }
  v1::StandDown& one = *act.command.mutable_stand_down();
  one.set_incident_id(incident.id());
  one.set_seen_revision(incident.revision());
  one.set_reason(text("over"));
  v1::Waiver& waiver = *one.add_waivers();
  waiver.set_kind(v1::Waiver::KIND_MISSING_PERSONS);
  waiver.set_reason(text("found"));
  return act;
}

RandomCenter::Act RandomCenter::about_level(const v1::Incident& incident, Act act) {
  const auto proposal = static_cast<std::uint32_t>(incident.proposals_size());
  std::uint64_t dice = proposal == 0 ? pick(2) : pick(7);
  const bool is_alone = proposal != 0 && (incident.proposals().end() - 1)->break_glass();
  if (is_alone && chance(50)) dice = 2;
  const bool is_grave = proposal != 0 && (incident.proposals().end() - 1)->level() == v1::LEVEL_I;
  if (is_grave && chance(50)) dice = 3;
  if (incident.provisional() && chance(20)) dice = 5;
  if (dice == 0) {
    v1::ProposeLevel& one = *act.command.mutable_propose_level();
    one.set_incident_id(incident.id());
    one.set_seen_revision(incident.revision());
    one.set_level(chance(50) ? v1::LEVEL_I : level(pick(4)));
    one.set_response_level(level(pick(4)));
    one.set_reason(text("level"));
  } else if (dice == 1) {
    v1::BreakGlass& one = *act.command.mutable_break_glass();
    one.set_incident_id(incident.id());
    one.set_seen_revision(incident.revision());
    one.set_response_level(level(pick(4)));
    one.set_reason(text("alone"));
  } else if (dice == 2) {
    act.command.mutable_confirm_break_glass()->set_incident_id(incident.id());
    act.command.mutable_confirm_break_glass()->set_proposal(proposal);
  } else if (dice == 3) {
    act.command.mutable_request_level()->set_incident_id(incident.id());
    act.command.mutable_request_level()->set_proposal(proposal);
  } else if (dice == 4) {
    v1::AnswerRequest& one = *act.command.mutable_answer_request();
    one.set_incident_id(incident.id());
    one.set_proposal(proposal);
    one.set_approve(chance(60));
    one.set_reason(text("answer"));
  } else if (dice == 5) {
    act.command.mutable_confirm_level()->set_incident_id(incident.id());
    act.command.mutable_confirm_level()->set_seen_revision(incident.revision());
  } else {
    v1::DecideLevel& one = *act.command.mutable_decide_level();
    one.set_incident_id(incident.id());
    one.set_seen_revision(incident.revision());
    one.set_proposal(proposal);
    one.set_approve(chance(70));
    one.set_reason(text("decided"));
  }
  return act;
}

RandomCenter::Act RandomCenter::about_report(const core::State& state, const v1::Incident& incident,
                                             Act act) {
  v1::FileReport& one = *act.command.mutable_file_report();
  one.set_incident_id(incident.id());
  const v1::Snapshot seen = rows_seen(state, act.account_id, v1::ROW_KIND_REPORT);
  for (const v1::Report& report : seen.reports()) {
    if (report.incident_id() == incident.id()) one.set_report_id(report.id());
  }
  one.set_kind(static_cast<v1::ReportKind>(1 + pick(3)));
  one.set_medium(v1::REPORT_MEDIUM_PHONE);
  v1::FileReport::Field& field = *one.add_fields();
  field.set_key(chance(50) ? "cause" : "place");
  field.set_pending(chance(30));
  field.set_value(text("known"));
  return act;
}

}  // namespace fenghuo::testing
