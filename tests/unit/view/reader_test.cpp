// SPDX-License-Identifier: Apache-2.0
#include "hub/view/reader.h"

#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "tests/unit/view/view_rig.h"

#include <gtest/gtest.h>

#include <optional>

namespace fenghuo::view {
namespace {

class ReaderTest : public ::testing::Test {
 protected:
  ReaderTest() : ann(hub.id("ann")), bob(hub.id("bob")), all(hub.channel("all")) {}

  v1::QueryResult history(base::EntityId account, base::EntityId channel, std::uint64_t before = 0,
                          std::uint32_t limit = 0, base::EntityId thread = 0) {
    v1::Query query;
    v1::HistoryQuery& history = *query.mutable_history();
    history.set_channel_id(channel);
    history.set_before_seq(before);
    history.set_limit(limit);
    history.set_thread_root_id(thread);
    return hub.query(account, query);
  }
  v1::QueryResult history_after(base::EntityId account, base::EntityId channel, std::uint64_t after,
                                std::uint32_t limit = 0) {
    v1::Query query;
    v1::HistoryQuery& history = *query.mutable_history();
    history.set_channel_id(channel);
    history.set_after_seq(after);
    history.set_limit(limit);
    return hub.query(account, query);
  }
  v1::QueryResult message(base::EntityId account, base::EntityId id) {
    v1::Query query;
    query.mutable_message()->set_message_id(id);
    return hub.query(account, query);
  }
  static std::string texts(const v1::QueryResult& result) {
    if (!result.has_history()) return "refused";
    std::string joined;
    for (const v1::Message& row : result.history().messages()) {
      joined += (joined.empty() ? "" : " ") + row.text();
    }
    return joined;
  }
  base::EntityId post_flash_edit(base::EntityId id, std::string text) {
    v1::Command command;
    v1::EditMessage& edit = *command.mutable_edit_message();
    edit.set_message_id(id);
    edit.set_seen_version(1);
    edit.set_kind(v1::EDIT_KIND_CORRECTION);
    edit.set_text(std::move(text));
    return hub.run(ann, command).id();
  }
  void retract(base::EntityId by, base::EntityId id) {
    v1::Command command;
    command.mutable_retract_message()->set_message_id(id);
    command.mutable_retract_message()->set_reason("wrong place");
    hub.run(by, command);
  }

