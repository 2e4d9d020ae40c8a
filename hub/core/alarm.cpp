// SPDX-License-Identifier: Apache-2.0
#include "hub/core/alarm.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/duty.h"
#include "hub/core/kinds.h"
#include "hub/core/quantity.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using Rule = v1::AlarmRules::SourceRule;
using Point = v1::AlarmRules::Point;

const Rule& rule_of(const State::Rows& rows, std::string_view source) {
  for (const Rule& rule : rows.configuration().alarms().sources()) {
    if (rule.key() == source) return rule;
  }
  return Rule::default_instance();
}

const Point& point_of(const Rule& rule, std::string_view key) {
  for (const Point& point : rule.points()) {
    if (point.key() == key) return point;
  }
  return Point::default_instance();
}

// Bots report, each for its own sources.
Problem check_reporter(const Context& context, const std::string& source,
                       const std::string& field) {
  if (auto problem = check_key(source, field)) return problem;
  if (context.is_hub()) return std::nullopt;
  const v1::Account& account = *context.state.account(context.actor());
  if (account.kind() != v1::Account::KIND_BOT) return forbidden("report", "only for bots");
  const std::string& owner = rule_of(context.rows, source).account();
  if (!owner.empty() && owner != account.key()) {
    return forbidden("report", "the source belongs to another bot");
  }
  return std::nullopt;
}

Problem check_quantity(const v1::Quantity& quantity, const std::string& field) {
  if (is_sane(quantity)) return std::nullopt;
  return bad_argument(field, "the exponent is between -12 and 12");
}

Problem check_words(std::initializer_list<const std::string*> words, const std::string& text,
                    const std::string& field) {
  for (const std::string* word : words) {
    if (auto problem = check_text(*word, 0, limits::name_bytes_max, field)) return problem;
  }
  return check_text(text, 0, limits::reason_bytes_max, field + ".text");
}

bool is_beyond(const v1::Quantity& value, const v1::Quantity& threshold, bool falling) {
  const auto order = compare(value, threshold);
  return falling ? order <= 0 : order >= 0;
}

// The stage a value means at a point that stands at `present` now: on the way back a stage lasts
// until the value has left its threshold by the hysteresis.
const v1::AlarmRules::Threshold* stage_of(const Point& point, const v1::Quantity& value,
                                          std::uint32_t present) {
  const v1::AlarmRules::Threshold* found = nullptr;
  for (const auto& one : point.thresholds()) {
    v1::Quantity limit = one.value();
    if (one.stage() <= present) {
      limit = point.falling() ? plus(limit, point.hysteresis()) : minus(limit, point.hysteresis());
    }
    const bool beyond =
        is_beyond(value, limit, point.falling()) || is_beyond(value, one.value(), point.falling());
    if (beyond && (found == nullptr || one.stage() > found->stage())) found = &one;
  }
  return found;
}

// What a source that is heard again brings to an end: its silence, and lost points.
void draft_heard(const Context& context, const std::string& source, std::string_view key,
                 Draft& draft) {
  if (const auto* silent = open_alarm(context.rows, source, v1::Alarm::KIND_SILENT, "")) {
    draft.add().mutable_alarm_cleared()->set_alarm_id(silent->id());
  }
  const auto* fault = open_alarm(context.rows, source, v1::Alarm::KIND_FAULT, "");
  if (fault == nullptr || key.empty()) return;
  const auto& lost = fault->lost_points();
  if (std::find(lost.begin(), lost.end(), key) == lost.end()) return;
  v1::AlarmPointsFound& found = *draft.add().mutable_alarm_points_found();
  found.set_alarm_id(fault->id());
  found.add_points(std::string(key));
}

// That a source lives is recorded when nothing else says so, and not more often than matters.
Decision heard(const Context& context, const std::string& source, Draft& draft) {
  const v1::AlarmSource* known = alarm_source(context.rows, source);
  const base::TimeUs silent_after = rule_of(context.rows, source).silent_after_us();
  const bool due = known == nullptr || known->silent_after_us() != silent_after ||
                   (silent_after > 0 && context.now - known->heard_us() >= silent_after / 4);
  if (draft.empty() && due) draft.add().mutable_source_heard()->set_source(source);
  return draft.finish();
}

