// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/wording.h"

#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::cli {

// One line of an order: number, precedence, state, who is asked and until when.
std::string order_line(const v1::Order& order, const client::State& state, Language language);

// One addressee: its state, who accepted when and how, late or not, the next step.
std::string addressee_line(const v1::Addressee& one, const client::State& state, Language language);

// Why a rung of a ladder fired.
std::string_view cause_word(v1::Step::Cause cause, Language language);

// Whom to dial now, the numbers, what to say, what came of it so far.
std::string call_line(const v1::CallItem& item, const client::State& state, Language language);

// A role and who stands on it, one line a standing, with numbers.
std::vector<std::string> duty_lines(const v1::DutyResult::Row& row, const client::State& state,
                                    Language language);

// "accepted", "returned", "no-answer", "busy", "off", "wrong-number"; unspecified = none of them.
v1::CallItem::Kind call_result_of(std::string_view word);
std::vector<std::string> call_result_words();

}  // namespace fenghuo::cli
