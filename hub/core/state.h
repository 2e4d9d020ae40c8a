// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/event.pb.h"
#include "fenghuo/v1/model.pb.h"
#include "hub/base/types.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::core {

// A token as the record knows it: only its hash.
struct TokenRow {
  base::EntityId id = 0;
  base::EntityId account_id = 0;
  base::TimeUs issued_us = 0;
  base::TimeUs expires_us = 0;
  std::string label;
};

// Everything the center knows at one position: the outcome of apply over all records so far.
// Changed only by apply() and load(). One owner, no locks: the engine has one (speculative), the
// view another (durable). Copying is not allowed; moving is cheap.
class State {
 public:
  State();
  ~State();
  State(State&&) noexcept;
  State& operator=(State&&) noexcept;

  // Of the last record applied; 0 = empty.
  base::Position position() const;
  base::TimeUs time_us() const;
  // Hub time is not before this: the last record's time, or where an accepted clock stepped to.
  base::TimeUs hub_time_us() const;
  // A clock found in doubt after a reboot has not been accepted yet.
  bool clock_unconfirmed() const;
  std::uint32_t format() const;
  const std::string& world_id() const;
  const std::string& center_id() const;
  v1::WorldCreated::Kind world_kind() const;
  // The last EpochStarted.
  const v1::EpochStarted& epoch() const;
  const v1::LocalizedText& center_name() const;
  const std::string& zone() const;

  // Lookups; null = none (retired, disabled and archived ones are still found).
  const v1::Account* account(base::EntityId id) const;
  const v1::Account* account_by_key(std::string_view key) const;
  const v1::Role* role(base::EntityId id) const;
  const v1::Role* role_by_key(std::string_view key) const;
  const v1::Department* department(base::EntityId id) const;
  const v1::Department* department_by_key(std::string_view key) const;
  const v1::Channel* channel(base::EntityId id) const;
  const v1::Channel* channel_by_key(std::string_view key) const;
  const v1::Contact* contact_by_key(std::string_view key) const;
  std::size_t account_count() const;
  std::size_t channel_count() const;
  std::uint64_t message_count() const;

  // argon2id PHC string; empty = cannot log in by password.
  std::string_view password_hash(base::EntityId account_id) const;
  // By SHA-256 of the token text; revoked ones are not found, expired ones are.
  const TokenRow* token_by_hash(std::string_view hash) const;
  const TokenRow* token(base::EntityId id) const;
  std::vector<TokenRow> tokens_of(base::EntityId account_id) const;
  // The highest n answered for this device; 0 = none.
  std::uint64_t last_n(base::EntityId account_id, std::string_view device) const;

  // Whether the account may be served at all at `now`: exists, not disabled, access not ended.
  bool is_active(base::EntityId account_id, base::TimeUs now) const;
  // Members at this position, ascending.
  std::vector<base::EntityId> members(base::EntityId channel_id) const;
  bool is_member(base::EntityId account_id, base::EntityId channel_id) const;
  // Channels the account belongs to, ascending, with the position since which.
  struct Joined {
    base::EntityId channel_id;
    base::Position since;
  };
  std::vector<Joined> channels_of(base::EntityId account_id) const;
  // Whether it belonged to the channel when record `at` happened (interval holds `at`).
  bool was_member(base::EntityId account_id, base::EntityId channel_id, base::Position at) const;
  std::uint64_t last_seq(base::EntityId channel_id) const;
  // The first seq the account may read; last_seq + 1 when nothing.
  std::uint64_t first_seq(base::EntityId account_id, base::EntityId channel_id) const;
  // Channel and seq of a message; nullopt = no such.
  struct Place {
    base::EntityId channel_id;
    std::uint64_t seq;
  };
  std::optional<Place> place_of(base::EntityId message_id) const;
  // Positions, kinds and times of all versions, oldest first (the first is the message's own
  // position); empty = no such message.
  struct Version {
    base::Position position;
    base::TimeUs time_us;
    v1::EditKind kind;
  };
  std::vector<Version> versions(base::EntityId message_id) const;
  // Receipts of a tracked message; empty = not tracked.
  std::vector<v1::Receipt> receipts(base::EntityId message_id) const;

  // Our own walk over all fields in a fixed order: equal States give equal digests, on any machine.
  base::Hash digest() const;

  // The rooms of this folder see inside; nobody else does.
  struct Rows;
  Rows& rows() { return *rows_; }
  const Rows& rows() const { return *rows_; }

 private:
  std::unique_ptr<Rows> rows_;
};

}  // namespace fenghuo::core
