// SPDX-License-Identifier: Apache-2.0
#include "hub/core/rows.h"
#include "tests/support/core_center.h"
#include "tests/support/invariants.h"
#include "tests/support/random_center.h"
#include "tests/unit/core/save_and_load.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

// A command center at random work on duty, orders, levels, handovers, alarms and incidents, whose
// hub is killed, stands still for an hour, and comes back: see tests/support/invariants.h for what
// must hold all the while.
namespace fenghuo::testing {
namespace {

class TroubledLife {
 public:
  explicit TroubledLife(std::uint64_t seed) : random_(seed) {
    center_.watch_before([this](const core::Record& record) {
      expect_none(check_record(center_.state(), record), record.position);
    });
    center_.watch_settled(
        [this] { expect_none(invariants(center_.state()), center_.state().position()); });
    center_.watch([this](const core::Record& record, const core::Effects&) {
      random_.saw(record);
      by_clock_ += record.event.account_id() == 0 && record.event.has_ladder_stepped() ? 1 : 0;
    });
    submit(random_.plan(center_.now()));
  }

  void live(int commands) {
    for (int i = 0; i < commands && !::testing::Test::HasFailure(); ++i) {
      if (random_.chance(25)) pass_time();
      if (random_.chance(4)) crash();
      submit(random_.chance(50) ? random_.about_order(center_.state(), center_.now())
                                : random_.next(center_.state(), center_.now()));
    }
  }

  int steps() const { return by_clock_; }
  int crashes() const { return crashes_; }

 private:
  static void expect_none(const Violations& found, base::Position at) {
    for (const std::string& one : found) ADD_FAILURE() << "after " << at << ": " << one;
  }

  void submit(RandomCenter::Act act) {
    (void)center_.submit(act.account_id, std::move(act.command)).has_value();
  }

  // Now and then the machine slept, or its clock was put right: an hour is gone at once.
  void pass_time() {
    if (random_.chance(10)) {
      center_.skip(static_cast<base::TimeUs>(random_.pick(3'600)) * base::us_per_s);
    }
    center_.advance(static_cast<base::TimeUs>(random_.pick(30)) * base::us_per_s);
    expect_none(nothing_overdue(center_.state(), center_.now()), center_.state().position());
  }

  // What was saved some time ago and the records since make the State again, timers and all; life
  // goes on from there, some time later.
  void crash() {
    ++crashes_;
    auto loaded = load(saved_);
    ASSERT_TRUE(loaded || saved_.empty()) << loaded.error().to_string();
    core::State again = saved_.empty() ? core::State() : std::move(*loaded);
    replay(again, center_.log());
    EXPECT_EQ(again.digest(), center_.state().digest());
    EXPECT_TRUE(again.rows().deadlines == center_.state().rows().deadlines) << "other timers";
    center_.state() = std::move(again);
    if (random_.chance(50)) save(center_.state(), saved_);
    center_.skip(static_cast<base::TimeUs>(random_.pick(60)) * base::us_per_s);
    pass_time();
  }

  CoreCenter center_;
  RandomCenter random_;
  SavedRows saved_;
  int by_clock_ = 0;
  int crashes_ = 0;
};

class CoordinationLawTest : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(CoordinationLawTest, NothingIsLostEarlyTwiceOrSilentThroughCrashesAndLostHours) {
  TroubledLife life(GetParam());
  life.live(300);
  EXPECT_GT(life.steps(), 20);
  EXPECT_GT(life.crashes(), 2);
}

INSTANTIATE_TEST_SUITE_P(Seeds, CoordinationLawTest, ::testing::Range<std::uint64_t>(0, 40));

}  // namespace
}  // namespace fenghuo::testing
