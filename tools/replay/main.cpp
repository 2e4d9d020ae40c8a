// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/device_store.h"
#include "tools/replay/comparison.h"
#include "tools/replay/play.h"
#include "tools/replay/socket_stage.h"
#include "tools/replay/virtual_stage.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace fenghuo;

struct Options {
  std::string file;
  std::string hub = "http://127.0.0.1:8600";
  std::string token_file;
  bool in_core = false;
  replay::SocketStage::Options socket;
};

int fail(const client::Failure& failure) {
  fmt::print(stderr, "fenghuo-replay: {}\n", failure.message());
  switch (failure.kind()) {
    case client::Failure::Kind::Refused: return 1;
    case client::Failure::Kind::Unreachable: return 3;
    case client::Failure::Kind::Usage:
    case client::Failure::Kind::Local: return 2;
  }
  return 2;
}

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

std::string day_clock(double t) {
  const auto seconds = static_cast<std::uint64_t>(t);
  return fmt::format("+{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void print(const replay::Scenario& scenario, const replay::Play::Outcome& one) {
  const replay::Scenario::Event& event = *one.event;
  fmt::print("{} {:>2}/{} {:<10} {:<20} {}  {}\n", day_clock(event.t), event.seq,
             scenario.events.size(), event.channel, event.action,
             one.otherwise.empty() ? "as recorded" : one.otherwise, event.text.zh);
  std::fflush(stdout);
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("scenario", options.file, "Scenario file")->required()->check(CLI::ExistingFile);
  app.add_flag("--virtual", options.in_core,
               "In the hub's core itself, on a clock that does not wait; no hub is needed");
  app.add_option("--hub", options.hub, "Address of the hub")
      ->envname("FENGHUO_HUB")
      ->capture_default_str();
  app.add_option("--admin-token-file", options.token_file, "File with an administrator's token")
      ->check(CLI::ExistingFile);
  app.add_option("--speed", options.socket.speed,
                 "Times as fast as recorded, as the hub's --clock-speed; 0 = without waiting")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option("--ca-file", options.socket.tls.ca_file, "Authorities for https hubs (PEM)");
}

client::Outcome<std::unique_ptr<replay::Stage>> open_stage(const replay::Scenario& scenario,
                                                           Options& options) {
  if (options.in_core) return std::make_unique<replay::VirtualStage>(scenario.start_us);
  if (options.token_file.empty()) {
    return client::Failure(client::Failure::Kind::Usage,
                           "--admin-token-file is needed, or --virtual");
  }
  const auto address = client::parse_address(options.hub);
  if (!address) return address.error();
  const auto token = client::read_file(options.token_file);
  if (!token) return token.error();
  options.socket.address = *address;
  options.socket.admin_token = without_line_end(*token);
  options.socket.label = "replay of " + scenario.id;
  if (options.socket.speed == 0) options.socket.speed = std::numeric_limits<double>::infinity();
  auto stage = std::make_unique<replay::SocketStage>(options.socket);
  if (const auto open = stage->open(); !open) return open.error();
  if (!stage->keeps_time()) {
    fmt::print(stderr,
               "fenghuo-replay: the hub's clock does not run as fast as this replay: what the hub "
               "does by itself is not compared\n");
  }
  return stage;
}

// The figures, where they differ from those known, and the exit code.
int conclude(const replay::Scenario& scenario, const replay::Stage& stage, replay::Play& play) {
  const auto computed = play.hub_figures();
  if (!computed) return fail(computed.error());
  const auto& played = play.figures();
  boost::json::object all = replay::as_json(*computed);
  all["scenario"] = scenario.id;
  all["events"] = played.events;
  all["own"] = played.own;
  all["unexpected"] = played.unexpected;
  std::vector<std::string> others;
  if (stage.keeps_time()) {
    others = replay::differences(scenario.expected, *computed,
                                 static_cast<double>(stage.tolerance()) / 1e6);
  }
  const auto* known = scenario.expected.if_contains("events");
  if (known != nullptr && known->to_number<std::uint64_t>() != played.events) {
    others.push_back("events: recorded " + boost::json::serialize(*known));
  }
  for (const std::string& one : others) fmt::print(stderr, "fenghuo-replay: {}\n", one);
  fmt::print("{}\n", boost::json::serialize(all));
  return played.unexpected == 0 && others.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "fenghuo-replay: plays a recorded day as its people, into a running hub or in its core.\n"
      "People and bots act; what the hub is to do by itself is compared with the record. The last "
      "line is one JSON object.\n"
      "Exit codes: 0 as recorded, 1 something went otherwise, 2 usage, 3 hub unreachable."};
  app.footer(
      "Examples:\n  fenghuo-replay deploy/scenarios/chemical_plant.json --virtual\n"
      "  fenghuo-replay deploy/scenarios/chemical_plant.json --hub http://127.0.0.1:8600 "
      "--admin-token-file admin.token --speed 60");
  Options options;
  add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto text = client::read_file(options.file);
  if (!text) return fail(text.error());
  const auto scenario = replay::parse_scenario(*text);
  if (!scenario) return fail(scenario.error());
  const auto stage = open_stage(*scenario, options);
  if (!stage) return fail(stage.error());
  replay::Play play(*scenario, **stage);
  if (const auto ready = play.prepare(); !ready) return fail(ready.error());
  const auto played = play.play(std::numeric_limits<double>::infinity(),
                                [&](const replay::Play::Outcome& one) { print(*scenario, one); });
  if (!played) return fail(played.error());
  return conclude(*scenario, **stage, play);
}
