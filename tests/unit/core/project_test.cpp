// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/core/fixture.h"

#include <map>

// Who is told what of a record.
namespace fenghuo::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = core::Audience::Kind;

class ProjectTest : public CoreTest {
 protected:
  struct Told {
    core::Audience audience;
    v1::Update update;
  };

  void listen() {
    center.watch([this](const core::Record& record, const core::Effects& effects) {
      core::project(center.state(), record, effects,
                    [this](const core::Audience& audience, v1::Update&& update) {
                      told.push_back({audience, std::move(update)});
                    });
    });
  }
  // Kinds of rows sent to one account alone, in order.
  std::vector<int> told_to(std::string_view account) const {
    std::vector<int> kinds;
    for (const Told& one : told) {
      if (one.audience == core::Audience{Kind::Account, who(account)}) {
        kinds.push_back(one.update.kind_case());
      }
    }
    return kinds;
  }
  std::vector<v1::Update> later(std::string_view account, base::Position position) const {
    std::vector<v1::Update> updates;
    core::project_later(center.state(), center.decoded(position).record(), who(account),
                        [&](v1::Update&& update) { updates.push_back(std::move(update)); });
    return updates;
  }

  std::vector<Told> told;
};

TEST_F(ProjectTest, AMessageGoesToItsChannelWithItsText) {
  listen();
  ASSERT_TRUE(does("fang", post("fire", "smoke on 3")));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].audience, (core::Audience{Kind::Channel, room("fire")}));
  EXPECT_EQ(told[0].update.message().text(), "smoke on 3");
  EXPECT_EQ(told[0].update.message().revision(), center.state().position());
  EXPECT_EQ(told[0].update.position(), center.state().position());
  EXPECT_EQ(told[0].update.time_us(), center.now());
}

TEST_F(ProjectTest, WhoJoinsIsGivenTheWholeChannelAndWhoLeavesOnlyThatItIsGone) {
  ASSERT_TRUE(does("fang", post("fire", "before")));
  listen();
  ASSERT_TRUE(does("hub", appoint("nobody", {"fire/crew"})));
  EXPECT_THAT(told_to("nobody"), Each(v1::Update::kChannel));
  EXPECT_FALSE(told_to("nobody").empty());
  told.clear();
  ASSERT_TRUE(does("hub", appoint("nobody", {})));
  const std::vector<int> kinds = told_to("nobody");
  ASSERT_GE(kinds.size(), 2u);
  EXPECT_EQ(kinds.back(), v1::Update::kChannelGoneId);
  told.clear();
  ASSERT_TRUE(does("fang", post("fire", "after")));
  EXPECT_THAT(told_to("nobody"), IsEmpty());
}

TEST_F(ProjectTest, AGrantGainedOpensAnnouncementChannels) {
  listen();
  ASSERT_TRUE(does("hub", appoint("nobody", {"eoc/chief"})));
  bool can_post = false;
  for (const Told& one : told) {
    if (one.update.channel().channel().id() == room("news")) {
      can_post = one.update.channel().can_post();
    }
  }
  EXPECT_TRUE(can_post);
}

TEST_F(ProjectTest, ARoleNamedIsCountedForItsHolders) {
  listen();
  v1::Command command = post("fire", "crew!");
  command.mutable_post_message()->add_mentions()->set_role_id(post_of("fire/crew"));
  ASSERT_TRUE(does("fang", command));
  EXPECT_THAT(told_to("fei"), ElementsAre(v1::Update::kCursor));
  EXPECT_THAT(told_to("guest"), IsEmpty());
}

TEST_F(ProjectTest, DirectoryRowsComeInTwoRenderingsAndContactsForStaffOnly) {
  listen();
  v1::Plan changed = plan();
  changed.mutable_accounts(2)->mutable_name()->set_en("Fang Wei");
  changed.mutable_contacts(0)->mutable_name()->set_en("Chemical plant");
  v1::Command command;
  *command.mutable_apply_plan()->mutable_plan() = changed;
  ASSERT_TRUE(center.submit(0, command));
  int accounts = 0;
  for (const Told& one : told) {
    EXPECT_FALSE(one.update.has_contact() && one.audience.kind != Kind::Staff);
    if (!one.update.has_account()) continue;
    ++accounts;
    EXPECT_EQ(one.update.account().phones_size(), one.audience.kind == Kind::Staff ? 1 : 0);
  }
  EXPECT_EQ(accounts, 2);
}

TEST_F(ProjectTest, CredentialsTokensAndProposalsAreToldToNobody) {
  const auto posted = does("fang", post("eoc", "x"));
  listen();
  v1::Command password;
  password.mutable_set_credential()->set_account_id(who("fang"));
  password.mutable_set_credential()->set_password_hash("$argon2id$secret");
  ASSERT_TRUE(does("fang", password));
  v1::Command token;
  token.mutable_issue_token()->set_account_id(who("fang"));
  token.mutable_issue_token()->set_token_hash(std::string(32, 't'));
  ASSERT_TRUE(does("fang", token));
  ASSERT_TRUE(does("chief", propose_redaction(posted->id())));
  EXPECT_TRUE(told.empty());
}

TEST_F(ProjectTest, CatchingUpShowsAStoneWhereTheTextWasTakenBackSince) {
  const auto posted = does("fang", post("fire", "wrong name"));
  ASSERT_TRUE(posted);
  ASSERT_TRUE(does("fang", edit(posted->id(), 1, v1::EDIT_KIND_CORRECTION, "other name")));
  const base::Position edited = center.state().position();
  EXPECT_EQ(later("fei", posted->id()).at(0).message().text(), "wrong name")
      << "each record as it made the message";
  EXPECT_EQ(later("fei", posted->id()).at(0).message().version(), 1u);
  EXPECT_EQ(later("fei", edited).at(0).message().text(), "other name");
  ASSERT_TRUE(does("fang", retract(posted->id(), "wrong person")));
  for (const base::Position at : {posted->id(), edited}) {
    const v1::Message message = later("fei", at).at(0).message();
    EXPECT_EQ(message.text(), "");
    EXPECT_TRUE(message.has_stone());
    EXPECT_EQ(message.revision(), at);
  }
  EXPECT_EQ(later("fei", center.state().position()).at(0).message().stone().reason(),
            "wrong person");
}

TEST_F(ProjectTest, CatchingUpTellsNothingOfAChannelLeftButThatItIsGone) {
  ASSERT_TRUE(does("hub", appoint("nobody", {"fire/crew"})));
  const auto posted = does("fang", post("fire", "for nobody's eyes"));
  ASSERT_TRUE(does("hub", appoint("nobody", {})));
  const base::Position left = center.state().position();
  EXPECT_THAT(later("nobody", posted->id()), IsEmpty());
  std::vector<base::EntityId> gone;
  for (const v1::Update& one : later("nobody", left)) {
    if (one.channel_gone_id() != 0) gone.push_back(one.channel_gone_id());
    EXPECT_FALSE(one.has_channel() && one.channel().channel().id() == room("fire"));
  }
  EXPECT_THAT(gone, ::testing::Contains(room("fire")));
  EXPECT_THAT(later("shui", posted->id()), IsEmpty());
}

}  // namespace
}  // namespace fenghuo::testing
