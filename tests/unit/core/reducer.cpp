// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/core/reducer.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace fenghuo::testing {
namespace {

base::EntityId id_of(const google::protobuf::Message& row) {
  return row.GetReflection()->GetUInt64(row, row.GetDescriptor()->FindFieldByName("id"));
}

}  // namespace

Reducer::Reducer(base::EntityId account_id, const v1::Snapshot& snapshot) : me_(account_id) {
  for (const auto& row : snapshot.departments()) put(departments_, row);
  for (const auto& row : snapshot.roles()) put(roles_, row);
  for (const auto& row : snapshot.accounts()) put(accounts_, row);
  for (const auto& row : snapshot.contacts()) put(contacts_, row);
  for (const auto& row : snapshot.appointments()) {
    appointments_[{row.account_id(), row.role_id()}] = row;
  }
  for (const auto& row : snapshot.channels()) set_channel(row);
  for (const auto& row : snapshot.receipts()) {
    receipts_[{row.message_id(), row.account_id()}] = row;
  }
  const auto& reflection = *snapshot.GetReflection();
  for (int i = 0; i < v1::Snapshot::descriptor()->field_count(); ++i) {
    const auto* field = v1::Snapshot::descriptor()->field(i);
    if (!v1::RowKind_IsValid(field->number())) continue;
    for (int index = 0; index < reflection.FieldSize(snapshot, field); ++index) {
      const auto& row = reflection.GetRepeatedMessage(snapshot, field, index);
      rows_[{field->number(), id_of(row)}] = row.DebugString();
    }
  }
}

void Reducer::set_channel(const v1::ChannelState& state) {
  Channel& channel = channels_[state.channel().id()];
  channel.state = state;
  channel.state.clear_cursors();
  channel.cursors.clear();
  for (const auto& cursor : state.cursors()) channel.cursors[cursor.thread_root_id()] = cursor;
}

void Reducer::apply(const v1::Update& update) {
  switch (update.kind_case()) {
    case v1::Update::kMessage: take(update.message()); return;
    case v1::Update::kChannel: set_channel(update.channel()); return;
    case v1::Update::kChannelGoneId: {
      const base::EntityId gone = update.channel_gone_id();
      channels_.erase(gone);
      std::erase_if(receipts_, [gone](const auto& row) { return row.second.channel_id() == gone; });
      std::erase_if(messages_, [gone](const auto& row) { return row.second.channel_id() == gone; });
      return;
    }
    case v1::Update::kDepartment: put(departments_, update.department()); return;
    case v1::Update::kRole: put(roles_, update.role()); return;
    case v1::Update::kAccount: put(accounts_, update.account()); return;
    case v1::Update::kContact: put(contacts_, update.contact()); return;
    case v1::Update::kAppointment: {
      const v1::Appointment& row = update.appointment();
      v1::Appointment& old = appointments_[{row.account_id(), row.role_id()}];
      if (old.revision() <= row.revision()) old = row;
      return;
    }
    case v1::Update::kCursor: {
      const auto channel = channels_.find(update.cursor().channel_id());
      if (channel == channels_.end()) return;
      v1::Cursor& old = channel->second.cursors[update.cursor().thread_root_id()];
      if (old.revision() <= update.cursor().revision()) old = update.cursor();
      return;
    }
    case v1::Update::kReceipt: {
      const v1::Receipt& row = update.receipt();
      v1::Receipt& old = receipts_[{row.message_id(), row.account_id()}];
      if (old.revision() <= row.revision()) old = row;
      return;
    }
    case v1::Update::kRowGone:
      rows_.erase({update.row_gone().kind(), update.row_gone().id()});
      return;
    case v1::Update::KIND_NOT_SET: return;
    default: break;
  }
  const auto* field = v1::Update::descriptor()->FindFieldByNumber(update.kind_case());
  const auto& row = update.GetReflection()->GetMessage(update, field);
  const std::pair<int, base::EntityId> key{field->number(), id_of(row)};
  if (update.ended()) {
    rows_.erase(key);
  } else {
    rows_[key] = row.DebugString();
  }
}

void Reducer::take(const v1::Message& message) {
  const auto channel = channels_.find(message.channel_id());
  if (channel == channels_.end()) return;
  v1::ChannelState& state = channel->second.state;
  state.set_last_seq(std::max(state.last_seq(), message.seq()));
  put(messages_, message);
  count(channel->second, message);
}

void Reducer::count(Channel& channel, const v1::Message& message) {
  const auto found = channel.cursors.find(message.thread_root_id());
  if (found == channel.cursors.end()) return;
  v1::Cursor& cursor = found->second;
  if (message.seq() <= cursor.counted_through_seq()) return;
  cursor.set_counted_through_seq(message.seq());
  if (message.has_stone() || message.author_id() == me_) return;
  cursor.set_unread(cursor.unread() + 1);
  if (names_me(message)) cursor.set_mentions(cursor.mentions() + 1);
}

bool Reducer::names_me(const v1::Message& message) const {
  return std::any_of(message.mentions().begin(), message.mentions().end(),
                     [this](const auto& one) { return one.account_id() == me_ || one.everyone(); });
}

std::string Reducer::text(const v1::Snapshot& like) const {
  v1::Snapshot all;
  for (const auto& [id, row] : departments_) *all.add_departments() = row;
  for (const auto& [id, row] : roles_) *all.add_roles() = row;
  for (const auto& [id, row] : accounts_) *all.add_accounts() = row;
  for (const auto& [id, row] : contacts_) *all.add_contacts() = row;
  for (const auto& [key, row] : appointments_) {
    if (!row.ended()) *all.add_appointments() = row;
  }
  for (const auto& [id, channel] : channels_) {
    v1::ChannelState& state = *all.add_channels() = channel.state;
    for (const auto& [root, cursor] : channel.cursors) {
      if (root != 0 && cursor.unread() == 0) continue;
      v1::Cursor& row = *state.add_cursors() = cursor;
      // How far was counted differs by the way; the counts may not.
      row.clear_revision();
      row.clear_counted_through_seq();
    }
  }
  std::set<base::EntityId> open;
  for (const auto& row : like.receipts()) open.insert(row.message_id());
  for (const auto& [key, row] : receipts_) {
    if (open.contains(key.first)) *all.add_receipts() = row;
  }
  std::string rows;
  for (const auto& [key, row] : rows_) rows += fmt::format("{}: {}\n", key.first, row);
  return all.DebugString() + rows;
}

std::string Reducer::messages() const {
  std::string text;
  for (const auto& [id, row] : messages_) text += row.DebugString() + "\n";
  return text;
}

}  // namespace fenghuo::testing
