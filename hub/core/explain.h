// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/figures.pb.h"
#include "hub/base/result.h"
#include "hub/core/state.h"

namespace fenghuo::core {

// 通知依据: who was told of an order when, by which rung of its ladder and by which roster row, and
// why somebody was not; from the order's row and the roster. NOT_FOUND for who does not see the
// order and for guests; NOT_FOUND too for an account or role that does not exist.
base::Result<v1::ExplainResult> explain_for(const State& state, base::EntityId account_id,
                                            const v1::ExplainQuery& query, base::TimeUs now);

}  // namespace fenghuo::core
