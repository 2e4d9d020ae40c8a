// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "tests/unit/core/fixture.h"

// Rules 1 and 2: posting, versions, stones, redaction by two persons.
namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;

class MessagingTest : public CoreTest {
 protected:
  base::EntityId said(std::string_view account, std::string_view channel_key,
                      const std::string& text) {
    const auto done = does(account, post(channel_key, text));
    FENGHUO_CHECK(done.has_value());
    return done->id();
  }
  core::MessageRef seen_by(std::string_view account, base::EntityId message_id) const {
    const auto ref = core::message_for(center.state(), message_id, who(account));
    FENGHUO_CHECK(ref.has_value());
    return *ref;
  }
};

TEST_F(MessagingTest, MessagesAreNumberedWithoutGapInTheirChannel) {
  EXPECT_EQ(does("fang", post("fire", "one"))->seq(), 1u);
  EXPECT_EQ(does("chief", post("eoc", "elsewhere"))->seq(), 1u);
  const auto done = does("fei", post("fire", "two"));
  EXPECT_EQ(done->seq(), 2u);
  EXPECT_EQ(done->version(), 1u);
  EXPECT_EQ(done->id(), center.state().position());
  EXPECT_EQ(center.state().place_of(done->id())->seq, 2u);
}

TEST_F(MessagingTest, TheTextLiesInTheBodyAndTheEventHoldsItsHash) {
  const base::EntityId id = said("fang", "fire", "名单");
  const CoreCenter::Stored& stored = center.log()[id - 1];
  EXPECT_EQ(stored.event.find("名单"), std::string::npos);
  EXPECT_EQ(center.decoded(id).body->text(), "名单");
  EXPECT_EQ(center.decoded(id).event.body_hash(), base::to_bytes(base::sha256({stored.body})));
  EXPECT_EQ(stored.body.substr(0, 1), stored.body.substr(15, 1)) << "the salt stands first";
}

