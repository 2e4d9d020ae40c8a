// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/configuration.pb.h"
#include "fenghuo/v1/plan.pb.h"
#include "hub/plan/document.h"
#include "hub/plan/fields.h"
#include "hub/plan/problem.h"
#include "hub/plan/references.h"

namespace fenghuo::plan {

// One [[ladder]]:
//
//   [[ladder]]
//   key = "immediate"
//   name = { zh-Hans = "特急", en = "Immediate" }
//   precedences = ["immediate"]       # taken when an order names no ladder
//   accept-within = "5 min"
//   last-wait = "5 min"               # after the last rung
//   exhausted-repeat = "2 min"        # 全链无人签收: on every command seat, this often
//   gate-wait = "3 min"               # how long the duty chief has at a gate
//   rungs = [
//     { call = ["primary"], means = ["in-app", "bell"] },
//     { after = "5 min", call = ["deputy"], means = ["bell", "call"] },
//     { after = "5 min", call = ["eoc/duty-leader"], means = ["call"], gate = true },
//   ]
//
// Whom a rung calls: "primary", "deputy" or "leader" of the addressed role, "./head" for the role
// with that own key in the same department, "department/role", or "contact:key".
void read_ladder(Fields fields, v1::Configuration& configuration, References& references,
                 Problems& problems);

// [orders]: what orders need beside their ladders.
void read_orders(const Node& table, v1::Configuration& configuration, References& references,
                 Problems& problems);

// Where a ladder calls the leader, each role that this plan appoints a primary to has one. Roles
// whose people are not in the plan are not judged: account lists come later.
void check_leaders(const v1::Plan& plan, const References& references, Problems& problems);

// What must hold between ladders: one ladder for each precedence.
void check_ladders(const v1::Configuration& configuration, Place place, Problems& problems);

}  // namespace fenghuo::plan
