// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/feedback_wording.h"

#include "clients/cli/names.h"

#include <fmt/format.h>

namespace fenghuo::cli {
namespace {

constexpr std::array<Term<v1::Feedback::State>, 7> states{{
    {v1::Feedback::STATE_OPEN, "open", {"待分派", "待分派", "nobody's yet"}},
    {v1::Feedback::STATE_TRIAGED, "triaged", {"待答复", "待答覆", "waits for an answer"}},
    {v1::Feedback::STATE_ANSWERED, "answered", {"已答复", "已答覆", "answered"}},
    {v1::Feedback::STATE_ADOPTED, "adopted", {"已采纳", "已採納", "adopted"}},
    {v1::Feedback::STATE_DECLINED, "declined", {"不采纳", "不採納", "declined"}},
    {v1::Feedback::STATE_CLOSED, "closed", {"已关闭", "已關閉", "closed"}},
    {v1::Feedback::STATE_MERGED, "merged", {"已合并", "已合併", "merged"}},
}};

constexpr std::array<Term<v1::FeedbackEntry::What>, 9> entries{{
    {v1::FeedbackEntry::WHAT_OPENED, "", {"提出", "提出", "opened"}},
    {v1::FeedbackEntry::WHAT_TRIAGED, "", {"分派", "分派", "triaged"}},
    {v1::FeedbackEntry::WHAT_ADDED, "", {"补充", "補充", "added"}},
    {v1::FeedbackEntry::WHAT_ANSWERED, "", {"答复", "答覆", "answered"}},
    {v1::FeedbackEntry::WHAT_ADOPTED, "", {"采纳", "採納", "adopted"}},
    {v1::FeedbackEntry::WHAT_DECLINED, "", {"不采纳", "不採納", "declined"}},
    {v1::FeedbackEntry::WHAT_CLOSED, "", {"关闭", "關閉", "closed"}},
    {v1::FeedbackEntry::WHAT_MERGED, "", {"合并", "合併", "merged"}},
    {v1::FeedbackEntry::WHAT_OVERDUE, "", {"逾期未答复", "逾期未答覆", "answer overdue"}},
}};

std::string asker_of(const v1::Feedback& row, const client::State& state, Language language) {
  if (row.origin() == v1::Feedback::ORIGIN_ANONYMOUS) {
    return std::string(in({"匿名", "匿名", "without a name"}, language));
  }
  const std::string who = signature(state, row.asker_id(), row.asker_role_id(), language);
  if (row.origin() != v1::Feedback::ORIGIN_PUBLIC) return who;
  return fmt::format("{} ({})", in({"公众", "公眾", "the public"}, language), who);
}

}  // namespace

std::string feedback_line(const v1::Feedback& row, const client::State& state, Language language) {
  std::string line = fmt::format("{:<6} {} {} {}  {}", row.id(), clock_time(row.opened_us()),
                                 word_of(feedback_kinds, row.kind(), language),
                                 word_of(feedback_severities, row.severity(), language),
                                 asker_of(row, state, language));
  if (row.similar() != 0) {
    line += fmt::format("  +{} {}", row.similar(), in({"件同类", "件同類", "similar"}, language));
  }
  line += fmt::format("  [{}]", word_of(states, row.state(), language));
  if (row.owner_role_id() != 0) line += "  " + role_name(state, row.owner_role_id(), language);
  const bool waits = row.answered_us() == 0 && row.answer_by_us() != 0 && row.closed_us() == 0 &&
                     row.merged_into_id() == 0;
  if (waits) {
    line += fmt::format("  {} {}", in({"答复期限", "答覆期限", "answer by"}, language),
                        clock_time(row.answer_by_us()));
  }
  if (row.overdue()) line += fmt::format("  {}", in({"逾期", "逾期", "OVERDUE"}, language));
  if (row.merged_into_id() != 0) line += fmt::format("  → {}", row.merged_into_id());
  return printable(line);
}

std::vector<std::string> feedback_lines(const v1::FeedbackResult& result,
                                        const client::State& state, Language language) {
  const v1::Feedback& row = result.feedback();
  std::vector<std::string> lines{feedback_line(row, state, language)};
  const auto add = [&lines](std::string line) { lines.push_back("  " + printable(line)); };
  if (row.shown_us() != 0) {
    add(fmt::format("{} {}", in({"公开于", "公開於", "shown from"}, language),
                    clock_time(row.shown_us())));
  }
  if (row.urgent_order_id() != 0) {
    add(fmt::format("{} {}", in({"已转指令", "已轉指令", "became order"}, language),
                    row.urgent_order_id()));
  }
  if (!row.urgent_refused().empty()) {
    add(fmt::format("{}: {}", in({"未能转指令", "未能轉指令", "no order was raised"}, language),
                    row.urgent_refused()));
  }
  const std::string caller = result.caller().name() + " " + result.caller().number();
  if (caller != " ") add(caller);
  for (int i = 0; i < row.entries_size(); ++i) {
    const v1::FeedbackEntry& entry = row.entries(i);
    std::string line =
        fmt::format("{} {}", clock_time(entry.at_us()), word_of(entries, entry.what(), language));
    if (entry.by_id() != 0) {
      line += "  " + signature(state, entry.by_id(), entry.role_id(), language);
    }
    if (entry.has_on_behalf()) line += "  " + on_behalf_words(entry.on_behalf(), state, language);
    if (i < result.texts_size() && !result.texts(i).empty()) line += "  " + result.texts(i);
    add(line);
  }
  if (row.linked_order_id() != 0) {
    add(fmt::format("{} {}", in({"关联指令", "關聯指令", "linked order"}, language),
                    row.linked_order_id()));
  }
  return lines;
}

std::string ask_line(const v1::FeedbackAsk& ask, const client::State& state, Language language) {
  std::string title = std::to_string(ask.incident_id());
  for (const auto& [key, update] : state.rows()) {
    if (update.has_incident() && update.incident().id() == ask.incident_id()) {
      title = update.incident().number() + " " + update.incident().title();
    }
  }
  return printable(fmt::format(
      "{:<6} {}: {}", ask.id(),
      in({"请对此次处置提意见", "請對此次處置提意見", "your opinion is asked about"}, language),
      title));
}

}  // namespace fenghuo::cli
