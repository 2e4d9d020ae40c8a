// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/socket_stage.h"

#include "hub/base/sha256.h"
#include "hub/identity/token.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

namespace fenghuo::replay {
namespace {

using namespace std::chrono_literals;
constexpr auto patience = 30s;
// Long enough to tell how fast a clock runs.
constexpr auto measuring = 400ms;

}  // namespace

SocketStage::SocketStage(Options options) : options_(std::move(options)) {}

SocketStage::~SocketStage() {
  // The lines tell of what they hear: they end before what they tell it to.
  actors_.clear();
  admin_.reset();
}

std::unique_ptr<client::Client> SocketStage::connect(const std::string& token) {
  client::ClientOptions options;
  options.address = options_.address;
  options.tls = options_.tls;
  options.token = token;
  // A run is a device of its own: its commands are new ones.
  options.device = client::new_device_name("replay");
  options.client_name = "fenghuo-replay/0.1";
  client::ClientHandlers handlers;
  handlers.advanced = [this](std::uint64_t) {
    const std::lock_guard lock(mutex_);
    ++times_heard_;
    heard_.notify_all();
  };
  auto made = std::make_unique<client::Client>(loop_, std::move(options), std::move(handlers));
  made->start();
  return made;
}

client::Outcome<void> SocketStage::open() {
  admin_ = connect(options_.admin_token);
  if (auto live = admin_->wait_live(patience, true); !live) return live.error();
  return measure();
}

client::Outcome<void> SocketStage::measure() {
  const base::TimeUs before = admin_->welcome().hub_time_us();
  const auto then = Clock::now();
  std::this_thread::sleep_for(measuring);
  auto second = connect(options_.admin_token);
  if (auto live = second->wait_live(patience, true); !live) return live.error();
  ours_ = Clock::now();
  hub_us_ = second->welcome().hub_time_us();
  const double real_us = std::chrono::duration<double, std::micro>(ours_ - then).count();
  hub_speed_ = std::max(1.0, std::round(static_cast<double>(hub_us_ - before) / real_us));
  // As fast as it was started with, whatever we measured.
  if (std::abs(hub_speed_ - options_.speed) < 0.2 * options_.speed) hub_speed_ = options_.speed;
  pace_ = std::isfinite(options_.speed) ? hub_speed_ / options_.speed : 1;
  return {};
}

client::Outcome<std::uint64_t> SocketStage::call(client::Client& who, const v1::Command& command) {
  const auto reply = who.call(command, patience, true);
  if (!reply) return reply.error();
  answered_ = std::max(answered_, reply->position());
  return reply->done().id();
}

// A client may not be asked while its own loop waits to tell: so what is looked for is looked for
// without the lock.
bool SocketStage::wait_for(std::chrono::duration<double> within,
                           const std::function<bool()>& what) {
  const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(within);
  for (;;) {
    std::unique_lock lock(mutex_);
    const std::uint64_t before = times_heard_;
    lock.unlock();
    if (what()) return true;
    lock.lock();
    if (!heard_.wait_until(lock, until, [&] { return times_heard_ != before; })) return false;
  }
}

// The stream tells nobody of records that do not concern him, so its position says too little: a
// fresh snapshot is read.
client::Outcome<client::State> SocketStage::caught_up(client::Client& who) {
  v1::Query query;
  query.mutable_snapshot();
  const auto until = Clock::now() + patience;
  while (Clock::now() < until) {
    const auto result = who.ask(query, patience);
    if (!result) return result.error();
    if (result->has_refused()) return client::Failure(result->refused());
    if (result->position() < answered_) continue;
    client::State state;
    state.reset(result->snapshot(), who.welcome().account_id(), result->position());
    return state;
  }
  return client::Failure(client::Failure::Kind::Unreachable, "the hub's view stands still");
}

client::Outcome<std::uint64_t> SocketStage::administer(const v1::Command& command) {
  return call(*admin_, command);
}

client::Outcome<client::State> SocketStage::center() { return caught_up(*admin_); }

v1::Welcome SocketStage::welcome() { return admin_->welcome(); }

client::Outcome<void> SocketStage::enter(const std::string& actor, std::uint64_t account_id) {
  const identity::Token token = identity::new_token();
  v1::Command command;
  command.mutable_issue_token()->set_account_id(account_id);
  command.mutable_issue_token()->set_token_hash(base::to_bytes(token.hash));
  command.mutable_issue_token()->set_label(options_.label);
  if (auto issued = call(*admin_, command); !issued) return issued.error();
  auto line = connect(token.text);
  if (auto live = line->wait_live(patience, true); !live) return live.error();
  actors_[actor] = std::move(line);
  return {};
}

client::Outcome<std::uint64_t> SocketStage::act(const std::string& actor,
                                                const v1::Command& command) {
  return call(*actors_.at(actor), command);
}

client::Outcome<client::State> SocketStage::sight(const std::string& actor) {
  return caught_up(*actors_.at(actor));
}

client::Outcome<v1::QueryResult> SocketStage::ask(const std::string& actor,
                                                  const v1::Query& query) {
  auto result = actors_.at(actor)->ask(query, patience);
  if (result && result->has_refused()) return client::Failure(result->refused());
  return result;
}

base::TimeUs SocketStage::now() {
  const std::chrono::duration<double, std::micro> since = Clock::now() - ours_;
  return hub_us_ + std::llround(since.count() * hub_speed_);
}

void SocketStage::wait_until(base::TimeUs at) {
  if (!std::isfinite(options_.speed)) return;
  const std::chrono::duration<double, std::micro> after{static_cast<double>(at - hub_us_) /
                                                        hub_speed_};
  std::this_thread::sleep_until(ours_ + std::chrono::duration_cast<Clock::duration>(after));
}

client::Outcome<bool> SocketStage::comes_to_see(
    const std::string& actor, const std::function<bool(const client::State&)>& what) {
  client::Client& who = *actors_.at(actor);
  const std::chrono::duration<double, std::micro> within{static_cast<double>(tolerance()) /
                                                         hub_speed_};
  return wait_for(within + 1s, [&] { return what(who.state()); });
}

base::TimeUs SocketStage::tolerance() const {
  const double speed = std::isfinite(options_.speed) ? options_.speed : 1;
  return std::max<base::TimeUs>(base::us_per_s, std::llround(speed * 50'000));
}

}  // namespace fenghuo::replay
