// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/link.h"
#include "tests/sim/judge.h"
#include "tests/sim/random.h"
#include "tests/sim/timeline.h"
#include "tests/sim/wire.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace fenghuo::sim {

// A person's device: the real client's link on a fake wire. Tells the judge what it got.
class Client {
 public:
  // `dial` opens a wire to the hub, nullptr when nobody listens.
  using Dial = std::function<std::shared_ptr<Wire>()>;
  Client(base::EntityId account_id, std::string device, std::string token, Timeline& timeline,
         Random& random, Judge& judge, Dial dial);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void start();
  // A token the hub will take again, after it was refused.
  void log_in_again(std::string token);
  void submit(v1::Command command);
  void ask(v1::Query query);
  void tick();
  // The line goes down without a word.
  void cut();
  // The program ends and begins anew; its outbox is on its disk.
  void restart();

  base::EntityId account_id() const { return account_id_; }
  const client::Link& link() const { return *link_; }
  bool must_log_in() const;
  // Refusals that are no result lead to another order.
  void check_stream() const;

 private:
  void make_link();
  void act(client::Actions actions);
  void act(const client::Connect& action);
  void act(const client::Send& action);
  void act(const client::Close& action);
  void act(const client::LineChanged& action);
  void act(const client::Snapshotted& action);
  void act(const client::Updated& action);
  void act(const client::Advanced&) {}
  void act(const client::Replied& action);
  void act(const client::Answered& action);
  void act(const client::Rang&) {}
  void dial_now();
  void received(const std::string& message);
  void ended(std::uint16_t code);
  void look_at(const v1::ServerFrame& frame);
  std::int64_t now_ms() const { return timeline_.now() / 1'000; }

  const base::EntityId account_id_;
  const std::string device_;
  std::string token_;
  Timeline& timeline_;
  Random& random_;
  Judge& judge_;
  Dial dial_;
  std::unique_ptr<client::Link> link_;
  client::RefusedReason refused_ = client::RefusedReason::None;
  std::shared_ptr<Wire> wire_;
  // Lives of the link: what was planned for an earlier one is dropped.
  std::shared_ptr<int> life_;

  // On the device's disk.
  std::uint64_t next_n_ = 1;
  std::map<std::uint64_t, v1::Command> unanswered_;

  // Where the connection's stream stands, read from the bytes themselves.
  base::Position stream_at_ = 0;
  base::Position snapshot_at_ = 0;
  // Posts since then, by position, and how often.
  std::map<base::Position, int> got_;
  // Channels it was told of and that are not gone.
  std::set<base::EntityId> channels_;
};

}  // namespace fenghuo::sim
