// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/incident_wording.h"

#include "clients/cli/names.h"
#include "clients/cli/terms.h"

#include <fmt/format.h>

#include <utility>

namespace fenghuo::cli {
namespace {

constexpr std::array<Term<v1::Incident::State>, 5> incident_states{{
    {v1::Incident::STATE_OPEN, "open", {"", "", ""}},
    {v1::Incident::STATE_STOOD_DOWN, "stood-down", {"已解除响应", "已解除響應", "stood down"}},
    {v1::Incident::STATE_VOID, "void", {"误报", "誤報", "void"}},
    {v1::Incident::STATE_MERGED, "merged", {"已并入", "已併入", "merged"}},
    {v1::Incident::STATE_ARCHIVED, "archived", {"已归档", "已歸檔", "archived"}},
}};

constexpr std::array<Term<v1::LevelProposal::State>, 4> proposal_states{{
    {v1::LevelProposal::STATE_OPEN, "open", {"待审定", "待審定", "waits for a decision"}},
    {v1::LevelProposal::STATE_REQUESTED, "requested", {"已请示", "已請示", "requested upward"}},
    {v1::LevelProposal::STATE_APPROVED, "approved", {"同意", "同意", "approved"}},
    {v1::LevelProposal::STATE_DECLINED, "declined", {"不同意", "不同意", "declined"}},
}};

constexpr std::array<Term<v1::Waiver::Kind>, 3> waiver_kinds{{
    {v1::Waiver::KIND_UNACCEPTED_ORDER, "", {"未签收指令", "未簽收指令", "order not accepted"}},
    {v1::Waiver::KIND_OVERDUE_ORDER, "", {"逾期指令", "逾期指令", "order overdue"}},
    {v1::Waiver::KIND_MISSING_PERSONS, "", {"失踪人员", "失蹤人員", "missing persons"}},
}};

// Collects lines "  what: text".
class Lines {
 public:
  explicit Lines(Language language) : language_(language) {}

