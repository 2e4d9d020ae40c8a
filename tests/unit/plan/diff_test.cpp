// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/diff.h"

#include "hub/plan/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

v1::Plan everything() {
  return read_plan_file(std::string(FENGHUO_SOURCE) + "/tests/golden/plan/good/everything.toml")
      .plan.value();
}

// A center after everything.toml was applied, as far as these tests look.
v1::Snapshot applied() {
  v1::Snapshot snapshot;
  const v1::Plan plan = everything();
  auto& department = *snapshot.add_departments();
  department.set_id(10);
  department.set_key("fire");
  *department.mutable_name() = plan.departments(0).name();
  auto& role = *snapshot.add_roles();
  role.set_id(20);
  role.set_key("fire/liaison");
  role.set_department_id(10);
  *role.mutable_name() = plan.roles(0).name();
  *role.mutable_phones() = plan.roles(0).phones();
  *role.mutable_grants() = plan.roles(0).grants();
  role.set_command_seat(true);
  auto& account = *snapshot.add_accounts();
  account.set_id(30);
  account.set_key("wang.lei");
  account.set_kind(v1::Account::KIND_PERSON);
  account.set_department_id(10);
  *account.mutable_name() = plan.accounts(0).name();
  auto& appointment = *snapshot.add_appointments();
  appointment.set_account_id(30);
  appointment.set_role_id(20);
  appointment.set_standing(v1::Appointment::STANDING_PRIMARY);
  appointment.set_rank(1);
  auto& channel = *snapshot.add_channels()->mutable_channel();
  channel.set_id(40);
  channel.set_key("talk");
  channel.set_kind(v1::Channel::KIND_GROUP);
  *channel.mutable_name() = plan.channels(1).name();
  channel.set_topic("今晚");
  channel.mutable_members()->add_department_ids(10);
  channel.mutable_members()->add_role_ids(20);
  channel.mutable_members()->add_account_ids(30);
  channel.set_posting(v1::Channel::POSTING_MEMBERS);
  channel.set_history(v1::Channel::HISTORY_SINCE_JOINING);
  auto& guest = *snapshot.add_accounts();
  guest.set_id(31);
  guest.set_key("expert");
  guest.set_kind(v1::Account::KIND_GUEST);
  *guest.mutable_name() = plan.accounts(1).name();
  guest.set_access_until_us(plan.accounts(1).access_until_us());
  guest.add_room_ids(40);
  return snapshot;
}

TEST(PlanDiff, NothingInAnEmptyCenterIsAllNew) {
  EXPECT_THAT(plan_diff(v1::Plan(), everything()),
              ElementsAre("+ department \"fire\" (消防)", "+ role \"fire/liaison\" (联络员)",
                          "+ account \"wang.lei\" (王磊)", "+ account \"expert\" (专家)",
                          "+ contact \"plant\" (厂长)", "+ channel \"fire\" (消防)",
                          "+ channel \"talk\" (会商)", "+ channel \"news\" (公告)",
                          "+ channel \"fire/liaison\" (联络员)"));
}

TEST(PlanDiff, SamePlanHasNoDifference) {
  EXPECT_THAT(plan_diff(everything(), everything()), IsEmpty());
}

TEST(PlanDiff, WhatASnapshotHoldsIsKnown) {
  EXPECT_THAT(plan_diff(plan_of(applied()), everything()),
              ElementsAre("+ contact \"plant\" (厂长)", "+ channel \"fire\" (消防)",
                          "+ channel \"news\" (公告)", "+ channel \"fire/liaison\" (联络员)"));
}

TEST(PlanDiff, NamesEveryFieldThatChanges) {
  v1::Snapshot snapshot = applied();
  snapshot.mutable_departments(0)->mutable_name()->set_en("Fire Brigade");
  snapshot.mutable_roles(0)->mutable_grants(0)->set_verb(v1::Grant::VERB_AUDIT);
  snapshot.mutable_roles(0)->set_command_seat(false);
  snapshot.mutable_appointments(0)->set_standing(v1::Appointment::STANDING_DEPUTY);
  snapshot.mutable_accounts(1)->set_access_until_us(0);
  v1::Channel& channel = *snapshot.mutable_channels(0)->mutable_channel();
  channel.set_topic("old");
  channel.mutable_members()->clear_role_ids();
  channel.set_history(v1::Channel::HISTORY_ALL);
  std::vector<std::string> lines = plan_diff(plan_of(snapshot), everything());
  ASSERT_GE(lines.size(), 5U);
  EXPECT_EQ(lines[0], "~ department \"fire\": name \"消防 / Fire Brigade\" -> \"消防 / Fire\"");
  EXPECT_EQ(lines[1],
            "~ role \"fire/liaison\": grants + \"flash\" - \"audit\"; "
            "command_seat false -> true");
  EXPECT_EQ(lines[2], "~ account \"wang.lei\": appointments + primary fire/liaison 1");
  EXPECT_EQ(lines[3], "~ account \"expert\": access_until_us none -> 2026-12-31T10:00:00Z");
  EXPECT_THAT(lines,
              testing::Contains("~ channel \"talk\": topic \"old\" -> \"今晚\"; member_roles + "
                                "\"fire/liaison\"; history all -> since-joining"));
}

TEST(PlanDiff, TheCenterItselfIsComparedWhenKnown) {
  v1::Plan current = everything();
  current.set_zone("Asia/Urumqi");
  EXPECT_THAT(plan_diff(current, everything()),
              ElementsAre("~ center \"test\": zone \"Asia/Urumqi\" -> \"Asia/Shanghai\""));
}

TEST(PlanDiff, ATopicThatThePlanLeavesOutStays) {
  v1::Plan wanted = everything();
  wanted.mutable_channels(1)->clear_topic();
  EXPECT_THAT(plan_diff(everything(), wanted), IsEmpty());
}

TEST(PlanDiff, FurtherAppointmentsStay) {
  v1::Plan current = everything();
  current.mutable_accounts(0)->add_appointments()->set_role("police/liaison");
  EXPECT_THAT(plan_diff(current, everything()), IsEmpty());
}

TEST(PlanOf, LeavesOutDirectChannelsAndEndedAppointments) {
  v1::Snapshot snapshot = applied();
  snapshot.mutable_appointments(0)->set_ended(true);
  snapshot.add_channels()->mutable_channel()->set_kind(v1::Channel::KIND_DIRECT);
  const v1::Plan plan = plan_of(snapshot);
  ASSERT_EQ(plan.accounts_size(), 2);
  EXPECT_EQ(plan.accounts(0).appointments_size(), 0);
  ASSERT_EQ(plan.channels_size(), 1);
  EXPECT_EQ(plan.channels(0).key(), "talk");
}

}  // namespace
}  // namespace fenghuo::plan
