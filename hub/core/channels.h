// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/apply.h"
#include "hub/core/context.h"

namespace fenghuo::core {

// Channels: created and changed, direct ones opened, legal holds.

base::Result<Decision> decide_create_channel(const Context& context,
                                             const v1::CreateChannel& command);
base::Result<Decision> decide_change_channel(const Context& context,
                                             const v1::ChangeChannel& command);
base::Result<Decision> decide_open_direct(const Context& context, const v1::OpenDirect& command);
base::Result<Decision> decide_set_legal_hold(const Context& context,
                                             const v1::SetLegalHold& command);

void apply_channel_set(State::Rows& rows, const Record& record, Effects& effects);
void apply_legal_hold_set(State::Rows& rows, const v1::LegalHoldSet& event, Effects& effects);

// The channel if the actor may see it, else null: what is missing and what is hidden are one.
const ChannelRows* visible_channel(const Context& context, base::EntityId channel_id);

// Names nobody who does not exist.
Problem check_members(const Context& context, const v1::Channel::Members& members,
                      const std::string& at);

// Sorted and without repeats, so that equal lists are equal bytes.
void put_in_order(v1::Channel::Members& members);

}  // namespace fenghuo::core
