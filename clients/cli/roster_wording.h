// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/wording.h"

#include <string>

namespace fenghuo::cli {

// "duty.csv:2:5: what; fix".
std::string problem_line(const std::string& file, const v1::RosterResult::Problem& problem);

// "+ 2026-11-30 08:00 – 2026-11-30 20:00  fire/liaison  primary  张启明"; "-" when it is dropped.
std::string shift_line(const v1::Shift& shift, const client::State& state, Language language);

// "4 new, 1 dropped, 2 planned already, 3 over already".
std::string roster_summary(const v1::RosterResult& roster, Language language);

// "2026-11-30 08:00  primary  张启明 → 李静".
std::string turn_line(const v1::TurnsResult::Turn& turn, const client::State& state,
                      Language language);

}  // namespace fenghuo::cli
