// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/opening.h"
#include "clients/cli/times.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace fenghuo::cli {

// 代录: the sender records what another said. Giver empty = speaks for himself.
struct SpokenFor {
  // Role, contact or account, by key.
  std::string giver;
  std::string medium = "phone";
  // As parse_time takes it; empty = now.
  std::string stated_at;
  std::string reference;
};

// In which role, and for whom. Role empty = the only one the account belongs to; in its own name
// when there are several.
struct Signature {
  std::string role;
  SpokenFor spoken;
};

// Hub time when the line was opened: what is given as "now" lies not after the hub's.
std::int64_t hub_now_us(const Opened& opened);

// A time the user typed; empty = 0. Usage failure naming the option.
client::Outcome<std::int64_t> time_of(const Opened& opened, const std::string& text, Side side,
                                      const char* option);

// What the user decides about: shown before the command goes, again when it was done, and when the
// hub refused it, as it is then.
struct About {
  std::vector<std::string> before;
  // Reads it anew; id = what the command made, 0 = nothing or refused. Empty = there is none.
  std::function<std::vector<std::string>(std::uint64_t id)> now;
};

// Signs, sends, says what came of it and returns the exit code.
int send(const Setting& setting, Opened& opened, const Signature& signature, v1::Command command,
         const About& about = {});

}  // namespace fenghuo::cli
