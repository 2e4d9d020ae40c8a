// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/incident_rules.h"
#include "hub/core/messaging.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

constexpr std::uint32_t remind_percent_default = 80;

// 0 = this rule asks nothing at this level.
base::TimeUs limit_of(const v1::ReportRule& rule, v1::Level level) {
  for (const v1::ReportRule::Limit& one : rule.limits()) {
    if (one.level() == level) return one.within_us();
  }
  return 0;
}

base::TimeUs remind_at(const v1::ReportRule& rule, base::TimeUs from, base::TimeUs due) {
  const std::uint32_t percent = rule.remind_percent() == 0 || rule.remind_percent() > 100
                                    ? remind_percent_default
                                    : rule.remind_percent();
  return from + (due - from) / 100 * percent;
}

void draft_opened(const Context& context, const v1::ReportRule& rule, EntityId incident_id,
                  base::TimeUs from, base::TimeUs within, Draft& draft) {
  v1::Report& report = *draft.add().mutable_report_opened()->mutable_report();
  report.set_incident_id(incident_id);
  *report.mutable_rule() = rule;
  report.mutable_rule()->clear_limits();
  report.set_state(v1::Report::STATE_DUE);
  report.set_from_us(from);
  // What occurred long ago is asked for now, not in the past.
  report.set_due_us(std::max(context.now, from + within));
  report.set_remind_us(std::max(context.now, remind_at(rule, from, report.due_us())));
}

// Where such a clock begins before any report was filed; 0 = it does not run yet.
base::TimeUs first_instant(const v1::ReportRule& rule, const v1::Incident& incident) {
  if (rule.clock() == v1::ReportRule::CLOCK_RECEIVED) return incident.received_us();
  if (rule.clock() != v1::ReportRule::CLOCK_OCCURRED) return 0;
  return incident.occurred_us() == 0 ? incident.received_us() : incident.occurred_us();
}

template <typename F>
void each_report(const State::Rows& rows, EntityId incident_id, F&& f) {
  for (const auto& entry : rows.reports) {
    if (entry.row->incident_id() == incident_id) f(*entry.row);
  }
}

base::TimeUs last_filed(const State::Rows& rows, EntityId incident_id) {
  base::TimeUs last = 0;
  each_report(rows, incident_id, [&](const v1::Report& one) {
    if (one.rule().kind() != v1::REPORT_KIND_FINAL) last = std::max(last, one.filed_us());
  });
  return last;
}

// The report of this rule that is owed, or else the last one; null = none ever.
const v1::Report* report_by(const State::Rows& rows, EntityId incident_id,
                            const std::string& rule) {
  const v1::Report* found = nullptr;
  each_report(rows, incident_id, [&](const v1::Report& one) {
    if (one.rule().key() != rule) return;
    if (found == nullptr || found->state() != v1::Report::STATE_DUE) found = &one;
  });
  return found;
}

void draft_retimed(const Context& context, const v1::ReportRule& rule, const v1::Report& report,
                   base::TimeUs within, Draft& draft) {
  const base::TimeUs due = std::max(context.now, report.from_us() + within);
  // Lowering keeps the stricter one; an overdue one stays so.
  if (report.overdue() || due >= report.due_us()) return;
  v1::ReportRetimed& event = *draft.add().mutable_report_retimed();
  event.set_report_id(report.id());
  event.set_due_us(due);
  event.set_remind_us(std::max(context.now, remind_at(rule, report.from_us(), due)));
}

// A filed report starts the clock of the next one.
void draft_next_reports(const Context& context, const v1::Incident& incident, EntityId filed_id,
                        v1::ReportKind filed, Draft& draft) {
  if (incident.state() != v1::Incident::STATE_OPEN || filed == v1::REPORT_KIND_FINAL) return;
  for (const v1::ReportRule& rule : context.rows.configuration().report_rules()) {
    const base::TimeUs within = limit_of(rule, ruling_level(incident));
    if (rule.clock() != v1::ReportRule::CLOCK_LAST_REPORT || within == 0) continue;
    const v1::Report* known = report_by(context.rows, incident.id(), rule.key());
    const bool runs =
        known != nullptr && known->state() == v1::Report::STATE_DUE && known->id() != filed_id;
    if (!runs) draft_opened(context, rule, incident.id(), context.now, within, draft);
  }
}

const std::string& chinese(const v1::LocalizedText& name, const std::string& otherwise) {
  if (!name.zh_hans().empty()) return name.zh_hans();
  if (!name.zh_hant().empty()) return name.zh_hant();
  return name.en().empty() ? otherwise : name.en();
}

