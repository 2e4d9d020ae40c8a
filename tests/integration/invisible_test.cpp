// SPDX-License-Identifier: Apache-2.0
// What one may not see answers, to the last byte, like what is not there.
#include "hub/base/sha256.h"
#include "tests/integration/real_hub.h"

#include <gmock/gmock.h>

namespace fenghuo::testing {
namespace {

constexpr base::EntityId nothing = 987'654;

class Invisible : public RealHub {
 protected:
  void SetUp() override {
    RealHub::SetUp();
    start();
    ann_ = session("ann");
    v1::Command secret = post("the secret of pump 3");
    secret.mutable_post_message()->set_ask_receipt(true);
    auto* attachment = secret.mutable_post_message()->add_attachments();
    const std::string content = "a plan";
    ASSERT_EQ(http_as(tokens_.at("ann"), port(), "PUT", "/v1/blobs", content).status, 201);
    hash_ = base::sha256({content});
    attachment->set_hash(base::to_bytes(hash_));
    attachment->set_name("plan.pdf");
    attachment->set_media_type("application/pdf");
    attachment->set_size_bytes(content.size());
    ann_->submit(1, secret);
    const auto posted = ann_->reply(1);
    ASSERT_TRUE(posted && posted->has_done()) << posted->refused().message();
    message_ = posted->done().id();
    v1::Command proposal;
    proposal.mutable_propose_redaction()->set_message_id(message_);
    proposal.mutable_propose_redaction()->set_rule("privacy");
    proposal.mutable_propose_redaction()->set_reason("a name");
    ann_->submit(2, proposal);
    const auto proposed = ann_->reply(2);
    ASSERT_TRUE(proposed && proposed->has_done()) << proposed->refused().message();
    proposal_ = proposed->done().id();
  }

  // Every command that names a channel, a message or a proposal, naming these.
  static std::vector<v1::Command> commands(base::EntityId channel, base::EntityId message,
                                           base::EntityId proposal) {
    std::vector<v1::Command> all;
    const auto add = [&all]() -> v1::Command& { return all.emplace_back(); };
    auto& post = *add().mutable_post_message();
    post.set_channel_id(channel);
    post.set_text("let me in");
    auto& reply = *add().mutable_post_message();
    reply.set_channel_id(channel);
    reply.set_thread_root_id(message);
    reply.set_text("let me in");
    auto& edit = *add().mutable_edit_message();
    edit.set_message_id(message);
    edit.set_seen_version(1);
    edit.set_kind(v1::EDIT_KIND_CORRECTION);
    edit.set_text("mine");
    auto& retract = *add().mutable_retract_message();
    retract.set_message_id(message);
    retract.set_reason("mine");
    auto& acknowledge = *add().mutable_acknowledge_message();
    acknowledge.set_message_id(message);
    acknowledge.set_version(1);
    add().mutable_mark_delivered()->add_message_ids(message);
    auto& cursor = *add().mutable_advance_cursor();
    cursor.set_channel_id(channel);
    cursor.set_seq(1);
    auto& thread = *add().mutable_advance_cursor();
    thread.set_channel_id(channel);
    thread.set_thread_root_id(message);
    thread.set_seq(1);
    auto& propose = *add().mutable_propose_redaction();
    propose.set_message_id(message);
    propose.set_rule("privacy");
    propose.set_reason("mine");
    add().mutable_confirm_redaction()->set_proposal_id(proposal);
    auto& change = *add().mutable_change_channel();
    change.set_channel_id(channel);
    change.set_seen_revision(1);
    change.set_topic("mine");
    auto& hold = *add().mutable_set_legal_hold();
    hold.set_channel_id(channel);
    hold.set_held(true);
    hold.set_reason("mine");
    return all;
  }
  static std::vector<v1::Query> queries(base::EntityId channel, base::EntityId message) {
    std::vector<v1::Query> all(4);
    all[0].mutable_history()->set_channel_id(channel);
    all[1].mutable_history()->set_channel_id(channel);
    all[1].mutable_history()->set_thread_root_id(message);
    all[2].mutable_message()->set_message_id(message);
    all[3].mutable_search()->set_text("secret");
    all[3].mutable_search()->set_channel_id(channel);
    return all;
  }