TEST_F(MessagingTest, WhatOneMayNotSeeAnswersAsIfItDidNotExist) {
  const base::EntityId id = said("fang", "fire", "secret");
  const auto wire = [&](const v1::Command& command) {
    const auto result = does("shui", command);
    EXPECT_THAT(result, IsRefused(v1::ERROR_CODE_NOT_FOUND));
    return result.error().to_wire().SerializeAsString();
  };
  v1::Command missing = post("fire", "?");
  missing.mutable_post_message()->set_channel_id(999'999);
  EXPECT_EQ(wire(post("fire", "?")), wire(missing));
  EXPECT_EQ(wire(edit(id, 1, v1::EDIT_KIND_CHANGE, "?")),
            wire(edit(999'999, 1, v1::EDIT_KIND_CHANGE, "?")));
  EXPECT_EQ(wire(retract(id)), wire(retract(999'999)));
  EXPECT_EQ(wire(acknowledge(id, 1)), wire(acknowledge(999'999, 1)));
  EXPECT_EQ(wire(propose_redaction(id)), wire(propose_redaction(999'999)));
  v1::Command thread = post("eoc", "?");
  thread.mutable_post_message()->set_thread_root_id(id);
  v1::Command no_thread = post("eoc", "?");
  no_thread.mutable_post_message()->set_thread_root_id(999'999);
  EXPECT_EQ(wire(thread), wire(no_thread));
  v1::Command read = read_to("fire", 1);
  v1::Command read_missing = read;
  read_missing.mutable_advance_cursor()->set_channel_id(999'999);
  EXPECT_EQ(wire(read), wire(read_missing));
}

TEST_F(MessagingTest, FlashNeedsTheGrant) {
  EXPECT_THAT(does("fang", post("fire", "!", v1::PRECEDENCE_FLASH)),
              IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_TRUE(does("chief", post("eoc", "!", v1::PRECEDENCE_FLASH)));
  EXPECT_TRUE(core::is_urgent(
      center.state(), center.envelope(who("chief"), post("eoc", "!", v1::PRECEDENCE_FLASH))));
  EXPECT_FALSE(core::is_urgent(
      center.state(), center.envelope(who("fang"), post("eoc", "!", v1::PRECEDENCE_FLASH))));
  EXPECT_FALSE(core::is_urgent(
      center.state(), center.envelope(who("chief"), post("eoc", "!", v1::PRECEDENCE_IMMEDIATE))));
}

TEST_F(MessagingTest, AnnouncementsNeedTheGrant) {
  const auto refused = does("fang", post("news", "!"));
  ASSERT_THAT(refused, IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(refused.error().params(), ElementsAre(std::pair("verb", "announce"),
                                                    std::pair("missing", "no role grants it")));
  EXPECT_TRUE(does("chief", post("news", "storm tonight")));
}

TEST_F(MessagingTest, OneActsOnlyInARoleOneIsAppointedTo) {
  v1::Command command = post("eoc", "as liaison");
  command.set_acting_role_id(post_of("fire/liaison"));
  const auto done = does("fang", command);
  ASSERT_TRUE(done);
  EXPECT_EQ(seen_by("chief", done->id()).message.role_id(), post_of("fire/liaison"));
  EXPECT_THAT(does("shui", command), IsRefused(v1::ERROR_CODE_FORBIDDEN));
}

TEST_F(MessagingTest, AnArchivedChannelTakesNothingNew) {
  v1::Plan changed = plan();
  v1::Command create;
  create.mutable_create_channel()->set_key("smoke");
  create.mutable_create_channel()->set_kind(v1::Channel::KIND_INCIDENT);
  create.mutable_create_channel()->mutable_name()->set_en("Smoke");
  ASSERT_TRUE(does("chief", create));
  const base::EntityId id = said("chief", "smoke", "seen");
  v1::Command archive;
  archive.mutable_change_channel()->set_channel_id(room("smoke"));
  archive.mutable_change_channel()->set_seen_revision(
      center.state().channel_by_key("smoke")->revision());
  archive.mutable_change_channel()->set_archived(true);
  ASSERT_TRUE(does("chief", archive));
  EXPECT_THAT(does("chief", post("smoke", "?")), IsRefused(v1::ERROR_CODE_ARCHIVED));
  EXPECT_THAT(does("chief", edit(id, 1, v1::EDIT_KIND_CHANGE, "?")),
              IsRefused(v1::ERROR_CODE_ARCHIVED));
  EXPECT_TRUE(does("chief", retract(id))) << "taking back stays possible";
}

TEST_F(MessagingTest, TextsAttachmentsAndMentionsHaveLimits) {
  const auto code = [&](const v1::Command& command, v1::ErrorCode expected, const char* field) {
    const auto result = does("fang", command);
    EXPECT_THAT(result, IsRefused(expected));
    EXPECT_EQ(result.error().field(), field);
  };
  code(post("fire", ""), v1::ERROR_CODE_BAD_ARGUMENT, "post_message.text");
  EXPECT_TRUE(does("fang", post("fire", std::string(base::limits::message_text_bytes_max, 'x'))));
  code(post("fire", std::string(base::limits::message_text_bytes_max + 1, 'x')),
       v1::ERROR_CODE_TOO_LARGE, "post_message.text");
  code(post("fire", "\xff"), v1::ERROR_CODE_BAD_UTF8, "post_message.text");
  v1::Command many = post("fire", "x");
  for (std::size_t i = 0; i < base::limits::mentions_max; ++i) {
    many.mutable_post_message()->add_mentions()->set_everyone(true);
  }
  EXPECT_TRUE(does("fang", many));
  many.mutable_post_message()->add_mentions()->set_everyone(true);
  code(many, v1::ERROR_CODE_TOO_LARGE, "post_message.mentions");
  v1::Command nobody = post("fire", "x");
  nobody.mutable_post_message()->add_mentions()->set_account_id(999'999);
  code(nobody, v1::ERROR_CODE_NOT_FOUND, "post_message.mentions");
  v1::Command file = post("fire", "");
  auto& attachment = *file.mutable_post_message()->add_attachments();
  attachment.set_hash("short");
  attachment.set_name("map.png");
  code(file, v1::ERROR_CODE_BAD_ARGUMENT, "post_message.attachments.hash");
  attachment.set_hash(std::string(32, 'h'));
  EXPECT_TRUE(does("fang", file)) << "an attachment needs no text";
}

TEST_F(MessagingTest, AThreadHangsOnAMessageOfTheMainTimeline) {
  const base::EntityId root = said("fang", "fire", "root");
  v1::Command reply = post("fire", "reply");
  reply.mutable_post_message()->set_thread_root_id(root);
  const auto done = does("fei", reply);
  ASSERT_TRUE(done);
  EXPECT_EQ(seen_by("fang", done->id()).message.thread_root_id(), root);
  reply.mutable_post_message()->set_thread_root_id(done->id());
  EXPECT_THAT(does("fei", reply), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(MessagingTest, AnEditIsANewVersionAndTheEarlierStays) {
  const base::EntityId id = said("fang", "fire", "at 5");
  EXPECT_THAT(does("fei", edit(id, 1, v1::EDIT_KIND_CORRECTION, "at 6")),
              IsRefused(v1::ERROR_CODE_FORBIDDEN));
  const auto done = does("fang", edit(id, 1, v1::EDIT_KIND_CORRECTION, "at 6"));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->version(), 2u);
  const auto stale = does("fang", edit(id, 1, v1::EDIT_KIND_CORRECTION, "at 7"));
  ASSERT_THAT(stale, IsRefused(v1::ERROR_CODE_STALE_REVISION));
  EXPECT_THAT(stale.error().params(), ElementsAre(std::pair("current", "2")));
  const core::MessageRef ref = seen_by("fei", id);
  EXPECT_EQ(ref.message.version(), 2u);
  EXPECT_EQ(ref.message.last_edit(), v1::EDIT_KIND_CORRECTION);
  EXPECT_EQ(ref.text_position, center.state().position());
  EXPECT_EQ(center.state().versions(id).size(), 2u);
  EXPECT_EQ(center.state().versions(id)[0].position, id);
  EXPECT_THAT(does("fang", edit(id, 2, v1::EDIT_KIND_UNSPECIFIED, "?")),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(MessagingTest, VersionsHaveALimit) {
  const base::EntityId id = said("fang", "fire", "v1");
  for (std::uint32_t version = 1; version < base::limits::versions_max; ++version) {
    ASSERT_TRUE(does("fang", edit(id, version, v1::EDIT_KIND_CORRECTION, "again")));
  }
  EXPECT_THAT(does("fang", edit(id, base::limits::versions_max, v1::EDIT_KIND_CORRECTION, "?")),
              IsRefused(v1::ERROR_CODE_LIMIT_REACHED));
}

TEST_F(MessagingTest, ARetractedMessageLeavesAStoneWithItsReason) {
  const base::EntityId id = said("fang", "fire", "wrong");
  EXPECT_THAT(does("fei", retract(id)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("fang", retract(id, "")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  ASSERT_TRUE(does("fang", retract(id)));
  const core::MessageRef ref = seen_by("fei", id);
  EXPECT_EQ(ref.message.stone().kind(), v1::Message::Stone::KIND_RETRACTED);
  EXPECT_EQ(ref.message.stone().by_id(), who("fang"));
  EXPECT_EQ(ref.text_position, 0u) << "no text of any version is read again";
  EXPECT_EQ(center.decoded(ref.reason_position).body->reason(), "wrong place");
  EXPECT_FALSE(center.log()[id - 1].body.empty()) << "the record itself keeps it";
  EXPECT_THAT(does("fang", retract(id)), IsRefused(v1::ERROR_CODE_RETRACTED));
  EXPECT_THAT(does("fang", edit(id, 1, v1::EDIT_KIND_CHANGE, "?")),
              IsRefused(v1::ERROR_CODE_RETRACTED));
}

TEST_F(MessagingTest, AModeratorRetractsForOthers) {
  const base::EntityId id = said("fang", "eoc", "rude");
  ASSERT_TRUE(does("chief", retract(id)));
  EXPECT_EQ(seen_by("fang", id).message.stone().by_id(), who("chief"));
}

class RedactionTest : public MessagingTest {
 protected:
  v1::Command hold(bool held) const {
    v1::Command command;
    command.mutable_set_legal_hold()->set_channel_id(room("eoc"));
    command.mutable_set_legal_hold()->set_held(held);
    command.mutable_set_legal_hold()->set_reason("court order 12");
    return command;
  }
};

TEST_F(RedactionTest, TwoPersonsErase) {
  const base::EntityId id = said("fang", "eoc", "name of the witness");
  ASSERT_TRUE(does("fang", edit(id, 1, v1::EDIT_KIND_CORRECTION, "full name of the witness")));
  const base::Position edited = center.state().position();
  EXPECT_THAT(does("fang", propose_redaction(id)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  const auto proposal = does("chief", propose_redaction(id));
  ASSERT_TRUE(proposal);
  EXPECT_THAT(does("chief", confirm_redaction(proposal->id())),
              IsRefused(v1::ERROR_CODE_SAME_PERSON));
  EXPECT_FALSE(seen_by("fei", id).message.has_stone()) << "one person erases nothing";
  std::vector<base::Position> erased;
  center.watch([&](const core::Record&, const core::Effects& effects) { erased = effects.erased; });
  ASSERT_TRUE(does("second", confirm_redaction(proposal->id())));
  EXPECT_THAT(erased, ElementsAre(id, edited));
  const v1::Message::Stone stone = seen_by("fei", id).message.stone();
  EXPECT_EQ(stone.kind(), v1::Message::Stone::KIND_REDACTED);
  EXPECT_EQ(stone.by_id(), who("chief"));
  EXPECT_EQ(stone.confirmed_by_id(), who("second"));
  EXPECT_EQ(stone.reason(), "identity data");
  EXPECT_THAT(does("chief", propose_redaction(id)), IsRefused(v1::ERROR_CODE_RETRACTED));
}

TEST_F(RedactionTest, ARetractedMessagesReasonIsErasedWithIt) {
  const base::EntityId id = said("fang", "eoc", "secret");
  ASSERT_TRUE(does("fang", retract(id, "should not have said: secret")));
  const base::Position retracted = center.state().position();
  const auto proposal = does("chief", propose_redaction(id));
  ASSERT_TRUE(proposal);
  ASSERT_TRUE(does("second", confirm_redaction(proposal->id())));
  EXPECT_TRUE(center.log()[id - 1].body.empty());
  EXPECT_TRUE(center.log()[retracted - 1].body.empty());
  EXPECT_EQ(seen_by("fei", id).reason_position, 0u);
}

TEST_F(RedactionTest, ALegalHoldForbidsIt) {
  const base::EntityId id = said("fang", "eoc", "evidence");
  const auto proposal = does("chief", propose_redaction(id));
  ASSERT_TRUE(proposal);
  EXPECT_THAT(does("fang", hold(true)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("chief", hold(true)));
  EXPECT_TRUE(core::channel_state_for(center.state(), room("eoc"), who("fei")).legal_hold());
  EXPECT_THAT(does("second", confirm_redaction(proposal->id())),
              IsRefused(v1::ERROR_CODE_LEGAL_HOLD));
  EXPECT_THAT(does("second", propose_redaction(id)), IsRefused(v1::ERROR_CODE_LEGAL_HOLD));
  ASSERT_TRUE(does("chief", hold(false)));
  EXPECT_TRUE(does("second", confirm_redaction(proposal->id())));
}

TEST_F(RedactionTest, AProposalLapses) {
  const base::EntityId id = said("fang", "eoc", "x");
  const auto proposal = does("chief", propose_redaction(id));
  ASSERT_TRUE(proposal);
  const auto before = center.log().size();
  center.advance(base::limits::redaction_window_default_us - 1);
  // The guest's access ended meanwhile; the proposal stands for one more microsecond.
  EXPECT_EQ(core::next_deadline(center.state()), center.now() + 1);
  center.advance(1);
  EXPECT_TRUE(center.decoded(center.log().size()).event.has_redaction_lapsed());
  EXPECT_GT(center.log().size(), before);
  EXPECT_THAT(does("second", confirm_redaction(proposal->id())),
              IsRefused(v1::ERROR_CODE_NOT_FOUND));
}

TEST_F(MessagingTest, ABlobIsReadableThroughACurrentMessageOnly) {
  const std::string hash(32, 'h');
  v1::Command command = post("fire", "map");
  auto& file = *command.mutable_post_message()->add_attachments();
  file.set_hash(hash);
  file.set_name("map.png");
  const auto done = does("fang", command);
  ASSERT_TRUE(done);
  EXPECT_TRUE(core::may_read_blob(center.state(), hash, who("fei")));
  EXPECT_FALSE(core::may_read_blob(center.state(), hash, who("shui")));
  EXPECT_FALSE(core::may_read_blob(center.state(), std::string(32, 'z'), who("fei")));
  ASSERT_TRUE(does("fang", edit(done->id(), 1, v1::EDIT_KIND_CORRECTION, "no map")));
  EXPECT_FALSE(core::may_read_blob(center.state(), hash, who("fei")));
  const auto again = does("fang", command);
  ASSERT_TRUE(again);
  ASSERT_TRUE(does("fang", retract(again->id())));
  EXPECT_FALSE(core::may_read_blob(center.state(), hash, who("fei")));
}

TEST_F(MessagingTest, SinceJoiningHidesWhatWasBefore) {
  const base::EntityId before = said("fei", "late", "before");
  ASSERT_TRUE(does("hub", appoint("nobody", {"fire/crew"})));
  const base::EntityId after = said("fei", "late", "after");
  EXPECT_FALSE(core::message_for(center.state(), before, who("nobody")));
  EXPECT_TRUE(core::message_for(center.state(), after, who("nobody")));
  // An edit of the earlier message is not shown to him either.
  std::vector<core::Audience> told;
  center.watch([&](const core::Record& record, const core::Effects& effects) {
    core::project(center.state(), record, effects,
                  [&](const core::Audience& audience, v1::Update&& update) {
                    if (update.has_message()) told.push_back(audience);
                  });
  });
  ASSERT_TRUE(does("fei", edit(before, 1, v1::EDIT_KIND_CHANGE, "secret")));
  EXPECT_THAT(told, ::testing::UnorderedElementsAre(
                        core::Audience{core::Audience::Kind::Account, who("fei")},
                        core::Audience{core::Audience::Kind::Account, who("sensor")}));
}

}  // namespace
}  // namespace fenghuo::testing
