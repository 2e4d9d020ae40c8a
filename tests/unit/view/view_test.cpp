// SPDX-License-Identifier: Apache-2.0
#include "hub/view/view.h"

#include "hub/base/waker.h"
#include "hub/view/thread_pool.h"
#include "hub/view/view_thread.h"
#include "tests/unit/view/view_rig.h"

#include <gtest/gtest.h>

#include <future>
#include <limits>

namespace fenghuo::view {
namespace {

class ViewTest : public ::testing::Test {
 protected:
  base::Result<core::State> saved() {
    return core::load([this](const auto& visit) {
      ASSERT_TRUE(hub.rig.store->rows().scan(storage::Family::Entity, {}, {}, false,
                                             [&](std::string_view key, std::string_view value) {
                                               visit(key, value);
                                               return true;
                                             }));
    });
  }

  ViewRig hub;
};

TEST_F(ViewTest, FollowsTheEngineRecordByRecord) {
  hub.post(hub.rig.ann, hub.rig.all, "one");
  hub.post(hub.rig.bob, hub.rig.crew, "two");
  EXPECT_EQ(hub.view->state().digest(), hub.rig.engine->state().digest());
  EXPECT_EQ(hub.view->applied(), hub.rig.store->log().head().position);
  EXPECT_EQ(hub.listener.published_through, hub.view->applied());
  EXPECT_EQ(hub.view->backlog(), 0U);
  for (std::size_t i = 1; i < hub.listener.positions.size(); ++i) {
    ASSERT_EQ(hub.listener.positions[i], hub.listener.positions[i - 1] + 1);
  }
}

TEST_F(ViewTest, IsComparedWithTheEngineEveryThousandRecords) {
  const base::Position before = hub.view->applied();
  while (hub.view->applied() < before + 2 * core::digest_every_records) {
    for (int i = 0; i < 50; ++i) {
      ASSERT_FALSE(hub.rig.submit(0, testing::post(hub.rig.all, "text")));
    }
    hub.settle();
  }
  EXPECT_GE(hub.listener.compared, 2U);
}

TEST_F(ViewTest, StopsWhenItHasComeToAnotherState) {
  auto commit = std::make_shared<core::Commit>();
  commit->first = hub.view->applied() + 1;
  commit->time_us = hub.rig.now;
  commit->items.emplace_back().event.mutable_plan_applied()->set_zone("UTC");
  commit->digest.emplace();
  hub.view->committed(commit);
  EXPECT_DEATH(hub.view->step(hub.rig.now), "same_as_engine");
}

TEST_F(ViewTest, SeesOnlyWhatIsDurable) {
  ASSERT_FALSE(hub.rig.submit(hub.rig.ann, testing::post(hub.rig.all, "not yet"), 1));
  hub.rig.step();
  hub.view->step(hub.rig.now);
  EXPECT_EQ(hub.view->state().message_count(), 0U);
  EXPECT_EQ(hub.rig.engine->state().message_count(), 1U);
  hub.settle();
  EXPECT_EQ(hub.view->state().message_count(), 1U);
}

TEST_F(ViewTest, AQuestionSeesEveryCommitHandedOverBeforeIt) {
  ASSERT_FALSE(hub.rig.submit(hub.rig.ann, testing::post(hub.rig.all, "text"), 1));
  hub.rig.settle();
  std::uint64_t seen = 0;
  hub.view->ask([&seen](const core::State& state) { seen = state.message_count(); });
  EXPECT_TRUE(hub.view->step(hub.rig.now));
  EXPECT_EQ(seen, 1U);
  EXPECT_FALSE(hub.view->step(hub.rig.now));
}

TEST_F(ViewTest, SavesRowsOnceASecond) {
  hub.rig.now += base::us_per_s;
  hub.settle();
  const base::Result<core::State> before = saved();
  ASSERT_TRUE(before);
  EXPECT_EQ(before->digest(), hub.view->state().digest());

  hub.post(hub.rig.ann, hub.rig.all, "text");
  EXPECT_EQ(saved()->position(), before->position());
  hub.rig.now += base::us_per_s;
  hub.settle();
  EXPECT_EQ(saved()->digest(), hub.view->state().digest());
}

TEST_F(ViewTest, SavesRowsBeforeTheSecondWhenMuchHasChanged) {
  hub.rig.now += base::us_per_s;
  hub.settle();
  const base::Position before = saved()->position();
  for (int i = 0; i < 1'500 && saved()->position() == before; ++i) {
    for (int j = 0; j < 20; ++j) {
      ASSERT_FALSE(hub.rig.submit(0, testing::post(hub.rig.all, "text")));
    }
    hub.settle();
  }
  EXPECT_GT(saved()->position(), before);
}

TEST_F(ViewTest, RowsThatFoundNoRoomAreSavedLater) {
  hub.rig.now += base::us_per_s;
  hub.settle();
  hub.post(hub.rig.ann, hub.rig.all, "one");
  hub.rig.store->set_no_space(true);
  hub.rig.now += base::us_per_s;
  hub.view->step(hub.rig.now);
  EXPECT_NE(saved()->position(), hub.view->applied());
  hub.rig.store->set_no_space(false);
  hub.post(hub.rig.ann, hub.rig.all, "two");
  hub.rig.now += base::us_per_s;
  hub.settle();
  EXPECT_EQ(saved()->digest(), hub.view->state().digest());
}

TEST_F(ViewTest, ACrashLosesNoRowThatTheLogCannotReplace) {
  for (int i = 0; i < 10; ++i) {
    hub.post(hub.rig.ann, hub.rig.all, "text");
    hub.rig.now += 300'000;
    hub.settle();
  }
  const base::Hash before = hub.view->state().digest();
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    hub.rig.store = hub.rig.store->crash(seed);
    const base::Result<core::State> state = engine::reload(*hub.rig.store);
    ASSERT_TRUE(state) << state.error().to_string();
    EXPECT_EQ(state->digest(), before);
  }
}

TEST_F(ViewTest, TheThreadAnswersAndSavesEverythingWhenItStops) {
  base::Waker waker;
  RecordingListener listener;
  base::Result<core::State> state = engine::reload(*hub.rig.store);
  View view(std::move(*state), *hub.rig.store, listener, [&waker] { waker.wake(); });
  const base::ManualClock clock(hub.rig.now);
  ViewThread thread(view, clock, waker);
  std::promise<base::Position> answer;
  view.ask([&answer](const core::State& now) { answer.set_value(now.position()); });
  EXPECT_EQ(answer.get_future().get(), view.applied());
  hub.rig.next = &view;
  ASSERT_FALSE(hub.rig.submit(hub.rig.ann, testing::post(hub.rig.all, "text"), 1));
  hub.rig.settle();
  thread.stop();
  EXPECT_EQ(view.applied(), hub.rig.store->log().head().position);
  EXPECT_EQ(saved()->digest(), view.state().digest());
}

TEST(ThreadPool, IsBoundedAndFinishesWhatItTook) {
  std::atomic<int> done = 0;
  {
    ThreadPool pool(1, 1);
    std::promise<void> started;
    std::promise<void> release;
    ASSERT_TRUE(pool.run([&started, gate = release.get_future().share()] {
      started.set_value();
      gate.wait();
    }));
    started.get_future().wait();
    ASSERT_TRUE(pool.run([&done] { ++done; }));
    EXPECT_FALSE(pool.run([] { FAIL() << "refused work must not run"; }));
    release.set_value();
  }
  EXPECT_EQ(done, 1);
}

}  // namespace
}  // namespace fenghuo::view
