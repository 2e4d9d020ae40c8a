// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/incident.h"
#include "hub/core/kinds.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

// Who, in which role, when: written into each change of the incident.
template <typename Change>
void sign(Change& change, const Record& record) {
  change.set_by_id(record.event.account_id());
  change.set_role_id(record.event.role_id());
  change.set_at_us(record.time_us);
}

template <typename Change>
void sign_for(Change& change, const Record& record) {
  sign(change, record);
  if (record.event.has_on_behalf()) *change.mutable_on_behalf() = record.event.on_behalf();
}

// Changes a row, marks it and sets its timers.
template <typename Row, typename Change>
void change_row(State::Rows& rows, Table<Row>& table, EntityId id, const Record& record,
                Change&& change) {
  Row* row = table.find(id);
  FENGHUO_CHECK(row != nullptr);
  change(*row);
  row->set_changed(record.position);
  table.touch(id);
  rows.unsaved_bytes += row->ByteSizeLong();
  index_row(rows, *row);
}

template <typename Change>
void change_incident(State::Rows& rows, EntityId id, const Record& record, Change&& change) {
  change_row(rows, rows.incidents, id, record, [&](v1::Incident& incident) {
    change(incident);
    if (incident.timeline_size() >= limits::timeline_entries_max) return;
    v1::TimelineEntry& entry = *incident.add_timeline();
    sign(entry, record);
    entry.set_position(record.position);
    entry.set_kind(static_cast<std::uint32_t>(record.event.kind_case()));
  });
}

// The same for what is decided about the incident: whoever saw it before is told to look again.
template <typename Change>
void decide_on(State::Rows& rows, EntityId id, const Record& record, Change&& change) {
  change_incident(rows, id, record, [&](v1::Incident& incident) {
    change(incident);
    incident.set_revision(record.position);
  });
}

void enter_phase(v1::Incident& incident, v1::IncidentPhase phase, const std::string& reason,
                 const Record& record) {
  incident.set_phase(phase);
  v1::PhaseChange& change = *incident.add_phases();
  sign_for(change, record);
  change.set_phase(phase);
  change.set_reason(reason);
}

v1::LevelProposal& proposal_of(v1::Incident& incident, std::uint32_t number) {
  FENGHUO_CHECK(number >= 1 && number <= static_cast<std::uint32_t>(incident.proposals_size()));
  return *incident.mutable_proposals(static_cast<int>(number) - 1);
}

void apply_declared(State::Rows& rows, const Record& record) {
  v1::Incident incident = record.event.incident_declared().incident();
  incident.set_id(record.position);
  incident.set_number("I-" + std::to_string(rows.incidents.size() + 1));
  incident.set_state(v1::Incident::STATE_OPEN);
  incident.set_provisional(true);
  incident.set_declared_us(record.time_us);
  incident.set_declared_by_id(record.event.account_id());
  incident.set_declared_role_id(record.event.role_id());
  v1::LevelChange& level = *incident.add_level_path();
  sign_for(level, record);
  level.set_level(incident.level());
  level.set_response_level(incident.response_level());
  enter_phase(incident, incident.phase(), {}, record);
  if (incident.has_casualties()) {
    sign_for(*incident.mutable_casualties(), record);
    incident.mutable_casualties()->set_revision(record.position);
  }
  if (incident.has_posts()) {
    incident.mutable_posts()->set_activated_us(record.time_us);
    incident.mutable_posts()->set_activated_by_id(record.event.account_id());
  }
  rows.incidents.put(record.position, std::move(incident));
  decide_on(rows, record.position, record, [](v1::Incident&) {});
}

void apply_casualties(v1::Incident& incident, const Record& record) {
  const v1::CasualtiesChanged& event = record.event.casualties_changed();
  if (incident.has_casualties()) {
    *incident.add_casualty_path() = incident.casualties();
    if (incident.casualty_path_size() > limits::casualty_path_max) {
      incident.mutable_casualty_path()->DeleteSubrange(0, 1);
    }
  }
  v1::Casualties& now = *incident.mutable_casualties();
  now.Clear();
  sign_for(now, record);
  now.set_injured(event.injured());
  now.set_missing(event.missing());
  now.set_dead(event.dead());
  now.set_source(event.source());
  now.set_revision(record.position);
}

void apply_level_proposed(v1::Incident& incident, const Record& record) {
  const v1::LevelProposed& event = record.event.level_proposed();
  v1::LevelProposal& proposal = *incident.add_proposals();
  sign(proposal, record);
  proposal.set_number(event.proposal());
  proposal.set_level(event.level());
  proposal.set_response_level(event.response_level());
  proposal.set_reason(event.reason());
  proposal.set_state(v1::LevelProposal::STATE_OPEN);
}

