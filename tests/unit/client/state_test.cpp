// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/state.h"

#include "tests/unit/client/hub_bytes.h"

#include <gtest/gtest.h>

namespace fenghuo::client {
namespace {

class StateTest : public ::testing::Test {
 protected:
  StateTest() { state_.reset(test::welcome(10).welcome().snapshot(), 7, 10); }

  v1::Update message(std::uint64_t position, std::uint64_t seq, std::uint64_t author = 8) {
    v1::Update update;
    update.set_position(position);
    auto* message = update.mutable_message();
    message->set_id(position);
    message->set_channel_id(3);
    message->set_seq(seq);
    message->set_author_id(author);
    message->set_revision(position);
    return update;
  }
  const v1::ChannelState& channel() { return *state_.find_channel("ops-watch"); }

  const v1::Cursor& main_cursor() { return channel().cursors(0); }

  State state_;
};

TEST_F(StateTest, FindsChannelsByKeyAndId) {
  EXPECT_NE(state_.find_channel("ops-watch"), nullptr);
  EXPECT_EQ(state_.find_channel("3"), state_.find_channel("ops-watch"));
  EXPECT_EQ(state_.find_channel("4"), nullptr);
}

TEST_F(StateTest, CountsUnreadOfOthersAndMentions) {
  state_.apply(message(11, 1));
  state_.apply(message(12, 2, 7));
  auto mention = message(13, 3);
  mention.mutable_message()->add_mentions()->set_account_id(7);
  state_.apply(mention);
  auto stone = message(14, 4);
  stone.mutable_message()->mutable_stone()->set_by_id(8);
  state_.apply(stone);
  EXPECT_EQ(channel().last_seq(), 4U);
  EXPECT_EQ(main_cursor().unread(), 2U);
  EXPECT_EQ(main_cursor().mentions(), 1U);
  // An edit of the first is no new message.
  state_.apply(message(15, 1));
  EXPECT_EQ(main_cursor().unread(), 2U);
}

TEST_F(StateTest, TakesTheHubsCountsAndAddsOnlyWhatTheyDoNotHold) {
  v1::Update counted;
  counted.set_position(12);
  auto* cursor = counted.mutable_cursor();
  cursor->set_channel_id(3);
  cursor->set_seq(4);
  cursor->set_revision(12);
  cursor->set_unread(2);
  cursor->set_counted_through_seq(6);
  state_.apply(counted);
  state_.apply(message(13, 6));
  EXPECT_EQ(main_cursor().unread(), 2U);
  state_.apply(message(14, 7));
  EXPECT_EQ(main_cursor().unread(), 3U);
  // An older cursor comes too late.
  cursor->set_revision(11);
  cursor->set_unread(9);
  state_.apply(counted);
  EXPECT_EQ(main_cursor().unread(), 3U);
}

TEST_F(StateTest, ThreadsAreCountedByTheHubAlone) {
  auto reply = message(11, 1);
  reply.mutable_message()->set_thread_root_id(5);
  state_.apply(reply);
  EXPECT_EQ(channel().last_seq(), 1U);
  EXPECT_EQ(main_cursor().unread(), 0U);
  v1::Update counted;
  counted.set_position(11);
  counted.mutable_cursor()->set_channel_id(3);
  counted.mutable_cursor()->set_thread_root_id(5);
  counted.mutable_cursor()->set_unread(1);
  state_.apply(counted);
  ASSERT_EQ(channel().cursors_size(), 2);
  EXPECT_EQ(channel().cursors(1).unread(), 1U);
}

TEST_F(StateTest, ReplacesARowOnlyByAHigherRevision) {
  v1::Update update;
  update.set_position(20);
  update.mutable_role()->set_id(9);
  update.mutable_role()->set_key("eoc/duty-chief");
  update.mutable_role()->set_revision(20);
  state_.apply(update);
  auto older = update;
  older.mutable_role()->set_key("older");
  older.mutable_role()->set_revision(19);
  state_.apply(older);
  EXPECT_NE(state_.find_role("eoc/duty-chief"), nullptr);
}

TEST_F(StateTest, WhatTheSnapshotContainsChangesNothing) {
  state_.apply(message(10, 1));
  EXPECT_EQ(channel().last_seq(), 0U);
  v1::Update gone;
  gone.set_position(9);
  gone.set_channel_gone_id(3);
  state_.apply(gone);
  EXPECT_NE(state_.find_channel("ops-watch"), nullptr);
}

TEST_F(StateTest, AGoneChannelIsDropped) {
  v1::Update gone;
  gone.set_position(13);
  gone.set_channel_gone_id(3);
  state_.apply(gone);
  EXPECT_TRUE(state_.channels().empty());
}

TEST_F(StateTest, AnEndedAppointmentIsNone) {
  v1::Update update;
  update.set_position(12);
  auto* row = update.mutable_appointment();
  row->set_account_id(7);
  row->set_role_id(9);
  row->set_revision(12);
  state_.apply(update);
  EXPECT_TRUE(state_.appointed(9));
  row->set_revision(13);
  row->set_ended(true);
  update.set_position(13);
  state_.apply(update);
  EXPECT_FALSE(state_.appointed(9));
}

}  // namespace
}  // namespace fenghuo::client
