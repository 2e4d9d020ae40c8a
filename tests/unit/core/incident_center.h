// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/unit/core/fixture.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::testing {

// The center of CoreTest, with what a configuration says about incidents. "eoc/chief" (chief) and
// "eoc/second" (second, who is on duty) are command seats; "eoc/mayor" (mayor) decides level III
// and confirms; "eoc/chief" decides level IV; II lies with the province: "province/duty"
// (province), a contact "province-room" for I. Template "chemical": the liaisons as members, the
// groups "rescue" (led by fire/liaison) and "water" (led by water/liaison). Reports: by phone
// within 30 min of the occurrence (III; II 15), written within 60 min of reception (III, IV),
// follow-ups every 2 h (III; II 1 h), the final one 24 h after the stand-down (III, IV). Template
// "flood": one order to fire/liaison, another that names nobody. Orders go by the ladder "calm"
// (deputy after 10 min), at II by "quick" (after 3 min).
class IncidentTest : public CoreTest {
 protected:
  static constexpr base::TimeUs minute = 60 * base::us_per_s;
  static constexpr base::TimeUs hour = 60 * minute;

  IncidentTest() {
    v1::Command command;
    *command.mutable_apply_plan()->mutable_plan() = plan_with_rules();
    FENGHUO_CHECK(center.submit(0, command).has_value());
  }

  static v1::Plan plan_with_rules() {
    v1::Plan all = plan();
    auto& province = *all.add_departments();
    province.set_key("province");
    province.mutable_name()->set_en("Province");
    for (auto& one : *all.mutable_roles()) {
      if (one.key() == "eoc/chief" || one.key() == "eoc/second") one.set_command_seat(true);
    }
    for (auto& one : *all.mutable_accounts()) {
      if (one.key() != "second" && one.key() != "fang") continue;
      one.mutable_appointments(0)->set_standing(v1::Appointment::STANDING_PRIMARY);
    }
    role(all, "eoc/mayor", "eoc");
    role(all, "province/duty", "province");
    account(all, "mayor", {"eoc/mayor"})
        .mutable_appointments(0)
        ->set_standing(v1::Appointment::STANDING_PRIMARY);
    account(all, "province", {"province/duty"});
    auto& contact = *all.add_contacts();
    contact.set_key("province-room");
    contact.mutable_name()->set_en("Duty room of the province");
    set_rules(*all.mutable_configuration());
    return all;
  }

  static void set_rules(v1::Configuration& rules) {
    auto& chemical = *rules.add_incident_templates();
    chemical.set_key("chemical");
    chemical.set_category(v1::INCIDENT_CATEGORY_ACCIDENT);
    chemical.set_type("危险化学品爆炸");
    chemical.add_roles("fire/liaison");
    chemical.add_roles("water/liaison");
    chemical.add_roles("nobody/knows-this-one");
    chemical.set_commander("eoc/mayor");
    for (const auto& [key, lead] :
         {std::pair("rescue", "fire/liaison"), std::pair("water", "water/liaison")}) {
      auto& group = *chemical.add_groups();
      group.set_key(key);
      group.mutable_name()->set_en(key);
      group.set_lead(lead);
    }
    auto& four = *rules.add_level_authorities();
    four.set_level(v1::LEVEL_IV);
    four.add_decides("eoc/chief");
    auto& three = *rules.add_level_authorities();
    three.set_level(v1::LEVEL_III);
    three.add_decides("eoc/mayor");
    auto& two = *rules.add_level_authorities();
    two.set_level(v1::LEVEL_II);
    two.set_above_role("province/duty");
    two.set_reply_within_us(10 * minute);
    auto& one = *rules.add_level_authorities();
    one.set_level(v1::LEVEL_I);
    one.set_above_contact("province-room");
    rules.mutable_incident_rules()->set_confirming_role("eoc/mayor");
    rules.mutable_incident_rules()->set_confirm_within_us(20 * minute);
    auto& section = *rules.mutable_incident_rules()->add_evaluation_sections();
    section.set_key("lessons");
    section.mutable_name()->set_zh_hans("经验教训");
    set_reports(rules);
    set_orders(rules);
  }

  static void set_orders(v1::Configuration& rules) {
    for (const auto& [key, minutes] : {std::pair("calm", 10), std::pair("quick", 3)}) {
      v1::Ladder& ladder = *rules.add_ladders();
      ladder.set_key(key);
      ladder.set_last_wait_us(minutes * minute);
      ladder.set_exhausted_repeat_us(hour);
      ladder.set_gate_wait_us(minute);
      for (const int after : {0, minutes}) {
        v1::Rung& rung = *ladder.add_rungs();
        rung.set_after_us(after * minute);
        rung.add_means(v1::MEANS_IN_APP);
        rung.add_targets()->set_standing(after == 0 ? v1::Appointment::STANDING_PRIMARY
                                                    : v1::Appointment::STANDING_DEPUTY);
      }
    }
    for (const auto& [level, key] :
         {std::pair(v1::LEVEL_IV, "calm"), std::pair(v1::LEVEL_III, "calm"),
          std::pair(v1::LEVEL_II, "quick")}) {
      v1::LevelLadder& one = *rules.mutable_incident_rules()->add_ladders();
      one.set_level(level);
      one.set_ladder(key);
    }
    v1::IncidentTemplate& flood = *rules.add_incident_templates();
    flood.set_key("flood");
    flood.add_roles("fire/liaison");
    v1::OrderTemplate& order = *flood.add_orders();
    order.set_text("立即到位");
    order.add_to("fire/liaison");
    order.set_task(true);
    order.set_done_within_us(hour);
    order.set_precedence(v1::PRECEDENCE_IMMEDIATE);
    flood.add_orders()->set_text("没有收件人");
  }

