// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/wording.h"

#include <string>
#include <vector>

namespace fenghuo::cli {

// An intake and the message it is: who called, when, what was said, what became of it.
std::string intake_line(const v1::Intake& intake, const v1::Message& message,
                        const client::State& state, Language language);

// digits x 10^exponent as people write it: "12.5".
std::string quantity_text(const v1::Quantity& quantity);

std::string alarm_line(const v1::Alarm& alarm, const client::State& state, Language language);
std::vector<std::string> alarm_lines(const v1::Alarm& alarm, const client::State& state,
                                     Language language);

// Colour, kind, area, validity, and where it stands.
std::string warning_line(const v1::Warning& warning, const client::State& state, Language language);
// And its text, measures, signatures and what waits for approval.
std::vector<std::string> warning_lines(const v1::Warning& warning, const client::State& state,
                                       Language language);

// Who is said to have said what, by whom it was recorded, signed or until when.
std::string spoken_line(const v1::Spoken& spoken, const client::State& state, Language language);

}  // namespace fenghuo::cli
