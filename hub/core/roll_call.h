// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/duty.pb.h"
#include "hub/core/context.h"

namespace fenghuo::core {

// 点名: every role proves that it can be reached; what is left unanswered at the end could not be.

base::Result<Decision> decide_roll_call(const Context& context);
void fire_roll_call(const Context& context, const Deadlines::Due& due, Draft& draft);
void apply_roll_call(State::Rows& rows, const Record& record);

// The roll-call a record changes; 0 = none.
base::EntityId roll_call_in(const Record& record);

// Built again by load().
void index_row(State::Rows& rows, const v1::RollCall& call);

}  // namespace fenghuo::core
