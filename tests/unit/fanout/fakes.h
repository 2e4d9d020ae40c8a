// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/limits.h"
#include "hub/fanout/shard.h"
#include "hub/session/codec.h"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace fenghuo::fanout::test {

using core::Audience;

inline Audience staff() { return {Audience::Kind::Staff, 0}; }
inline Audience guests() { return {Audience::Kind::Guests, 0}; }
inline Audience channel(base::EntityId id) { return {Audience::Kind::Channel, id}; }
inline Audience account(base::EntityId id) { return {Audience::Kind::Account, id}; }

// Writes one commit, record by record.
class Draft {
 public:
  explicit Draft(base::Position after) : commit_(std::make_shared<EncodedCommit>()) {
    commit_->after = commit_->through = after;
  }
  base::Position here() const { return commit_->through; }
  // A record that nobody is shown.
  Draft& record() {
    ++commit_->through;
    return *this;
  }
  Draft& post(base::EntityId channel_id, std::size_t bytes = 8) {
    record();
    v1::Update update = at_here();
    update.mutable_message()->set_id(here());
    update.mutable_message()->set_channel_id(channel_id);
    update.mutable_message()->set_text(std::string(bytes, 'x'));
    commit_->append(channel(channel_id), update);
    return *this;
  }
  // Takes the text of a message away.
  Draft& stone(base::EntityId channel_id, base::EntityId message_id) {
    record();
    v1::Update update = at_here();
    update.mutable_message()->set_id(message_id);
    update.mutable_message()->set_channel_id(channel_id);
    update.mutable_message()->mutable_stone()->set_kind(v1::Message::Stone::KIND_REDACTED);
    commit_->append(channel(channel_id), update);
    return *this;
  }
  Draft& department(const Audience& audience) {
    v1::Update update = at_here();
    update.mutable_department()->set_id(here());
    commit_->append(audience, update);
    return *this;
  }
  Draft& cursor(base::EntityId account_id, base::EntityId channel_id) {
    record();
    v1::Update update = at_here();
    update.mutable_cursor()->set_channel_id(channel_id);
    commit_->append(account(account_id), update);
    return *this;
  }
  Draft& join(base::EntityId account_id, base::EntityId channel_id) {
    record();
    v1::Update update = at_here();
    update.mutable_channel()->mutable_channel()->set_id(channel_id);
    commit_->append(account(account_id), update);
    commit_->memberships.push_back({account_id, channel_id, here(), true});
    return *this;
  }
  Draft& leave(base::EntityId account_id, base::EntityId channel_id) {
    record();
    v1::Update update = at_here();
    update.set_channel_gone_id(channel_id);
    commit_->append(account(account_id), update);
    commit_->memberships.push_back({account_id, channel_id, here(), false});
    return *this;
  }
  Draft& bell(const Audience& audience, base::EntityId except) {
    EncodedCommit::Bell bell{audience, except, {}};
    bell.bell.set_position(here());
    bell.bell.set_id(here());
    bell.bell.set_channel_id(audience.id);
    commit_->bells.push_back(bell);
    return *this;
  }
  Draft& end_account(base::EntityId account_id) {
    record();
    commit_->ended_accounts.push_back(account_id);
    return *this;
  }
  Draft& end_token(base::EntityId token_id) {
    record();
    commit_->ended_tokens.push_back(token_id);
    return *this;
  }
  std::shared_ptr<const EncodedCommit> commit() const { return commit_; }

 private:
  v1::Update at_here() const {
    v1::Update update;
    update.set_position(here());
    return update;
  }
  std::shared_ptr<EncodedCommit> commit_;
};

// All frames of a binary message.
inline std::vector<v1::ServerFrame> frames_of(std::string_view bytes) {
  std::vector<v1::ServerFrame> frames;
  while (!bytes.empty()) {
    std::size_t length = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes[0]);
      bytes.remove_prefix(1);
      length |= static_cast<std::size_t>(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    EXPECT_LE(length, bytes.size());
    EXPECT_TRUE(frames.emplace_back().ParseFromArray(bytes.data(), static_cast<int>(length)));
    bytes.remove_prefix(length);
  }
  return frames;
}

// A client behind a socket that writes only when told.
class FakeSubscriber : public Subscriber {
 public:
  std::size_t outbox_bytes() const override { return waiting_bytes_; }
  void push(std::shared_ptr<const std::string> frame) override {
    EXPECT_FALSE(ended) << "pushed after the end";
    waiting_bytes_ += frame->size();
    waiting_.push_back(frame);
    if (on_push) on_push(*frame);
    ++pushes;
  }
  void flush() override { ++flushes; }
  void end(v1::CloseCode code, std::string) override {
    EXPECT_FALSE(ended);
    ended = code;
  }
  // Writes everything that waits.
  std::vector<std::shared_ptr<const std::string>> drain() {
    waiting_bytes_ = 0;
    return std::exchange(waiting_, {});
  }
  // Writes the oldest frame.
  void drain_one() {
    if (waiting_.empty()) return;
    waiting_bytes_ -= waiting_.front()->size();
    waiting_.erase(waiting_.begin());
  }
  // "5>8: 6 7" per batch (after, through, positions), "bell 6".
  std::vector<std::string> read() {
    std::vector<std::string> words;
    for (const auto& bytes : drain()) {
      for (const v1::ServerFrame& frame : frames_of(*bytes)) {
        if (frame.has_bell()) {
          words.push_back("bell " + std::to_string(frame.bell().position()));
          continue;
        }
        std::string word = std::to_string(frame.batch().after()) + ">" +
                           std::to_string(frame.batch().through()) + ":";
        for (const v1::Update& update : frame.batch().updates()) {
          word += " " + std::to_string(update.position());
        }
        words.push_back(word);
      }
    }
    return words;
  }

  std::optional<v1::CloseCode> ended;
  std::function<void(const std::string&)> on_push;
  std::size_t pushes = 0;
  std::size_t flushes = 0;

 private:
  std::vector<std::shared_ptr<const std::string>> waiting_;
  std::size_t waiting_bytes_ = 0;
};

// Remembers what is asked; a test answers.
class FakeCatchUp : public CatchUp {
 public:
  struct Asked {
    base::EntityId account_id = 0;
    base::Position after = 0;
    session::Format format = session::Format::Binary;
    std::function<void(base::Result<Chunk>)> done;
  };
  void read(base::EntityId account_id, base::Position after, session::Format format,
            std::function<void(base::Result<Chunk>)> done) override {
    asked.push_back({account_id, after, format, std::move(done)});
  }
  Asked take() {
    Asked first = std::move(asked.front());
    asked.pop_front();
    return first;
  }
  std::deque<Asked> asked;
};

// Runs what was posted, when told.
class Tasks {
 public:
  Shard::Post post() {
    return [this](std::function<void()> task) { tasks_.push_back(std::move(task)); };
  }
  bool run_one() {
    if (tasks_.empty()) return false;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
    return true;
  }
  std::size_t run_all() {
    std::size_t count = 0;
    while (run_one()) ++count;
    return count;
  }

 private:
  std::deque<std::function<void()>> tasks_;
};

}  // namespace fenghuo::fanout::test
