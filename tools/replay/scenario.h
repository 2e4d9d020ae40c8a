// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/outcome.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
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
  // How long an order of this ladder may stay unaccepted, and how far its further steps lie apart.
  struct Policy {
    std::string id;
    Text name;
    double accept_s = 0;
    double step_s = 0;
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
    // What the action says besides; its names are those of the schema.
    boost::json::object fields;

    // Empty or nullopt where there is no such field, or one of another type.
    std::string word(const char* field) const;
    std::vector<std::string> words(const char* field) const;
    std::optional<double> number(const char* field) const;
    const boost::json::object* object(const char* field) const;
  };

  std::string id;
  Text title;
  // Beginning of the day, microseconds of UTC; 0 = not said.
  std::int64_t start_us = 0;
  std::vector<Department> departments;
  std::vector<Actor> actors;
  std::vector<Channel> channels;
  std::vector<Policy> policies;
  // By seq.
  std::vector<Event> events;
  // Figures known beforehand.
  boost::json::object expected;

  const Channel* channel(const std::string& channel_id) const;
  const Actor* actor(const std::string& actor_id) const;
  // The first event of this action; null = there is none.
  const Event* first(const std::string& action) const;
};

// The file, checked: known actors and channels, order of seq. A Usage failure names what is wrong.
client::Outcome<Scenario> parse_scenario(const std::string& json);

}  // namespace fenghuo::replay
