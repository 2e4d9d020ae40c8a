// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/simulation.h"

#include "hub/base/sha256.h"
#include "hub/core/project.h"
#include "hub/engine/recovery.h"
#include "tests/sim/difference.h"
#include "tests/support/invariants.h"
#include "tests/support/small_center.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fenghuo::sim {

namespace {

constexpr int turns = 4'000;
constexpr int settle_turns_max = 40'000;
constexpr base::TimeUs hour_us = 3'600 * base::us_per_s;
constexpr base::TimeUs year_2000 = 946'684'800 * base::us_per_s;

}  // namespace

Simulation::Simulation(std::uint64_t seed)
    : random_(seed), timeline_(testing::test_start), center_(seed) {
  judge_.watch([this](const core::Record& record) { center_.saw(record); });
}

Simulation::~Simulation() = default;

void Simulation::run() {
  begin();
  for (int turn = 0; turn < turns; ++turn) one_turn();
  settle();
  check_end();
}

void Simulation::begin() {
  store_ = testing::begun_store();
  hub_ = std::make_unique<Hub>(*store_, timeline_, timeline_.now(), random_, judge_);
  bool planned = false;
  hub_->submit(0, center_.plan(now()).command,
               [&planned](const v1::Reply& reply) { planned = reply.has_done(); });
  run_hub_until_idle();
  if (!planned) throw Violation("the plan was refused");
  add_clients();
}

void Simulation::add_clients() {
  const v1::Snapshot seen =
      core::snapshot_for(judge_.state(), judge_.state().account_by_key("chief")->id());
  for (const v1::Account& account : seen.accounts()) add_client(account.id());
  // Some have a second device.
  for (const v1::Account& account : seen.accounts()) {
    if (random_.once_in(4)) add_client(account.id());
  }
  figures_.clients = clients_.size();
}

void Simulation::add_client(base::EntityId account_id) {
  const std::string token = "token-" + std::to_string(++tokens_);
  issue_token(account_id, token);
  run_hub_until_idle();
  clients_.push_back(
      std::make_unique<Client>(account_id, "device-" + std::to_string(clients_.size()), token,
                               timeline_, random_, judge_, [this] { return dial(); }));
  clients_.back()->start();
}

void Simulation::issue_token(base::EntityId account_id, const std::string& token) {
  v1::Command command;
  command.mutable_issue_token()->set_account_id(account_id);
  command.mutable_issue_token()->set_token_hash(base::to_bytes(base::sha256({token})));
  hub_->submit(0, std::move(command), nullptr);
}

std::shared_ptr<Wire> Simulation::dial() {
  if (!hub_) return nullptr;
  const base::TimeUs delay_us = random_.once_in(8) ? base::us_per_s : 5'000;
  auto wire = std::make_shared<Wire>(timeline_, random_, delay_us);
  const bool slow = !calm_ && random_.once_in(6);
  hub_->connect(wire, slow ? random_.between(1, 8) * base::us_per_s : random_.between(0, 500));
  return wire;
}

