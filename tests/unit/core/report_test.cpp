// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/core/incident_center.h"

#include <utility>

// Reports upward, rule 33: who must be told by when, and that it was.
namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

v1::Command file(base::EntityId incident_id, base::EntityId report_id,
                 std::initializer_list<std::pair<const char*, const char*>> fields) {
  v1::Command command;
  auto& one = *command.mutable_file_report();
  one.set_incident_id(incident_id);
  one.set_report_id(report_id);
  for (const auto& [key, value] : fields) {
    auto& field = *one.add_fields();
    field.set_key(key);
    field.set_value(value);
    field.set_pending(std::string(value).empty());
  }
  return command;
}

TEST_F(IncidentTest, ClocksRunFromOccurrenceOrReceptionAsConfigured) {
  const auto start = center.now();
  const auto id = declared();
  EXPECT_EQ(report(id, "phone").due_us(), start - minute + 30 * minute);
  EXPECT_EQ(report(id, "written").due_us(), start + hour);
  EXPECT_EQ(incident(id).occurred_us(), start - minute) << "both instants are shown";
  EXPECT_EQ(incident(id).received_us(), start);
}

TEST_F(IncidentTest, FourFifthsRemindAndTheLimitMakesOverdue) {
  const auto id = declared();
  center.advance(48 * minute - 1);
  EXPECT_FALSE(report(id, "written").reminded());
  center.advance(1);
  EXPECT_TRUE(report(id, "written").reminded());
  center.advance(12 * minute - 1);
  EXPECT_FALSE(report(id, "written").overdue());
  center.advance(1);
  EXPECT_TRUE(report(id, "written").overdue());
}

TEST_F(IncidentTest, AFiledReportIsWordedByTheHub) {
  const auto id = declared();
  center.advance(minute);
  const auto owed = report(id, "written").id();
  EXPECT_THAT(does("second", file(id, owed, {{"place", "化工园区"}})),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT))
      << "a required field is missing";
  ASSERT_TRUE(does("second", file(id, owed, {{"place", "化工园区"}, {"cause", ""}})));
  const v1::Report filed = report(id, "written");
  EXPECT_EQ(filed.state(), v1::Report::STATE_FILED);
  EXPECT_EQ(filed.filed_us(), center.now());
  EXPECT_EQ(filed.late_by_us(), 0);
  EXPECT_EQ(text_of(filed.message_id()),
            "【澄远化工爆炸】初报\n报：省应急管理厅\n事发地点：化工园区\n起因：待核");
  EXPECT_THAT(does("second", file(id, owed, {{"place", "x"}, {"cause", "y"}})),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(IncidentTest, WhatIsNotKnownYetIsOwedUntilAFollowUpTellsIt) {
  const auto id = declared();
  ASSERT_TRUE(
      does("second", file(id, report(id, "written").id(), {{"place", "园区"}, {"cause", ""}})));
  EXPECT_THAT(incident(id).owed_fields(), ElementsAre("cause"));
  ASSERT_TRUE(does("second", file(id, report(id, "follow-up").id(), {{"cause", "超温超压"}})));
  EXPECT_TRUE(incident(id).owed_fields().empty());
}

TEST_F(IncidentTest, FollowUpsAreCountedAndEachStartsTheNextClock) {
  const auto id = declared();
  EXPECT_EQ(report(id, "follow-up").id(), 0U) << "nothing to follow yet";
  ASSERT_TRUE(does("second", file(id, report(id, "phone").id(), {})));
  const v1::Report first = report(id, "follow-up");
  EXPECT_EQ(first.due_us(), center.now() + 2 * hour);
  ASSERT_TRUE(
      does("second", file(id, report(id, "written").id(), {{"place", "园区"}, {"cause", "超温"}})));
  EXPECT_EQ(report(id, "follow-up").id(), first.id()) << "one clock, not two";
  center.advance(hour);
  ASSERT_TRUE(does("second", file(id, first.id(), {{"progress", "疏散过半"}})));
  const v1::Report next = report(id, "follow-up");
  EXPECT_NE(next.id(), first.id());
  EXPECT_EQ(next.due_us(), center.now() + 2 * hour);
  ASSERT_TRUE(does("second", file(id, next.id(), {{"progress", "疏散完成"}})));
  std::vector<std::string> headings;
  for (const v1::Report& one : reports(id)) {
    if (one.number() != 0) headings.push_back(text_of(one.message_id()));
  }
  ASSERT_THAT(headings, SizeIs(2));
  EXPECT_EQ(headings[0], "【澄远化工爆炸】续报一\n报：省应急管理厅\nprogress：疏散过半");
  EXPECT_EQ(headings[1], "【澄远化工爆炸】续报二\n报：省应急管理厅\nprogress：疏散完成");
}

TEST_F(IncidentTest, OverdueIsNotDatedBack) {
  const auto id = declared();
  const auto phoned = center.now() + minute;
  center.advance(40 * minute);
  v1::Command late = file(id, report(id, "phone").id(), {});
  late.mutable_on_behalf()->set_role_id(post_of("eoc/mayor"));
  late.mutable_on_behalf()->set_medium(v1::OnBehalf::MEDIUM_PHONE);
  late.mutable_on_behalf()->set_stated_at_us(phoned);
  ASSERT_TRUE(does("second", late));
  const v1::Report filed = report(id, "phone");
  EXPECT_EQ(filed.filed_us(), center.now()) << "the hub's clock, whatever somebody states";
  EXPECT_EQ(filed.late_by_us(), 11 * minute);
  EXPECT_TRUE(filed.overdue());
}

TEST_F(IncidentTest, ARaisedLevelShortensWhatRunsAndALoweredOneDoesNotLengthenIt) {
  const auto start = center.now();
  const auto id = declared(v1::LEVEL_III);
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_II)));
  ASSERT_TRUE(does("hub", decide(id, 1)));
  EXPECT_EQ(report(id, "phone").due_us(), start + 14 * minute);
  EXPECT_EQ(report(id, "written").due_us(), start + hour) << "II says nothing about it";
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_III)));
  ASSERT_TRUE(does("hub", decide(id, 2)));
  EXPECT_EQ(report(id, "phone").due_us(), start + 14 * minute) << "the stricter one stays";
}

