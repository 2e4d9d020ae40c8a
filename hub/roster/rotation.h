// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/roster/planned.h"

#include <cstddef>
#include <vector>

namespace fenghuo::roster {

// The shifts of a rotation that end after `now`, in order of time, by the clock on the wall of the
// zone. What is wrong gives problems without a place and no shifts: unknown people, a length that
// is none, more shifts than one command may plan.
std::vector<Planned> expand(const v1::Rotation& rotation, const Directory& directory,
                            const Zone& zone, base::TimeUs now, plan::Problems& problems);

}  // namespace fenghuo::roster
