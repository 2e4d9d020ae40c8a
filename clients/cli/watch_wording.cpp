// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/watch_wording.h"

#include "clients/cli/names.h"
#include "clients/cli/terms.h"

#include <fmt/format.h>

namespace fenghuo::cli {
namespace {

constexpr std::array<Term<v1::Intake::State>, 5> intake_states{{
    {v1::Intake::STATE_OPEN, "open", {"待处理", "待處理", "open"}},
    {v1::Intake::STATE_INCIDENT, "incident", {"转为事件", "轉為事件", "became an incident"}},
    {v1::Intake::STATE_ORDER, "order", {"转为指令", "轉為指令", "became an order"}},
    {v1::Intake::STATE_TRANSFERRED, "transferred", {"已移交", "已移交", "transferred"}},
    {v1::Intake::STATE_CLOSED, "closed", {"已了结", "已了結", "closed"}},
}};

constexpr std::array<Term<v1::Alarm::State>, 3> alarm_states{{
    {v1::Alarm::STATE_OPEN, "open", {"报警中", "報警中", "open"}},
    {v1::Alarm::STATE_CLEARED, "cleared", {"已恢复", "已恢復", "cleared"}},
    {v1::Alarm::STATE_CLOSED, "closed", {"已关闭", "已關閉", "closed"}},
}};

constexpr std::array<Term<v1::Alarm::Kind>, 4> alarm_kinds{{
    {v1::Alarm::KIND_POINT, "point", {"超限", "超限", "limit"}},
    {v1::Alarm::KIND_FAULT, "fault", {"测点失联", "測點失聯", "points lost"}},
    {v1::Alarm::KIND_SILENT, "silent", {"来源失联", "來源失聯", "source silent"}},
    {v1::Alarm::KIND_STORM, "storm", {"报警风暴", "報警風暴", "storm"}},
}};

constexpr std::array<Term<v1::Warning::State>, 6> warning_states{{
    {v1::Warning::STATE_PROPOSED, "proposed", {"待批准", "待批准", "waits for approval"}},
    {v1::Warning::STATE_IN_FORCE, "in-force", {"生效", "生效", "in force"}},
    {v1::Warning::STATE_EXPIRED, "expired", {"已过期", "已過期", "expired"}},
    {v1::Warning::STATE_LIFTED, "lifted", {"已解除", "已解除", "lifted"}},
    {v1::Warning::STATE_REFUSED, "refused", {"未批准", "未批准", "refused"}},
    {v1::Warning::STATE_FILED, "filed", {"已归档", "已歸檔", "filed"}},
}};

constexpr std::array<Term<v1::Spoken::State>, 4> spoken_states{{
    {v1::Spoken::STATE_OWED, "owed", {"待补签", "待補簽", "signature owed"}},
    {v1::Spoken::STATE_SIGNED, "signed", {"已补签", "已補簽", "signed"}},
    {v1::Spoken::STATE_OBJECTED, "objected", {"有异议", "有異議", "objected"}},
    {v1::Spoken::STATE_NONE, "none", {"无需补签", "無需補簽", "nobody to sign"}},
}};

// What the commands are called that may be recorded for another; others by their name.
constexpr std::array<Term<int>, 25> commands{{
    {v1::Command::kRaiseOrder, "", {"下达指令", "下達指令", "raise an order"}},
    {v1::Command::kAcceptOrder, "", {"签收指令", "簽收指令", "accept an order"}},
    {v1::Command::kReturnOrder, "", {"退回指令", "退回指令", "return an order"}},
    {v1::Command::kDelegateOrder, "", {"转办指令", "轉辦指令", "delegate an order"}},
    {v1::Command::kReportProgress, "", {"反馈进展", "反饋進展", "report progress"}},
    {v1::Command::kFinishOrder, "", {"办结指令", "辦結指令", "finish an order"}},
    {v1::Command::kUnableOrder, "", {"无法完成", "無法完成", "unable"}},
    {v1::Command::kCancelOrder, "", {"撤销指令", "撤銷指令", "cancel an order"}},
    {v1::Command::kAnswerGate, "", {"越级放行", "越級放行", "answer a gate"}},
    {v1::Command::kRecordCallResult, "", {"电话答复", "電話答覆", "answer on the phone"}},
    {v1::Command::kConfirmLevel, "", {"确认初判", "確認初判", "confirm the level"}},
    {v1::Command::kChangePhase, "", {"变更阶段", "變更階段", "change the phase"}},
    {v1::Command::kActivateCommand, "", {"任命指挥", "任命指揮", "name the commanders"}},
    {v1::Command::kFormGroups, "", {"成立工作组", "成立工作組", "form groups"}},
    {v1::Command::kChangeCasualties, "", {"更新伤亡", "更新傷亡", "change casualties"}},
    {v1::Command::kProposeLevel, "", {"提议级别", "提議級別", "propose a level"}},
    {v1::Command::kDecideLevel, "", {"审定级别", "審定級別", "decide a level"}},
    {v1::Command::kBreakGlass, "", {"紧急独断", "緊急獨斷", "decide alone"}},
    {v1::Command::kRequestLevel, "", {"向上请示", "向上請示", "request upward"}},
    {v1::Command::kAnswerRequest, "", {"答复请示", "答覆請示", "answer a request"}},
    {v1::Command::kFileReport, "", {"报送信息", "報送信息", "file a report"}},
    {v1::Command::kProposeVoid, "", {"提议误报", "提議誤報", "propose void"}},
    {v1::Command::kConfirmVoid, "", {"确认误报", "確認誤報", "confirm void"}},
    {v1::Command::kMergeIncidents, "", {"合并事件", "合併事件", "merge incidents"}},
    {v1::Command::kStandDown, "", {"解除响应", "解除響應", "stand down"}},
}};

std::string command_words(std::uint32_t number, Language language) {
  const auto words = word_of(commands, static_cast<int>(number), language);
  if (words != "?") return std::string(words);
  const auto* field = v1::Command::descriptor()->FindFieldByNumber(static_cast<int>(number));
  return field == nullptr ? std::to_string(number) : std::string(field->name());
}

// What an order or incident is called, while it is open; else its id.
std::string number_of(const client::State& state, v1::RowKind kind, std::uint64_t id) {
  const auto at = state.rows().find({kind, id});
  if (at != state.rows().end() && at->second.has_order()) return at->second.order().number();
  if (at != state.rows().end() && at->second.has_incident()) return at->second.incident().number();
  return std::to_string(id);
}

std::string validity(const v1::Warning::Content& content, Language language) {
  const std::string from = content.start_us() == 0
                               ? std::string(in({"即时", "即時", "at once"}, language))
                               : clock_time(content.start_us());
  return fmt::format("{} — {}", from, clock_time(content.until_us()));
}

std::string content_words(const v1::Warning::Content& content, Language language) {
  const std::string_view colour = word_of(colours, content.colour(), language);
  const std::string_view what = in({"预警", "預警", " warning"}, language);
  return fmt::format("{} {}{}  {}  {}", colour, content.kind(), what, content.area(),
                     validity(content, language));
}

void add_texts(const v1::Warning::Content& content, Language language,
               std::vector<std::string>& lines) {
  const auto add = [&](Words what, const std::string& text) {
    if (text.empty()) return;
    lines.push_back("  " + printable(fmt::format("{}: {}", in(what, language), text)));
  };
  add({"内容", "內容", "text"}, content.text());
  add({"防御指南", "防禦指南", "measures"}, content.measures());
  add({"咨询电话", "諮詢電話", "hotline"}, content.hotline());
  add({"区域代码", "區域代碼", "area code"}, content.area_code());
}

std::string ended_as(const v1::Intake& intake, const client::State& state, Language language) {
  if (intake.incident_id() != 0) {
    return " " + number_of(state, v1::ROW_KIND_INCIDENT, intake.incident_id());
  }
  if (intake.order_id() != 0) return " " + number_of(state, v1::ROW_KIND_ORDER, intake.order_id());
  if (intake.transferred_role_id() != 0) {
    return " " + role_name(state, intake.transferred_role_id(), language);
  }
  if (intake.transferred_contact_id() != 0) {
    return " " + contact_name(state, intake.transferred_contact_id(), language);
  }
  return {};
}

}  // namespace

std::string intake_line(const v1::Intake& intake, const v1::Message& message,
                        const client::State& state, Language language) {
  const v1::Caller& caller = message.caller();
  std::string line = fmt::format("{:<6} {} {}", intake.id(), clock_time(intake.received_us()),
                                 word_of(media, intake.medium(), language));
  for (const std::string& part : {caller.name(), caller.unit(), caller.number(), intake.place()}) {
    if (!part.empty()) line += "  " + part;
  }
  if (intake.stated_us() != 0) {
    line += fmt::format("  {} {}", in({"称发生于", "稱發生於", "happened"}, language),
                        clock_time(intake.stated_us()));
  }
  line += "  " + (message.has_stone() ? std::string("—") : message.text());
  line += fmt::format("  [{}{}]", word_of(intake_states, intake.state(), language),
                      ended_as(intake, state, language));
  if (!intake.reason().empty()) line += "  " + intake.reason();
  return printable(line);
}

std::string quantity_text(const v1::Quantity& quantity) {
  constexpr int digits_max = 18;
  std::string digits = std::to_string(quantity.digits());
  const int exponent = quantity.exponent();
  if (quantity.digits() == 0) return "0";
  if (exponent > digits_max || exponent < -digits_max)
    return fmt::format("{}e{}", digits, exponent);
  if (exponent >= 0) return digits + std::string(static_cast<std::size_t>(exponent), '0');
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  const auto places = static_cast<std::size_t>(-exponent);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  digits.insert(digits.size() - places, ".");
  return (negative ? "-" : "") + digits;
}

std::string alarm_line(const v1::Alarm& alarm, const client::State& state, Language language) {
  std::string line = fmt::format("{:<6} {}", alarm.id(), clock_time(alarm.opened_us()));
  if (alarm.kind() == v1::Alarm::KIND_POINT) {
    line += fmt::format(" ‖{}‖",
                        word_of(response_levels, static_cast<v1::Level>(alarm.stage()), language));
  } else {
    line += fmt::format(" ‖{}‖", word_of(alarm_kinds, alarm.kind(), language));
  }
  line += "  " + alarm.source();
  for (const std::string& part : {alarm.unit(), alarm.key(), alarm.place(), alarm.quantity()}) {
    if (!part.empty()) line += " " + part;
  }
  if (alarm.has_value())
    line += fmt::format(" {}{}", quantity_text(alarm.value()), alarm.measure());
  if (alarm.count() > 1) line += fmt::format("  ×{}", alarm.count());
  if (alarm.lost_points_size() > 0) line += fmt::format("  ×{}", alarm.lost_points_size());
  line += fmt::format("  {}", word_of(alarm_states, alarm.state(), language));
  if (alarm.state() == v1::Alarm::STATE_OPEN && alarm.clear_proposed_us() != 0) {
    line += fmt::format("  [{}]", in({"已报恢复", "已報恢復", "back to normal"}, language));
  }
  if (alarm.state() == v1::Alarm::STATE_OPEN && alarm.close_proposed_by_id() != 0) {
    line += fmt::format("  [{} {}]",
                        in({"拟关闭，待第二人", "擬關閉，待第二人", "close proposed by"}, language),
                        account_name(state, alarm.close_proposed_by_id(), language));
  }
  return printable(line);
}

std::vector<std::string> alarm_lines(const v1::Alarm& alarm, const client::State& state,
                                     Language language) {
  std::vector<std::string> lines{alarm_line(alarm, state, language)};
  const auto add = [&](Words what, const std::string& text) {
    if (text.empty()) return;
    lines.push_back("  " + printable(fmt::format("{}: {}", in(what, language), text)));
  };
  add({"说明", "說明", "text"}, alarm.text());
  if (alarm.has_threshold()) {
    add({"阈值", "閾值", "threshold"}, quantity_text(alarm.threshold()) + alarm.measure());
  }
  if (alarm.has_worst_value()) {
    add({"最大", "最大", "worst"}, quantity_text(alarm.worst_value()) + alarm.measure());
  }
  std::string lost;
  for (const std::string& point : alarm.lost_points()) lost += (lost.empty() ? "" : ", ") + point;
  add({"失联测点", "失聯測點", "lost points"}, lost);
  add({"首次观测", "首次觀測", "first observed"}, clock_time(alarm.observed_us()));
  add({"最近观测", "最近觀測", "last observed"}, clock_time(alarm.last_observed_us()));
  if (alarm.clears_us() != 0)
    add({"将恢复于", "將恢復於", "clears"}, clock_time(alarm.clears_us()));
  add({"关闭原因", "關閉原因", "why closed"}, alarm.close_reason());
  if (alarm.closed_by_id() != 0) {
    add({"关闭人", "關閉人", "closed by"}, account_name(state, alarm.closed_by_id(), language));
  }
  return lines;
}

std::string warning_line(const v1::Warning& warning, const client::State& state,
                         Language language) {
  const bool in_force = warning.has_content();
  const auto& content = in_force ? warning.content() : warning.pending().content();
  std::string line = fmt::format("{:<6} {}  {}", warning.id(), content_words(content, language),
                                 word_of(warning_states, warning.state(), language));
  if (in_force && warning.has_pending()) {
    line += fmt::format("  [{}]", in({"变更待批准", "變更待批准", "a change waits"}, language));
  }
  const std::uint64_t by = in_force ? warning.issuer_id() : warning.pending().by_id();
  const std::uint64_t role = in_force ? warning.issuer_role_id() : warning.pending().by_role_id();
  line += "  " + signature(state, by, role, language);
  if (!warning.reason().empty()) line += "  " + warning.reason();
  return printable(line);
}

std::vector<std::string> warning_lines(const v1::Warning& warning, const client::State& state,
                                       Language language) {
  std::vector<std::string> lines{warning_line(warning, state, language)};
  if (warning.has_content()) {
    add_texts(warning.content(), language, lines);
    lines.push_back(fmt::format("  {} {}  v{}", in({"发布", "發布", "issued"}, language),
                                clock_time(warning.issued_us()), warning.version()));
  }
  if (warning.approved_by_id() != 0) {
    lines.push_back("  " +
                    printable(fmt::format("{}: {}", in({"批准", "批准", "approved by"}, language),
                                          signature(state, warning.approved_by_id(),
                                                    warning.approved_by_role_id(), language))));
  }
  if (!warning.has_pending()) return lines;
  const v1::Warning::Proposal& pending = warning.pending();
  std::string approvers;
  for (const std::string& key : pending.approver_roles()) {
    const v1::Role* role = state.find_role(key);
    approvers += (approvers.empty() ? "" : "、") +
                 (role == nullptr ? key : role_name(state, role->id(), language));
  }
  lines.push_back(
      "  " + printable(fmt::format(
                 "{}: {}  {}  {}  → {}", in({"待批准", "待批准", "waits for approval"}, language),
                 content_words(pending.content(), language),
                 signature(state, pending.by_id(), pending.by_role_id(), language),
                 clock_time(pending.at_us()), approvers)));
  add_texts(pending.content(), language, lines);
  return lines;
}

std::string spoken_line(const v1::Spoken& spoken, const client::State& state, Language language) {
  std::string line =
      fmt::format("{:<6} {}  {}", spoken.id(), on_behalf_words(spoken.on_behalf(), state, language),
                  command_words(spoken.command(), language));
  if (spoken.about_id() != 0) line += " " + number_of(state, spoken.about(), spoken.about_id());
  line += fmt::format("  {} {} {}", in({"记录", "記錄", "recorded by"}, language),
                      account_name(state, spoken.recorder_id(), language),
                      clock_time(spoken.recorded_us()));
  line += fmt::format("  [{}", word_of(spoken_states, spoken.state(), language));
  if (spoken.state() == v1::Spoken::STATE_OWED && spoken.sign_by_us() != 0) {
    line += fmt::format(" {} {}", in({"截至", "截至", "until"}, language),
                        clock_time(spoken.sign_by_us()));
  }
  if (spoken.overdue()) line += in({" 逾期", " 逾期", " overdue"}, language);
  line += "]";
  if (!spoken.objection().empty()) line += "  " + spoken.objection();
  return printable(line);
}

}  // namespace fenghuo::cli
