// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/alarm.pb.h"
#include "hub/core/context.h"

#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::core {

// 监测报警: what bots report becomes one row per point while it lasts; combinations of points of
// one unit raise an order; a source that falls silent is an alarm itself; a flood is counted, not
// shown.

base::Result<Decision> decide_alarm(const Context& context);
void fire_alarm(const Context& context, const Deadlines::Due& due, Draft& draft);
void apply_alarm(State::Rows& rows, const Record& record);

// Shared by the files of this area.
// Names what is one row while open.
std::string alarm_name(std::string_view source, v1::Alarm::Kind kind, std::string_view key);
// Null = not open.
const v1::Alarm* open_alarm(const State::Rows& rows, std::string_view source, v1::Alarm::Kind kind,
                            std::string_view key);
const v1::AlarmSource* alarm_source(const State::Rows& rows, std::string_view key);
// What is looked at together with it: its unit, else the point by itself.
std::string unit_of(const v1::Alarm& alarm);

// After the events that open the alarm (id as it will be) or raise its stage: it joins the
// combination of its unit, or may complete one.
void join_group(const Context& context, const v1::Alarm& alarm, Draft& draft);
// After an alarm of the group has gone (its event is drafted already).
void leave_group(const Context& context, const v1::Alarm& alarm, Draft& draft);
void fire_alarm_group(const Context& context, base::EntityId group_id, Draft& draft);
void apply_alarm_group(State::Rows& rows, const Record& record);

// The alarms a record changes, and the combination; 0 = none.
std::vector<base::EntityId> alarms_in(const Record& record);
base::EntityId alarm_group_in(const Record& record);

// Built again by load().
void index_row(State::Rows& rows, const v1::Alarm& alarm);
void index_row(State::Rows& rows, const v1::AlarmSource& source);
void index_row(State::Rows& rows, const v1::AlarmGroup& group);

}  // namespace fenghuo::core
