// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/rules.h"

#include "hub/base/types.h"
#include "tools/replay/casting.h"

#include <array>
#include <cmath>
#include <utility>

namespace fenghuo::replay {
namespace {

constexpr base::TimeUs minute_us = 60 * base::us_per_s;
constexpr const char* plant_unit = "R-201";

base::TimeUs us(double seconds) { return std::llround(seconds * 1e6); }

// The row of this key, made when there is none.
template <typename Rows>
auto& row_of(Rows& rows, const std::string& key) {
  for (auto& row : rows) {
    if (row.key() == key) return row;
  }
  auto& made = *rows.Add();
  made.set_key(key);
  return made;
}

// Primary, deputy, leader; with the leader the duty chief is told to phone.
void set_ladder(const Scenario::Policy& policy, const std::string& chief, v1::Ladder& ladder) {
  ladder.Clear();
  ladder.set_key(ladder_key(policy.id));
  ladder.mutable_name()->set_zh_hans(policy.name.zh);
  ladder.mutable_name()->set_en(policy.name.en);
  ladder.set_accept_within_us(us(policy.accept_s));
  ladder.set_last_wait_us(us(policy.step_s));
  ladder.set_exhausted_repeat_us(us(policy.step_s));
  ladder.set_gate_wait_us(minute_us);
  const std::array standings{v1::Appointment::STANDING_PRIMARY, v1::Appointment::STANDING_DEPUTY,
                             v1::Appointment::STANDING_LEADER};
  for (std::size_t i = 0; i < standings.size(); ++i) {
    v1::Rung& rung = *ladder.add_rungs();
    if (i > 0) rung.set_after_us(us(i == 1 ? policy.accept_s : policy.step_s));
    rung.add_means(v1::MEANS_IN_APP);
    rung.add_targets()->set_standing(standings[i]);
    if (i == 2 && !chief.empty()) rung.add_tell_roles(chief);
  }
}

void set_ladders(const Scenario& scenario, const std::string& chief,
                 v1::Configuration& configuration) {
  auto& by_level = *configuration.mutable_incident_rules()->mutable_ladders();
  for (const auto& policy : scenario.policies) {
    set_ladder(policy, chief, row_of(*configuration.mutable_ladders(), ladder_key(policy.id)));
    // "P-III" is the ladder of orders at that level.
    const v1::Level level =
        policy.id.starts_with("P-") ? level_of(policy.id.substr(2)) : v1::LEVEL_UNSPECIFIED;
    if (level == v1::LEVEL_UNSPECIFIED) continue;
    for (int i = by_level.size(); i-- > 0;) {
      if (by_level.Get(i).level() == level) by_level.DeleteSubrange(i, 1);
    }
    v1::LevelLadder& one = *by_level.Add();
    one.set_level(level);
    one.set_ladder(ladder_key(policy.id));
  }
}

void set_sources(const Scenario& scenario, v1::AlarmRules& rules) {
  for (const auto& event : scenario.events) {
    if (event.action != "sensor.alarm") continue;
    auto& source = row_of(*rules.mutable_sources(), event.actor);
    if (source.channel().empty()) source.set_channel(event.channel);
    source.mutable_name()->set_zh_hans(scenario.actor(event.actor)->name.zh);
    source.mutable_name()->set_en(scenario.actor(event.actor)->name.en);
    auto& point = row_of(*source.mutable_points(), event.word("sensor"));
    point.set_unit(unit_of_point(point.key()));
    point.set_quantity(event.word("kind"));
    point.set_measure(event.word("unit"));
  }
}

// "Two points of one unit within 60 s, held for 25 s": what the hub orders by itself.
void set_combination(const Scenario& scenario, v1::AlarmRules& rules) {
  for (const auto& event : scenario.events) {
    if (event.action != "alert.raise" || event.actor != "sys") continue;
    auto& rule = row_of(*rules.mutable_combinations(), "two-points-of-" + scenario.id);
    rule.clear_units();
    rule.add_units(plant_unit);
    rule.set_points(2);
    rule.set_stage(1);
    rule.set_within_us(minute_us);
    rule.set_hold_us(25 * base::us_per_s);
    rule.set_channel(event.channel);
    rule.clear_roles();
    for (const auto& actor : event.words("to")) rule.add_roles(role_key(scenario, actor));
    rule.set_ladder(ladder_key(event.word("policy")));
    rule.set_kind(v1::Order::KIND_TASK);
    rule.set_aggregate(v1::Order::AGGREGATE_ALL);
    rule.set_precedence(precedence_of(event.priority));
    rule.mutable_text()->set_zh_hans(event.text.zh);
    rule.mutable_text()->set_en(event.text.en);
    return;
  }
}

void set_authorities(const Scenario& scenario, const std::string& chief,
                     v1::Configuration& configuration) {
  configuration.clear_level_authorities();
  const auto* activated = scenario.first("command.activate");
  const auto* requested = scenario.first("level.request");
  const v1::Level above =
      requested == nullptr ? v1::LEVEL_I : level_of(requested->word("to_level"));
  for (const v1::Level level : {v1::LEVEL_IV, v1::LEVEL_III, v1::LEVEL_II, v1::LEVEL_I}) {
    v1::LevelAuthority& one = *configuration.add_level_authorities();
    one.set_level(level);
    if (requested != nullptr && level <= above) {
      one.set_above_role(requested->word("authority") + "/duty");
      continue;
    }
    one.add_decides(level == v1::LEVEL_IV || activated == nullptr
                        ? chief
                        : role_key(scenario, activated->word("commander")));
  }
}

void set_incident_rules(const Scenario& scenario, const std::string& chief,
                        v1::Configuration& configuration) {
  v1::IncidentRules& rules = *configuration.mutable_incident_rules();
  if (const auto* declared = scenario.first("incident.declare")) {
    rules.set_confirming_role(role_key(scenario, declared->word("confirmed_by")));
    rules.set_confirm_within_us(30 * minute_us);
  }
  rules.clear_evaluation_sections();
  for (const auto& [key, name] :
       {std::pair("strengths", "经验做法"), std::pair("weaknesses", "存在问题"),
        std::pair("action_items", "整改措施")}) {
    auto& section = *rules.add_evaluation_sections();
    section.set_key(key);
    section.mutable_name()->set_zh_hans(name);
  }
  set_authorities(scenario, chief, configuration);
}

// What a recorded limit was counted from.
struct Clock {
  v1::ReportRule::Clock kind;
  double from;
};

Clock clock_of(const Scenario& scenario, const Scenario::Event& report) {
  const auto* declared = scenario.first("incident.declare");
  if (report.word("report_kind") == "initial" && declared != nullptr) {
    return {v1::ReportRule::CLOCK_OCCURRED, declared->number("occurred_t").value_or(declared->t)};
  }
  const auto* ended = scenario.first("incident.stand_down");
  if (report.word("report_kind") == "final" && ended != nullptr) {
    return {v1::ReportRule::CLOCK_STAND_DOWN, ended->t};
  }
  double last = 0;
  for (const auto& event : scenario.events) {
    if (event.action == "report.file" && event.seq < report.seq) last = event.t;
  }
  return {v1::ReportRule::CLOCK_LAST_REPORT, last};
}

// The response level when the event happened.
v1::Level level_at(const Scenario& scenario, const Scenario::Event& at) {
  v1::Level level = v1::LEVEL_UNSPECIFIED;
  for (const auto& event : scenario.events) {
    if (event.seq >= at.seq) break;
    if (event.action == "incident.declare") level = level_of(event.word("level"));
    if (event.action == "level.change") level = level_of(event.word("to"));
  }
  return level;
}

void set_reports(const Scenario& scenario, v1::Configuration& configuration) {
  configuration.clear_report_rules();
  for (const auto& event : scenario.events) {
    const auto due = event.number("due_t");
    if (event.action != "report.file" || !due) continue;
    const std::string kind = event.word("report_kind");
    const bool by_phone = event.word("medium") == "phone";
    auto& rule =
        row_of(*configuration.mutable_report_rules(), kind + (by_phone ? "-phone" : "-written"));
    const Clock clock = clock_of(scenario, event);
    rule.set_kind(kind == "initial" ? v1::REPORT_KIND_INITIAL
                  : kind == "final" ? v1::REPORT_KIND_FINAL
                                    : v1::REPORT_KIND_FOLLOW_UP);
    rule.set_medium(by_phone ? v1::REPORT_MEDIUM_PHONE : v1::REPORT_MEDIUM_WRITTEN);
    rule.set_clock(clock.kind);
    rule.set_receiver("市政府、省应急管理厅");
    auto& limit = *rule.add_limits();
    limit.set_level(level_at(scenario, event));
    limit.set_within_us(us(*due - clock.from));
  }
}

void set_warnings(const Scenario& scenario, v1::WarningRules& rules) {
  const auto* issued = scenario.first("warning.issue");
  if (issued == nullptr || issued->word("approved_by").empty()) return;
  rules.clear_approvals();
  auto& approval = *rules.add_approvals();
  // Every colour: the mildest one covers the worse.
  approval.set_colour(v1::Warning::COLOUR_BLUE);
  approval.add_roles(role_key(scenario, issued->word("approved_by")));
}

}  // namespace

v1::Level level_of(const std::string& word) {
  if (word == "I") return v1::LEVEL_I;
  if (word == "II") return v1::LEVEL_II;
  if (word == "III") return v1::LEVEL_III;
  return word == "IV" ? v1::LEVEL_IV : v1::LEVEL_UNSPECIFIED;
}

v1::Precedence precedence_of(const std::string& priority) {
  if (priority == "critical") return v1::PRECEDENCE_FLASH;
  if (priority == "urgent") return v1::PRECEDENCE_IMMEDIATE;
  return priority == "high" ? v1::PRECEDENCE_PRIORITY : v1::PRECEDENCE_ROUTINE;
}

std::string ladder_key(const std::string& policy) {
  std::string key = policy;
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return key;
}

std::string unit_of_point(const std::string& point) {
  // The file does not say it; the notes of the scenario do.
  for (const char* one : {"TI-2103", "GT-117", "GT-203", "PI-2105"}) {
    if (point == one) return plant_unit;
  }
  return {};
}

std::string lost_unit() { return plant_unit; }
std::string lost_point(int n) { return std::string(plant_unit) + "-P" + std::to_string(n); }

void set_rules(const Scenario& scenario, v1::Configuration& configuration) {
  const auto* declared = scenario.first("incident.declare");
  const std::string chief = declared == nullptr ? "" : role_key(scenario, declared->actor);
  configuration.set_duty_chief(chief);
  set_ladders(scenario, chief, configuration);
  set_sources(scenario, *configuration.mutable_alarms());
  set_combination(scenario, *configuration.mutable_alarms());
  set_incident_rules(scenario, chief, configuration);
  set_reports(scenario, configuration);
  set_warnings(scenario, *configuration.mutable_warnings());
}

}  // namespace fenghuo::replay
