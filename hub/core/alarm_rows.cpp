// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"
#include "hub/core/alarm.h"
#include "hub/core/kinds.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;

constexpr base::TimeUs at_once = 1;

v1::Alarm& alarm_at(State::Rows& rows, EntityId id) {
  v1::Alarm* alarm = rows.alarms.find(id);
  FENGHUO_CHECK(alarm != nullptr);
  rows.alarms.touch(id);
  return *alarm;
}

// The source was heard; a report counts in its window.
void apply_heard(State::Rows& rows, const Record& record, const std::string& key, bool report) {
  const v1::AlarmSource* known = alarm_source(rows, key);
  v1::AlarmSource source = known == nullptr ? v1::AlarmSource() : *known;
  if (known == nullptr) source.set_id(record.position);
  const v1::AlarmRules& rules = rows.configuration().alarms();
  source.set_key(key);
  source.set_heard_us(record.time_us);
  source.set_revision(record.position);
  source.set_silent_after_us(0);
  for (const auto& rule : rules.sources()) {
    if (rule.key() == key) source.set_silent_after_us(rule.silent_after_us());
  }
  if (report) {
    const bool over = record.time_us >= source.window_us() + rules.storm_within_us();
    if (over) source.set_window_us(record.time_us);
    source.set_window_reports(over ? 1 : source.window_reports() + 1);
  }
  rows.unsaved_bytes += source.ByteSizeLong();
  const EntityId id = source.id();
  index_row(rows, rows.alarm_sources.put(id, std::move(source)));
}

// Heard again just now, at its point.
void set_last(v1::Alarm& alarm, const Record& record, base::TimeUs observed_us) {
  alarm.set_last_us(record.time_us);
  alarm.set_last_observed_us(observed_us);
  alarm.set_clear_proposed_us(0);
  alarm.set_clears_us(alarm.repeats() ? record.time_us + std::max(alarm.quiet_us(), at_once) : 0);
}

void apply_opened(State::Rows& rows, const Record& record) {
  v1::Alarm alarm = record.event.alarm_opened().alarm();
  alarm.set_id(record.position);
  alarm.set_state(v1::Alarm::STATE_OPEN);
  alarm.set_present_stage(alarm.stage());
  alarm.set_opened_us(record.time_us);
  alarm.set_reporter_id(record.event.account_id());
  alarm.set_listed_revision(record.position);
  set_last(alarm, record, alarm.observed_us());
  const std::string source = alarm.source();
  const bool silent = alarm.kind() == v1::Alarm::KIND_SILENT;
  rows.alarms.put(record.position, std::move(alarm));
  if (!silent) apply_heard(rows, record, source, true);
}

void apply_repeated(State::Rows& rows, const Record& record) {
  const v1::AlarmRepeated& event = record.event.alarm_repeated();
  v1::Alarm& alarm = alarm_at(rows, event.alarm_id());
  alarm.set_count(alarm.count() + 1);
  *alarm.mutable_value() = event.value();
  alarm.set_present_stage(event.stage());
  for (const std::string& point : event.lost_points()) {
    const auto& lost = alarm.lost_points();
    if (std::find(lost.begin(), lost.end(), point) == lost.end()) alarm.add_lost_points(point);
  }
  if (event.stage() > alarm.stage()) {
    alarm.set_stage(event.stage());
    *alarm.mutable_worst_value() = event.value();
    if (event.has_threshold()) *alarm.mutable_threshold() = event.threshold();
    alarm.set_listed_revision(record.position);
  }
  set_last(alarm, record, event.observed_us());
  apply_heard(rows, record, alarm.source(), true);
}

void propose_clear(v1::Alarm& alarm, const Record& record) {
  alarm.set_present_stage(0);
  alarm.set_clear_proposed_us(record.time_us);
  alarm.set_clears_us(record.time_us + std::max(alarm.quiet_us(), at_once));
}

