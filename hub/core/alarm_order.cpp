// SPDX-License-Identifier: Apache-2.0
#include "hub/core/alarm_order.h"

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

}  // namespace

base::EntityId raise_order(const Context& context, const v1::AlarmGroup& group, Draft& draft) {
  const v1::AlarmRules::CombinationRule& rule = group.rule();
  const v1::Channel* channel = context.state.channel_by_key(rule.channel());
  if (channel == nullptr) return 0;
  v1::RaiseOrder request;
  request.set_channel_id(channel->id());
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
  for (const std::string& key : rule.roles()) {
    const v1::Role* role = context.state.role_by_key(key);
    if (role != nullptr && role_lives(context.rows, role->id())) {
      request.add_to()->set_role_id(role->id());
    }
  }
  if (request.to().empty()) return 0;
  const base::Result<base::EntityId> order = draft_order(context, request, draft);
  return order ? *order : 0;
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
