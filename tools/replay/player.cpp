// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/player.h"

#include "hub/base/sha256.h"
#include "hub/identity/token.h"
#include "tools/replay/casting.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <thread>

namespace fenghuo::replay {
namespace {

using namespace std::chrono_literals;
constexpr auto patience = 30s;

std::string day_clock(double t) {
  const auto seconds = static_cast<std::uint64_t>(t);
  return fmt::format("+{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

Player::Player(const Scenario& scenario, Options options)
    : scenario_(scenario), options_(std::move(options)) {}

Player::~Player() = default;

std::unique_ptr<client::Client> Player::connect(const std::string& token) {
  client::ClientOptions options;
  options.address = options_.address;
  options.tls = options_.tls;
  options.token = token;
  // A run is a device of its own: its commands are new ones.
  options.device = client::new_device_name("replay");
  options.client_name = "fenghuo-replay/0.1";
  auto made = std::make_unique<client::Client>(loop_, std::move(options));
  made->start();
  return made;
}

client::Outcome<v1::Reply> Player::administer(v1::Command command) {
  return admin_->call(std::move(command), patience, true);
}

client::Outcome<void> Player::prepare() {
  admin_ = connect(options_.admin_token);
  if (auto live = admin_->wait_live(patience, true); !live) return live.error();
  v1::Command command;
  *command.mutable_apply_plan()->mutable_plan() =
      plan_for(scenario_, admin_->state(), admin_->welcome());
  if (auto reply = administer(command); !reply) return reply.error();
  // The plan's rows reach the administrator's state right behind the answer; a fresh line surely
  // has them.
  admin_ = connect(options_.admin_token);
  if (auto live = admin_->wait_live(patience, true); !live) return live.error();
  for (const auto& actor : scenario_.actors) {
    if (auto done = bring_in(actor); !done) return done.error();
  }
  for (const auto& [id, actor] : actors_) {
    if (auto live = actor->wait_live(patience, true); !live) return live.error();
  }
  return {};
}

client::Outcome<void> Player::bring_in(const Scenario::Actor& actor) {
  const client::State center = admin_->state();
  const std::string key = account_key(actor, center);
  const v1::Account* account = center.find_account(key);
  if (account == nullptr) {
    return client::Failure(client::Failure::Kind::Local, "the hub shows no account " + key);
  }
  const identity::Token token = identity::new_token();
  v1::Command command;
  command.mutable_issue_token()->set_account_id(account->id());
  command.mutable_issue_token()->set_token_hash(base::to_bytes(token.hash));
  command.mutable_issue_token()->set_label("replay of " + scenario_.id);
  if (auto reply = administer(command); !reply) return reply.error();
  actors_[actor.id] = connect(token.text);
  return {};
}

client::Outcome<std::uint64_t> Player::channel_for(const Scenario::Event& event) {
  const client::State center = admin_->state();
  if (const auto* row = center.find_channel(event.channel)) return row->channel().id();
  // The incident's own channel begins with its first event.
  v1::Command command;
  *command.mutable_apply_plan()->mutable_plan() =
      plan_for_incident(*scenario_.channel(event.channel), admin_->welcome());
  auto reply = administer(command);
  if (!reply) return reply.error();
  // The answer tells when the plan was applied; the channel's row comes with the stream.
  for (int i = 0; i < 200; ++i) {
    const client::State now = admin_->state();
    if (const auto* row = now.find_channel(event.channel)) return row->channel().id();
    std::this_thread::sleep_for(10ms);
  }
  return client::Failure(client::Failure::Kind::Local, "the hub shows no channel " + event.channel);
}

client::Outcome<Player::Figures> Player::play() {
  Figures figures;
  const auto started = std::chrono::steady_clock::now();
  for (const auto& event : scenario_.events) {
    if (std::isfinite(options_.speed)) {
      std::this_thread::sleep_until(started +
                                    std::chrono::duration<double>(event.t / options_.speed));
    }
    auto channel = channel_for(event);
    if (!channel) return channel.error();
    v1::Command command;
    *command.mutable_post_message() = message_for(event);
    command.mutable_post_message()->set_channel_id(*channel);
    auto reply = actors_.at(event.actor)->call(command, patience);
    ++figures.events;
    std::string outcome = "stored";
    if (reply) {
      ++figures.stored;
    } else if (reply.error().kind() == client::Failure::Kind::Refused) {
      ++figures.refused;
      outcome = "refused: " + reply.error().error().name();
    } else {
      return reply.error();
    }
    const std::string refusal = reply ? std::string() : reply.error().error().name();
    if (refusal != event.expect_refused) {
      ++figures.unexpected;
      outcome += event.expect_refused.empty() ? " (should pass)" : " (should be refused)";
    }
    fmt::print("{} {:>2}/{} {:<10} {:<20} {}  {}\n", day_clock(event.t), event.seq,
               scenario_.events.size(), event.channel, event.action, outcome, event.text.zh);
    std::fflush(stdout);
  }
  return figures;
}

}  // namespace fenghuo::replay
