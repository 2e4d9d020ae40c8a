// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/alarm.pb.h"
#include "hub/core/context.h"

namespace fenghuo::core {

// Where alarms meet orders: the only place.

// Drafts the order a held combination asks for, by the hub. Its id; 0 = none can be raised: the
// rule names no channel or no role that lives.
base::EntityId raise_order(const Context& context, const v1::AlarmGroup& group, Draft& draft);

// The order of a combination still runs.
bool is_order_open(const State::Rows& rows, base::EntityId order_id);

// The alarm joins the running order as evidence: it informs and voids nothing.
void add_evidence(const Context& context, base::EntityId order_id, base::EntityId alarm_id,
                  Draft& draft);

}  // namespace fenghuo::core
