// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/roster_wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <string_view>

namespace fenghuo::cli {
namespace {

std::string_view in(Language language, std::string_view hans, std::string_view hant,
                    std::string_view en) {
  switch (language) {
    case Language::Hans: return hans;
    case Language::Hant: return hant;
    case Language::En: return en;
  }
  return en;
}

std::string moment(std::int64_t time_us) {
  const std::time_t seconds = static_cast<std::time_t>(time_us / 1'000'000);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  return fmt::format("{}-{:02}-{:02} {:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min);
}

std::string_view standing_word(v1::Appointment::Standing standing, Language language) {
  switch (standing) {
    case v1::Appointment::STANDING_DEPUTY: return in(language, "副班", "副班", "deputy");
    case v1::Appointment::STANDING_LEADER: return in(language, "带班", "帶班", "leader");
    default: return in(language, "主班", "主班", "primary");
  }
}

std::string person(std::uint64_t account_id, std::uint64_t contact_id, const client::State& state,
                   Language language) {
  if (const auto it = state.accounts().find(account_id); it != state.accounts().end()) {
    return text_of(it->second.name(), language);
  }
  const auto it = state.contacts().find(contact_id);
  return it == state.contacts().end() ? std::string("?") : text_of(it->second.name(), language);
}

template <typename Holders>
std::string people(const Holders& holders, const client::State& state, Language language) {
  std::string text;
  for (const v1::Holder& one : holders) {
    if (!text.empty()) text += in(language, "、", "、", ", ");
    text += one.who_case() == v1::Holder::kVacant
                ? fmt::format("{} ({})", in(language, "空岗", "空崗", "vacant"), one.vacant())
                : person(one.account_id(), one.contact_id(), state, language);
  }
  return text;
}

}  // namespace

std::string problem_line(const std::string& file, const v1::RosterResult::Problem& problem) {
  std::string line = file;
  if (problem.line() != 0) line += fmt::format(":{}:{}", problem.line(), problem.column());
  line += ": " + problem.what();
  if (!problem.fix().empty()) line += "; " + problem.fix();
  return printable(line);
}

std::string shift_line(const v1::Shift& shift, const client::State& state, Language language) {
  const auto role = state.roles().find(shift.role_id());
  return printable(fmt::format("{} {} – {}  {}  {}  {}", shift.cancelled() ? "-" : "+",
                               moment(shift.start_us()), moment(shift.end_us()),
                               role == state.roles().end() ? "?" : role->second.key(),
                               standing_word(shift.standing(), language),
                               person(shift.account_id(), shift.contact_id(), state, language)));
}

std::string roster_summary(const v1::RosterResult& roster, Language language) {
  const auto& shifts = roster.put().shifts();
  const auto dropped = std::count_if(shifts.begin(), shifts.end(),
                                     [](const v1::Shift& one) { return one.cancelled(); });
  return fmt::format(fmt::runtime(in(language, "新增 {}，取消 {}，已有 {}，已过 {}",
                                     "新增 {}，取消 {}，已有 {}，已過 {}",
                                     "{} new, {} dropped, {} planned already, {} over already")),
                     shifts.size() - dropped, dropped, roster.known(), roster.past());
}

std::string turn_line(const v1::TurnsResult::Turn& turn, const client::State& state,
                      Language language) {
  return printable(
      fmt::format("{}  {}  {} → {}", moment(turn.at_us()), standing_word(turn.standing(), language),
                  people(turn.before(), state, language), people(turn.after(), state, language)));
}

}  // namespace fenghuo::cli
