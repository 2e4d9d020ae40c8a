// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/configuration.pb.h"
#include "fenghuo/v1/model.pb.h"
#include "tools/replay/scenario.h"

#include <string>

namespace fenghuo::replay {

// Puts into the configuration what the scenario was recorded under: its ladders, the combination
// rule behind the orders that the hub raised, who decides on which level, who confirms and
// approves, and report rules with the recorded limits. Ladders, sources and templates of other
// names stay.
void set_rules(const Scenario& scenario, v1::Configuration& configuration);

// "II"; unspecified = no level.
v1::Level level_of(const std::string& word);
v1::Precedence precedence_of(const std::string& priority);

// The key of a policy's ladder: "P-III" is "p-iii".
std::string ladder_key(const std::string& policy);

// 装置 that a measuring point belongs to; empty = it is its own.
std::string unit_of_point(const std::string& point);
// The unit whose points are lost in a sensor.fault, and the key of the n-th (from 1) of them.
std::string lost_unit();
std::string lost_point(int n);

}  // namespace fenghuo::replay
