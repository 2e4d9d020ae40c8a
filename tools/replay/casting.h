// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/state.h"
#include "fenghuo/v1/command.pb.h"
#include "fenghuo/v1/frame.pb.h"
#include "fenghuo/v1/plan.pb.h"
#include "hub/base/types.h"
#include "tools/replay/scenario.h"

#include <string>

namespace fenghuo::replay {

// The key of the account that plays an actor: the center's own account of the same name, else one
// made for the scenario.
std::string account_key(const Scenario::Actor& actor, const client::State& center);

// The role an actor stands on: the duty role of his department ("water/duty"); in the command
// center itself, 值班员 and 值班长 are two ("eoc/operator", "eoc/chief"). A bot that hears the
// public has one of its own; empty for other bots, the hub, and whoever has no department.
std::string role_key(const Scenario& scenario, const std::string& actor_id);

// What the center lacks for the scenario: departments, roles with their people (in the order of the
// file primary, deputy, leader, members), accounts, the standing channels (open to everyone of the
// center, so that any seat can watch), and the configuration. The center's own configuration stays
// where the scenario does not need another.
v1::Plan plan_for(const Scenario& scenario, const client::State& center,
                  const v1::Welcome& welcome);

// The roster around the handovers of the scenario, which begins at `start`: the outgoing until half
// an hour after the incoming begins. No shifts = nothing to plan.
v1::PutShifts shifts_for(const Scenario& scenario, const client::State& center, base::TimeUs start);

}  // namespace fenghuo::replay