void apply_level_decided(v1::Incident& incident, const Record& record) {
  const v1::LevelDecided& event = record.event.level_decided();
  v1::LevelProposal& proposal = proposal_of(incident, event.proposal());
  proposal.set_state(event.approved() ? v1::LevelProposal::STATE_APPROVED
                                      : v1::LevelProposal::STATE_DECLINED);
  proposal.set_decided_by_id(record.event.account_id());
  proposal.set_decided_role_id(record.event.role_id());
  proposal.set_decided_us(record.time_us);
  proposal.set_decision_reason(event.reason());
  if (record.event.has_on_behalf()) *proposal.mutable_on_behalf() = record.event.on_behalf();
  proposal.set_break_glass(event.break_glass());
  proposal.set_confirm_by_us(event.confirm_by_us());
  proposal.set_remind_us(0);
  if (!event.approved()) return;
  incident.set_level(proposal.level());
  incident.set_response_level(proposal.response_level());
  // Who decides on the level has looked at the first one too.
  if (!event.break_glass()) incident.set_provisional(false);
  v1::LevelChange& change = *incident.add_level_path();
  sign_for(change, record);
  change.set_level(proposal.level());
  change.set_response_level(proposal.response_level());
  change.set_reason(event.reason());
  change.set_proposal(event.proposal());
  change.set_break_glass(event.break_glass());
}

void apply_level_requested(v1::Incident& incident, const Record& record) {
  const v1::LevelRequested& event = record.event.level_requested();
  v1::LevelProposal& proposal = proposal_of(incident, event.proposal());
  proposal.set_state(v1::LevelProposal::STATE_REQUESTED);
  proposal.set_above_role_id(event.above_role_id());
  proposal.set_above_contact_id(event.above_contact_id());
  proposal.set_requested_by_id(record.event.account_id());
  proposal.set_requested_role_id(record.event.role_id());
  proposal.set_requested_us(record.time_us);
  proposal.set_reply_by_us(event.reply_by_us());
  proposal.set_remind_us(event.reply_by_us());
}

void apply_level(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_level_confirmed()) {
    return decide_on(rows, event.level_confirmed().incident_id(), record,
                     [&](v1::Incident& incident) {
                       incident.set_provisional(false);
                       incident.set_confirmed_by_id(event.account_id());
                       incident.set_confirmed_us(record.time_us);
                     });
  }
  if (event.has_level_confirmation_overdue()) {
    return change_incident(rows, event.level_confirmation_overdue().incident_id(), record,
                           [](v1::Incident& incident) { incident.set_confirm_overdue(true); });
  }
  if (event.has_level_proposed()) {
    return change_incident(rows, event.level_proposed().incident_id(), record,
                           [&](v1::Incident& incident) { apply_level_proposed(incident, record); });
  }
  if (event.has_level_decided()) {
    return decide_on(rows, event.level_decided().incident_id(), record,
                     [&](v1::Incident& incident) { apply_level_decided(incident, record); });
  }
  if (event.has_level_requested()) {
    return change_incident(
        rows, event.level_requested().incident_id(), record,
        [&](v1::Incident& incident) { apply_level_requested(incident, record); });
  }
  if (event.has_level_reply_reminded()) {
    const v1::LevelReplyReminded& one = event.level_reply_reminded();
    return change_incident(rows, one.incident_id(), record, [&](v1::Incident& incident) {
      v1::LevelProposal& proposal = proposal_of(incident, one.proposal());
      proposal.set_remind_us(one.remind_us());
      proposal.set_reminders(proposal.reminders() + 1);
    });
  }
  if (event.has_break_glass_overdue()) {
    const v1::BreakGlassOverdue& one = event.break_glass_overdue();
    return change_incident(rows, one.incident_id(), record, [&](v1::Incident& incident) {
      proposal_of(incident, one.proposal()).set_confirm_overdue(true);
    });
  }
  const v1::BreakGlassConfirmed& one = event.break_glass_confirmed();
  change_incident(rows, one.incident_id(), record, [&](v1::Incident& incident) {
    v1::LevelProposal& proposal = proposal_of(incident, one.proposal());
    proposal.set_confirmed_by_id(event.account_id());
    proposal.set_confirmed_us(record.time_us);
  });
}

void drop_report(State::Rows& rows, EntityId id, const Record& record) {
  change_row(rows, rows.reports, id, record,
             [](v1::Report& report) { report.set_state(v1::Report::STATE_DROPPED); });
}

