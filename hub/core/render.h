// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/core/command.h"
#include "hub/core/rows.h"

#include <optional>

namespace fenghuo::core {

// Rows as readers get them. Private to this folder.

// The message as it is now, without text and attachments.
v1::Message render_message(const State::Rows& rows, const ChannelRows& channel, std::uint32_t seq);

// The message as the record (MessagePosted, MessageEdited, MessageRetracted or BodiesErased) left
// it, with text, attachments or reason from the record's body. When it has become a stone since, a
// stone without reason; the revision is the record's either way.
v1::Message render_message_record(const State::Rows& rows, const ChannelRows& channel,
                                  std::uint32_t seq, const Record& record);

// Directory rows as staff or guests see them: guests get no phones, nobody room lists.
v1::Department render(const v1::Department& department, bool for_guest);
v1::Role render(const v1::Role& role, bool for_guest);
v1::Account render(const v1::Account& account, bool for_guest);

// Whether the account sees what guests see (unknown accounts do).
bool is_guest(const State::Rows& rows, base::EntityId account_id);

v1::ChannelState render_channel(const State& state, const ChannelRows& channel,
                                base::EntityId account_id);

// The message a record is about, and the channel; nullopt when it is about none.
struct Subject {
  const ChannelRows& channel;
  std::uint32_t seq;
};
std::optional<Subject> subject_of(const State::Rows& rows, const Record& record);

}  // namespace fenghuo::core