  void add(const Words& what, const std::string& text) {
    if (text.empty()) return;
    // A reason that was not given leaves its gap at the end.
    const std::string whole = text.substr(0, text.find_last_not_of(' ') + 1);
    lines_.push_back("  " + printable(fmt::format("{}: {}", in(what, language_), whole)));
  }
  void line(const std::string& text) { lines_.push_back(printable(text)); }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  Language language_;
  std::vector<std::string> lines_;
};

std::string levels_words(v1::Level level, v1::Level response, Language language) {
  std::string text(word_of(incident_levels, level, language));
  if (response == v1::LEVEL_UNSPECIFIED) return text;
  const std::string_view grade = word_of(response_levels, response, language);
  return text + (language == Language::En
                     ? fmt::format(", response {}", grade)
                     : fmt::format(" {}{}", grade, in({"响应", "響應", ""}, language)));
}

std::string casualties_words(const v1::Casualties& count, Language language) {
  return fmt::format("{} {} {} {} {} {}", in({"伤", "傷", "injured"}, language), count.injured(),
                     in({"失踪", "失蹤", "missing"}, language), count.missing(),
                     in({"亡", "亡", "dead"}, language), count.dead());
}

std::string post_words(const v1::CommandPost& post, const client::State& state, Language language) {
  std::string text;
  const auto add = [&](std::uint64_t id, const std::string& name) {
    if (id != 0) text += (text.empty() ? "" : " ") + name;
  };
  add(post.role_id(), role_name(state, post.role_id(), language));
  add(post.account_id(), account_name(state, post.account_id(), language));
  add(post.contact_id(), contact_name(state, post.contact_id(), language));
  return text;
}

std::string said(const v1::OnBehalf& on_behalf, const client::State& state, Language language) {
  const std::string words = on_behalf_words(on_behalf, state, language);
  return words.empty() ? words : "  [" + words + "]";
}

std::string keys(const google::protobuf::RepeatedPtrField<std::string>& all) {
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "" : ", ") + one;
  return text;
}

void add_times(const v1::Incident& incident, const client::State& state, Language language,
               Lines& lines) {
  const auto time = [](std::int64_t at_us) { return at_us == 0 ? "" : clock_time(at_us); };
  std::string kind(word_of(categories, incident.category(), language));
  if (!incident.type().empty()) kind += " · " + incident.type();
  if (!incident.template_().empty()) kind += " · " + incident.template_();
  lines.add({"类别", "類別", "category"}, kind);
  lines.add({"地点", "地點", "place"}, incident.place().text());
  lines.add({"发生", "發生", "occurred"}, time(incident.occurred_us()));
  lines.add({"接报", "接報", "received"}, time(incident.received_us()));
  lines.add({"立案", "立案", "declared"},
            time(incident.declared_us()) + "  " +
                signature(state, incident.declared_by_id(), incident.declared_role_id(), language));
}

void add_levels(const v1::Incident& incident, const client::State& state, Language language,
                Lines& lines) {
  if (incident.provisional() && incident.confirming_role_id() != 0) {
    std::string text =
        fmt::format("{} {}", role_name(state, incident.confirming_role_id(), language),
                    clock_time(incident.confirm_by_us()));
    if (incident.confirm_overdue()) text += in({" [逾期]", " [逾期]", " [overdue]"}, language);
    lines.add({"初判待确认", "初判待確認", "level to be confirmed by"}, text);
  } else if (incident.confirmed_by_id() != 0) {
    lines.add({"初判已确认", "初判已確認", "level confirmed by"},
              fmt::format("{} {}", account_name(state, incident.confirmed_by_id(), language),
                          clock_time(incident.confirmed_us())));
  }
  for (const v1::LevelChange& one : incident.level_path()) {
    std::string text =
        fmt::format("{}  {}  {}  {}", clock_time(one.at_us()),
                    levels_words(one.level(), one.response_level(), language),
                    signature(state, one.by_id(), one.role_id(), language), one.reason());
    if (one.break_glass())
      text += in({"  [紧急独断]", "  [緊急獨斷]", "  [decided alone]"}, language);
    lines.add({"级别", "級別", "level"}, text + said(one.on_behalf(), state, language));
  }
}

void add_proposals(const v1::Incident& incident, const client::State& state, Language language,
                   Lines& lines) {
  for (const v1::LevelProposal& one : incident.proposals()) {
    const bool unconfirmed = one.break_glass() && one.confirmed_by_id() == 0;
    const bool waits = one.state() == v1::LevelProposal::STATE_OPEN ||
                       one.state() == v1::LevelProposal::STATE_REQUESTED;
    if (!waits && !unconfirmed) continue;
    std::string text = fmt::format(
        "#{}  {}  {}  {}  {}", one.number(),
        levels_words(one.level(), one.response_level(), language),
        signature(state, one.by_id(), one.role_id(), language), one.reason(),
        unconfirmed
            ? in({"独断待确认", "獨斷待確認", "decided alone, to be confirmed by"}, language)
            : word_of(proposal_states, one.state(), language));
    if (unconfirmed) text += " " + clock_time(one.confirm_by_us());
    if (one.state() == v1::LevelProposal::STATE_REQUESTED) {
      text += " → " + (one.above_contact_id() != 0
                           ? contact_name(state, one.above_contact_id(), language)
                           : role_name(state, one.above_role_id(), language));
      text += fmt::format("  {} {}", in({"应复", "應覆", "reply by"}, language),
                          clock_time(one.reply_by_us()));
    }
    lines.add({"待定", "待定", "pending"}, text);
  }
  if (incident.has_void_proposal()) {
    const v1::VoidProposal& one = incident.void_proposal();
    lines.add({"拟作误报", "擬作誤報", "void proposed"},
              fmt::format("{}  {}  {}", clock_time(one.at_us()),
                          signature(state, one.by_id(), one.role_id(), language), one.reason()));
  }
}

void add_people(const v1::Incident& incident, const client::State& state, Language language,
                Lines& lines) {
  const v1::CommandPosts& posts = incident.posts();
  lines.add({"总指挥", "總指揮", "commander"}, post_words(posts.commander(), state, language));
  lines.add({"副总指挥", "副總指揮", "deputy"}, post_words(posts.deputy(), state, language));
  lines.add({"现场指挥官", "現場指揮官", "on-scene"},
            post_words(posts.on_scene(), state, language));
  for (const v1::Group& one : incident.groups()) {
    std::string text = fmt::format("{}  #{}", text_of(one.name(), language),
                                   channel_name(state, one.channel_id()));
    if (one.lead_role_id() != 0) {
      text += fmt::format("  {} {}", in({"组长", "組長", "led by"}, language),
                          role_name(state, one.lead_role_id(), language));
    }
    for (const std::uint64_t role : one.role_ids()) text += "  " + role_name(state, role, language);
    for (const std::uint64_t id : one.account_ids())
      text += "  " + account_name(state, id, language);
    lines.add({"工作组", "工作組", "group"}, text);
  }
  const v1::Casualties& count = incident.casualties();
  if (incident.has_casualties()) {
    lines.add({"伤亡", "傷亡", "casualties"},
              fmt::format("{}  {}  {} {}", casualties_words(count, language), count.source(),
                          clock_time(count.at_us()), account_name(state, count.by_id(), language)) +
                  said(count.on_behalf(), state, language));
  }
}

void add_end(const v1::Incident& incident, const client::State& state, Language language,
             Lines& lines) {
  lines.add({"待核字段", "待核欄位", "fields owed"}, keys(incident.owed_fields()));
  if (incident.merged_into_id() != 0) {
    lines.add({"并入", "併入", "goes on in"}, std::to_string(incident.merged_into_id()));
  }
  if (incident.has_stand_down()) {
    const v1::StandDownRecord& one = incident.stand_down();
    lines.add({"解除响应", "解除響應", "stood down"},
              fmt::format("{}  {}  {}", clock_time(one.at_us()),
                          signature(state, one.by_id(), one.role_id(), language), one.reason()) +
                  said(one.on_behalf(), state, language));
    for (const v1::Waiver& waiver : one.waivers()) {
      std::string text(word_of(waiver_kinds, waiver.kind(), language));
      if (waiver.order_id() != 0) text += fmt::format(" {}", waiver.order_id());
      lines.add({"例外", "例外", "waived"}, text + ": " + waiver.reason());
    }
  }
  if (incident.has_evaluation()) {
    lines.add({"总结评估", "總結評估", "evaluation"},
              fmt::format("{}  {}  (id {})", clock_time(incident.evaluation().filed_us()),
                          signature(state, incident.evaluation().by_id(),
                                    incident.evaluation().role_id(), language),
                          incident.evaluation().message_id()));
  }
}

}  // namespace

