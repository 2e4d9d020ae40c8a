// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/outcome.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fenghuo::replay {

// A recorded day as its file tells it ("ecc-scenario/1"): who, where, and what happened when.
struct Scenario {
  struct Text {
    std::string zh;
    std::string en;
  };
  struct Department {
    std::string id;
    Text name;
  };
  struct Actor {
    std::string id;
    // human, bot or system.
    std::string kind;
    Text name;
    std::string department;
    Text role;
  };
  struct Channel {
    std::string id;
    // standing, incident or group.
    std::string kind;
    Text name;
  };
  struct Event {
    std::uint64_t seq = 0;
    // Seconds after the start.
    double t = 0;
    std::string actor;
    std::string action;
    // Empty = the first standing channel.
    std::string channel;
    Text text;
    // Of a message or an order: empty, high, urgent or critical.
    std::string priority;
    // Name of the error this must be refused with; empty = must pass.
    std::string expect_refused;
  };

  std::string id;
  Text title;
  std::vector<Department> departments;
  std::vector<Actor> actors;
  std::vector<Channel> channels;
  // By seq.
  std::vector<Event> events;
  // Figures known beforehand; only whole and plain numbers.
  std::map<std::string, double> expected;

  const Channel* channel(const std::string& channel_id) const;
};

// The file, checked: known actors and channels, order of seq. A Usage failure names what is wrong.
client::Outcome<Scenario> parse_scenario(const std::string& json);

}  // namespace fenghuo::replay