bool is_stormy(const Context& context, const std::string& source) {
  const v1::AlarmRules& rules = context.rows.configuration().alarms();
  const v1::AlarmSource* known = alarm_source(context.rows, source);
  if (rules.storm_reports() == 0 || known == nullptr) return false;
  return context.now < known->window_us() + rules.storm_within_us() &&
         known->window_reports() >= rules.storm_reports();
}

// A new row with what every kind of alarm has.
v1::Alarm made(const Context& context, const std::string& source, v1::Alarm::Kind kind,
               base::TimeUs observed_us) {
  const v1::AlarmRules& rules = context.rows.configuration().alarms();
  const Rule& rule = rule_of(context.rows, source);
  v1::Alarm alarm;
  alarm.set_kind(kind);
  alarm.set_source(source);
  alarm.set_stage(1);
  alarm.set_count(1);
  alarm.set_quiet_us(rules.quiet_us());
  alarm.set_repeats(rule.repeats() || kind == v1::Alarm::KIND_STORM);
  alarm.set_observed_us(observed_us);
  if (const v1::Channel* channel = context.state.channel_by_key(rule.channel())) {
    alarm.set_channel_id(channel->id());
  }
  return alarm;
}

void open_new(const v1::Alarm& alarm, Draft& draft) {
  v1::Alarm& event = *draft.add().mutable_alarm_opened()->mutable_alarm() = alarm;
  event.clear_id();
}

void collapse(const Context& context, const std::string& source, base::TimeUs observed_us,
              Draft& draft) {
  const auto* storm = open_alarm(context.rows, source, v1::Alarm::KIND_STORM, "");
  if (storm == nullptr) {
    return open_new(made(context, source, v1::Alarm::KIND_STORM, observed_us), draft);
  }
  v1::AlarmCollapsed& event = *draft.add().mutable_alarm_collapsed();
  event.set_alarm_id(storm->id());
  event.set_source(source);
}

void report_new(const Context& context, const v1::ReportAlarm& command, const Point& point,
                const v1::AlarmRepeated& said, Draft& draft) {
  v1::Alarm alarm = made(context, command.source(), v1::Alarm::KIND_POINT, said.observed_us());
  const bool known = !point.key().empty();
  alarm.set_key(command.key());
  alarm.set_unit(known && !point.unit().empty() ? point.unit() : command.unit());
  alarm.set_quantity(known ? point.quantity() : command.quantity());
  alarm.set_measure(known ? point.measure() : command.measure());
  alarm.set_place(known && !point.place().empty() ? point.place() : command.place());
  *alarm.mutable_value() = said.value();
  *alarm.mutable_worst_value() = said.value();
  if (said.has_threshold()) *alarm.mutable_threshold() = said.threshold();
  alarm.set_stage(said.stage());
  alarm.set_text(command.text());
  alarm.set_id(draft.next());
  open_new(alarm, draft);
  join_group(context, alarm, draft);
}

void report_again(const Context& context, const v1::Alarm& open, v1::AlarmRepeated said,
                  Draft& draft) {
  said.set_alarm_id(open.id());
  *draft.add().mutable_alarm_repeated() = said;
  v1::Alarm after = open;
  after.set_stage(std::max(open.stage(), said.stage()));
  if (after.stage() > open.stage() || open.group_id() == 0) join_group(context, after, draft);
}

Problem check_report(const Context& context, const v1::ReportAlarm& command) {
  if (auto problem = check_reporter(context, command.source(), "report_alarm.source")) {
    return problem;
  }
  if (auto problem = check_text(command.key(), 1, limits::key_bytes_max, "report_alarm.key")) {
    return problem;
  }
  if (auto problem =
          check_words({&command.unit(), &command.quantity(), &command.measure(), &command.place()},
                      command.text(), "report_alarm")) {
    return problem;
  }
  if (command.stage() > limits::alarm_stage_max) {
    return bad_argument("report_alarm.stage", "no such stage");
  }
  if (auto problem = check_quantity(command.value(), "report_alarm.value")) return problem;
  return check_quantity(command.threshold(), "report_alarm.threshold");
}

base::TimeUs observed(const Context& context, base::TimeUs said) {
  return said <= 0 ? context.now : said;
}

