// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/sim/client.h"
#include "tests/sim/hub.h"
#include "tests/support/random_center.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fenghuo::sim {

// One seeded life of a command center: people work, lines break, the disk is late or full, the hub
// is killed and comes back with its
// clock right, in the year 2000 or an hour ahead, the machine sleeps for an hour. run() throws
// Violation when a promise is broken.
class Simulation {
 public:
  explicit Simulation(std::uint64_t seed);
  ~Simulation();

  void run();

  // What happened, for the reader of a run; equal for equal seeds.
  struct Figures {
    base::Position records = 0;
    std::uint64_t kills = 0;
    std::uint64_t cuts = 0;
    std::uint64_t lost_hours = 0;
    std::uint64_t commands = 0;
    std::size_t clients = 0;
    base::Hash digest{};
    bool operator==(const Figures&) const = default;
  };
  const Figures& figures() const { return figures_; }

 private:
  void begin();
  void add_clients();
  void add_client(base::EntityId account_id);
  void one_turn();
  void work();
  void ask_something(Client& client);
  void trouble_lines();
  void trouble_disk();
  void kill_hub();
  void start_hub();
  void lose_time();
  // Hub time; the true one while there is no hub.
  base::TimeUs now() const { return hub_ ? hub_->now() : timeline_.now(); }
  void run_hub_until_idle();
  void log_in_refused();
  void issue_token(base::EntityId account_id, const std::string& token);
  void settle();
  bool is_settled(bool closely) const;
  std::string missing_of(const Client& client) const;
  void check_end();
  void check_clients_equal_snapshots() const;
  std::shared_ptr<Wire> dial();
  Client* client_of(base::EntityId account_id);

  Random random_;
  Timeline timeline_;
  testing::RandomCenter center_;
  Judge judge_;
  std::unique_ptr<storage::MemoryStore> store_;
  std::vector<std::unique_ptr<Client>> clients_;
  // Before the store and the clients, in the order of dying.
  std::unique_ptr<Hub> hub_;
  base::TimeUs next_tick_ = 0;
  base::TimeUs disk_full_until_ = 0;
  bool calm_ = false;
  std::uint64_t tokens_ = 0;
  Figures figures_;
};

}  // namespace fenghuo::sim
