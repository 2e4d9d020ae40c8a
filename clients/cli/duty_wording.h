// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/wording.h"

#include <string>
#include <vector>

namespace fenghuo::cli {

// Who hands which duty to whom, since when, until when, and what came of it.
std::string handover_line(const v1::Handover& handover, const client::State& state,
                          Language language);

// One open item; red ones say so.
std::string open_item_line(const v1::OpenItem& item, Language language);

// The list in its groups, the red ones marked, with the position it was read at.
std::vector<std::string> open_items_lines(const v1::OpenItems& items, Language language);

std::string override_line(const v1::DutyOverride& one, const client::State& state,
                          Language language);
std::string gap_line(const v1::RosterGap& gap, const client::State& state, Language language);

// One line for the whole: how many roles answered.
std::string roll_call_line(const v1::RollCall& call, const client::State& state, Language language);
// And each role, those that did not answer first, with numbers to dial.
std::vector<std::string> roll_call_lines(const v1::RollCall& call, const client::State& state,
                                         Language language);

}  // namespace fenghuo::cli