  ViewRig hub;
  const base::EntityId ann;
  const base::EntityId bob;
  const base::EntityId all;
};

TEST_F(ReaderTest, HistoryIsReadFromTheNewestBackwards) {
  for (const char* text : {"a", "b", "c", "d", "e"}) hub.post(ann, all, text);
  EXPECT_EQ(texts(history(bob, all)), "a b c d e");
  v1::QueryResult page = history(bob, all, 0, 2);
  EXPECT_EQ(texts(page), "d e");
  EXPECT_TRUE(page.history().more());
  EXPECT_EQ(page.position(), hub.view->applied());
  page = history(bob, all, 4, 2);
  EXPECT_EQ(texts(page), "b c");
  EXPECT_TRUE(page.history().more());
  page = history(bob, all, 2, 2);
  EXPECT_EQ(texts(page), "a");
  EXPECT_FALSE(page.history().more());
  EXPECT_EQ(texts(history(bob, all, 1)), "");
  EXPECT_EQ(texts(history(bob, all, 1'000)), "a b c d e");
}

TEST_F(ReaderTest, HistoryIsReadForwards) {
  for (const char* text : {"a", "b", "c", "d", "e"}) hub.post(ann, all, text);
  v1::QueryResult page = history_after(bob, all, 0, 3);
  EXPECT_EQ(texts(page), "a b c");
  EXPECT_TRUE(page.history().more());
  page = history_after(bob, all, 3, 3);
  EXPECT_EQ(texts(page), "d e");
  EXPECT_FALSE(page.history().more());
  EXPECT_EQ(texts(history_after(bob, all, 5)), "");
  EXPECT_EQ(texts(history_after(bob, all, UINT64_MAX)), "");
}

TEST_F(ReaderTest, APageIsBounded) {
  for (std::uint32_t i = 0; i < base::limits::history_page_max + 5; ++i) hub.post(ann, all, "x");
  EXPECT_EQ(history(bob, all, 0, 1'000'000).history().messages_size(),
            static_cast<int>(base::limits::history_page_max));
  EXPECT_EQ(history(bob, all).history().messages_size(),
            static_cast<int>(base::limits::history_page_default));
}

TEST_F(ReaderTest, WhatMayNotBeSeenAnswersLikeWhatIsNotThere) {
  const base::EntityId news = hub.channel("news");
  const base::EntityId id = hub.post(ann, news, "for two").id();
  const v1::QueryResult hidden = history(bob, news);
  const v1::QueryResult missing = history(bob, 123'456);
  EXPECT_EQ(hidden.refused().code(), v1::ERROR_CODE_NOT_FOUND);
  EXPECT_EQ(hidden.refused().SerializeAsString(), missing.refused().SerializeAsString());
  EXPECT_EQ(message(bob, id).refused().SerializeAsString(),
            message(bob, 123'456).refused().SerializeAsString());
  EXPECT_EQ(history(bob, news, 0, 0, id).refused().SerializeAsString(),
            history(bob, news, 0, 0, 123'456).refused().SerializeAsString());
}

TEST_F(ReaderTest, AnEndedAccountReadsNothing) {
  const base::EntityId guest = hub.id("guest");
  hub.post(ann, all, "text");
  EXPECT_EQ(texts(history(guest, all)), "text");
  hub.rig.now = testing::guest_until;
  EXPECT_EQ(history(guest, all).refused().code(), v1::ERROR_CODE_ACCESS_EXPIRED);
}

TEST_F(ReaderTest, AThreadReadsAsItsRootAndReplies) {
  const base::EntityId root = hub.post(ann, all, "root").id();
  hub.post(bob, all, "between");
  for (const char* text : {"r1", "r2"}) {
    v1::Command reply = testing::post(all, text);
    reply.mutable_post_message()->set_thread_root_id(root);
    hub.run(bob, reply);
  }
  EXPECT_EQ(texts(history(ann, all, 0, 0, root)), "root r1 r2");
  const v1::QueryResult page = history(ann, all, 4, 1, root);
  EXPECT_EQ(texts(page), "r1");
  EXPECT_TRUE(page.history().more());
}

TEST_F(ReaderTest, StonesShowTheirReasonAndNoText) {
  const base::EntityId id = hub.post(ann, all, "secret").id();
  retract(ann, id);
  const v1::QueryResult page = history(bob, all);
  ASSERT_EQ(page.history().messages_size(), 1);
  EXPECT_EQ(page.history().messages(0).text(), "");
  EXPECT_EQ(page.history().messages(0).stone().reason(), "wrong place");
  EXPECT_EQ(message(bob, id).ShortDebugString().find("secret"), std::string::npos);
}

TEST_F(ReaderTest, AMessageHasItsVersionsAndForItsAuthorReceipts) {
  const base::EntityId id =
      hub.run(ann, testing::post(all, "first", v1::PRECEDENCE_IMMEDIATE)).id();
  post_flash_edit(id, "second");
  const v1::QueryResult own = message(ann, id);
  ASSERT_EQ(own.message().versions_size(), 2);
  EXPECT_EQ(own.message().versions(0).text(), "first");
  EXPECT_EQ(own.message().versions(1).text(), "second");
  EXPECT_EQ(own.message().versions(1).kind(), v1::EDIT_KIND_CORRECTION);
  EXPECT_EQ(own.message().message().text(), "second");
  EXPECT_GT(own.message().receipts_size(), 0);
  const v1::QueryResult others = message(bob, id);
  EXPECT_EQ(others.message().versions_size(), 2);
  EXPECT_EQ(others.message().receipts_size(), 0);
}

TEST_F(ReaderTest, AFreshSnapshotCanBeAskedFor) {
  v1::Query query;
  query.mutable_snapshot();
  const v1::QueryResult result = hub.query(bob, query);
  EXPECT_EQ(result.snapshot().channels_size(), 2);
}

TEST_F(ReaderTest, AnUnknownQueryAndAFullPoolAreRefused) {
  EXPECT_EQ(hub.query(bob, {}).refused().code(), v1::ERROR_CODE_UNKNOWN_KIND);
  const base::EntityId id = hub.post(ann, all, "text").id();
  hub.pool.full = true;
  EXPECT_EQ(history(bob, all).refused().code(), v1::ERROR_CODE_OVERLOADED);
  EXPECT_EQ(message(bob, id).refused().code(), v1::ERROR_CODE_OVERLOADED);
  EXPECT_GT(message(bob, id).refused().retry_after_ms(), 0U);
}

TEST_F(ReaderTest, ABlobIsReadByItsOwnerAndByReadersOfAMessage) {
  const base::Hash hash = *hub.rig.store->blobs().put("picture", ann, hub.rig.now);
  const auto read = [&](base::EntityId account) {
    std::optional<base::Result<std::string>> bytes;
    hub.reader->blob(account, hash, [&bytes](base::Result<std::string> got) { bytes = got; });
    hub.settle();
    return *bytes;
  };
  EXPECT_EQ(*read(ann), "picture");
  EXPECT_EQ(read(bob).error().code(), v1::ERROR_CODE_NOT_FOUND);
  v1::Command command = testing::post(all, "look");
  v1::Attachment& attachment = *command.mutable_post_message()->add_attachments();
  attachment.set_hash(base::to_bytes(hash));
  attachment.set_name("picture.png");
  attachment.set_media_type("image/png");
  attachment.set_size_bytes(7);
  const base::EntityId id = hub.run(ann, command).id();
  EXPECT_EQ(*read(bob), "picture");
  // Referred to: kept.
  EXPECT_EQ(*hub.rig.store->blobs().remove_unreferenced(hub.rig.now + 1), 0U);
  retract(ann, id);
  EXPECT_EQ(read(bob).error().code(), v1::ERROR_CODE_NOT_FOUND);
}

}  // namespace
}  // namespace fenghuo::view
