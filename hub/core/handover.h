// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/duty.pb.h"
#include "hub/core/context.h"

#include <vector>

namespace fenghuo::core {

// 交接班. While a handover is open its outgoing remains responsible; accepting it moves the duty
// and every open item in one record. Who holds what because of it: holders() in duty.h.

base::Result<Decision> decide_handover(const Context& context);
void fire_handover(const Context& context, const Deadlines::Due& due, Draft& draft);
void apply_handover(State::Rows& rows, const Record& record);

// At a boundary of the roster: where the configuration says so, a duty that goes from one person to
// another becomes an open handover, so that the clock alone relieves nobody.
void open_handovers(const Context& context, base::EntityId role_id, base::TimeUs boundary,
                    Draft& draft);

// The handover a record changes; 0 = none.
base::EntityId handover_in(const Record& record);

// Built again by load().
void index_row(State::Rows& rows, const v1::Handover& handover);

// What the role is responsible for, by group and then by id: computed, never stored.
std::vector<v1::OpenItem> open_items(const State::Rows& rows, base::EntityId role_id,
                                     base::TimeUs at);

}  // namespace fenghuo::core