void apply_filed(State::Rows& rows, const Record& record) {
  const v1::ReportFiled& event = record.event.report_filed();
  change_row(rows, rows.reports, event.report_id(), record, [&](v1::Report& report) {
    report.set_state(v1::Report::STATE_FILED);
    report.set_number(event.number());
    report.set_filed_us(record.time_us);
    report.set_filed_by_id(record.event.account_id());
    report.set_filed_role_id(record.event.role_id());
    if (record.event.has_on_behalf()) *report.mutable_on_behalf() = record.event.on_behalf();
    // By the hub's clock, whatever time somebody states.
    if (report.due_us() != 0 && record.time_us > report.due_us()) {
      report.set_late_by_us(record.time_us - report.due_us());
      report.set_overdue(true);
    }
    report.set_receiver(event.receiver());
    report.set_message_id(event.message_id());
    *report.mutable_told_fields() = event.told_fields();
    *report.mutable_pending_fields() = event.pending_fields();
  });
  change_incident(rows, event.incident_id(), record, [&](v1::Incident& incident) {
    auto& owed = *incident.mutable_owed_fields();
    for (const std::string& key : event.told_fields()) {
      owed.erase(std::remove(owed.begin(), owed.end(), key), owed.end());
    }
    for (const std::string& key : event.pending_fields()) {
      if (std::find(owed.begin(), owed.end(), key) == owed.end()) *owed.Add() = key;
    }
  });
}

void apply_report(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  const auto nothing = [](v1::Incident&) {};
  if (event.has_report_opened()) {
    v1::Report report = event.report_opened().report();
    report.set_id(record.position);
    rows.reports.put(record.position, std::move(report));
    change_row(rows, rows.reports, record.position, record, [](v1::Report&) {});
    return change_incident(rows, event.report_opened().report().incident_id(), record, nothing);
  }
  if (event.has_report_reminded()) {
    change_row(rows, rows.reports, event.report_reminded().report_id(), record,
               [](v1::Report& report) { report.set_reminded(true); });
    return change_incident(rows, event.report_reminded().incident_id(), record, nothing);
  }
  if (event.has_report_overdue()) {
    change_row(rows, rows.reports, event.report_overdue().report_id(), record,
               [](v1::Report& report) {
                 report.set_reminded(true);
                 report.set_overdue(true);
               });
    return change_incident(rows, event.report_overdue().incident_id(), record, nothing);
  }
  if (event.has_report_filed()) return apply_filed(rows, record);
  FENGHUO_CHECK(event.has_report_retimed());
  const v1::ReportRetimed& one = event.report_retimed();
  change_row(rows, rows.reports, one.report_id(), record, [&](v1::Report& report) {
    report.set_due_us(one.due_us());
    report.set_remind_us(one.remind_us());
  });
}

void apply_stood_down(State::Rows& rows, const Record& record) {
  const v1::StoodDown& event = record.event.stood_down();
  decide_on(rows, event.incident_id(), record, [&](v1::Incident& incident) {
    incident.set_state(v1::Incident::STATE_STOOD_DOWN);
    v1::StandDownRecord& end = *incident.mutable_stand_down();
    sign_for(end, record);
    end.set_reason(event.reason());
    *end.mutable_waivers() = event.waivers();
    *end.mutable_ended_order_ids() = event.ended_order_ids();
    enter_phase(incident, v1::INCIDENT_PHASE_EVALUATION, event.reason(), record);
  });
  for (EntityId id : event.dropped_report_ids()) drop_report(rows, id, record);
}

void apply_end(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_void_proposed()) {
    return decide_on(rows, event.void_proposed().incident_id(), record,
                     [&](v1::Incident& incident) {
                       v1::VoidProposal& proposal = *incident.mutable_void_proposal();
                       sign(proposal, record);
                       proposal.set_reason(event.void_proposed().reason());
                     });
  }
  if (event.has_incident_voided()) {
    decide_on(rows, event.incident_voided().incident_id(), record,
              [](v1::Incident& incident) { incident.set_state(v1::Incident::STATE_VOID); });
    for (EntityId id : event.incident_voided().dropped_report_ids()) drop_report(rows, id, record);
    return;
  }
  if (event.has_incidents_merged()) {
    const v1::IncidentsMerged& one = event.incidents_merged();
    decide_on(rows, one.incident_id(), record, [&](v1::Incident& incident) {
      incident.set_state(v1::Incident::STATE_MERGED);
      incident.set_merged_into_id(one.into_id());
    });
    return decide_on(rows, one.into_id(), record,
                     [&](v1::Incident& incident) { incident.add_merged_ids(one.incident_id()); });
  }
  if (event.has_stood_down()) return apply_stood_down(rows, record);
  FENGHUO_CHECK(event.has_evaluation_filed());
  const v1::EvaluationFiled& one = event.evaluation_filed();
  decide_on(rows, one.incident_id(), record, [&](v1::Incident& incident) {
    v1::Evaluation& evaluation = *incident.mutable_evaluation();
    evaluation.set_filed_us(record.time_us);
    evaluation.set_by_id(event.account_id());
    evaluation.set_role_id(event.role_id());
    evaluation.set_message_id(one.message_id());
    *evaluation.mutable_sections() = one.sections();
  });
}

