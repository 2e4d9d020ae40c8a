// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/state.h"

#include <algorithm>
#include <string>

namespace fenghuo::client {
namespace {

template <typename Key, typename Row>
void put(std::map<Key, Row>& rows, const Key& key, const Row& row) {
  auto [at, fresh] = rows.try_emplace(key, row);
  if (!fresh && row.revision() > at->second.revision()) at->second = row;
}

template <typename Row>
const Row* find_key(const std::map<std::uint64_t, Row>& rows, const std::string& key) {
  const auto at = std::find_if(rows.begin(), rows.end(),
                               [&key](const auto& entry) { return entry.second.key() == key; });
  return at == rows.end() ? nullptr : &at->second;
}

State::Pair key_of(const v1::Appointment& row) { return {row.account_id(), row.role_id()}; }
State::Pair key_of(const v1::Receipt& row) { return {row.message_id(), row.account_id()}; }

v1::Cursor* cursor_of(v1::ChannelState& channel, std::uint64_t root_id) {
  for (auto& cursor : *channel.mutable_cursors()) {
    if (cursor.thread_root_id() == root_id) return &cursor;
  }
  return nullptr;
}

// The id of the row an update carries, whatever its kind.
std::uint64_t id_of_row(const v1::Update& update) {
  const auto* field = v1::Update::descriptor()->FindFieldByNumber(update.kind_case());
  const auto& row = update.GetReflection()->GetMessage(update, field);
  const auto* id = row.GetDescriptor()->FindFieldByName("id");
  return id == nullptr ? 0 : row.GetReflection()->GetUInt64(row, id);
}

// Rows of a snapshot as the updates that would have brought them: the numbers of the fields agree.
std::map<std::pair<int, std::uint64_t>, v1::Update> rows_of(const v1::Snapshot& snapshot,
                                                            std::uint64_t position) {
  std::map<std::pair<int, std::uint64_t>, v1::Update> rows;
  const auto& reflection = *snapshot.GetReflection();
  for (int i = 0; i < v1::Snapshot::descriptor()->field_count(); ++i) {
    const auto* field = v1::Snapshot::descriptor()->field(i);
    if (!v1::RowKind_IsValid(field->number())) continue;
    const auto* target = v1::Update::descriptor()->FindFieldByNumber(field->number());
    for (int row = 0; row < reflection.FieldSize(snapshot, field); ++row) {
      v1::Update update;
      update.set_position(position);
      update.GetReflection()
          ->MutableMessage(&update, target)
          ->CopyFrom(reflection.GetRepeatedMessage(snapshot, field, row));
      rows[{field->number(), id_of_row(update)}] = std::move(update);
    }
  }
  return rows;
}

}  // namespace

void State::reset(const v1::Snapshot& snapshot, std::uint64_t account_id, std::uint64_t position) {
  *this = State();
  account_id_ = account_id;
  snapshot_position_ = position;
  for (const auto& row : snapshot.departments()) departments_.emplace(row.id(), row);
  for (const auto& row : snapshot.roles()) roles_.emplace(row.id(), row);
  for (const auto& row : snapshot.accounts()) accounts_.emplace(row.id(), row);
  for (const auto& row : snapshot.contacts()) contacts_.emplace(row.id(), row);
  for (const auto& row : snapshot.appointments()) appointments_.emplace(key_of(row), row);
  for (const auto& row : snapshot.channels()) channels_.emplace(row.channel().id(), row);
  for (const auto& row : snapshot.receipts()) receipts_.emplace(key_of(row), row);
  rows_ = rows_of(snapshot, position);
}

void State::apply(const v1::Update& update) {
  if (update.position() <= snapshot_position_) return;
  switch (update.kind_case()) {
    case v1::Update::kMessage: apply_message(update.message()); return;
    case v1::Update::kChannel: apply_channel(update.channel()); return;
    case v1::Update::kChannelGoneId: drop_channel(update.channel_gone_id()); return;
    case v1::Update::kDepartment:
      put(departments_, update.department().id(), update.department());
      return;
    case v1::Update::kRole: put(roles_, update.role().id(), update.role()); return;
    case v1::Update::kAccount: put(accounts_, update.account().id(), update.account()); return;
    case v1::Update::kContact: put(contacts_, update.contact().id(), update.contact()); return;
    case v1::Update::kAppointment:
      put(appointments_, key_of(update.appointment()), update.appointment());
      return;
    case v1::Update::kCursor: apply_cursor(update.cursor()); return;
    case v1::Update::kReceipt: put(receipts_, key_of(update.receipt()), update.receipt()); return;
    case v1::Update::kRowGone:
      rows_.erase({update.row_gone().kind(), update.row_gone().id()});
      return;
    case v1::Update::KIND_NOT_SET: return;  // A kind of a newer hub.
    default: apply_row(update); return;
  }
}

void State::apply_row(const v1::Update& update) {
  const std::pair<int, std::uint64_t> key{update.kind_case(), id_of_row(update)};
  if (update.ended()) {
    rows_.erase(key);
  } else {
    rows_[key] = update;
  }
}

void State::apply_channel(const v1::ChannelState& row) {
  // Rights and cursors change without a new revision of the channel itself: an equal one replaces.
  auto [at, fresh] = channels_.try_emplace(row.channel().id(), row);
  if (!fresh && row.channel().revision() >= at->second.channel().revision()) at->second = row;
}

void State::apply_message(const v1::Message& message) {
  const auto at = channels_.find(message.channel_id());
  if (at == channels_.end()) return;
  auto& channel = at->second;
  channel.set_last_seq(std::max(channel.last_seq(), message.seq()));
  // Counts in threads, and what edits and stones change in them, the hub tells by cursors.
  if (message.thread_root_id() != 0) return;
  auto* cursor = cursor_of(channel, 0);
  if (cursor == nullptr || message.seq() <= cursor->counted_through_seq()) return;
  cursor->set_counted_through_seq(message.seq());
  if (message.author_id() == account_id_ || message.has_stone()) return;
  cursor->set_unread(cursor->unread() + 1);
  if (concerns_me(message)) cursor->set_mentions(cursor->mentions() + 1);
}

void State::apply_cursor(const v1::Cursor& cursor) {
  const auto at = channels_.find(cursor.channel_id());
  if (at == channels_.end()) return;
  auto* known = cursor_of(at->second, cursor.thread_root_id());
  if (known == nullptr) {
    *at->second.add_cursors() = cursor;
  } else if (cursor.revision() > known->revision()) {
    *known = cursor;
  }
}

void State::drop_channel(std::uint64_t channel_id) { channels_.erase(channel_id); }

// Whom a role named then the hub tells by a cursor.
bool State::concerns_me(const v1::Message& message) const {
  return std::any_of(message.mentions().begin(), message.mentions().end(), [this](const auto& m) {
    return m.everyone() || (m.account_id() != 0 && m.account_id() == account_id_);
  });
}

const v1::ChannelState* State::find_channel(const std::string& key_or_id) const {
  for (const auto& [id, row] : channels_) {
    if (!row.channel().key().empty() && row.channel().key() == key_or_id) return &row;
  }
  for (const auto& [id, row] : channels_) {
    if (std::to_string(id) == key_or_id) return &row;
  }
  return nullptr;
}

const v1::Role* State::find_role(const std::string& key) const { return find_key(roles_, key); }

const v1::Account* State::find_account(const std::string& key) const {
  return find_key(accounts_, key);
}

bool State::appointed(std::uint64_t role_id) const {
  const auto at = appointments_.find({account_id_, role_id});
  return at != appointments_.end() && !at->second.ended();
}

}  // namespace fenghuo::client
