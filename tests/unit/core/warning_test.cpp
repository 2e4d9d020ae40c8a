// SPDX-License-Identifier: Apache-2.0
#include "hub/core/warning.h"

#include "hub/core/kinds.h"
#include "tests/unit/core/duty_story.h"

namespace fenghuo::testing {
namespace {

// "eoc/desk" may warn; yellow and worse is approved by "eoc/lead" (kai and chen).
class WarningTest : public DutyStory {
 protected:
  WarningTest() { apply_plan(warning_plan()); }

  static v1::Plan warning_plan() {
    v1::Plan plan = duty_plan();
    grant(*plan.mutable_roles(plan.roles_size() - 1), v1::Grant::VERB_WARN);
    role(plan, "eoc/lead", "eoc");
    account(plan, "kai", {"eoc/lead"});
    for (v1::PlanAccount& one : *plan.mutable_accounts()) {
      if (one.key() == "chen") one.add_appointments()->set_role("eoc/lead");
    }
    v1::WarningRules& rules = *plan.mutable_configuration()->mutable_warnings();
    rules.set_listed_us(24 * hour);
    auto& approval = *rules.add_approvals();
    approval.set_colour(v1::Warning::COLOUR_YELLOW);
    approval.add_roles("eoc/lead");
    return plan;
  }
  v1::Warning::Content content(v1::Warning::Colour colour, double until_hour) const {
    v1::Warning::Content one;
    one.set_colour(colour);
    one.set_kind("fire and explosion");
    one.set_area("the park and 500 m around it");
    one.set_text("stop work outside");
    one.set_until_us(at(until_hour));
    return one;
  }
  v1::Command issue(v1::Warning::Colour colour, double until_hour = 6) const {
    v1::Command command;
    *command.mutable_issue_warning()->mutable_content() = content(colour, until_hour);
    return command;
  }
  v1::Command change(v1::Warning::Colour colour, double until_hour) const {
    v1::Command command;
    auto& one = *command.mutable_change_warning();
    one.set_warning_id(last().id());
    one.set_seen_revision(last().revision());
    *one.mutable_content() = content(colour, until_hour);
    return command;
  }
  v1::Command approve() const {
    v1::Command command;
    command.mutable_approve_warning()->set_warning_id(last().id());
    command.mutable_approve_warning()->set_seen_revision(last().revision());
    return command;
  }
  v1::Command refuse() const {
    v1::Command command;
    command.mutable_refuse_warning()->set_warning_id(last().id());
    command.mutable_refuse_warning()->set_seen_revision(last().revision());
    command.mutable_refuse_warning()->set_reason("the reading was wrong");
    return command;
  }
  v1::Command lift() const {
    v1::Command command;
    command.mutable_lift_warning()->set_warning_id(last().id());
    command.mutable_lift_warning()->set_seen_revision(last().revision());
    command.mutable_lift_warning()->set_reason("the gas has gone");
    return command;
  }
  const v1::Warning& last() const { return *(rows().warnings.end() - 1)->row; }
};

TEST_F(WarningTest, OnlyARoleWithTheAuthorityWarns) {
  EXPECT_THAT(does("fang", issue(v1::Warning::COLOUR_BLUE)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("sensor", issue(v1::Warning::COLOUR_BLUE)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("zhang", issue(v1::Warning::COLOUR_BLUE)));
  EXPECT_EQ(last().state(), v1::Warning::STATE_IN_FORCE);
  EXPECT_EQ(last().issuer_id(), who("zhang"));
  EXPECT_THAT(does("fang", lift()), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("fang", change(v1::Warning::COLOUR_BLUE, 7)),
              IsRefused(v1::ERROR_CODE_FORBIDDEN));
}

TEST_F(WarningTest, AWorseColourWaitsForASecondPersonInTheNamedRole) {
  ASSERT_TRUE(does("chen", issue(v1::Warning::COLOUR_RED)));
  EXPECT_EQ(last().state(), v1::Warning::STATE_PROPOSED);
  EXPECT_FALSE(last().has_content());
  EXPECT_THAT(does("chen", approve()), IsRefused(v1::ERROR_CODE_SAME_PERSON))
      << "though he is in both roles";
  EXPECT_THAT(does("zhang", approve()), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("kai", approve()));
  EXPECT_EQ(last().state(), v1::Warning::STATE_IN_FORCE);
  EXPECT_EQ(last().issuer_id(), who("chen"));
  EXPECT_EQ(last().approved_by_id(), who("kai"));
  EXPECT_EQ(last().content().colour(), v1::Warning::COLOUR_RED);
}

TEST_F(WarningTest, AnApprovalOnThePhoneCountsAtOnceAndIsSignedLater) {
  ASSERT_TRUE(does("chen", issue(v1::Warning::COLOUR_RED)));
  v1::Command spoken = approve();
  spoken.mutable_on_behalf()->set_account_id(who("kai"));
  spoken.mutable_on_behalf()->set_medium(v1::OnBehalf::MEDIUM_PHONE);
  spoken.mutable_on_behalf()->set_stated_at_us(center.now());
  EXPECT_THAT(does("chen", spoken), IsRefused(v1::ERROR_CODE_SAME_PERSON))
      << "who proposed it does not record the approval";
  ASSERT_TRUE(does("zhang", spoken));
  EXPECT_EQ(last().state(), v1::Warning::STATE_IN_FORCE);
  EXPECT_EQ(last().approved_by_id(), who("kai"));
  ASSERT_EQ(rows().spoken.size(), 1u);
  const v1::Spoken& owed = *rows().spoken.begin()->row;
  EXPECT_EQ(owed.state(), v1::Spoken::STATE_OWED);
  EXPECT_EQ(owed.about(), v1::ROW_KIND_WARNING);
  EXPECT_EQ(owed.about_id(), last().id());
  v1::Command objects;
  objects.mutable_object_to_spoken()->set_spoken_id(owed.id());
  objects.mutable_object_to_spoken()->set_reason("I said orange");
  EXPECT_TRUE(does("kai", objects));
}

TEST_F(WarningTest, WhatWasRefusedNeverCameIntoForce) {
  ASSERT_TRUE(does("zhang", issue(v1::Warning::COLOUR_YELLOW)));
  EXPECT_THAT(does("fang", refuse()), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("kai", refuse()));
  EXPECT_EQ(last().state(), v1::Warning::STATE_REFUSED);
  EXPECT_FALSE(core::is_open(rows(), last()));
  EXPECT_THAT(does("kai", approve()), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(WarningTest, AChangeIsANewVersionAndItsRefusalLeavesWhatIsInForce) {
  ASSERT_TRUE(does("zhang", issue(v1::Warning::COLOUR_BLUE)));
  v1::Command old = change(v1::Warning::COLOUR_BLUE, 8);
  ASSERT_TRUE(does("zhang", old));
  EXPECT_EQ(last().version(), 2u);
  EXPECT_EQ(last().content().until_us(), at(8));
  EXPECT_THAT(does("zhang", old), IsRefused(v1::ERROR_CODE_STALE_REVISION));
  ASSERT_TRUE(does("zhang", change(v1::Warning::COLOUR_ORANGE, 9)));
  EXPECT_EQ(last().content().colour(), v1::Warning::COLOUR_BLUE) << "until it is approved";
  ASSERT_TRUE(does("kai", refuse()));
  EXPECT_EQ(last().state(), v1::Warning::STATE_IN_FORCE);
  EXPECT_EQ(last().content().until_us(), at(8));
  ASSERT_TRUE(does("zhang", change(v1::Warning::COLOUR_ORANGE, 9)));
  ASSERT_TRUE(does("kai", approve()));
  EXPECT_EQ(last().content().colour(), v1::Warning::COLOUR_ORANGE);
}

TEST_F(WarningTest, AnExpiredWarningTurnsGreyStaysListedAndIsFiledLater) {
  ASSERT_TRUE(does("zhang", issue(v1::Warning::COLOUR_BLUE, 6)));
  until(5.9);
  EXPECT_EQ(last().state(), v1::Warning::STATE_IN_FORCE);
  until(6);
  EXPECT_EQ(last().state(), v1::Warning::STATE_EXPIRED);
  EXPECT_TRUE(core::is_open(rows(), last())) << "listed";
  EXPECT_THAT(does("zhang", change(v1::Warning::COLOUR_BLUE, 40)),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  until(30);
  EXPECT_EQ(last().state(), v1::Warning::STATE_FILED);
  EXPECT_FALSE(core::is_open(rows(), last()));
}

TEST_F(WarningTest, AChangeOfValidityMovesTheEnd) {
  ASSERT_TRUE(does("zhang", issue(v1::Warning::COLOUR_BLUE, 6)));
  ASSERT_TRUE(does("zhang", change(v1::Warning::COLOUR_BLUE, 12)));
  until(11);
  EXPECT_EQ(last().state(), v1::Warning::STATE_IN_FORCE);
  until(12);
  EXPECT_EQ(last().state(), v1::Warning::STATE_EXPIRED);
}

TEST_F(WarningTest, AProposalNobodyApprovedExpires) {
  ASSERT_TRUE(does("zhang", issue(v1::Warning::COLOUR_RED, 6)));
  until(6);
  EXPECT_EQ(last().state(), v1::Warning::STATE_EXPIRED);
  EXPECT_EQ(last().version(), 0u) << "it never was in force";
}

TEST_F(WarningTest, LiftingNeedsAReasonAndEndsIt) {
  ASSERT_TRUE(does("zhang", issue(v1::Warning::COLOUR_BLUE)));
  v1::Command silent = lift();
  silent.mutable_lift_warning()->clear_reason();
  EXPECT_THAT(does("zhang", silent), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  ASSERT_TRUE(does("zhang", lift()));
  EXPECT_EQ(last().state(), v1::Warning::STATE_LIFTED);
  until(8);
  EXPECT_EQ(last().state(), v1::Warning::STATE_LIFTED) << "nothing left to expire";
}

TEST_F(WarningTest, AWarningWithoutColourAreaOrEndIsNone) {
  v1::Command command = issue(v1::Warning::COLOUR_UNSPECIFIED);
  EXPECT_THAT(does("zhang", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  command = issue(v1::Warning::COLOUR_BLUE);
  command.mutable_issue_warning()->mutable_content()->clear_area();
  EXPECT_THAT(does("zhang", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  until(1);
  EXPECT_THAT(does("zhang", issue(v1::Warning::COLOUR_BLUE, 1)),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

}  // namespace
}  // namespace fenghuo::testing
