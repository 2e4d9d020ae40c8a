// SPDX-License-Identifier: Apache-2.0
#include "hub/core/alarm_order.h"

#include "hub/base/limits.h"
#include "hub/core/kinds.h"
#include "hub/core/membership.h"
#include "hub/core/order.h"

#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

const std::string& words(const v1::LocalizedText& text) {
  if (!text.zh_hans().empty()) return text.zh_hans();
  return text.zh_hant().empty() ? text.en() : text.zh_hant();
}

// A channel that every member of staff reads, else any that is not archived; null = none at all.
const v1::Channel* any_channel(const State::Rows& rows) {
  const v1::Channel* any = nullptr;
  for (const auto& entry : rows.channels) {
    const v1::Channel& one = entry.row->channel;
    if (one.archived() || one.kind() == v1::Channel::KIND_DIRECT) continue;
    if (one.members().everyone()) return &one;
    if (any == nullptr) any = &one;
  }
  return any;
}

void add_roles(const Context& context, const v1::AlarmRules::CombinationRule& rule,
               v1::RaiseOrder& request, std::string& problem) {
  for (const std::string& key : rule.roles()) {
    const v1::Role* role = context.state.role_by_key(key);
    if (role != nullptr && role_lives(context.rows, role->id())) {
      request.add_to()->set_role_id(role->id());
    }
  }
  if (!request.to().empty()) return;
  problem += "no role of the rule lives: the command seats are asked. ";
  for (const auto& entry : context.rows.roles) {
    const bool seat = entry.row->command_seat() && role_lives(context.rows, entry.id);
    if (seat && request.to_size() < static_cast<int>(base::limits::addressees_max)) {
      request.add_to()->set_role_id(entry.id);
    }
  }
}

v1::RaiseOrder request_of(const Context& context, const v1::AlarmGroup& group,
                          const v1::Channel& channel, std::string& problem) {
  const v1::AlarmRules::CombinationRule& rule = group.rule();
  v1::RaiseOrder request;
  request.set_channel_id(channel.id());
  std::string text = words(rule.text());
  for (base::EntityId id : group.alarm_ids()) {
    const v1::Alarm& alarm = *context.rows.alarms.find(id);
    text += "\n" + alarm.source() + " " + alarm.key();
  }
  request.set_text(std::move(text));
  request.set_kind(rule.kind() == v1::Order::KIND_UNSPECIFIED ? v1::Order::KIND_TASK : rule.kind());
  request.set_precedence(rule.precedence() == v1::PRECEDENCE_UNSPECIFIED ? v1::PRECEDENCE_IMMEDIATE
                                                                         : rule.precedence());
  request.set_aggregate(rule.aggregate());
  request.set_ladder(rule.ladder());
  add_roles(context, rule, request, problem);
  return request;
}

}  // namespace

RaisedByAlarm raise_order(const Context& context, const v1::AlarmGroup& group, Draft& draft) {
  RaisedByAlarm raised;
  const v1::Channel* channel = context.state.channel_by_key(group.rule().channel());
  if (channel == nullptr || channel->archived()) {
    raised.problem += "the rule's channel is not there: another one is used. ";
    channel = any_channel(context.rows);
  }
  if (channel == nullptr) {
    raised.problem += "there is no channel to post an order into";
    return raised;
  }
  v1::RaiseOrder request = request_of(context, group, *channel, raised.problem);
  base::Result<base::EntityId> order = draft_order(context, request, draft);
  const auto& ladders = context.rows.configuration().ladders();
  if (!order && !ladders.empty()) {
    // Better by another ladder than not at all.
    raised.problem += order.error().message() + ": the ladder " + ladders[0].key() + " is used. ";
    request.set_ladder(ladders[0].key());
    request.set_aggregate(v1::Order::AGGREGATE_ALL);
    order = draft_order(context, request, draft);
  }
  if (order) {
    raised.order_id = *order;
  } else {
    raised.problem += order.error().message();
  }
  return raised;
}

bool is_order_open(const State::Rows& rows, base::EntityId order_id) {
  const v1::Order* order = rows.orders.find(order_id);
  return order != nullptr && is_open(rows, *order);
}

void add_evidence(const Context& context, base::EntityId order_id, base::EntityId alarm_id,
                  Draft& draft) {
  if (is_order_open(context.rows, order_id)) draft_evidence(context, order_id, alarm_id, draft);
}

}  // namespace fenghuo::core