void apply_found(State::Rows& rows, const Record& record) {
  const v1::AlarmPointsFound& event = record.event.alarm_points_found();
  v1::Alarm& alarm = alarm_at(rows, event.alarm_id());
  auto& lost = *alarm.mutable_lost_points();
  for (const std::string& point : event.points()) {
    const auto found = std::find(lost.begin(), lost.end(), point);
    if (found != lost.end()) lost.erase(found);
  }
  if (lost.empty()) propose_clear(alarm, record);
  apply_heard(rows, record, alarm.source(), false);
}

// Heard again after a silence: this was what said so. Closed by hand: it is known to be away, and
// its silence is no news until it is heard again.
void end_silence(State::Rows& rows, const Record& record, const std::string& key) {
  if (record.event.has_alarm_cleared()) return apply_heard(rows, record, key, false);
  v1::AlarmSource& source = *rows.alarm_sources.find(alarm_source(rows, key)->id());
  source.set_silent_after_us(0);
  source.set_revision(record.position);
  rows.alarm_sources.touch(source.id());
  rows.unsaved_bytes += source.ByteSizeLong();
}

void apply_ended(v1::Alarm& alarm, const Record& record) {
  const v1::Event& event = record.event;
  alarm.set_ended_us(record.time_us);
  alarm.set_clears_us(0);
  if (event.has_alarm_cleared()) {
    alarm.set_state(v1::Alarm::STATE_CLEARED);
    return;
  }
  alarm.set_state(v1::Alarm::STATE_CLOSED);
  alarm.set_closed_by_id(event.account_id());
  alarm.set_close_reason(event.alarm_closed().reason());
}

void apply_change(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_alarm_opened()) return apply_opened(rows, record);
  if (event.has_alarm_repeated()) return apply_repeated(rows, record);
  if (event.has_alarm_points_found()) return apply_found(rows, record);
  if (event.has_alarm_clear_proposed()) {
    v1::Alarm& alarm = alarm_at(rows, event.alarm_clear_proposed().alarm_id());
    *alarm.mutable_value() = event.alarm_clear_proposed().value();
    alarm.set_last_observed_us(event.alarm_clear_proposed().observed_us());
    propose_clear(alarm, record);
    return apply_heard(rows, record, alarm.source(), false);
  }
  if (event.has_alarm_collapsed()) {
    v1::Alarm& alarm = alarm_at(rows, event.alarm_collapsed().alarm_id());
    alarm.set_count(alarm.count() + 1);
    set_last(alarm, record, record.time_us);
    return apply_heard(rows, record, alarm.source(), true);
  }
  if (event.has_alarm_close_proposed()) {
    v1::Alarm& alarm = alarm_at(rows, event.alarm_close_proposed().alarm_id());
    alarm.set_close_proposed_by_id(event.account_id());
    alarm.set_close_reason(event.alarm_close_proposed().reason());
    return;
  }
  FENGHUO_CHECK(event.has_alarm_cleared() || event.has_alarm_closed());
  v1::Alarm& alarm = alarm_at(rows, alarms_in(record).front());
  apply_ended(alarm, record);
  if (alarm.kind() == v1::Alarm::KIND_SILENT) end_silence(rows, record, alarm.source());
}

}  // namespace

std::string alarm_name(std::string_view source, v1::Alarm::Kind kind, std::string_view key) {
  std::string name(source);
  name.push_back('\n');
  name += std::to_string(static_cast<int>(kind));
  name.push_back('\n');
  name += key;
  return name;
}

const v1::Alarm* open_alarm(const State::Rows& rows, std::string_view source, v1::Alarm::Kind kind,
                            std::string_view key) {
  const auto found = rows.open_alarms.find(alarm_name(source, kind, key));
  return found == rows.open_alarms.end() ? nullptr : rows.alarms.find(found->second);
}

