// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "tests/support/engine_rig.h"

#include <gtest/gtest.h>

// What the engine does when the log does not do what it should.
namespace fenghuo::engine {
namespace {

using storage::AppendStatus;
using testing::advance;
using testing::post;

class TroubleTest : public ::testing::Test {
 protected:
  TroubleTest() { rig.furnish(); }

  // A post that should succeed.
  void expect_post_works(std::uint64_t n) {
    rig.answers.clear();
    ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "works"), n));
    rig.settle();
    ASSERT_EQ(rig.answers.size(), 1U);
    EXPECT_TRUE(rig.answers[0].ok()) << rig.answers[0].reply.ShortDebugString();
  }
  void expect_state_is_the_record() {
    const base::Result<core::State> recovered = reload(*rig.store);
    ASSERT_TRUE(recovered);
    EXPECT_EQ(rig.engine->state().digest(), recovered->digest());
  }

  EngineRig rig;
};

TEST_F(TroubleTest, NoSpaceUndoesWhatWasDecidedAndTellsEveryone) {
  const base::Hash before = rig.engine->state().digest();
  rig.store->set_no_space(true);
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "first"), 1));
  rig.step();
  // Decided on top of the first, and seen to be refused on top of it.
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "second"), 2));
  ASSERT_FALSE(rig.submit(rig.bob, advance(rig.all, 1), 1));
  rig.step();
  rig.settle();
  ASSERT_EQ(rig.answers.size(), 3U);
  for (const EngineRig::Answer& answer : rig.answers) {
    EXPECT_EQ(answer.code(), v1::ERROR_CODE_NO_SPACE);
    EXPECT_GT(answer.reply.refused().retry_after_ms(), 0U);
  }
  EXPECT_EQ(rig.engine->state().digest(), before);
  EXPECT_TRUE(rig.engine->idle());

  // Read-only, not dead: refused at the door until there is room again.
  const auto refused = rig.submit(rig.ann, post(rig.all, "third"), 3);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), v1::ERROR_CODE_NO_SPACE);
  rig.store->set_no_space(false);
  rig.engine->set_free_share(0.5);
  rig.now += 2 * base::us_per_s;
  expect_post_works(1);
  EXPECT_FALSE(rig.answers[0].reply.done().repeated()) << "the lost try left no result";
  expect_state_is_the_record();
}

TEST_F(TroubleTest, UrgentCommandsAreTriedOnAFullDiskAgainAndAgain) {
  rig.store->set_no_space(true);
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), 1));
  rig.settle();
  const v1::Command flash = post(rig.all, "flash", v1::PRECEDENCE_FLASH);
  rig.now += 2 * base::us_per_s;
  ASSERT_FALSE(rig.submit(rig.chief, flash, 1));
  rig.settle();
  EXPECT_EQ(rig.answers.back().code(), v1::ERROR_CODE_NO_SPACE);
  rig.store->set_no_space(false);
  rig.now += 2 * base::us_per_s;
  ASSERT_FALSE(rig.submit(rig.chief, flash, 1));
  rig.settle();
  EXPECT_TRUE(rig.answers.back().ok());
}

TEST_F(TroubleTest, ADeadlineThatFoundNoRoomFiresLater) {
  rig.store->set_no_space(true);
  rig.now = testing::guest_until + 1;
  rig.step();
  rig.store->pump();
  rig.step();
  EXPECT_EQ(rig.store->appends_waiting(), 0U) << "not tried again at once";
  EXPECT_GT(rig.step().wake_at, rig.now);
  rig.store->set_no_space(false);
  rig.now += 2 * base::us_per_s;
  rig.settle();
  ASSERT_EQ(rig.commits.size(), 1U);
  EXPECT_TRUE(rig.commits[0]->items[0].event.has_access_expired());
}

