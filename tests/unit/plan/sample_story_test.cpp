// SPDX-License-Identifier: Apache-2.0
// The sample plan in a center: what it promises must happen when somebody declares.
#include "hub/core/rows.h"
#include "hub/plan/reader.h"
#include "tests/support/core_center.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace fenghuo::plan {
namespace {

constexpr base::TimeUs second = base::us_per_s;
constexpr base::TimeUs minute = 60 * second;

// One person holds each role: its account has the role's key with a dot for the slash. The bot
// "sensor" reports alarms.
class SampleCenter : public ::testing::Test {
 protected:
  SampleCenter()
      : plan_(read_plan_file(std::string(FENGHUO_SOURCE) + "/deploy/plans/city-command-center.toml")
                  .plan.value()) {
    plan_.clear_center_id();  // the center of the tests has its own
    for (const v1::PlanRole& role : plan_.roles()) {
      v1::PlanAccount& person = account(account_key(role.key()));
      person.add_appointments()->set_role(role.key());
      person.mutable_appointments(0)->set_standing(v1::Appointment::STANDING_PRIMARY);
    }
    v1::PlanAccount& sensor = account("sensor");
    sensor.set_kind(v1::Account::KIND_BOT);
    sensor.add_appointments()->set_role("bots/sensor");
    v1::Command command;
    *command.mutable_apply_plan()->mutable_plan() = plan_;
    const auto done = center_.submit(0, command);
    EXPECT_TRUE(done) << done.error().to_string();
  }

  v1::PlanAccount& account(const std::string& key) {
    v1::PlanAccount& one = *plan_.add_accounts();
    one.set_key(key);
    one.mutable_name()->set_en(key);
    return one;
  }
  static std::string account_key(std::string role) {
    std::replace(role.begin(), role.end(), '/', '.');
    return role;
  }
  base::EntityId who(const std::string& key) const {
    return center_.state().account_by_key(key)->id();
  }
  const core::State::Rows& rows() const { return center_.state().rows(); }

  // By the duty chief alone, at level III.
  base::EntityId declare(const v1::IncidentTemplate& from) {
    v1::Command command;
    v1::DeclareIncident& one = *command.mutable_declare_incident();
    one.set_title("澜江");
    one.set_category(from.category() == v1::INCIDENT_CATEGORY_UNSPECIFIED
                         ? v1::INCIDENT_CATEGORY_ACCIDENT
                         : from.category());
    one.set_level(v1::LEVEL_III);
    one.set_response_level(v1::LEVEL_III);
    one.set_occurred_us(center_.now() - minute);
    one.set_template_(from.key());
    const auto done = center_.submit(who("eoc.duty-chief"), command);
    EXPECT_TRUE(done) << from.key() << ": " << done.error().to_string();
    return done ? done->id() : 0;
  }
  void report(const std::string& source, const std::string& key, std::int64_t value) {
    v1::Command command;
    command.mutable_report_alarm()->set_source(source);
    command.mutable_report_alarm()->set_key(key);
    command.mutable_report_alarm()->mutable_value()->set_digits(value);
    const auto done = center_.submit(who("sensor"), command);
    EXPECT_TRUE(done) << done.error().to_string();
  }
  std::vector<const v1::Order*> orders(base::EntityId incident_id) const {
    std::vector<const v1::Order*> found;
    for (const auto& entry : rows().orders) {
      if (entry.row->incident_id() == incident_id) found.push_back(entry.row.get());
    }
    return found;
  }

  v1::Plan plan_;
  fenghuo::testing::CoreCenter center_;
};

TEST_F(SampleCenter, ASecondTimeNothingChanges) {
  const std::size_t records = center_.log().size();
  v1::Command command;
  *command.mutable_apply_plan()->mutable_plan() = plan_;
  ASSERT_TRUE(center_.submit(0, command));
  EXPECT_EQ(center_.log().size(), records);
}

TEST_F(SampleCenter, EveryTemplateStartsAllItNames) {
  ASSERT_EQ(plan_.configuration().incident_templates_size(), 5);
  for (const v1::IncidentTemplate& one : plan_.configuration().incident_templates()) {
    const base::EntityId id = declare(one);
    ASSERT_NE(id, 0U);
    center_.advance(second);
    const v1::Incident& incident = *rows().incidents.find(id);
    EXPECT_EQ(incident.groups_size(), one.groups_size()) << one.key();
    for (const v1::Group& group : incident.groups()) {
      EXPECT_NE(group.lead_role_id(), 0U) << one.key() << " " << group.key();
      EXPECT_NE(group.channel_id(), 0U) << one.key() << " " << group.key();
    }
    EXPECT_TRUE(incident.waiting_orders().empty()) << one.key();
    const std::vector<const v1::Order*> raised = orders(id);
    ASSERT_EQ(raised.size(), static_cast<std::size_t>(one.orders_size())) << one.key();
    for (std::size_t i = 0; i < raised.size(); ++i) {
      EXPECT_EQ(raised[i]->addressees_size(), one.orders(static_cast<int>(i)).to_size());
      EXPECT_EQ(raised[i]->ladder().key(), "level-iii") << one.key();
    }
    EXPECT_EQ(incident.posts().commander().role_id() != 0, !one.commander().empty());
  }
}

TEST_F(SampleCenter, ReportClocksRunFromTheOccurrence) {
  const base::TimeUs occurred = center_.now() - minute;
  const base::EntityId id = declare(plan_.configuration().incident_templates(0));
  std::vector<base::TimeUs> due;
  for (const auto& entry : rows().reports) {
    if (entry.row->incident_id() == id) due.push_back(entry.row->due_us() - occurred);
  }
  std::sort(due.begin(), due.end());
  EXPECT_EQ(due, (std::vector<base::TimeUs>{30 * minute, 60 * minute}));
}

TEST_F(SampleCenter, TwoPointsOfOneUnitRaiseAnOrderAfterTheHold) {
  report("chengyuan-dcs", "ti-2103", 92);
  center_.advance(45 * second);
  EXPECT_TRUE(orders(0).empty()) << "a single stage 1 calls nobody";
  report("chengyuan-gds", "gt-117", 27);
  center_.advance(24 * second);
  EXPECT_TRUE(orders(0).empty()) << "held for 25 s";
  center_.advance(second);
  ASSERT_EQ(orders(0).size(), 1U);
  EXPECT_EQ(orders(0)[0]->ladder().key(), "sensor-2");
  EXPECT_EQ(orders(0)[0]->ladder().accept_within_us(), 2 * minute);
}

TEST_F(SampleCenter, OneStageTwoRaisesAnOrderAtOnce) {
  report("chengyuan-gds", "gt-203", 23);
  center_.advance(0);
  EXPECT_EQ(orders(0).size(), 1U);
}

}  // namespace
}  // namespace fenghuo::plan
