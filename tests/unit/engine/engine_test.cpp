// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/engine.h"

#include "hub/base/limits.h"
#include "tests/support/engine_rig.h"

#include <gtest/gtest.h>

namespace fenghuo::engine {
namespace {

namespace limits = base::limits;
using testing::advance;
using testing::post;

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() { rig.furnish(); }

  base::Position durable() const { return rig.store->log().head().position; }

  EngineRig rig;
};

TEST_F(EngineTest, AReplyLeavesOnlyWhenItsRecordIsDurable) {
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "hello"), 1));
  rig.step();
  rig.step();
  EXPECT_TRUE(rig.answers.empty());
  EXPECT_TRUE(rig.commits.empty());
  rig.store->pump();
  rig.step();
  ASSERT_EQ(rig.answers.size(), 1U);
  EXPECT_TRUE(rig.answers[0].ok());
  EXPECT_EQ(rig.answers[0].n(), 1U);
  EXPECT_EQ(rig.answers[0].reply.done().id(), durable());
  EXPECT_EQ(rig.answers[0].reply.done().seq(), 1U);
  EXPECT_EQ(rig.answers[0].reply.position(), durable());
  ASSERT_EQ(rig.commits.size(), 1U);
  ASSERT_EQ(rig.commits[0]->items.size(), 1U);
  EXPECT_EQ(rig.commits[0]->items[0].body->text(), "hello");
}

TEST_F(EngineTest, ARefusalWaitsForWhatItWasDecidedOn) {
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "first"), 1));
  ASSERT_FALSE(rig.submit(rig.bob, post(12'345, "nowhere"), 1));
  rig.step();
  EXPECT_TRUE(rig.answers.empty()) << "it reveals facts of records not yet durable";
  rig.store->pump();
  rig.step();
  ASSERT_EQ(rig.answers.size(), 2U);
  EXPECT_EQ(rig.answers[1].code(), v1::ERROR_CODE_NOT_FOUND);
}

TEST_F(EngineTest, ARefusalOfDurableThingsLeavesAtOnce) {
  ASSERT_FALSE(rig.submit(rig.bob, post(12'345, "nowhere"), 1));
  rig.step();
  ASSERT_EQ(rig.answers.size(), 1U);
  EXPECT_EQ(rig.answers[0].code(), v1::ERROR_CODE_NOT_FOUND);
}

TEST_F(EngineTest, ARepeatedCommandGetsItsFirstAnswerWhenThatIsDurable) {
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "once"), 1));
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "once"), 1));
  rig.step();
  EXPECT_TRUE(rig.answers.empty());
  rig.settle();
  ASSERT_EQ(rig.answers.size(), 2U);
  EXPECT_FALSE(rig.answers[0].reply.done().repeated());
  EXPECT_TRUE(rig.answers[1].reply.done().repeated());
  EXPECT_EQ(rig.answers[0].reply.done().id(), rig.answers[1].reply.done().id());
  EXPECT_EQ(rig.engine->state().message_count(), 1U);
}

TEST_F(EngineTest, AGroupIsWhatArrivedDuringTheLastSync) {
  const std::uint64_t groups = rig.engine->figures().groups;
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "one"), 1));
  rig.step();
  for (std::uint64_t n = 2; n <= 11; ++n) {
    ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "more"), n));
    rig.step();
  }
  EXPECT_EQ(rig.store->appends_waiting(), 1U) << "one is being synced, the next being decided";
  rig.settle();
  EXPECT_EQ(rig.engine->figures().groups, groups + 2);
  EXPECT_EQ(rig.answers.size(), 11U);
  EXPECT_EQ(rig.commits.back()->items.size(), 10U);
}

