// SPDX-License-Identifier: Apache-2.0
#include "hub/core/render.h"

#include "hub/base/check.h"
#include "hub/core/access.h"
#include "hub/core/receipts.h"

namespace fenghuo::core {
namespace {

using base::EntityId;

v1::Mention render(const MessageExtra::Mention& mention) {
  v1::Mention row;
  switch (mention.kind) {
    case MessageExtra::Mention::Kind::Account: row.set_account_id(mention.id); break;
    case MessageExtra::Mention::Kind::Role: row.set_role_id(mention.id); break;
    case MessageExtra::Mention::Kind::Everyone: row.set_everyone(true); break;
  }
  return row;
}

// What never changes of a message.
v1::Message render_frame(const ChannelRows& channel, std::uint32_t seq) {
  const MessageRow& row = channel.at(seq);
  v1::Message message;
  message.set_id(row.id);
  message.set_channel_id(channel.channel.id());
  message.set_seq(seq);
  message.set_author_id(row.author_id);
  message.set_role_id(row.role_id);
  message.set_precedence(static_cast<v1::Precedence>(row.precedence));
  if (row.root_seq != 0) message.set_thread_root_id(channel.at(row.root_seq).id);
  message.set_posted_us(row.posted_us);
  message.set_ask_receipt(row.has(MessageRow::asks_receipt));
  return message;
}

void set_version(const MessageExtra* extra, std::uint32_t version, v1::Message& message) {
  message.set_version(version);
  std::uint32_t asked = 1;
  for (std::uint32_t i = 2; i <= version; ++i) {
    const State::Version& edit = extra->edits[i - 2];
    if (edit.kind == v1::EDIT_KIND_CHANGE) asked = i;
    message.set_last_edit(edit.kind);
    message.set_edited_us(edit.time_us);
  }
  message.set_asked_version(asked);
}

void set_stone(const MessageExtra::Stone& stone, v1::Message& message) {
  v1::Message::Stone& row = *message.mutable_stone();
  row.set_kind(stone.kind);
  row.set_by_id(stone.by_id);
  row.set_at_us(stone.at_us);
  row.set_confirmed_by_id(stone.confirmed_by_id);
  row.set_reason(stone.rule);
}

void set_content(const v1::Body* body, v1::Message& message) {
  if (body == nullptr) return;
  message.set_text(body->text());
  *message.mutable_attachments() = body->attachments();
  if (body->has_caller()) *message.mutable_caller() = body->caller();
}

}  // namespace

v1::Message render_message(const State::Rows& rows, const ChannelRows& channel, std::uint32_t seq) {
  const MessageRow& row = channel.at(seq);
  const MessageExtra* extra = rows.extra(row);
  v1::Message message = render_frame(channel, seq);
  message.set_revision(row.revision);
  set_version(extra, row.version, message);
  if (row.has(MessageRow::is_stone)) {
    set_stone(*extra->stone, message);
  } else if (extra != nullptr) {
    for (const auto& mention : extra->mentions) *message.add_mentions() = render(mention);
  }
  return message;
}

v1::Message render_message_record(const State::Rows& rows, const ChannelRows& channel,
                                  std::uint32_t seq, const Record& record) {
  const MessageRow& row = channel.at(seq);
  const MessageExtra* extra = rows.extra(row);
  if (row.has(MessageRow::is_stone)) {
    v1::Message message = render_message(rows, channel, seq);
    message.set_revision(record.position);
    if (record.event.has_message_retracted() && record.body != nullptr &&
        extra->stone->reason_position == record.position) {
      message.mutable_stone()->set_reason(record.body->reason());
    }
    return message;
  }
  v1::Message message = render_frame(channel, seq);
  message.set_revision(record.position);
  if (record.event.has_message_posted()) {
    set_version(extra, 1, message);
    *message.mutable_mentions() = record.event.message_posted().mentions();
  } else {
    FENGHUO_CHECK(record.event.has_message_edited());
    set_version(extra, record.event.message_edited().version(), message);
    *message.mutable_mentions() = record.event.message_edited().mentions();
  }
  set_content(record.body, message);
  return message;
}

v1::Department render(const v1::Department& department, bool for_guest) {
  v1::Department row = department;
  if (for_guest) row.clear_phones();
  return row;
}

v1::Role render(const v1::Role& role, bool for_guest) {
  v1::Role row = role;
  if (for_guest) {
    row.clear_phones();
    row.clear_grants();
  }
  return row;
}

v1::Account render(const v1::Account& account, bool for_guest) {
  v1::Account row = account;
  // A room list names channels that the reader may not belong to.
  row.clear_room_ids();
  if (for_guest) row.clear_phones();
  return row;
}

bool is_guest(const State::Rows& rows, EntityId account_id) {
  const v1::Account* account = rows.accounts.find(account_id);
  return account == nullptr || account->kind() == v1::Account::KIND_GUEST;
}

v1::ChannelState render_channel(const State& state, const ChannelRows& channel,
                                EntityId account_id) {
  const State::Rows& rows = state.rows();
  const EntityId channel_id = channel.channel.id();
  v1::ChannelState row;
  *row.mutable_channel() = channel.channel;
  row.set_last_seq(channel.last_seq());
  row.set_first_seq(state.first_seq(account_id, channel_id));
  row.set_can_post(may_post(state, account_id, channel.channel).allowed);
  row.set_legal_hold(channel.held);
  *row.add_cursors() = cursor_of(rows, channel, account_id, 0);
  const Membership* one = rows.membership(account_id, channel_id);
  if (one == nullptr) return row;
  for (const Membership::Thread& thread : one->threads) {
    if (!thread.takes_part) continue;
    v1::Cursor cursor = cursor_of(rows, channel, account_id, thread.root_id);
    if (cursor.unread() > 0) *row.add_cursors() = std::move(cursor);
  }
  return row;
}

std::optional<Subject> subject_of(const State::Rows& rows, const Record& record) {
  base::EntityId message_id = 0;
  if (record.event.has_message_posted()) message_id = record.position;
  if (record.event.has_message_edited()) message_id = record.event.message_edited().message_id();
  if (record.event.has_message_retracted()) {
    message_id = record.event.message_retracted().message_id();
  }
  if (record.event.has_bodies_erased()) message_id = record.event.bodies_erased().message_id();
  const auto* place = rows.place(message_id);
  if (place == nullptr) return std::nullopt;
  return Subject{rows.channel_at(*place), place->seq};
}

}  // namespace fenghuo::core
