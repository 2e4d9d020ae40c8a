// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/apply.h"
#include "hub/core/context.h"
#include "hub/core/decide.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fenghuo::core {

// Who has a message, has seen it, has acknowledged it; and how far each has read.

base::Result<Decision> decide_acknowledge(const Context& context,
                                          const v1::AcknowledgeMessage& command);
base::Result<std::vector<Reading>> check_advance_cursor(const Context& context,
                                                        const v1::AdvanceCursor& command);
base::Result<std::vector<Reading>> check_mark_delivered(const Context& context,
                                                        const v1::MarkDelivered& command);

void apply_message_acknowledged(State::Rows& rows, const Record& record, Effects& effects);
void apply_cursors_advanced(State::Rows& rows, const Record& record, Effects& effects);
void apply_messages_delivered(State::Rows& rows, const Record& record, Effects& effects);

// A posted message that asks its addressees: one empty receipt each.
void track_message(State::Rows& rows, ChannelRows& channel, std::uint32_t seq,
                   const v1::MessagePosted& event, base::Position position, Effects& effects);
// A change voids what was acknowledged; the author is given all receipts anew.
void ask_again(State::Rows& rows, ChannelRows& channel, std::uint32_t seq, Effects& effects);
// A stone asks nobody.
void close_tracking(State::Rows& rows, const ChannelRows& channel, std::uint32_t seq);
// The derived parts of a tracked message, built again by load().
void index_tracked(State::Rows& rows, const MessageRow& row);

// Lists who must be told his count anew: after a reply `seq`, all who take part in the thread
// (their clients may not hold its cursor); ...
void recount_participants(const State::Rows& rows, const ChannelRows& channel,
                          std::uint32_t root_seq, std::uint32_t seq, Effects& effects);
// ... or everybody who had the message `seq`, now a stone, among his unread ones.
void recount_stone(const State::Rows& rows, const ChannelRows& channel, std::uint32_t seq,
                   Effects& effects);

// The account's cursor row with exact counts; `root_id` 0 = main timeline. The revision is
// the position counted at, so that a later count replaces an earlier one.
v1::Cursor cursor_of(const State::Rows& rows, const ChannelRows& channel, base::EntityId account_id,
                     base::EntityId root_id);

// Whether the account takes part in the thread.
bool takes_part(const State::Rows& rows, const ChannelRows& channel, base::EntityId account_id,
                base::EntityId root_id);

}  // namespace fenghuo::core
