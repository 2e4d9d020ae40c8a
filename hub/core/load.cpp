// SPDX-License-Identifier: Apache-2.0
#include "hub/core/channels.h"
#include "hub/core/directory.h"
#include "hub/core/kinds.h"
#include "hub/core/membership.h"
#include "hub/core/messaging.h"
#include "hub/core/receipts.h"
#include "hub/core/rows.h"
#include "hub/core/saved_rows.h"
#include "hub/core/snapshot.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;

class Loader {
 public:
  explicit Loader(State::Rows& rows) : rows_(rows) {}

  void row(std::string_view key, std::string_view stored) {
    if (damaged_) return;
    empty_ = false;
    PackReader head(stored);
    const auto sum = head.number<std::uint64_t>();
    const std::string_view value = head.rest();
    damaged_ = !head.ok() || sum != checksum(key, value) || !take(key, value);
  }

  // Rebuilds what is derived; an error when a row was damaged or missing.
  base::Result<void> finish() {
    if (empty_) return {};
    if (!damaged_ && has_position_) damaged_ = !rebuild();
    if (!damaged_ && has_position_) return {};
    return base::Error(v1::ERROR_CODE_STORAGE_FAILED,
                       "the saved state is damaged or of another layout");
  }

 private:
  template <typename T>
  static bool entity(Table<T>& table, std::uint64_t id, std::string_view value) {
    T row;
    if (!row.ParseFromArray(value.data(), static_cast<int>(value.size()))) return false;
    table.put(id, std::move(row));
    return true;
  }

  AccountRows& account(EntityId id) {
    AccountRows* row = rows_.account_rows.find(id);
    return row != nullptr ? *row : rows_.account_rows.put(id, AccountRows{});
  }

  bool take(std::string_view key, std::string_view value) {
    if (key == position_key) return position(value);
    const std::uint64_t id = number_at(key, 1);
    PackReader in(value);
    switch (static_cast<SavedKind>(key.empty() ? 0 : key.front())) {
      case SavedKind::Department: return entity(rows_.departments, id, value);
      case SavedKind::Role: return entity(rows_.roles, id, value);
      case SavedKind::Account: return entity(rows_.accounts, id, value);
      case SavedKind::Contact: return entity(rows_.contacts, id, value);
      case SavedKind::Channel: return channel(id, in);
      case SavedKind::Facts: return facts(account(id), in);
      case SavedKind::Membership: return membership(account(id), number_at(key, 9), in);
      case SavedKind::Device: return device(account(id), key.substr(9), in);
      case SavedKind::Messages: return messages(id, number_at(key, 9), in);
      case SavedKind::Extra: return extra(rows_.extras[id], in);
      case SavedKind::Receipts: return receipts(rows_.tracked[id], in);
      case SavedKind::Token: return token(id, in);
      case SavedKind::Proposal: return proposal(id, in);
      case SavedKind::AlarmGroup:
      case SavedKind::Alarm:
      case SavedKind::AlarmSource:
      case SavedKind::Warning:
      case SavedKind::Intake:
      case SavedKind::Feedback:
      case SavedKind::FeedbackAsk:
      case SavedKind::RosterGap:
      case SavedKind::Order:
      case SavedKind::CallItem:
      case SavedKind::Configuration:
      case SavedKind::Handover:
      case SavedKind::Incident:
      case SavedKind::Override:
      case SavedKind::Report:
      case SavedKind::RollCall:
      case SavedKind::Spoken:
      case SavedKind::Outage:
      case SavedKind::ClockDoubt:
      case SavedKind::Shift: return coordination(static_cast<SavedKind>(key.front()), id, value);
    }
    return false;
  }

  bool coordination(SavedKind saved, EntityId id, std::string_view value) {
    bool fine = false;
    each_kind([&](auto kind) {
      if (kind.saved == saved) fine = entity(kind.table(rows_), id, value);
    });
    return fine;
  }

  bool position(std::string_view value) {
    PackReader in(value);
    if (in.number<std::uint32_t>() != layout) return false;
    in.number(rows_.position);
    in.number(rows_.time_us);
    in.number(rows_.format);
    if (!rows_.world.ParseFromString(in.text()) || !rows_.epoch.ParseFromString(in.text()) ||
        !rows_.center_name.ParseFromString(in.text())) {
      return false;
    }
    rows_.zone = in.text();
    in.number(rows_.redaction_window_us);
    for (std::uint64_t& count : counts_) in.number(count);
    has_position_ = true;
    return in.done();
  }

  bool channel(EntityId id, PackReader& in) {
    ChannelRows row;
    row.held = in.number<std::uint8_t>() != 0;
    if (!row.channel.ParseFromString(in.text()) || !in.done()) return false;
    rows_.channels.put(id, std::move(row));
    return true;
  }

