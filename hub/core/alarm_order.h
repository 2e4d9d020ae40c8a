// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/alarm.pb.h"
#include "hub/core/context.h"

#include <string>

namespace fenghuo::core {

// Where alarms meet orders: the only place.

struct RaisedByAlarm {
  // 0 = none can be raised, `problem` says why.
  base::EntityId order_id = 0;
  // What of the rule could not be followed, and what was done instead.
  std::string problem;
};
// Drafts the order a held combination asks for, by the hub. Where the rule cannot be followed (its
// channel, its roles or its ladder are gone) the command seats are asked in a channel there is:
// nothing is silent.
RaisedByAlarm raise_order(const Context& context, const v1::AlarmGroup& group, Draft& draft);

// The order of a combination still runs.
bool is_order_open(const State::Rows& rows, base::EntityId order_id);

// The alarm joins the running order as evidence: it informs and voids nothing.
void add_evidence(const Context& context, base::EntityId order_id, base::EntityId alarm_id,
                  Draft& draft);

}  // namespace fenghuo::core
