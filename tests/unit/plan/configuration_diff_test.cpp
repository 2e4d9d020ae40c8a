// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/configuration_diff.h"

#include "hub/base/types.h"
#include "hub/plan/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

v1::Configuration sample() {
  return read_plan_file(std::string(FENGHUO_SOURCE) + "/deploy/plans/city-command-center.toml")
      .plan.value()
      .configuration();
}

std::vector<std::string> difference(const v1::Configuration& before,
                                    const v1::Configuration& after) {
  std::vector<std::string> lines;
  diff_configuration(before, after, lines);
  return lines;
}

TEST(ConfigurationDiff, TheSameHasNone) { EXPECT_THAT(difference(sample(), sample()), IsEmpty()); }

TEST(ConfigurationDiff, PlaceInTheRecordIsNone) {
  v1::Configuration applied = sample();
  applied.set_id(7);
  applied.set_revision(9);
  EXPECT_THAT(difference(applied, sample()), IsEmpty());
}

TEST(ConfigurationDiff, NamesEntriesByTheirKey) {
  v1::Configuration after = sample();
  after.mutable_report_rules(0)->mutable_limits(0)->set_within_us(600 * base::us_per_s);
  after.mutable_alarms()->mutable_sources(0)->clear_silent_after_us();
  after.mutable_alarms()->set_quiet_us(300 * base::us_per_s);
  after.mutable_ladders(0)->mutable_rungs(1)->set_gate(true);
  EXPECT_THAT(difference(sample(), after),
              ElementsAre("~ ladder \"level-iv\": rung 2 (gate false -> true)",
                          "~ [alarms]: quiet 10 min -> 5 min",
                          "~ [alarms] source \"chengyuan-dcs\": silent-after 5 min -> none",
                          "~ report-rule \"initial-phone\": limit level i (within 15 min -> "
                          "10 min)"));
}

TEST(ConfigurationDiff, WhatIsLeftOutGoesAndWhatIsNewComes) {
  v1::Configuration after = sample();
  after.mutable_incident_templates()->erase(after.incident_templates().begin());
  after.mutable_level_authorities()->RemoveLast();
  v1::ReportRule& rule = *after.add_report_rules();
  rule.set_key("daily");
  rule.mutable_name()->set_zh_hans("日报");
  EXPECT_THAT(difference(sample(), after),
              ElementsAre("- incident-template \"bare\" (空白)", "- level-authority level i",
                          "+ report-rule \"daily\" (日报)"));
}

TEST(ConfigurationDiff, OrdersAreOneTable) {
  v1::Configuration after = sample();
  after.set_duty_chief("eoc/duty-operator");
  after.mutable_office_hours()->set_end_minute(17 * 60);
  EXPECT_THAT(difference(sample(), after),
              ElementsAre("~ [orders]: duty-chief \"eoc/duty-chief\" -> \"eoc/duty-operator\"; "
                          "office-hours (end-minute 1080 -> 1020)"));
}

}  // namespace
}  // namespace fenghuo::plan