void propose_clear(const v1::Alarm& open, const v1::Quantity& value, base::TimeUs observed_us,
                   Draft& draft) {
  if (open.clear_proposed_us() != 0) return;
  v1::AlarmClearProposed& event = *draft.add().mutable_alarm_clear_proposed();
  event.set_alarm_id(open.id());
  *event.mutable_value() = value;
  event.set_observed_us(observed_us);
}

base::Result<Decision> decide_report(const Context& context, const v1::ReportAlarm& command) {
  if (auto problem = check_report(context, command)) return *problem;
  const Point& point = point_of(rule_of(context.rows, command.source()), command.key());
  const v1::Alarm* open =
      open_alarm(context.rows, command.source(), v1::Alarm::KIND_POINT, command.key());
  v1::AlarmRepeated said;
  *said.mutable_value() = command.value();
  if (command.has_threshold()) *said.mutable_threshold() = command.threshold();
  said.set_stage(command.stage());
  said.set_observed_us(observed(context, command.observed_us()));
  if (command.stage() == 0) {
    if (point.thresholds().empty()) {
      return bad_argument("report_alarm.stage", "neither a stage nor known thresholds");
    }
    const std::uint32_t present = open == nullptr ? 0 : open->present_stage();
    if (const auto* reached = stage_of(point, command.value(), present)) {
      said.set_stage(reached->stage());
      *said.mutable_threshold() = reached->value();
    }
  }
  Draft draft(context);
  draft_heard(context, command.source(), command.key(), draft);
  if (said.stage() == 0) {
    if (open != nullptr) propose_clear(*open, said.value(), said.observed_us(), draft);
  } else if (is_stormy(context, command.source()) &&
             (open == nullptr ? point.key().empty() : said.stage() <= open->stage())) {
    // Of configured points nothing new is swallowed, nor does a rise: a combination may wait for
    // it.
    collapse(context, command.source(), said.observed_us(), draft);
  } else if (open == nullptr) {
    report_new(context, command, point, said, draft);
  } else {
    report_again(context, *open, said, draft);
  }
  return heard(context, command.source(), draft);
}

base::Result<Decision> decide_clear(const Context& context, const v1::ClearAlarm& command) {
  if (auto problem = check_reporter(context, command.source(), "clear_alarm.source")) {
    return *problem;
  }
  if (auto problem = check_quantity(command.value(), "clear_alarm.value")) return *problem;
  const auto kind = command.fault() ? v1::Alarm::KIND_FAULT : v1::Alarm::KIND_POINT;
  const v1::Alarm* open = open_alarm(context.rows, command.source(), kind,
                                     command.fault() ? std::string() : command.key());
  Draft draft(context);
  draft_heard(context, command.source(), command.fault() ? "" : command.key(), draft);
  // Clearing what is not open is no mistake: the row was closed by hand.
  if (open != nullptr && command.fault()) {
    v1::AlarmPointsFound& found = *draft.add().mutable_alarm_points_found();
    found.set_alarm_id(open->id());
    *found.mutable_points() = open->lost_points();
  } else if (open != nullptr) {
    propose_clear(*open, command.value(), observed(context, command.observed_us()), draft);
  }
  return heard(context, command.source(), draft);
}

base::Result<Decision> decide_fault(const Context& context, const v1::ReportFault& command) {
  if (auto problem = check_reporter(context, command.source(), "report_fault.source")) {
    return *problem;
  }
  if (command.keys().empty()) return bad_argument("report_fault.keys", "at least one");
  if (auto problem = check_count(static_cast<std::size_t>(command.keys_size()),
                                 limits::fault_points_max, "report_fault.keys")) {
    return *problem;
  }
  for (const std::string& key : command.keys()) {
    if (auto problem = check_text(key, 1, limits::key_bytes_max, "report_fault.keys")) {
      return *problem;
    }
  }
  if (auto problem =
          check_words({&command.unit(), &command.place()}, command.text(), "report_fault")) {
    return *problem;
  }
  Draft draft(context);
  draft_heard(context, command.source(), "", draft);
  const base::TimeUs at = observed(context, command.observed_us());
  if (const auto* open = open_alarm(context.rows, command.source(), v1::Alarm::KIND_FAULT, "")) {
    v1::AlarmRepeated& event = *draft.add().mutable_alarm_repeated();
    event.set_alarm_id(open->id());
    event.set_stage(1);
    event.set_observed_us(at);
    *event.mutable_lost_points() = command.keys();
    return draft.finish();
  }
  v1::Alarm alarm = made(context, command.source(), v1::Alarm::KIND_FAULT, at);
  const Point& first = point_of(rule_of(context.rows, command.source()), command.keys(0));
  alarm.set_unit(first.unit().empty() ? command.unit() : first.unit());
  alarm.set_place(command.place());
  alarm.set_text(command.text());
  alarm.set_repeats(false);
  *alarm.mutable_lost_points() = command.keys();
  alarm.set_id(draft.next());
  open_new(alarm, draft);
  join_group(context, alarm, draft);
  return draft.finish();
}

