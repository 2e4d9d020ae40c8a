// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/base/types.h"
#include "storage/event_log.h"

namespace fenghuo::storage {

// The first position recorded at `time` or later; one after the head when there is none. Reads a
// batch or two dozen, so it is for queries, not for loops. `log` must not go back in time.
base::Result<base::Position> position_at(const EventLog& log, base::TimeUs time);

}  // namespace fenghuo::storage
