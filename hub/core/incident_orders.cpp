// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"
#include "hub/core/incident_rules.h"
#include "hub/core/order.h"
#include "hub/core/order_change.h"

#include <algorithm>
#include <string>

namespace fenghuo::core {
namespace {

using base::EntityId;

// The ladder that the configuration gives orders of this precedence at this level; empty = none.
std::string ladder_key(const v1::Configuration& configuration, v1::Level level,
                       v1::Precedence precedence) {
  std::string found;
  for (const v1::LevelLadder& one : configuration.incident_rules().ladders()) {
    if (one.level() != level) continue;
    if (one.precedence() == precedence) return one.ladder();
    if (one.precedence() == v1::PRECEDENCE_UNSPECIFIED) found = one.ladder();
  }
  return found;
}

bool goes_by_level(const v1::Configuration& configuration, const std::string& key) {
  const auto& all = configuration.incident_rules().ladders();
  return std::any_of(all.begin(), all.end(),
                     [&](const v1::LevelLadder& one) { return one.ladder() == key; });
}

const v1::Ladder* find_ladder(const v1::Configuration& configuration, const std::string& key) {
  for (const v1::Ladder& one : configuration.ladders()) {
    if (one.key() == key) return &one;
  }
  return nullptr;
}

v1::RaiseOrder request_of(const Context& context, const v1::Incident& incident,
                          const v1::OrderTemplate& from) {
  v1::RaiseOrder request;
  request.set_channel_id(incident.channel_id());
  request.set_incident_id(incident.id());
  request.set_text(from.text());
  request.set_kind(from.task() ? v1::Order::KIND_TASK : v1::Order::KIND_NOTICE);
  request.set_precedence(from.precedence());
  for (const std::string& key : from.to()) {
    if (const EntityId id = role_of_key(context.rows, key)) request.add_to()->set_role_id(id);
  }
  request.set_ladder(from.ladder());
  if (from.task() && from.done_within_us() != 0) {
    request.set_done_by_us(context.now + from.done_within_us());
  }
  return request;
}

}  // namespace

std::string ladder_for_incident(const State::Rows& rows, EntityId incident_id,
                                v1::Precedence precedence) {
  const v1::Incident* incident = rows.incidents.find(incident_id);
  if (incident == nullptr) return {};
  return ladder_key(rows.configuration(), ruling_level(*incident), precedence);
}

std::vector<const v1::Order*> running_orders(const State::Rows& rows,
                                             const v1::Incident& incident) {
  const std::vector<EntityId> merged = all_merged(rows, incident);
  std::vector<const v1::Order*> found;
  for (const auto& entry : rows.orders) {
    const EntityId id = entry.row->incident_id();
    const bool ours =
        id == incident.id() || std::find(merged.begin(), merged.end(), id) != merged.end();
    if (ours && is_open(*entry.row)) found.push_back(entry.row.get());
  }
  return found;
}

void draft_order_levels(const Context& context, const v1::Incident& before,
                        const v1::Incident& after, Draft& draft) {
  if (ruling_level(before) == ruling_level(after)) return;
  const v1::Configuration& configuration = context.rows.configuration();
  for (const v1::Order* order : running_orders(context.rows, after)) {
    if (!goes_by_level(configuration, order->ladder().key())) continue;
    const v1::Ladder* ladder = find_ladder(
        configuration, ladder_key(configuration, ruling_level(after), order->precedence()));
    if (ladder != nullptr) draft_retime(context, order->id(), *ladder, draft);
  }
}

void draft_orders_end(const Context& context, const v1::Incident& incident, v1::Order::State state,
                      const std::string& reason, Draft& draft) {
  for (const v1::Order* order : running_orders(context.rows, incident)) {
    draft_order_end(context, order->id(), state, reason, draft);
  }
}

void draft_call(const Context& context, const v1::Incident& incident, const RoleKeys& roles,
                const std::string& text, Draft& draft) {
  std::vector<EntityId> ids;
  for (const std::string& key : roles) {
    if (const EntityId id = role_of_key(context.rows, key)) ids.push_back(id);
  }
  draft_call(context, incident, ids, text, draft);
}

void draft_call(const Context& context, const v1::Incident& incident,
                const std::vector<EntityId>& role_ids, const std::string& text, Draft& draft) {
  if (role_ids.empty()) return;
  v1::RaiseOrder request;
  request.set_channel_id(incident.channel_id());
  request.set_incident_id(incident.id());
  request.set_text("【" + incident.title() + "】" + text);
  request.set_kind(v1::Order::KIND_NOTICE);
  request.set_precedence(v1::PRECEDENCE_IMMEDIATE);
  request.set_aggregate(v1::Order::AGGREGATE_ANY);
  for (const EntityId id : role_ids) request.add_to()->set_role_id(id);
  // A configuration without ladders calls nobody.
  (void)draft_order(context, request, draft);
}

void fire_template_order(const Context& context, const v1::Incident& incident, Draft& draft) {
  FENGHUO_CHECK(!incident.waiting_orders().empty());
  const auto order_id =
      draft_order(context, request_of(context, incident, incident.waiting_orders(0)), draft);
  v1::TemplateOrderRaised& event = *draft.add().mutable_template_order_raised();
  event.set_incident_id(incident.id());
  if (order_id) {
    event.set_order_id(*order_id);
  } else {
    event.set_refused(order_id.error().to_string());
  }
}

}  // namespace fenghuo::core