TEST_F(TroubleTest, ANearlyFullDiskTakesWhatMatters) {
  rig.engine->set_free_share(0.04);
  auto refused = rig.submit(rig.ann, post(rig.all, "routine"), 1);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), v1::ERROR_CODE_NO_SPACE);
  EXPECT_TRUE(rig.submit(rig.ann, post(rig.all, "priority", v1::PRECEDENCE_PRIORITY), 1));
  EXPECT_FALSE(rig.submit(rig.ann, post(rig.all, "immediate", v1::PRECEDENCE_IMMEDIATE), 1));
  EXPECT_FALSE(rig.submit(rig.bob, advance(rig.all, 1), 1));

  rig.engine->set_free_share(0.005);
  EXPECT_TRUE(rig.submit(rig.ann, post(rig.all, "immediate", v1::PRECEDENCE_IMMEDIATE), 2));
  EXPECT_TRUE(rig.submit(rig.bob, advance(rig.all, 1), 2));
  EXPECT_FALSE(rig.submit(rig.chief, post(rig.all, "flash", v1::PRECEDENCE_FLASH), 1));

  rig.engine->set_free_share(0.5);
  EXPECT_FALSE(rig.submit(rig.ann, post(rig.all, "routine"), 3));
}

TEST_F(TroubleTest, AnUnreachableLogIsTriedAgainByTheClient) {
  rig.store->fail_next_append(AppendStatus::Unavailable);
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), 1));
  rig.settle();
  ASSERT_EQ(rig.answers.size(), 1U);
  EXPECT_EQ(rig.answers[0].code(), v1::ERROR_CODE_UNAVAILABLE);
  rig.now += 2 * base::us_per_s;
  expect_post_works(1);
}

TEST_F(TroubleTest, AnUnknownOutcomeIsResolved) {
  rig.store->fail_next_append(AppendStatus::Unknown, true);
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "written"), 1));
  rig.settle();
  ASSERT_EQ(rig.answers.size(), 1U);
  EXPECT_TRUE(rig.answers[0].ok());

  rig.store->fail_next_append(AppendStatus::Unknown, false);
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "not written"), 2));
  rig.settle();
  ASSERT_EQ(rig.answers.size(), 2U);
  EXPECT_EQ(rig.answers[1].code(), v1::ERROR_CODE_UNAVAILABLE);
  expect_state_is_the_record();
  rig.now += 2 * base::us_per_s;
  expect_post_works(2);
}

TEST_F(TroubleTest, AGroupTooLargeForTheLogIsRefused) {
  rig.store->fail_next_append(AppendStatus::TooLarge);
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), 1));
  rig.settle();
  ASSERT_EQ(rig.answers.size(), 1U);
  EXPECT_EQ(rig.answers[0].code(), v1::ERROR_CODE_TOO_LARGE);
  expect_post_works(2);
}

class FatalTest : public TroubleTest, public ::testing::WithParamInterface<AppendStatus> {};

TEST_P(FatalTest, NoReplyLeavesAnyMore) {
  rig.store->fail_next_append(GetParam());
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), 1));
  rig.step();
  ASSERT_FALSE(rig.submit(rig.bob, post(12'345, "refused on top"), 1));
  rig.step();
  rig.store->pump();
  Engine::Step step = rig.step();
  EXPECT_TRUE(step.failed);
  EXPECT_FALSE(step.detail.empty());
  step = rig.step();
  EXPECT_TRUE(step.failed);
  EXPECT_FALSE(step.progressed);
  EXPECT_TRUE(rig.answers.empty());
  EXPECT_TRUE(rig.commits.empty());
}

INSTANTIATE_TEST_SUITE_P(Outcomes, FatalTest,
                         ::testing::Values(AppendStatus::Failed, AppendStatus::Conflict,
                                           AppendStatus::Fenced));

TEST_F(TroubleTest, WhatWasNotSyncedIsLostAndWasNotAcknowledged) {
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "durable"), 1));
  rig.settle();
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "lost"), 2));
  rig.step();
  rig.engine = nullptr;
  rig.store = rig.store->crash();
  rig.boot();
  EXPECT_EQ(rig.answers.size(), 1U);
  EXPECT_EQ(rig.engine->state().message_count(), 1U);
  expect_post_works(2);
  EXPECT_EQ(rig.answers.back().reply.done().seq(), 2U);
}

}  // namespace
}  // namespace fenghuo::engine
