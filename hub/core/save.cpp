// SPDX-License-Identifier: Apache-2.0
#include "hub/core/kinds.h"
#include "hub/core/rows.h"
#include "hub/core/saved_rows.h"
#include "hub/core/snapshot.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;

// Each value is written behind its checksum.
class Saver {
 public:
  Saver(State::Rows& rows, const RowSink& put) : rows_(rows), put_(put) {}

  void run() {
    entities(SavedKind::Department, rows_.departments);
    entities(SavedKind::Role, rows_.roles);
    entities(SavedKind::Account, rows_.accounts);
    entities(SavedKind::Contact, rows_.contacts);
    channels();
    accounts();
    messages();
    extras();
    receipts();
    tokens();
    proposals();
    each_kind([this](auto kind) { entities(kind.saved, kind.table(rows_)); });
    position();
    rows_.unsaved_bytes = 0;
  }

 private:
  void put(std::string_view key, std::string_view value) {
    PackWriter out;
    out.number(checksum(key, value));
    put_(key, out.bytes() + std::string(value));
  }

  template <typename T>
  void entities(SavedKind kind, Table<T>& table) {
    for (EntityId id : table.changed()) put(key_of(kind, id), table.find(id)->SerializeAsString());
    table.clear_marks();
  }

  void channels() {
    for (EntityId id : rows_.channels.changed()) {
      const ChannelRows& row = *rows_.channels.find(id);
      PackWriter out;
      out.number(static_cast<std::uint8_t>(row.held)).text(row.channel.SerializeAsString());
      put(key_of(SavedKind::Channel, id), out.bytes());
    }
    rows_.channels.clear_marks();
  }

  void accounts() {
    for (EntityId id : rows_.account_rows.changed()) {
      AccountRows& row = *rows_.account_rows.find(id);
      if (std::exchange(row.facts_dirty, false)) facts(id, row);
      for (Membership& one : row.memberships) {
        if (std::exchange(one.dirty, false)) membership(id, one);
      }
      for (const std::string& name : std::exchange(row.dropped_devices, {})) {
        put_(key_of(SavedKind::Device, id) + name, std::nullopt);
      }
      for (DeviceRow& one : row.devices) {
        if (std::exchange(one.dirty, false)) device(id, one);
      }
    }
    rows_.account_rows.clear_marks();
  }

  void facts(EntityId id, const AccountRows& row) {
    PackWriter out;
    out.text(row.password_hash).number(static_cast<std::uint8_t>(row.access_ended));
    for (const v1::Appointment& one : row.appointments) out.text(one.SerializeAsString());
    put(key_of(SavedKind::Facts, id), out.bytes());
  }

  void membership(EntityId id, const Membership& one) {
    PackWriter out;
    out.number(one.read_seq).number(static_cast<std::uint32_t>(one.intervals.size()));
    for (const auto& interval : one.intervals) {
      out.number(interval.since).number(interval.until).number(interval.joined_seq);
    }
    for (const auto& thread : one.threads) {
      out.number(thread.root_id).number(thread.seq);
      out.number(static_cast<std::uint8_t>(thread.takes_part));
    }
    put(key_of(SavedKind::Membership, id, one.channel_id), out.bytes());
  }

  void device(EntityId id, const DeviceRow& one) {
    PackWriter out;
    out.number(one.last_used).number(one.highest);
    for (const auto& result : one.results) {
      out.number(result.n).number(result.first).number(result.digest).number(result.seq);
      out.number(result.version).number(static_cast<std::uint8_t>(result.superseded));
    }
    put(key_of(SavedKind::Device, id) + one.name, out.bytes());
  }

  void messages() {
    for (EntityId id : std::exchange(rows_.dirty_chunk_channels, {})) {
      ChannelRows& channel = *rows_.channels.find(id);
      channel.listed = false;
      for (const std::uint32_t chunk : std::exchange(channel.dirty_chunks, {})) {
        channel.chunk_dirty[chunk] = 0;
        PackWriter out;
        const std::size_t from = std::size_t{chunk} * ChannelRows::chunk;
        const std::size_t to = std::min(from + ChannelRows::chunk, channel.messages.size());
        for (std::size_t i = from; i < to; ++i) message(channel.messages[i], out);
        put(key_of(SavedKind::Messages, id, chunk), out.bytes());
      }
    }
  }

  static void message(const MessageRow& row, PackWriter& out) {
    out.number(row.id).number(row.posted_us).number(row.revision).number(row.author_id);
    out.number(row.role_id).number(row.root_seq).number(row.version);
    out.number(row.precedence).number(row.flags);
  }

