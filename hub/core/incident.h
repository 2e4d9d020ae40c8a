// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/incident.pb.h"
#include "hub/core/context.h"
#include "hub/core/deadlines.h"

#include <string>

namespace fenghuo::core {

// 突发事件: declared in one step, graded, commanded, reported upward, stood down, evaluated,
// archived; or void, or merged. And 信息报告, its reports.

base::Result<Decision> decide_incident(const Context& context);
void fire_incident(const Context& context, const Deadlines::Due& due, Draft& draft);
void apply_incident(State::Rows& rows, const Record& record);

// The ladder for an order of the incident that names none; empty = the configuration has none for
// its level.
std::string ladder_for_incident(const State::Rows& rows, base::EntityId incident_id,
                                v1::Precedence precedence);

// Timers; set again by load().
void index_row(State::Rows& rows, const v1::Incident& incident);
void index_row(State::Rows& rows, const v1::Report& report);

}  // namespace fenghuo::core
