// SPDX-License-Identifier: Apache-2.0
#include "hub/core/snapshot.h"
#include "tests/unit/core/fixture.h"

namespace fenghuo::testing {
namespace {

TEST_F(CoreTest, PlanMakesChannelsWithMembersFromAppointments) {
  const auto members = [&](const char* key) { return center.state().members(room(key)); };
  EXPECT_THAT(members("fire"), ::testing::UnorderedElementsAre(who("fang"), who("fei"),
                                                               who("sensor"), who("guest")));
  EXPECT_THAT(members("liaisons"), ::testing::UnorderedElementsAre(who("chief"), who("second"),
                                                                   who("fang"), who("shui")));
  EXPECT_EQ(members("eoc").size(), 7u);
}

TEST_F(CoreTest, PlanAppliedTwiceChangesNothing) {
  const auto before = center.log().size();
  v1::Command command;
  *command.mutable_apply_plan()->mutable_plan() = plan();
  const auto done = center.submit(0, command);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->id(), 0u);
  EXPECT_EQ(center.log().size(), before);
}

TEST_F(CoreTest, PostedMessageIsUnreadForOthers) {
  const auto done = does("fang", post("fire", "on the way"));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->seq(), 1u);
  EXPECT_EQ(cursor("fei", "fire").unread(), 1u);
  EXPECT_EQ(cursor("fang", "fire").unread(), 0u);
  ASSERT_TRUE(does("fei", read_to("fire", 1)));
  EXPECT_EQ(cursor("fei", "fire").unread(), 0u);
}

}  // namespace
}  // namespace fenghuo::testing
