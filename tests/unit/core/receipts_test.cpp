// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/core/fixture.h"

// Rules 3 and 4: delivered, seen, acknowledged; who has read how far.
namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class ReceiptsTest : public CoreTest {
 protected:
  // Tells what the author is told while it lives.
  void listen(std::string_view account) {
    const base::EntityId id = who(account);
    center.watch([this, id](const core::Record& record, const core::Effects& effects) {
      core::project(center.state(), record, effects,
                    [&](const core::Audience& audience, v1::Update&& update) {
                      if (audience != core::Audience{core::Audience::Kind::Account, id}) return;
                      if (update.has_receipt()) told.push_back(update.receipt());
                    });
    });
  }
  std::vector<std::string> addressees(base::EntityId message_id) const {
    std::vector<std::string> keys;
    for (const v1::Receipt& one : center.state().receipts(message_id)) {
      keys.push_back(center.state().account(one.account_id())->key());
    }
    return keys;
  }
  v1::Receipt receipt(base::EntityId message_id, std::string_view account) const {
    for (const v1::Receipt& one : center.state().receipts(message_id)) {
      if (one.account_id() == who(account)) return one;
    }
    return {};
  }
  v1::Command deliver(std::initializer_list<base::EntityId> ids) const {
    v1::Command command;
    for (const base::EntityId id : ids) command.mutable_mark_delivered()->add_message_ids(id);
    return command;
  }
  base::EntityId ask(std::string_view account, std::string_view channel_key) {
    const auto done = does(account, post(channel_key, "confirm", v1::PRECEDENCE_IMMEDIATE));
    FENGHUO_CHECK(done.has_value());
    return done->id();
  }

  std::vector<v1::Receipt> told;
};

TEST_F(ReceiptsTest, ImmediateAlwaysAsksAndRoutineOnlyOnRequest) {
  EXPECT_FALSE(center.state().receipts(ask("fang", "fire")).empty());
  const auto routine = does("fang", post("fire", "fyi"));
  EXPECT_TRUE(center.state().receipts(routine->id()).empty());
  v1::Command asking = post("fire", "please confirm");
  asking.mutable_post_message()->set_ask_receipt(true);
  EXPECT_FALSE(center.state().receipts(does("fang", asking)->id()).empty());
}