void apply_phase_changed(State::Rows& rows, const Record& record) {
  const v1::PhaseChanged& event = record.event.phase_changed();
  const auto enter = [&](v1::Incident& incident) {
    enter_phase(incident, event.phase(), event.reason(), record);
    if (event.phase() == v1::INCIDENT_PHASE_ARCHIVED) {
      incident.set_state(v1::Incident::STATE_ARCHIVED);
    }
  };
  decide_on(rows, event.incident_id(), record, enter);
  for (EntityId id : event.merged_ids()) decide_on(rows, id, record, enter);
}

}  // namespace

void apply_incident(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_incident_declared()) return apply_declared(rows, record);
  if (event.has_phase_changed()) return apply_phase_changed(rows, record);
  if (event.has_command_activated()) {
    return decide_on(rows, event.command_activated().incident_id(), record,
                     [&](v1::Incident& incident) {
                       *incident.mutable_posts() = event.command_activated().posts();
                       incident.mutable_posts()->set_activated_us(record.time_us);
                       incident.mutable_posts()->set_activated_by_id(event.account_id());
                     });
  }
  if (event.has_groups_formed()) {
    return change_incident(rows, event.groups_formed().incident_id(), record,
                           [&](v1::Incident& incident) {
                             incident.mutable_groups()->MergeFrom(event.groups_formed().groups());
                           });
  }
  if (event.has_casualties_changed()) {
    return change_incident(rows, event.casualties_changed().incident_id(), record,
                           [&](v1::Incident& incident) { apply_casualties(incident, record); });
  }
  if (event.has_template_order_raised()) {
    return change_incident(
        rows, event.template_order_raised().incident_id(), record,
        [](v1::Incident& incident) { incident.mutable_waiting_orders()->DeleteSubrange(0, 1); });
  }
  if (event.has_report_opened() || event.has_report_reminded() || event.has_report_overdue() ||
      event.has_report_retimed() || event.has_report_filed()) {
    return apply_report(rows, record);
  }
  if (event.has_void_proposed() || event.has_incident_voided() || event.has_incidents_merged() ||
      event.has_stood_down() || event.has_evaluation_filed()) {
    return apply_end(rows, record);
  }
  apply_level(rows, record);
}

void index_row(State::Rows& rows, const v1::Incident& incident) {
  const bool runs = incident.state() != v1::Incident::STATE_VOID &&
                    incident.state() != v1::Incident::STATE_ARCHIVED;
  const bool waits = runs && incident.provisional() && !incident.confirm_overdue();
  rows.deadlines.set({DeadlineKind::IncidentConfirm, incident.id()},
                     waits ? incident.confirm_by_us() : 0, v1::PRECEDENCE_IMMEDIATE);
  rows.deadlines.set({DeadlineKind::IncidentOrders, incident.id()},
                     incident.waiting_orders().empty() ? 0 : incident.declared_us(),
                     v1::PRECEDENCE_FLASH);
  for (const v1::LevelProposal& one : incident.proposals()) {
    base::TimeUs at = 0;
    if (one.state() == v1::LevelProposal::STATE_REQUESTED) {
      at = one.remind_us();
    } else if (one.break_glass() && one.confirmed_by_id() == 0 && !one.confirm_overdue()) {
      at = one.confirm_by_us();
    }
    rows.deadlines.set({DeadlineKind::IncidentProposal, incident.id(), one.number()}, runs ? at : 0,
                       v1::PRECEDENCE_IMMEDIATE);
  }
}

void index_row(State::Rows& rows, const v1::Report& report) {
  base::TimeUs at = 0;
  if (report.state() == v1::Report::STATE_DUE && !report.overdue()) {
    at = report.reminded() ? report.due_us() : report.remind_us();
  }
  rows.deadlines.set({DeadlineKind::ReportClock, report.id()}, at, v1::PRECEDENCE_IMMEDIATE);
}

