// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/reader.h"

#include <gtest/gtest.h>

#include <string>

namespace fenghuo::plan {
namespace {

const std::string source = FENGHUO_SOURCE;

class Everything : public testing::Test {
 protected:
  Everything() : file_(read_plan_file(source + "/tests/golden/plan/good/everything.toml")) {}
  const v1::Plan& plan() { return file_.plan.value(); }

  PlanFile file_;
};

TEST_F(Everything, Center) {
  EXPECT_EQ(plan().center_id(), "test");
  EXPECT_EQ(plan().name().zh_hans(), "测试中心");
  EXPECT_EQ(plan().zone(), "Asia/Shanghai");
  EXPECT_EQ(plan().redaction_window_s(), 0U);
}

TEST_F(Everything, RoleBelongsToTheDepartmentOfItsKey) {
  ASSERT_EQ(plan().roles_size(), 1);
  const v1::PlanRole& role = plan().roles(0);
  EXPECT_EQ(role.key(), "fire/liaison");
  EXPECT_EQ(role.department(), "fire");
  EXPECT_TRUE(role.command_seat());
  ASSERT_EQ(role.phones_size(), 1);
  EXPECT_EQ(role.phones(0).kind(), v1::Phone::KIND_DUTY_LINE);
  EXPECT_EQ(role.phones(0).note(), "24 h");
}

TEST_F(Everything, Grants) {
  const v1::PlanRole& role = plan().roles(0);
  ASSERT_EQ(role.grants_size(), 4);
  EXPECT_EQ(role.grants(0).verb(), v1::Grant::VERB_FLASH);
  EXPECT_EQ(role.grants(0).scope(), v1::Grant::SCOPE_CENTER);
  EXPECT_EQ(role.grants(0).condition(), v1::Grant::CONDITION_APPOINTED);
  EXPECT_EQ(role.grants(1).verb(), v1::Grant::VERB_MODERATE);
  EXPECT_EQ(role.grants(1).scope(), v1::Grant::SCOPE_DEPARTMENT);
  EXPECT_EQ(role.grants(2).condition(), v1::Grant::CONDITION_NOT_PROPOSER);
  EXPECT_EQ(role.grants(3).condition(), v1::Grant::CONDITION_ON_DUTY);
}

TEST_F(Everything, Accounts) {
  ASSERT_EQ(plan().accounts_size(), 2);
  const v1::PlanAccount& person = plan().accounts(0);
  EXPECT_EQ(person.kind(), v1::Account::KIND_PERSON);
  ASSERT_EQ(person.appointments_size(), 1);
  EXPECT_EQ(person.appointments(0).standing(), v1::Appointment::STANDING_PRIMARY);
  EXPECT_EQ(person.appointments(0).rank(), 1U);
  const v1::PlanAccount& guest = plan().accounts(1);
  EXPECT_EQ(guest.kind(), v1::Account::KIND_GUEST);
  // 2026-12-31T10:00:00Z
  EXPECT_EQ(guest.access_until_us(), 1'798'711'200'000'000);
  ASSERT_EQ(guest.rooms_size(), 1);
  EXPECT_EQ(guest.rooms(0), "talk");
}

TEST_F(Everything, ChannelsHaveTheDefaultsOfTheirKind) {
  ASSERT_EQ(plan().channels_size(), 4);
  const v1::PlanChannel& group = plan().channels(1);
  EXPECT_EQ(group.kind(), v1::Channel::KIND_GROUP);
  EXPECT_EQ(group.posting(), v1::Channel::POSTING_MEMBERS);
  EXPECT_EQ(group.history(), v1::Channel::HISTORY_SINCE_JOINING);
  EXPECT_EQ(group.topic(), "今晚");
  EXPECT_EQ(group.member_accounts(0), "wang.lei");
  const v1::PlanChannel& news = plan().channels(2);
  EXPECT_EQ(news.posting(), v1::Channel::POSTING_ANNOUNCERS);
  EXPECT_EQ(news.history(), v1::Channel::HISTORY_ALL);
  EXPECT_TRUE(news.everyone());
  EXPECT_EQ(plan().channels(3).role(), "fire/liaison");
}

TEST(ReadPlan, AFileThatIsNotThere) {
  const PlanFile read = read_plan_file("nowhere.toml");
  EXPECT_FALSE(read.plan);
  EXPECT_EQ(read.problem_text(), "nowhere.toml: cannot be read; give the path of a plan file\n");
}

TEST(ReadPlan, BytesThatAreNotText) {
  EXPECT_EQ(read_plan("a = \"\xff\"", "f").problem_text(),
            "f: the plan is not UTF-8; save it as UTF-8\n");
}

TEST(ReadPlan, ALargeOneIsNotEvenLookedAt) {
  EXPECT_EQ(read_plan(std::string(2 * 1024 * 1024 + 1, '#'), "f").problem_text(),
            "f: the plan has 2097153 bytes; 2097152 at most\n");
}

}  // namespace
}  // namespace fenghuo::plan
