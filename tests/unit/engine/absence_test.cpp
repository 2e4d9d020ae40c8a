// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/project.h"
#include "hub/engine/engine.h"
#include "tests/support/engine_rig.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

// The hub was away, or its clock is in doubt: what the engine records, and when.
namespace fenghuo::engine {
namespace {

namespace limits = base::limits;
using base::TimeUs;
using base::us_per_s;

class AbsenceTest : public ::testing::Test {
 protected:
  AbsenceTest() { rig.furnish(); }

  // The hub stops now and starts again after `time`.
  void restart_after(TimeUs time, v1::ClockDoubt::Kind doubt = v1::ClockDoubt::KIND_UNSPECIFIED) {
    base::Result<core::State> state = recover(*rig.store, testing::test_genesis(), rig.now);
    FENGHUO_CHECK(state);
    Engine::Options options;
    options.reload = [this] { return reload(*rig.store); };
    options.outage_least_us = limits::outage_least_us;
    options.absence.from_us = rig.now;
    options.absence.doubt = doubt;
    options.wall_difference = [this] { return wall_difference; };
    options.step_clock = [this](TimeUs at) { stepped_to = at; };
    rig.now += time;
    rig.engine = std::make_unique<Engine>(std::move(*state), rig.store->log(), rig,
                                          std::move(options), [] {});
    rig.commits.clear();
    rig.answers.clear();
    rig.settle();
  }
  std::vector<v1::Event> records() const {
    std::vector<v1::Event> all;
    for (const auto& commit : rig.commits) {
      for (const auto& item : commit->items) all.push_back(item.event);
    }
    return all;
  }
  v1::Command accept_clock() const {
    v1::Command command;
    command.mutable_accept_clock()->set_doubt_id(
        core::snapshot_for(rig.engine->state(), rig.chief).clock_doubts(0).id());
    return command;
  }

  EngineRig rig;
  TimeUs wall_difference = 0;
  TimeUs stepped_to = 0;
};

TEST_F(AbsenceTest, ARestartThatTookLongIsRecordedBeforeAnythingElse) {
  const TimeUs before = rig.now;
  restart_after(limits::outage_least_us);
  ASSERT_EQ(records().size(), 1U);
  EXPECT_EQ(records()[0].outage_recorded().from_us(), before);
  EXPECT_EQ(records()[0].outage_recorded().to_us(), rig.now);
  EXPECT_EQ(records()[0].outage_recorded().cause(), v1::Outage::CAUSE_STOPPED);
}

TEST_F(AbsenceTest, AShortOneIsNone) {
  restart_after(limits::outage_least_us - 1);
  EXPECT_TRUE(records().empty());
}

TEST_F(AbsenceTest, AHubThatStoodStillWasAway) {
  restart_after(0);
  rig.now += us_per_s;
  rig.settle();
  EXPECT_TRUE(records().empty());
  const TimeUs before = rig.now;
  rig.now += 60 * us_per_s;
  rig.settle();
  ASSERT_EQ(records().size(), 1U);
  EXPECT_EQ(records()[0].outage_recorded().from_us(), before);
}

TEST_F(AbsenceTest, WhatFoundNoRoomIsRecordedLater) {
  const TimeUs before = rig.now;
  rig.store->set_no_space(true);
  restart_after(60 * us_per_s, v1::ClockDoubt::KIND_AHEAD);
  EXPECT_TRUE(records().empty());
  rig.store->set_no_space(false);
  rig.now += 2 * us_per_s;
  rig.settle();
  ASSERT_EQ(records().size(), 2U);
  EXPECT_EQ(records()[0].clock_doubted().kind(), v1::ClockDoubt::KIND_AHEAD);
  EXPECT_EQ(records()[1].outage_recorded().from_us(), before);
  EXPECT_EQ(records()[1].outage_recorded().to_us(), rig.now);
}

TEST_F(AbsenceTest, AClockInDoubtIsRecordedAndShownUntilItIsAccepted) {
  restart_after(0, v1::ClockDoubt::KIND_BEHIND);
  ASSERT_EQ(records().size(), 1U);
  EXPECT_EQ(records()[0].clock_doubted().kind(), v1::ClockDoubt::KIND_BEHIND);
  EXPECT_TRUE(rig.engine->clock_unconfirmed());
  wall_difference = 3'600 * us_per_s;
  ASSERT_FALSE(rig.submit(0, accept_clock()));
  rig.step();
  EXPECT_EQ(stepped_to, 0) << "not before it is durable";
  const TimeUs accepted = rig.now;
  rig.settle();
  ASSERT_TRUE(rig.answers.back().ok());
  EXPECT_FALSE(rig.engine->clock_unconfirmed());
  EXPECT_EQ(stepped_to, accepted + 3'600 * us_per_s);
  rig.now = stepped_to;
  rig.settle();
  int outages = 0;
  for (const v1::Event& event : records()) outages += event.has_outage_recorded() ? 1 : 0;
  EXPECT_EQ(outages, 1) << "the step is recorded once";
}

TEST_F(AbsenceTest, WhatASenderCallsTheWallClockIsNotBelieved) {
  restart_after(0, v1::ClockDoubt::KIND_AHEAD);
  v1::Command command = accept_clock();
  command.mutable_accept_clock()->set_wall_us(rig.now + 24 * 3'600 * us_per_s);
  ASSERT_FALSE(rig.submit(0, command));
  rig.settle();
  EXPECT_EQ(stepped_to, 0);
  EXPECT_EQ(records().back().clock_accepted().wall_us(), rig.now);
}

}  // namespace
}  // namespace fenghuo::engine
