// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/core/alarm.h"
#include "hub/core/apply.h"
#include "hub/core/command.h"
#include "hub/core/duty.h"
#include "hub/core/feedback.h"
#include "hub/core/handover.h"
#include "hub/core/incident.h"
#include "hub/core/roll_call.h"
#include "hub/core/roster_gap.h"
#include "hub/core/rows.h"
#include "hub/core/saved_rows.h"
#include "hub/core/warning.h"

#include <functional>
#include <tuple>
#include <vector>

namespace fenghuo::core {

// The kinds of coordination rows, each described once: how it is saved, shown and who sees it.
// Private to this folder. Everything generic (save, load, digest, project, snapshot, list) goes
// over this list, so a new kind is one description here and its table in rows.h.

// Who sees a row: the union of all of these.
struct Viewers {
  // Every person and bot.
  bool staff = false;
  // Everybody appointed to a command seat.
  bool command_seats = false;
  // Members of these channels, those appointed to these roles, these accounts.
  std::vector<base::EntityId> channels;
  std::vector<base::EntityId> roles;
  std::vector<base::EntityId> accounts;
};

inline Viewers seen_by_staff() {
  Viewers viewers;
  viewers.staff = true;
  return viewers;
}

// A row of a kind.
struct RowRef {
  v1::RowKind kind = v1::ROW_KIND_UNSPECIFIED;
  base::EntityId id = 0;

