// SPDX-License-Identifier: Apache-2.0
#include "hub/core/handover.h"

#include "tests/unit/core/duty_story.h"

#include <algorithm>

namespace fenghuo::testing {
namespace {

// Zhang has the desk from 0 to 8, Lin from 8 to 16.
class HandoverTest : public DutyStory {
 protected:
  HandoverTest() {
    FENGHUO_CHECK(does("chief", put({shift("zhang", 1, 8), shift("lin", 8, 16)})).has_value());
    until(7.9);
  }

  v1::Command propose(std::string_view to) const {
    v1::Command command;
    v1::ProposeHandover& one = *command.mutable_propose_handover();
    one.set_role_id(post_of("eoc/desk"));
    one.set_standing(Primary);
    one.set_to_account_id(who(to));
    one.set_note("rain since midnight");
    return command;
  }
  const v1::Handover& last() const { return *(rows().handovers.end() - 1)->row; }
  v1::Command accept(base::Position read_through, std::vector<base::EntityId> red = {}) const {
    v1::Command command;
    v1::AcceptHandover& one = *command.mutable_accept_handover();
    one.set_handover_id(last().id());
    one.set_seen_revision(last().revision());
    one.set_read_through(read_through);
    one.mutable_red_item_ids()->Assign(red.begin(), red.end());
    return command;
  }
  v1::Command accept() const { return accept(center.state().position(), red_items()); }
  v1::Command withdraw() const {
    v1::Command command;
    v1::WithdrawHandover& one = *command.mutable_withdraw_handover();
    one.set_handover_id(last().id());
    one.set_seen_revision(last().revision());
    one.set_reason("he stays on");
    return command;
  }
  v1::Command take_over(std::string_view to, base::Position read_through = 0) const {
    v1::Command command;
    v1::TakeOver& one = *command.mutable_take_over();
    one.set_role_id(post_of("eoc/desk"));
    one.set_standing(Primary);
    one.set_to_account_id(who(to));
    one.set_reason("cannot be reached");
    one.set_read_through(read_through);
    return command;
  }
  std::vector<v1::OpenItem> items() const {
    return core::open_items(rows(), post_of("eoc/desk"), center.now());
  }
  std::vector<base::EntityId> red_items() const {
    std::vector<base::EntityId> ids;
    for (const v1::OpenItem& one : items()) {
      if (one.red()) ids.push_back(one.id());
    }
    return ids;
  }
  // A call that somebody took down: an open item of the desk, a red one.
  base::EntityId call_comes_in() {
    v1::Command command;
    v1::TakeIntake& one = *command.mutable_take_intake();
    one.set_channel_id(room("eoc"));
    one.set_content("smoke over the tank farm");
    one.set_medium(v1::OnBehalf::MEDIUM_PHONE);
    const auto done = does("li", command);
    FENGHUO_CHECK(done.has_value());
    return done->id();
  }
};

TEST_F(HandoverTest, TheOutgoingRemainsResponsibleUntilItIsAccepted) {
  ASSERT_TRUE(does("zhang", propose("lin")));
  EXPECT_EQ(last().due_us(), at(8)) << "when his shift ends";
  until(8.1);
  EXPECT_EQ(on_desk(), "zhang") << "the clock alone relieves nobody";
  ASSERT_TRUE(does("lin", accept()));
  EXPECT_EQ(on_desk(), "lin");
  EXPECT_EQ(last().state(), v1::Handover::STATE_ACCEPTED);
  until(17);
  EXPECT_EQ(on_desk(), "lin") << "nobody relieved him yet";
}

TEST_F(HandoverTest, AnEarlyAcceptanceHoldsAndALaterShiftReplacesIt) {
  ASSERT_TRUE(does("zhang", propose("li")));
  ASSERT_TRUE(does("li", accept()));
  EXPECT_EQ(on_desk(), "li") << "at once, before the shift ends";
  until(8);
  EXPECT_EQ(on_desk(), "li") << "the handover was about this change of shift";
  ASSERT_TRUE(does("chief", put({shift("he", 12, 16)})));
  until(12);
  EXPECT_EQ(on_desk(), "lin,he");
}

TEST_F(HandoverTest, AnOverrideWinsOverAHandover) {
  ASSERT_TRUE(does("zhang", propose("lin")));
  ASSERT_TRUE(does("lin", accept()));
  ASSERT_TRUE(does("chief", override_by("he", 9, 10)));
  until(9);
  EXPECT_EQ(on_desk(), "he");
  until(10);
  EXPECT_EQ(on_desk(), "lin");
}

TEST_F(HandoverTest, WhoeverIsOnDutyForTheRoleMayProposeAndNobodyElse) {
  EXPECT_THAT(does("fei", propose("lin")), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("li", propose("lin")), IsRefused(v1::ERROR_CODE_FORBIDDEN))
      << "appointed, but not on duty";
  ASSERT_TRUE(does("he", propose("lin"))) << "the deputy, for the primary";
  EXPECT_EQ(last().from_account_id(), who("zhang"));
  EXPECT_THAT(does("zhang", propose("lin")), IsRefused(v1::ERROR_CODE_ALREADY_EXISTS));
  EXPECT_THAT(does("he", accept()), IsRefused(v1::ERROR_CODE_FORBIDDEN)) << "not the incoming";
}

TEST_F(HandoverTest, TheIncomingMustBelongToTheRole) {
  EXPECT_THAT(does("zhang", propose("fei")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_THAT(does("zhang", propose("zhang")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(HandoverTest, WhatAppearedAfterHeReadTheListRefusesTheAcceptance) {
  ASSERT_TRUE(does("zhang", propose("lin")));
  const base::Position read = center.state().position();
  const base::EntityId call = call_comes_in();
  const auto refused = does("lin", accept(read, red_items()));
  ASSERT_THAT(refused, IsRefused(v1::ERROR_CODE_STALE_REVISION));
  EXPECT_THAT(refused.error().to_string(), ::testing::HasSubstr(std::to_string(call)));
  EXPECT_EQ(on_desk(), "zhang");
  EXPECT_TRUE(does("lin", accept())) << "read again";
}

TEST_F(HandoverTest, RedItemsAreAcceptedSingly) {
  const base::EntityId first = call_comes_in();
  const base::EntityId second = call_comes_in();
  ASSERT_TRUE(does("zhang", propose("lin")));
  const base::Position read = center.state().position();
  EXPECT_THAT(does("lin", accept(read, {first})), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_TRUE(does("lin", accept(read, {first, second})));
}

TEST_F(HandoverTest, NobodyHasReadTheFuture) {
  ASSERT_TRUE(does("zhang", propose("lin")));
  EXPECT_THAT(does("lin", accept(center.state().position() + 10)),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(HandoverTest, AWithdrawnHandoverLeavesTheDutyToTheRoster) {
  ASSERT_TRUE(does("zhang", propose("lin")));
  until(8.1);
  EXPECT_THAT(does("fei", withdraw()), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("zhang", withdraw()));
  EXPECT_EQ(on_desk(), "lin");
  EXPECT_THAT(does("lin", accept()), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT)) << "it is over";
}

TEST_F(HandoverTest, AnOldSightOfTheHandoverIsRefused) {
  ASSERT_TRUE(does("zhang", propose("lin")));
  v1::Command command = accept();
  command.mutable_accept_handover()->set_seen_revision(last().revision() - 1);
  EXPECT_THAT(does("lin", command), IsRefused(v1::ERROR_CODE_STALE_REVISION));
}

TEST_F(HandoverTest, FifteenMinutesAfterItWasDueBothAndTheLeaderAreToldOnce) {
  ASSERT_TRUE(does("zhang", propose("lin")));
  until(8.24);
  EXPECT_EQ(told(v1::Event::kHandoverOverdue), 0);
  until(8.25);
  EXPECT_EQ(told(v1::Event::kHandoverOverdue), 1);
  std::vector<base::EntityId> expected{who("zhang"), who("lin"), who("chen")};
  std::sort(expected.begin(), expected.end());
  const auto& people = last().told_account_ids();
  EXPECT_EQ(std::vector<base::EntityId>(people.begin(), people.end()), expected);
  until(24);
  EXPECT_EQ(told(v1::Event::kHandoverOverdue), 1);
  EXPECT_EQ(on_desk(), "zhang") << "and he still is responsible";
}

TEST_F(HandoverTest, AnAcceptedHandoverIsNeverOverdue) {
  ASSERT_TRUE(does("zhang", propose("lin")));
  ASSERT_TRUE(does("lin", accept()));
  until(12);
  EXPECT_EQ(told(v1::Event::kHandoverOverdue), 0);
}

TEST_F(HandoverTest, TheLeaderOrdersATakeoverAndUnreadItemsMoveMarkedSo) {
  ASSERT_TRUE(does("zhang", propose("lin")));
  const base::EntityId read_call = call_comes_in();
  const base::Position read = center.state().position();
  const base::EntityId unread_call = call_comes_in();
  EXPECT_THAT(does("lin", take_over("lin")), IsRefused(v1::ERROR_CODE_FORBIDDEN))
      << "not by the incoming himself";
  ASSERT_TRUE(does("chen", take_over("lin", read)));
  EXPECT_EQ(on_desk(), "lin");
  EXPECT_EQ(last().state(), v1::Handover::STATE_TAKEN_OVER);
  EXPECT_EQ(last().ordered_by_id(), who("chen"));
  EXPECT_EQ(last().reason(), "cannot be reached");
  EXPECT_EQ(rows().handovers.size(), 1u) << "it ended the open one";
  ASSERT_EQ(last().unread_item_ids_size(), 1);
  EXPECT_EQ(last().unread_item_ids(0), unread_call);
  EXPECT_NE(last().unread_item_ids(0), read_call);
}

TEST_F(HandoverTest, ATakeoverNeedsNoProposalButAReason) {
  v1::Command silent = take_over("he");
  silent.mutable_take_over()->clear_reason();
  EXPECT_THAT(does("chen", silent), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  ASSERT_TRUE(does("chen", take_over("he")));
  EXPECT_EQ(on_desk(), "he");
  EXPECT_EQ(last().from_account_id(), who("zhang"));
  until(8);
  EXPECT_EQ(on_desk(), "lin") << "the next shift relieves him";
}

TEST_F(HandoverTest, WhereThePlanSaysSoTheEndOfAShiftOpensAHandoverByItself) {
  v1::Plan changed = duty_plan();
  changed.mutable_configuration()->mutable_duty()->set_handover_at_shift_end(true);
  apply_plan(changed);
  until(8.2);
  ASSERT_EQ(rows().handovers.size(), 1u);
  EXPECT_EQ(on_desk(), "zhang") << "until it is accepted";
  EXPECT_EQ(last().to_account_id(), who("lin"));
  EXPECT_EQ(last().due_us(), at(8));
  ASSERT_TRUE(does("lin", accept()));
  EXPECT_EQ(on_desk(), "lin");
}

// --- Roll-call ---

class RollCallTest : public HandoverTest {
 protected:
  v1::Command start() const {
    v1::Command command;
    v1::StartRollCall& one = *command.mutable_start_roll_call();
    one.add_role_ids(post_of("eoc/desk"));
    one.add_role_ids(post_of("fire/liaison"));
    one.set_until_us(center.now() + 10 * minute);
    return command;
  }
  v1::Command answer(std::string_view role_key) const {
    v1::Command command;
    command.mutable_answer_roll_call()->set_roll_call_id(call().id());
    command.mutable_answer_roll_call()->set_role_id(post_of(role_key));
    return command;
  }
  const v1::RollCall& call() const { return *(rows().roll_calls.end() - 1)->row; }
};

TEST_F(RollCallTest, WhoDoesNotAnswerInTimeWasNotReached) {
  EXPECT_THAT(does("fei", start()), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("zhang", start()));
  ASSERT_EQ(call().rows_size(), 2);
  EXPECT_THAT(does("fei", answer("eoc/desk")), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("he", answer("eoc/desk"))) << "the deputy proves that the post is reached";
  until(9);
  EXPECT_TRUE(call().ended());
  for (const v1::RollCall::Row& row : call().rows()) {
    if (row.role_id() == post_of("eoc/desk")) {
      EXPECT_NE(row.answered_us(), 0);
      EXPECT_EQ(row.answered_by_id(), who("he"));
      EXPECT_EQ(row.account_id(), who("zhang"));
    } else {
      EXPECT_EQ(row.answered_us(), 0) << "fire/liaison";
      EXPECT_EQ(row.account_id(), 0u) << "nobody stands there at all";
    }
  }
  EXPECT_THAT(does("he", answer("eoc/desk")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(RollCallTest, AnsweringTwiceChangesNothing) {
  ASSERT_TRUE(does("zhang", start()));
  ASSERT_TRUE(does("zhang", answer("eoc/desk")));
  const base::Position position = center.state().position();
  EXPECT_TRUE(does("he", answer("eoc/desk")));
  EXPECT_EQ(center.state().position(), position);
}

}  // namespace
}  // namespace fenghuo::testing
