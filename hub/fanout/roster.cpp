// SPDX-License-Identifier: Apache-2.0
#include "hub/fanout/roster.h"

#include "hub/base/check.h"

#include <algorithm>

namespace fenghuo::fanout {

namespace {

using Joined = core::State::Joined;

auto place_of(auto& channels, base::EntityId channel_id) {
  return std::lower_bound(
      channels.begin(), channels.end(), channel_id,
      [](const Joined& joined, base::EntityId id) { return joined.channel_id < id; });
}

void remove(std::vector<Roster::Seat>& seats, Roster::Seat seat) {
  const auto at = std::find(seats.begin(), seats.end(), seat);
  FENGHUO_CHECK(at != seats.end());
  *at = seats.back();
  seats.pop_back();
}

const std::vector<Roster::Seat> nobody;

}  // namespace

const Roster::Account* Roster::find(base::EntityId account_id) const {
  const auto at = accounts_.find(account_id);
  return at == accounts_.end() ? nullptr : &at->second;
}

const Roster::Account& Roster::add(base::EntityId account_id, bool guest,
                                   std::vector<Joined> channels) {
  std::sort(channels.begin(), channels.end(),
            [](const Joined& a, const Joined& b) { return a.channel_id < b.channel_id; });
  const auto [at, added] =
      accounts_.emplace(account_id, Account{account_id, guest, std::move(channels), {}});
  FENGHUO_CHECK(added);
  return at->second;
}

void Roster::seat(base::EntityId account_id, Seat seat) {
  Account& account = accounts_.at(account_id);
  account.seats.push_back(seat);
  for (const Joined& joined : account.channels) enter(joined.channel_id, seat);
  (account.guest ? guests_ : staff_).push_back(seat);
}

void Roster::unseat(base::EntityId account_id, Seat seat) {
  Account& account = accounts_.at(account_id);
  remove(account.seats, seat);
  for (const Joined& joined : account.channels) leave(joined.channel_id, seat);
  remove(account.guest ? guests_ : staff_, seat);
  if (account.seats.empty()) accounts_.erase(account_id);
}

void Roster::enter(base::EntityId channel_id, Seat seat) { channels_[channel_id].push_back(seat); }

void Roster::leave(base::EntityId channel_id, Seat seat) {
  const auto at = channels_.find(channel_id);
  FENGHUO_CHECK(at != channels_.end());
  remove(at->second, seat);
  if (at->second.empty()) channels_.erase(at);
}

void Roster::apply(const EncodedCommit::Membership& membership) {
  const auto found = accounts_.find(membership.account_id);
  if (found == accounts_.end()) return;
  Account& account = found->second;
  const auto at = place_of(account.channels, membership.channel_id);
  const bool belongs = at != account.channels.end() && at->channel_id == membership.channel_id;
  if (membership.joined) {
    if (belongs) {
      at->since = membership.position;
      return;
    }
    account.channels.insert(at, {membership.channel_id, membership.position});
    for (const Seat seat : account.seats) enter(membership.channel_id, seat);
  } else if (belongs) {
    account.channels.erase(at);
    for (const Seat seat : account.seats) leave(membership.channel_id, seat);
  }
}

bool Roster::sees(const Account& account, const EncodedCommit::Slice& slice) {
  const auto since = [&account](base::EntityId channel_id) -> base::Position {
    const auto at = place_of(account.channels, channel_id);
    const bool belongs = at != account.channels.end() && at->channel_id == channel_id;
    return belongs ? at->since : ~base::Position{0};
  };
  switch (slice.audience.kind) {
    case core::Audience::Kind::Staff: return !account.guest;
    case core::Audience::Kind::Guests: return account.guest;
    case core::Audience::Kind::Channel: return since(slice.audience.id) < slice.position;
    case core::Audience::Kind::Account:
      return slice.audience.id == account.id &&
             (slice.channel_id == 0 || since(slice.channel_id) <= slice.position);
  }
  return false;
}

const std::vector<Roster::Seat>& Roster::seats(const core::Audience& audience) const {
  switch (audience.kind) {
    case core::Audience::Kind::Staff: return staff_;
    case core::Audience::Kind::Guests: return guests_;
    case core::Audience::Kind::Channel: {
      const auto at = channels_.find(audience.id);
      return at == channels_.end() ? nobody : at->second;
    }
    case core::Audience::Kind::Account: {
      const Account* account = find(audience.id);
      return account == nullptr ? nobody : account->seats;
    }
  }
  return nobody;
}

}  // namespace fenghuo::fanout
