// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/duty.pb.h"
#include "hub/core/context.h"

namespace fenghuo::core {

// Vacant stretches of a roster, told ahead of time (as long ahead as configured), so that nobody
// finds them when an order needs the role. An explicit vacancy by override is no gap: it has a
// reason already.

void fire_roster_gap(const Context& context, const Deadlines::Due& due, Draft& draft);
void apply_roster_gap(State::Rows& rows, const Record& record);

// Sets the timers of a role anew, after anything of its roster changed.
void watch_roster(State::Rows& rows, base::EntityId role_id);

// Built again by load().
void index_row(State::Rows& rows, const v1::RosterGap& gap);

}  // namespace fenghuo::core
