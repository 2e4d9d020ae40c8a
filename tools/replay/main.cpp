// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/device_store.h"
#include "tools/replay/player.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <limits>

namespace {

using namespace fenghuo;

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

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "fenghuo-replay: plays a recorded day into a running hub, as its people.\n"
      "Every event appears as a message of its actor in its channel. The last line is one "
      "JSON object.\nExit codes: 0 as recorded, 1 something went otherwise, 2 usage, 3 hub "
      "unreachable."};
  app.footer(
      "Example:\n  fenghuo-replay deploy/scenarios/chemical_plant.json "
      "--hub http://127.0.0.1:8600 --admin-token-file admin.token --speed 600");
  std::string file;
  std::string hub = "http://127.0.0.1:8600";
  std::string token_file;
  replay::Player::Options options;
  app.add_option("scenario", file, "Scenario file")->required()->check(CLI::ExistingFile);
  app.add_option("--hub", hub, "Address of the hub")->envname("FENGHUO_HUB")->capture_default_str();
  app.add_option("--admin-token-file", token_file, "File with an administrator's token")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--speed", options.speed, "Times as fast as recorded; 0 = without waiting")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option("--ca-file", options.tls.ca_file, "Authorities for https hubs (PEM)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (options.speed == 0) options.speed = std::numeric_limits<double>::infinity();

  const auto text = client::read_file(file);
  if (!text) return fail(text.error());
  const auto scenario = replay::parse_scenario(*text);
  if (!scenario) return fail(scenario.error());
  const auto address = client::parse_address(hub);
  if (!address) return fail(address.error());
  options.address = *address;
  const auto token = client::read_file(token_file);
  if (!token) return fail(token.error());
  options.admin_token = without_line_end(*token);

  replay::Player player(*scenario, options);
  if (const auto ready = player.prepare(); !ready) return fail(ready.error());
  const auto figures = player.play();
  if (!figures) return fail(figures.error());
  const auto known = scenario->expected.find("events");
  const bool as_expected =
      known == scenario->expected.end() || known->second == static_cast<double>(figures->events);
  fmt::print(
      "{{\"scenario\":\"{}\",\"events\":{},\"stored\":{},\"refused\":{},\"unexpected\":{}}}\n",
      scenario->id, figures->events, figures->stored, figures->refused, figures->unexpected);
  return figures->unexpected == 0 && as_expected ? 0 : 1;
}
