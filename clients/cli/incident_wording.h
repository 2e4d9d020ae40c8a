// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/wording.h"

#include <string>
#include <vector>

namespace fenghuo::cli {

// One line: number, level, response, phase, title, casualties, channel.
std::string incident_line(const v1::Incident& incident, const client::State& state,
                          Language language);

// All of it: times, path of levels and phases, what waits for a decision, posts, groups, casualties
// with their source, what is owed.
std::vector<std::string> incident_lines(const v1::Incident& incident, const client::State& state,
                                        Language language);

// Key, name, category, and what starts with it.
std::string template_line(const v1::IncidentTemplate& one, Language language);

// One report upward: what, until when, what came of it.
std::string report_line(const v1::Report& report, const client::State& state, Language language);
// And the keys its fields are filed by.
std::vector<std::string> report_lines(const v1::Report& report, const client::State& state,
                                      Language language);

}  // namespace fenghuo::cli
