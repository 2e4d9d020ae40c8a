// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/saved_login.h"
#include "clients/cli/wording.h"
#include "clients/cpp/client.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace fenghuo::cli {

// Exit codes of every verb.
inline constexpr int exit_done = 0;
inline constexpr int exit_refused = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_unreachable = 3;

// What all verbs share.
struct Setting {
  Language language = Language::En;
  bool json = false;
  std::string ca_file;
};

// Says on stderr what was wrong, with the hub's error name, and returns the exit code.
int report(const client::Failure& failure);

// A line to the hub, open and live.
struct Opened {
  SavedLogin login;
  // Destroyed in reverse order: the client before its store and loop.
  std::unique_ptr<client::Loop> loop;
  std::unique_ptr<client::DeviceStore> store;
  std::unique_ptr<client::Client> client;
};

// When the hub was not reached: with where it was looked for.
client::Failure located(const client::Failure& failure, const std::string& hub);

// Opens and waits; the first failure to connect is Unreachable. Keys and ids of channels are kept
// for `post --queue`.
client::Outcome<Opened> open_line(const Setting& setting);

// What a line is for: to give commands, which are kept until answered, or to follow, which takes
// nobody's place for as long as it runs.
enum class Purpose { Command, Follow };

// The same without waiting for the line.
client::Outcome<Opened> prepare_line(const Setting& setting, Purpose purpose,
                                     client::ClientHandlers handlers,
                                     std::optional<std::uint64_t> since);

// The id of a channel by key or id; from the line, or from what was kept when the hub is away.
client::Outcome<std::uint64_t> channel_id(const client::State& state, const std::string& name);
client::Outcome<std::uint64_t> kept_channel_id(const SavedLogin& login, const std::string& name);

// How long a verb waits for its answer.
inline constexpr std::chrono::seconds patience{15};

}  // namespace fenghuo::cli