void Simulation::one_turn() {
  timeline_.advance(random_.once_in(50) && !calm_ ? random_.between(0, base::us_per_s)
                                                  : random_.between(0, 400));
  if (hub_) {
    for (std::uint64_t i = random_.pick(12); i > 0; --i) hub_->step();
  }
  if (random_.once_in(2)) store_->pump();
  if (timeline_.now() >= next_tick_) {
    next_tick_ = timeline_.now() + base::us_per_s;
    if (hub_) hub_->tick();
    for (const auto& client : clients_) client->tick();
    log_in_refused();
  }
  if (hub_ && hub_->failed()) kill_hub();
  if (calm_) return;
  if (random_.once_in(3)) work();
  trouble_lines();
  trouble_disk();
  if (hub_ && random_.once_in(700)) kill_hub();
  if (random_.once_in(2'000)) lose_time();
}

void Simulation::work() {
  if (!hub_) return;
  const std::uint64_t acts = random_.once_in(20) ? 40 : 1;
  for (std::uint64_t i = 0; i < acts; ++i) {
    testing::RandomCenter::Act act =
        random_.once_in(300) ? center_.plan(now()) : center_.next(judge_.state(), now());
    ++figures_.commands;
    // Now and then somebody writes at length: outboxes are there to be filled.
    if (act.command.has_post_message() && random_.once_in(8)) {
      act.command.mutable_post_message()->set_text(std::string(16'000, 'x'));
    }
    Client* client = client_of(act.account_id);
    if (client != nullptr && client->link().unanswered() < 100) {
      client->submit(std::move(act.command));
    } else {
      hub_->submit(act.account_id, std::move(act.command), nullptr);
    }
  }
  if (!clients_.empty() && random_.once_in(4)) {
    ask_something(*clients_[random_.pick(clients_.size())]);
  }
}

Client* Simulation::client_of(base::EntityId account_id) {
  std::vector<Client*> devices;
  for (const auto& client : clients_) {
    if (client->account_id() == account_id) devices.push_back(client.get());
  }
  return devices.empty() ? nullptr : devices[random_.pick(devices.size())];
}

void Simulation::ask_something(Client& client) {
  const std::vector<core::State::Joined> channels =
      judge_.state().channels_of(clients_[random_.pick(clients_.size())]->account_id());
  v1::Query query;
  if (random_.once_in(3)) {
    query.mutable_search()->set_text("message");
  } else if (!channels.empty()) {
    query.mutable_history()->set_channel_id(channels[random_.pick(channels.size())].channel_id);
  } else {
    query.mutable_snapshot();
  }
  client.ask(std::move(query));
}

void Simulation::trouble_lines() {
  if (clients_.empty()) return;
  if (random_.once_in(60)) {
    clients_[random_.pick(clients_.size())]->cut();
    ++figures_.cuts;
  }
  if (random_.once_in(400)) clients_[random_.pick(clients_.size())]->restart();
}

void Simulation::trouble_disk() {
  if (random_.once_in(100)) store_->delay_appends(random_.pick(6));
  if (random_.once_in(1'500)) {
    const storage::AppendStatus endings[] = {
        storage::AppendStatus::NoSpace, storage::AppendStatus::Unavailable,
        storage::AppendStatus::Unknown, storage::AppendStatus::Failed};
    const storage::AppendStatus ending = endings[random_.pick(4)];
    const bool unclear =
        ending == storage::AppendStatus::Unknown || ending == storage::AppendStatus::Failed;
    store_->fail_next_append(ending, unclear && random_.once_in(2));
  }
  if (disk_full_until_ == 0 && random_.once_in(2'000)) {
    disk_full_until_ = timeline_.now() + 3 * base::us_per_s;
    store_->set_no_space(true);
  }
  if (disk_full_until_ != 0 && timeline_.now() >= disk_full_until_) {
    disk_full_until_ = 0;
    store_->set_no_space(false);
  }
}

// kill -9, or a fall of power: what was not synced may be gone.
void Simulation::kill_hub() {
  ++figures_.kills;
  hub_ = nullptr;
  for (const auto& client : clients_) client->cut();
  store_ = random_.once_in(2) ? store_->crash() : store_->crash(random_.pick(1'000'000));
  disk_full_until_ = 0;
  timeline_.after(random_.between(0, 3 * base::us_per_s), [this] { start_hub(); });
}

// The machine's battery may be empty, or its clock set wrong.
void Simulation::start_hub() {
  base::TimeUs wall = timeline_.now();
  if (random_.once_in(4)) wall = year_2000;
  if (random_.once_in(4)) wall = timeline_.now() + hour_us;
  hub_ = std::make_unique<Hub>(*store_, timeline_, wall, random_, judge_);
}

// The machine slept: everything is late at once.
void Simulation::lose_time() {
  ++figures_.lost_hours;
  timeline_.advance(random_.between(base::us_per_s, hour_us));
}

void Simulation::run_hub_until_idle() {
  for (bool busy = true; busy;) {
    busy = hub_->step_all();
    busy |= store_->pump() > 0 || store_->appends_waiting() > 0;
  }
}

// Tokens are revoked by chance; the person logs in again, if still allowed to.
void Simulation::log_in_refused() {
  if (!hub_) return;
  for (const auto& client : clients_) {
    if (!client->must_log_in()) continue;
    if (!judge_.state().is_active(client->account_id(), now())) continue;
    const std::string token = "token-" + std::to_string(++tokens_);
    issue_token(client->account_id(), token);
    client->log_in_again(token);
  }
}

void Simulation::settle() {
  calm_ = true;
  store_->set_no_space(false);
  store_->delay_appends(0);
  for (int turn = 0; turn < settle_turns_max; ++turn) {
    for (int i = 0; i < 20; ++i) {
      one_turn();
      if (hub_) hub_->step_all();
      store_->pump();
    }
    timeline_.advance(20'000);
    if (is_settled(turn % 50 == 49)) return;
  }
  std::string why = hub_ ? "" : "no hub ";
  for (const auto& client : clients_) {
    why += fmt::format("[{} {} at {} unanswered {}]", client->account_id(),
                       client::name_of(client->link().line()), client->link().position(),
                       client->link().unanswered());
  }
  throw Violation("the center did not come to rest: " + why);
}

// A center whose ladders repeat never stands still, and a client who may see nothing of that hears
// of the position late: `closely`, it is enough that he misses nothing.
bool Simulation::is_settled(bool closely) const {
  if (!hub_ || !hub_->idle() || store_->appends_waiting() != 0) return false;
  const base::Position end = judge_.state().position();
  if (store_->log().head().position != end) return false;
  if (!testing::nothing_overdue(judge_.state(), now()).empty()) return false;
  return std::all_of(clients_.begin(), clients_.end(), [&](const auto& client) {
    if (!judge_.state().is_active(client->account_id(), now())) return true;
    if (client->link().line() != client::LineState::Live) return false;
    if (client->link().unanswered() != 0) return false;
    return client->link().position() == end || (closely && missing_of(*client).empty());
  });
}

void Simulation::check_end() {
  judge_.check_record();
  judge_.check_queries();
  if (hub_->engine().state().digest() != judge_.state().digest()) {
    throw Violation("the engine's state is not that of the record");
  }
  if (hub_->view().state().digest() != judge_.state().digest()) {
    throw Violation("the view's state is not that of the record");
  }
  for (const auto& client : clients_) client->check_stream();
  check_clients_equal_snapshots();
  figures_.records = judge_.state().position();
  figures_.digest = judge_.state().digest();
}

// How it differs from a snapshot taken now.
std::string Simulation::missing_of(const Client& client) const {
  client::State fresh;
  fresh.reset(core::snapshot_for(judge_.state(), client.account_id()), client.account_id(),
              judge_.state().position());
  return difference_of(client.link().state(), fresh);
}

// client(P1) + pushes(P1, P2] = client(P2).
void Simulation::check_clients_equal_snapshots() const {
  for (const auto& client : clients_) {
    if (client->link().line() != client::LineState::Live) continue;
    const std::string difference = missing_of(*client);
    if (!difference.empty()) {
      throw Violation(fmt::format("account {}: the stream and a snapshot differ: {}",
                                  client->account_id(), difference));
    }
  }
}

}  // namespace fenghuo::sim
