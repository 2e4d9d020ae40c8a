// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/wording.h"
#include "fenghuo/v1/frame.pb.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::cli {

// One thing in three languages.
struct Words {
  std::string_view hans;
  std::string_view hant;
  std::string_view en;
};
std::string_view in(const Words& words, Language language);

// One value of a field: how it is typed in a terminal, and how it reads.
template <typename Value>
struct Term {
  Value value;
  std::string_view typed;
  Words words;
};

// "?" for a value this program does not know.
template <typename Value, std::size_t count>
std::string_view word_of(const std::array<Term<Value>, count>& terms, Value value,
                         Language language) {
  for (const auto& one : terms) {
    if (one.value == value) return in(one.words, language);
  }
  return "?";
}

// As it is typed, or as it reads in any of the languages.
template <typename Value, std::size_t count>
std::optional<Value> value_of(const std::array<Term<Value>, count>& terms, std::string_view word) {
  for (const auto& one : terms) {
    if (word == one.typed || word == one.words.hans || word == one.words.hant ||
        word == one.words.en) {
      return one.value;
    }
  }
  return std::nullopt;
}

template <typename Value, std::size_t count>
std::vector<std::string> typed_words(const std::array<Term<Value>, count>& terms) {
  std::vector<std::string> words;
  for (const auto& one : terms) words.emplace_back(one.typed);
  return words;
}

inline constexpr std::array<Term<v1::Precedence>, 4> precedences{{
    {v1::PRECEDENCE_ROUTINE, "routine", {"平急", "平急", "ROUTINE"}},
    {v1::PRECEDENCE_PRIORITY, "priority", {"加急", "加急", "PRIORITY"}},
    {v1::PRECEDENCE_IMMEDIATE, "immediate", {"特急", "特急", "IMMEDIATE"}},
    {v1::PRECEDENCE_FLASH, "flash", {"特提", "特提", "FLASH"}},
}};

inline constexpr std::array<Term<v1::OnBehalf::Medium>, 5> media{{
    {v1::OnBehalf::MEDIUM_PHONE, "phone", {"电话", "電話", "phone"}},
    {v1::OnBehalf::MEDIUM_RADIO, "radio", {"电台", "電台", "radio"}},
    {v1::OnBehalf::MEDIUM_IN_PERSON, "in-person", {"当面", "當面", "in person"}},
    {v1::OnBehalf::MEDIUM_FAX, "fax", {"传真", "傳真", "fax"}},
    {v1::OnBehalf::MEDIUM_PAPER, "paper", {"纸面", "紙面", "paper"}},
}};

inline constexpr std::array<Term<v1::Appointment::Standing>, 4> standings{{
    {v1::Appointment::STANDING_PRIMARY, "primary", {"主班", "主班", "primary"}},
    {v1::Appointment::STANDING_DEPUTY, "deputy", {"副班", "副班", "deputy"}},
    {v1::Appointment::STANDING_LEADER, "leader", {"带班", "帶班", "leader"}},
    {v1::Appointment::STANDING_MEMBER, "member", {"成员", "成員", "member"}},
}};

// Levels of an incident and of the response read differently; typed they are the same.
inline constexpr std::array<Term<v1::Level>, 4> incident_levels{{
    {v1::LEVEL_I, "I", {"特别重大", "特別重大", "level I"}},
    {v1::LEVEL_II, "II", {"重大", "重大", "level II"}},
    {v1::LEVEL_III, "III", {"较大", "較大", "level III"}},
    {v1::LEVEL_IV, "IV", {"一般", "一般", "level IV"}},
}};
inline constexpr std::array<Term<v1::Level>, 4> response_levels{{
    {v1::LEVEL_I, "1", {"一级", "一級", "I"}},
    {v1::LEVEL_II, "2", {"二级", "二級", "II"}},
    {v1::LEVEL_III, "3", {"三级", "三級", "III"}},
    {v1::LEVEL_IV, "4", {"四级", "四級", "IV"}},
}};
// "II", "2", "重大", "二级" are the same level.
std::optional<v1::Level> level_of(std::string_view word);

inline constexpr std::array<Term<v1::IncidentCategory>, 4> categories{{
    {v1::INCIDENT_CATEGORY_NATURAL, "natural", {"自然灾害", "自然災害", "natural disaster"}},
    {v1::INCIDENT_CATEGORY_ACCIDENT, "accident", {"事故灾难", "事故災難", "accident"}},
    {v1::INCIDENT_CATEGORY_PUBLIC_HEALTH,
     "public-health",
     {"公共卫生", "公共衛生", "public health"}},
    {v1::INCIDENT_CATEGORY_SOCIAL_SECURITY,
     "social-security",
     {"社会安全", "社會安全", "social security"}},
}};

inline constexpr std::array<Term<v1::IncidentPhase>, 6> phases{{
    {v1::INCIDENT_PHASE_WARNING, "warning", {"预警", "預警", "warning"}},
    {v1::INCIDENT_PHASE_REPORTING, "reporting", {"报告", "報告", "reporting"}},
    {v1::INCIDENT_PHASE_RESPONSE, "response", {"响应", "響應", "response"}},
    {v1::INCIDENT_PHASE_HANDLING, "handling", {"处置", "處置", "handling"}},
    {v1::INCIDENT_PHASE_EVALUATION, "evaluation", {"评估", "評估", "evaluation"}},
    {v1::INCIDENT_PHASE_ARCHIVED, "archived", {"归档", "歸檔", "archived"}},
}};

inline constexpr std::array<Term<v1::ReportKind>, 3> report_kinds{{
    {v1::REPORT_KIND_INITIAL, "initial", {"初报", "初報", "initial report"}},
    {v1::REPORT_KIND_FOLLOW_UP, "follow-up", {"续报", "續報", "follow-up report"}},
    {v1::REPORT_KIND_FINAL, "final", {"终报", "終報", "final report"}},
}};
inline constexpr std::array<Term<v1::ReportMedium>, 2> report_media{{
    {v1::REPORT_MEDIUM_PHONE, "phone", {"电话", "電話", "by phone"}},
    {v1::REPORT_MEDIUM_WRITTEN, "written", {"书面", "書面", "written"}},
}};

inline constexpr std::array<Term<v1::Warning::Colour>, 4> colours{{
    {v1::Warning::COLOUR_RED, "red", {"红色", "紅色", "red"}},
    {v1::Warning::COLOUR_ORANGE, "orange", {"橙色", "橙色", "orange"}},
    {v1::Warning::COLOUR_YELLOW, "yellow", {"黄色", "黃色", "yellow"}},
    {v1::Warning::COLOUR_BLUE, "blue", {"蓝色", "藍色", "blue"}},
}};

}  // namespace fenghuo::cli
