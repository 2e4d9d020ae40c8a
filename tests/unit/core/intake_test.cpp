// SPDX-License-Identifier: Apache-2.0
#include "hub/core/intake.h"

#include "hub/core/kinds.h"
#include "tests/unit/core/duty_story.h"

namespace fenghuo::testing {
namespace {

class IntakeTest : public DutyStory {
 protected:
  v1::Command take(std::string_view channel = "eoc") const {
    v1::Command command;
    v1::TakeIntake& one = *command.mutable_take_intake();
    one.set_channel_id(room(channel));
    one.mutable_caller()->set_name("Mr Wu");
    one.mutable_caller()->set_number("13900000000");
    one.set_content("smoke over the tank farm");
    one.set_medium(v1::OnBehalf::MEDIUM_PHONE);
    one.set_stated_us(center.now() - 5 * minute);
    one.set_received_us(center.now() - minute);
    one.set_place("south gate");
    return command;
  }
  v1::CloseIntake& closing(v1::Command& command) const {
    v1::CloseIntake& one = *command.mutable_close_intake();
    one.set_intake_id(last().id());
    one.set_seen_revision(last().revision());
    return one;
  }
  const v1::Intake& last() const { return *(rows().intakes.end() - 1)->row; }
};

TEST_F(IntakeTest, ACallIsTakenWithItsTimesAndItsCallerIsInTheBody) {
  const auto done = does("zhang", take());
  ASSERT_TRUE(done);
  EXPECT_EQ(last().id(), done->id()) << "it is the message";
  EXPECT_EQ(last().recorder_id(), who("zhang"));
  EXPECT_EQ(last().received_us(), center.now() - minute);
  EXPECT_EQ(last().stated_us(), center.now() - 5 * minute);
  EXPECT_EQ(last().taken_us(), center.now());
  const auto posted = center.decoded(done->id());
  EXPECT_EQ(posted.body->text(), "smoke over the tank farm");
  EXPECT_EQ(posted.body->caller().number(), "13900000000");
  for (const CoreCenter::Stored& stored : center.log()) {
    EXPECT_EQ(stored.event.find("13900000000"), std::string::npos)
        << "no event holds it: it can be redacted";
  }
}

TEST_F(IntakeTest, TheDeskReadsItWhereverItWasTakenAndNobodyRewritesIt) {
  const auto done = does("fang", take("fire"));
  ASSERT_TRUE(done);
  EXPECT_TRUE(core::message_for(center.state(), done->id(), who("zhang")));
  EXPECT_FALSE(core::message_for(center.state(), done->id(), who("shui")));
  EXPECT_THAT(does("fang", edit(done->id(), 1, v1::EDIT_KIND_CORRECTION, "steam")),
              IsRefused(v1::ERROR_CODE_FORBIDDEN));
}

TEST_F(IntakeTest, ItMayOnlyBeTakenWhereOneMayPost) {
  EXPECT_THAT(does("shui", take("fire")), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  v1::Command silent = take();
  silent.mutable_take_intake()->clear_content();
  EXPECT_THAT(does("zhang", silent), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  v1::Command early = take();
  early.mutable_take_intake()->set_received_us(center.now() + minute);
  EXPECT_THAT(does("zhang", early), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(IntakeTest, ItIsNeverJustANote) {
  ASSERT_TRUE(does("zhang", take()));
  v1::Command command;
  closing(command);
  EXPECT_THAT(does("zhang", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  closing(command).set_nothing(true);
  EXPECT_THAT(does("zhang", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT))
      << "not without a reason";
  closing(command).set_reason("a drill of the plant, they said so");
  ASSERT_TRUE(does("zhang", command));
  EXPECT_EQ(last().state(), v1::Intake::STATE_CLOSED);
  EXPECT_FALSE(core::is_open(rows(), last()));
  EXPECT_THAT(does("zhang", command), IsRefused(v1::ERROR_CODE_STALE_REVISION));
}

TEST_F(IntakeTest, ItEndsAsATransferToARoleOrAContact) {
  ASSERT_TRUE(does("zhang", take()));
  v1::Command command;
  closing(command).set_transferred_role_id(post_of("fire/liaison"));
  EXPECT_THAT(does("zhang", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  closing(command).set_reason("fire brigade informed, 14 men out");
  ASSERT_TRUE(does("zhang", command));
  EXPECT_EQ(last().transferred_role_id(), post_of("fire/liaison"));
}

TEST_F(IntakeTest, WhatItEndsAsMustExist) {
  ASSERT_TRUE(does("zhang", take()));
  v1::Command command;
  closing(command).set_order_id(999);
  EXPECT_THAT(does("zhang", command), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  closing(command).set_incident_id(999);
  EXPECT_THAT(does("zhang", command), IsRefused(v1::ERROR_CODE_NOT_FOUND));
}

TEST_F(IntakeTest, TheRecorderAndTheCommandSeatsCloseIt) {
  ASSERT_TRUE(does("fang", take("fire")));
  v1::Command command;
  closing(command).set_nothing(true);
  command.mutable_close_intake()->set_reason("steam");
  EXPECT_THAT(does("shui", command), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  EXPECT_THAT(does("fei", command), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_TRUE(does("zhang", command)) << "the desk sees it without being in that room";
}

}  // namespace
}  // namespace fenghuo::testing
