// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/order.h"
#include "hub/core/snapshot.h"
#include "tests/unit/core/order_story.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// 呼叫链: who is asked when, until somebody takes it.
namespace fenghuo::testing {
namespace {

class LadderTest : public OrderStory {
 protected:
  // Events drafted as another area would, about an order.
  template <typename Drafts>
  void inside_a_decision(Drafts drafts) {
    core::Envelope envelope;
    envelope.salt = std::string(16, 'z');
    const core::Context context{center.state(), center.state().rows(), envelope, center.now()};
    core::Draft draft(context);
    drafts(context, draft);
    center.append(draft.finish().events);
  }
};

TEST_F(LadderTest, FiveMinutesUnansweredAndTheDeputyIsAskedThenTheLeader) {
  const auto id = raised({"fire/watch"});
  center.advance(5 * minute_us - second_us);
  EXPECT_EQ(asked(id), "anna");
  center.advance(second_us);
  EXPECT_EQ(asked(id), "dora");
  EXPECT_EQ(last_step(id).cause(), v1::Step::CAUSE_TIME);
  EXPECT_EQ(last_step(id).late_by_us(), 0);
  center.advance(5 * minute_us);
  EXPECT_EQ(asked(id), "lena");
}

TEST_F(LadderTest, AVacantRungDoesNotWaitAndIsToldOnceAnHour) {
  ASSERT_TRUE(does("chief", override_watch(v1::Appointment::STANDING_PRIMARY, "")));
  const auto id = raised({"fire/watch"});
  EXPECT_EQ(asked(id), "dora") << "at once";
  EXPECT_EQ(last_step(id).cause(), v1::Step::CAUSE_VACANCY);
  ASSERT_EQ(run(id).steps_size(), 2);
  EXPECT_EQ(run(id).steps(0).vacant_role_ids(0), post_of("fire/watch"));
  EXPECT_EQ(run(id).steps(0).vacancy_told_role_ids_size(), 1);
  center.advance(minute_us);
  const auto next = raised({"fire/watch"});
  EXPECT_EQ(run(next).steps(0).vacant_role_ids_size(), 1);
  EXPECT_EQ(run(next).steps(0).vacancy_told_role_ids_size(), 0) << "told within the hour";
  center.advance(58 * minute_us);
  const auto within = raised({"fire/watch"});
  EXPECT_EQ(run(within).steps(0).vacancy_told_role_ids_size(), 0);
  ASSERT_TRUE(does("chief", override_watch(v1::Appointment::STANDING_PRIMARY, "")));
  center.advance(minute_us);
  const auto after = raised({"fire/watch"});
  EXPECT_EQ(run(after).steps(0).vacancy_told_role_ids_size(), 1) << "an hour later again";
}

TEST_F(LadderTest, WithNobodyAtAllTheOrderIsExhaustedAtOnceAndNeverSilent) {
  v1::Ladder only_watch = standard();
  only_watch.mutable_rungs()->DeleteSubrange(1, 3);
  use(only_watch);
  ASSERT_TRUE(does("chief", override_watch(v1::Appointment::STANDING_PRIMARY, "")));
  const auto id = raised({"fire/watch"});
  EXPECT_EQ(run(id).exhausted_us(), center.now());
  center.advance(10 * minute_us);
  EXPECT_EQ(run(id).repeats(), 5u) << "every two minutes";
}

TEST_F(LadderTest, AReturnMovesOnAtOnce) {
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", give_back(id)));
  EXPECT_EQ(asked(id), "dora");
  EXPECT_EQ(last_step(id).cause(), v1::Step::CAUSE_RETURN);
  EXPECT_EQ(addressee(id).returned(0).text(), "not ours");
  center.advance(5 * minute_us);
  EXPECT_EQ(asked(id), "lena");
}

TEST_F(LadderTest, AfterAnOutageARungFiresOnceMarkedLateAndTheNextIsTimedFromThen) {
  const auto id = raised({"fire/watch"});
  // The hub was down for ten minutes from the fourth on.
  const base::TimeUs back = center.now() + 14 * minute_us;
  const auto events = core::fire_deadline(center.state(), back, std::string(16, 'h'));
  bool stepped = false;
  for (const core::Drafted& one : events) {
    if (!one.event.has_ladder_stepped()) continue;
    stepped = true;
    EXPECT_EQ(one.event.ladder_stepped().step().late_by_us(), 9 * minute_us);
    EXPECT_EQ(one.event.ladder_stepped().step().rung(), 1u);
    EXPECT_EQ(one.event.ladder_stepped().due_us(), back + 5 * minute_us);
  }
  // Means are due earlier than the rung: the first thing done is to dial.
  EXPECT_TRUE(stepped || events.back().event.has_notify_started());
  ASSERT_TRUE(does("anna", observe(id, true)));
  const auto rung = core::fire_deadline(center.state(), back, std::string(16, 'h'));
  ASSERT_EQ(rung.back().event.ladder_stepped().step().late_by_us(), 9 * minute_us);
  EXPECT_EQ(rung.back().event.ladder_stepped().due_us(), back + 5 * minute_us);
}

TEST_F(LadderTest, AGateAsksTheDutyChiefAndOpens) {
  const auto id = raised({"fire/watch"});
  center.advance(20 * minute_us);
  EXPECT_EQ(run(id).gate_since_us(), center.now());
  EXPECT_EQ(asked(id), "lena") << "the head is not asked yet";
  EXPECT_THAT(does("lena", gate(id, true)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("chief", gate(id, true)));
  EXPECT_EQ(asked(id), "head");
  EXPECT_EQ(last_step(id).cause(), v1::Step::CAUSE_GATE_OPENED);
}

TEST_F(LadderTest, AGateUnansweredOrRefusedExhaustsTheOrder) {
  const auto id = raised({"fire/watch"});
  const auto other = raised({"fire/watch"});
  center.advance(20 * minute_us);
  ASSERT_TRUE(does("chief", gate(other, false)));
  EXPECT_NE(run(other).exhausted_us(), 0);
  center.advance(3 * minute_us);
  EXPECT_EQ(run(id).exhausted_us(), center.now());
  EXPECT_EQ(asked(id), "lena") << "the clock never goes through a gate";
}

TEST_F(LadderTest, AnotherOrganisationIsAGateEvenUnmarked) {
  v1::Ladder leaves = standard();
  leaves.mutable_rungs(3)->set_gate(false);
  leaves.mutable_rungs(3)->mutable_targets(0)->set_role("water/watch");
  use(leaves);
  const auto id = raised({"fire/watch"});
  center.advance(20 * minute_us);
  EXPECT_NE(run(id).gate_since_us(), 0);
  EXPECT_EQ(asked(id), "lena");
}

TEST_F(LadderTest, AtNightTooAnotherOrganisationIsAGate) {
  v1::Plan plan = watch_plan();
  v1::Configuration& rules = *plan.mutable_configuration();
  // No day is a working day: it is always night.
  rules.mutable_office_hours()->set_end_minute(60);
  v1::Rung& last = *rules.mutable_ladders(0)->mutable_rungs(3);
  last.set_gate(false);
  last.mutable_targets(0)->set_standing(v1::Appointment::STANDING_LEADER);
  last.add_targets_off_hours()->set_role("water/watch");
  apply(plan);
  const auto id = raised({"fire/watch"});
  center.advance(20 * minute_us);
  EXPECT_NE(run(id).gate_since_us(), 0);
  EXPECT_EQ(asked(id), "lena");
}

TEST_F(LadderTest, ExhaustedItRepeatsUntilSomebodyTakesItOrRecordsAManualAction) {
  const auto id = raised({"fire/watch"});
  v1::Command close;
  close.mutable_close_unaccepted()->set_order_id(id);
  close.mutable_close_unaccepted()->set_seen_revision(1);
  close.mutable_close_unaccepted()->set_manual_action("sent a courier");
  EXPECT_THAT(does("chief", close), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT)) << "not yet exhausted";
  center.advance(23 * minute_us);
  EXPECT_NE(run(id).exhausted_us(), 0);
  center.advance(60 * minute_us);
  EXPECT_EQ(run(id).repeats(), 30u);
  ASSERT_TRUE(does("chief", close));
  EXPECT_EQ(order(id).state(), v1::Order::STATE_CLOSED_UNACCEPTED);
  EXPECT_EQ(order(id).manual_action(), "sent a courier");
  center.advance(60 * minute_us);
  EXPECT_EQ(run(id).repeats(), 30u);
}

TEST_F(LadderTest, TheLadderIsASnapshotTheHolderIsLive) {
  const auto id = raised({"fire/watch"});
  v1::Ladder slower = standard();
  slower.mutable_rungs(1)->set_after_us(60 * minute_us);
  use(slower);
  ASSERT_TRUE(does("chief", override_watch(v1::Appointment::STANDING_DEPUTY, "fei")));
  center.advance(5 * minute_us);
  EXPECT_EQ(asked(id), "fei");
}

TEST_F(LadderTest, AtADutyChangeTheNewcomerIsToldAndTheLeaverReleased) {
  const auto id = raised({"fire/watch"});
  center.advance(minute_us);
  ASSERT_TRUE(does("chief", override_watch(v1::Appointment::STANDING_PRIMARY, "fei")));
  center.advance(0);
  ASSERT_EQ(run(id).released_account_ids_size(), 1);
  EXPECT_EQ(run(id).released_account_ids(0), who("anna"));
  EXPECT_EQ(run(id).notices().rbegin()->whom().account_id(), who("fei"));
  EXPECT_THAT(does("anna", accept(id)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_TRUE(does("fei", accept(id)));
}

TEST_F(LadderTest, WhenAllWhoWereAskedLeaveTheNextRungIsCalledAtOnce) {
  const auto id = raised({"fire/watch"});
  center.advance(minute_us);
  ASSERT_TRUE(does("chief", override_watch(v1::Appointment::STANDING_PRIMARY, "")));
  center.advance(0);
  ASSERT_EQ(run(id).released_account_ids_size(), 1);
  EXPECT_EQ(asked(id), "dora") << "not four minutes later";
  EXPECT_EQ(last_step(id).cause(), v1::Step::CAUSE_VACANCY);
  center.advance(5 * minute_us);
  EXPECT_EQ(asked(id), "lena") << "timed from then";
}

TEST_F(LadderTest, AShiftThatBeginsMidwayIsADutyChange) {
  v1::Command shifts;
  v1::Shift& one = *shifts.mutable_put_shifts()->add_shifts();
  one.set_role_id(post_of("fire/watch"));
  one.set_standing(v1::Appointment::STANDING_PRIMARY);
  one.set_account_id(who("anna"));
  one.set_start_us(center.now());
  one.set_end_us(center.now() + 2 * minute_us);
  v1::Shift& next = *shifts.mutable_put_shifts()->add_shifts();
  next = shifts.put_shifts().shifts(0);
  next.set_account_id(who("fang"));
  next.set_start_us(one.end_us());
  next.set_end_us(one.end_us() + 60 * minute_us);
  ASSERT_TRUE(does("chief", shifts));
  const auto id = raised({"fire/watch"});
  EXPECT_EQ(asked(id), "anna");
  center.advance(2 * minute_us);
  EXPECT_EQ(run(id).notices().rbegin()->whom().account_id(), who("fang"));
  EXPECT_EQ(run(id).released_account_ids(0), who("anna"));
}

TEST_F(LadderTest, EscalationByHandNamesTheRungSeen) {
  const auto id = raised({"fire/watch"});
  v1::Command up;
  up.mutable_escalate_order()->set_order_id(id);
  up.mutable_escalate_order()->set_seen_revision(1);
  up.mutable_escalate_order()->set_seen_rung(0);
  EXPECT_THAT(does("fei", up), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("chief", up));
  EXPECT_EQ(asked(id), "dora");
  EXPECT_EQ(last_step(id).cause(), v1::Step::CAUSE_BY_HAND);
  EXPECT_THAT(does("chief", up), IsRefused(v1::ERROR_CODE_STALE_REVISION)) << "pressed twice";
}

TEST_F(LadderTest, AGivenLimitMovesTheSecondCall) {
  v1::Command soon = raise({"fire/watch"});
  soon.mutable_raise_order()->set_accept_by_us(center.now() + 2 * minute_us);
  const auto id = raised(soon);
  center.advance(2 * minute_us);
  EXPECT_EQ(asked(id), "dora");
  center.advance(5 * minute_us);
  EXPECT_EQ(asked(id), "lena") << "and the rest keep their distance";
}

TEST_F(LadderTest, ALadderMayBeGoneThroughTwice) {
  v1::Ladder twice = standard();
  twice.set_loops(2);
  twice.mutable_rungs()->DeleteSubrange(1, 3);
  use(twice);
  const auto id = raised({"fire/watch"});
  center.advance(10 * minute_us);
  EXPECT_EQ(run(id).steps_size(), 2);
  EXPECT_EQ(run(id).loop(), 1u);
  EXPECT_EQ(asked(id), "anna");
  center.advance(10 * minute_us);
  EXPECT_NE(run(id).exhausted_us(), 0);
}

TEST_F(LadderTest, ARungRepeatsToTheSamePeople) {
  v1::Ladder repeating = standard();
  repeating.mutable_rungs(0)->set_repeat_us(minute_us);
  repeating.mutable_rungs(0)->set_repeats(2);
  use(repeating);
  const auto id = raised({"fire/watch"});
  center.advance(4 * minute_us);
  EXPECT_EQ(run(id).repeats(), 2u);
  EXPECT_EQ(run(id).steps_size(), 1);
}

TEST_F(LadderTest, APersonsCeilingHoldsBackRepeatsAndNothingElse) {
  v1::Plan plan = watch_plan();
  v1::Configuration& rules = *plan.mutable_configuration();
  rules.set_repeats_per_person(2);
  rules.set_repeats_within_us(10 * minute_us);
  rules.mutable_ladders(0)->mutable_rungs(0)->set_repeat_us(minute_us);
  apply(plan);
  std::size_t told = 0;
  std::size_t held_back = 0;
  center.watch([&](const core::Record& record, const core::Effects&) {
    told += static_cast<std::size_t>(record.event.order_repeated().told_account_ids_size());
    held_back +=
        static_cast<std::size_t>(record.event.order_repeated().held_back_account_ids_size());
  });
  std::vector<base::EntityId> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(raised({"fire/watch"}));
  for (const auto id : ids) EXPECT_EQ(run(id).notices_size(), 1) << "a first notice is no repeat";
  center.advance(4 * minute_us);
  EXPECT_EQ(told, 2u);
  EXPECT_EQ(held_back, 10u);
  center.advance(minute_us);
  for (const auto id : ids) EXPECT_EQ(asked(id), "dora") << "the ladder goes on";
}

TEST_F(LadderTest, ACeilingThatCannotBeCountedIsRefused) {
  v1::Command command;
  v1::Plan& plan = *command.mutable_apply_plan()->mutable_plan();
  plan = watch_plan();
  plan.mutable_configuration()->set_repeats_per_person(base::limits::repeats_per_person_max + 1);
  plan.mutable_configuration()->set_repeats_within_us(minute_us);
  EXPECT_THAT(center.submit(0, command), IsRefused(v1::ERROR_CODE_BAD_PLAN));
  plan.mutable_configuration()->set_repeats_per_person(base::limits::repeats_per_person_max);
  EXPECT_TRUE(center.submit(0, command));
}

TEST_F(LadderTest, WithoutProgressTheAccepterIsAskedThenTheIssuerAndItDoesNotClimb) {
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", accept(id)));
  center.advance(29 * minute_us);
  ASSERT_TRUE(does("anna", progress(id)));
  EXPECT_EQ(addressee(id).state(), v1::Addressee::STATE_UNDER_WAY);
  center.advance(29 * minute_us);
  EXPECT_FALSE(run(id).accepter_asked()) << "one word is enough";
  center.advance(minute_us);
  EXPECT_TRUE(run(id).accepter_asked());
  EXPECT_FALSE(run(id).issuer_asked());
  center.advance(5 * minute_us);
  EXPECT_TRUE(run(id).issuer_asked());
  center.advance(24 * 60 * minute_us);
  EXPECT_EQ(run(id).steps_size(), 1);
}

TEST_F(LadderTest, ItClimbsWithoutProgressIfTheLadderSaysSo) {
  v1::Ladder climbs = standard();
  climbs.set_no_progress_climbs(true);
  use(climbs);
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", accept(id)));
  center.advance(40 * minute_us);
  EXPECT_EQ(asked(id), "dora");
  EXPECT_EQ(last_step(id).cause(), v1::Step::CAUSE_NO_PROGRESS);
  EXPECT_EQ(order(id).state(), v1::Order::STATE_OPEN);
}

TEST_F(LadderTest, WhatIsNotDoneInTimeIsFlaggedToTheAccepterFirst) {
  v1::Command by_ten = raise({"fire/watch"});
  by_ten.mutable_raise_order()->set_done_by_us(center.now() + 10 * minute_us);
  const auto id = raised(by_ten);
  ASSERT_TRUE(does("anna", accept(id)));
  center.advance(10 * minute_us);
  EXPECT_TRUE(addressee(id).overdue());
  EXPECT_TRUE(run(id).accepter_asked());
  center.advance(5 * minute_us);
  EXPECT_TRUE(run(id).issuer_asked());
}

TEST_F(LadderTest, RaisingTheLevelHurriesALadderLoweringKeepsTheStricter) {
  const auto id = raised({"fire/watch"});
  center.advance(minute_us);
  v1::Ladder fast = standard();
  fast.mutable_rungs(1)->set_after_us(3 * minute_us);
  inside_a_decision([&](const core::Context& context, core::Draft& draft) {
    core::draft_retime(context, id, fast, draft);
  });
  EXPECT_EQ(run(id).due_us(), center.now() + 2 * minute_us) << "from the last step";
  EXPECT_EQ(order(id).revision(), 2u);
  v1::Ladder slow = standard();
  slow.mutable_rungs(1)->set_after_us(30 * minute_us);
  inside_a_decision([&](const core::Context& context, core::Draft& draft) {
    core::draft_retime(context, id, slow, draft);
  });
  EXPECT_EQ(run(id).due_us(), center.now() + 2 * minute_us);
  v1::Ladder at_once = standard();
  at_once.mutable_rungs(1)->set_after_us(30 * second_us);
  inside_a_decision([&](const core::Context& context, core::Draft& draft) {
    core::draft_retime(context, id, at_once, draft);
  });
  EXPECT_EQ(run(id).due_us(), center.now()) << "never before now";
}

TEST_F(LadderTest, AnotherAreaRaisesTheHubsOwnOrderAndEndsIt) {
  base::EntityId id = 0;
  inside_a_decision([&](const core::Context& context, core::Draft& draft) {
    v1::RaiseOrder request = raise({"fire/watch"}).raise_order();
    const auto first = core::draft_order(context, request, draft);
    ASSERT_TRUE(first);
    id = *first;
    EXPECT_TRUE(core::draft_order(context, request, draft)) << "two in one decision";
    request.set_ladder("none");
    EXPECT_FALSE(core::draft_order(context, request, draft));
  });
  EXPECT_EQ(order(id).issuer_id(), 0u);
  EXPECT_EQ(asked(id), "anna");
  EXPECT_EQ(center.state().rows().orders.size(), 2u);
  EXPECT_EQ((center.state().rows().orders.end() - 1)->row->number(), "A-2");
  inside_a_decision([&](const core::Context& context, core::Draft& draft) {
    core::draft_evidence(context, id, 77, draft);
    core::draft_order_end(context, id, v1::Order::STATE_ENDED, "stood down", draft);
  });
  EXPECT_EQ(order(id).evidence_ids(0), 77u);
  EXPECT_EQ(order(id).state(), v1::Order::STATE_ENDED);
}

TEST_F(LadderTest, AWholeNightOfOrdersSurvivesARestartWithTheSameTimers) {
  const auto id = raised({"fire/watch"});
  center.advance(7 * minute_us);
  std::map<std::string, std::string> saved;
  core::save_changed(center.state(),
                     [&](std::string_view key, std::optional<std::string_view> value) {
                       if (value) saved[std::string(key)] = std::string(*value);
                     });
  const auto loaded = core::load([&saved](const auto& visit) {
    for (const auto& [key, value] : saved) visit(key, value);
  });
  ASSERT_TRUE(loaded);
  EXPECT_EQ(core::next_deadline(*loaded), core::next_deadline(center.state()));
  center.advance(3 * minute_us);
  EXPECT_EQ(asked(id), "lena");
}

}  // namespace
}  // namespace fenghuo::testing