  static bool facts(AccountRows& row, PackReader& in) {
    row.password_hash = in.text();
    row.access_ended = in.number<std::uint8_t>() != 0;
    while (!in.empty()) {
      if (!row.appointments.emplace_back().ParseFromString(in.text())) return false;
    }
    return in.done();
  }

  // Rows come in order of key: channels ascending.
  static bool membership(AccountRows& row, EntityId channel_id, PackReader& in) {
    Membership one;
    one.channel_id = channel_id;
    in.number(one.read_seq);
    for (auto left = in.number<std::uint32_t>(); left > 0 && in.ok(); --left) {
      Membership::Interval interval;
      in.number(interval.since);
      in.number(interval.until);
      in.number(interval.joined_seq);
      one.intervals.push_back(interval);
    }
    while (!in.empty()) {
      Membership::Thread thread;
      in.number(thread.root_id);
      in.number(thread.seq);
      thread.takes_part = in.number<std::uint8_t>() != 0;
      one.threads.push_back(thread);
    }
    row.memberships.push_back(std::move(one));
    return in.done();
  }

  static bool device(AccountRows& row, std::string_view name, PackReader& in) {
    DeviceRow one;
    one.name = name;
    in.number(one.last_used);
    in.number(one.highest);
    while (!in.empty()) {
      DeviceRow::Result result;
      in.number(result.n);
      in.number(result.first);
      in.number(result.digest);
      in.number(result.seq);
      in.number(result.version);
      result.superseded = in.number<std::uint8_t>() != 0;
      one.results.push_back(result);
    }
    row.devices.push_back(std::move(one));
    return in.done();
  }

  // Chunks come in order, and only after their channel's row.
  bool messages(EntityId id, std::uint64_t chunk, PackReader& in) {
    ChannelRows* channel = rows_.channels.find(id);
    if (channel == nullptr || channel->messages.size() != chunk * ChannelRows::chunk) return false;
    while (!in.empty()) {
      MessageRow row;
      in.number(row.id);
      in.number(row.posted_us);
      in.number(row.revision);
      in.number(row.author_id);
      in.number(row.role_id);
      in.number(row.root_seq);
      in.number(row.version);
      in.number(row.precedence);
      in.number(row.flags);
      channel->messages.push_back(row);
    }
    return in.done();
  }

  static bool extra(MessageExtra& one, PackReader& in) {
    for (auto left = in.number<std::uint32_t>(); left > 0 && in.ok(); --left) {
      MessageExtra::Mention mention;
      mention.kind = static_cast<MessageExtra::Mention::Kind>(in.number<std::uint8_t>());
      in.number(mention.id);
      one.mentions.push_back(mention);
    }
    for (auto left = in.number<std::uint32_t>(); left > 0 && in.ok(); --left) {
      one.named.push_back(in.number<EntityId>());
    }
    one.names_everyone = in.number<std::uint8_t>() != 0;
    in.number(one.retracted_at);
    for (auto left = in.number<std::uint32_t>(); left > 0 && in.ok(); --left) {
      one.blob_hashes.push_back(in.text());
    }
    for (auto left = in.number<std::uint32_t>(); left > 0 && in.ok(); --left) {
      State::Version edit{};
      in.number(edit.position);
      in.number(edit.time_us);
      edit.kind = static_cast<v1::EditKind>(in.number<std::uint8_t>());
      one.edits.push_back(edit);
    }
    if (in.number<std::uint8_t>() != 0) {
      one.stone = MessageExtra::Stone{};
      MessageExtra::Stone& stone = *one.stone;
      stone.kind = static_cast<v1::Message::Stone::Kind>(in.number<std::uint8_t>());
      in.number(stone.by_id);
      in.number(stone.confirmed_by_id);
      in.number(stone.at_us);
      in.number(stone.reason_position);
      stone.rule = in.text();
    }
    return in.done();
  }

  static bool receipts(Tracked& tracked, PackReader& in) {
    while (!in.empty()) {
      ReceiptRow row;
      in.number(row.account_id);
      in.number(row.delivered_us);
      in.number(row.seen_us);
      in.number(row.acknowledged_us);
      in.number(row.revision);
      in.number(row.acknowledged_version);
      tracked.receipts.push_back(row);
    }
    tracked.dirty.assign((tracked.receipts.size() + Tracked::chunk - 1) / Tracked::chunk, 0);
    return in.done();
  }

