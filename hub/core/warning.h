// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/warning.pb.h"
#include "hub/core/context.h"

namespace fenghuo::core {

// 预警: only a role with VERB_WARN issues, changes or lifts one; where the configuration says so, a
// second person approves. It expires by the clock and stays listed.

base::Result<Decision> decide_warning(const Context& context);
void fire_warning(const Context& context, const Deadlines::Due& due, Draft& draft);
void apply_warning(State::Rows& rows, const Record& record);

// The warning a record changes; 0 = none.
base::EntityId warning_in(const Record& record);

// Built again by load().
void index_row(State::Rows& rows, const v1::Warning& warning);

}  // namespace fenghuo::core
