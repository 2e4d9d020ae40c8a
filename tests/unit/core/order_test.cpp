// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/core/order_story.h"

// 指令: who may raise one, what answers mean, and what is recorded for another.
namespace fenghuo::testing {
namespace {

class OrderTest : public OrderStory {};

TEST_F(OrderTest, AnOrderIsAMessageAndAsksThePrimaryAtOnce) {
  const auto done = does("chief", raise({"fire/watch"}));
  ASSERT_TRUE(done);
  const v1::Order& one = order(done->id());
  EXPECT_EQ(one.number(), "A-1");
  EXPECT_EQ(one.issuer_id(), who("chief"));
  EXPECT_EQ(one.accept_by_us(), center.now() + 5 * minute_us);
  EXPECT_EQ(asked(done->id()), "anna");
  EXPECT_TRUE(core::message_for(center.state(), done->id(), who("anna")))
      << "the text is a message";
  EXPECT_EQ(center.decoded(done->id()).event.message_posted().ask_receipt(), true);
}

TEST_F(OrderTest, RaisingTakesTheGrantOrACommandSeat) {
  EXPECT_THAT(does("fei", raise({"fire/watch"})), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  v1::Plan plan = watch_plan();
  grant(role(plan, "fire/crew", "fire"), v1::Grant::VERB_ORDER);
  apply(plan);
  EXPECT_TRUE(does("fei", raise({"fire/watch"})));
  EXPECT_THAT(does("guest", raise({"fire/watch"})), IsRefused(v1::ERROR_CODE_NOT_FOUND));
}

TEST_F(OrderTest, WithoutALadderForItNoOrderIsRaised) {
  v1::Command priority = raise({"fire/watch"});
  priority.mutable_raise_order()->set_precedence(v1::PRECEDENCE_PRIORITY);
  EXPECT_THAT(does("chief", priority), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  priority.mutable_raise_order()->set_ladder("standard");
  EXPECT_TRUE(does("chief", priority)) << "named by key";
}

TEST_F(OrderTest, APlanWithALadderThatCannotRunIsRefused) {
  v1::Plan plan = watch_plan();
  plan.mutable_configuration()->mutable_ladders(0)->set_exhausted_repeat_us(0);
  v1::Command command;
  *command.mutable_apply_plan()->mutable_plan() = plan;
  EXPECT_THAT(center.submit(0, command), IsRefused(v1::ERROR_CODE_BAD_PLAN));
}

TEST_F(OrderTest, AcceptanceStopsTheLadderAndSaysBySubstitute) {
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("dora", accept(id))) << "the deputy may accept before she is asked";
  EXPECT_EQ(addressee(id).state(), v1::Addressee::STATE_ACCEPTED);
  EXPECT_TRUE(addressee(id).accepted().by_substitute());
  EXPECT_EQ(run(id).due_us(), 0);
  center.advance(20 * minute_us);
  EXPECT_EQ(run(id).steps_size(), 1) << "nobody else is asked";
  EXPECT_EQ(order(id).state(), v1::Order::STATE_MET);
}

TEST_F(OrderTest, SeenDoesNotStopTheLadder) {
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", observe(id, true)));
  EXPECT_EQ(addressee(id).state(), v1::Addressee::STATE_SEEN);
  center.advance(5 * minute_us);
  EXPECT_EQ(asked(id), "dora");
}

TEST_F(OrderTest, ANoticeEndsWhenAcceptedATaskWhenDone) {
  const auto notice = raised(raise({"fire/watch"}, v1::Order::KIND_NOTICE));
  ASSERT_TRUE(does("anna", accept(notice)));
  EXPECT_EQ(order(notice).state(), v1::Order::STATE_DONE);
  const auto task = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", finish(task))) << "done implies accepted";
  EXPECT_TRUE(addressee(task).has_accepted());
  EXPECT_EQ(order(task).state(), v1::Order::STATE_DONE);
}

TEST_F(OrderTest, AnAnswerToWhatWasNotSeenIsRefusedAndChangesNothing) {
  const auto id = raised({"fire/watch"});
  const v1::Command before_change = accept(id);
  v1::Command change;
  change.mutable_change_order()->set_order_id(id);
  change.mutable_change_order()->set_seen_revision(1);
  change.mutable_change_order()->set_text("Close valve 4");
  ASSERT_TRUE(does("chief", change));
  EXPECT_EQ(order(id).text_version(), 2u);
  const auto stale = does("anna", before_change);
  ASSERT_THAT(stale, IsRefused(v1::ERROR_CODE_STALE_REVISION));
  EXPECT_EQ(stale.error().params().front().second, "2");
  EXPECT_FALSE(addressee(id).has_accepted());
  EXPECT_TRUE(does("anna", accept(id)));
}

TEST_F(OrderTest, AChangeVoidsAcceptancesACorrectionDoesNot) {
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", accept(id)));
  v1::Command change;
  v1::ChangeOrder& one = *change.mutable_change_order();
  one.set_order_id(id);
  one.set_seen_revision(1);
  one.set_kind(v1::EDIT_KIND_CORRECTION);
  one.set_text("Close valve 3 at the plant!");
  ASSERT_TRUE(does("chief", change));
  EXPECT_TRUE(addressee(id).has_accepted());
  one.set_seen_revision(2);
  one.set_kind(v1::EDIT_KIND_CHANGE);
  one.set_text("Close valve 7");
  ASSERT_TRUE(does("chief", change));
  EXPECT_FALSE(addressee(id).has_accepted());
  EXPECT_EQ(addressee(id).voided_size(), 1);
  EXPECT_EQ(order(id).state(), v1::Order::STATE_OPEN);
  EXPECT_EQ(last_step(id).cause(), v1::Step::CAUSE_CHANGED);
  center.advance(5 * minute_us);
  EXPECT_EQ(asked(id), "dora") << "the clock runs anew";
}

TEST_F(OrderTest, TheTextOfAnOrderIsNotEditedBesideIt) {
  const auto id = raised({"fire/watch"});
  EXPECT_THAT(does("chief", edit(id, 1, v1::EDIT_KIND_CHANGE, "x")),
              IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("chief", retract(id)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
}

TEST_F(OrderTest, AnAcceptanceThatLostTheRaceIsKeptAsAlsoConfirmed) {
  const auto id = raised({"fire/watch"});
  const v1::Command also = accept(id);
  ASSERT_TRUE(does("anna", accept(id)));
  EXPECT_TRUE(does("dora", also)) << "not an error";
  EXPECT_EQ(addressee(id).accepted().account_id(), who("anna"));
  ASSERT_EQ(addressee(id).also_confirmed_size(), 1);
  EXPECT_EQ(addressee(id).also_confirmed(0).account_id(), who("dora"));
  ASSERT_TRUE(does("dora", also));
  EXPECT_EQ(addressee(id).also_confirmed_size(), 1) << "once";
}

TEST_F(OrderTest, OnlyThoseAddressedOrReachedMayAnswer) {
  const auto id = raised({"fire/watch"});
  EXPECT_THAT(does("fei", accept(id)), IsRefused(v1::ERROR_CODE_FORBIDDEN))
      << "sees it, in the room";
  center.advance(10 * minute_us);
  ASSERT_TRUE(does("chief", gate(id, true, 3)).has_error());
  center.advance(10 * minute_us);
  ASSERT_TRUE(does("chief", gate(id, true)));
  EXPECT_EQ(asked(id), "head");
  EXPECT_TRUE(does("head", accept(id))) << "whoever the ladder has reached";
}

TEST_F(OrderTest, AnyOfSeveralIsEnoughAndTheRestAreToldOnce) {
  v1::Command any = raise({"fire/watch", "water/watch"});
  any.mutable_raise_order()->set_aggregate(v1::Order::AGGREGATE_ANY);
  const auto id = raised(any);
  ASSERT_TRUE(does("anna", accept(id)));
  EXPECT_EQ(order(id).state(), v1::Order::STATE_MET);
  EXPECT_EQ(addressee(id, 2).state(), v1::Addressee::STATE_NOT_NEEDED);
  center.advance(30 * minute_us);
  EXPECT_EQ(run(id, 2).steps_size(), 1);
  ASSERT_TRUE(does("anna", unable(id)));
  EXPECT_EQ(order(id).state(), v1::Order::STATE_OPEN) << "below the quota it is open again";
  EXPECT_EQ(addressee(id, 2).state(), v1::Addressee::STATE_QUEUED);
  EXPECT_EQ(asked(id, 1), "dora") << "and her own ladder goes on";
}

TEST_F(OrderTest, ReopenedItAsksThoseFirstWhoHadOffered) {
  v1::Command any = raise({"fire/watch", "water/watch", "fire/head"});
  any.mutable_raise_order()->set_aggregate(v1::Order::AGGREGATE_ANY);
  const auto id = raised(any);
  ASSERT_TRUE(does("anna", accept(id)));
  ASSERT_TRUE(does("wang", accept(id))) << "too late, and kept as an offer";
  ASSERT_EQ(addressee(id, 2).state(), v1::Addressee::STATE_NOT_NEEDED);
  ASSERT_TRUE(does("anna", unable(id)));
  EXPECT_EQ(addressee(id, 2).state(), v1::Addressee::STATE_QUEUED);
  EXPECT_EQ(addressee(id, 2).accept_by_us(), center.now() + 5 * minute_us) << "asked only now";
  EXPECT_EQ(addressee(id, 3).state(), v1::Addressee::STATE_NOT_NEEDED) << "one is enough";
  ASSERT_TRUE(does("wang", give_back(id)));
  EXPECT_EQ(addressee(id, 3).state(), v1::Addressee::STATE_QUEUED) << "then the others";
  EXPECT_EQ(asked(id, 3), "head");
}

TEST_F(OrderTest, ReopenedItDoesNotAskThoseWhoReturnedIt) {
  v1::Command any = raise({"fire/watch", "water/watch"});
  any.mutable_raise_order()->set_aggregate(v1::Order::AGGREGATE_ANY);
  const auto id = raised(any);
  ASSERT_TRUE(does("wang", give_back(id)));
  ASSERT_TRUE(does("anna", accept(id)));
  const int before = run(id, 2).steps_size();
  ASSERT_TRUE(does("anna", unable(id)));
  ASSERT_GT(run(id, 2).steps_size(), before) << "it is asked again";
  for (int i = before; i < run(id, 2).steps_size(); ++i) {
    for (const v1::Holder& whom : run(id, 2).steps(i).holders()) {
      EXPECT_NE(whom.account_id(), who("wang"));
    }
  }
}

TEST_F(OrderTest, AQuotaWaitsForAsManyAsAsked) {
  v1::Command two = raise({"fire/watch", "water/watch", "fire/head"});
  two.mutable_raise_order()->set_aggregate(v1::Order::AGGREGATE_AT_LEAST);
  two.mutable_raise_order()->set_quota(2);
  const auto id = raised(two);
  ASSERT_TRUE(does("anna", accept(id)));
  EXPECT_EQ(order(id).state(), v1::Order::STATE_OPEN);
  ASSERT_TRUE(does("wang", accept(id)));
  EXPECT_EQ(order(id).state(), v1::Order::STATE_MET);
  EXPECT_EQ(addressee(id, 3).state(), v1::Addressee::STATE_NOT_NEEDED);
}

TEST_F(OrderTest, ALateGroupHasItsOwnClock) {
  const auto id = raised({"fire/watch"});
  center.advance(4 * minute_us);
  v1::Command widen;
  widen.mutable_change_order()->set_order_id(id);
  widen.mutable_change_order()->set_seen_revision(1);
  widen.mutable_change_order()->add_add()->set_role_id(post_of("water/watch"));
  ASSERT_TRUE(does("chief", widen));
  EXPECT_EQ(asked(id, 2), "wang");
  EXPECT_EQ(addressee(id, 2).accept_by_us(), center.now() + 5 * minute_us);
  center.advance(2 * minute_us);
  EXPECT_EQ(asked(id, 1), "dora") << "who was asked before is asked on";
  ASSERT_TRUE(does("wang", accept(id)));
  EXPECT_EQ(addressee(id, 2).late_by_us(), 0);
}

TEST_F(OrderTest, DelegationAsksTheOtherAndKeepsTheFirstWatching) {
  const auto id = raised({"fire/watch"});
  v1::Command delegate;
  delegate.mutable_delegate_order()->set_order_id(id);
  delegate.mutable_delegate_order()->set_seen_revision(1);
  delegate.mutable_delegate_order()->mutable_to()->set_role_id(post_of("water/watch"));
  ASSERT_TRUE(does("anna", delegate));
  EXPECT_EQ(addressee(id).state(), v1::Addressee::STATE_DELEGATED);
  EXPECT_EQ(asked(id, 2), "wang");
  EXPECT_EQ(order(id).revision(), 2u);
  ASSERT_TRUE(does("wang", accept(id)));
  EXPECT_EQ(order(id).state(), v1::Order::STATE_MET);
}

TEST_F(OrderTest, TheIssuerCancelsTheAddresseeNever) {
  const auto id = raised({"fire/watch"});
  EXPECT_THAT(does("anna", cancel(id)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  const v1::Command acceptance = accept(id);
  ASSERT_TRUE(does("chief", cancel(id)));
  EXPECT_EQ(order(id).state(), v1::Order::STATE_CANCELLED);
  EXPECT_EQ(order(id).reason(), "false alarm");
  EXPECT_THAT(does("anna", acceptance), IsRefused(v1::ERROR_CODE_STALE_REVISION));
  center.advance(60 * minute_us);
  EXPECT_EQ(run(id).steps_size(), 1);
}

TEST_F(OrderTest, ALateAcceptanceIsFlaggedWithItsCauseAndExplained) {
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", observe(id, false)));
  center.advance(7 * minute_us);
  ASSERT_TRUE(does("anna", accept(id)));
  EXPECT_EQ(addressee(id).late_by_us(), 2 * minute_us);
  EXPECT_EQ(addressee(id).late_cause(), v1::Addressee::LATE_CAUSE_NOT_SEEN);
  v1::Command explain;
  explain.mutable_explain_lateness()->set_order_id(id);
  explain.mutable_explain_lateness()->set_text("on the other phone");
  ASSERT_TRUE(does("anna", explain));
  v1::Command confirm;
  confirm.mutable_confirm_explanation()->set_order_id(id);
  confirm.mutable_confirm_explanation()->set_addressee(1);
  EXPECT_THAT(does("anna", confirm), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("chief", confirm));
  EXPECT_EQ(addressee(id).late_explanation(), "on the other phone");
  EXPECT_EQ(addressee(id).late_confirmed_by_id(), who("chief"));
}

TEST_F(OrderTest, WhoCannotSeeTheOrderIsToldThatThereIsNone) {
  v1::Command secret = raise({"fire/watch"});
  secret.mutable_raise_order()->set_channel_id(room("liaisons"));
  const auto id = raised(secret);
  EXPECT_THAT(does("fei", accept(id)), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  EXPECT_FALSE(core::message_for(center.state(), id, who("fei")));
  EXPECT_TRUE(core::message_for(center.state(), id, who("anna")))
      << "who is asked reads the text, though not in the room";
}

// --- Recorded for another ---

class SpokenTest : public OrderStory {
 protected:
  v1::Command by_phone(v1::Command command, std::string_view account) const {
    v1::OnBehalf& said = *command.mutable_on_behalf();
    said.set_account_id(who(account));
    said.set_medium(v1::OnBehalf::MEDIUM_PHONE);
    said.set_stated_at_us(center.now() - second_us);
    return command;
  }
  const v1::Spoken& last_spoken() const { return **(&center.state().rows().spoken.end()[-1].row); }
};

TEST_F(SpokenTest, AnAcceptanceOnThePhoneStopsTheLadder) {
  const auto id = raised({"fire/watch"});
  center.advance(minute_us);
  ASSERT_TRUE(does("chief", by_phone(accept(id), "lena")));
  EXPECT_EQ(addressee(id).accepted().account_id(), who("lena"));
  EXPECT_EQ(addressee(id).accepted().recorded_by_id(), who("chief"));
  EXPECT_EQ(run(id).due_us(), 0);
  EXPECT_EQ(last_spoken().state(), v1::Spoken::STATE_OWED) << "lena owes her signature";
  EXPECT_EQ(last_spoken().about_id(), id);
  v1::Command sign;
  sign.mutable_sign_spoken()->set_spoken_id(last_spoken().id());
  EXPECT_THAT(does("chief", sign), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("lena", sign));
  EXPECT_EQ(last_spoken().state(), v1::Spoken::STATE_SIGNED);
}

TEST_F(SpokenTest, TheGiverMayObject) {
  const auto id = raised({"fire/watch"});
  center.advance(minute_us);
  ASSERT_TRUE(does("dora", by_phone(accept(id), "lena"))) << "on duty in lena's department";
  v1::Command object;
  object.mutable_object_to_spoken()->set_spoken_id(last_spoken().id());
  object.mutable_object_to_spoken()->set_reason("I said no such thing");
  ASSERT_TRUE(does("lena", object));
  EXPECT_EQ(last_spoken().state(), v1::Spoken::STATE_OBJECTED);
}

TEST_F(SpokenTest, AnUnsignedWordIsFlaggedInTime) {
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("chief", by_phone(accept(id), "lena")));
  center.advance(59 * minute_us);
  EXPECT_FALSE(last_spoken().overdue());
  center.advance(2 * minute_us);
  EXPECT_TRUE(last_spoken().overdue());
}

TEST_F(SpokenTest, TheGiverMustBeAbleToAndTheRecorderOnDuty) {
  const auto id = raised({"fire/watch"});
  EXPECT_THAT(does("chief", by_phone(accept(id), "fei")), IsRefused(v1::ERROR_CODE_FORBIDDEN))
      << "fei himself could not accept";
  EXPECT_THAT(does("wang", by_phone(accept(id), "lena")), IsRefused(v1::ERROR_CODE_FORBIDDEN))
      << "another department";
  EXPECT_THAT(does("chief", by_phone(post("eoc", "x"), "lena")),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  v1::Command later = by_phone(accept(id), "lena");
  later.mutable_on_behalf()->set_stated_at_us(center.now() + 1);
  EXPECT_THAT(does("chief", later), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

// --- The call desk ---

class CallDeskTest : public OrderStory {
 protected:
  v1::Command result(v1::CallItem::Kind kind, const std::string& note = "") const {
    v1::Command command;
    v1::RecordCallResult& one = *command.mutable_record_call_result();
    one.set_call_item_id(last_call().id());
    one.set_kind(kind);
    one.set_note(note);
    one.set_seen_revision(order(last_call().order_id()).revision());
    return command;
  }
  v1::Command to_the_plant() const {
    v1::Command command = raise({});
    command.mutable_raise_order()->add_to()->set_contact_id(
        center.state().rows().contact_keys.at("plant"));
    return command;
  }
};

TEST_F(CallDeskTest, NoDeviceWithinTwentySecondsMeansSomebodyDials) {
  const auto id = raised({"fire/watch"});
  center.advance(19 * second_us);
  EXPECT_EQ(open_rows(center.state().rows().call_items), 0u);
  center.advance(2 * second_us);
  ASSERT_EQ(open_rows(center.state().rows().call_items), 1u);
  EXPECT_EQ(last_call().whom().account_id(), who("anna"));
  EXPECT_EQ(last_call().phones_size(), 2) << "hers and the post's";
  EXPECT_EQ(run(id).rung(), 0u) << "never the next rung by this rule";
}

TEST_F(CallDeskTest, WhatWasDeliveredIsNotDialled) {
  const auto id = raised({"fire/watch"});
  ASSERT_TRUE(does("anna", observe(id, false)));
  center.advance(minute_us);
  EXPECT_EQ(open_rows(center.state().rows().call_items), 0u);
}

TEST_F(CallDeskTest, ADeviceThatHasTheMessageHasTheOrder) {
  v1::Command secret = raise({"fire/watch"});
  secret.mutable_raise_order()->set_channel_id(room("liaisons"));
  const auto id = raised(secret);
  v1::Command has;
  has.mutable_mark_delivered()->add_message_ids(id);
  ASSERT_TRUE(does("anna", has)) << "though not in the room";
  EXPECT_EQ(addressee(id).state(), v1::Addressee::STATE_DELIVERED);
  center.advance(minute_us);
  EXPECT_EQ(open_rows(center.state().rows().call_items), 0u);
}

TEST_F(CallDeskTest, ReadingPastTheMessageIsHavingSeenTheOrder) {
  const auto id = raised({"fire/watch"});
  const auto seq = center.state().place_of(id)->seq;
  ASSERT_TRUE(does("wang", read_to("eoc", seq))) << "whom nobody asks";
  EXPECT_EQ(addressee(id).state(), v1::Addressee::STATE_QUEUED);
  ASSERT_TRUE(does("anna", read_to("eoc", seq)));
  EXPECT_EQ(addressee(id).state(), v1::Addressee::STATE_SEEN);
  center.advance(5 * minute_us);
  EXPECT_EQ(asked(id), "dora") << "seen does not stop the ladder";
}

TEST_F(CallDeskTest, SeveralOrdersWithinTenSecondsAreOneCallAndEachIsAnsweredForItself) {
  const auto a = raised({"fire/watch"});
  center.advance(5 * second_us);
  const auto b = raised({"fire/watch"});
  center.advance(30 * second_us);
  ASSERT_EQ(open_rows(center.state().rows().call_items), 1u);
  EXPECT_EQ(last_call().count(), 2u) << "the call names the count";
  v1::Command taken = result(v1::CallItem::KIND_ACCEPTED);
  EXPECT_THAT(does("chief", taken), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT)) << "for which?";
  taken.mutable_record_call_result()->set_order_id(b);
  ASSERT_TRUE(does("chief", taken));
  EXPECT_TRUE(addressee(b).has_accepted());
  EXPECT_FALSE(addressee(a).has_accepted()) << "obligations are never grouped";
  EXPECT_FALSE(last_call().closed());
  EXPECT_EQ(last_call().count(), 1u);
  ASSERT_TRUE(does("anna", accept(a)));
  EXPECT_TRUE(last_call().closed());
}

TEST_F(CallDeskTest, OneOrderToTwoPostsOfOnePersonIsTwoCalls) {
  v1::Plan plan = watch_plan();
  for (auto& account : *plan.mutable_accounts()) {
    if (account.key() != "wang") continue;
    auto& also = *account.add_appointments();
    also.set_role("fire/head");
    also.set_standing(v1::Appointment::STANDING_PRIMARY);
  }
  for (auto& rung : *plan.mutable_configuration()->mutable_ladders(0)->mutable_rungs()) {
    rung.clear_means();
    rung.add_means(v1::MEANS_CALL);
  }
  apply(plan);
  (void)raised({"water/watch"});
  const auto id = raised({"water/watch", "fire/head"});
  ASSERT_TRUE(does("wang", accept(id, 1)));
  bool still_dialled = false;
  for (const auto& entry : center.state().rows().call_items) {
    const v1::CallItem& item = *entry.row;
    if (item.whom().account_id() != who("wang")) continue;
    still_dialled |= !item.closed() && !item.first_closed() && item.order_id() == id;
  }
  EXPECT_TRUE(still_dialled) << "for the head, which nobody has accepted";
}

TEST_F(CallDeskTest, ALaterOrderOrACallAlreadyMadeIsACallOfItsOwn) {
  const auto a = raised({"fire/watch"});
  center.advance(11 * second_us);
  (void)raised({"fire/watch"});
  center.advance(30 * second_us);
  EXPECT_EQ(open_rows(center.state().rows().call_items), 2u) << "eleven seconds apart";
  EXPECT_FALSE(addressee(a).has_accepted());
  (void)raised({"water/watch"});
  center.advance(20 * second_us);
  ASSERT_EQ(last_call().whom().account_id(), who("wang"));
  ASSERT_TRUE(does("chief", result(v1::CallItem::KIND_BUSY)));
  (void)raised({"water/watch"});
  center.advance(20 * second_us);
  EXPECT_EQ(open_rows(center.state().rows().call_items), 4u);
}

TEST_F(CallDeskTest, NoAnswerDoesNotStopTheLadderAnAcceptanceDoes) {
  const auto id = raised({"fire/watch"});
  center.advance(minute_us);
  EXPECT_THAT(does("anna", result(v1::CallItem::KIND_NO_ANSWER)),
              IsRefused(v1::ERROR_CODE_NOT_FOUND))
      << "the desk belongs to the command seats";
  ASSERT_TRUE(does("chief", result(v1::CallItem::KIND_NO_ANSWER)));
  EXPECT_FALSE(last_call().closed());
  center.advance(4 * minute_us);
  EXPECT_EQ(asked(id), "dora");
  center.advance(minute_us);
  EXPECT_EQ(last_call().whom().account_id(), who("dora"));
  ASSERT_TRUE(does("chief", result(v1::CallItem::KIND_ACCEPTED)));
  EXPECT_EQ(addressee(id).accepted().account_id(), who("dora"));
  EXPECT_EQ(addressee(id).accepted().on_behalf().medium(), v1::OnBehalf::MEDIUM_PHONE);
  EXPECT_EQ(open_rows(center.state().rows().call_items), 0u) << "nobody need be dialled any more";
  EXPECT_EQ(center.state().rows().spoken.size(), 1u);
}

TEST_F(CallDeskTest, AContactIsDialledAtOnceAndAnswersThroughTheDesk) {
  const auto id = raised(to_the_plant());
  ASSERT_EQ(open_rows(center.state().rows().call_items), 1u);
  ASSERT_TRUE(does("chief", result(v1::CallItem::KIND_RETURNED, "no power here")));
  EXPECT_EQ(addressee(id).returned_size(), 1);
  EXPECT_NE(run(id).gate_since_us() + run(id).exhausted_us(), 0) << "it moves on at once";
}

}  // namespace
}  // namespace fenghuo::testing
