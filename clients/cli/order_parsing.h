// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/parsing.h"

namespace fenghuo::cli {

// `order`, `call-desk` and `duty` with their own verbs.
void add_order_verbs(CLI::App& app, Chosen& chosen);
void add_call_desk_verbs(CLI::App& app, Chosen& chosen);
void add_duty_verbs(CLI::App& app, Chosen& chosen);
// Those of `duty` that plan it.
void add_roster_verbs(CLI::App& group, Chosen& chosen);

// Those of `duty` that change something, and its board.
void add_duty_change_verbs(CLI::App& group, Chosen& chosen);

}  // namespace fenghuo::cli
