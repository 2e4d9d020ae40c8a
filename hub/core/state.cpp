// SPDX-License-Identifier: Apache-2.0
#include "hub/core/state.h"

#include "hub/base/check.h"
#include "hub/core/clock_doubt.h"
#include "hub/core/rows.h"

#include <algorithm>

namespace fenghuo::core {
namespace {

template <typename T>
const T* by_key(const Table<T>& table, const KeyIndex& keys, std::string_view key) {
  const auto it = keys.find(key);
  return it == keys.end() ? nullptr : table.find(it->second);
}

}  // namespace

State::State() : rows_(std::make_unique<Rows>()) {
  rows_->account_rows.put(0, AccountRows{});
  rows_->account_rows.clear_marks();
}
State::~State() = default;
State::State(State&&) noexcept = default;
State& State::operator=(State&&) noexcept = default;

base::Position State::position() const { return rows_->position; }
base::TimeUs State::time_us() const { return rows_->time_us; }
base::TimeUs State::hub_time_us() const {
  const auto& outages = rows_->outages;
  return outages.empty() ? time_us() : std::max(time_us(), (outages.end() - 1)->row->to_us());
}
bool State::clock_unconfirmed() const { return clock_is_unconfirmed(*rows_); }
std::uint32_t State::format() const { return rows_->format; }
const std::string& State::world_id() const { return rows_->world.world_id(); }
const std::string& State::center_id() const { return rows_->world.center_id(); }
v1::WorldCreated::Kind State::world_kind() const { return rows_->world.kind(); }
const v1::EpochStarted& State::epoch() const { return rows_->epoch; }
const v1::LocalizedText& State::center_name() const { return rows_->center_name; }
const std::string& State::zone() const { return rows_->zone; }

const v1::Account* State::account(base::EntityId id) const { return rows_->accounts.find(id); }
const v1::Account* State::account_by_key(std::string_view key) const {
  return by_key(rows_->accounts, rows_->account_keys, key);
}
const v1::Role* State::role(base::EntityId id) const { return rows_->roles.find(id); }
const v1::Role* State::role_by_key(std::string_view key) const {
  return by_key(rows_->roles, rows_->role_keys, key);
}
const v1::Department* State::department(base::EntityId id) const {
  return rows_->departments.find(id);
}
const v1::Department* State::department_by_key(std::string_view key) const {
  return by_key(rows_->departments, rows_->department_keys, key);
}
const v1::Channel* State::channel(base::EntityId id) const {
  const ChannelRows* row = rows_->channels.find(id);
  return row == nullptr ? nullptr : &row->channel;
}
const v1::Channel* State::channel_by_key(std::string_view key) const {
  const ChannelRows* row = by_key(rows_->channels, rows_->channel_keys, key);
  return row == nullptr ? nullptr : &row->channel;
}
const v1::Contact* State::contact_by_key(std::string_view key) const {
  return by_key(rows_->contacts, rows_->contact_keys, key);
}
std::size_t State::account_count() const { return rows_->accounts.size(); }
std::size_t State::channel_count() const { return rows_->channels.size(); }
std::uint64_t State::message_count() const { return rows_->places.size(); }

std::string_view State::password_hash(base::EntityId account_id) const {
  const AccountRows* row = rows_->account_rows.find(account_id);
  return row == nullptr ? std::string_view() : std::string_view(row->password_hash);
}

const TokenRow* State::token_by_hash(std::string_view hash) const {
  const auto it = rows_->token_by_hash.find(hash);
  return it == rows_->token_by_hash.end() ? nullptr : token(it->second);
}

const TokenRow* State::token(base::EntityId id) const {
  const auto it = rows_->tokens.find(id);
  return it == rows_->tokens.end() ? nullptr : &it->second;
}

std::vector<TokenRow> State::tokens_of(base::EntityId account_id) const {
  std::vector<TokenRow> found;
  const AccountRows* row = rows_->account_rows.find(account_id);
  if (row == nullptr) return found;
  for (base::EntityId id : row->tokens) found.push_back(*token(id));
  return found;
}

std::uint64_t State::last_n(base::EntityId account_id, std::string_view device) const {
  const AccountRows* row = rows_->account_rows.find(account_id);
  if (row == nullptr) return 0;
  for (const DeviceRow& one : row->devices) {
    if (one.name == device) return one.highest;
  }
  return 0;
}

bool State::is_active(base::EntityId account_id, base::TimeUs now) const {
  const v1::Account* found = account(account_id);
  if (found == nullptr || !counts_as_member(*rows_, *found)) return false;
  return found->access_until_us() == 0 || now < found->access_until_us();
}

std::vector<base::EntityId> State::members(base::EntityId channel_id) const {
  const ChannelRows* row = rows_->channels.find(channel_id);
  return row == nullptr ? std::vector<base::EntityId>() : row->members;
}

bool State::is_member(base::EntityId account_id, base::EntityId channel_id) const {
  const Membership* one = std::as_const(*rows_).membership(account_id, channel_id);
  return one != nullptr && one->is_open();
}

std::vector<State::Joined> State::channels_of(base::EntityId account_id) const {
  std::vector<Joined> found;
  const AccountRows* row = rows_->account_rows.find(account_id);
  if (row == nullptr) return found;
  for (const Membership& one : row->memberships) {
    if (one.is_open()) found.push_back({one.channel_id, one.intervals.back().since});
  }
  return found;
}

bool State::was_member(base::EntityId account_id, base::EntityId channel_id,
                       base::Position at) const {
  const Membership* one = std::as_const(*rows_).membership(account_id, channel_id);
  if (one == nullptr) return false;
  return std::any_of(one->intervals.begin(), one->intervals.end(),
                     [at](const Membership::Interval& interval) {
                       return interval.since <= at && (interval.until == 0 || at < interval.until);
                     });
}

std::uint64_t State::last_seq(base::EntityId channel_id) const {
  const ChannelRows* row = rows_->channels.find(channel_id);
  return row == nullptr ? 0 : row->last_seq();
}

std::uint64_t State::first_seq(base::EntityId account_id, base::EntityId channel_id) const {
  const ChannelRows* row = rows_->channels.find(channel_id);
  const Membership* one = std::as_const(*rows_).membership(account_id, channel_id);
  if (row == nullptr || one == nullptr || !one->is_open()) return last_seq(channel_id) + 1;
  if (row->channel.history() != v1::Channel::HISTORY_SINCE_JOINING) return 1;
  return one->intervals.back().joined_seq + std::uint64_t{1};
}

std::optional<State::Place> State::place_of(base::EntityId message_id) const {
  const Rows::MessagePlace* found = rows_->place(message_id);
  if (found == nullptr) return std::nullopt;
  return Place{std::as_const(*rows_).channel_at(*found).channel.id(), found->seq};
}

std::vector<State::Version> State::versions(base::EntityId message_id) const {
  const Rows& rows = *rows_;
  const Rows::MessagePlace* found = rows.place(message_id);
  if (found == nullptr) return {};
  const MessageRow& row = rows.channel_at(*found).at(found->seq);
  std::vector<Version> all = {{row.id, row.posted_us, v1::EDIT_KIND_UNSPECIFIED}};
  if (const MessageExtra* extra = rows.extra(row)) {
    all.insert(all.end(), extra->edits.begin(), extra->edits.end());
  }
  return all;
}

std::vector<v1::Receipt> State::receipts(base::EntityId message_id) const {
  const Rows& rows = *rows_;
  std::vector<v1::Receipt> all;
  const Rows::MessagePlace* found = rows.place(message_id);
  if (found == nullptr) return all;
  const ChannelRows& channel = rows.channel_at(*found);
  const Tracked* tracked = rows.tracking(channel.at(found->seq));
  if (tracked == nullptr) return all;
  for (const ReceiptRow& row : tracked->receipts) {
    all.push_back(to_receipt(message_id, channel.channel.id(), row));
  }
  return all;
}

}  // namespace fenghuo::core