  bool token(EntityId id, PackReader& in) {
    TokenRow one;
    one.id = id;
    in.number(one.account_id);
    in.number(one.issued_us);
    in.number(one.expires_us);
    one.label = in.text();
    rows_.token_hashes[id] = in.text();
    rows_.tokens[id] = std::move(one);
    return in.done();
  }

  bool proposal(EntityId id, PackReader& in) {
    Proposal one;
    in.number(one.message_id);
    in.number(one.proposed_by_id);
    in.number(one.until_us);
    one.rule = in.text();
    rows_.proposals[id] = std::move(one);
    return in.done();
  }

  bool rebuild() {
    rebuild_directory();
    if (!rebuild_messages()) return false;
    rebuild_memberships();
    for (const auto& [id, token] : rows_.tokens) index_token(rows_, token, rows_.token_hashes[id]);
    for (const auto& [id, one] : rows_.proposals) {
      rows_.deadlines.set({DeadlineKind::RedactionLapses, id}, one.until_us);
    }
    each_kind([this](auto kind) {
      for (const auto& entry : kind.table(rows_)) index_row(rows_, *entry.row);
      kind.table(rows_).clear_marks();
    });
    rows_.departments.clear_marks();
    rows_.roles.clear_marks();
    rows_.accounts.clear_marks();
    rows_.contacts.clear_marks();
    rows_.channels.clear_marks();
    rows_.account_rows.clear_marks();
    return counts_[0] == rows_.places.size() && counts_[1] == rows_.accounts.size() &&
           counts_[2] == rows_.channels.size() && counts_[3] == rows_.tokens.size();
  }

  void rebuild_directory() {
    for (const auto& entry : rows_.departments) {
      rows_.department_keys[entry.row->key()] = entry.id;
      if (entry.row->parent_id() != 0) {
        insert_id(rows_.department_children[entry.row->parent_id()], entry.id);
      }
    }
    for (const auto& entry : rows_.roles) index_role(rows_, *entry.row);
    for (const auto& entry : rows_.accounts) {
      account(entry.id);
      index_account(rows_, *entry.row);
    }
    for (const auto& entry : rows_.contacts) rows_.contact_keys[entry.row->key()] = entry.id;
    for (const auto& entry : rows_.channels) {
      const v1::Channel& channel = entry.row->channel;
      if (!channel.key().empty()) rows_.channel_keys[channel.key()] = entry.id;
      index_channel(rows_, channel);
    }
  }

  bool rebuild_messages() {
    std::uint32_t channel_index = 0;
    rows_.places.reserve(counts_[0]);
    for (const auto& entry : rows_.channels) {
      ChannelRows& channel = *entry.row;
      const std::size_t count = channel.messages.size();
      channel.chunk_dirty.resize((count + ChannelRows::chunk - 1) / ChannelRows::chunk, 0);
      channel.block_digests.resize((count + ChannelRows::block - 1) / ChannelRows::block, 0);
      for (std::uint32_t seq = 1; seq <= count; ++seq) {
        const MessageRow& row = channel.at(seq);
        if (row.root_seq >= seq) return false;
        if (row.has(MessageRow::has_extra) && !rows_.extras.contains(row.id)) return false;
        if (row.has(MessageRow::is_tracked) && !rows_.tracked.contains(row.id)) return false;
        index_message(rows_, channel, channel_index, seq);
        if (row.has(MessageRow::is_tracked)) index_tracked(rows_, row);
      }
      ++channel_index;
    }
    std::sort(rows_.places.begin(), rows_.places.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    return true;
  }

  void rebuild_memberships() {
    for (const auto& entry : rows_.account_rows) {
      for (const Membership& one : entry.row->memberships) {
        ChannelRows* channel = rows_.channels.find(one.channel_id);
        if (channel == nullptr) continue;
        // Accounts come in order: members and participants stay sorted.
        if (one.is_open()) channel->members.push_back(entry.id);
        for (const auto& thread : one.threads) {
          const auto* root = rows_.place(thread.root_id);
          if (!thread.takes_part || root == nullptr) continue;
          channel->threads[root->seq].participants.push_back(entry.id);
        }
      }
    }
  }

  State::Rows& rows_;
  bool empty_ = true;
  bool damaged_ = false;
  bool has_position_ = false;
  // Messages, accounts, channels, tokens.
  std::uint64_t counts_[4] = {};
};

}  // namespace

base::Result<State> load(const RowScan& scan) {
  State state;
  Loader loader(state.rows());
  scan([&loader](std::string_view key, std::string_view value) { loader.row(key, value); });
  if (const auto finished = loader.finish(); !finished) return finished.error();
  return state;
}

State clone(const State& state) {
  State copy;
  copy.rows() = State::Rows(state.rows());
  return copy;
}

}  // namespace fenghuo::core