TEST_F(EngineTest, LateCompletionsHoldOnlyAnswers) {
  rig.store->delay_appends(5);
  for (std::uint64_t n = 1; n <= 20; ++n) {
    ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), n));
    rig.step();
    rig.store->pump();
    rig.now += 1'000;
  }
  rig.settle();
  ASSERT_EQ(rig.answers.size(), 20U);
  for (std::uint64_t n = 1; n <= 20; ++n) {
    EXPECT_EQ(rig.answers[n - 1].n(), n);
    EXPECT_EQ(rig.answers[n - 1].reply.done().seq(), n);
  }
}

TEST_F(EngineTest, RecordsNeverGoBackInTime) {
  const base::TimeUs last = rig.store->log().head().time_us;
  rig.now = last + 50;
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "later"), 1));
  rig.settle();
  EXPECT_EQ(rig.commits.back()->time_us, last + 50);

  // After a restart the clock stands behind the record.
  rig.now = last - 1'000'000;
  rig.boot();
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "earlier"), 2));
  rig.settle();
  EXPECT_EQ(rig.commits.back()->time_us, last + 50);
}

TEST_F(EngineTest, UrgentCommandsOvertakeNormalOnes) {
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "normal"), 1));
  ASSERT_FALSE(rig.submit(rig.chief, post(rig.all, "flash", v1::PRECEDENCE_FLASH), 1));
  rig.settle();
  ASSERT_EQ(rig.answers.size(), 2U);
  EXPECT_EQ(rig.answers[0].account, rig.chief);
  EXPECT_EQ(rig.answers[0].reply.done().seq(), 1U);
}

TEST_F(EngineTest, FlashWithoutTheGrantIsNotUrgent) {
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "normal"), 1));
  ASSERT_FALSE(rig.submit(rig.bob, post(rig.all, "flash", v1::PRECEDENCE_FLASH), 1));
  rig.settle();
  ASSERT_EQ(rig.answers.size(), 2U);
  EXPECT_EQ(rig.answers[0].account, rig.ann);
  EXPECT_EQ(rig.answers[1].code(), v1::ERROR_CODE_FORBIDDEN);
}

TEST_F(EngineTest, BeyondTheUrgentBucketFlashGoesAsNormal) {
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "normal"), 1));
  const auto burst = static_cast<std::uint64_t>(limits::urgent_burst);
  for (std::uint64_t n = 1; n <= burst + 1; ++n) {
    ASSERT_FALSE(rig.submit(rig.chief, post(rig.all, "flash", v1::PRECEDENCE_FLASH), n));
  }
  rig.settle();
  ASSERT_EQ(rig.answers.size(), burst + 2);
  EXPECT_EQ(rig.answers[burst].account, rig.ann);
  EXPECT_EQ(rig.answers[burst + 1].account, rig.chief);
}

TEST_F(EngineTest, CommandsAboveTheRateAreRefusedWithTheDelay) {
  const auto burst = static_cast<std::uint64_t>(limits::commands_burst);
  for (std::uint64_t n = 1; n <= burst + 1; ++n) {
    ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), n));
  }
  ASSERT_FALSE(rig.submit(rig.bob, post(rig.all, "text"), 1));
  rig.settle();
  ASSERT_EQ(rig.answers.size(), burst + 2);
  EXPECT_EQ(rig.answers[burst].code(), v1::ERROR_CODE_RATE_LIMITED);
  EXPECT_GT(rig.answers[burst].reply.refused().retry_after_ms(), 0U);
  EXPECT_TRUE(rig.answers[burst + 1].ok()) << "another account is not concerned";

  // It left no result: the same command is taken a second later.
  rig.now += base::us_per_s;
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), burst + 1));
  rig.settle();
  EXPECT_TRUE(rig.answers.back().ok());
  EXPECT_FALSE(rig.answers.back().reply.done().repeated());
}

