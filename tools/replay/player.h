// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/client.h"
#include "tools/replay/scenario.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace fenghuo::replay {

// Plays a scenario into a running hub: every actor is a client of its own, as people are.
class Player {
 public:
  struct Options {
    client::Address address;
    client::TlsOptions tls;
    // Of an administrator: makes accounts, channels and tokens.
    std::string admin_token;
    // The day runs this many times as fast; infinite = no waiting.
    double speed = 60;
  };
  struct Figures {
    std::uint64_t events = 0;
    std::uint64_t stored = 0;
    std::uint64_t refused = 0;
    // Passed though it should be refused, or the reverse.
    std::uint64_t unexpected = 0;
  };

  Player(const Scenario& scenario, Options options);
  ~Player();

  // Makes what the center lacks and brings every actor on line.
  client::Outcome<void> prepare();
  // Plays all events, printing one line each.
  client::Outcome<Figures> play();

 private:
  client::Outcome<v1::Reply> administer(v1::Command command);
  client::Outcome<void> bring_in(const Scenario::Actor& actor);
  client::Outcome<std::uint64_t> channel_for(const Scenario::Event& event);
  std::unique_ptr<client::Client> connect(const std::string& token);

  const Scenario& scenario_;
  Options options_;
  client::Loop loop_;
  std::unique_ptr<client::Client> admin_;
  std::map<std::string, std::unique_ptr<client::Client>> actors_;
};

}  // namespace fenghuo::replay
