// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/apply.h"
#include "hub/core/rows.h"

#include <vector>

namespace fenghuo::core {

// Who belongs to a channel follows from appointments, room lists and the channel's own lists. These
// bring the recorded intervals in line after anything of that changed. Only real changes are marked
// and listed in `effects`, so calling too often is harmless.

// Everybody's belonging to one channel.
void refresh_channel(State::Rows& rows, ChannelRows& channel, base::Position at, Effects& effects);
// One account's belonging to all channels.
void refresh_account(State::Rows& rows, base::EntityId account_id, base::Position at,
                     Effects& effects);

// The same from the appointments and lists, without looking at the intervals; ascending. What a
// posting, and decide's look ahead, rely on.
std::vector<base::EntityId> wanted_members(const State::Rows& rows, const ChannelRows& channel);
std::vector<base::EntityId> wanted_channels(const State::Rows& rows, base::EntityId account_id);

// Adds what makes people members of the channel to the indexes, or takes it out.
void index_channel(State::Rows& rows, const v1::Channel& channel);
void unindex_channel(State::Rows& rows, const v1::Channel& channel);

// Whether `department_id` is `above` or lies below it.
bool is_within(const State::Rows& rows, base::EntityId department_id, base::EntityId above);

// Whether an appointment to the role gives anything: neither it nor its department has retired.
bool role_lives(const State::Rows& rows, base::EntityId role_id);

// Departments from this one down, itself first.
std::vector<base::EntityId> departments_below(const State::Rows& rows,
                                              base::EntityId department_id);

}  // namespace fenghuo::core
