// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/wording.h"

#include <string>
#include <vector>

namespace fenghuo::cli {

// Every figure of a computation, those that are zero too; the names are those of its JSON.
std::vector<std::string> figures_lines(const v1::Figures& figures, const client::State& state,
                                       Language language);
// The same as one JSON object.
std::string figures_json(const v1::Figures& figures);

// One sentence of an explanation: when, whom, by which rung and row, or why not.
std::string explain_line(const v1::ExplainResult::Line& line, const client::State& state,
                         Language language);

// The version, how many knew it, and each with what he had and had not.
std::vector<std::string> knowledge_lines(const v1::KnowledgeResult& result,
                                         const client::State& state, Language language);

}  // namespace fenghuo::cli
