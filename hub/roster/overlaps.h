// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/roster/planned.h"

#include <cstdint>
#include <vector>

namespace fenghuo::roster {

// How shifts may lie upon each other. Two people may be deputies at once; primary and leader are
// one at a time unless `shared`; nobody stands twice on the same post. That the hour which comes
// twice when summer time ends belongs to both is no overlap.
struct OverlapRules {
  bool shared = false;
  // What is planned already and in the way is dropped, unless it has begun.
  bool replace = false;
};

// What comes of a roster that was read.
struct Changes {
  std::vector<Planned> added;
  // Planned shifts that give way.
  std::vector<const v1::Shift*> dropped;
  // Planned already just so.
  std::uint32_t known = 0;
};

// Compares the rows with each other and with what the directory has planned; every clash is one
// problem at the later row of the file.
Changes settle(std::vector<Planned> rows, const Directory& directory, const OverlapRules& rules,
               plan::Problems& problems);

}  // namespace fenghuo::roster
