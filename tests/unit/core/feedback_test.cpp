// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/figures.h"
#include "hub/core/handover.h"
#include "tests/unit/core/feedback_center.h"

#include <algorithm>
#include <map>

// Feedback threads by name and for the public, rules 35 and 36.
namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(FeedbackTest, ItIsOpenedOnWhatOneSeesOrInGeneral) {
  const auto incident_id = declared();
  const auto message = does("fei", post("fire", "smoke"))->id();
  EXPECT_EQ(thread(opened("fang", open_about_incident(incident_id))).incident_id(), incident_id);
  v1::Command command = open();
  command.mutable_open_feedback()->mutable_subject()->set_channel_id(
      incident(incident_id).groups(0).channel_id());
  EXPECT_EQ(thread(opened("fang", command)).incident_id(), incident_id) << "of the room's incident";
  command.mutable_open_feedback()->mutable_subject()->set_message_id(message);
  EXPECT_EQ(thread(opened("fang", command)).subject().message_id(), message);
  EXPECT_THAT(does("shui", command), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  command.mutable_open_feedback()->mutable_subject()->set_channel_id(room("fire"));
  EXPECT_THAT(does("shui", command), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  EXPECT_THAT(does("nobody", open_about_incident(incident_id)),
              IsRefused(v1::ERROR_CODE_NOT_FOUND));
  command.mutable_open_feedback()->mutable_subject()->set_order_id(message);
  EXPECT_THAT(does("chief", command), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  EXPECT_EQ(thread(opened("nobody")).incident_id(), 0u) << "in general";
}

TEST_F(FeedbackTest, TheAskerTheOwnerAndTheCommandSeatsSeeIt) {
  const auto id = opened("fei");
  EXPECT_TRUE(sees("fei", id));
  EXPECT_TRUE(sees("chief", id));
  EXPECT_TRUE(sees("second", id));
  EXPECT_FALSE(sees("fang", id));
  ASSERT_TRUE(does("chief", triage(id)));
  EXPECT_TRUE(sees("fang", id));
  ASSERT_TRUE(does("fang", triage(id, "water/liaison")));
  EXPECT_TRUE(sees("shui", id));
  EXPECT_TRUE(sees("fang", id)) << "who passed it on goes on seeing it";
  EXPECT_FALSE(sees("nobody", id));
}

TEST_F(FeedbackTest, WordsAreBodies) {
  const auto id = opened("fei");
  answer(id);
  EXPECT_EQ(words_for("fei", id),
            "radio dead zone behind the tank farm||a relay car is on its way");
  EXPECT_EQ(words_for("nobody", id), "-");
  for (const CoreCenter::Stored& stored : center.log()) {
    EXPECT_EQ(stored.event.find("dead zone"), std::string::npos);
    EXPECT_EQ(stored.event.find("relay car"), std::string::npos);
  }
}

TEST_F(FeedbackTest, ItGoesFromOpenToClosedAfterTheDaysOfTheConfiguration) {
  const auto id = opened("fei");
  EXPECT_EQ(thread(id).state(), v1::Feedback::STATE_OPEN);
  ASSERT_TRUE(does("chief", triage(id)));
  EXPECT_EQ(thread(id).state(), v1::Feedback::STATE_TRIAGED);
  center.advance(minute);
  ASSERT_TRUE(does("fang", reply(id)));
  EXPECT_EQ(thread(id).state(), v1::Feedback::STATE_ANSWERED);
  EXPECT_EQ(thread(id).answered_us(), center.now());
  ASSERT_TRUE(does("fang", adopt(id)));
  EXPECT_EQ(thread(id).state(), v1::Feedback::STATE_ADOPTED);
  EXPECT_EQ(thread(id).handled_by_id(), who("fang"));
  center.advance(3 * day - 1);
  EXPECT_EQ(thread(id).state(), v1::Feedback::STATE_ADOPTED);
  center.advance(1);
  EXPECT_EQ(thread(id).state(), v1::Feedback::STATE_CLOSED);
  EXPECT_EQ(thread(id).closed_by_id(), 0u);
  EXPECT_FALSE(sees("fei", id));
  EXPECT_EQ(center.state().rows().deadlines.size(), 0u) << "nothing of it is left to do";
}

TEST_F(FeedbackTest, NoStepIsLeftOut) {
  const auto id = opened("fei");
  EXPECT_THAT(does("chief", reply(id)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT)) << "no owner";
  EXPECT_THAT(does("chief", adopt(id)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  ASSERT_TRUE(does("chief", triage(id)));
  EXPECT_THAT(does("fang", adopt(id)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT)) << "no answer";
  EXPECT_THAT(does("fang", decline(id)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  ASSERT_TRUE(does("fang", reply(id)));
  EXPECT_THAT(does("fang", decline(id, "")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_THAT(does("fang", adopt(id, "")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  ASSERT_TRUE(does("fang", decline(id)));
  EXPECT_EQ(words_for("fei", id).substr(words_for("fei", id).rfind('|') + 1), "no car is left");
  EXPECT_THAT(does("fang", adopt(id)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT)) << "decided";
  EXPECT_THAT(does("chief", triage(id)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  ASSERT_TRUE(does("fei", close(id)));
  EXPECT_EQ(thread(id).closed_by_id(), who("fei"));
  EXPECT_THAT(does("fang", reply(id)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(FeedbackTest, WhoeverSawLessIsStaleButAFurtherWordMakesNobodyStale) {
  const auto id = opened("fei");
  const v1::Command early = triage(id);
  ASSERT_TRUE(does("chief", early));
  EXPECT_THAT(does("second", early), IsRefused(v1::ERROR_CODE_STALE_REVISION));
  const v1::Command answer = reply(id);
  ASSERT_TRUE(does("fei", reply(id, "it is worse now")));
  EXPECT_TRUE(does("fang", answer)) << "other people's words change nothing that was asked";
}

TEST_F(FeedbackTest, NobodyAnswersHisOwn) {
  const auto id = opened("fang");
  ASSERT_TRUE(does("chief", triage(id)));
  ASSERT_TRUE(does("fang", reply(id)));
  EXPECT_EQ(thread(id).answered_us(), 0) << "an addition, though he is the owner";
  EXPECT_EQ(thread(id).entries(2).what(), v1::FeedbackEntry::WHAT_ADDED);
}

TEST_F(FeedbackTest, AdoptingMayNameTheOrderThatCameOfIt) {
  const auto id = opened("fei");
  answer(id);
  EXPECT_THAT(does("fang", adopt(id, "", 7)), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  v1::Command raise;
  raise.mutable_raise_order()->set_channel_id(room("liaisons"));
  raise.mutable_raise_order()->set_text("send a relay car");
  raise.mutable_raise_order()->set_kind(v1::Order::KIND_TASK);
  raise.mutable_raise_order()->set_ladder("calm");
  raise.mutable_raise_order()->add_to()->set_role_id(post_of("fire/liaison"));
  const auto order = does("chief", raise);
  ASSERT_TRUE(order);
  ASSERT_TRUE(does("fang", adopt(id, "", order->id())));
  EXPECT_EQ(thread(id).linked_order_id(), order->id());
}

// --- The first answer ---

TEST_F(FeedbackTest, TheClockGoesByTheLevelOfTheIncident) {
  const auto general = opened("fei");
  EXPECT_EQ(thread(general).answer_by_us(), center.now() + 4 * hour);
  const auto three = declared(v1::LEVEL_III);
  EXPECT_EQ(thread(opened("fang", open_about_incident(three))).answer_by_us(),
            center.now() + 2 * hour);
  const auto four = declared(v1::LEVEL_IV);
  EXPECT_EQ(thread(opened("fang", open_about_incident(four))).answer_by_us(),
            center.now() + 4 * hour);
}

TEST_F(FeedbackTest, OverdueIsToldToTheOwnerAndShownOnce) {
  const auto id = opened("fei");
  ASSERT_TRUE(does("chief", triage(id)));
  center.advance(4 * hour - 1);
  EXPECT_FALSE(thread(id).overdue());
  center.advance(1);
  EXPECT_TRUE(thread(id).overdue());
  center.advance(2 * day);
  const auto told = events(v1::Event::kFeedbackOverdue);
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_THAT(told[0].event.feedback_overdue().told_role_ids(),
              ElementsAre(post_of("fire/liaison")));
  ASSERT_TRUE(does("fang", reply(id))) << "late is better than never";
}

TEST_F(FeedbackTest, BeforeThereIsAnOwnerTheConfiguredRolesAreTold) {
  v1::Plan plan = feedback_plan();
  v1::FeedbackRules& rules = *plan.mutable_configuration()->mutable_feedback();
  rules.mutable_overdue()->set_channel("liaisons");
  rules.mutable_overdue()->add_roles("water/liaison");
  rules.mutable_overdue()->set_ladder("calm");
  apply(plan);
  const auto id = opened("fei");
  EXPECT_FALSE(sees("shui", id));
  center.advance(4 * hour);
  EXPECT_TRUE(sees("shui", id));
  const auto orders = events(v1::Event::kOrderRaised);
  ASSERT_THAT(orders, SizeIs(1)) << "the configuration wants a notice";
  const v1::Order& order = orders[0].event.order_raised().order();
  EXPECT_EQ(order.kind(), v1::Order::KIND_NOTICE);
  EXPECT_EQ(order.addressees(0).role_id(), post_of("water/liaison"));
}

TEST_F(FeedbackTest, AnAnswerInTimeStopsTheClockAndAnAdditionDoesNot) {
  const auto id = opened("fei");
  const auto other = opened("fei");
  answer(id);
  ASSERT_TRUE(does("fei", reply(other, "still dead")));
  center.advance(5 * hour);
  EXPECT_FALSE(thread(id).overdue());
  EXPECT_TRUE(thread(other).overdue());
}

TEST_F(FeedbackTest, AGraverSeverityShortensAndAMilderOneKeepsTheStricter) {
  const auto id = opened("fei", open(v1::FEEDBACK_SEVERITY_LIFE));
  EXPECT_EQ(thread(id).answer_by_us(), center.now() + 5 * minute);
  v1::Command command = triage(id);
  command.mutable_triage_feedback()->set_severity(v1::FEEDBACK_SEVERITY_ROUTINE);
  ASSERT_TRUE(does("chief", command));
  EXPECT_EQ(thread(id).severity(), v1::FEEDBACK_SEVERITY_ROUTINE);
  EXPECT_EQ(thread(id).answer_by_us(), center.now() + 5 * minute);
}

// --- Danger to life ---

TEST_F(FeedbackTest, DangerToLifeIsAnOrderInTheSameStep) {
  const auto id = opened("nobody", open(v1::FEEDBACK_SEVERITY_LIFE, "gas in shelter 2"));
  const auto orders = events(v1::Event::kOrderRaised);
  ASSERT_THAT(orders, SizeIs(1));
  const v1::Order& order = orders[0].event.order_raised().order();
  EXPECT_EQ(thread(id).urgent_order_id(), order.id());
  EXPECT_EQ(order.issuer_id(), 0u) << "the hub's: its asker is asked nothing about it";
  EXPECT_EQ(order.precedence(), v1::PRECEDENCE_FLASH);
  EXPECT_EQ(order.addressees(0).role_id(), post_of("eoc/mayor"));
  EXPECT_EQ(text_of(order.id()), "生命危险\ngas in shelter 2");
  EXPECT_EQ(orders[0].time_us, thread(id).opened_us());
  const auto steps = events(v1::Event::kLadderStepped);
  ASSERT_THAT(steps, SizeIs(1)) << "its first call is made";
  EXPECT_EQ(steps[0].time_us, thread(id).opened_us());
}

TEST_F(FeedbackTest, WithoutRulesTheCommandSeatsAreCalled) {
  v1::Plan plan = feedback_plan();
  plan.mutable_configuration()->mutable_feedback()->mutable_urgent()->clear_roles();
  plan.mutable_configuration()->mutable_feedback()->mutable_urgent()->add_roles("gone/role");
  apply(plan);
  opened("fei", open(v1::FEEDBACK_SEVERITY_LIFE));
  const auto orders = events(v1::Event::kOrderRaised);
  ASSERT_THAT(orders, SizeIs(1));
  EXPECT_THAT(orders[0].event.order_raised().order().addressees(), SizeIs(2));
}

TEST_F(FeedbackTest, WhyThereIsNoOrderIsShown) {
  v1::Plan plan = feedback_plan();
  plan.mutable_configuration()->mutable_feedback()->mutable_urgent()->set_channel("no-such-room");
  apply(plan);
  const auto id = opened("fei", open(v1::FEEDBACK_SEVERITY_LIFE));
  EXPECT_EQ(thread(id).urgent_order_id(), 0u);
  EXPECT_THAT(thread(id).urgent_refused(), HasSubstr("raise_order.channel_id"));
}

TEST_F(FeedbackTest, FoundGraverAtTheDeskItBecomesAnOrderOnce) {
  const auto id = opened("fei");
  v1::Command command = triage(id);
  command.mutable_triage_feedback()->set_severity(v1::FEEDBACK_SEVERITY_LIFE);
  ASSERT_TRUE(does("chief", command));
  EXPECT_NE(thread(id).urgent_order_id(), 0u);
  EXPECT_EQ(thread(id).answer_by_us(), center.now() + 5 * minute);
  v1::Command again = triage(id, "water/liaison");
  again.mutable_triage_feedback()->set_severity(v1::FEEDBACK_SEVERITY_LIFE);
  ASSERT_TRUE(does("chief", again));
  EXPECT_THAT(events(v1::Event::kOrderRaised), SizeIs(1));
}

// --- Merging ---

TEST_F(FeedbackTest, MergingKeepsEveryAskerInformed) {
  const auto first = opened("fei");
  center.advance(minute);
  const auto second = opened("shui", open(v1::FEEDBACK_SEVERITY_ROUTINE, "no radio either"));
  ASSERT_TRUE(does("chief", merge(second, first)));
  EXPECT_EQ(thread(second).state(), v1::Feedback::STATE_MERGED);
  EXPECT_EQ(thread(first).similar(), 1u);
  EXPECT_TRUE(sees("shui", first));
  answer(first);
  EXPECT_EQ(words_for("shui", first), "|||a relay car is on its way")
      << "the answer, and not another asker's words";
  EXPECT_THAT(does("shui", close(first)), IsRefused(v1::ERROR_CODE_FORBIDDEN))
      << "one of several does not end it for all";
  EXPECT_THAT(does("chief", reply(second)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  ASSERT_TRUE(does("shui", reply(first, "thank you")));
}

TEST_F(FeedbackTest, WhatWasMergedKeepsTheStricterClock) {
  const auto early = opened("shui");
  center.advance(hour);
  const auto late = opened("fei");
  const auto due = thread(early).answer_by_us();
  ASSERT_TRUE(does("chief", merge(early, late)));
  EXPECT_EQ(thread(late).answer_by_us(), due);
  center.advance(3 * hour);
  EXPECT_TRUE(thread(late).overdue());
  EXPECT_THAT(events(v1::Event::kFeedbackOverdue), SizeIs(1)) << "not of the merged one too";
}

TEST_F(FeedbackTest, MergingTwiceCarriesAllAskersOn) {
  const auto a = opened("fei");
  const auto b = opened("shui");
  const auto c = opened("fang");
  ASSERT_TRUE(does("chief", merge(a, b)));
  ASSERT_TRUE(does("chief", merge(b, c)));
  EXPECT_EQ(thread(c).similar(), 2u);
  EXPECT_TRUE(sees("fei", c));
  EXPECT_TRUE(sees("shui", c));
  EXPECT_THAT(does("chief", merge(c, b)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT)) << "no circle";
  EXPECT_THAT(does("chief", merge(c, c)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

// --- The public ---

TEST_F(FeedbackTest, AnIntakeBotOpensForThePublic) {
  const auto id = opened("hotline", open_for_public(17));
  EXPECT_EQ(thread(id).origin(), v1::Feedback::ORIGIN_PUBLIC);
  EXPECT_EQ(thread(id).similar(), 17u);
  EXPECT_EQ(center.decoded(id).body->caller().number(), "13900000000");
  EXPECT_EQ(center.log()[id - 1].event.find("13900000000"), std::string::npos);
  EXPECT_TRUE(core::feedback_for(center.state(), who("chief"), id)->with_caller);
  EXPECT_THAT(does("sensor", open_for_public()), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("hotline", open()), IsRefused(v1::ERROR_CODE_FORBIDDEN)) << "no opinion itself";
  EXPECT_THAT(does("fei", open_for_public()), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("guest", open()), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  v1::Command own = open();
  own.mutable_open_feedback()->set_similar(3);
  EXPECT_THAT(does("fei", own), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(FeedbackTest, TheDeskThatAskedForThePublicMayAnswer) {
  const auto id = opened("chief", open_for_public());
  ASSERT_TRUE(does("chief", triage(id)));
  ASSERT_TRUE(does("chief", reply(id)));
  EXPECT_EQ(thread(id).state(), v1::Feedback::STATE_ANSWERED);
}

// --- Said by telephone ---

TEST_F(FeedbackTest, TheOwnersAnswerByTelephoneIsRecordedForHim) {
  const auto id = opened("fei");
  ASSERT_TRUE(does("chief", triage(id)));
  v1::Command command = reply(id);
  v1::OnBehalf& said = *command.mutable_on_behalf();
  said.set_role_id(post_of("fire/liaison"));
  said.set_medium(v1::OnBehalf::MEDIUM_PHONE);
  said.set_stated_at_us(center.now());
  ASSERT_TRUE(does("second", command));
  const v1::FeedbackEntry& entry = *thread(id).entries().rbegin();
  EXPECT_EQ(entry.what(), v1::FeedbackEntry::WHAT_ANSWERED);
  EXPECT_EQ(entry.by_id(), who("second"));
  EXPECT_EQ(entry.on_behalf().role_id(), post_of("fire/liaison"));
  said.set_role_id(post_of("water/liaison"));
  EXPECT_THAT(does("second", command), IsRefused(v1::ERROR_CODE_FORBIDDEN)) << "not the owner";
}

// --- After the incident ---

TEST_F(FeedbackTest, WhoeverTookPartIsAskedOnce) {
  const auto id = declared(v1::LEVEL_IV);
  v1::Command say;
  say.mutable_post_message()->set_channel_id(incident(id).channel_id());
  say.mutable_post_message()->set_text("pump running");
  ASSERT_TRUE(does("fang", say));
  ASSERT_TRUE(does("fang", say));
  EXPECT_EQ(asked(), "");
  ASSERT_TRUE(does("chief", stand_down(id)));
  EXPECT_EQ(asked(), "chief fang") << "who declared and who wrote; shui only listened";
  const auto snapshot = core::snapshot_for(center.state(), who("fang"));
  ASSERT_THAT(snapshot.feedback_asks(), SizeIs(1));
  EXPECT_EQ(snapshot.feedback_asks(0).incident_id(), id);
  EXPECT_EQ(snapshot.feedback_asks(0).account_id(), who("fang")) << "nobody sees another's";
  for (const auto& one : events(v1::Event::kFeedbackAsked)) EXPECT_EQ(one.event.account_id(), 0u);
  center.advance(7 * day);
  EXPECT_EQ(asked(), "") << "not for ever";
  EXPECT_THAT(events(v1::Event::kFeedbackAsked), SizeIs(2));
}

TEST_F(FeedbackTest, WhoGivesHisOpinionByNameIsNotAskedAnyLonger) {
  const auto id = declared(v1::LEVEL_IV);
  ASSERT_TRUE(does("chief", stand_down(id)));
  ASSERT_EQ(asked(), "chief");
  opened("chief");
  EXPECT_EQ(asked(), "chief") << "about something else";
  opened("chief", open_about_incident(id));
  EXPECT_EQ(asked(), "");
}

TEST_F(FeedbackTest, WhoHasNothingToSaySaysSo) {
  const auto id = declared(v1::LEVEL_IV);
  ASSERT_TRUE(does("chief", stand_down(id)));
  v1::Command command;
  command.mutable_answer_feedback_ask()->set_ask_id(
      center.state().rows().feedback_asks.begin()->id);
  EXPECT_THAT(does("second", command), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  ASSERT_TRUE(does("chief", command));
  EXPECT_EQ(asked(), "");
  EXPECT_THAT(does("chief", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

// --- Duty, limits, figures ---

TEST_F(FeedbackTest, WhatARoleOwesIsHandedOver) {
  const auto id = opened("fei");
  const auto owed = [&](std::string_view role_key) {
    std::vector<std::string> found;
    for (const v1::OpenItem& one :
         core::open_items(center.state().rows(), post_of(role_key), center.now())) {
      if (one.group() != v1::OpenItem::GROUP_FEEDBACK) continue;
      found.push_back(std::to_string(one.id()) + (one.red() ? " red" : ""));
    }
    return found;
  };
  EXPECT_THAT(owed("eoc/chief"), ElementsAre(std::to_string(id))) << "nobody's yet";
  ASSERT_TRUE(does("chief", triage(id)));
  EXPECT_THAT(owed("eoc/chief"), IsEmpty());
  center.advance(4 * hour);
  EXPECT_THAT(owed("fire/liaison"), ElementsAre(std::to_string(id) + " red"));
  ASSERT_TRUE(does("fang", reply(id)));
  ASSERT_TRUE(does("fang", decline(id)));
  EXPECT_THAT(owed("fire/liaison"), IsEmpty());
}

TEST_F(FeedbackTest, TextsAndThreadsHaveLimits) {
  const std::string longest(base::limits::feedback_text_bytes_max, 'x');
  EXPECT_TRUE(does("fei", open(v1::FEEDBACK_SEVERITY_ROUTINE, longest)));
  EXPECT_THAT(does("fei", open(v1::FEEDBACK_SEVERITY_ROUTINE, longest + "x")),
              IsRefused(v1::ERROR_CODE_TOO_LARGE));
  EXPECT_THAT(does("fei", open(v1::FEEDBACK_SEVERITY_ROUTINE, "")),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_THAT(does("fei", open(v1::FEEDBACK_SEVERITY_UNSPECIFIED)),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  const auto id = opened("fei");
  while (thread(id).entries_size() < base::limits::feedback_entries_max) {
    ASSERT_TRUE(does("fei", reply(id, "and another thing")));
  }
  EXPECT_THAT(does("fei", reply(id)), IsRefused(v1::ERROR_CODE_LIMIT_REACHED));
  EXPECT_TRUE(does("fei", close(id))) << "it can always be ended";
}

TEST_F(FeedbackTest, FiguresFollowFromTheEventsAlone) {
  const auto handle = [&](base::EntityId id, base::TimeUs after) {
    center.advance(after);
    answer(id);
    FENGHUO_CHECK(does("fang", adopt(id)).has_value());
  };
  handle(opened("fei"), 1'600 * base::us_per_s);
  handle(opened("hotline", open_for_public(17)), 1'200 * base::us_per_s);
  std::map<base::EntityId, base::TimeUs> open;
  std::vector<base::TimeUs> took;
  for (const CoreCenter::Stored& stored : center.log()) {
    const auto one = CoreCenter::decode(stored);
    if (one.event.has_feedback_opened()) open[one.position] = one.time_us;
    if (one.event.has_feedback_adopted()) {
      took.push_back(one.time_us - open.at(one.event.feedback_adopted().feedback_id()));
    }
  }
  EXPECT_THAT(open, SizeIs(2));
  ASSERT_THAT(took, SizeIs(2));
  EXPECT_EQ((took[0] + took[1]) / 2, 1'400 * base::us_per_s);
}

TEST_F(FeedbackTest, TheFiguresCountWhatWasReceivedAndHandled) {
  const auto figures = [&] {
    auto scope = core::figures_scope(center.state(), who("chief"), v1::FiguresQuery());
    core::FiguresFold fold(*std::move(scope));
    for (const auto& stored : center.log()) fold.add(CoreCenter::decode(stored).record());
    return fold.finish();
  };
  const auto id = opened("fei");
  EXPECT_EQ(figures().feedback_received(), 1u);
  EXPECT_EQ(figures().feedback_handled(), 0u);
  EXPECT_FALSE(figures().has_feedback_median_handle_s());
  center.advance(600 * base::us_per_s);
  const auto same = opened("shui");
  ASSERT_TRUE(does("chief", merge(same, id)));
  answer(id);
  center.advance(1'000 * base::us_per_s);
  ASSERT_TRUE(does("fang", decline(id)));
  EXPECT_EQ(figures().feedback_received(), 2u);
  EXPECT_EQ(figures().feedback_handled(), 2u) << "the merged one with it";
  EXPECT_EQ(figures().feedback_median_handle_s(), 1'300) << "of 1,600 s and 1,000 s";
}

}  // namespace
}  // namespace fenghuo::testing
