// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/command.h"
#include "hub/core/state.h"

#include <cstdint>
#include <vector>

namespace fenghuo::core {

// What a record changed beyond its own words: computed by apply so that nobody has to compare
// States. Valid for that one record.
struct Effects {
  struct Membership {
    base::EntityId account_id;
    base::EntityId channel_id;
    bool joined;
  };
  // In deterministic order. A record that moves somebody out and in again lists nothing.
  std::vector<Membership> memberships;
  // Accounts whose sessions must end now (disabled, access expired).
  std::vector<base::EntityId> ended_accounts;
  // Tokens whose sessions must end now.
  std::vector<base::EntityId> ended_tokens;
  // A new message's timeline row.
  struct Timeline {
    base::EntityId channel_id = 0;
    std::uint64_t seq = 0;
    base::EntityId thread_root_id = 0;
  };
  std::vector<Timeline> timeline;
  // Body positions erased by this record: deleted in the same write.
  std::vector<base::Position> erased;
  // Channels whose row (name, topic, members, archive state, hold) changed.
  std::vector<base::EntityId> changed_channels;
  // Accounts whose cursors' counts must be told anew, with the channel (edits, stones, cursors).
  struct Recount {
    base::EntityId account_id;
    base::EntityId channel_id;
    base::EntityId thread_root_id;
  };
  std::vector<Recount> recounts;
  // Receipt rows that changed: told to the author.
  struct Receipt {
    base::EntityId message_id;
    base::EntityId addressee_id;
  };
  std::vector<Receipt> receipts;

  void clear();
};

// The only thing that changes a State. Reads no clock, no random, no environment, no body. Never
// refuses: a record that does not fit is a defect or a damaged log, and stops the process.
// record.position must be state.position() + 1.
void apply(State& state, const Record& record, Effects& effects);

}  // namespace fenghuo::core