  std::unique_ptr<Line> ann_;
  base::Hash hash_{};
  base::EntityId message_ = 0;
  base::EntityId proposal_ = 0;
};

TEST_F(Invisible, CommandsOnThem) {
  const auto den = session("den");
  const auto there = commands(ops_, message_, proposal_);
  const auto missing = commands(nothing, nothing, nothing);
  ASSERT_EQ(there.size(), missing.size());
  std::uint64_t n = 0;
  for (std::size_t i = 0; i < there.size(); ++i) {
    SCOPED_TRACE(there[i].ShortDebugString());
    den->submit(++n, there[i]);
    v1::Reply first = den->reply(n).value();
    den->submit(++n, missing[i]);
    v1::Reply second = den->reply(n).value();
    first.clear_n();
    second.clear_n();
    EXPECT_EQ(first.DebugString(), second.DebugString());
    // A client may report as delivered what has meanwhile gone: nobody learns more by it.
    if (!there[i].has_mark_delivered()) {
      EXPECT_EQ(first.refused().code(), v1::ERROR_CODE_NOT_FOUND) << first.DebugString();
    }
  }
  EXPECT_TRUE(hub_->wait_for_line("a command of account " + std::to_string(accounts_.at("den")) +
                                  " refused: not_found (3001)"));
  // And nothing was done by any of them.
  v1::ClientFrame frame;
  frame.mutable_query()->mutable_message()->set_message_id(message_);
  ann_->send(frame);
  const auto result = ann_->next(v1::ServerFrame::kQueryResult).value().query_result();
  EXPECT_EQ(result.message().message().version(), 1u);
  EXPECT_EQ(result.message().message().text(), "the secret of pump 3");
  for (const auto& receipt : result.message().receipts()) {
    EXPECT_NE(receipt.account_id(), accounts_.at("den"));
  }
}

TEST_F(Invisible, QueriesForThem) {
  const auto den = session("den");
  const auto ask = [&den](const v1::Query& query) {
    v1::ClientFrame frame;
    *frame.mutable_query() = query;
    den->send(frame);
    return den->next(v1::ServerFrame::kQueryResult).value().query_result();
  };
  const auto there = queries(ops_, message_);
  const auto missing = queries(nothing, nothing);
  for (std::size_t i = 0; i < there.size(); ++i) {
    SCOPED_TRACE(there[i].ShortDebugString());
    const v1::QueryResult first = ask(there[i]);
    EXPECT_EQ(first.DebugString(), ask(missing[i]).DebugString());
    EXPECT_EQ(first.refused().code(), v1::ERROR_CODE_NOT_FOUND) << first.DebugString();
  }
  EXPECT_TRUE(hub_->wait_for_line("a query of account " + std::to_string(accounts_.at("den")) +
                                  " refused: not_found (3001)"));
}

TEST_F(Invisible, RequestsForThem) {
  const std::string& token = tokens_.at("den");
  const auto alike = [&](const std::string& there, const std::string& missing) {
    const HttpAnswer first = http_as(token, port(), "GET", there);
    const HttpAnswer second = http_as(token, port(), "GET", missing);
    EXPECT_EQ(first.status, 404) << there;
    EXPECT_EQ(first.status, second.status) << there;
    EXPECT_EQ(first.body, second.body) << there;
  };
  alike("/v1/channels/" + std::to_string(ops_) + "/messages",
        "/v1/channels/" + std::to_string(nothing) + "/messages");
  alike("/v1/search?q=secret&channel=" + std::to_string(ops_),
        "/v1/search?q=secret&channel=" + std::to_string(nothing));
  alike("/v1/blobs/" + base::to_hex(hash_), "/v1/blobs/" + std::string(64, '0'));
  EXPECT_TRUE(hub_->wait_for_line("/messages refused: not_found (3001)"));
}

}  // namespace
}  // namespace fenghuo::testing
