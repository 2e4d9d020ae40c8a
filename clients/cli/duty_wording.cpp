// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/duty_wording.h"

#include "clients/cli/names.h"
#include "clients/cli/terms.h"

#include <fmt/format.h>

namespace fenghuo::cli {
namespace {

constexpr std::array<Term<v1::Handover::State>, 4> handover_states{{
    {v1::Handover::STATE_PROPOSED, "proposed", {"待接班", "待接班", "offered"}},
    {v1::Handover::STATE_ACCEPTED, "accepted", {"已接班", "已接班", "accepted"}},
    {v1::Handover::STATE_WITHDRAWN, "withdrawn", {"已撤回", "已撤回", "withdrawn"}},
    {v1::Handover::STATE_TAKEN_OVER, "taken-over", {"强制接管", "強制接管", "taken over"}},
}};

constexpr std::array<Term<v1::OpenItem::Group>, 11> groups{{
    {v1::OpenItem::GROUP_ORDERS_TO_US, "", {"收到的指令", "收到的指令", "Orders to us"}},
    {v1::OpenItem::GROUP_ORDERS_BY_US, "", {"下达的指令", "下達的指令", "Orders by us"}},
    {v1::OpenItem::GROUP_INCIDENTS, "", {"突发事件", "突發事件", "Incidents"}},
    {v1::OpenItem::GROUP_REPORTS, "", {"信息报告", "信息報告", "Reports owed"}},
    {v1::OpenItem::GROUP_ALARMS, "", {"监测报警", "監測報警", "Alarms"}},
    {v1::OpenItem::GROUP_WARNINGS, "", {"预警", "預警", "Warnings"}},
    {v1::OpenItem::GROUP_INTAKE, "", {"接报", "接報", "Intake"}},
    {v1::OpenItem::GROUP_SIGNATURES, "", {"待补签", "待補簽", "Signatures owed"}},
    {v1::OpenItem::GROUP_CALLS, "", {"待拨电话", "待撥電話", "Calls to make"}},
    {v1::OpenItem::GROUP_FEEDBACK, "", {"意见建议", "意見建議", "Feedback"}},
    {v1::OpenItem::GROUP_REQUESTS, "", {"请示", "請示", "Requests upward"}},
}};

std::string post_name(std::uint64_t role_id, v1::Appointment::Standing standing,
                      const client::State& state, Language language) {
  return fmt::format("{} {}", role_name(state, role_id, language),
                     word_of(standings, standing, language));
}

std::string span_words(std::int64_t start_us, std::int64_t end_us) {
  return fmt::format("{} — {}", start_us == 0 ? "…" : clock_time(start_us),
                     end_us == 0 ? "…" : clock_time(end_us));
}

bool is_reachable(const v1::RollCall::Row& row) { return row.answered_us() != 0; }

std::string roll_call_row(const v1::RollCall::Row& row, const client::State& state,
                          Language language) {
  v1::Holder holder;
  if (row.account_id() != 0) holder.set_account_id(row.account_id());
  if (row.contact_id() != 0) holder.set_contact_id(row.contact_id());
  std::string line =
      fmt::format("{} {}  {}", is_reachable(row) ? "✓" : "✗",
                  role_name(state, row.role_id(), language), holder_name(holder, state, language));
  if (!is_reachable(row)) return line + phones_of(holder, state);
  line += "  " + clock_time(row.answered_us());
  if (row.answered_by_id() != 0 && row.answered_by_id() != row.account_id()) {
    line += "  " + account_name(state, row.answered_by_id(), language);
  }
  return line;
}

}  // namespace

std::string handover_line(const v1::Handover& handover, const client::State& state,
                          Language language) {
  const auto name = [&](std::uint64_t id) {
    return id == 0 ? std::string(in({"空岗", "空崗", "vacant"}, language))
                   : account_name(state, id, language);
  };
  std::string line = fmt::format(
      "{}  {} → {}  {}  {} {}", post_name(handover.role_id(), handover.standing(), state, language),
      name(handover.from_account_id()), name(handover.to_account_id()),
      word_of(handover_states, handover.state(), language), in({"应交", "應交", "due"}, language),
      clock_time(handover.due_us() != 0 ? handover.due_us() : handover.proposed_us()));
  if (handover.overdue_told() && handover.state() == v1::Handover::STATE_PROPOSED) {
    line += fmt::format("  [{}]", in({"逾期未接", "逾期未接", "overdue"}, language));
  }
  if (handover.ended_us() != 0) line += "  " + clock_time(handover.ended_us());
  if (!handover.note().empty()) line += "  " + handover.note();
  if (!handover.reason().empty()) line += "  " + handover.reason();
  if (handover.unread_item_ids_size() > 0) {
    line += fmt::format("  [{} {}]", in({"未读移交", "未讀移交", "moved unread:"}, language),
                        handover.unread_item_ids_size());
  }
  return printable(line) + fmt::format("  (id {})", handover.id());
}

std::string open_item_line(const v1::OpenItem& item, Language language) {
  std::string line = fmt::format("{} {}", item.red() ? "‼" : "·", item.title());
  if (item.due_us() != 0) {
    line +=
        fmt::format("  {} {}", in({"时限", "時限", "due"}, language), clock_time(item.due_us()));
  }
  if (item.red()) {
    line += fmt::format("  [{}]", in({"逐项确认", "逐項確認", "singly"}, language));
  }
  return printable(line) + fmt::format("  (id {})", item.id());
}

std::vector<std::string> open_items_lines(const v1::OpenItems& items, Language language) {
  std::vector<std::string> lines;
  if (items.items().empty()) {
    lines.emplace_back(in({"没有未了事项", "沒有未了事項", "nothing is open"}, language));
  }
  for (const auto& group : groups) {
    bool headed = false;
    for (const v1::OpenItem& item : items.items()) {
      if (item.group() != group.value) continue;
      if (!headed) lines.emplace_back(in(group.words, language));
      headed = true;
      lines.push_back("  " + open_item_line(item, language));
    }
  }
  lines.push_back(fmt::format("{} {}", in({"阅至位置", "閱至位置", "read through"}, language),
                              items.through()));
  return lines;
}

std::string override_line(const v1::DutyOverride& one, const client::State& state,
                          Language language) {
  std::string line = fmt::format(
      "{}  {}  {}", post_name(one.role_id(), one.holder().standing(), state, language),
      holder_name(one.holder(), state, language), span_words(one.start_us(), one.end_us()));
  if (!one.reason().empty()) line += "  " + one.reason();
  if (one.cancelled())
    line += fmt::format("  [{}]", in({"已取消", "已取消", "cancelled"}, language));
  return printable(line) + fmt::format("  (id {})", one.id());
}

std::string gap_line(const v1::RosterGap& gap, const client::State& state, Language language) {
  return printable(fmt::format("{}  {}  {}",
                               post_name(gap.role_id(), gap.standing(), state, language),
                               in({"无人排班", "無人排班", "nobody is planned"}, language),
                               span_words(gap.start_us(), gap.end_us()))) +
         fmt::format("  (id {})", gap.id());
}

std::string roll_call_line(const v1::RollCall& call, const client::State& state,
                           Language language) {
  int answered = 0;
  for (const v1::RollCall::Row& row : call.rows()) answered += is_reachable(row) ? 1 : 0;
  return printable(
             fmt::format("{} {}  {} {}/{}  {} {}", account_name(state, call.by_id(), language),
                         clock_time(call.started_us()),
                         in({"已应答", "已應答", "answered"}, language), answered, call.rows_size(),
                         call.ended() ? in({"已结束", "已結束", "ended"}, language)
                                      : in({"截止", "截止", "until"}, language),
                         clock_time(call.until_us()))) +
         fmt::format("  (id {})", call.id());
}

std::vector<std::string> roll_call_lines(const v1::RollCall& call, const client::State& state,
                                         Language language) {
  std::vector<std::string> lines{roll_call_line(call, state, language)};
  for (const bool reached : {false, true}) {
    for (const v1::RollCall::Row& row : call.rows()) {
      if (is_reachable(row) != reached) continue;
      lines.push_back("  " + printable(roll_call_row(row, state, language)));
    }
  }
  return lines;
}

}  // namespace fenghuo::cli
