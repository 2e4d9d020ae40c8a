// SPDX-License-Identifier: Apache-2.0
#include "hub/core/figures.h"

#include "tests/unit/core/incident_center.h"
#include "tests/unit/core/order_story.h"

#include <string>
#include <vector>

namespace fenghuo::testing {
namespace {

base::Result<v1::Figures> figures_of(const CoreCenter& center, base::EntityId account,
                                     const v1::FiguresQuery& query) {
  auto scope = core::figures_scope(center.state(), account, query);
  if (!scope) return scope.error();
  core::FiguresFold fold(*std::move(scope));
  for (const auto& stored : center.log()) fold.add(CoreCenter::decode(stored).record());
  return fold.finish();
}

class FiguresOfOrders : public OrderStory {
 protected:
  base::Result<v1::Figures> asked_by(std::string_view account, base::Position from = 0,
                                     base::Position to = 0) const {
    v1::FiguresQuery query;
    query.set_from_position(from);
    query.set_to_position(to);
    return figures_of(center, who(account), query);
  }
  v1::Figures figures() const { return *asked_by("chief"); }
};

TEST_F(FiguresOfOrders, AcceptancesAreTimedFromTheAskingToTheRecord) {
  const auto id = raised({"fire/watch", "water/watch"});
  center.advance(60 * second_us);
  ASSERT_TRUE(does("anna", accept(id)));
  center.advance(40 * second_us);
  ASSERT_TRUE(does("wang", accept(id)));
  const v1::Figures all = figures();
  EXPECT_EQ(all.alerts_raised(), 1u);
  EXPECT_EQ(all.ack_required(), 2u);
  EXPECT_EQ(all.acked_on_time(), 2u);
  EXPECT_EQ(all.acked_late(), 0u);
  EXPECT_EQ(all.acked_by_substitute(), 0u);
  EXPECT_EQ(all.ack_median_s(), 80);
  EXPECT_EQ(all.ack_max_s(), 100);
  EXPECT_EQ(all.escalation_steps_fired(), 0u);
}

TEST_F(FiguresOfOrders, NothingMeasuredIsUnsetAndNotZero) {
  raised({"fire/watch"});
  const v1::Figures all = figures();
  EXPECT_EQ(all.ack_required(), 1u);
  EXPECT_EQ(all.ack_missing(), 1u);
  EXPECT_FALSE(all.has_ack_median_s());
  EXPECT_FALSE(all.has_ack_max_s());
  EXPECT_FALSE(all.has_raise_to_first_ring_median_s());
  EXPECT_EQ(all.never_rung(), 1u);
}

TEST_F(FiguresOfOrders, ADeputyWhoAcceptsLateIsASubstituteAndTheStepThatAskedHimIsCounted) {
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", observe(id, false)));
  center.advance(5 * minute_us + 62 * second_us);
  ASSERT_TRUE(does("dora", accept(id)));
  const v1::Figures all = figures();
  EXPECT_EQ(all.acked_late(), 1u);
  EXPECT_EQ(all.late_not_seen(), 1u);
  EXPECT_EQ(all.late_not_delivered() + all.late_seen(), 0u);
  EXPECT_EQ(all.acked_by_substitute(), 1u);
  EXPECT_EQ(all.escalation_steps_fired(), 1u);
  EXPECT_EQ(all.steps_by_time(), 1u);
  EXPECT_EQ(all.ack_max_s(), 362);
}

TEST_F(FiguresOfOrders, AnOutageIsNobodysLateness) {
  const auto id = raised({"fire/watch"});
  core::Absence absence;
  absence.from_us = center.now();
  center.skip(6 * minute_us);
  absence.to_us = center.now();
  center.append(core::record_absence(absence));
  center.advance(1);
  ASSERT_TRUE(does("anna", accept(id)));
  const v1::Figures all = figures();
  EXPECT_EQ(all.ack_required(), 1u);
  EXPECT_EQ(all.acked_late(), 0u);
  EXPECT_EQ(all.acked_on_time(), 0u);
  EXPECT_EQ(all.acked_late_by_outage(), 1u);
}

TEST_F(FiguresOfOrders, WhatWasSaidByTelephoneIsCountedAtItsRecording) {
  const auto id = raised({"fire/watch"});
  center.advance(90 * second_us);
  v1::Command spoken = accept(id, 1);
  v1::OnBehalf& said = *spoken.mutable_on_behalf();
  said.set_role_id(post_of("fire/watch"));
  said.set_medium(v1::OnBehalf::MEDIUM_PHONE);
  said.set_stated_at_us(center.now() - 60 * second_us);
  ASSERT_TRUE(does("chief", spoken));
  const v1::Figures all = figures();
  EXPECT_EQ(all.acked_by_phone(), 1u);
  EXPECT_EQ(all.acked_by_substitute(), 0u);
  EXPECT_EQ(all.ack_max_s(), 90);
}

TEST_F(FiguresOfOrders, VacanciesReturnsAndTheEndOfTheLadderAreCounted) {
  ASSERT_TRUE(does("hub", override_watch(v1::Appointment::STANDING_DEPUTY, "")));
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", give_back(id)));
  v1::Figures all = figures();
  EXPECT_EQ(all.returns(), 1u);
  EXPECT_EQ(all.vacancies(), 1u);
  // The deputy's rung was empty; the leader was asked because of that.
  EXPECT_EQ(all.escalation_steps_fired(), 1u);
  EXPECT_EQ(all.steps_by_vacancy(), 1u);
  EXPECT_EQ(all.exhausted(), 0u);
  center.advance(30 * minute_us);
  all = figures();
  EXPECT_EQ(all.exhausted(), 1u);
  EXPECT_EQ(all.ack_missing(), 1u);
}

TEST_F(FiguresOfOrders, WhatHasALimitToFinishIsATaskAndNoAlert) {
  v1::Command task = raise({"water/watch"});
  task.mutable_raise_order()->set_done_by_us(center.now() + 30 * minute_us);
  const auto id = raised(task);
  center.advance(second_us);
  ASSERT_TRUE(does("wang", accept(id)));
  v1::Figures all = figures();
  EXPECT_EQ(all.alerts_raised(), 0u);
  EXPECT_EQ(all.ack_required(), 0u);
  EXPECT_EQ(all.tasks_assigned(), 1u);
  EXPECT_EQ(all.tasks_done(), 0u);
  center.advance(31 * minute_us);
  ASSERT_TRUE(does("wang", finish(id)));
  all = figures();
  EXPECT_EQ(all.tasks_done(), 1u);
  EXPECT_EQ(all.tasks_done_late(), 1u);
}

TEST_F(FiguresOfOrders, TheFirstRingIsADeviceThatHasItOrACallToDial) {
  const auto by_device = raised({"fire/watch"});
  center.advance(7 * second_us);
  ASSERT_TRUE(does("anna", observe(by_device, false)));
  EXPECT_EQ(figures().raise_to_first_ring_median_s(), 7);
  // No device has this one within 20 s: it lies on the call desk.
  raised({"water/watch"});
  center.advance(25 * second_us);
  const v1::Figures all = figures();
  EXPECT_EQ(all.raise_to_first_ring_median_s(), 13.5);
  EXPECT_EQ(all.raise_to_first_ring_max_s(), 20);
  EXPECT_EQ(all.never_rung(), 0u);
}

TEST_F(FiguresOfOrders, AChangeAsksAgainAndBothAcceptancesCount) {
  const auto id = raised({"fire/watch"});
  center.advance(10 * second_us);
  ASSERT_TRUE(does("anna", accept(id)));
  v1::Command change;
  change.mutable_change_order()->set_order_id(id);
  change.mutable_change_order()->set_seen_revision(order(id).revision());
  change.mutable_change_order()->set_text("Close valve 4 instead");
  ASSERT_TRUE(does("chief", change));
  EXPECT_EQ(figures().ack_required(), 2u);
  EXPECT_EQ(figures().ack_missing(), 1u);
  center.advance(30 * second_us);
  ASSERT_TRUE(does("anna", accept(id)));
  const v1::Figures all = figures();
  EXPECT_EQ(all.acked_on_time(), 2u);
  EXPECT_EQ(all.ack_median_s(), 20);
}

TEST_F(FiguresOfOrders, WhoWasNoLongerNeededIsNotMissing) {
  v1::Command command = raise({"fire/watch", "water/watch"});
  command.mutable_raise_order()->set_aggregate(v1::Order::AGGREGATE_ANY);
  const auto id = raised(command);
  ASSERT_TRUE(does("anna", accept(id)));
  EXPECT_EQ(figures().ack_required(), 1u);
  EXPECT_EQ(figures().ack_missing(), 0u);
}

TEST_F(FiguresOfOrders, ASpanCountsWhatBeganInIt) {
  const auto first = raised({"fire/watch"});
  const base::Position between = center.state().position();
  raised({"water/watch"});
  ASSERT_TRUE(does("anna", accept(first)));
  EXPECT_EQ(asked_by("chief", 0, between)->alerts_raised(), 1u);
  EXPECT_EQ(asked_by("chief", 0, between)->ack_missing(), 1u);
  const v1::Figures later = *asked_by("chief", between + 1);
  EXPECT_EQ(later.alerts_raised(), 1u);
  EXPECT_EQ(later.acked_on_time(), 0u);
  EXPECT_EQ(later.from_position(), between + 1);
  EXPECT_EQ(later.through_position(), center.state().position());
}

TEST_F(FiguresOfOrders, ASpanIsForCommandSeatsAndAuditors) {
  raised({"fire/watch"});
  EXPECT_TRUE(asked_by("chief"));
  EXPECT_THAT(asked_by("anna"), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(asked_by("guest"), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  EXPECT_THAT(asked_by("chief", 5, 4), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_THAT(asked_by("chief", center.state().position() + 1),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(FiguresOfOrders, AreByRole) {
  const auto id = raised({"fire/watch", "water/watch"});
  center.advance(60 * second_us);
  ASSERT_TRUE(does("dora", accept(id, 1)));
  const v1::Figures all = figures();
  ASSERT_EQ(all.roles_size(), 2);
  EXPECT_EQ(all.roles(0).role_id(), post_of("fire/watch"));
  EXPECT_EQ(all.roles(0).acked_on_time(), 1u);
  EXPECT_EQ(all.roles(0).ack_median_s(), 60);
  EXPECT_EQ(all.roles(1).role_id(), post_of("water/watch"));
  EXPECT_EQ(all.roles(1).ack_missing(), 1u);
}

class FiguresOfIncidents : public IncidentTest {
 protected:
  base::Result<v1::Figures> asked_by(std::string_view account, base::EntityId id) const {
    v1::FiguresQuery query;
    query.set_incident_id(id);
    return figures_of(center, who(account), query);
  }
  v1::Figures figures(base::EntityId id) const { return *asked_by("chief", id); }
  static std::string path(const v1::Figures& figures) {
    std::string words;
    for (const std::string& one : figures.level_path()) words += (words.empty() ? "" : " ") + one;
    return words;
  }
  v1::Command file(base::EntityId id, base::EntityId report_id) const {
    v1::Command command;
    command.mutable_file_report()->set_incident_id(id);
    command.mutable_file_report()->set_report_id(report_id);
    return command;
  }
};

TEST_F(FiguresOfIncidents, SayHowLongItTookFromTheOccurrence) {
  const auto id = declared();
  const v1::Figures all = figures(id);
  EXPECT_EQ(all.incidents(), 1u);
  EXPECT_EQ(all.occurrence_to_declare_s(), 60);
  // The template names the commander: active with the declaration.
  EXPECT_EQ(all.occurrence_to_command_active_s(), 60);
  EXPECT_EQ(path(all), "III");
}

TEST_F(FiguresOfIncidents, FollowTheResponseLevelToItsEnd) {
  const auto id = declared();
  center.advance(minute);
  ASSERT_TRUE(does("second", propose(id, v1::LEVEL_IV)));
  EXPECT_EQ(path(figures(id)), "III");
  ASSERT_TRUE(does("mayor", decide(id, 1)));
  EXPECT_EQ(path(figures(id)), "III IV");
  ASSERT_TRUE(does("mayor", stand_down(id)));
  EXPECT_EQ(path(figures(id)), "III IV ended");
}

TEST_F(FiguresOfIncidents, ReportsCountByTheirClocks) {
  const auto id = declared();
  ASSERT_TRUE(does("second", file(id, report(id, "phone").id())));
  v1::Figures all = figures(id);
  EXPECT_EQ(all.reports_filed(), 1u);
  EXPECT_EQ(all.reports_with_deadline(), 1u);
  EXPECT_EQ(all.reports_on_time(), 1u);
  // The first follow-up has two hours.
  center.advance(3 * hour);
  ASSERT_TRUE(does("second", file(id, report(id, "follow-up").id())));
  all = figures(id);
  EXPECT_EQ(all.reports_filed(), 2u);
  EXPECT_EQ(all.reports_with_deadline(), 2u);
  EXPECT_EQ(all.reports_on_time(), 1u);
}

TEST_F(FiguresOfIncidents, HoldOnlyTheIncidentsOwnOrders) {
  const auto id = declared(v1::LEVEL_III, "flood");
  center.advance(1);
  const auto other = declared();
  EXPECT_EQ(figures(id).tasks_assigned(), 1u);
  EXPECT_EQ(figures(other).tasks_assigned(), 0u);
  v1::FiguresQuery span;
  const v1::Figures all = *figures_of(center, who("chief"), span);
  EXPECT_EQ(all.incidents(), 2u);
  EXPECT_EQ(all.tasks_assigned(), 1u);
  // Of two incidents there is no one path.
  EXPECT_EQ(path(all), "");
  EXPECT_FALSE(all.has_occurrence_to_declare_s());
}

TEST_F(FiguresOfIncidents, TellEachWhatHeMayKnow) {
  const auto id = declared();
  for (const char* role : {"fire/liaison", "water/liaison"}) {
    v1::Command order;
    v1::RaiseOrder& one = *order.mutable_raise_order();
    one.set_channel_id(incident(id).channel_id());
    one.set_incident_id(id);
    one.set_text("立即到位");
    one.set_kind(v1::Order::KIND_NOTICE);
    one.set_ladder("calm");
    one.add_to()->set_role_id(post_of(role));
    ASSERT_TRUE(does("chief", order));
  }
  EXPECT_EQ(figures(id).roles_size(), 2);
  // A liaison learns of the whole and of his own post.
  const v1::Figures own = *asked_by("fang", id);
  EXPECT_EQ(own.ack_required(), 2u);
  ASSERT_EQ(own.roles_size(), 1);
  EXPECT_EQ(own.roles(0).role_id(), post_of("fire/liaison"));
  for (const char* account : {"nobody", "guest", "fei"}) {
    EXPECT_THAT(asked_by(account, id), IsRefused(v1::ERROR_CODE_NOT_FOUND)) << account;
  }
  EXPECT_THAT(asked_by("chief", id + 100'000), IsRefused(v1::ERROR_CODE_NOT_FOUND));
}

}  // namespace
}  // namespace fenghuo::testing
