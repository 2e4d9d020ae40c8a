// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/duty.pb.h"
#include "hub/roster/directory.h"

#include <string>

namespace fenghuo::roster {

// Turns a table or a rotation into shifts and checks it whole: either everything that is wrong, or
// what to put. Rows that are over at `now` or planned already just so are counted and left out.
// Without seen_position, which the asker knows. Pure but for the machine's time zones.
v1::RosterResult read_roster(const v1::RosterQuery& query, const Directory& directory,
                             const std::string& center_zone, base::TimeUs now);

}  // namespace fenghuo::roster
