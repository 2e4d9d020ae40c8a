// SPDX-License-Identifier: Apache-2.0
#include "hub/fanout/encoder.h"

#include "tests/unit/fanout/hub_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::fanout {
namespace {

using core::Audience;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class EncoderTest : public ::testing::Test {
 protected:
  // "channel: message", "staff: account", "ann: channel_gone_id" ...
  std::vector<std::string> told(const EncodedCommit& commit) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < commit.slices.size(); ++i) {
      const std::string frame =
          session::encode_batch(session::Format::Binary, commit.after, commit.through,
                                {commit.bytes(session::Format::Binary, i)});
      const auto batch = test::frames_of(frame).front().batch();
      EXPECT_EQ(batch.updates().size(), 1);
      EXPECT_EQ(batch.updates(0).position(), commit.slices[i].position);
      EXPECT_EQ(session::to_json(batch.updates(0)), commit.bytes(session::Format::Json, i));
      const auto* field = v1::Update::descriptor()->FindFieldByNumber(batch.updates(0).kind_case());
      words.push_back(name(commit.slices[i].audience) + ": " + field->name());
    }
    return words;
  }
  std::string name(const Audience& audience) {
    switch (audience.kind) {
      case Audience::Kind::Staff: return "staff";
      case Audience::Kind::Guests: return "guests";
      case Audience::Kind::Channel: return hub.view->state().channel(audience.id)->key();
      case Audience::Kind::Account: return hub.view->state().account(audience.id)->key();
    }
    return "";
  }
  const EncodedCommit& last() { return *hub.commits.back(); }

  test::HubRig hub;
};

TEST_F(EncoderTest, CommitsFollowEachOther) {
  hub.post(hub.id("ann"), hub.channel("crew"), "一");
  hub.post(hub.id("ann"), hub.channel("crew"), "二");
  base::Position at = hub.commits.front()->after;
  for (const auto& commit : hub.commits) {
    EXPECT_EQ(commit->after, at);
    at = commit->through;
    for (const auto& slice : commit->slices) {
      EXPECT_GT(slice.position, commit->after);
      EXPECT_LE(slice.position, commit->through);
    }
  }
  EXPECT_EQ(at, hub.view->applied());
}

TEST_F(EncoderTest, AMessageIsEncodedOnceForItsChannel) {
  const base::EntityId id = hub.post(hub.id("ann"), hub.channel("crew"), "出发");
  ASSERT_THAT(told(last()), ::testing::Contains("crew: message"));
  EXPECT_EQ(std::count_if(last().slices.begin(), last().slices.end(),
                          [id](const auto& slice) { return slice.message_id == id; }),
            1);
  const auto& slice = last().slices.front();
  EXPECT_EQ(slice.audience, (Audience{Audience::Kind::Channel, hub.channel("crew")}));
  EXPECT_EQ(slice.channel_id, hub.channel("crew"));
  EXPECT_EQ(slice.position, id);
  EXPECT_THAT(last().bells, IsEmpty());
  EXPECT_GT(last().size_bytes(), slice.length);
}

TEST_F(EncoderTest, FlashRingsForTheMembersButTheAuthor) {
  std::string text = "全体撤离\n立即";
  for (int i = 0; i < 100; ++i) text += "火";
  const base::EntityId id =
      hub.run(hub.id("chief"), testing::post(hub.channel("all"), text, v1::PRECEDENCE_FLASH));
  ASSERT_EQ(last().bells.size(), 1u);
  const EncodedCommit::Bell& bell = last().bells[0];
  EXPECT_EQ(bell.audience, (Audience{Audience::Kind::Channel, hub.channel("all")}));
  EXPECT_EQ(bell.except_account_id, hub.id("chief"));
  EXPECT_EQ(bell.bell.id(), id);
  EXPECT_EQ(bell.bell.position(), id);
  EXPECT_EQ(bell.bell.version(), 1u);
  EXPECT_EQ(bell.bell.precedence(), v1::PRECEDENCE_FLASH);
  EXPECT_EQ(bell.bell.channel_id(), hub.channel("all"));
  std::string headline = "全体撤离 立即";
  for (int i = 0; i < 80 - 7; ++i) headline += "火";
  EXPECT_EQ(bell.bell.headline(), headline);
}

TEST_F(EncoderTest, AStoneTakesTheTextAway) {
  const base::EntityId id = hub.post(hub.id("ann"), hub.channel("crew"), "错了");
  v1::Command command;
  command.mutable_retract_message()->set_message_id(id);
  command.mutable_retract_message()->set_reason("written by mistake");
  hub.run(hub.id("ann"), command);
  ASSERT_EQ(last().stones.size(), 1u);
  EXPECT_EQ(last().stones[0].message_id, id);
  EXPECT_EQ(last().stones[0].position, last().slices.front().position);
  EXPECT_EQ(last().slices.front().message_id, 0u);
}

TEST_F(EncoderTest, MovesOfMembersComeWithTheirPosition) {
  const base::EntityId group = hub.make_group("g1", {hub.id("chief"), hub.id("ann")});
  EXPECT_EQ(last().memberships.size(), 2u);
  hub.set_members(group, {hub.id("chief"), hub.id("bob")});
  ASSERT_EQ(last().memberships.size(), 2u);
  for (const auto& move : last().memberships) {
    EXPECT_EQ(move.channel_id, group);
    EXPECT_EQ(move.position, last().through);
    EXPECT_EQ(move.account_id, hub.id(move.joined ? "bob" : "ann"));
  }
  const auto words = told(last());
  EXPECT_THAT(words, ::testing::UnorderedElementsAre("chief: channel", "bob: channel",
                                                     "ann: channel_gone_id"));
  EXPECT_EQ(words.back(), "ann: channel_gone_id");
}

TEST_F(EncoderTest, EndsOfAccessAreTold) {
  v1::Command issue;
  issue.mutable_issue_token()->set_account_id(hub.id("bob"));
  issue.mutable_issue_token()->set_token_hash(std::string(32, 't'));
  const base::EntityId token = hub.run(0, issue);
  EXPECT_THAT(last().slices, IsEmpty());
  v1::Command revoke;
  revoke.mutable_revoke_token()->set_token_id(token);
  hub.run(hub.id("chief"), revoke);
  EXPECT_THAT(last().ended_tokens, ElementsAre(token));
  v1::Command disable;
  *disable.mutable_put_account()->mutable_account() = *hub.view->state().account(hub.id("bob"));
  disable.mutable_put_account()->mutable_account()->set_disabled(true);
  hub.run(hub.id("chief"), disable);
  EXPECT_THAT(last().ended_accounts, ElementsAre(hub.id("bob")));
}

}  // namespace
}  // namespace fenghuo::fanout