  auto operator<=>(const RowRef&) const = default;
};

// The rows a record about incidents and reports changes.
void add_incident_refs(const Record& record, std::vector<RowRef>& refs);

// The rows a record changes, beside directory, channels and messages; told from the event alone.
std::vector<RowRef> refs_of(const Record& record);

// Where a row lies and where it goes. `is_open`: a snapshot holds it; once not, it stays so.
// `viewers_of` may only grow by the row's own events. `changed`: position of its last change.
#define FENGHUO_ROW_KIND(NAME, ROW, KIND, SAVED, TABLE, FIELD, FIELDS)             \
  struct NAME {                                                                    \
    using Row = v1::ROW;                                                           \
    static constexpr v1::RowKind kind = v1::KIND;                                  \
    static constexpr SavedKind saved = SavedKind::SAVED;                           \
    static Table<Row>& table(State::Rows& rows) { return rows.TABLE; }             \
    static const Table<Row>& table(const State::Rows& rows) { return rows.TABLE; } \
    static Row& in(v1::Update& update) { return *update.mutable_##FIELD(); }       \
    static Row& in(v1::Snapshot& snapshot) { return *snapshot.add_##FIELDS(); }    \
  }

FENGHUO_ROW_KIND(ShiftKind, Shift, ROW_KIND_SHIFT, Shift, shifts, shift, shifts);
FENGHUO_ROW_KIND(OverrideKind, DutyOverride, ROW_KIND_OVERRIDE, Override, overrides, override,
                 overrides);
FENGHUO_ROW_KIND(HandoverKind, Handover, ROW_KIND_HANDOVER, Handover, handovers, handover,
                 handovers);
FENGHUO_ROW_KIND(RollCallKind, RollCall, ROW_KIND_ROLL_CALL, RollCall, roll_calls, roll_call,
                 roll_calls);
FENGHUO_ROW_KIND(ConfigurationKind, Configuration, ROW_KIND_CONFIGURATION, Configuration,
                 configurations, configuration, configurations);
FENGHUO_ROW_KIND(OrderKind, Order, ROW_KIND_ORDER, Order, orders, order, orders);
FENGHUO_ROW_KIND(CallItemKind, CallItem, ROW_KIND_CALL_ITEM, CallItem, call_items, call_item,
                 call_items);
FENGHUO_ROW_KIND(SpokenKind, Spoken, ROW_KIND_SPOKEN, Spoken, spoken, spoken, spoken);
FENGHUO_ROW_KIND(OutageKind, Outage, ROW_KIND_OUTAGE, Outage, outages, outage, outages);
FENGHUO_ROW_KIND(ClockDoubtKind, ClockDoubt, ROW_KIND_CLOCK_DOUBT, ClockDoubt, clock_doubts,
                 clock_doubt, clock_doubts);
FENGHUO_ROW_KIND(IncidentKind, Incident, ROW_KIND_INCIDENT, Incident, incidents, incident,
                 incidents);
FENGHUO_ROW_KIND(ReportKind, Report, ROW_KIND_REPORT, Report, reports, report, reports);

FENGHUO_ROW_KIND(RosterGapKind, RosterGap, ROW_KIND_ROSTER_GAP, RosterGap, roster_gaps, roster_gap,
                 roster_gaps);
FENGHUO_ROW_KIND(AlarmKind, Alarm, ROW_KIND_ALARM, Alarm, alarms, alarm, alarms);
FENGHUO_ROW_KIND(AlarmSourceKind, AlarmSource, ROW_KIND_ALARM_SOURCE, AlarmSource, alarm_sources,
                 alarm_source, alarm_sources);
FENGHUO_ROW_KIND(AlarmGroupKind, AlarmGroup, ROW_KIND_ALARM_GROUP, AlarmGroup, alarm_groups,
                 alarm_group, alarm_groups);
FENGHUO_ROW_KIND(WarningKind, Warning, ROW_KIND_WARNING, Warning, warnings, warning, warnings);
FENGHUO_ROW_KIND(IntakeKind, Intake, ROW_KIND_INTAKE, Intake, intakes, intake, intakes);
FENGHUO_ROW_KIND(FeedbackKind, Feedback, ROW_KIND_FEEDBACK, Feedback, feedbacks, feedback,
                 feedbacks);
FENGHUO_ROW_KIND(FeedbackAskKind, FeedbackAsk, ROW_KIND_FEEDBACK_ASK, FeedbackAsk, feedback_asks,
                 feedback_ask, feedback_asks);

#undef FENGHUO_ROW_KIND

using Kinds = std::tuple<ShiftKind, OverrideKind, HandoverKind, RollCallKind, ConfigurationKind,
                         OrderKind, CallItemKind, SpokenKind, IncidentKind, ReportKind,
                         RosterGapKind, AlarmKind, AlarmSourceKind, AlarmGroupKind, WarningKind,
                         IntakeKind, OutageKind, ClockDoubtKind, FeedbackKind, FeedbackAskKind>;

// Calls f(Kind{}) for every kind, in order.
template <typename F>
void each_kind(F&& f) {
  std::apply([&](auto... kind) { (f(kind), ...); }, Kinds{});
}

// A shift or an override is open until it has ended or is cancelled.
bool is_open(const State::Rows& rows, const v1::Shift& row);
bool is_open(const State::Rows& rows, const v1::DutyOverride& row);
bool is_open(const State::Rows& rows, const v1::Handover& row);
bool is_open(const State::Rows& rows, const v1::RollCall& row);
inline bool is_open(const State::Rows&, const v1::Configuration&) { return true; }
bool is_open(const State::Rows& rows, const v1::Order& row);
bool is_open(const State::Rows& rows, const v1::CallItem& row);
bool is_open(const State::Rows& rows, const v1::Spoken& row);
bool is_open(const State::Rows& rows, const v1::Outage& row);
bool is_open(const State::Rows& rows, const v1::ClockDoubt& row);
bool is_open(const State::Rows& rows, const v1::Incident& row);
bool is_open(const State::Rows& rows, const v1::Report& row);
bool is_open(const State::Rows& rows, const v1::RosterGap& row);
bool is_open(const State::Rows& rows, const v1::Alarm& row);
inline bool is_open(const State::Rows&, const v1::AlarmSource&) { return true; }
bool is_open(const State::Rows& rows, const v1::AlarmGroup& row);
bool is_open(const State::Rows& rows, const v1::Warning& row);
bool is_open(const State::Rows& rows, const v1::Intake& row);
bool is_open(const State::Rows& rows, const v1::Feedback& row);
inline bool is_open(const State::Rows&, const v1::FeedbackAsk& row) { return !row.ended(); }

Viewers viewers_of(const State::Rows& rows, const v1::Shift& row);
Viewers viewers_of(const State::Rows& rows, const v1::DutyOverride& row);
Viewers viewers_of(const State::Rows& rows, const v1::Handover& row);
Viewers viewers_of(const State::Rows& rows, const v1::RollCall& row);
inline Viewers viewers_of(const State::Rows&, const v1::Configuration&) { return seen_by_staff(); }
Viewers viewers_of(const State::Rows& rows, const v1::Order& row);
Viewers viewers_of(const State::Rows& rows, const v1::CallItem& row);
Viewers viewers_of(const State::Rows& rows, const v1::Spoken& row);
inline Viewers viewers_of(const State::Rows&, const v1::Outage&) { return seen_by_staff(); }
inline Viewers viewers_of(const State::Rows&, const v1::ClockDoubt&) { return seen_by_staff(); }
Viewers viewers_of(const State::Rows& rows, const v1::Incident& row);
Viewers viewers_of(const State::Rows& rows, const v1::Report& row);
inline Viewers viewers_of(const State::Rows&, const v1::RosterGap&) { return seen_by_staff(); }
Viewers viewers_of(const State::Rows& rows, const v1::Alarm& row);
// The hub's own: nobody.
inline Viewers viewers_of(const State::Rows&, const v1::AlarmSource&) { return {}; }
Viewers viewers_of(const State::Rows& rows, const v1::AlarmGroup& row);
inline Viewers viewers_of(const State::Rows&, const v1::Warning&) { return seen_by_staff(); }
Viewers viewers_of(const State::Rows& rows, const v1::Intake& row);
Viewers viewers_of(const State::Rows& rows, const v1::Feedback& row);
Viewers viewers_of(const State::Rows& rows, const v1::FeedbackAsk& row);

// Timers and indexes of one row, set from what it says; built again by load().
inline void index_row(State::Rows&, const v1::Configuration&) {}
void index_row(State::Rows& rows, const v1::Order& row);
void index_row(State::Rows& rows, const v1::Spoken& row);
inline void index_row(State::Rows&, const v1::CallItem&) {}
inline void index_row(State::Rows&, const v1::Outage&) {}
void index_row(State::Rows& rows, const v1::ClockDoubt& row);
inline void index_row(State::Rows&, const v1::Intake&) {}

Viewers viewers_of(const State::Rows& rows, const RowRef& ref);

bool may_see(const State::Rows& rows, base::EntityId account_id, const Viewers& viewers);

// Whether an account that does not see now may have seen after the record at `at`; guessed
// generously.
bool may_have_seen(const State::Rows& rows, base::EntityId account_id, const Viewers& viewers,
                   base::Position at);

// Every account that may see because of channels, roles, seats or by name; ascending. Staff as a
// whole is not spelled out.
std::vector<base::EntityId> accounts_of(const State::Rows& rows, const Viewers& viewers);

// Fills the row into an update (position and time are the caller's); that it is gone, for somebody
// who does not see it.
void put_row(const State::Rows& rows, const RowRef& ref, bool sees, v1::Update& update);

// An account whose sight may have changed: by one channel, or (0) by what it is appointed to.
struct SightChange {
  base::EntityId account_id = 0;
  base::EntityId channel_id = 0;
  // Seen from a later State: where it happened. A row that has ended since was open then.
  base::Position at = 0;
};
std::vector<SightChange> sight_changes(const State::Rows& rows, const Record& record,
                                       const Effects& effects);
// The same for one account from a later State, guessed generously.
std::vector<SightChange> sight_changes_later(const State::Rows& rows, const Record& record,
                                             base::EntityId account_id);

// Every open row that hangs on the change, and whether the account sees it now. Telling too much is
// harmless.
void each_sight(const State::Rows& rows, const SightChange& change,
                const std::function<void(const RowRef&, bool sees)>& sink);

// The open rows the account may see.
void add_open_rows(const State::Rows& rows, base::EntityId account_id, v1::Snapshot& snapshot);

}  // namespace fenghuo::core
