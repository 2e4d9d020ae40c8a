// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/outcome.h"

#include <cstdint>
#include <string>

namespace fenghuo::cli {

// Who talks to which hub. FENGHUO_HUB and FENGHUO_TOKEN win over what `login` kept.
struct SavedLogin {
  std::string hub;
  std::string token;
  std::string account;
  std::uint64_t token_id = 0;
};

// $XDG_STATE_HOME/fenghuo, else ~/.local/state/fenghuo.
std::string state_folder();

// Usage failure when there is neither a kept login nor the environment.
client::Outcome<SavedLogin> find_login();
// File `login`, 0600, in a folder 0700.
client::Outcome<void> keep_login(const SavedLogin& login);
void forget_login();

}  // namespace fenghuo::cli
