// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/configuration.pb.h"

#include <string>
#include <vector>

namespace fenghuo::plan {

// Adds a line for each difference, in the words of a plan file, entries by their key or grading:
//
//   + report-rule "final" (终报)
//   ~ [alarms] source "dcs": silent-after 5 min -> 10 min
//   ~ ladder "level-iii": rung 2 (means + call)
//   - level-authority level i
//
// A configuration is replaced as a whole: what `after` leaves out goes.
void diff_configuration(const v1::Configuration& before, const v1::Configuration& after,
                        std::vector<std::string>& lines);

}  // namespace fenghuo::plan