  static void set_reports(v1::Configuration& rules) {
    const auto rule =
        [&rules](
            const char* key, v1::ReportKind kind, v1::ReportRule::Clock clock,
            std::initializer_list<std::pair<v1::Level, base::TimeUs>> limits) -> v1::ReportRule& {
      auto& one = *rules.add_report_rules();
      one.set_key(key);
      one.set_kind(kind);
      one.set_medium(v1::REPORT_MEDIUM_WRITTEN);
      one.set_clock(clock);
      one.set_receiver("省应急管理厅");
      for (const auto& [level, within] : limits) {
        auto& limit = *one.add_limits();
        limit.set_level(level);
        limit.set_within_us(within);
      }
      return one;
    };
    auto& phone = rule("phone", v1::REPORT_KIND_INITIAL, v1::ReportRule::CLOCK_OCCURRED,
                       {{v1::LEVEL_III, 30 * minute}, {v1::LEVEL_II, 15 * minute}});
    phone.set_medium(v1::REPORT_MEDIUM_PHONE);
    auto& written = rule("written", v1::REPORT_KIND_INITIAL, v1::ReportRule::CLOCK_RECEIVED,
                         {{v1::LEVEL_III, hour}, {v1::LEVEL_IV, hour}});
    for (const auto& [key, name] : {std::pair("place", "事发地点"), std::pair("cause", "起因")}) {
      auto& field = *written.add_required();
      field.set_key(key);
      field.mutable_name()->set_zh_hans(name);
    }
    rule("follow-up", v1::REPORT_KIND_FOLLOW_UP, v1::ReportRule::CLOCK_LAST_REPORT,
         {{v1::LEVEL_III, 2 * hour}, {v1::LEVEL_II, hour}});
    rule("final", v1::REPORT_KIND_FINAL, v1::ReportRule::CLOCK_STAND_DOWN,
         {{v1::LEVEL_III, 24 * hour}, {v1::LEVEL_IV, 24 * hour}});
  }

  v1::Command declare(v1::Level level = v1::LEVEL_III, const std::string& plan = "chemical") const {
    v1::Command command;
    auto& one = *command.mutable_declare_incident();
    one.set_title("澄远化工爆炸");
    one.set_category(v1::INCIDENT_CATEGORY_ACCIDENT);
    one.set_level(level);
    one.set_response_level(level);
    one.set_occurred_us(center.now() - minute);
    one.set_received_us(center.now());
    one.set_template_(plan);
    return command;
  }

  // Declares as the duty chief; the id.
  base::EntityId declared(v1::Level level = v1::LEVEL_III, const std::string& plan = "chemical") {
    const auto done = does("chief", declare(level, plan));
    FENGHUO_CHECK(done.has_value());
    return done->id();
  }

  // The row as somebody sees it by asking for it; empty if he does not.
  v1::Incident incident(base::EntityId id, std::string_view account = "chief") const {
    v1::ListQuery query;
    query.set_kind(v1::ROW_KIND_INCIDENT);
    query.set_id(id);
    const v1::Snapshot found = core::list_for(center.state(), who(account), query);
    return found.incidents().empty() ? v1::Incident() : found.incidents(0);
  }
  std::vector<v1::Report> reports(base::EntityId incident_id) const {
    v1::ListQuery query;
    query.set_kind(v1::ROW_KIND_REPORT);
    query.set_limit(200);
    const v1::Snapshot found = core::list_for(center.state(), who("chief"), query);
    std::vector<v1::Report> all;
    for (const v1::Report& one : found.reports()) {
      if (one.incident_id() == incident_id) all.insert(all.begin(), one);
    }
    return all;
  }
  // The newest report of a rule.
  v1::Report report(base::EntityId incident_id, const std::string& rule) const {
    v1::Report found;
    for (const v1::Report& one : reports(incident_id)) {
      if (one.rule().key() == rule) found = one;
    }
    return found;
  }
  std::string text_of(base::EntityId message_id) const {
    const auto decoded = center.decoded(message_id);
    return decoded.body ? decoded.body->text() : "";
  }

  v1::Command propose(base::EntityId id, v1::Level level, const std::string& reason = "储罐受热") {
    v1::Command command;
    auto& one = *command.mutable_propose_level();
    one.set_incident_id(id);
    one.set_seen_revision(incident(id).revision());
    one.set_level(level);
    one.set_response_level(level);
    one.set_reason(reason);
    return command;
  }
  v1::Command decide(base::EntityId id, std::uint32_t proposal, bool approve = true,
                     const std::string& reason = "同意") {
    v1::Command command;
    auto& one = *command.mutable_decide_level();
    one.set_incident_id(id);
    one.set_seen_revision(incident(id).revision());
    one.set_proposal(proposal);
    one.set_approve(approve);
    one.set_reason(reason);
    return command;
  }
  v1::Command phase(base::EntityId id, v1::IncidentPhase phase) {
    v1::Command command;
    auto& one = *command.mutable_change_phase();
    one.set_incident_id(id);
    one.set_seen_revision(incident(id).revision());
    one.set_phase(phase);
    one.set_reason("现场情况");
    return command;
  }
  v1::Command stand_down(base::EntityId id) {
    v1::Command command;
    auto& one = *command.mutable_stand_down();
    one.set_incident_id(id);
    one.set_seen_revision(incident(id).revision());
    one.set_reason("火灭、环境达标、人员清点");
    return command;
  }
  static v1::Command evaluate(base::EntityId id, const std::string& text) {
    v1::Command command;
    command.mutable_file_evaluation()->set_incident_id(id);
    command.mutable_file_evaluation()->set_text(text);
    return command;
  }
};

}  // namespace fenghuo::testing
