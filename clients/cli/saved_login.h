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

// Where this hub's and account's devices and channel keys are kept: command numbers count per
// device and account, so no two of them may share one.
std::string folder_of(const SavedLogin& login);

// The flag, else FENGHUO_HUB, else http://127.0.0.1:8600.
std::string hub_address(const std::string& flag);

// A kept token is only shown to the hub that gave it. Usage failure when there is neither a kept
// login nor the environment.
client::Outcome<SavedLogin> find_login();
// File `login`, 0600, in a folder 0700.
client::Outcome<void> keep_login(const SavedLogin& login);
void forget_login();

}  // namespace fenghuo::cli
