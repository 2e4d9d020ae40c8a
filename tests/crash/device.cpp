// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/device.h"

#include "hub/base/limits.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

namespace fenghuo::testing {
namespace {

constexpr const char* binary = "fenghuo.v1.proto";

// Mostly short; now and then long enough to lie across several blocks of the disk's log.
std::size_t padding(std::mt19937_64& random) {
  return random() % 16 == 0 ? random() % 4'000 : random() % 200;
}

Told told(const v1::Message& message) { return {message.seq(), message.id(), message.text()}; }

}  // namespace

Device::Device(std::string token, std::string name, base::EntityId channel, std::size_t window,
               std::uint64_t seed)
    : token_(std::move(token)),
      name_(std::move(name)),
      channel_(channel),
      window_(window),
      random_(seed) {}

void Device::talk(std::uint16_t port, const std::function<void(Step)>& step) {
  if (!open(port)) return;
  for (;;) {
    while (window_has_room()) {
      post_one();
      step(Step::Sent);
    }
    const std::size_t before = acknowledged_.size();
    if (!take_next()) return;
    if (acknowledged_.size() > before) step(Step::Acknowledged);
  }
}

bool Device::settle(std::uint16_t port) {
  if (!open(port)) return false;
  while (!unanswered_.empty()) {
    if (!take_next()) return false;
  }
  return true;
}

bool Device::follow_until(const std::string& text) {
  while (heard_.empty() || heard_.back().text != text) {
    if (!take_next()) return false;
  }
  return true;
}

bool Device::open(std::uint16_t port) {
  line_ = std::make_unique<Line>(port, binary);
  if (!line_->connected()) return false;
  if (epoch_.empty()) {
    line_->hello(token_, name_);
  } else {
    line_->hello(token_, name_, {{epoch_, position_}});
  }
  const auto welcome = line_->next();
  if (!welcome) return false;
  if (!welcome->has_welcome()) throw std::runtime_error(name_ + ": " + welcome->DebugString());
  take(welcome->welcome());
  for (const auto& [n, text] : unanswered_) send(n, text);
  return true;
}

void Device::take(const v1::Welcome& welcome) {
  const std::uint64_t highest = acknowledged_.empty() ? 0 : acknowledged_.rbegin()->first;
  EXPECT_GE(welcome.last_n(), highest) << name_ << ": the hub forgot what it acknowledged";
  EXPECT_LT(welcome.last_n(), next_n_) << name_ << ": the hub knows what was never sent";
  if (!epoch_.empty()) {
    EXPECT_TRUE(welcome.resumed()) << name_;
    EXPECT_EQ(welcome.epoch(), epoch_) << name_;
    EXPECT_EQ(welcome.position(), position_) << name_;
    return;
  }
  epoch_ = welcome.epoch();
  position_ = welcome.position();
  for (const auto& channel : welcome.snapshot().channels()) {
    if (channel.channel().id() == channel_) begins_after_ = channel.last_seq();
  }
}

// False = the line has ended.
bool Device::take_next() {
  const auto frame = line_->next();
  if (!frame) return false;
  if (frame->has_batch()) {
    take(frame->batch());
  } else if (frame->has_reply()) {
    take(frame->reply());
  } else {
    throw std::runtime_error(name_ + ": " + frame->DebugString());
  }
  return true;
}

void Device::take(const v1::Batch& batch) {
  EXPECT_EQ(batch.after(), position_) << name_ << ": a gap or a repeat in the stream";
  EXPECT_GE(batch.through(), batch.after()) << name_;
  position_ = batch.through();
  for (const auto& update : batch.updates()) {
    EXPECT_GT(update.position(), batch.after()) << name_;
    EXPECT_LE(update.position(), batch.through()) << name_;
    if (update.has_message()) heard_.push_back(told(update.message()));
  }
}

void Device::take(const v1::Reply& reply) {
  const auto waiting = unanswered_.find(reply.n());
  if (waiting == unanswered_.end()) {
    throw std::runtime_error(name_ + ": an answer to nothing: " + reply.DebugString());
  }
  if (!reply.has_done()) throw std::runtime_error(name_ + ": " + reply.DebugString());
  acknowledged_[reply.n()] = {reply.done().seq(), reply.done().id(), waiting->second};
  unanswered_.erase(waiting);
}

bool Device::window_has_room() const {
  if (unanswered_.size() >= window_) return false;
  return unanswered_.empty() ||
         next_n_ - unanswered_.begin()->first < base::limits::results_per_device;
}

void Device::post_one() {
  const std::uint64_t n = next_n_++;
  const std::string text =
      name_ + "#" + std::to_string(n) + " " + std::string(padding(random_), '.');
  unanswered_[n] = text;
  send(n, text);
}

void Device::send(std::uint64_t n, const std::string& text) {
  v1::Command command;
  command.mutable_post_message()->set_channel_id(channel_);
  command.mutable_post_message()->set_text(text);
  line_->submit(n, command);
}

std::vector<Told> read_record(std::uint16_t port, const std::string& token,
                              base::EntityId channel) {
  Line line(port, binary);
  line.hello(token, "reader");
  if (!line.next(v1::ServerFrame::kWelcome)) throw std::runtime_error("no reader is let in");
  std::vector<Told> record;
  for (bool more = true; more;) {
    v1::ClientFrame frame;
    auto& history = *frame.mutable_query()->mutable_history();
    history.set_channel_id(channel);
    history.set_after_seq(record.empty() ? 0 : record.back().seq);
    history.set_limit(base::limits::history_page_max);
    line.send(frame);
    const auto page = line.next(v1::ServerFrame::kQueryResult);
    if (!page || !page->query_result().has_history()) throw std::runtime_error("no history");
    const auto& messages = page->query_result().history().messages();
    for (const auto& message : messages) record.push_back(told(message));
    more = page->query_result().history().more();
    if (more && messages.empty()) throw std::runtime_error("more of nothing");
  }
  return record;
}

}  // namespace fenghuo::testing