bool is_open(const State::Rows&, const v1::Incident& row) {
  return row.state() != v1::Incident::STATE_VOID && row.state() != v1::Incident::STATE_ARCHIVED;
}

bool is_open(const State::Rows&, const v1::Report& row) {
  return row.state() == v1::Report::STATE_DUE;
}

// Its channels come right after the event that names them.
Viewers viewers_of(const State::Rows& rows, const v1::Incident& row) {
  Viewers viewers;
  viewers.command_seats = true;
  const auto add = [&](EntityId channel_id) {
    if (rows.channels.find(channel_id) != nullptr) viewers.channels.push_back(channel_id);
  };
  add(row.channel_id());
  for (const v1::Group& group : row.groups()) add(group.channel_id());
  // Who is asked from above must see what he is asked about.
  for (const v1::LevelProposal& one : row.proposals()) {
    if (one.above_role_id() != 0) viewers.roles.push_back(one.above_role_id());
  }
  return viewers;
}

Viewers viewers_of(const State::Rows& rows, const v1::Report& row) {
  const v1::Incident* incident = rows.incidents.find(row.incident_id());
  FENGHUO_CHECK(incident != nullptr);
  Viewers viewers = viewers_of(rows, *incident);
  // Who is asked from above sees the incident, not what we owe.
  viewers.roles.clear();
  return viewers;
}

void add_incident_refs(const Record& record, std::vector<RowRef>& refs) {
  const v1::Event& event = record.event;
  const auto incident = [&](EntityId id) { refs.push_back({v1::ROW_KIND_INCIDENT, id}); };
  const auto report = [&](EntityId id) { refs.push_back({v1::ROW_KIND_REPORT, id}); };
  switch (event.kind_case()) {
    case v1::Event::kIncidentDeclared: incident(record.position); return;
    case v1::Event::kLevelConfirmed: incident(event.level_confirmed().incident_id()); return;
    case v1::Event::kLevelConfirmationOverdue:
      incident(event.level_confirmation_overdue().incident_id());
      return;
    case v1::Event::kPhaseChanged:
      incident(event.phase_changed().incident_id());
      for (EntityId id : event.phase_changed().merged_ids()) incident(id);
      return;
    case v1::Event::kCommandActivated: incident(event.command_activated().incident_id()); return;
    case v1::Event::kGroupsFormed: incident(event.groups_formed().incident_id()); return;
    case v1::Event::kCasualtiesChanged: incident(event.casualties_changed().incident_id()); return;
    case v1::Event::kLevelProposed: incident(event.level_proposed().incident_id()); return;
    case v1::Event::kLevelDecided: incident(event.level_decided().incident_id()); return;
    case v1::Event::kLevelRequested: incident(event.level_requested().incident_id()); return;
    case v1::Event::kLevelReplyReminded:
      incident(event.level_reply_reminded().incident_id());
      return;
    case v1::Event::kBreakGlassConfirmed:
      incident(event.break_glass_confirmed().incident_id());
      return;
    case v1::Event::kBreakGlassOverdue: incident(event.break_glass_overdue().incident_id()); return;
    case v1::Event::kReportOpened:
      report(record.position);
      incident(event.report_opened().report().incident_id());
      return;
    case v1::Event::kReportReminded:
      report(event.report_reminded().report_id());
      incident(event.report_reminded().incident_id());
      return;
    case v1::Event::kReportOverdue:
      report(event.report_overdue().report_id());
      incident(event.report_overdue().incident_id());
      return;
    case v1::Event::kReportRetimed: report(event.report_retimed().report_id()); return;
    case v1::Event::kReportFiled:
      report(event.report_filed().report_id());
      incident(event.report_filed().incident_id());
      return;
    case v1::Event::kVoidProposed: incident(event.void_proposed().incident_id()); return;
    case v1::Event::kIncidentVoided:
      incident(event.incident_voided().incident_id());
      for (EntityId id : event.incident_voided().dropped_report_ids()) report(id);
      return;
    case v1::Event::kIncidentsMerged:
      incident(event.incidents_merged().incident_id());
      incident(event.incidents_merged().into_id());
      return;
    case v1::Event::kStoodDown:
      incident(event.stood_down().incident_id());
      for (EntityId id : event.stood_down().dropped_report_ids()) report(id);
      return;
    case v1::Event::kTemplateOrderRaised:
      incident(event.template_order_raised().incident_id());
      return;
    case v1::Event::kEvaluationFiled: incident(event.evaluation_filed().incident_id()); return;
    default: return;
  }
}

}  // namespace fenghuo::core
