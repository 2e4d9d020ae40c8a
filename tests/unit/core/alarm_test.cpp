// SPDX-License-Identifier: Apache-2.0
#include "hub/core/alarm.h"

#include "hub/core/kinds.h"
#include "hub/core/quantity.h"
#include "tests/unit/core/duty_story.h"

namespace fenghuo::testing {
namespace {

// A plant: the unit R-201 with a temperature (85/95 °C) and gas in the air (25/50 %LEL, back below
// 20), the tank T-304 by itself, and a level that alarms below 10. The bot "sensor" reports all.
class AlarmTest : public DutyStory {
 protected:
  AlarmTest() {
    apply_plan(plant_plan());
    begin = center.log().size();
  }

  static v1::Quantity q(std::int64_t digits, int exponent = 0) {
    v1::Quantity one;
    one.set_digits(digits);
    one.set_exponent(exponent);
    return one;
  }
  static v1::AlarmRules::Point& point(v1::AlarmRules::SourceRule& source, const char* key,
                                      const char* unit, v1::Quantity one, v1::Quantity two) {
    v1::AlarmRules::Point& made = *source.add_points();
    made.set_key(key);
    made.set_unit(unit);
    std::uint32_t stage = 0;
    for (const v1::Quantity& value : {one, two}) {
      auto& threshold = *made.add_thresholds();
      threshold.set_stage(++stage);
      *threshold.mutable_value() = value;
    }
    return made;
  }
  static v1::Plan plant_plan() {
    v1::Plan plan = duty_plan();
    v1::AlarmRules& rules = *plan.mutable_configuration()->mutable_alarms();
    rules.set_quiet_us(5 * minute);
    v1::AlarmRules::SourceRule& dcs = *rules.add_sources();
    dcs.set_key("dcs");
    dcs.set_channel("fire");
    dcs.set_account("sensor");
    dcs.set_silent_after_us(10 * minute);
    point(dcs, "TI-2103", "R-201", q(85), q(95));
    *point(dcs, "GT-117", "R-201", q(25), q(50)).mutable_hysteresis() = q(5);
    point(dcs, "T-304", "", q(60), q(80));
    point(dcs, "LI-9", "", q(10), q(5)).set_falling(true);
    return plan;
  }

