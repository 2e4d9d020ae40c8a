// SPDX-License-Identifier: Apache-2.0
#include "hub/core/kinds.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/call_desk.h"
#include "hub/core/clock_doubt.h"
#include "hub/core/intake.h"
#include "hub/core/order_change.h"
#include "hub/core/outage.h"
#include "hub/core/project.h"
#include "hub/core/render.h"

#include <algorithm>

namespace fenghuo::core {
namespace {

using base::EntityId;

EntityId id_or_here(EntityId id, base::Position here) { return id == 0 ? here : id; }

bool is_appointed_to(const State::Rows& rows, EntityId account_id, EntityId role_id) {
  return holds(ids_under(rows.appointees, role_id), account_id);
}

bool sits_on_command_seat(const State::Rows& rows, EntityId account_id) {
  const auto& appointments = rows.of(account_id).appointments;
  return std::any_of(appointments.begin(), appointments.end(), [&](const v1::Appointment& one) {
    return !one.ended() && rows.roles.find(one.role_id())->command_seat();
  });
}

// Position of the row's last change.
template <typename Row>
base::Position changed_at(const Row& row) {
  if constexpr (requires { row.changed(); }) {
    return row.changed();
  } else {
    return row.revision();
  }
}

bool hangs_on(const Viewers& viewers, EntityId channel_id) {
  if (channel_id == 0) return viewers.command_seats || !viewers.roles.empty();
  return std::find(viewers.channels.begin(), viewers.channels.end(), channel_id) !=
         viewers.channels.end();
}

}  // namespace

std::vector<RowRef> refs_of(const Record& record) {
  const v1::Event& event = record.event;
  const base::Position here = record.position;
  std::vector<RowRef> refs;
  if (event.has_shift_set()) {
    refs.push_back({v1::ROW_KIND_SHIFT, id_or_here(event.shift_set().shift().id(), here)});
  } else if (event.has_override_set()) {
    refs.push_back({v1::ROW_KIND_OVERRIDE, id_or_here(event.override_set().override().id(), here)});
  } else if (event.has_duty_changed()) {
    const v1::DutyChanged& changed = event.duty_changed();
    for (EntityId id : changed.begun_shift_ids()) refs.push_back({v1::ROW_KIND_SHIFT, id});
    for (EntityId id : changed.ended_shift_ids()) refs.push_back({v1::ROW_KIND_SHIFT, id});
    for (EntityId id : changed.begun_override_ids()) refs.push_back({v1::ROW_KIND_OVERRIDE, id});
    for (EntityId id : changed.ended_override_ids()) refs.push_back({v1::ROW_KIND_OVERRIDE, id});
  } else if (event.has_configuration_set()) {
    refs.push_back({v1::ROW_KIND_CONFIGURATION,
                    id_or_here(event.configuration_set().configuration().id(), here)});
  } else if (event.has_roster_gap_found()) {
    refs.push_back({v1::ROW_KIND_ROSTER_GAP, here});
  } else if (event.has_roster_gap_closed()) {
    refs.push_back({v1::ROW_KIND_ROSTER_GAP, event.roster_gap_closed().gap_id()});
  }
  if (const EntityId id = order_of(event); id != 0) refs.push_back({v1::ROW_KIND_ORDER, id});
  if (event.has_spoken_recorded()) {
    refs.push_back({v1::ROW_KIND_SPOKEN, event.spoken_recorded().spoken().id()});
  } else if (event.has_spoken_answered()) {
    refs.push_back({v1::ROW_KIND_SPOKEN, event.spoken_answered().spoken_id()});
  } else if (event.has_spoken_overdue()) {
    refs.push_back({v1::ROW_KIND_SPOKEN, event.spoken_overdue().spoken_id()});
  }
  add_incident_refs(record, refs);
  const auto add = [&refs](v1::RowKind kind, EntityId id) {
    if (id != 0) refs.push_back({kind, id});
  };
  add(v1::ROW_KIND_CALL_ITEM, call_in(event));
  add(v1::ROW_KIND_HANDOVER, handover_in(record));
  add(v1::ROW_KIND_ROLL_CALL, roll_call_in(record));
  for (EntityId id : alarms_in(record)) add(v1::ROW_KIND_ALARM, id);
  add(v1::ROW_KIND_ALARM_GROUP, alarm_group_in(record));
  add(v1::ROW_KIND_WARNING, warning_in(record));
  add(v1::ROW_KIND_INTAKE, intake_in(record));
  add(v1::ROW_KIND_OUTAGE, outage_in(record));
  for (EntityId id : clock_doubts_in(record)) add(v1::ROW_KIND_CLOCK_DOUBT, id);
  for (EntityId id : feedbacks_in(record)) add(v1::ROW_KIND_FEEDBACK, id);
  add(v1::ROW_KIND_FEEDBACK_ASK, feedback_ask_in(record));
  return refs;
}

bool may_see(const State::Rows& rows, EntityId account_id, const Viewers& viewers) {
  if (viewers.staff && !is_guest(rows, account_id)) return true;
  const auto has = [account_id](EntityId id) { return id == account_id; };
  if (std::any_of(viewers.accounts.begin(), viewers.accounts.end(), has)) return true;
  if (viewers.command_seats && sits_on_command_seat(rows, account_id)) return true;
  for (EntityId role_id : viewers.roles) {
    if (is_appointed_to(rows, account_id, role_id)) return true;
  }
  return std::any_of(viewers.channels.begin(), viewers.channels.end(), [&](EntityId channel_id) {
    return holds(rows.channels.find(channel_id)->members, account_id);
  });
}

bool may_have_seen(const State::Rows& rows, EntityId account_id, const Viewers& viewers,
                   base::Position at) {
  for (EntityId channel_id : viewers.channels) {
    if (rows.membership(account_id, channel_id) != nullptr) return true;
  }
  for (const v1::Appointment& one : rows.of(account_id).appointments) {
    const v1::Role& role = *rows.roles.find(one.role_id());
    if (viewers.command_seats && (role.command_seat() || role.revision() > at)) return true;
    if (std::find(viewers.roles.begin(), viewers.roles.end(), role.id()) != viewers.roles.end()) {
      return true;
    }
  }
  return false;
}

std::vector<EntityId> accounts_of(const State::Rows& rows, const Viewers& viewers) {
  std::vector<EntityId> all = viewers.accounts;
  const auto add = [&all](const std::vector<EntityId>& ids) {
    all.insert(all.end(), ids.begin(), ids.end());
  };
  for (EntityId id : viewers.channels) add(rows.channels.find(id)->members);
  for (EntityId id : viewers.roles) add(ids_under(rows.appointees, id));
  if (viewers.command_seats) {
    for (const auto& entry : rows.roles) {
      if (entry.row->command_seat()) add(ids_under(rows.appointees, entry.id));
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

Viewers viewers_of(const State::Rows& rows, const RowRef& ref) {
  Viewers viewers;
  each_kind([&](auto kind) {
    if (kind.kind != ref.kind) return;
    const auto* row = kind.table(rows).find(ref.id);
    FENGHUO_CHECK(row != nullptr);
    viewers = viewers_of(rows, *row);
  });
  return viewers;
}

void put_row(const State::Rows& rows, const RowRef& ref, bool sees, v1::Update& update) {
  if (!sees) {
    update.mutable_row_gone()->set_kind(ref.kind);
    update.mutable_row_gone()->set_id(ref.id);
    return;
  }
  each_kind([&](auto kind) {
    if (kind.kind != ref.kind) return;
    const auto* row = kind.table(rows).find(ref.id);
    FENGHUO_CHECK(row != nullptr);
    kind.in(update) = *row;
    update.set_ended(!is_open(rows, *row));
  });
}

std::vector<SightChange> sight_changes(const State::Rows& rows, const Record& record,
                                       const Effects& effects) {
  std::vector<SightChange> changes;
  for (const Effects::Membership& one : effects.memberships) {
    changes.push_back({one.account_id, one.channel_id});
  }
  if (record.event.has_appointment_set()) {
    changes.push_back({record.event.appointment_set().appointment().account_id(), 0});
  } else if (record.event.has_role_set()) {
    const EntityId role_id = id_or_here(record.event.role_set().role().id(), record.position);
    for (EntityId id : ids_under(rows.appointees, role_id)) changes.push_back({id, 0});
  }
  return changes;
}

std::vector<SightChange> sight_changes_later(const State::Rows& rows, const Record& record,
                                             EntityId account_id) {
  std::vector<SightChange> changes;
  for (const Membership& one : rows.of(account_id).memberships) {
    const bool moved =
        std::any_of(one.intervals.begin(), one.intervals.end(), [&](const auto& interval) {
          return interval.until == record.position || interval.since == record.position;
        });
    if (moved) changes.push_back({account_id, one.channel_id, record.position});
  }
  const bool appointed = record.event.has_appointment_set() &&
                         record.event.appointment_set().appointment().account_id() == account_id;
  if (appointed || record.event.has_role_set()) {
    changes.push_back({account_id, 0, record.position});
  }
  return changes;
}

void each_sight(const State::Rows& rows, const SightChange& change,
                const std::function<void(const RowRef&, bool)>& sink) {
  each_kind([&](auto kind) {
    for (const auto& entry : kind.table(rows)) {
      const bool was_open = change.at != 0 && changed_at(*entry.row) > change.at;
      if (!was_open && !is_open(rows, *entry.row)) continue;
      const Viewers viewers = viewers_of(rows, *entry.row);
      if (viewers.staff || !hangs_on(viewers, change.channel_id)) continue;
      sink({kind.kind, entry.id}, may_see(rows, change.account_id, viewers));
    }
  });
}

void add_open_rows(const State::Rows& rows, EntityId account_id, v1::Snapshot& snapshot) {
  each_kind([&](auto kind) {
    for (const auto& entry : kind.table(rows)) {
      if (is_open(rows, *entry.row) && may_see(rows, account_id, viewers_of(rows, *entry.row))) {
        kind.in(snapshot) = *entry.row;
      }
    }
  });
}

v1::Snapshot list_for(const State& state, EntityId account_id, const v1::ListQuery& query) {
  const State::Rows& rows = state.rows();
  const std::size_t limit =
      std::min<std::size_t>(query.limit() == 0 ? base::limits::list_page_default : query.limit(),
                            base::limits::list_page_max);
  v1::Snapshot found;
  each_kind([&](auto kind) {
    if (kind.kind != query.kind()) return;
    std::size_t count = 0;
    const auto& table = kind.table(rows);
    for (std::size_t i = table.size(); i-- > 0 && count < limit;) {
      const auto& entry = *(table.begin() + static_cast<std::ptrdiff_t>(i));
      if (query.before_id() != 0 && entry.id >= query.before_id()) continue;
      if (query.id() != 0 && entry.id != query.id()) continue;
      if (!may_see(rows, account_id, viewers_of(rows, *entry.row))) continue;
      kind.in(found) = *entry.row;
      ++count;
    }
  });
  return found;
}

}  // namespace fenghuo::core
