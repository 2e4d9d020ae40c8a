// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/intake.pb.h"
#include "hub/core/context.h"

namespace fenghuo::core {

// 接报: a call or report taken, as a message of a channel; open until it became something or there
// is a reason why not.

base::Result<Decision> decide_intake(const Context& context);
void apply_intake(State::Rows& rows, const Record& record);

// The intake a record changes; 0 = none.
base::EntityId intake_in(const Record& record);

}  // namespace fenghuo::core
