// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"
#include "hub/core/alarm.h"
#include "hub/core/alarm_order.h"
#include "hub/core/kinds.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;
using Rule = v1::AlarmRules::CombinationRule;

template <typename Ids>
bool has(const Ids& ids, EntityId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

const std::vector<EntityId>& ids_of(
    const std::map<std::string, std::vector<EntityId>, std::less<>>& index,
    const std::string& unit) {
  static const std::vector<EntityId> none;
  const auto found = index.find(unit);
  return found == index.end() ? none : found->second;
}

bool covers(const Rule& rule, const std::string& unit) {
  return rule.units().empty() ||
         std::find(rule.units().begin(), rule.units().end(), unit) != rule.units().end();
}

// Of the points that count, those heard within the rule's time; the alarm itself is one of them.
std::vector<EntityId> together(const Context& context, const Rule& rule, const v1::Alarm& alarm) {
  std::vector<EntityId> ids;
  for (EntityId id : ids_of(context.rows.unit_alarms, unit_of(alarm))) {
    const v1::Alarm& other = *context.rows.alarms.find(id);
    if (id != alarm.id() && other.kind() == v1::Alarm::KIND_POINT &&
        other.stage() >= rule.stage() && other.last_us() + rule.within_us() >= context.now) {
      ids.push_back(id);
    }
  }
  ids.push_back(alarm.id());
  std::sort(ids.begin(), ids.end());
  return ids;
}

void hold(const Context& context, const Rule& rule, const v1::Alarm& alarm,
          const std::vector<EntityId>& ids, Draft& draft) {
  v1::AlarmGroup& group = *draft.add().mutable_alarm_group_held()->mutable_group();
  *group.mutable_rule() = rule;
  group.set_unit(unit_of(alarm));
  group.mutable_alarm_ids()->Assign(ids.begin(), ids.end());
  group.set_met_us(context.now);
  group.set_due_us(context.now + std::max<base::TimeUs>(rule.hold_us(), 0));
  if (const v1::Channel* channel = context.state.channel_by_key(rule.channel())) {
    group.set_channel_id(channel->id());
  }
}

void end_group(const v1::AlarmGroup& group, Draft& draft) {
  v1::AlarmGroupEnded& event = *draft.add().mutable_alarm_group_ended();
  event.set_group_id(group.id());
  event.set_state(v1::AlarmGroup::STATE_ENDED);
}

v1::AlarmGroup& group_at(State::Rows& rows, EntityId id) {
  v1::AlarmGroup* group = rows.alarm_groups.find(id);
  FENGHUO_CHECK(group != nullptr);
  rows.alarm_groups.touch(id);
  return *group;
}

void set_group(State::Rows& rows, EntityId alarm_id, EntityId group_id, base::Position at) {
  v1::Alarm* alarm = rows.alarms.find(alarm_id);
  FENGHUO_CHECK(alarm != nullptr);
  alarm->set_group_id(group_id);
  alarm->set_revision(at);
  rows.alarms.touch(alarm_id);
  rows.unsaved_bytes += alarm->ByteSizeLong();
}

}  // namespace

void join_group(const Context& context, const v1::Alarm& alarm, Draft& draft) {
  for (EntityId id : ids_of(context.rows.unit_groups, unit_of(alarm))) {
    const v1::AlarmGroup& group = *context.rows.alarm_groups.find(id);
    if (group.state() == v1::AlarmGroup::STATE_RAISED &&
        !is_order_open(context.rows, group.order_id())) {
      end_group(group, draft);
      continue;
    }
    v1::AlarmJoined& event = *draft.add().mutable_alarm_joined();
    event.set_group_id(id);
    event.set_alarm_id(alarm.id());
    if (group.order_id() != 0) add_evidence(context, group.order_id(), alarm.id(), draft);
    return;
  }
  if (alarm.kind() != v1::Alarm::KIND_POINT) return;
  for (const Rule& rule : context.rows.configuration().alarms().combinations()) {
    if (!covers(rule, unit_of(alarm)) || alarm.stage() < rule.stage()) continue;
    const std::vector<EntityId> ids = together(context, rule, alarm);
    if (ids.size() < std::max<std::size_t>(rule.points(), 1)) continue;
    return hold(context, rule, alarm, ids, draft);
  }
}

