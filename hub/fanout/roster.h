// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "hub/core/state.h"
#include "hub/fanout/encoded_commit.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace fenghuo::fanout {

// Who of a shard's sessions sees what: the visible channels of each account, once, and the sessions
// of each channel. A session is a small number, its seat. One thread.
class Roster {
 public:
  using Seat = std::uint32_t;
  struct Account {
    base::EntityId id = 0;
    bool guest = false;
    // Visible channels, ascending by channel.
    std::vector<core::State::Joined> channels;
    std::vector<Seat> seats;
  };

  // nullptr = no session of it here. Valid until the account is removed.
  const Account* find(base::EntityId account_id) const;
  // The account's first session: its channels as they are now.
  const Account& add(base::EntityId account_id, bool guest,
                     std::vector<core::State::Joined> channels);
  void seat(base::EntityId account_id, Seat seat);
  // The account goes with its last seat.
  void unseat(base::EntityId account_id, Seat seat);

  void apply(const EncodedCommit::Membership& membership);

  // Whether the account may see the slice now: it saw it at its position, has belonged to the
  // channel since, and still does. Of the record that makes it join, it sees what is for it alone.
  static bool sees(const Account& account, const EncodedCommit::Slice& slice);

  // Seats of those who belong to the audience now, in no order.
  const std::vector<Seat>& seats(const core::Audience& audience) const;

 private:
  void enter(base::EntityId channel_id, Seat seat);
  void leave(base::EntityId channel_id, Seat seat);

  std::unordered_map<base::EntityId, Account> accounts_;
  std::unordered_map<base::EntityId, std::vector<Seat>> channels_;
  std::vector<Seat> staff_;
  std::vector<Seat> guests_;
};

}  // namespace fenghuo::fanout
