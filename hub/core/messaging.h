// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/apply.h"
#include "hub/core/context.h"

#include <string>

namespace fenghuo::core {

// Messages: posted, edited, retracted.

base::Result<Decision> decide_post_message(const Context& context, const v1::PostMessage& command);
base::Result<Decision> decide_edit_message(const Context& context, const v1::EditMessage& command);
base::Result<Decision> decide_retract_message(const Context& context,
                                              const v1::RetractMessage& command);

// For other areas that write messages inside their own decisions. Content checked, with `field` in
// front of the names of its fields; whether the actor may post there; the events themselves.
Problem check_message(const Context& context, const v1::PostMessage& command,
                      const std::string& field);
Problem check_may_post(const Context& context, const v1::Channel& channel,
                       v1::Precedence precedence);
void draft_posted(const Context& context, const ChannelRows& channel,
                  const v1::PostMessage& command, Draft& draft);
void draft_edit(const MessageRow& row, const v1::EditMessage& command, Draft& draft);

void apply_message_posted(State::Rows& rows, const Record& record, Effects& effects);
void apply_message_edited(State::Rows& rows, const Record& record, Effects& effects);
void apply_message_retracted(State::Rows& rows, const Record& record, Effects& effects);

// A message the actor may see; `channel` null when there is none.
struct SeenMessage {
  const ChannelRows* channel = nullptr;
  std::uint32_t seq = 0;

  const MessageRow& row() const { return channel->at(seq); }
};
SeenMessage visible_message(const Context& context, base::EntityId message_id);

// For other areas that write messages inside their own decisions. Content checked, with `field` in
// front of the names of its fields; whether the actor may post there.
Problem check_message(const Context& context, const v1::PostMessage& command,
                      const std::string& field);
Problem check_may_post(const Context& context, const v1::Channel& channel,
                       v1::Precedence precedence);
// Where a message lies, for apply; it must exist.
struct MessageAt {
  ChannelRows& channel;
  std::uint32_t seq;

  MessageRow& row() const { return channel.at(seq); }
};
MessageAt message_at(State::Rows& rows, base::EntityId message_id);

// Turns the message into a stone: it no longer counts, names nobody, has no attachments. Lists
// whose counts that changes.
void make_stone(State::Rows& rows, MessageAt at, MessageExtra::Stone stone, base::Position position,
                Effects& effects);

// Adds one message at the end of its channel's derived lists; used by apply and load().
void index_message(State::Rows& rows, ChannelRows& channel, std::uint32_t channel_index,
                   std::uint32_t seq);

}  // namespace fenghuo::core
