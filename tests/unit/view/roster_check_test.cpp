// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/view/view_rig.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace fenghuo::view {
namespace {

class RosterCheckTest : public ::testing::Test {
 protected:
  RosterCheckTest() : chief(hub.id("chief")), ann(hub.id("ann")) {}

  v1::QueryResult check(base::EntityId account, const std::string& rows) {
    v1::Query query;
    query.mutable_roster()->set_table("role,person,from,to\n" + rows);
    return hub.query(account, query);
  }
  static v1::Command put(const v1::QueryResult& checked) {
    v1::Command command;
    *command.mutable_put_shifts() = checked.roster().put();
    return command;
  }

  ViewRig hub;
  base::EntityId chief;
  base::EntityId ann;
  const std::string day = "fire/crew,ann,2026-11-30 08:00,2026-11-30 20:00\n";
  const std::string night = "fire/crew,bob,2026-11-30 20:00,2026-12-01 08:00\n";
};

TEST_F(RosterCheckTest, WhatIsCleanIsPutAsItIsAndKnownAfterwards) {
  const v1::QueryResult checked = check(chief, day + night);
  ASSERT_EQ(checked.roster().put().shifts_size(), 2) << checked.ShortDebugString();
  EXPECT_EQ(checked.roster().zone(), "Asia/Shanghai");
  EXPECT_EQ(checked.roster().put().seen_position(), checked.position());
  EXPECT_EQ(check(chief, day).roster().known(), 0U) << "checking stores nothing";

  hub.run(chief, put(checked));
  const v1::QueryResult again = check(chief, day + night);
  EXPECT_EQ(again.roster().known(), 2U);
  EXPECT_EQ(again.roster().put().shifts_size(), 0);
  const v1::QueryResult other = check(chief, "fire/crew,cat,2026-11-30 19:00,2026-11-30 20:00\n");
  EXPECT_EQ(other.roster().problems_size(), 1);
}

TEST_F(RosterCheckTest, OfTwoWhoPlanAtOnceTheSecondIsToldToLookAgain) {
  const v1::QueryResult first = check(chief, day);
  const v1::QueryResult second = check(chief, "fire/crew,bob,2026-11-30 08:00,2026-11-30 20:00\n");
  hub.run(chief, put(first));
  hub.rig.answers.clear();
  ASSERT_FALSE(hub.rig.submit(chief, put(second)));
  hub.settle();
  ASSERT_EQ(hub.rig.answers.size(), 1U);
  EXPECT_EQ(hub.rig.answers[0].reply.refused().code(), v1::ERROR_CODE_STALE_REVISION);
}

TEST_F(RosterCheckTest, IsForThoseWhoPlanDuty) {
  EXPECT_EQ(check(ann, day).refused().code(), v1::ERROR_CODE_FORBIDDEN);
  EXPECT_EQ(check(hub.id("guest"), day).refused().code(), v1::ERROR_CODE_FORBIDDEN);
}

TEST_F(RosterCheckTest, WaitsForAFreePlaceLikeOtherReads) {
  hub.pool.full = true;
  EXPECT_EQ(check(chief, day).refused().code(), v1::ERROR_CODE_OVERLOADED);
}

}  // namespace
}  // namespace fenghuo::view
