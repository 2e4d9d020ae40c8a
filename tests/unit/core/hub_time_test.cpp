// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/snapshot.h"
#include "tests/unit/core/order_story.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Hub time: what an outage and a clock in doubt mean for orders, and the slips entered afterwards.
namespace fenghuo::testing {
namespace {

class HubTimeTest : public OrderStory {
 protected:
  // The hub is away, and records it when it is back; nothing has fired yet.
  void away_for(base::TimeUs time) {
    core::Absence absence;
    absence.from_us = center.now();
    center.skip(time);
    absence.to_us = center.now();
    center.append(core::record_absence(absence));
  }
  // It wakes up after a reboot, and its clock is in doubt.
  void wake_in_doubt(v1::ClockDoubt::Kind kind) {
    core::Absence absence;
    absence.from_us = absence.to_us = center.now();
    absence.doubt = kind;
    absence.wall_us = 946'684'800LL * base::us_per_s;
    center.append(core::record_absence(absence));
  }
  // Rungs fired by the clock, in the order in which they were.
  void watch_rungs() {
    center.watch([this](const core::Record& record, const core::Effects&) {
      const v1::LadderStepped& step = record.event.ladder_stepped();
      if (step.step().cause() == v1::Step::CAUSE_TIME) fired.push_back(step);
    });
  }
  const v1::Outage& last_outage() const { return **(&center.state().rows().outages.end()[-1].row); }
  const v1::ClockDoubt& last_doubt() const {
    return **(&center.state().rows().clock_doubts.end()[-1].row);
  }
  v1::Command close(const std::string& note = "all slips are in") const {
    v1::Command command;
    command.mutable_close_outage()->set_outage_id(last_outage().id());
    command.mutable_close_outage()->set_note(note);
    return command;
  }
  v1::Command accept_clock(base::TimeUs wall_us = 0) const {
    v1::Command command;
    command.mutable_accept_clock()->set_doubt_id(last_doubt().id());
    command.mutable_accept_clock()->set_wall_us(wall_us);
    return command;
  }