  static v1::Command report(const char* key, v1::Quantity value, const char* source = "dcs") {
    v1::Command command;
    v1::ReportAlarm& one = *command.mutable_report_alarm();
    one.set_source(source);
    one.set_key(key);
    *one.mutable_value() = value;
    return command;
  }
  // Without thresholds: the reporter says the stage.
  static v1::Command staged(const std::string& key, std::uint32_t stage,
                            const char* source = "other") {
    v1::Command command = report(key.c_str(), q(1), source);
    command.mutable_report_alarm()->set_stage(stage);
    return command;
  }
  static v1::Command clear(const char* key) {
    v1::Command command;
    command.mutable_clear_alarm()->set_source("dcs");
    command.mutable_clear_alarm()->set_key(key);
    return command;
  }
  static v1::Command lost(std::vector<std::string> keys) {
    v1::Command command;
    command.mutable_report_fault()->set_source("dcs");
    for (std::string& key : keys) command.mutable_report_fault()->add_keys(std::move(key));
    return command;
  }
  static v1::Command alive() {
    v1::Command command;
    command.mutable_report_alive()->set_source("dcs");
    return command;
  }
  v1::Command close(const v1::Alarm& alarm) const {
    v1::Command command;
    command.mutable_close_alarm()->set_alarm_id(alarm.id());
    command.mutable_close_alarm()->set_seen_revision(alarm.revision());
    command.mutable_close_alarm()->set_reason("welding nearby");
    return command;
  }
  const v1::Alarm& last() const { return *(rows().alarms.end() - 1)->row; }
  std::size_t open_count() const { return rows().open_alarms.size(); }
  const v1::Alarm* open(const char* key, v1::Alarm::Kind kind = v1::Alarm::KIND_POINT) const {
    return core::open_alarm(rows(), "dcs", kind, key);
  }
};

TEST_F(AlarmTest, ValuesAreComparedExactly) {
  EXPECT_TRUE(core::compare(q(85), q(850, -1)) == 0);
  EXPECT_TRUE(core::compare(q(68, -1), q(6)) > 0);
  EXPECT_TRUE(core::compare(q(-3), q(2, -12)) < 0);
  EXPECT_TRUE(core::compare(q(9'000'000'000'000'000'000, 12), q(1, -12)) > 0);
  EXPECT_TRUE(core::compare(q(-9'000'000'000'000'000'000, 12), q(1, -12)) < 0);
  EXPECT_TRUE(core::compare(core::minus(q(25), q(5, -1)), q(245, -1)) == 0);
}

TEST_F(AlarmTest, AValueOverItsThresholdIsAnAlarmOfThatStage) {
  ASSERT_TRUE(does("sensor", report("TI-2103", q(84))));
  EXPECT_EQ(open_count(), 0u);
  ASSERT_TRUE(does("sensor", report("TI-2103", q(92))));
  ASSERT_NE(open("TI-2103"), nullptr);
  EXPECT_EQ(open("TI-2103")->stage(), 1u);
  EXPECT_EQ(open("TI-2103")->threshold().digits(), 85);
  EXPECT_EQ(open("TI-2103")->unit(), "R-201");
  ASSERT_TRUE(does("sensor", report("LI-9", q(4))));
  EXPECT_EQ(open("LI-9")->stage(), 2u) << "a level alarms below";
}

TEST_F(AlarmTest, OneRowPerPointWithGreatestStageAndCount) {
  for (const int value : {92, 99, 90}) {
    ASSERT_TRUE(does("sensor", report("TI-2103", q(value))));
  }
  ASSERT_EQ(rows().alarms.size(), 1u);
  EXPECT_EQ(last().count(), 3u);
  EXPECT_EQ(last().stage(), 2u) << "the greatest";
  EXPECT_EQ(last().worst_value().digits(), 99);
  EXPECT_EQ(last().present_stage(), 1u);
  EXPECT_EQ(last().value().digits(), 90);
}

TEST_F(AlarmTest, ItClearsAfterAQuietTimeAndNotBefore) {
  ASSERT_TRUE(does("sensor", report("TI-2103", q(92))));
  ASSERT_TRUE(does("sensor", clear("TI-2103")));
  center.advance(4 * minute);
  ASSERT_TRUE(does("sensor", report("TI-2103", q(93)))) << "it was not over";
  center.advance(4 * minute);
  EXPECT_EQ(open_count(), 1u);
  ASSERT_TRUE(does("sensor", report("TI-2103", q(70)))) << "a normal value proposes as well";
  center.advance(5 * minute);
  EXPECT_EQ(open("TI-2103"), nullptr);
  EXPECT_EQ(rows().alarms.begin()->row->state(), v1::Alarm::STATE_CLEARED);
  ASSERT_TRUE(does("sensor", report("TI-2103", q(92))));
  EXPECT_EQ(rows().alarms.size(), 2u) << "a new one";
}

TEST_F(AlarmTest, NearItsThresholdItDoesNotFlutter) {
  ASSERT_TRUE(does("sensor", report("GT-117", q(27))));
  ASSERT_TRUE(does("sensor", report("GT-117", q(22))));
  EXPECT_EQ(open("GT-117")->clear_proposed_us(), 0) << "not back by the hysteresis of 5";
  ASSERT_TRUE(does("sensor", report("GT-117", q(19))));
  EXPECT_NE(open("GT-117")->clear_proposed_us(), 0);
}

TEST_F(AlarmTest, PointsLostAtOnceAreOneRow) {
  ASSERT_TRUE(does("sensor", lost({"GT-117", "TI-2103", "PI-2105"})));
  ASSERT_TRUE(does("sensor", lost({"PI-2105", "FI-7"})));
  ASSERT_EQ(rows().alarms.size(), 1u);
  EXPECT_EQ(last().kind(), v1::Alarm::KIND_FAULT);
  EXPECT_EQ(last().lost_points_size(), 4);
  ASSERT_TRUE(does("sensor", report("TI-2103", q(70)))) << "it is heard again";
  EXPECT_EQ(last().lost_points_size(), 3);
  v1::Command found = clear("");
  found.mutable_clear_alarm()->set_fault(true);
  ASSERT_TRUE(does("sensor", found));
  center.advance(5 * minute);
  EXPECT_EQ(open("", v1::Alarm::KIND_FAULT), nullptr);
}

TEST_F(AlarmTest, ASilentSourceIsAnAlarmUntilItIsHeard) {
  ASSERT_TRUE(does("sensor", alive()));
  center.advance(9 * minute);
  ASSERT_TRUE(does("sensor", alive()));
  center.advance(9 * minute);
  EXPECT_EQ(open("", v1::Alarm::KIND_SILENT), nullptr);
  center.advance(minute);
  ASSERT_NE(open("", v1::Alarm::KIND_SILENT), nullptr) << "10 min after it was last heard";
  center.advance(hour);
  EXPECT_EQ(rows().alarms.size(), 1u) << "one row, however long";
  ASSERT_TRUE(does("sensor", alive()));
  EXPECT_EQ(open("", v1::Alarm::KIND_SILENT), nullptr);
  center.advance(10 * minute);
  EXPECT_NE(open("", v1::Alarm::KIND_SILENT), nullptr) << "and silent once more";
}

TEST_F(AlarmTest, ASourceTakenAwayIsClosedByHandAndStaysQuiet) {
  ASSERT_TRUE(does("sensor", alive()));
  center.advance(11 * minute);
  ASSERT_TRUE(does("zhang", close(last())));
  center.advance(hour);
  EXPECT_EQ(open_count(), 0u);
}

TEST_F(AlarmTest, LifeIsRecordedNoOftenerThanItMatters) {
  ASSERT_TRUE(does("sensor", alive()));
  const base::Position position = center.state().position();
  center.advance(minute);
  ASSERT_TRUE(does("sensor", alive()));
  EXPECT_EQ(center.state().position(), position);
  center.advance(2 * minute);
  ASSERT_TRUE(does("sensor", alive()));
  EXPECT_EQ(center.state().position(), position + 1);
}

TEST_F(AlarmTest, OnlyBotsReportAndEachForItsOwnSources) {
  EXPECT_THAT(does("fei", report("TI-2103", q(92))), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  v1::Plan changed = plant_plan();
  account(changed, "other-bot", {}).set_kind(v1::Account::KIND_BOT);
  apply_plan(changed);
  EXPECT_THAT(does("other-bot", report("TI-2103", q(92))), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_TRUE(does("other-bot", staged("P-1", 1)));
  EXPECT_THAT(does("sensor", report("unknown", q(92))), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT))
      << "neither a stage nor thresholds";
  v1::Command absurd = report("TI-2103", q(92, 40));
  EXPECT_THAT(does("sensor", absurd), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(AlarmTest, CommandSeatsAndItsRoomSeeAnAlarm) {
  ASSERT_TRUE(does("sensor", report("TI-2103", q(92))));
  const core::Viewers viewers = core::viewers_of(rows(), last());
  EXPECT_TRUE(core::may_see(rows(), who("zhang"), viewers)) << "the desk";
  EXPECT_TRUE(core::may_see(rows(), who("fang"), viewers)) << "a member of \"fire\"";
  EXPECT_FALSE(core::may_see(rows(), who("shui"), viewers));
}

TEST_F(AlarmTest, OnePersonMayCloseAQuietOneTwoWhatIsLoud) {
  ASSERT_TRUE(does("sensor", report("TI-2103", q(92))));
  EXPECT_THAT(does("fang", close(last())), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("shui", close(last())), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  ASSERT_TRUE(does("zhang", close(last())));
  EXPECT_EQ(last().state(), v1::Alarm::STATE_CLOSED);
  EXPECT_EQ(last().close_reason(), "welding nearby");

  ASSERT_TRUE(does("sensor", report("T-304", q(90))));
  v1::Command first = close(last());
  ASSERT_TRUE(does("zhang", first));
  EXPECT_EQ(last().state(), v1::Alarm::STATE_OPEN) << "stage 2: only proposed";
  EXPECT_THAT(does("lin", first), IsRefused(v1::ERROR_CODE_STALE_REVISION));
  EXPECT_THAT(does("zhang", close(last())), IsRefused(v1::ERROR_CODE_SAME_PERSON));
  ASSERT_TRUE(does("lin", close(last())));
  EXPECT_EQ(last().state(), v1::Alarm::STATE_CLOSED);
}

TEST_F(AlarmTest, AFloodIsCountedInOneRowAndARiseStillShows) {
  v1::Plan changed = plant_plan();
  v1::AlarmRules& rules = *changed.mutable_configuration()->mutable_alarms();
  rules.set_storm_reports(5);
  rules.set_storm_within_us(minute);
  apply_plan(changed);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(does("sensor", staged("P-" + std::to_string(i), 1)));
  }
  ASSERT_EQ(rows().alarms.size(), 6u) << "five points and the storm";
  EXPECT_EQ(last().kind(), v1::Alarm::KIND_STORM);
  EXPECT_EQ(last().count(), 15u) << "every collapsed report is counted";
  ASSERT_TRUE(does("sensor", staged("P-0", 2)));
  EXPECT_EQ(rows().alarms.begin()->row->stage(), 2u) << "a higher stage is never swallowed";
  center.advance(minute);
  ASSERT_TRUE(does("sensor", staged("P-30", 1)));
  EXPECT_EQ(rows().alarms.size(), 7u) << "the next minute";
  center.advance(5 * minute);
  EXPECT_EQ(core::open_alarm(rows(), "other", v1::Alarm::KIND_STORM, ""), nullptr);
}

TEST_F(AlarmTest, AFloodOfUnknownPointsDoesNotHideAConfiguredOne) {
  v1::Plan changed = plant_plan();
  v1::AlarmRules& rules = *changed.mutable_configuration()->mutable_alarms();
  rules.set_storm_reports(5);
  rules.set_storm_within_us(minute);
  apply_plan(changed);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(does("sensor", staged("P-" + std::to_string(i), 1, "dcs")));
  }
  ASSERT_TRUE(does("sensor", report("TI-2103", q(92))));
  EXPECT_NE(open("TI-2103"), nullptr);
}

// --- Combinations ---

class CombinationTest : public AlarmTest {
 protected:
  CombinationTest() {
    v1::Plan changed = plant_plan();
    auto& rule = *changed.mutable_configuration()->mutable_alarms()->add_combinations();
    rule.set_key("two-points");
    rule.set_points(2);
    rule.set_stage(1);
    rule.set_within_us(minute);
    rule.set_hold_us(25 * base::us_per_s);
    rule.set_channel("eoc");
    rule.add_roles("eoc/desk");
    rule.set_ladder("sensor");
    rule.mutable_text()->set_en("Two points of one unit alarm");
    v1::Ladder& ladder = *changed.mutable_configuration()->add_ladders();
    ladder.set_key("sensor");
    ladder.set_last_wait_us(minute);
    ladder.set_gate_wait_us(minute);
    ladder.set_exhausted_repeat_us(minute);
    v1::Rung& rung = *ladder.add_rungs();
    rung.add_targets()->set_standing(Primary);
    rung.add_means(v1::MEANS_IN_APP);
    apply_plan(changed);
  }
  const v1::Order& order() const { return *rows().orders.find(group().order_id()); }
  const v1::AlarmGroup& group() const { return *(rows().alarm_groups.end() - 1)->row; }
};

TEST_F(CombinationTest, TwoPointsOfOneUnitWithinAMinuteAreOneCombination) {
  ASSERT_TRUE(does("sensor", report("TI-2103", q(92))));
  center.advance(45 * base::us_per_s);
  EXPECT_TRUE(rows().alarm_groups.empty()) << "one point is none";
  ASSERT_TRUE(does("sensor", report("GT-117", q(27))));
  ASSERT_EQ(rows().alarm_groups.size(), 1u);
  EXPECT_EQ(group().alarm_ids_size(), 2);
  EXPECT_EQ(group().due_us(), center.now() + 25 * base::us_per_s);
  ASSERT_TRUE(does("sensor", report("GT-117", q(55)))) << "more of the same joins";
  EXPECT_EQ(rows().alarm_groups.size(), 1u);
}

TEST_F(CombinationTest, PointsOfDifferentUnitsOrFarApartAreNone) {
  ASSERT_TRUE(does("sensor", report("TI-2103", q(92))));
  ASSERT_TRUE(does("sensor", report("T-304", q(71))));
  center.advance(61 * base::us_per_s);
  ASSERT_TRUE(does("sensor", report("GT-117", q(27))));
  EXPECT_TRUE(rows().alarm_groups.empty());
  ASSERT_TRUE(does("sensor", report("TI-2103", q(93)))) << "it alarms still: now they are together";
  EXPECT_EQ(rows().alarm_groups.size(), 1u);
}

TEST_F(CombinationTest, HeldLongEnoughTheHubRaisesAnOrder) {
  ASSERT_TRUE(does("sensor", report("TI-2103", q(92))));
  center.advance(45 * base::us_per_s);
  ASSERT_TRUE(does("sensor", report("GT-117", q(27))));
  center.advance(24 * base::us_per_s);
  EXPECT_TRUE(rows().orders.empty());
  center.advance(base::us_per_s);
  ASSERT_EQ(rows().orders.size(), 1u);
  EXPECT_EQ(group().state(), v1::AlarmGroup::STATE_RAISED);
  EXPECT_EQ(order().issuer_id(), 0u) << "the hub";
  EXPECT_EQ(order().addressees(0).role_id(), post_of("eoc/desk"));
  const auto posted = center.decoded(order().id());
  EXPECT_EQ(posted.body->text(), "Two points of one unit alarm\ndcs TI-2103\ndcs GT-117");
}

TEST_F(CombinationTest, WhatComesLaterJoinsTheOrderAsEvidenceAndRaisesNoOther) {
  ASSERT_TRUE(does("sensor", report("TI-2103", q(92))));
  ASSERT_TRUE(does("sensor", report("GT-117", q(27))));
  center.advance(25 * base::us_per_s);
  ASSERT_EQ(rows().orders.size(), 1u);
  v1::Command accept;
  accept.mutable_accept_order()->set_order_id(order().id());
  accept.mutable_accept_order()->set_seen_revision(order().revision());
  ASSERT_TRUE(does("zhang", accept));
  const std::uint64_t revision = order().revision();
  ASSERT_TRUE(does("sensor", report("GT-117", q(55)))) << "a higher stage";
  ASSERT_TRUE(does("sensor", lost({"TI-2103", "PI-2105"}))) << "and points of the unit lost";
  EXPECT_EQ(rows().orders.size(), 1u);
  ASSERT_EQ(order().evidence_ids_size(), 2);
  EXPECT_EQ(order().evidence_ids(0), open("GT-117")->id());
  EXPECT_EQ(order().revision(), revision) << "it informs and voids nothing";
  center.advance(hour);
  EXPECT_EQ(rows().orders.size(), 1u);
}

class AlarmWithoutRuleTest : public CombinationTest {
 protected:
  // A rule for one point whose roles and channel are not there.
  void apply_rule(bool with_ladder) {
    v1::Plan changed = plant_plan();
    auto& rule = *changed.mutable_configuration()->mutable_alarms()->add_combinations();
    rule.set_key("nowhere");
    rule.set_points(1);
    rule.set_stage(2);
    rule.set_channel("no-such-channel");
    rule.add_roles("no/such-role");
    changed.mutable_configuration()->clear_ladders();
    if (with_ladder) {
      v1::Ladder& ladder = *changed.mutable_configuration()->add_ladders();
      ladder.set_key("any");
      ladder.set_exhausted_repeat_us(minute);
      ladder.set_last_wait_us(minute);
      ladder.set_gate_wait_us(minute);
      ladder.add_rungs()->add_targets()->set_standing(Primary);
    }
    apply_plan(changed);
  }
};

TEST_F(AlarmWithoutRuleTest, AnAlarmWhoseRuleNamesNobodyAsksTheCommandSeats) {
  apply_rule(true);
  ASSERT_TRUE(does("sensor", report("T-304", q(90))));
  center.advance(base::us_per_s);
  ASSERT_EQ(group().state(), v1::AlarmGroup::STATE_RAISED);
  EXPECT_GT(order().addressees_size(), 0);
  for (const v1::Addressee& one : order().addressees()) {
    EXPECT_TRUE(center.state().role(one.role_id())->command_seat());
  }
  EXPECT_NE(group().problem().find("no role"), std::string::npos) << "and says what is wrong";
  EXPECT_NE(group().problem().find("channel"), std::string::npos);
}

TEST_F(AlarmWithoutRuleTest, WithoutAnyLadderTheCombinationStaysListedAndSaysWhy) {
  apply_rule(false);
  ASSERT_TRUE(does("sensor", report("T-304", q(90))));
  center.advance(base::us_per_s);
  EXPECT_EQ(group().state(), v1::AlarmGroup::STATE_FAILED);
  EXPECT_TRUE(core::is_open(rows(), group()));
  EXPECT_NE(group().problem().find("ladder"), std::string::npos);
}

TEST_F(CombinationTest, WhatIsClosedDuringTheHoldRaisesNothing) {
  ASSERT_TRUE(does("sensor", report("TI-2103", q(92))));
  ASSERT_TRUE(does("sensor", report("GT-117", q(27))));
  for (const char* key : {"TI-2103", "GT-117"}) {
    ASSERT_TRUE(does("zhang", close(*open(key))));
    ASSERT_TRUE(does("lin", close(*open(key))));
  }
  EXPECT_EQ(group().state(), v1::AlarmGroup::STATE_ENDED);
  center.advance(minute);
  EXPECT_EQ(group().order_id(), 0u);
}

}  // namespace
}  // namespace fenghuo::testing
