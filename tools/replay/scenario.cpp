// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/scenario.h"

#include <boost/json.hpp>

#include <algorithm>
#include <exception>

namespace fenghuo::replay {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

Scenario::Text texts_at(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_object()) return {};
  return {text_at(value->as_object(), "zh"), text_at(value->as_object(), "en")};
}

Scenario::Event read_event(const json::object& object) {
  Scenario::Event event;
  event.seq = object.at("seq").to_number<std::uint64_t>();
  event.t = object.at("t").to_number<double>();
  event.actor = text_at(object, "actor");
  event.action = text_at(object, "action");
  event.channel = text_at(object, "channel");
  event.text = texts_at(object, "text");
  event.expect_refused = text_at(object, "expect_refused");
  if (const json::value* fields = object.if_contains("fields"); fields && fields->is_object()) {
    event.priority = text_at(fields->as_object(), "priority");
  }
  return event;
}

Scenario read(const json::object& object) {
  Scenario scenario;
  scenario.id = text_at(object, "id");
  scenario.title = texts_at(object, "title");
  for (const auto& row : object.at("departments").as_array()) {
    scenario.departments.push_back(
        {text_at(row.as_object(), "id"), texts_at(row.as_object(), "name")});
  }
  for (const auto& value : object.at("actors").as_array()) {
    const auto& row = value.as_object();
    scenario.actors.push_back({text_at(row, "id"), text_at(row, "kind"), texts_at(row, "name"),
                               text_at(row, "department"), texts_at(row, "role")});
  }
  for (const auto& value : object.at("channels").as_array()) {
    const auto& row = value.as_object();
    scenario.channels.push_back({text_at(row, "id"), text_at(row, "kind"), texts_at(row, "name")});
  }
  for (const auto& value : object.at("events").as_array()) {
    scenario.events.push_back(read_event(value.as_object()));
  }
  std::stable_sort(scenario.events.begin(), scenario.events.end(),
                   [](const auto& a, const auto& b) { return a.seq < b.seq; });
  if (const json::value* expected = object.if_contains("expected")) {
    for (const auto& [name, value] : expected->as_object()) {
      if (value.is_number()) scenario.expected[std::string(name)] = value.to_number<double>();
    }
  }
  return scenario;
}

client::Failure wrong(const std::string& what) {
  return client::Failure(client::Failure::Kind::Usage, "scenario: " + what);
}

}  // namespace

const Scenario::Channel* Scenario::channel(const std::string& channel_id) const {
  const auto it = std::find_if(channels.begin(), channels.end(),
                               [&](const Channel& channel) { return channel.id == channel_id; });
  return it == channels.end() ? nullptr : &*it;
}

client::Outcome<Scenario> parse_scenario(const std::string& text) {
  Scenario scenario;
  try {
    scenario = read(json::parse(text).as_object());
  } catch (const std::exception& error) {
    return wrong(error.what());
  }
  if (scenario.channels.empty()) return wrong("no channels");
  for (auto& event : scenario.events) {
    const std::string where = "event " + std::to_string(event.seq) + ": ";
    const auto is_actor = [&](const Scenario::Actor& actor) { return actor.id == event.actor; };
    if (std::none_of(scenario.actors.begin(), scenario.actors.end(), is_actor)) {
      return wrong(where + "unknown actor " + event.actor);
    }
    if (event.channel.empty()) event.channel = scenario.channels.front().id;
    if (scenario.channel(event.channel) == nullptr) {
      return wrong(where + "unknown channel " + event.channel);
    }
  }
  return scenario;
}

}  // namespace fenghuo::replay