void leave_group(const Context& context, const v1::Alarm& alarm, Draft& draft) {
  const v1::AlarmGroup* group = context.rows.alarm_groups.find(alarm.group_id());
  if (group == nullptr || group->state() == v1::AlarmGroup::STATE_ENDED) return;
  for (EntityId id : group->alarm_ids()) {
    if (id != alarm.id() && is_open(context.rows, *context.rows.alarms.find(id))) return;
  }
  // Its order is a human duty: what the sensors say does not end it.
  if (group->state() == v1::AlarmGroup::STATE_RAISED &&
      is_order_open(context.rows, group->order_id())) {
    return;
  }
  end_group(*group, draft);
}

void fire_alarm_group(const Context& context, EntityId group_id, Draft& draft) {
  const v1::AlarmGroup& group = *context.rows.alarm_groups.find(group_id);
  // First: what the order's events need of the draft's place comes before the mark.
  RaisedByAlarm raised = raise_order(context, group, draft);
  v1::AlarmGroupEnded& event = *draft.add().mutable_alarm_group_ended();
  event.set_group_id(group_id);
  event.set_state(raised.order_id == 0 ? v1::AlarmGroup::STATE_FAILED
                                       : v1::AlarmGroup::STATE_RAISED);
  event.set_order_id(raised.order_id);
  event.set_problem(std::move(raised.problem));
}

void apply_alarm_group(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  EntityId id = alarm_group_in(record);
  if (event.has_alarm_group_held()) {
    v1::AlarmGroup made = event.alarm_group_held().group();
    made.set_id(id);
    made.set_state(v1::AlarmGroup::STATE_HELD);
    rows.alarm_groups.put(id, std::move(made));
    for (EntityId alarm_id : event.alarm_group_held().group().alarm_ids()) {
      set_group(rows, alarm_id, id, record.position);
    }
  }
  v1::AlarmGroup& group = group_at(rows, id);
  if (event.has_alarm_joined()) {
    const EntityId alarm_id = event.alarm_joined().alarm_id();
    if (!has(group.alarm_ids(), alarm_id)) group.add_alarm_ids(alarm_id);
    set_group(rows, alarm_id, id, record.position);
  } else if (event.has_alarm_group_ended()) {
    group.set_state(event.alarm_group_ended().state());
    group.set_problem(event.alarm_group_ended().problem());
    if (event.alarm_group_ended().order_id() != 0) {
      group.set_order_id(event.alarm_group_ended().order_id());
    }
  }
  group.set_revision(record.position);
  rows.unsaved_bytes += group.ByteSizeLong();
  index_row(rows, group);
}

EntityId alarm_group_in(const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_alarm_group_held()) return record.position;
  if (event.has_alarm_joined()) return event.alarm_joined().group_id();
  return event.has_alarm_group_ended() ? event.alarm_group_ended().group_id() : 0;
}

void index_row(State::Rows& rows, const v1::AlarmGroup& group) {
  const bool ended = group.state() == v1::AlarmGroup::STATE_ENDED;
  std::vector<EntityId>& of_unit = rows.unit_groups[group.unit()];
  if (ended) {
    erase_id(of_unit, group.id());
    if (of_unit.empty()) rows.unit_groups.erase(group.unit());
  } else {
    insert_id(of_unit, group.id());
  }
  const bool waits = group.state() == v1::AlarmGroup::STATE_HELD;
  rows.deadlines.set({DeadlineKind::AlarmGroupDue, group.id()}, waits ? group.due_us() : 0,
                     v1::PRECEDENCE_IMMEDIATE);
}

// Once its order is raised, the order shows what there is to see.
bool is_open(const State::Rows&, const v1::AlarmGroup& row) {
  return row.state() == v1::AlarmGroup::STATE_HELD || row.state() == v1::AlarmGroup::STATE_FAILED;
}

Viewers viewers_of(const State::Rows&, const v1::AlarmGroup& row) {
  Viewers viewers;
  viewers.command_seats = true;
  if (row.channel_id() != 0) viewers.channels.push_back(row.channel_id());
  return viewers;
}

}  // namespace fenghuo::core
