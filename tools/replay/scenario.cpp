// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/scenario.h"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
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
    event.fields = fields->as_object();
    event.priority = event.word("priority");
  }
  return event;
}

// "2026-05-13T01:40:00+08:00"; 0 = not such a text.
std::int64_t instant_of(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  char sign = '+';
  int zone_hour = 0;
  int zone_minute = 0;
  const int read = std::sscanf(text.c_str(), "%d-%u-%uT%d:%d:%d%c%d:%d", &year, &month, &day, &hour,
                               &minute, &second, &sign, &zone_hour, &zone_minute);
  if (read != 9) return 0;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return 0;
  const int zone_s = (zone_hour * 60 + zone_minute) * 60 * (sign == '-' ? -1 : 1);
  const auto at = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                  std::chrono::minutes(minute) + std::chrono::seconds(second - zone_s);
  return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

Scenario read(const json::object& object) {
  Scenario scenario;
  scenario.id = text_at(object, "id");
  scenario.title = texts_at(object, "title");
  scenario.start_us = instant_of(text_at(object, "t0_local"));
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
  if (const json::value* policies = object.if_contains("escalation_policies")) {
    for (const auto& value : policies->as_array()) {
      const auto& row = value.as_object();
      scenario.policies.push_back({text_at(row, "id"), texts_at(row, "name"),
                                   row.at("ack_deadline_s").to_number<double>(),
                                   row.at("step_s").to_number<double>()});
    }
  }
  for (const auto& value : object.at("events").as_array()) {
    scenario.events.push_back(read_event(value.as_object()));
  }
  std::stable_sort(scenario.events.begin(), scenario.events.end(),
                   [](const auto& a, const auto& b) { return a.seq < b.seq; });
  if (const json::value* expected = object.if_contains("expected")) {
    scenario.expected = expected->as_object();
  }
  return scenario;
}

client::Failure wrong(const std::string& what) {
  return client::Failure(client::Failure::Kind::Usage, "scenario: " + what);
}

}  // namespace

std::string Scenario::Event::word(const char* field) const { return text_at(fields, field); }

std::vector<std::string> Scenario::Event::words(const char* field) const {
  std::vector<std::string> all;
  const json::value* value = fields.if_contains(field);
  if (value == nullptr || !value->is_array()) return all;
  for (const auto& one : value->as_array()) {
    if (one.is_string()) all.emplace_back(one.as_string());
  }
  return all;
}

std::optional<double> Scenario::Event::number(const char* field) const {
  const json::value* value = fields.if_contains(field);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

const json::object* Scenario::Event::object(const char* field) const {
  const json::value* value = fields.if_contains(field);
  return value == nullptr ? nullptr : value->if_object();
}

const Scenario::Channel* Scenario::channel(const std::string& channel_id) const {
  const auto it = std::find_if(channels.begin(), channels.end(),
                               [&](const Channel& channel) { return channel.id == channel_id; });
  return it == channels.end() ? nullptr : &*it;
}

const Scenario::Actor* Scenario::actor(const std::string& actor_id) const {
  const auto it = std::find_if(actors.begin(), actors.end(),
                               [&](const Actor& actor) { return actor.id == actor_id; });
  return it == actors.end() ? nullptr : &*it;
}

const Scenario::Event* Scenario::first(const std::string& action) const {
  const auto it = std::find_if(events.begin(), events.end(),
                               [&](const Event& event) { return event.action == action; });
  return it == events.end() ? nullptr : &*it;
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
