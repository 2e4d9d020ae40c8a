// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/core/apply.h"
#include "hub/core/state.h"

#include <optional>
#include <string>
#include <vector>

// What no command center may ever do, whatever its people, its machine and its clock do. Judged
// from States and records alone, for lives of the core and for the simulator.
namespace fenghuo::testing {

// Broken promises, each in words; empty is good.
using Violations = std::vector<std::string>;

// Of a State between two decisions. Orders: while somebody is still to accept, a deadline is armed
// or it is exhausted and repeating; somebody responsible and informed is there (a person or contact
// who was asked and not released, the accepter, the delegate) or every command seat is told again
// and again; what is over arms nothing. Every instant that a row names has its timer, and no timer
// is left of a row that is gone.
Violations invariants(const core::State& state);

// Of a State at rest at `now`, after the hub had its turn: nothing that was due has not fired.
Violations nothing_overdue(const core::State& state, base::TimeUs now);

// Of a record, before it is applied to `state`: what the hub does by its clock was armed and is
// due (so never early, and never twice: firing takes the deadline away), says truly how late it is,
// and does not step into another organisation.
Violations check_record(const core::State& state, const core::Record& record);

// Why the account must not be told this about a coordination row, by a State right after the
// record (`later` false) or a later one; nothing = it may be told.
std::optional<std::string> told_wrongly(const core::State& state, base::EntityId account_id,
                                        const v1::Update& update, bool later);
// The same for every coordination row of a snapshot made a while ago.
std::optional<std::string> shown_wrongly(const core::State& state, base::EntityId account_id,
                                         const v1::Snapshot& snapshot);

}  // namespace fenghuo::testing
