// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/client.h"

#include "clients/cpp/frames.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace fenghuo::sim {

Client::Client(base::EntityId account_id, std::string device, std::string token, Timeline& timeline,
               Random& random, Judge& judge, Dial dial)
    : account_id_(account_id),
      device_(std::move(device)),
      token_(std::move(token)),
      timeline_(timeline),
      random_(random),
      judge_(judge),
      dial_(std::move(dial)) {
  make_link();
}

Client::~Client() {
  if (wire_) wire_->client = {};
}

void Client::make_link() {
  client::LinkOptions options;
  options.token = token_;
  options.device = device_;
  options.client_name = "sim/1";
  options.next_n = next_n_;
  link_ = std::make_unique<client::Link>(std::move(options));
  for (const auto& [n, command] : unanswered_) link_->restore(n, command);
  life_ = std::make_shared<int>();
  refused_ = client::RefusedReason::None;
}

void Client::start() { act(link_->start()); }

bool Client::must_log_in() const { return link_->line() == client::LineState::Refused && !wire_; }

void Client::log_in_again(std::string token) {
  token_ = std::move(token);
  make_link();
  got_.clear();
  snapshot_at_ = 0;
  start();
}

void Client::submit(v1::Command command) {
  next_n_ = link_->next_n() + 1;
  unanswered_[link_->next_n()] = command;
  act(link_->submit(std::move(command)));
}

void Client::ask(v1::Query query) {
  std::uint64_t id = 0;
  act(link_->ask(std::move(query), id));
}

void Client::tick() { act(link_->tick(now_ms())); }

void Client::cut() {
  if (wire_) wire_->cut();
}

void Client::restart() {
  if (wire_) {
    wire_->client = {};
    wire_->close_hub();
    wire_ = nullptr;
  }
  make_link();
  got_.clear();
  snapshot_at_ = 0;
  start();
}

void Client::act(client::Actions actions) {
  for (const client::Action& action : actions) {
    std::visit([this](const auto& one) { act(one); }, action);
  }
}

void Client::act(const client::Connect& action) {
  timeline_.after(action.delay_ms * 1'000 + random_.between(0, 20'000),
                  [this, life = std::weak_ptr<int>(life_)] {
                    if (!life.expired()) dial_now();
                  });
}

void Client::dial_now() {
  wire_ = dial_();
  if (!wire_) return act(link_->disconnected(now_ms(), {}, random_.unit()));
  wire_->client.received = [this](std::string message) { received(message); };
  wire_->client.ended = [this](std::uint16_t code) { ended(code); };
  act(link_->connected(now_ms()));
}

void Client::received(const std::string& message) {
  const auto frames = client::read_frames(message);
  if (!frames) throw Violation("the hub sent what is no frame");
  for (const v1::ServerFrame& frame : *frames) look_at(frame);
  act(link_->received(now_ms(), message));
}

// The stream itself, before the link sees it: each batch begins where the one before ended.
void Client::look_at(const v1::ServerFrame& frame) {
  if (frame.has_welcome()) {
    stream_at_ = frame.welcome().position();
    judge_.on_snapshot(account_id_, frame.welcome().snapshot());
  }
  if (!frame.has_batch()) return;
  const v1::Batch& batch = frame.batch();
  if (batch.after() != stream_at_ || batch.through() < batch.after()) {
    throw Violation(fmt::format("account {}: a batch ({}, {}] at {}", account_id_, batch.after(),
                                batch.through(), stream_at_));
  }
  stream_at_ = batch.through();
}

void Client::ended(std::uint16_t code) {
  if (wire_) wire_->client = {};
  wire_ = nullptr;
  act(link_->disconnected(now_ms(), {code, {}}, random_.unit()));
}

void Client::act(const client::Send& action) {
  if (wire_) wire_->to_hub(action.bytes);
}

void Client::act(const client::Close&) {
  if (!wire_) return;
  wire_->client.received = nullptr;
  wire_->close_hub();
  wire_->close_client(0);
}

void Client::act(const client::LineChanged& action) {
  refused_ = action.refused;
  if (action.why.find("gap") != std::string::npos ||
      action.why.find("elsewhere") != std::string::npos) {
    throw Violation(fmt::format("account {}: {}", account_id_, action.why));
  }
}

void Client::act(const client::Snapshotted& action) {
  snapshot_at_ = action.position;
  got_.clear();
  channels_.clear();
  for (const auto& [id, channel] : link_->state().channels()) channels_.insert(id);
}

void Client::act(const client::Updated& action) {
  const v1::Update& update = action.update;
  if (update.has_channel()) channels_.insert(update.channel().channel().id());
  if (update.kind_case() == v1::Update::kChannelGoneId) channels_.erase(update.channel_gone_id());
  if (!update.has_message()) return;
  if (!channels_.contains(update.message().channel_id())) {
    throw Violation(fmt::format("account {} got a message of channel {}, which is gone",
                                account_id_, update.message().channel_id()));
  }
  if (update.message().id() == update.position()) ++got_[update.position()];
}

void Client::act(const client::Replied& action) {
  unanswered_.erase(action.reply.n());
  if (action.reply.has_done()) {
    judge_.on_acknowledged({account_id_, device_, action.reply.n()}, action.reply.done());
  }
}

void Client::act(const client::Answered&) {}

void Client::check_stream() const {
  judge_.check_stream(account_id_, snapshot_at_, link_->position(), got_);
}

}  // namespace fenghuo::sim
