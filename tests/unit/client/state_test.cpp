// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/state.h"

#include <gtest/gtest.h>

#include "tests/unit/client/hub_bytes.h"

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
  EXPECT_EQ(channel().last_seq(), 3U);
  EXPECT_EQ(channel().unread(), 2U);
  EXPECT_EQ(channel().mentions(), 1U);
  // An edit of the first is no new message.
  auto edit = message(14, 1);
  state_.apply(edit);
  EXPECT_EQ(channel().unread(), 2U);
}

TEST_F(StateTest, CountsThreadsApart) {
  auto reply = message(11, 1);
  reply.mutable_message()->set_thread_root_id(5);
  state_.apply(reply);
  EXPECT_EQ(channel().unread(), 0U);
  ASSERT_EQ(channel().threads_size(), 1);
  EXPECT_EQ(channel().threads(0).unread(), 1U);
  v1::Update read;
  read.set_position(12);
  read.mutable_cursor()->set_channel_id(3);
  read.mutable_cursor()->set_thread_root_id(5);
  read.mutable_cursor()->set_seq(1);
  state_.apply(read);
  EXPECT_EQ(channel().threads_size(), 0);
}

TEST_F(StateTest, ACursorAtTheEndMeansAllRead) {
  state_.apply(message(11, 1));
  v1::Update read;
  read.set_position(12);
  read.mutable_cursor()->set_channel_id(3);
  read.mutable_cursor()->set_seq(1);
  state_.apply(read);
  EXPECT_EQ(channel().unread(), 0U);
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

TEST_F(StateTest, AGoneChannelTakesItsCursorsAlong) {
  v1::Update read;
  read.set_position(12);
  read.mutable_cursor()->set_channel_id(3);
  state_.apply(read);
  v1::Update gone;
  gone.set_position(13);
  gone.set_channel_gone_id(3);
  state_.apply(gone);
  EXPECT_TRUE(state_.channels().empty());
  EXPECT_TRUE(state_.cursors().empty());
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
