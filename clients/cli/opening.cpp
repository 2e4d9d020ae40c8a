// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/opening.h"

#include <fmt/format.h>

#include <cstdlib>
#include <sstream>

namespace fenghuo::cli {
namespace {

std::string channels_file(const SavedLogin& login) { return folder_of(login) + "/channels"; }

void keep_channels(const SavedLogin& login, const client::State& state) {
  std::string text;
  for (const auto& [id, row] : state.channels()) {
    if (!row.channel().key().empty()) text += fmt::format("{} {}\n", row.channel().key(), id);
  }
  // Only a convenience for --queue: failing to keep it changes nothing now.
  (void)client::replace_file(channels_file(login), text).has_value();
}

client::Failure no_channel(const std::string& name) {
  v1::Error error;
  error.set_code(v1::ERROR_CODE_NOT_FOUND);
  error.set_name("not_found");
  error.set_message("no such channel: " + name + " (fenghuo channels lists yours)");
  return client::Failure(error);
}

}  // namespace

int report(const client::Failure& failure) {
  switch (failure.kind()) {
    case client::Failure::Kind::Refused: {
      const v1::Error& error = failure.error();
      const std::string where = error.field().empty() ? "" : error.field() + ": ";
      fmt::print(stderr, "fenghuo: {} ({}): {}{}\n", error.name(), static_cast<int>(error.code()),
                 where, failure.message());
      for (const auto& param : error.params()) {
        fmt::print(stderr, "  {} = {}\n", param.name(), param.value());
      }
      return exit_refused;
    }
    case client::Failure::Kind::Usage:
      fmt::print(stderr, "fenghuo: {}\n", failure.message());
      return exit_usage;
    case client::Failure::Kind::Unreachable:
      fmt::print(stderr, "fenghuo: hub unreachable: {}\n", failure.message());
      return exit_unreachable;
    case client::Failure::Kind::Local:
      fmt::print(stderr, "fenghuo: {}\n", failure.message());
      return exit_usage;
  }
  return exit_usage;
}

client::Failure located(const client::Failure& failure, const std::string& hub) {
  if (failure.kind() != client::Failure::Kind::Unreachable) return failure;
  return client::Failure(failure.kind(), hub + ": " + failure.message());
}

client::Outcome<Opened> prepare_line(const Setting& setting, Purpose purpose,
                                     client::ClientHandlers handlers,
                                     std::optional<std::uint64_t> since) {
  Opened opened;
  auto login = find_login();
  if (!login) return login.error();
  opened.login = *login;
  auto address = client::parse_address(opened.login.hub);
  if (!address) return address.error();
  client::ClientOptions options;
  if (purpose == Purpose::Follow) {
    // Nothing is kept, so any name that nobody else uses will do.
    options.device = client::new_device_name("tail");
  } else {
    auto store = client::DeviceStore::open_free(folder_of(opened.login));
    if (!store) return store.error();
    opened.store = std::make_unique<client::DeviceStore>(std::move(*store));
    options.store = opened.store.get();
  }
  opened.loop = std::make_unique<client::Loop>();
  options.address = *address;
  options.tls.ca_file = setting.ca_file;
  options.token = opened.login.token;
  options.client_name = "fenghuo-cli/0.1";
  options.since = since;
  opened.client =
      std::make_unique<client::Client>(*opened.loop, std::move(options), std::move(handlers));
  opened.client->start();
  return opened;
}

client::Outcome<Opened> open_line(const Setting& setting) {
  auto opened = prepare_line(setting, Purpose::Command, {}, std::nullopt);
  if (!opened) return opened.error();
  const auto live = opened->client->wait_live(patience, true);
  if (!live) return located(live.error(), opened->login.hub);
  use_zone(opened->client->welcome().zone());
  keep_channels(opened->login, opened->client->state());
  return opened;
}

client::Outcome<std::uint64_t> channel_id(const client::State& state, const std::string& name) {
  const auto* row = state.find_channel(name);
  if (row == nullptr) return no_channel(name);
  return row->channel().id();
}

client::Outcome<std::uint64_t> kept_channel_id(const SavedLogin& login, const std::string& name) {
  if (!name.empty() && name.find_first_not_of("0123456789") == std::string::npos) {
    return static_cast<std::uint64_t>(std::strtoull(name.c_str(), nullptr, 10));
  }
  if (const auto text = client::read_file(channels_file(login))) {
    std::istringstream lines(*text);
    std::string key;
    std::uint64_t id = 0;
    while (lines >> key >> id) {
      if (key == name) return id;
    }
  }
  return no_channel(name);
}

}  // namespace fenghuo::cli
