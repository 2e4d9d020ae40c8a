// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/order_wording.h"

#include "clients/cli/names.h"
#include "clients/cli/terms.h"

#include <fmt/format.h>

#include <array>

namespace fenghuo::cli {
namespace {

Words state_words(v1::Order::State state) {
  switch (state) {
    case v1::Order::STATE_OPEN: return {"未签收", "未簽收", "open"};
    case v1::Order::STATE_MET: return {"已签收", "已簽收", "accepted"};
    case v1::Order::STATE_DONE: return {"办结", "辦結", "done"};
    case v1::Order::STATE_CANCELLED: return {"已撤销", "已撤銷", "cancelled"};
    case v1::Order::STATE_ENDED: return {"已终止", "已終止", "ended"};
    case v1::Order::STATE_CLOSED_UNACCEPTED:
      return {"未签收关闭", "未簽收關閉", "closed unaccepted"};
    default: return {"?", "?", "?"};
  }
}

Words state_words(v1::Addressee::State state) {
  switch (state) {
    case v1::Addressee::STATE_QUEUED: return {"待送达", "待送達", "queued"};
    case v1::Addressee::STATE_DELIVERED: return {"已送达", "已送達", "delivered"};
    case v1::Addressee::STATE_SEEN: return {"已看到", "已看到", "seen"};
    case v1::Addressee::STATE_ACCEPTED: return {"已签收", "已簽收", "accepted"};
    case v1::Addressee::STATE_RETURNED: return {"退回", "退回", "returned"};
    case v1::Addressee::STATE_UNDER_WAY: return {"处置中", "處置中", "under way"};
    case v1::Addressee::STATE_DONE: return {"办结", "辦結", "done"};
    case v1::Addressee::STATE_UNABLE: return {"无法完成", "無法完成", "unable"};
    case v1::Addressee::STATE_DELEGATED: return {"转办", "轉辦", "delegated"};
    case v1::Addressee::STATE_NOT_NEEDED: return {"不再需要", "不再需要", "no longer needed"};
    default: return {"?", "?", "?"};
  }
}

Words cause_words(v1::Step::Cause cause) {
  switch (cause) {
    case v1::Step::CAUSE_RAISED: return {"下达", "下達", "raised"};
    case v1::Step::CAUSE_TIME: return {"到时未签收", "到時未簽收", "not accepted in time"};
    case v1::Step::CAUSE_VACANCY: return {"无人在岗", "無人在崗", "nobody on duty"};
    case v1::Step::CAUSE_RETURN: return {"被退回", "被退回", "returned"};
    case v1::Step::CAUSE_BY_HAND: return {"人工", "人工", "by hand"};
    case v1::Step::CAUSE_GATE_OPENED: return {"值班长放行", "值班長放行", "gate opened"};
    case v1::Step::CAUSE_DUTY_CHANGE: return {"值班变更", "值班變更", "duty changed"};
    case v1::Step::CAUSE_UNABLE: return {"无法完成", "無法完成", "unable"};
    case v1::Step::CAUSE_NO_PROGRESS: return {"久无反馈", "久無反饋", "no progress"};
    case v1::Step::CAUSE_CHANGED: return {"指令已变更", "指令已變更", "the order changed"};
    default: return {"?", "?", "?"};
  }
}

std::string addressee_name(const v1::Addressee& one, const client::State& state,
                           Language language) {
  return one.contact_id() != 0 ? contact_name(state, one.contact_id(), language)
                               : role_name(state, one.role_id(), language);
}

struct ResultWord {
  std::string_view word;
  v1::CallItem::Kind kind;
};
constexpr std::array<ResultWord, 6> results{{{"accepted", v1::CallItem::KIND_ACCEPTED},
                                             {"returned", v1::CallItem::KIND_RETURNED},
                                             {"no-answer", v1::CallItem::KIND_NO_ANSWER},
                                             {"busy", v1::CallItem::KIND_BUSY},
                                             {"off", v1::CallItem::KIND_OFF},
                                             {"wrong-number", v1::CallItem::KIND_WRONG_NUMBER}}};

}  // namespace

std::string order_line(const v1::Order& order, const client::State& state, Language language) {
  std::string to;
  for (const v1::Addressee& one : order.addressees()) {
    to += (to.empty() ? "" : "、") + addressee_name(one, state, language);
  }
  std::string line = fmt::format("{:<8} ‖{}‖ {}  → {}", order.number(),
                                 precedence_word(order.precedence(), language),
                                 in(state_words(order.state()), language), to);
  if (order.state() == v1::Order::STATE_OPEN && order.accept_by_us() != 0) {
    line += fmt::format("  {} {}", in({"签收时限", "簽收時限", "accept by"}, language),
                        clock_time(order.accept_by_us()));
  }
  for (const v1::Addressee& one : order.addressees()) {
    if (one.run().exhausted_us() == 0 || order.state() != v1::Order::STATE_OPEN) continue;
    line += fmt::format("  [{}]", in({"全链无人签收", "全鏈無人簽收", "exhausted"}, language));
    break;
  }
  return printable(line) + fmt::format("  (id {})", order.id());
}

std::string addressee_line(const v1::Addressee& one, const client::State& state,
                           Language language) {
  std::string line = fmt::format("{}. {}  {}", one.number(), addressee_name(one, state, language),
                                 in(state_words(one.state()), language));
  if (one.has_accepted()) {
    const v1::Answer& by = one.accepted();
    line += fmt::format("  {} {}",
                        by.contact_id() != 0 ? contact_name(state, by.contact_id(), language)
                                             : account_name(state, by.account_id(), language),
                        clock_time(by.at_us()));
    if (by.by_substitute()) line += in({" 代签收", " 代簽收", " in place of"}, language);
  }
  if (one.late_by_us() != 0) {
    line += fmt::format("  [{} {} s]", in({"迟", "遲", "late"}, language),
                        one.late_by_us() / 1'000'000);
  }
  if (one.run().due_us() != 0) {
    line += fmt::format("  {} {}", in({"下一步", "下一步", "next step"}, language),
                        clock_time(one.run().due_us()));
  }
  return printable(line);
}

std::string_view cause_word(v1::Step::Cause cause, Language language) {
  return in(cause_words(cause), language);
}

std::string call_line(const v1::CallItem& item, const client::State& state, Language language) {
  std::string line = fmt::format(
      "{:<6} ‖{}‖ {}  {}", item.id(), precedence_word(item.precedence(), language),
      role_name(state, item.role_id(), language), holder_name(item.whom(), state, language));
  for (const v1::Phone& phone : item.phones()) line += "  " + phone.number();
  if (!item.first_closed()) line += "  " + item.script();
  for (const v1::CallItem::More& more : item.more()) {
    if (!more.closed()) line += "  " + more.script();
  }
  if (item.results_size() > 0) {
    const v1::CallItem::Result& last = item.results(item.results_size() - 1);
    for (const ResultWord& word : results) {
      if (word.kind == last.kind())
        line += fmt::format("  [{} {}]", word.word, clock_time(last.at_us()));
    }
  }
  return printable(line);
}

std::vector<std::string> duty_lines(const v1::DutyResult::Row& row, const client::State& state,
                                    Language language) {
  std::vector<std::string> lines;
  const auto role = state.roles().find(row.role_id());
  lines.push_back(
      printable(fmt::format("{}  {}", role == state.roles().end() ? "?" : role->second.key(),
                            role_name(state, row.role_id(), language))));
  for (const v1::Holder& holder : row.holders()) {
    std::string line = fmt::format("    {}  {}", word_of(standings, holder.standing(), language),
                                   holder_name(holder, state, language));
    line += phones_of(holder, state);
    lines.push_back(printable(line));
  }
  return lines;
}

v1::CallItem::Kind call_result_of(std::string_view word) {
  for (const ResultWord& one : results) {
    if (one.word == word) return one.kind;
  }
  return v1::CallItem::KIND_UNSPECIFIED;
}

std::vector<std::string> call_result_words() {
  std::vector<std::string> words;
  for (const ResultWord& one : results) words.emplace_back(one.word);
  return words;
}

}  // namespace fenghuo::cli
