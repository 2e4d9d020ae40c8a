// SPDX-License-Identifier: Apache-2.0
#include "hub/core/order_change.h"
#include "hub/core/rows.h"
#include "tests/support/core_center.h"
#include "tests/support/random_center.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

// What no order may ever do, on random lives of a center.
namespace fenghuo::testing {
namespace {

class OrderLife {
 public:
  explicit OrderLife(std::uint64_t seed) : random(seed) {
    submit(random.plan(center.now()));
    center.watch([this](const core::Record& record, const core::Effects&) {
      random.saw(record);
      check_timing(record);
      remember(record);
    });
  }

  void submit(RandomCenter::Act act) {
    (void)center.submit(act.account_id, std::move(act.command)).has_value();
  }

  void live(int commands) {
    for (int i = 0; i < commands; ++i) {
      if (random.chance(30)) {
        center.advance(static_cast<base::TimeUs>(random.pick(30)) * base::us_per_s);
        check_nothing_is_overdue();
      }
      if (random.chance(4)) be_away(static_cast<base::TimeUs>(random.pick(90)) * base::us_per_s);
      submit(random.chance(60) ? random.about_order(center.state(), center.now())
                               : random.next(center.state(), center.now()));
      for (const auto& entry : center.state().rows().orders) check_not_silent(*entry.row);
    }
  }

  int rungs = 0;
  int orders = 0;

 private:
  // The hub is away and comes back: what fell due meanwhile is still there.
  void be_away(base::TimeUs time) {
    core::Absence absence;
    absence.from_us = center.now();
    center.skip(time);
    absence.to_us = center.now();
    if (random.chance(30)) absence.doubt = v1::ClockDoubt::KIND_BEHIND;
    center.append(core::record_absence(absence));
  }

  // A rung fires when it is due: once, not early, and says how late.
  void check_timing(const core::Record& record) {
    if (!record.event.has_ladder_stepped()) return;
    const v1::LadderStepped& event = record.event.ladder_stepped();
    ++rungs;
    if (event.step().cause() != v1::Step::CAUSE_TIME) return;
    const base::TimeUs due = dues[{event.order_id(), event.addressee()}];
    EXPECT_NE(due, 0) << "nothing was armed";
    EXPECT_LE(due, record.time_us) << "early";
    EXPECT_EQ(event.step().late_by_us(), record.time_us - due);
  }

  void remember(const core::Record& record) {
    const base::EntityId id = core::order_of(record.event);
    if (id == 0) return;
    orders += record.event.has_order_raised() ? 1 : 0;
    for (const v1::Addressee& one : center.state().rows().orders.find(id)->addressees()) {
      dues[{id, one.number()}] = one.run().due_us();
    }
  }

  void check_nothing_is_overdue() {
    const auto next = core::next_deadline(center.state());
    EXPECT_TRUE(!next || *next > center.now());
  }

  // While somebody is still to accept, something is armed, and somebody was told or every command
  // seat is told again and again. Once it is over, nothing is armed.
  static void check_not_silent(const v1::Order& order) {
    SCOPED_TRACE(order.ShortDebugString());
    for (const v1::Addressee& one : order.addressees()) {
      const v1::Run& run = one.run();
      if (!core::is_open(order)) {
        EXPECT_EQ(run.due_us() + run.repeat_due_us() + run.means_due_us() + run.progress_due_us(),
                  0);
      } else if (core::is_pending(one)) {
        const bool exhausted = run.exhausted_us() != 0 && run.repeat_due_us() != 0;
        EXPECT_TRUE(exhausted || run.due_us() != 0) << one.number();
        EXPECT_TRUE(exhausted || run.notices_size() > 0 || run.gate_since_us() != 0);
      }
    }
  }

  CoreCenter center;
  RandomCenter random;
  std::map<std::pair<base::EntityId, std::uint32_t>, base::TimeUs> dues;
};

class OrderLawTest : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(OrderLawTest, EveryArmedRungFiresOnceNeverEarlyAndNoLadderIsSilent) {
  OrderLife life(GetParam());
  life.live(150);
  EXPECT_GT(life.orders, 5);
  EXPECT_GT(life.rungs, 20);
}

INSTANTIATE_TEST_SUITE_P(Seeds, OrderLawTest, ::testing::Range<std::uint64_t>(0, 30));

}  // namespace
}  // namespace fenghuo::testing