std::string incident_line(const v1::Incident& incident, const client::State& state,
                          Language language) {
  std::string line =
      fmt::format("{:<6} {}", incident.number(),
                  levels_words(incident.level(), incident.response_level(), language));
  if (incident.provisional()) {
    line += incident.confirm_overdue()
                ? in({"（初判未确认）", "（初判未確認）", " (unconfirmed)"}, language)
                : in({"（初判）", "（初判）", " (provisional)"}, language);
  }
  const auto ended = word_of(incident_states, incident.state(), language);
  line +=
      fmt::format("  {}  {}", ended.empty() ? word_of(phases, incident.phase(), language) : ended,
                  incident.title());
  if (incident.has_casualties()) line += "  " + casualties_words(incident.casualties(), language);
  line += fmt::format("  #{}", channel_name(state, incident.channel_id()));
  return printable(line) + fmt::format("  (id {})", incident.id());
}

std::vector<std::string> incident_lines(const v1::Incident& incident, const client::State& state,
                                        Language language) {
  Lines lines(language);
  lines.line(incident_line(incident, state, language));
  add_times(incident, state, language, lines);
  add_levels(incident, state, language, lines);
  add_proposals(incident, state, language, lines);
  for (const v1::PhaseChange& one : incident.phases()) {
    lines.add({"阶段", "階段", "phase"},
              fmt::format("{}  {}  {}  {}", clock_time(one.at_us()),
                          word_of(phases, one.phase(), language),
                          signature(state, one.by_id(), one.role_id(), language), one.reason()) +
                  said(one.on_behalf(), state, language));
  }
  add_people(incident, state, language, lines);
  add_end(incident, state, language, lines);
  return lines.take();
}

std::string template_line(const v1::IncidentTemplate& one, Language language) {
  std::string line = fmt::format("{}  {}  {}", one.key(), text_of(one.name(), language),
                                 word_of(categories, one.category(), language));
  if (!one.type().empty()) line += " · " + one.type();
  line +=
      fmt::format("  {} {}  {} {}", in({"工作组", "工作組", "groups"}, language), one.groups_size(),
                  in({"指令", "指令", "orders"}, language), one.orders_size());
  if (!one.reference().empty()) line += "  " + one.reference();
  return printable(line);
}

std::string report_line(const v1::Report& report, const client::State& state, Language language) {
  const v1::ReportRule& rule = report.rule();
  std::string name = text_of(rule.name(), language);
  if (name.empty()) name = word_of(report_kinds, rule.kind(), language);
  std::string line = fmt::format("{:<6} {}", report.id(), name);
  if (report.number() != 0) line += fmt::format(" {}", report.number());
  line += fmt::format("（{}）", word_of(report_media, rule.medium(), language));
  switch (report.state()) {
    case v1::Report::STATE_DUE:
      line += fmt::format("  {} {}", in({"应报", "應報", "due"}, language),
                          report.due_us() == 0 ? "—" : clock_time(report.due_us()));
      break;
    case v1::Report::STATE_FILED:
      line += fmt::format("  {} {}  {}", in({"已报", "已報", "filed"}, language),
                          clock_time(report.filed_us()),
                          signature(state, report.filed_by_id(), report.filed_role_id(), language));
      break;
    default: line += fmt::format("  {}", in({"不再需要", "不再需要", "dropped"}, language)); break;
  }
  if (report.overdue()) line += fmt::format("  [{}]", in({"逾期", "逾期", "overdue"}, language));
  if (!report.overdue() && report.reminded() && report.state() == v1::Report::STATE_DUE) {
    line += fmt::format("  [{}]", in({"已提醒", "已提醒", "reminded"}, language));
  }
  const std::string& receiver = report.receiver().empty() ? rule.receiver() : report.receiver();
  if (!receiver.empty()) {
    line += fmt::format("  {} {}", in({"报", "報", "to"}, language), receiver);
  }
  return printable(line);
}

std::vector<std::string> report_lines(const v1::Report& report, const client::State& state,
                                      Language language) {
  Lines lines(language);
  lines.line(report_line(report, state, language));
  if (report.state() == v1::Report::STATE_DUE) {
    std::string fields;
    for (const v1::ReportField& one : report.rule().required()) {
      fields += (fields.empty() ? "" : ", ") +
                fmt::format("{}={}", one.key(), text_of(one.name(), language));
    }
    lines.add({"必填", "必填", "required"}, fields);
  }
  lines.add({"待核", "待核", "not known yet"}, keys(report.pending_fields()));
  return lines.take();
}

}  // namespace fenghuo::cli
