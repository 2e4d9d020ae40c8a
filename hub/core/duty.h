// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/duty.pb.h"
#include "hub/core/context.h"

#include <vector>

namespace fenghuo::core {

// 值班: who holds a role at an instant. Appointment gives membership and reading; duty gives
// obligations and addressing.

// Who stands on a role, in order: primaries, deputies, leaders; never empty for a role that lives:
// a standing nobody holds is listed as vacant with the reason. What decides, strongest first: an
// override (the later one), a handover accepted or a takeover, a shift, and for a role without any
// shift its appointments (in order of rank, then of id).
std::vector<v1::Holder> holders(const State::Rows& rows, base::EntityId role_id, base::TimeUs at);

// The same of one standing; several only for deputies and leaders without shifts.
std::vector<v1::Holder> holders(const State::Rows& rows, base::EntityId role_id,
                                v1::Appointment::Standing standing, base::TimeUs at);

// Whether the account stands on the role in any standing.
bool is_on_duty(const State::Rows& rows, base::EntityId account_id, base::EntityId role_id,
                base::TimeUs at);

// Whether it stands on any command seat, or on any role of the department (0 = of none).
bool is_on_command_seat(const State::Rows& rows, base::EntityId account_id, base::TimeUs at);
bool is_on_duty_in(const State::Rows& rows, base::EntityId account_id, base::EntityId department_id,
                   base::TimeUs at);

base::Result<Decision> decide_duty(const Context& context);
void fire_duty(const Context& context, const Deadlines::Due& due, Draft& draft);
void apply_duty(State::Rows& rows, const Record& record);

// Built again by load().
void index_row(State::Rows& rows, const v1::Shift& shift);
void index_row(State::Rows& rows, const v1::DutyOverride& override);

}  // namespace fenghuo::core
