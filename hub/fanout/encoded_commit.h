// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "hub/core/project.h"
#include "hub/session/codec.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::fanout {

// A commit as it is sent: each update encoded once, with the audience of each. Immutable and shared
// by all shards. JSON is made on first demand.
class EncodedCommit {
 public:
  struct Slice {
    core::Audience audience;
    base::Position position = 0;
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
  };
  struct Membership {
    base::EntityId account_id = 0;
    base::EntityId channel_id = 0;
    base::Position position = 0;
    bool joined = false;
  };
  struct Bell {
    core::Audience audience;
    v1::Bell bell;
  };

  // Everything in (after, through].
  base::Position after = 0;
  base::Position through = 0;
  base::TimeUs time_us = 0;
  // In order of position.
  std::vector<Slice> slices;
  std::vector<Membership> memberships;
  std::vector<Bell> bells;
  std::vector<base::EntityId> ended_accounts;
  std::vector<base::EntityId> ended_tokens;

  std::string_view bytes(session::Format format, std::size_t slice) const;
  // For the ring's limit.
  std::size_t size_bytes() const;

  // Only the encoder fills it.
  std::vector<v1::Update> updates;  // kept for JSON; index = slice
  std::string binary;

 private:
  mutable std::once_flag json_once_;
  mutable std::vector<std::string> json_;
};

}  // namespace fenghuo::fanout
