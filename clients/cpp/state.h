// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"

#include <cstdint>
#include <map>
#include <utility>

namespace fenghuo::client {

// What one account sees, but for messages: those are handed through. The reducer is the same from a
// snapshot and from updates: a row replaces another when its revision is higher, a channel that is
// gone drops everything of it. One thread.
class State {
 public:
  // Key of Receipt: message, account. Of Appointment: account, role.
  using Pair = std::pair<std::uint64_t, std::uint64_t>;

  // Forgets everything and takes the snapshot, read at `position` for `account_id`.
  void reset(const v1::Snapshot& snapshot, std::uint64_t account_id, std::uint64_t position);

  // Updates that the snapshot already contains (position not after it) change nothing.
  void apply(const v1::Update& update);

  std::uint64_t account_id() const { return account_id_; }
  const std::map<std::uint64_t, v1::Department>& departments() const { return departments_; }
  const std::map<std::uint64_t, v1::Role>& roles() const { return roles_; }
  const std::map<std::uint64_t, v1::Account>& accounts() const { return accounts_; }
  const std::map<std::uint64_t, v1::Contact>& contacts() const { return contacts_; }
  const std::map<Pair, v1::Appointment>& appointments() const { return appointments_; }
  const std::map<std::uint64_t, v1::ChannelState>& channels() const { return channels_; }

  const std::map<Pair, v1::Receipt>& receipts() const { return receipts_; }

  // Open rows of coordination by kind (v1::RowKind, also kinds this client does not know) and id,
  // each as the update that brought it.
  const std::map<std::pair<int, std::uint64_t>, v1::Update>& rows() const { return rows_; }

  // The channel with this key, or with this id in decimal; null when the account sees none.
  const v1::ChannelState* find_channel(const std::string& key_or_id) const;
  // By key; null when there is none.
  const v1::Role* find_role(const std::string& key) const;
  const v1::Account* find_account(const std::string& key) const;
  // The account's own appointment to the role, not ended.
  bool appointed(std::uint64_t role_id) const;

 private:
  void apply_channel(const v1::ChannelState& row);
  void apply_message(const v1::Message& message);
  void apply_cursor(const v1::Cursor& cursor);
  void drop_channel(std::uint64_t channel_id);
  void apply_row(const v1::Update& update);
  bool concerns_me(const v1::Message& message) const;

  std::uint64_t account_id_ = 0;
  std::uint64_t snapshot_position_ = 0;
  std::map<std::uint64_t, v1::Department> departments_;
  std::map<std::uint64_t, v1::Role> roles_;
  std::map<std::uint64_t, v1::Account> accounts_;
  std::map<std::uint64_t, v1::Contact> contacts_;
  std::map<Pair, v1::Appointment> appointments_;
  std::map<std::uint64_t, v1::ChannelState> channels_;

  std::map<Pair, v1::Receipt> receipts_;
  std::map<std::pair<int, std::uint64_t>, v1::Update> rows_;
};

}  // namespace fenghuo::client