// 一 … 九十九.
std::string chinese_number(std::uint32_t number) {
  static const char* const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  if (number == 0 || number > 99) return std::to_string(number);
  std::string text;
  if (number >= 20) text += digits[number / 10];
  if (number >= 10) text += "十";
  return text + digits[number % 10];
}

std::string kind_name(v1::ReportKind kind) {
  if (kind == v1::REPORT_KIND_INITIAL) return "初报";
  return kind == v1::REPORT_KIND_FINAL ? "终报" : "续报";
}

std::string heading(const v1::Incident& incident, v1::ReportKind kind, std::uint32_t number) {
  std::string text = "【" + incident.title() + "】" + kind_name(kind);
  if (kind == v1::REPORT_KIND_FOLLOW_UP) text += chinese_number(number);
  return text;
}

std::uint32_t follow_ups_filed(const State::Rows& rows, EntityId incident_id) {
  std::uint32_t count = 0;
  each_report(rows, incident_id, [&](const v1::Report& one) {
    if (one.state() == v1::Report::STATE_FILED && one.rule().kind() == v1::REPORT_KIND_FOLLOW_UP) {
      ++count;
    }
  });
  return count;
}

// The rule a report is filed under: the owed one's, or one made for the occasion.
base::Result<v1::ReportRule> rule_for(const Context& context, const v1::FileReport& command) {
  v1::ReportRule rule;
  if (command.report_id() != 0) {
    const v1::Report* report = context.rows.reports.find(command.report_id());
    if (report == nullptr || report->incident_id() != command.incident_id()) {
      return not_found("file_report.report_id");
    }
    if (report->state() != v1::Report::STATE_DUE) {
      return bad_argument("file_report.report_id", "it is filed already");
    }
    return report->rule();
  }
  if (command.kind() == v1::REPORT_KIND_UNSPECIFIED || !v1::ReportKind_IsValid(command.kind())) {
    return bad_argument("file_report.kind", "an initial, follow-up or final report");
  }
  if (command.medium() == v1::REPORT_MEDIUM_UNSPECIFIED ||
      !v1::ReportMedium_IsValid(command.medium())) {
    return bad_argument("file_report.medium", "by phone or written");
  }
  rule.set_kind(command.kind());
  rule.set_medium(command.medium());
  return rule;
}

EntityId draft_unasked(const v1::FileReport& command, const v1::ReportRule& rule, Draft& draft) {
  const EntityId id = draft.next();
  v1::Report& report = *draft.add().mutable_report_opened()->mutable_report();
  report.set_incident_id(command.incident_id());
  *report.mutable_rule() = rule;
  report.set_state(v1::Report::STATE_DUE);
  return id;
}

}  // namespace

Problem word_fields(const google::protobuf::RepeatedPtrField<v1::FileReport::Field>& fields,
                    const google::protobuf::RepeatedPtrField<v1::ReportField>& required,
                    bool may_be_pending, const std::string& field, std::string& text) {
  if (auto problem =
          check_count(static_cast<std::size_t>(fields.size()), limits::report_fields_max, field)) {
    return problem;
  }
  std::set<std::string> given;
  for (const v1::FileReport::Field& one : fields) {
    if (auto problem = check_key(one.key(), field + ".key")) return problem;
    if (!given.insert(one.key()).second) return bad_argument(field, "a field stands twice");
    if (one.pending() && !may_be_pending) {
      return bad_argument(field, "nothing may be left open here: " + one.key());
    }
    if (auto problem = check_text(one.value(), one.pending() ? 0 : 1,
                                  limits::report_value_bytes_max, field + ".value")) {
      return problem;
    }
    std::string name = one.key();
    for (const v1::ReportField& known : required) {
      if (known.key() == one.key()) name = chinese(known.name(), one.key());
    }
    text += "\n" + name + "：" + one.value();
    if (one.pending()) text += one.value().empty() ? "待核" : "（待核）";
  }
  for (const v1::ReportField& one : required) {
    if (!given.contains(one.key())) {
      base::Error error = bad_argument(field, "a required field is missing");
      return error.with("field", one.key());
    }
  }
  return std::nullopt;
}

void draft_first_reports(const Context& context, const v1::Incident& incident, EntityId incident_id,
                         Draft& draft) {
  for (const v1::ReportRule& rule : context.rows.configuration().report_rules()) {
    const base::TimeUs from = first_instant(rule, incident);
    const base::TimeUs within = limit_of(rule, ruling_level(incident));
    if (from != 0 && within != 0) {
      draft_opened(context, rule, incident_id, from, within, draft);
    }
  }
}

