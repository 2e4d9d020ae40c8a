// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/context.h"

namespace fenghuo::core {

// 停机: stretches of hub time in which the hub did nothing. They are rows that everybody sees, and
// they count for nobody. Private to this folder.

// A limit that somebody asked at `from` has to meet, moved on by every recorded outage that takes
// time away between the two. Never earlier than `limit`; 0 stays 0.
base::TimeUs limit_after_outages(const State::Rows& rows, base::TimeUs from, base::TimeUs limit);

// The outage if the actor may see it, else null.
const v1::Outage* visible_outage(const Context& context, base::EntityId outage_id);

// Closing one, and entering its paper slips (see slips.h).
base::Result<Decision> decide_outage(const Context& context);
void apply_outage(State::Rows& rows, const Record& record);

// What a record is about; 0 = no outage.
base::EntityId outage_in(const Record& record);

}  // namespace fenghuo::core
