// SPDX-License-Identifier: Apache-2.0
#include "hub/core/access.h"
#include "hub/core/figures.h"
#include "hub/core/kinds.h"
#include "hub/core/render.h"

#include <algorithm>

namespace fenghuo::core {
namespace {

using base::EntityId;

bool sits_at_command_seat(const State::Rows& rows, EntityId account_id) {
  Viewers seats;
  seats.command_seats = true;
  return may_see(rows, account_id, seats);
}

// Rooms and origins of an incident and of those merged into it.
void add_incident(const State::Rows& rows, EntityId id, FiguresScope& scope) {
  const v1::Incident* incident = rows.incidents.find(id);
  if (incident == nullptr || !scope.incident_ids.insert(id).second) return;
  if (incident->channel_id() != 0) scope.channel_ids.insert(incident->channel_id());
  for (const v1::Group& group : incident->groups()) {
    if (group.channel_id() != 0) scope.channel_ids.insert(group.channel_id());
  }
  for (const v1::Origin& origin : incident->origins()) scope.origin_ids.insert(origin.id());
  for (EntityId merged : incident->merged_ids()) add_incident(rows, merged, scope);
}

// Where the story begins: orders may be older than the incident, and alarms older than they.
base::Position first_record(const State::Rows& rows, const FiguresScope& scope) {
  base::Position first = *scope.incident_ids.begin();
  const auto reach = [&first](EntityId id) {
    if (id != 0) first = std::min(first, id);
  };
  for (EntityId id : scope.origin_ids) reach(id);
  for (const auto& entry : rows.orders) {
    const v1::Order& order = *entry.row;
    const bool ours = scope.incident_ids.count(order.incident_id()) > 0 ||
                      scope.origin_ids.count(entry.id) > 0 ||
                      scope.channel_ids.count(order.channel_id()) > 0;
    if (!ours) continue;
    reach(entry.id);
    for (EntityId id : order.evidence_ids()) reach(id);
  }
  for (const auto& entry : rows.alarm_groups) {
    const v1::Order* order = rows.orders.find(entry.row->order_id());
    if (order == nullptr || order->id() < first) continue;
    if (scope.incident_ids.count(order->incident_id()) == 0 &&
        scope.origin_ids.count(order->id()) == 0) {
      continue;
    }
    for (EntityId id : entry.row->alarm_ids()) reach(id);
  }
  return first;
}

}  // namespace

base::Result<FiguresScope> figures_scope(const State& state, EntityId account_id,
                                         const v1::FiguresQuery& query) {
  const State::Rows& rows = state.rows();
  FiguresScope scope;
  scope.through =
      query.to_position() == 0 ? state.position() : std::min(query.to_position(), state.position());
  const bool seat = sits_at_command_seat(rows, account_id);
  const bool audits = allows(state, account_id, v1::Grant::VERB_AUDIT, Object{}).allowed;
  if (!seat && !audits) {
    std::set<EntityId>& own = scope.role_ids.emplace();
    for (const v1::Appointment& one : rows.of(account_id).appointments) {
      if (!one.ended()) own.insert(one.role_id());
    }
  }
  if (query.incident_id() == 0) {
    if (is_guest(rows, account_id)) return not_found("figures");
    if (!seat && !audits) return forbidden("figures", "neither a command seat nor the audit grant");
    scope.from = std::max<base::Position>(query.from_position(), 1);
    if (scope.from > state.position() ||
        (query.to_position() != 0 && query.to_position() < scope.from)) {
      return bad_argument("figures.from_position",
                          "the span is empty: write a first position not above the last, and not "
                          "above the record's end " +
                              std::to_string(state.position()));
    }
    return scope;
  }
  const v1::Incident* incident = rows.incidents.find(query.incident_id());
  if (incident == nullptr || is_guest(rows, account_id) ||
      (!audits && !may_see(rows, account_id, viewers_of(rows, *incident)))) {
    return not_found("figures.incident_id");
  }
  scope.incident_id = query.incident_id();
  add_incident(rows, scope.incident_id, scope);
  scope.from = first_record(rows, scope);
  return scope;
}

}  // namespace fenghuo::core