  void extras() {
    for (EntityId id : std::exchange(rows_.dirty_extras, {})) {
      MessageExtra& one = rows_.extras.at(id);
      one.dirty = false;
      PackWriter out;
      out.number(static_cast<std::uint32_t>(one.mentions.size()));
      for (const auto& mention : one.mentions) {
        out.number(static_cast<std::uint8_t>(mention.kind)).number(mention.id);
      }
      out.number(static_cast<std::uint32_t>(one.named.size()));
      for (EntityId named : one.named) out.number(named);
      out.number(static_cast<std::uint8_t>(one.names_everyone)).number(one.retracted_at);
      out.number(static_cast<std::uint32_t>(one.blob_hashes.size()));
      for (const std::string& hash : one.blob_hashes) out.text(hash);
      out.number(static_cast<std::uint32_t>(one.edits.size()));
      for (const auto& edit : one.edits) {
        out.number(edit.position).number(edit.time_us);
        out.number(static_cast<std::uint8_t>(edit.kind));
      }
      out.number(static_cast<std::uint8_t>(one.stone.has_value()));
      if (one.stone) {
        out.number(static_cast<std::uint8_t>(one.stone->kind)).number(one.stone->by_id);
        out.number(one.stone->confirmed_by_id).number(one.stone->at_us);
        out.number(one.stone->reason_position).text(one.stone->rule);
      }
      put(key_of(SavedKind::Extra, id), out.bytes());
    }
  }

  void receipts() {
    for (EntityId id : std::exchange(rows_.dirty_tracked, {})) {
      Tracked& tracked = rows_.tracked.at(id);
      tracked.listed = false;
      for (std::size_t chunk = 0; chunk < tracked.dirty.size(); ++chunk) {
        if (std::exchange(tracked.dirty[chunk], 0) == 0) continue;
        PackWriter out;
        const std::size_t from = chunk * Tracked::chunk;
        const std::size_t to = std::min(from + Tracked::chunk, tracked.receipts.size());
        for (std::size_t i = from; i < to; ++i) {
          const ReceiptRow& row = tracked.receipts[i];
          out.number(row.account_id).number(row.delivered_us).number(row.seen_us);
          out.number(row.acknowledged_us).number(row.revision).number(row.acknowledged_version);
        }
        put(key_of(SavedKind::Receipts, id, chunk), out.bytes());
      }
    }
  }

  void tokens() {
    for (EntityId id : std::exchange(rows_.dirty_tokens, {})) {
      const auto it = rows_.tokens.find(id);
      if (it == rows_.tokens.end()) {
        put_(key_of(SavedKind::Token, id), std::nullopt);
        continue;
      }
      const TokenRow& token = it->second;
      PackWriter out;
      out.number(token.account_id).number(token.issued_us).number(token.expires_us);
      out.text(token.label).text(rows_.token_hashes.at(id));
      put(key_of(SavedKind::Token, id), out.bytes());
    }
  }

  void proposals() {
    for (EntityId id : std::exchange(rows_.dirty_proposals, {})) {
      const auto it = rows_.proposals.find(id);
      if (it == rows_.proposals.end()) {
        put_(key_of(SavedKind::Proposal, id), std::nullopt);
        continue;
      }
      PackWriter out;
      out.number(it->second.message_id).number(it->second.proposed_by_id);
      out.number(it->second.until_us).text(it->second.rule);
      put(key_of(SavedKind::Proposal, id), out.bytes());
    }
  }

  // The counts tell load() whether rows are missing.
  void position() {
    PackWriter out;
    out.number(layout).number(rows_.position).number(rows_.time_us).number(rows_.format);
    out.text(rows_.world.SerializeAsString()).text(rows_.epoch.SerializeAsString());
    out.text(rows_.center_name.SerializeAsString()).text(rows_.zone);
    out.number(rows_.redaction_window_us);
    out.number(static_cast<std::uint64_t>(rows_.places.size()));
    out.number(static_cast<std::uint64_t>(rows_.accounts.size()));
    out.number(static_cast<std::uint64_t>(rows_.channels.size()));
    out.number(static_cast<std::uint64_t>(rows_.tokens.size()));
    put(position_key, out.bytes());
  }

  State::Rows& rows_;
  const RowSink& put_;
};

}  // namespace

void save_changed(State& state, const RowSink& put) { Saver(state.rows(), put).run(); }

std::size_t unsaved_bytes(const State& state) { return state.rows().unsaved_bytes; }

}  // namespace fenghuo::core
