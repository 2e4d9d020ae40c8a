// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/incident_wording.h"

#include "clients/cli/terms.h"
#include "tests/unit/cli/night_center.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

v1::Incident leak() {
  v1::Incident incident;
  incident.set_id(100);
  incident.set_number("I-1");
  incident.set_title("三号罐区泄漏");
  incident.set_category(v1::INCIDENT_CATEGORY_ACCIDENT);
  incident.set_level(v1::LEVEL_III);
  incident.set_response_level(v1::LEVEL_II);
  incident.set_phase(v1::INCIDENT_PHASE_RESPONSE);
  incident.set_state(v1::Incident::STATE_OPEN);
  incident.set_channel_id(7);
  incident.set_declared_by_id(5);
  incident.set_declared_role_id(6);
  incident.set_provisional(true);
  incident.set_confirming_role_id(16);
  incident.mutable_casualties()->set_injured(2);
  incident.mutable_casualties()->set_source("120");
  return incident;
}

TEST(IncidentWording, OneLineInEachLanguage) {
  const auto state = night_center();
  EXPECT_EQ(incident_line(leak(), state, Language::Hans),
            "I-1    较大 二级响应（初判）  响应  三号罐区泄漏  伤 2 失踪 0 亡 0  #i-1  (id 100)");
  EXPECT_EQ(incident_line(leak(), state, Language::Hant),
            "I-1    較大 二級響應（初判）  響應  三号罐区泄漏  傷 2 失蹤 0 亡 0  #i-1  (id 100)");
  EXPECT_EQ(
      incident_line(leak(), state, Language::En),
      "I-1    level III, response II (provisional)  response  三号罐区泄漏  injured 2 missing "
      "0 dead 0  #i-1  (id 100)");
}

TEST(IncidentWording, AnEndedOneSaysHowInsteadOfItsPhase) {
  v1::Incident incident = leak();
  incident.set_state(v1::Incident::STATE_VOID);
  EXPECT_THAT(incident_line(incident, night_center(), Language::Hans), HasSubstr("  误报  "));
}

TEST(IncidentWording, ShowsWhatWaitsForADecisionAndNotWhatIsDecided) {
  v1::Incident incident = leak();
  auto& decided = *incident.add_proposals();
  decided.set_number(1);
  decided.set_level(v1::LEVEL_IV);
  decided.set_reason("decided");
  decided.set_state(v1::LevelProposal::STATE_DECLINED);
  auto& waits = *incident.add_proposals();
  waits.set_number(2);
  waits.set_level(v1::LEVEL_I);
  waits.set_by_id(5);
  waits.set_reason("火势扩大");
  waits.set_state(v1::LevelProposal::STATE_REQUESTED);
  waits.set_above_contact_id(25);
  const auto lines = incident_lines(incident, night_center(), Language::Hans);
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("待定: #2  特别重大"), HasSubstr("火势扩大"),
                                    HasSubstr("已请示 → 泵站"))));
  EXPECT_THAT(lines, Not(Contains(HasSubstr("decided"))));
}

TEST(IncidentWording, WhatOneDecidedAloneWaitsForAnother) {
  v1::Incident incident = leak();
  auto& alone = *incident.add_proposals();
  alone.set_number(1);
  alone.set_level(v1::LEVEL_II);
  alone.set_state(v1::LevelProposal::STATE_APPROVED);
  alone.set_break_glass(true);
  EXPECT_THAT(incident_lines(incident, night_center(), Language::Hans),
              Contains(HasSubstr("独断待确认")));
  incident.mutable_proposals(0)->set_confirmed_by_id(15);
  EXPECT_THAT(incident_lines(incident, night_center(), Language::Hans),
              Not(Contains(HasSubstr("独断待确认"))));
}

TEST(IncidentWording, AReportOwedSaysItsFieldsByTheKeysTheyAreFiledBy) {
  v1::Report report;
  report.set_id(8);
  report.set_state(v1::Report::STATE_DUE);
  report.set_overdue(true);
  report.mutable_rule()->set_kind(v1::REPORT_KIND_FOLLOW_UP);
  report.mutable_rule()->set_medium(v1::REPORT_MEDIUM_PHONE);
  report.mutable_rule()->set_receiver("省值班室");
  auto& field = *report.mutable_rule()->add_required();
  field.set_key("cause");
  field.mutable_name()->set_zh_hans("原因");
  const auto lines = report_lines(report, night_center(), Language::Hans);
  EXPECT_EQ(lines.front(), "8      续报（电话）  应报 —  [逾期]  报 省值班室");
  EXPECT_EQ(lines.back(), "  必填: cause=原因");
}

TEST(Terms, LevelsAreTypedInManyWays) {
  for (const char* word : {"II", "2", "重大", "二级", "二級", "level II"}) {
    EXPECT_EQ(level_of(word), v1::LEVEL_II) << word;
  }
  EXPECT_EQ(level_of("V"), std::nullopt);
  EXPECT_EQ(level_of(""), std::nullopt);
  EXPECT_EQ(value_of(colours, "橙色"), v1::Warning::COLOUR_ORANGE);
  EXPECT_EQ(value_of(colours, "pink"), std::nullopt);
}

}  // namespace
}  // namespace fenghuo::cli
