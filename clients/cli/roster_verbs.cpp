// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/roster_verbs.h"

#include "clients/cli/roster_wording.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <utility>

namespace fenghuo::cli {
namespace {

using Kind = client::Failure::Kind;
constexpr std::int64_t us_per_day = 24LL * 3'600 * 1'000'000;

client::Failure usage(std::string what) { return {Kind::Usage, std::move(what)}; }

client::Outcome<std::string> text_of_file(const std::string& file) {
  if (file == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::ifstream from(file, std::ios::binary);
  if (!from) return usage("cannot read " + file);
  std::ostringstream text;
  text << from.rdbuf();
  return std::move(text).str();
}

client::Outcome<v1::QueryResult> ask(Opened& opened, const v1::Query& query) {
  auto result = opened.client->ask(query, patience);
  if (result && result->has_refused()) return client::Failure(result->refused());
  return result;
}

int tell_problems(const Setting& setting, const std::string& file, const v1::RosterResult& roster) {
  for (const v1::RosterResult::Problem& problem : roster.problems()) {
    if (setting.json) {
      fmt::print("{}\n", json_line(problem));
    } else {
      fmt::print(stderr, "{}\n", problem_line(file, problem));
    }
  }
  fmt::print(stderr, "fenghuo: {} problem{}; nothing was stored\n", roster.problems_size(),
             roster.problems_size() == 1 ? "" : "s");
  return exit_refused;
}

int store(const Setting& setting, Opened& opened, const v1::RosterResult& roster) {
  v1::Command command;
  *command.mutable_put_shifts() = roster.put();
  const auto reply = opened.client->call(command, patience, true);
  if (!reply) {
    if (reply.error().kind() == Kind::Refused) {
      fmt::print(stderr, "fenghuo: nothing was stored; if others plan at this moment, try again\n");
    }
    return report(reply.error());
  }
  if (setting.json) {
    fmt::print("{}\n", json_line(*reply));
  } else {
    fmt::print("stored (position {})\n", reply->position());
  }
  return exit_done;
}

// Checks, shows, stores.
int settle(const Setting& setting, const std::string& file, v1::RosterQuery roster_query,
           const RosterOptions& options) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  roster_query.set_zone(options.zone);
  roster_query.set_replace(options.replace);
  roster_query.set_shared(options.shared);
  v1::Query query;
  *query.mutable_roster() = std::move(roster_query);
  const auto result = ask(*opened, query);
  if (!result) return report(result.error());
  const v1::RosterResult& roster = result->roster();
  if (!roster.problems().empty()) return tell_problems(setting, file, roster);
  const client::State state = opened->client->state();
  for (const v1::Shift& shift : roster.put().shifts()) {
    fmt::print("{}\n",
               setting.json ? json_line(shift) : shift_line(shift, state, setting.language));
  }
  if (!setting.json) fmt::print("{}\n", roster_summary(roster, setting.language));
  if (options.preview || roster.put().shifts().empty()) return exit_done;
  return store(setting, *opened, roster);
}

}  // namespace

int run_duty_import(const Setting& setting, const std::string& file, const RosterOptions& options) {
  const auto text = text_of_file(file);
  if (!text) return report(text.error());
  v1::RosterQuery query;
  query.set_table(*text);
  return settle(setting, file, std::move(query), options);
}

int run_duty_rotate(const Setting& setting, const RotateArguments& arguments) {
  v1::RosterQuery query;
  v1::Rotation& rotation = *query.mutable_rotation();
  rotation.set_key(arguments.key.empty() ? arguments.role : arguments.key);
  rotation.set_role(arguments.role);
  rotation.set_standing(arguments.standing == "deputy"   ? v1::Appointment::STANDING_DEPUTY
                        : arguments.standing == "leader" ? v1::Appointment::STANDING_LEADER
                                                         : v1::Appointment::STANDING_PRIMARY);
  for (const std::string& words : arguments.people) {
    std::istringstream parts(words);
    for (std::string one; std::getline(parts, one, ',');) {
      if (!one.empty()) rotation.add_people(one);
    }
  }
  rotation.set_first(arguments.first);
  rotation.set_until(arguments.until);
  rotation.set_every(arguments.every);
  return settle(setting, "rotation", std::move(query), arguments.options);
}

int run_duty_preview(const Setting& setting, const std::string& role, std::uint32_t days) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  const auto* found = state.find_role(role);
  if (found == nullptr) return report(usage("no role " + role));
  v1::Query query;
  v1::TurnsQuery& turns = *query.mutable_turns();
  turns.set_role_id(found->id());
  // The hub's clock decides what "now" is; a drill world has its own.
  v1::Query now;
  now.mutable_duty()->set_role_id(found->id());
  const auto duty = ask(*opened, now);
  if (!duty) return report(duty.error());
  turns.set_from_us(duty->duty().at_us());
  turns.set_until_us(duty->duty().at_us() + days * us_per_day);
  const auto result = ask(*opened, query);
  if (!result) return report(result.error());
  for (const v1::TurnsResult::Turn& turn : result->turns().turns()) {
    fmt::print("{}\n", setting.json ? json_line(turn) : turn_line(turn, state, setting.language));
  }
  if (!setting.json && result->turns().turns().empty()) fmt::print("nobody changes\n");
  if (result->turns().more()) fmt::print(stderr, "fenghuo: there are more; ask for fewer days\n");
  return exit_done;
}

}  // namespace fenghuo::cli