TEST_F(ReceiptsTest, AddresseesAreTheOtherMembersButNoBotsFrozenAtPosting) {
  const base::EntityId id = ask("fang", "fire");
  EXPECT_THAT(addressees(id), UnorderedElementsAre("fei", "guest"));
  ASSERT_TRUE(does("hub", appoint("nobody", {"fire/crew"})));
  EXPECT_THAT(addressees(id), UnorderedElementsAre("fei", "guest"));
  EXPECT_THAT(does("nobody", acknowledge(id, 1)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("fang", acknowledge(id, 1)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
}

TEST_F(ReceiptsTest, MentionsNarrowTheAddressees) {
  v1::Command command = post("liaisons", "fire and shui", v1::PRECEDENCE_IMMEDIATE);
  command.mutable_post_message()->add_mentions()->set_role_id(post_of("fire/liaison"));
  command.mutable_post_message()->add_mentions()->set_account_id(who("shui"));
  // "fei" is no member here, so naming him asks nobody.
  command.mutable_post_message()->add_mentions()->set_account_id(who("fei"));
  EXPECT_THAT(addressees(does("chief", command)->id()), UnorderedElementsAre("fang", "shui"));
  v1::Command outside = post("liaisons", "fei?", v1::PRECEDENCE_IMMEDIATE);
  outside.mutable_post_message()->add_mentions()->set_account_id(who("fei"));
  EXPECT_THAT(addressees(does("chief", outside)->id()),
              UnorderedElementsAre("second", "fang", "shui"))
      << "an immediate message asks somebody";
}

TEST_F(ReceiptsTest, TheThreeFactsReachTheAuthorAsTheyHappen) {
  listen("fang");
  const base::EntityId id = ask("fang", "fire");
  EXPECT_EQ(told.size(), 2u) << "one open row per addressee";
  center.advance(base::us_per_s);
  ASSERT_TRUE(does("fei", deliver({id})));
  EXPECT_EQ(told.back().delivered_us(), center.now());
  EXPECT_EQ(told.back().seen_us(), 0);
  center.advance(base::us_per_s);
  ASSERT_TRUE(does("fei", read_to("fire", 1)));
  EXPECT_EQ(told.back().seen_us(), center.now());
  ASSERT_TRUE(does("fei", acknowledge(id, 1)));
  EXPECT_EQ(told.back().acknowledged_version(), 1u);
  EXPECT_EQ(told.size(), 5u);
  EXPECT_THAT(does("fei", deliver({id}))->id(), 0u) << "said once";
  EXPECT_THAT(does("fei", acknowledge(id, 1))->id(), 0u);
  EXPECT_EQ(told.size(), 5u);
}

TEST_F(ReceiptsTest, DeliveryOfWhatIsNotTrackedOrNotVisibleIsIgnored) {
  const auto routine = does("fang", post("fire", "fyi"));
  const base::EntityId hidden = ask("chief", "liaisons");
  const auto before = center.log().size();
  ASSERT_TRUE(does("fei", deliver({routine->id(), hidden, 999'999})));
  EXPECT_EQ(center.log().size(), before);
  v1::Command many;
  for (int i = 0; i < 257; ++i) many.mutable_mark_delivered()->add_message_ids(1);
  EXPECT_THAT(does("fei", many), IsRefused(v1::ERROR_CODE_TOO_LARGE));
}

TEST_F(ReceiptsTest, ACorrectionKeepsAcknowledgementsAndAChangeVoidsThem) {
  const base::EntityId id = ask("fang", "fire");
  ASSERT_TRUE(does("fei", acknowledge(id, 1)));
  const auto asked = [&] {
    return core::message_for(center.state(), id, who("fang"))->message.asked_version();
  };
  ASSERT_TRUE(does("fang", edit(id, 1, v1::EDIT_KIND_CORRECTION, "confirm, 5 pm")));
  EXPECT_GE(receipt(id, "fei").acknowledged_version(), asked());
  listen("fang");
  ASSERT_TRUE(does("fang", edit(id, 2, v1::EDIT_KIND_CHANGE, "confirm, 6 pm")));
  EXPECT_LT(receipt(id, "fei").acknowledged_version(), asked()) << "asked again";
  EXPECT_EQ(told.size(), 2u);
  // Who answers the old text is recorded, and told that it is the old one.
  const auto late = does("guest", acknowledge(id, 2));
  ASSERT_TRUE(late);
  EXPECT_TRUE(late->superseded());
  EXPECT_EQ(late->version(), 3u);
  EXPECT_EQ(receipt(id, "guest").acknowledged_version(), 2u);
  const auto current = does("fei", acknowledge(id, 3));
  ASSERT_TRUE(current);
  EXPECT_FALSE(current->superseded());
  EXPECT_THAT(does("fei", acknowledge(id, 4)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(ReceiptsTest, ASnapshotHoldsTheReceiptsOfOwnMessagesStillOpen) {
  const base::EntityId first = ask("fang", "fire");
  const base::EntityId second = ask("fang", "fire");
  const auto open = [&] {
    std::vector<base::EntityId> ids;
    const v1::Snapshot snapshot = core::snapshot_for(center.state(), who("fang"));
    for (const v1::Receipt& one : snapshot.receipts()) {
      if (ids.empty() || ids.back() != one.message_id()) ids.push_back(one.message_id());
    }
    return ids;
  };
  EXPECT_THAT(open(), ElementsAre(second, first)) << "newest first";
  ASSERT_TRUE(does("fei", acknowledge(first, 1)));
  ASSERT_TRUE(does("guest", acknowledge(first, 1)));
  EXPECT_THAT(open(), ElementsAre(second));
  ASSERT_TRUE(does("fang", edit(first, 1, v1::EDIT_KIND_CHANGE, "new")));
  EXPECT_THAT(open(), ElementsAre(second, first));
  ASSERT_TRUE(does("fang", retract(first)));
  EXPECT_THAT(open(), ElementsAre(second)) << "a stone asks nobody";
  EXPECT_THAT(does("fei", acknowledge(first, 2)), IsRefused(v1::ERROR_CODE_RETRACTED));
}

TEST_F(ReceiptsTest, UnreadCountsAreExact) {
  ASSERT_TRUE(does("fang", post("fire", "one")));
  const auto two = does("fang", post("fire", "two"));
  v1::Command named = post("fire", "three");
  named.mutable_post_message()->add_mentions()->set_role_id(post_of("fire/crew"));
  ASSERT_TRUE(does("fang", named));
  ASSERT_TRUE(does("fei", post("fire", "own")));
  EXPECT_EQ(cursor("fei", "fire").unread(), 3u) << "own ones do not count";
  EXPECT_EQ(cursor("fei", "fire").mentions(), 1u);
  EXPECT_EQ(cursor("fei", "fire").seq(), 0u) << "posting reads nothing";
  EXPECT_EQ(cursor("fang", "fire").unread(), 1u);
  ASSERT_TRUE(does("fang", retract(two->id())));
  EXPECT_EQ(cursor("fei", "fire").unread(), 2u) << "a stone does not count";
  ASSERT_TRUE(does("fei", read_to("fire", 3)));
  EXPECT_EQ(cursor("fei", "fire").unread(), 0u);
  EXPECT_EQ(cursor("fei", "fire").mentions(), 0u);
}

TEST_F(ReceiptsTest, ACursorNeverGoesBackNorPastTheEnd) {
  ASSERT_TRUE(does("fang", post("fire", "one")));
  ASSERT_TRUE(does("fang", post("fire", "two")));
  ASSERT_TRUE(does("fei", read_to("fire", 2)));
  EXPECT_EQ(does("fei", read_to("fire", 1))->id(), 0u);
  EXPECT_EQ(cursor("fei", "fire").seq(), 2u);
  EXPECT_THAT(does("fei", read_to("fire", 3)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(ReceiptsTest, WhoJoinsLaterStartsWithNothingUnread) {
  ASSERT_TRUE(does("fang", post("fire", "before")));
  ASSERT_TRUE(does("hub", appoint("nobody", {"fire/crew"})));
  EXPECT_EQ(cursor("nobody", "fire").unread(), 0u);
  ASSERT_TRUE(does("fang", post("fire", "after")));
  EXPECT_EQ(cursor("nobody", "fire").unread(), 1u);
}

TEST_F(ReceiptsTest, CountsHoldOverManyBlocksOfMessages) {
  for (int i = 0; i < 600; ++i) {
    ASSERT_TRUE(does(i % 3 == 0 ? "fei" : "fang", post("fire", "line")));
  }
  EXPECT_EQ(cursor("fei", "fire").unread(), 400u);
  EXPECT_EQ(cursor("guest", "fire").unread(), 600u);
  ASSERT_TRUE(does("fei", read_to("fire", 255)));
  // Of seqs 256 to 600, 115 are his own.
  EXPECT_EQ(cursor("fei", "fire").unread(), 345u - 115u);
}

class ThreadTest : public ReceiptsTest {
 protected:
  ThreadTest() { root = does("fang", post("fire", "root"))->id(); }

  v1::Command reply(const std::string& text) const {
    v1::Command command = post("fire", text);
    command.mutable_post_message()->set_thread_root_id(root);
    return command;
  }
  // Unread in the thread; nullopt = the account is not told of it.
  std::optional<std::uint32_t> unread(std::string_view account) const {
    const auto state = core::channel_state_for(center.state(), room("fire"), who(account));
    for (const v1::Cursor& one : state.cursors()) {
      if (one.thread_root_id() == root) return one.unread();
    }
    return std::nullopt;
  }

  base::EntityId root = 0;
};

TEST_F(ThreadTest, RepliesCountForWhoTakesPart) {
  ASSERT_TRUE(does("fei", reply("a")));
  EXPECT_EQ(unread("fang"), 1u) << "his message";
  EXPECT_EQ(unread("fei"), std::nullopt) << "his own reply";
  EXPECT_EQ(unread("guest"), std::nullopt) << "has no part in it";
  EXPECT_EQ(cursor("guest", "fire").unread(), 1u) << "replies are not in the main timeline";
  ASSERT_TRUE(does("fang", reply("b")));
  EXPECT_EQ(unread("fei"), 1u);
}

TEST_F(ThreadTest, AMentionInAReplyMakesTakePartFromThere) {
  ASSERT_TRUE(does("fei", reply("a")));
  v1::Command naming = reply("guest?");
  naming.mutable_post_message()->add_mentions()->set_account_id(who("guest"));
  ASSERT_TRUE(does("fei", naming));
  EXPECT_EQ(unread("guest"), 1u);
  ASSERT_TRUE(does("fei", reply("c")));
  EXPECT_EQ(unread("guest"), 2u);
  ASSERT_TRUE(does("guest", read_to("fire", 4, root)));
  EXPECT_EQ(unread("guest"), std::nullopt);
}

TEST_F(ThreadTest, SeenInAThreadIsSaidByItsOwnCursor) {
  v1::Command asking = reply("confirm");
  asking.mutable_post_message()->set_ask_receipt(true);
  const auto done = does("fang", asking);
  ASSERT_TRUE(done);
  ASSERT_TRUE(does("fei", read_to("fire", 2)));
  EXPECT_EQ(receipt(done->id(), "fei").seen_us(), 0);
  ASSERT_TRUE(does("fei", read_to("fire", 2, root)));
  EXPECT_NE(receipt(done->id(), "fei").seen_us(), 0);
}

TEST_F(ReceiptsTest, ReadingsOfManyMergeIntoOneRecordOfEachKind) {
  const base::EntityId id = ask("fang", "fire");
  std::vector<core::Reading> readings;
  for (const auto& [account, command] :
       {std::pair("fei", read_to("fire", 1)), std::pair("guest", read_to("fire", 1)),
        std::pair("fei", deliver({id})), std::pair("fei", deliver({id}))}) {
    const auto one =
        core::check_reading(center.state(), center.envelope(who(account), command), center.now());
    ASSERT_TRUE(one);
    readings.insert(readings.end(), one->begin(), one->end());
  }
  ASSERT_EQ(readings.size(), 4u);
  const auto merged = core::merge_readings(center.state(), readings);
  ASSERT_EQ(merged.size(), 2u);
  EXPECT_EQ(merged[0].event.cursors_advanced().rows_size(), 2);
  EXPECT_EQ(merged[1].event.messages_delivered().rows_size(), 1);
  center.append(merged);
  EXPECT_TRUE(core::merge_readings(center.state(), readings).empty()) << "overtaken meanwhile";
  EXPECT_NE(receipt(id, "guest").seen_us(), 0);
}

}  // namespace
}  // namespace fenghuo::testing
