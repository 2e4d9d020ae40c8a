// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/core/feedback_center.h"

// Feedback without a name, rule 35: the hub checks the sender and forgets him.
namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class UnnamedTest : public FeedbackTest {
 protected:
  // As a phone sends it, in a role, with a command id.
  base::Result<v1::Reply::Done> send(std::string_view account, v1::Command command,
                                     std::uint64_t n = 1) {
    if (account == "fei") command.set_acting_role_id(post_of("fire/crew"));
    core::Envelope envelope = center.envelope(who(account), std::move(command));
    envelope.device = "fei-phone";
    envelope.n = n;
    envelope.digest = 77;
    return center.submit(envelope);
  }
  std::optional<core::FeedbackRef> with_code(char code) const {
    return core::feedback_by_receipt(center.state(), std::string(16, code));
  }
};

TEST_F(UnnamedTest, NoRecordSaysWhoItWas) {
  for (const auto severity : {v1::FEEDBACK_SEVERITY_ROUTINE, v1::FEEDBACK_SEVERITY_LIFE}) {
    const std::size_t before = center.log().size();
    ASSERT_TRUE(send("fei", open_unnamed(static_cast<char>('a' + severity), severity)));
    ASSERT_GT(center.log().size(), before);
    for (std::size_t i = before; i < center.log().size(); ++i) {
      const v1::Event event = CoreCenter::decode(center.log()[i]).event;
      EXPECT_EQ(event.account_id(), 0u);
      EXPECT_EQ(event.role_id(), 0u);
      EXPECT_EQ(event.device(), "");
      EXPECT_EQ(event.n(), 0u);
      EXPECT_EQ(event.command_digest(), 0u);
    }
  }
  EXPECT_EQ(center.state().last_n(who("fei"), "fei-phone"), 0u) << "nor does the state remember";
  for (const auto& entry : center.state().rows().feedbacks) {
    EXPECT_EQ(entry.row->asker_id(), 0u);
    EXPECT_EQ(entry.row->asker_role_id(), 0u);
    EXPECT_EQ(entry.row->entries(0).by_id(), 0u);
  }
}

TEST_F(UnnamedTest, TheSenderIsChecked) {
  EXPECT_THAT(does("guest", open_unnamed('a')), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("sensor", open_unnamed('a')), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  v1::Command command = open_unnamed('a');
  command.mutable_open_feedback()->mutable_subject()->set_channel_id(room("fire"));
  EXPECT_THAT(does("shui", command), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  command = open_unnamed('a');
  command.mutable_open_feedback()->set_receipt_hash("too short");
  EXPECT_THAT(does("fei", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(UnnamedTest, ARepeatIsKnownByTheHashOfItsReceipt) {
  const auto first = send("fei", open_unnamed('a'));
  ASSERT_TRUE(first);
  const std::size_t records = center.log().size();
  const auto again = send("fei", open_unnamed('a'), 2);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated());
  EXPECT_EQ(again->id(), first->id());
  EXPECT_EQ(center.log().size(), records);
}

TEST_F(UnnamedTest, NobodySeesItBeforeTheNextFullHourAndThenAllOfThemTogether) {
  // 22:13:20 of the hour that the story begins in.
  const base::TimeUs full = (center.now() / hour + 1) * hour;
  const auto first = opened("fei", open_unnamed('b'));
  center.advance(10 * minute);
  const auto second = opened("shui", open_unnamed('a'));
  center.advance(full - center.now() - 1);
  EXPECT_FALSE(sees("chief", first));
  EXPECT_THAT(does("chief", triage(first)), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  center.advance(1);
  EXPECT_TRUE(sees("chief", first));
  EXPECT_TRUE(sees("chief", second));
  const auto shown = events(v1::Event::kFeedbackShown);
  ASSERT_THAT(shown, SizeIs(1)) << "in one record";
  const bool b_first = thread(first).receipt_hash() < thread(second).receipt_hash();
  EXPECT_THAT(shown[0].event.feedback_shown().feedback_ids(),
              ElementsAre(b_first ? first : second, b_first ? second : first))
      << "in the order of their hashes, not of their coming";
}

TEST_F(UnnamedTest, NoLimitSaysWhenItCame) {
  const auto id = opened("fei", open_unnamed('a'));
  EXPECT_EQ(thread(id).shown_us() % hour, 0);
  EXPECT_EQ(thread(id).answer_by_us() % hour, 0);
}

TEST_F(UnnamedTest, DangerToLifeIsNotHeldBack) {
  const auto id = opened("fei", open_unnamed('a', v1::FEEDBACK_SEVERITY_LIFE));
  EXPECT_TRUE(sees("chief", id));
  EXPECT_NE(thread(id).urgent_order_id(), 0u);
}

TEST_F(UnnamedTest, TheAnswerIsReadWithTheCode) {
  const auto id = opened("fei", open_unnamed('a'));
  ASSERT_TRUE(with_code('a')) << "at once: it was taken";
  EXPECT_EQ(with_code('a')->row.shown_us(), thread(id).shown_us());
  center.advance(hour);
  answer(id);
  EXPECT_EQ(words(with_code('a')), "the chief sleeps at his desk||a relay car is on its way");
  EXPECT_FALSE(with_code('b'));
  EXPECT_FALSE(core::feedback_by_receipt(center.state(), std::string(15, 'a')));
  EXPECT_FALSE(core::feedback_for(center.state(), who("fei"), id)) << "by name he has none";
}

TEST_F(UnnamedTest, WhatWasMergedIsAnsweredWhereItGoesOn) {
  const auto unnamed = opened("fei", open_unnamed('a'));
  const auto named = opened("shui");
  center.advance(hour);
  ASSERT_TRUE(does("chief", merge(unnamed, named)));
  answer(named);
  const auto found = with_code('a');
  EXPECT_EQ(words(found), "|||a relay car is on its way") << "and not shui's words";
  EXPECT_EQ(found->row.id(), named);
  EXPECT_EQ(found->row.asker_id(), 0u);
  EXPECT_EQ(found->row.entries(0).by_id(), 0u);
}

}  // namespace
}  // namespace fenghuo::testing