void draft_report_levels(const Context& context, const v1::Incident& before,
                         const v1::Incident& after, Draft& draft) {
  if (ruling_level(before) == ruling_level(after)) return;
  for (const v1::ReportRule& rule : context.rows.configuration().report_rules()) {
    const base::TimeUs within = limit_of(rule, ruling_level(after));
    if (within == 0) continue;
    const v1::Report* known = report_by(context.rows, after.id(), rule.key());
    if (known != nullptr) {
      if (known->state() == v1::Report::STATE_DUE) {
        draft_retimed(context, rule, *known, within, draft);
      }
      continue;
    }
    const base::TimeUs from = rule.clock() == v1::ReportRule::CLOCK_LAST_REPORT
                                  ? last_filed(context.rows, after.id())
                                  : first_instant(rule, after);
    if (from != 0) draft_opened(context, rule, after.id(), from, within, draft);
  }
}

void draft_final_reports(const Context& context, const v1::Incident& incident, Draft& draft) {
  for (const v1::ReportRule& rule : context.rows.configuration().report_rules()) {
    const base::TimeUs within = limit_of(rule, ruling_level(incident));
    if (rule.clock() == v1::ReportRule::CLOCK_STAND_DOWN && within != 0) {
      draft_opened(context, rule, incident.id(), context.now, within, draft);
    }
  }
}

std::vector<EntityId> owed_reports(const State::Rows& rows, EntityId incident_id,
                                   bool follow_ups_only) {
  std::vector<EntityId> ids;
  each_report(rows, incident_id, [&](const v1::Report& one) {
    if (one.state() != v1::Report::STATE_DUE) return;
    if (!follow_ups_only || one.rule().clock() == v1::ReportRule::CLOCK_LAST_REPORT) {
      ids.push_back(one.id());
    }
  });
  return ids;
}

base::Result<Decision> decide_file_report(const Context& context, const v1::FileReport& command) {
  const auto found = find_incident(context, command.incident_id(), "file_report.incident_id", true);
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  if (incident.state() == v1::Incident::STATE_VOID) {
    return bad_argument("file_report.incident_id", "the incident was void");
  }
  const auto role = check_commands(context, incident);
  if (!role) return role.error();
  const auto rule = rule_for(context, command);
  if (!rule) return rule.error();
  if (auto problem =
          check_text(command.receiver(), 0, limits::name_bytes_max, "file_report.receiver")) {
    return *problem;
  }
  const std::uint32_t number = rule->kind() == v1::REPORT_KIND_FOLLOW_UP
                                   ? follow_ups_filed(context.rows, incident.id()) + 1
                                   : 0;
  const std::string& receiver = command.receiver().empty() ? rule->receiver() : command.receiver();
  v1::PostMessage post;
  post.set_channel_id(incident.channel_id());
  std::string& text = *post.mutable_text() = heading(incident, rule->kind(), number);
  if (!receiver.empty()) text += "\n报：" + receiver;
  if (auto problem =
          word_fields(command.fields(), rule->required(), rule->kind() != v1::REPORT_KIND_FINAL,
                      "file_report.fields", text)) {
    return *problem;
  }
  if (!command.text().empty()) text += "\n" + command.text();
  if (auto problem = check_text(text, 1, limits::message_text_bytes_max, "file_report.text")) {
    return *problem;
  }
  Draft draft(context);
  const EntityId report_id =
      command.report_id() != 0 ? command.report_id() : draft_unasked(command, *rule, draft);
  v1::ReportFiled& event = *add_as(context, draft, *role).mutable_report_filed();
  event.set_incident_id(incident.id());
  event.set_report_id(report_id);
  event.set_number(number);
  event.set_receiver(receiver);
  event.set_message_id(draft.next());
  for (const v1::FileReport::Field& one : command.fields()) {
    *(one.pending() ? event.add_pending_fields() : event.add_told_fields()) = one.key();
  }
  draft_posted(context, *context.rows.channels.find(incident.channel_id()), post, draft);
  draft_next_reports(context, incident, report_id, rule->kind(), draft);
  return draft.finish();
}

void fire_report(const Context& context, EntityId report_id, Draft& draft) {
  const v1::Report* report = context.rows.reports.find(report_id);
  FENGHUO_CHECK(report != nullptr);
  if (report->reminded() || report->due_us() <= context.now) {
    v1::ReportOverdue& event = *draft.add().mutable_report_overdue();
    event.set_incident_id(report->incident_id());
    event.set_report_id(report_id);
    draft_call(
        context, *context.rows.incidents.find(report->incident_id()),
        report->rule().overdue_roles(),
        chinese(report->rule().name(), kind_name(report->rule().kind())) + "已逾期，请立即报送。",
        draft);
    return;
  }
  v1::ReportReminded& event = *draft.add().mutable_report_reminded();
  event.set_incident_id(report->incident_id());
  event.set_report_id(report_id);
}

}  // namespace fenghuo::core
