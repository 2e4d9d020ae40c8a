// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/types.h"
#include "hub/core/project.h"
#include "hub/session/codec.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::fanout {

// A commit as it is sent: each update encoded once, with the audience of each. Immutable once
// published, and shared by all shards. JSON is made on first demand. Any thread.
class EncodedCommit {
 public:
  // One update.
  struct Slice {
    core::Audience audience;
    // The channel it tells about; 0 = none, or that the channel is gone.
    base::EntityId channel_id = 0;
    // The message whose text it carries; 0 = none, or a stone.
    base::EntityId message_id = 0;
    base::Position position = 0;
    std::size_t offset = 0;
    std::size_t length = 0;
  };
  struct Membership {
    base::EntityId account_id = 0;
    base::EntityId channel_id = 0;
    base::Position position = 0;
    bool joined = false;
  };
  // From here on the message's texts are gone.
  struct Stone {
    base::EntityId message_id = 0;
    base::Position position = 0;
  };
  struct Bell {
    core::Audience audience;
    // The author needs no bell.
    base::EntityId except_account_id = 0;
    v1::Bell bell;
  };

  // Everything in (after, through].
  base::Position after = 0;
  base::Position through = 0;
  base::TimeUs time_us = 0;
  // In order of position, and so are their bytes.
  std::vector<Slice> slices;
  std::vector<Stone> stones;
  std::vector<Membership> memberships;
  std::vector<Bell> bells;
  std::vector<base::EntityId> ended_accounts;
  std::vector<base::EntityId> ended_tokens;

  // One slice as a piece for session::encode_batch. Binary: slices that follow each other are
  // adjacent in memory, so that their pieces may be joined.
  std::string_view bytes(session::Format format, std::size_t slice) const;
  // Memory in use, for the ring's limit. Grows once, when JSON is first asked for.
  std::size_t size_bytes() const;

  // Only the encoder: adds a slice at the end.
  void append(const core::Audience& audience, const v1::Update& update);

 private:
  std::string binary_;
  mutable std::once_flag json_once_;
  mutable std::vector<std::string> json_;
  mutable std::atomic<std::size_t> json_bytes_ = 0;
};

}  // namespace fenghuo::fanout