TEST_F(EngineTest, AnOrderIsNotRefusedForItsRate) {
  const auto burst = static_cast<std::uint64_t>(limits::commands_burst);
  for (std::uint64_t n = 1; n <= burst; ++n) {
    ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), n));
  }
  v1::Command order;
  order.mutable_raise_order()->set_text("close the valve");
  ASSERT_FALSE(rig.submit(rig.ann, order, burst + 1));
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), burst + 2));
  rig.settle();
  ASSERT_EQ(rig.answers.size(), burst + 2);
  EXPECT_EQ(rig.answers[burst].code(), v1::ERROR_CODE_NOT_FOUND) << "decided: it names no channel";
  EXPECT_EQ(rig.answers[burst + 1].code(), v1::ERROR_CODE_RATE_LIMITED);
}

TEST_F(EngineTest, ReadingIsMergedIntoOneRecordASecond) {
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), 1));
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), 2));
  rig.settle();
  rig.answers.clear();
  const base::Position before = durable();
  ASSERT_FALSE(rig.submit(rig.bob, advance(rig.all, 1), 1));
  ASSERT_FALSE(rig.submit(rig.bob, advance(rig.all, 2), 2));
  ASSERT_FALSE(rig.submit(rig.chief, advance(rig.all, 2), 1));
  rig.settle();
  EXPECT_EQ(durable(), before);
  EXPECT_TRUE(rig.answers.empty());
  EXPECT_FALSE(rig.engine->idle());
  EXPECT_EQ(rig.step().wake_at, rig.now + limits::cursor_merge_us);

  rig.now += limits::cursor_merge_us;
  rig.settle();
  EXPECT_EQ(durable(), before + 1);
  ASSERT_EQ(rig.answers.size(), 3U);
  for (const EngineRig::Answer& answer : rig.answers) EXPECT_TRUE(answer.ok());
  EXPECT_EQ(rig.commits.back()->items[0].event.cursors_advanced().rows_size(), 2);
  EXPECT_TRUE(rig.engine->idle());

  // Nothing new: answered at once, no record.
  ASSERT_FALSE(rig.submit(rig.bob, advance(rig.all, 2), 3));
  rig.step();
  EXPECT_EQ(rig.answers.size(), 4U);
  EXPECT_EQ(durable(), before + 1);
}

TEST_F(EngineTest, DeadlinesFireOnceAndAreNotForgottenByARestart) {
  EXPECT_EQ(rig.step().wake_at, testing::guest_until);
  rig.now = testing::guest_until - 1;
  rig.settle();
  const base::Position before = durable();
  rig.boot();
  rig.now = testing::guest_until + 5;
  rig.settle();
  ASSERT_EQ(durable(), before + 1);
  EXPECT_TRUE(rig.commits.back()->items[0].event.has_access_expired());
  rig.settle();
  rig.boot();
  rig.settle();
  EXPECT_EQ(durable(), before + 1);
}

TEST_F(EngineTest, WhileThoseBehindAreLateNothingNewIsDecided) {
  bool behind = true;
  base::Result<core::State> state = reload(*rig.store);
  Engine::Options options;
  options.behind = [&behind] { return behind; };
  rig.engine = std::make_unique<Engine>(std::move(*state), rig.store->log(), rig, options, [] {});
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), 1));
  const Engine::Step step = rig.step();
  EXPECT_FALSE(step.progressed);
  EXPECT_GT(step.wake_at, rig.now);
  EXPECT_EQ(rig.store->appends_waiting(), 0U);
  behind = false;
  rig.settle();
  EXPECT_EQ(rig.answers.size(), 1U);
}

TEST_F(EngineTest, DrainingAnswersWhatItTookAndTakesNoMore) {
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), 1));
  rig.settle();
  ASSERT_FALSE(rig.submit(rig.bob, advance(rig.all, 1), 1));
  ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text"), 2));
  rig.engine->drain();
  const auto refused = rig.submit(rig.ann, post(rig.all, "text"), 3);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), v1::ERROR_CODE_DRAINING);
  EXPECT_FALSE(rig.engine->idle());
  rig.settle();
  EXPECT_EQ(rig.answers.size(), 3U) << "merged readings do not wait for their second";
  EXPECT_TRUE(rig.engine->idle());
}

}  // namespace
}  // namespace fenghuo::engine