const v1::AlarmSource* alarm_source(const State::Rows& rows, std::string_view key) {
  const auto found = rows.alarm_source_keys.find(key);
  return found == rows.alarm_source_keys.end() ? nullptr : rows.alarm_sources.find(found->second);
}

std::string unit_of(const v1::Alarm& alarm) {
  return alarm.unit().empty() ? alarm_name(alarm.source(), alarm.kind(), alarm.key())
                              : alarm.unit();
}

void apply_alarm(State::Rows& rows, const Record& record) {
  if (record.event.has_source_heard()) {
    return apply_heard(rows, record, record.event.source_heard().source(), false);
  }
  if (record.event.has_alarm_joined() || alarm_group_in(record) != 0) {
    return apply_alarm_group(rows, record);
  }
  apply_change(rows, record);
  v1::Alarm& alarm = alarm_at(rows, alarms_in(record).front());
  alarm.set_revision(record.position);
  rows.unsaved_bytes += alarm.ByteSizeLong();
  index_row(rows, alarm);
  // Whether its silence is watched hangs on this row.
  if (alarm.kind() == v1::Alarm::KIND_SILENT) index_row(rows, *alarm_source(rows, alarm.source()));
}

std::vector<EntityId> alarms_in(const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_alarm_opened()) return {record.position};
  if (event.has_alarm_repeated()) return {event.alarm_repeated().alarm_id()};
  if (event.has_alarm_clear_proposed()) return {event.alarm_clear_proposed().alarm_id()};
  if (event.has_alarm_points_found()) return {event.alarm_points_found().alarm_id()};
  if (event.has_alarm_cleared()) return {event.alarm_cleared().alarm_id()};
  if (event.has_alarm_close_proposed()) return {event.alarm_close_proposed().alarm_id()};
  if (event.has_alarm_closed()) return {event.alarm_closed().alarm_id()};
  if (event.has_alarm_collapsed()) return {event.alarm_collapsed().alarm_id()};
  if (event.has_alarm_joined()) return {event.alarm_joined().alarm_id()};
  if (!event.has_alarm_group_held()) return {};
  const auto& ids = event.alarm_group_held().group().alarm_ids();
  return {ids.begin(), ids.end()};
}

void index_row(State::Rows& rows, const v1::Alarm& alarm) {
  const bool open = alarm.state() == v1::Alarm::STATE_OPEN;
  const std::string name = alarm_name(alarm.source(), alarm.kind(), alarm.key());
  std::vector<EntityId>& of_unit = rows.unit_alarms[unit_of(alarm)];
  if (open) {
    rows.open_alarms[name] = alarm.id();
    insert_id(of_unit, alarm.id());
  } else {
    const auto found = rows.open_alarms.find(name);
    if (found != rows.open_alarms.end() && found->second == alarm.id()) {
      rows.open_alarms.erase(found);
    }
    erase_id(of_unit, alarm.id());
    if (of_unit.empty()) rows.unit_alarms.erase(unit_of(alarm));
  }
  rows.deadlines.set({DeadlineKind::AlarmClears, alarm.id()}, open ? alarm.clears_us() : 0);
}

void index_row(State::Rows& rows, const v1::AlarmSource& source) {
  rows.alarm_source_keys[source.key()] = source.id();
  const bool is_silent = open_alarm(rows, source.key(), v1::Alarm::KIND_SILENT, "") != nullptr;
  const bool watched = source.silent_after_us() > 0 && !is_silent;
  rows.deadlines.set({DeadlineKind::SourceSilent, source.id()},
                     watched ? source.heard_us() + source.silent_after_us() : 0);
}

bool is_open(const State::Rows&, const v1::Alarm& row) {
  return row.state() == v1::Alarm::STATE_OPEN;
}

Viewers viewers_of(const State::Rows&, const v1::Alarm& row) {
  Viewers viewers;
  viewers.command_seats = true;
  if (row.channel_id() != 0) viewers.channels.push_back(row.channel_id());
  return viewers;
}

}  // namespace fenghuo::core