  std::vector<v1::LadderStepped> fired;
};

TEST_F(HubTimeTest, AnOutageIsARowThatEverybodySeesUntilACommandSeatClosesIt) {
  const auto before = center.now();
  away_for(30 * minute_us);
  EXPECT_EQ(last_outage().from_us(), before);
  EXPECT_EQ(last_outage().to_us(), before + 30 * minute_us);
  EXPECT_EQ(core::snapshot_for(center.state(), who("anna")).outages_size(), 1);
  EXPECT_EQ(core::snapshot_for(center.state(), who("guest")).outages_size(), 0);
  EXPECT_THAT(does("anna", close()), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("chief", close("")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  ASSERT_TRUE(does("chief", close()));
  EXPECT_EQ(last_outage().closed_by_id(), who("chief"));
  EXPECT_EQ(core::snapshot_for(center.state(), who("anna")).outages_size(), 0);
  EXPECT_THAT(does("chief", close()), IsRefused(v1::ERROR_CODE_STALE_REVISION)) << "pressed twice";
}

TEST_F(HubTimeTest, WhatFellDueInAnOutageFiresOnceByPrecedenceThenDeadline) {
  const auto early = raised({"fire/watch"});
  center.advance(minute_us);
  const auto late = raised({"fire/watch"});
  v1::Command urgent = raise({"fire/watch"});
  urgent.mutable_raise_order()->set_precedence(v1::PRECEDENCE_IMMEDIATE);
  center.advance(minute_us);
  const auto immediate = raised(urgent);
  center.advance(minute_us);
  watch_rungs();
  away_for(60 * minute_us);
  const auto back = center.now();
  center.advance(0);
  ASSERT_EQ(fired.size(), 3u) << "each once, however many rungs went by";
  EXPECT_EQ(fired[0].order_id(), immediate);
  EXPECT_EQ(fired[1].order_id(), early);
  EXPECT_EQ(fired[2].order_id(), late);
  EXPECT_EQ(fired[0].step().late_by_us(), 56 * minute_us);
  EXPECT_EQ(fired[1].step().late_by_us(), 58 * minute_us);
  EXPECT_EQ(fired[1].due_us(), back + 5 * minute_us) << "the following from now";
}

TEST_F(HubTimeTest, AnOutageIsNobodysLateness) {
  const auto id = raised({"fire/watch"});
  const auto other = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", observe(id, false)));
  ASSERT_TRUE(does("anna", observe(other, false)));
  center.advance(minute_us);
  away_for(10 * minute_us);
  center.advance(2 * minute_us);
  ASSERT_TRUE(does("anna", accept(id)));
  EXPECT_EQ(addressee(id).late_by_us(), 0) << "three of her five minutes";
  EXPECT_EQ(addressee(id).late_cause(), v1::Addressee::LATE_CAUSE_OUTAGE);
  center.advance(4 * minute_us);
  ASSERT_TRUE(does("anna", accept(other)));
  EXPECT_EQ(addressee(other).late_by_us(), 2 * minute_us) << "seven of her five";
  EXPECT_EQ(addressee(other).late_cause(), v1::Addressee::LATE_CAUSE_NOT_SEEN);
}

TEST_F(HubTimeTest, AnOutageBeforeTheOrderExcusesNothing) {
  away_for(10 * minute_us);
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", observe(id, true)));
  center.advance(6 * minute_us);
  ASSERT_TRUE(does("anna", accept(id)));
  EXPECT_EQ(addressee(id).late_by_us(), minute_us);
  EXPECT_EQ(addressee(id).late_cause(), v1::Addressee::LATE_CAUSE_SEEN);
}

TEST_F(HubTimeTest, WorkGetsTheTimeBackThatAnOutageTook) {
  v1::Command by_ten = raise({"fire/watch"});
  by_ten.mutable_raise_order()->set_done_by_us(center.now() + 10 * minute_us);
  const auto id = raised(by_ten);
  ASSERT_TRUE(does("anna", accept(id)));
  center.advance(minute_us);
  away_for(20 * minute_us);
  center.advance(0);
  EXPECT_FALSE(addressee(id).overdue()) << "one of her ten minutes";
  center.advance(9 * minute_us - second_us);
  EXPECT_FALSE(addressee(id).overdue());
  center.advance(second_us);
  EXPECT_TRUE(addressee(id).overdue());
}

TEST_F(HubTimeTest, WhoWasToldByACallMayHaveBeenReachedInTime) {
  const auto id = raised({"fire/watch"});
  center.advance(6 * minute_us);
  ASSERT_TRUE(does("anna", accept(id)));
  EXPECT_EQ(addressee(id).late_cause(), v1::Addressee::LATE_CAUSE_UNKNOWN_DELIVERY)
      << "unknown is not \"not delivered\"";
}

TEST_F(HubTimeTest, OnADoubtedClockStepsAreMarkedUntilAnOperatorAccepts) {
  const auto id = raised({"fire/watch"});
  wake_in_doubt(v1::ClockDoubt::KIND_BEHIND);
  EXPECT_TRUE(center.state().clock_unconfirmed());
  EXPECT_EQ(core::snapshot_for(center.state(), who("anna")).clock_doubts_size(), 1);
  center.advance(5 * minute_us);
  EXPECT_TRUE(last_step(id).clock_unconfirmed());
  EXPECT_TRUE(center.decoded(center.state().position()).event.clock_unconfirmed());
  EXPECT_THAT(does("anna", accept_clock()), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("chief", accept_clock()));
  EXPECT_FALSE(center.state().clock_unconfirmed());
  EXPECT_EQ(last_doubt().accepted_by_id(), who("chief"));
  EXPECT_THAT(does("chief", accept_clock()), IsRefused(v1::ERROR_CODE_STALE_REVISION));
  center.advance(5 * minute_us);
  EXPECT_EQ(asked(id), "lena");
  EXPECT_FALSE(last_step(id).clock_unconfirmed());
}

TEST_F(HubTimeTest, AcceptingAWallClockThatIsAheadStepsHubTimeAndLosesNoDeadline) {
  const auto id = raised({"fire/watch"});
  center.advance(minute_us);
  wake_in_doubt(v1::ClockDoubt::KIND_BEHIND);
  watch_rungs();
  const auto wall = center.now() + 120 * minute_us;
  ASSERT_TRUE(does("chief", accept_clock(wall)));
  EXPECT_EQ(last_outage().cause(), v1::Outage::CAUSE_CLOCK);
  EXPECT_EQ(last_outage().to_us(), wall);
  EXPECT_EQ(center.state().hub_time_us(), wall) << "also after a crash right now";
  center.skip(wall - center.now());
  center.advance(0);
  ASSERT_EQ(fired.size(), 1u) << "once, though many rungs went by";
  EXPECT_EQ(fired[0].step().late_by_us(), 116 * minute_us);
  EXPECT_EQ(fired[0].due_us(), wall + 5 * minute_us);
  ASSERT_TRUE(does("anna", accept(id)));
  EXPECT_EQ(addressee(id).late_by_us(), 0) << "the hub's absence, not hers";
}

TEST_F(HubTimeTest, AWallClockThatIsBehindIsOnlyNoted) {
  wake_in_doubt(v1::ClockDoubt::KIND_BEHIND);
  ASSERT_TRUE(does("chief", accept_clock(946'684'800LL * base::us_per_s)));
  EXPECT_TRUE(center.state().rows().outages.empty());
  EXPECT_EQ(center.state().hub_time_us(), center.now()) << "never back";
  EXPECT_EQ(last_doubt().accepted_wall_us(), 946'684'800LL * base::us_per_s);
}

TEST_F(HubTimeTest, OnlyTheHubDoubtsAndAsksTheOperatorOnce) {
  v1::Command doubt;
  doubt.mutable_doubt_clock()->set_kind(v1::ClockDoubt::KIND_DISAGREES);
  doubt.mutable_doubt_clock()->set_wall_us(center.now() + minute_us);
  EXPECT_THAT(does("chief", doubt), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("hub", doubt));
  ASSERT_TRUE(does("hub", doubt));
  EXPECT_EQ(center.state().rows().clock_doubts.size(), 1u);
  EXPECT_FALSE(center.state().clock_unconfirmed()) << "the boot clock is not in doubt";
}

TEST_F(HubTimeTest, OutagesAndDoubtsSurviveARestart) {
  away_for(minute_us);
  wake_in_doubt(v1::ClockDoubt::KIND_UNSYNCHRONISED);
  std::map<std::string, std::string> saved;
  core::save_changed(center.state(),
                     [&](std::string_view key, std::optional<std::string_view> value) {
                       if (value) saved[std::string(key)] = std::string(*value);
                     });
  const auto loaded = core::load([&saved](const auto& visit) {
    for (const auto& [key, value] : saved) visit(key, value);
  });
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(loaded->clock_unconfirmed());
  EXPECT_EQ(loaded->digest(), center.state().digest());
}

// --- 补录: paper slips after an outage ---

class SlipsTest : public HubTimeTest {
 protected:
  SlipsTest() {
    first = raised({"fire/watch"});
    second = raised({"water/watch"});
    center.advance(minute_us);
    away_for(30 * minute_us);
  }

  v1::EnterSlips::Slip slip(std::string_view giver) const {
    v1::EnterSlips::Slip one;
    v1::OnBehalf& said = *one.mutable_on_behalf();
    said.set_account_id(who(giver));
    said.set_medium(v1::OnBehalf::MEDIUM_PAPER);
    said.set_stated_at_us(last_outage().from_us() + 3 * minute_us);
    said.set_reference("sheet 7");
    return one;
  }
  v1::EnterSlips::Slip accepted(std::string_view giver, base::EntityId id) const {
    v1::EnterSlips::Slip one = slip(giver);
    *one.mutable_accept_order() = accept(id).accept_order();
    return one;
  }
  v1::EnterSlips::Slip finished(std::string_view giver, base::EntityId id) const {
    v1::EnterSlips::Slip one = slip(giver);
    *one.mutable_finish_order() = finish(id).finish_order();
    return one;
  }
  v1::Command batch(std::vector<v1::EnterSlips::Slip> slips) const {
    v1::Command command;
    command.mutable_enter_slips()->set_outage_id(last_outage().id());
    for (auto& one : slips) *command.mutable_enter_slips()->add_slips() = one;
    return command;
  }

  base::EntityId first = 0, second = 0;
};

TEST_F(SlipsTest, ABatchIsEnteredAsOneAndEachSlipIsSignedByItsGiver) {
  const auto before = center.state().position();
  ASSERT_TRUE(does("chief", batch({accepted("anna", first), finished("anna", first),
                                   accepted("wang", second)})));
  const auto begins = center.decoded(before + 1).event;
  EXPECT_EQ(begins.slips_entered().slips(), 3u);
  EXPECT_EQ(begins.event_count(), center.state().position() - before) << "one command";
  EXPECT_EQ(order(first).state(), v1::Order::STATE_DONE) << "the second slip builds on the first";
  EXPECT_EQ(addressee(first).accepted().account_id(), who("anna"));
  EXPECT_EQ(addressee(first).accepted().recorded_by_id(), who("chief"));
  EXPECT_EQ(addressee(second).accepted().on_behalf().reference(), "sheet 7");
  ASSERT_EQ(center.state().rows().spoken.size(), 3u);
  for (const auto& entry : center.state().rows().spoken) {
    EXPECT_EQ(entry.row->state(), v1::Spoken::STATE_OWED) << "each owes a signature";
    EXPECT_EQ(entry.row->recorder_id(), who("chief"));
  }
  EXPECT_EQ(last_outage().slips(), 3u);
}

TEST_F(SlipsTest, OneBadSlipAndNothingIsEntered) {
  const auto before = center.state().digest();
  const auto refused = does("chief", batch({accepted("anna", first), accepted("fei", second)}));
  ASSERT_THAT(refused, IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_EQ(refused.error().field().rfind("enter_slips.slips[1]", 0), 0u) << "says which";
  EXPECT_EQ(refused.error().params().back().second, "2");
  EXPECT_EQ(center.state().digest(), before);
}

TEST_F(SlipsTest, OnlyOfTheOutageByACommandSeatAndBeforeItIsClosed) {
  v1::EnterSlips::Slip old = accepted("anna", first);
  old.mutable_on_behalf()->set_stated_at_us(last_outage().from_us() - second_us);
  EXPECT_THAT(does("chief", batch({old})), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_THAT(does("dora", batch({accepted("anna", first)})), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("chief", batch({})), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  const v1::Command late = batch({accepted("anna", first)});
  ASSERT_TRUE(does("chief", close()));
  EXPECT_THAT(does("chief", late), IsRefused(v1::ERROR_CODE_STALE_REVISION));
}

TEST_F(SlipsTest, ABatchHasItsLimit) {
  std::vector<v1::EnterSlips::Slip> many(base::limits::slips_max + 1, accepted("anna", first));
  EXPECT_THAT(does("chief", batch(many)), IsRefused(v1::ERROR_CODE_TOO_LARGE));
  many.pop_back();
  EXPECT_TRUE(does("chief", batch(many))) << "the same said again changes nothing";
  EXPECT_EQ(addressee(first).also_confirmed_size(), 0);
}

}  // namespace
}  // namespace fenghuo::testing