base::Result<Decision> decide_alive(const Context& context, const v1::ReportAlive& command) {
  if (auto problem = check_reporter(context, command.source(), "report_alive.source")) {
    return *problem;
  }
  Draft draft(context);
  draft_heard(context, command.source(), "", draft);
  return heard(context, command.source(), draft);
}

base::Result<Decision> decide_close(const Context& context, const v1::CloseAlarm& command) {
  const v1::Alarm* alarm = context.rows.alarms.find(command.alarm_id());
  if (alarm == nullptr || (!context.is_hub() && !may_see(context.rows, context.actor(),
                                                         viewers_of(context.rows, *alarm)))) {
    return not_found("close_alarm.alarm_id");
  }
  if (!context.is_hub() && !is_on_command_seat(context.rows, context.actor(), context.now)) {
    return forbidden("close", "only from a command seat on duty");
  }
  if (alarm->revision() != command.seen_revision()) return stale_revision(alarm->revision());
  if (!is_open(context.rows, *alarm)) {
    return bad_argument("close_alarm.alarm_id", "the alarm is over");
  }
  if (auto problem =
          check_text(command.reason(), 1, limits::reason_bytes_max, "close_alarm.reason")) {
    return *problem;
  }
  Draft draft(context);
  // What more than one sensor says, or one says loudly, no single person may call false.
  const bool needs_two = alarm->stage() >= 2 || alarm->group_id() != 0;
  if (needs_two && alarm->close_proposed_by_id() == 0) {
    v1::AlarmCloseProposed& event = *draft.add().mutable_alarm_close_proposed();
    event.set_alarm_id(alarm->id());
    event.set_reason(command.reason());
    return draft.finish();
  }
  if (needs_two && alarm->close_proposed_by_id() == context.actor()) {
    return base::Error(v1::ERROR_CODE_SAME_PERSON, "the second person must be another one");
  }
  v1::AlarmClosed& event = *draft.add().mutable_alarm_closed();
  event.set_alarm_id(alarm->id());
  event.set_reason(command.reason());
  leave_group(context, *alarm, draft);
  return draft.finish();
}

void fire_silence(const Context& context, EntityId source_id, Draft& draft) {
  const v1::AlarmSource& source = *context.rows.alarm_sources.find(source_id);
  v1::Alarm alarm = made(context, source.key(), v1::Alarm::KIND_SILENT, source.heard_us());
  alarm.set_repeats(false);
  open_new(alarm, draft);
}

}  // namespace

base::Result<Decision> decide_alarm(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_report_alarm()) return decide_report(context, command.report_alarm());
  if (command.has_clear_alarm()) return decide_clear(context, command.clear_alarm());
  if (command.has_report_fault()) return decide_fault(context, command.report_fault());
  if (command.has_report_alive()) return decide_alive(context, command.report_alive());
  FENGHUO_CHECK(command.has_close_alarm());
  return decide_close(context, command.close_alarm());
}

void fire_alarm(const Context& context, const Deadlines::Due& due, Draft& draft) {
  if (due.key.kind == DeadlineKind::AlarmGroupDue) {
    return fire_alarm_group(context, due.key.id, draft);
  }
  if (due.key.kind == DeadlineKind::SourceSilent) return fire_silence(context, due.key.id, draft);
  FENGHUO_CHECK(due.key.kind == DeadlineKind::AlarmClears);
  draft.add().mutable_alarm_cleared()->set_alarm_id(due.key.id);
  leave_group(context, *context.rows.alarms.find(due.key.id), draft);
}

}  // namespace fenghuo::core
