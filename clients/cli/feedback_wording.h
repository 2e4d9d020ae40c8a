// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/terms.h"

#include <array>
#include <string>
#include <vector>

namespace fenghuo::cli {

inline constexpr std::array<Term<v1::FeedbackKind>, 4> feedback_kinds{{
    {v1::FEEDBACK_KIND_PROBLEM, "problem", {"问题", "問題", "problem"}},
    {v1::FEEDBACK_KIND_SUGGESTION, "suggestion", {"建议", "建議", "suggestion"}},
    {v1::FEEDBACK_KIND_CORRECTION, "correction", {"更正", "更正", "correction"}},
    {v1::FEEDBACK_KIND_PRAISE, "praise", {"表扬", "表揚", "praise"}},
}};
inline constexpr std::array<Term<v1::FeedbackSeverity>, 3> feedback_severities{{
    {v1::FEEDBACK_SEVERITY_LIFE, "life", {"危及生命", "危及生命", "danger to life"}},
    {v1::FEEDBACK_SEVERITY_URGENT, "urgent", {"紧急", "緊急", "urgent"}},
    {v1::FEEDBACK_SEVERITY_ROUTINE, "routine", {"一般", "一般", "routine"}},
}};

// Kind, severity, state, who owns it and by when it is answered.
std::string feedback_line(const v1::Feedback& row, const client::State& state, Language language);
// And every entry with its words.
std::vector<std::string> feedback_lines(const v1::FeedbackResult& result,
                                        const client::State& state, Language language);

// The incident one is asked about.
std::string ask_line(const v1::FeedbackAsk& ask, const client::State& state, Language language);

}  // namespace fenghuo::cli
