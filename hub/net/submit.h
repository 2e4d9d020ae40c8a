// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/engine/engine.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace fenghuo::net {

// A client's command on its way to the engine.
struct Incoming {
  // Commands of one session keep their order; 0 = no order needed.
  std::uint64_t session = 0;
  base::EntityId account_id = 0;
  base::EntityId token_id = 0;
  // Command id; device empty = none.
  std::string device;
  std::uint64_t n = 0;
  std::uint64_t digest = 0;
  std::size_t bytes = 0;
  v1::Command command;
  std::function<void(v1::Reply)> reply;
};

// Adds what a client may not choose (the salt), checks what only the edge can (a password hash made
// elsewhere), and hands it over. Nothing = the reply will come; an error = it will not.
std::optional<base::Error> submit(engine::Engine& engine, Incoming incoming);

}  // namespace fenghuo::net
