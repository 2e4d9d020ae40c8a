// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/context.h"

#include <vector>

namespace fenghuo::core {

// Hub time in doubt: the wall clock says something else, and an operator has to say which is right.
// Private to this folder.

// Whether what the hub does by itself is marked: a doubt found after a reboot is open.
bool clock_is_unconfirmed(const State::Rows& rows);

base::Result<Decision> decide_clock(const Context& context);
void apply_clock(State::Rows& rows, const Record& record);

// The doubts a record is about.
std::vector<base::EntityId> clock_doubts_in(const Record& record);

}  // namespace fenghuo::core
