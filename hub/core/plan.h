// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/context.h"

namespace fenghuo::core {

// Makes directory and channels what the plan says: one event for each difference, none for what is
// so already. What the plan does not name stays. BAD_PLAN carries `key` (of the entry) and `what`.
base::Result<Decision> decide_apply_plan(const Context& context, const v1::ApplyPlan& command);

}  // namespace fenghuo::core
