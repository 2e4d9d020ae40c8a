// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "fenghuo/v1/plan.pb.h"

#include <string>
#include <vector>

namespace fenghuo::plan {

// The directory and channels of a snapshot in the words of a plan: ids become keys. Direct channels
// and ended appointments are left out. A snapshot does not know the
// center's own name, zone and id: the caller fills them in, or the diff leaves them out.
v1::Plan plan_of(const v1::Snapshot& snapshot);

// What applying `wanted` would change, one line each, in the order of the plan:
//
//   + department "fire" (消防救援支队)
//   ~ channel "ops-watch": topic "old" -> "new"; member_roles + "eoc/commander"
//
// Empty = nothing. What is in `current` only stays as it is and is not listed, and so do further
// appointments and a topic where the plan has none.
std::vector<std::string> plan_diff(const v1::Plan& current, const v1::Plan& wanted);

}  // namespace fenghuo::plan