TEST_F(IncidentTest, ALimitAlreadyPassedIsDueNowNotInThePast) {
  const auto id = declared(v1::LEVEL_III);
  center.advance(20 * minute);
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_II)));
  ASSERT_TRUE(does("hub", decide(id, 1)));
  EXPECT_EQ(report(id, "phone").due_us(), center.now());
  center.advance(1);
  EXPECT_TRUE(report(id, "phone").overdue());
}

TEST_F(IncidentTest, ReportsThatTheNewLevelAsksForAreOpened) {
  const auto id = declared(v1::LEVEL_IV);
  EXPECT_EQ(report(id, "phone").id(), 0U) << "not asked at IV";
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_III)));
  ASSERT_TRUE(does("mayor", decide(id, 1)));
  EXPECT_EQ(report(id, "phone").state(), v1::Report::STATE_DUE);
}

TEST_F(IncidentTest, TheFinalReportIsOwedFromTheStandDownAndLeavesNothingOpen) {
  const auto id = declared();
  ASSERT_TRUE(does("second", file(id, report(id, "phone").id(), {})));
  ASSERT_TRUE(does("mayor", stand_down(id)));
  EXPECT_EQ(report(id, "follow-up").state(), v1::Report::STATE_DROPPED);
  const v1::Report owed = report(id, "final");
  EXPECT_EQ(owed.due_us(), center.now() + 24 * hour);
  EXPECT_THAT(does("second", file(id, owed.id(), {{"cause", ""}})),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  ASSERT_TRUE(does("second", file(id, owed.id(), {{"cause", "超温超压"}})));
  EXPECT_EQ(text_of(report(id, "final").message_id()),
            "【澄远化工爆炸】终报\n报：省应急管理厅\ncause：超温超压");
  EXPECT_EQ(report(id, "follow-up").state(), v1::Report::STATE_DROPPED) << "none after the final";
}

TEST_F(IncidentTest, AnUnaskedReportIsFiledTooAndOnlyByWhoCommands) {
  const auto id = declared();
  v1::Command command = file(id, 0, {{"progress", "火势未控"}});
  EXPECT_THAT(does("second", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT)) << "of what kind?";
  command.mutable_file_report()->set_kind(v1::REPORT_KIND_FOLLOW_UP);
  command.mutable_file_report()->set_medium(v1::REPORT_MEDIUM_PHONE);
  EXPECT_THAT(does("fang", command), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("second", command));
  EXPECT_EQ(report(id, "").number(), 1U);
  EXPECT_EQ(report(id, "").late_by_us(), 0) << "it had no limit";
}

}  // namespace
}  // namespace fenghuo::testing
