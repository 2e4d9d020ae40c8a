// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/command.pb.h"
#include "fenghuo/v1/event.pb.h"
#include "fenghuo/v1/frame.pb.h"
#include "hub/base/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenghuo::core {

// A command with everything that decide() may depend on besides the State and the time. Random
// values come in here; the core makes none.
struct Envelope {
  // Who sends. 0 = the hub itself, or an operator who holds the data folder: may do everything.
  base::EntityId account_id = 0;
  // The token the session was opened with; 0 for the hub.
  base::EntityId token_id = 0;
  // Command id; device empty = not remembered (the hub's own).
  std::string device;
  std::uint64_t n = 0;
  // First 8 bytes of SHA-256 over the command as received.
  std::uint64_t digest = 0;
  // 16 random bytes: the salt of a body this command may write.
  std::string salt;
  v1::Command command;
};

// An event before it has a position, and the stored form of its body (salt, then v1::Body bytes;
// empty = none). `event.body_hash` is already SHA-256 of `body`.
struct Drafted {
  v1::Event event;
  std::string body;
};

// What a command leads to. No events = nothing had to change, or a repeat: `done` says all.
struct Decision {
  std::vector<Drafted> events;
  v1::Reply::Done done;
};

// One fact of the log, decoded. `body` is null when there is none, it was erased, or it was not
// loaded (apply never needs it).
struct Record {
  base::Position position = 0;
  base::TimeUs time_us = 0;
  const v1::Event& event;
  const v1::Body* body = nullptr;
};

}  // namespace fenghuo::core
