// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/duty.pb.h"
#include "hub/core/context.h"

#include <string>
#include <vector>

namespace fenghuo::core {

// 值班: who holds a role at an instant. Appointment gives membership and reading; duty gives
// obligations and addressing.

// Who stands on a role, in order: primaries, deputies, leaders; never empty for a role that lives:
// a standing nobody holds is listed as vacant with the reason. What decides, strongest first: an
// override (the later one); a handover: while it is open its outgoing, then its incoming until a
// shift begins that came after it; the shifts; before the first and after the last of them the
// appointments (in order of rank, then of id).
std::vector<v1::Holder> holders(const State::Rows& rows, base::EntityId role_id, base::TimeUs at);

// The same of one standing; several where shifts overlap, or by appointment.
std::vector<v1::Holder> holders(const State::Rows& rows, base::EntityId role_id,
                                v1::Appointment::Standing standing, base::TimeUs at);

// Whether the account stands on the role in any standing.
bool is_on_duty(const State::Rows& rows, base::EntityId account_id, base::EntityId role_id,
                base::TimeUs at);

// Whether it stands on any command seat, or on any role of the department (0 = of none).
bool is_on_command_seat(const State::Rows& rows, base::EntityId account_id, base::TimeUs at);
bool is_on_duty_in(const State::Rows& rows, base::EntityId account_id, base::EntityId department_id,
                   base::TimeUs at);

inline constexpr v1::Appointment::Standing standings[] = {v1::Appointment::STANDING_PRIMARY,
                                                          v1::Appointment::STANDING_DEPUTY,
                                                          v1::Appointment::STANDING_LEADER};
Problem check_standing(v1::Appointment::Standing standing, const std::string& field);
// The actor may plan the duty of the role.
Problem check_may_roster(const Context& context, base::EntityId role_id, const std::string& field);

base::Result<Decision> decide_duty(const Context& context);
void fire_duty(const Context& context, const Deadlines::Due& due, Draft& draft);
void apply_duty(State::Rows& rows, const Record& record);

// Built again by load().
void index_row(State::Rows& rows, const v1::Shift& shift);
void index_row(State::Rows& rows, const v1::DutyOverride& override);

}  // namespace fenghuo::core
