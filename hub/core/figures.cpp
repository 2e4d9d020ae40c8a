// SPDX-License-Identifier: Apache-2.0
#include "hub/core/figures.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;
using base::TimeUs;

double seconds(TimeUs time) {
  return static_cast<double>(time) / static_cast<double>(base::us_per_s);
}

// Of an even number the mean of the two in the middle.
std::optional<double> median_s(std::vector<TimeUs> times) {
  if (times.empty()) return std::nullopt;
  std::sort(times.begin(), times.end());
  const std::size_t middle = times.size() / 2;
  if (times.size() % 2 == 1) return seconds(times[middle]);
  return (seconds(times[middle - 1]) + seconds(times[middle])) / 2;
}

std::optional<double> greatest_s(const std::vector<TimeUs>& times) {
  if (times.empty()) return std::nullopt;
  return seconds(*std::max_element(times.begin(), times.end()));
}

std::string word(v1::Level level) {
  switch (level) {
    case v1::LEVEL_I: return "I";
    case v1::LEVEL_II: return "II";
    case v1::LEVEL_III: return "III";
    case v1::LEVEL_IV: return "IV";
    default: return "";
  }
}

// A path names each level once in a row.
void go_to(std::vector<std::string>& path, std::string level) {
  if (level.empty() || (!path.empty() && path.back() == level)) return;
  path.push_back(std::move(level));
}

}  // namespace

FiguresFold::FiguresFold(FiguresScope scope) : scope_(std::move(scope)) {}

void FiguresFold::add(const Record& record) {
  if (record.position < scope_.from || record.position > scope_.through) return;
  add_order(record);
  add_incident(record);
  add_report(record);
  add_duty(record);
  add_alarm(record);
  add_feedback(record);
}

bool FiguresFold::is_ours(EntityId incident_id) const {
  return scope_.incident_id == 0 || scope_.incident_ids.count(incident_id) > 0;
}

bool FiguresFold::is_ours(const v1::Order& order) const {
  return is_ours(order.incident_id()) || scope_.origin_ids.count(order.id()) > 0 ||
         scope_.channel_ids.count(order.channel_id()) > 0;
}

bool FiguresFold::is_running() const {
  return std::any_of(incidents_.begin(), incidents_.end(),
                     [](const auto& one) { return !one.second.over; });
}

FiguresFold::OrderTold* FiguresFold::order_of(EntityId id) {
  const auto found = orders_.find(id);
  return found == orders_.end() ? nullptr : &found->second;
}

void FiguresFold::ask(OrderTold& order, std::uint32_t number, EntityId role_id, TimeUs at) {
  if (order.askings.size() < number) order.askings.resize(number);
  std::vector<Asking>& all = order.askings[number - 1];
  // He who had not answered is asked something else now.
  if (!all.empty() && !all.back().accepted) all.back().dropped = true;
  Asking& asking = all.emplace_back();
  asking.role_id = role_id;
  asking.asked_us = at;
  asking.last_step_us = at;
}

void FiguresFold::raise(const v1::Order& order) {
  if (!is_ours(order)) return;
  OrderTold& told = orders_[order.id()];
  told.task = order.done_by_us() != 0;
  told.done_by_us = order.done_by_us();
  for (const v1::Addressee& one : order.addressees()) {
    ask(told, one.number(), one.role_id(), one.queued_us());
  }
  if (told.task) {
    counted_.set_tasks_assigned(counted_.tasks_assigned() + 1);
  } else {
    counted_.set_alerts_raised(counted_.alerts_raised() + 1);
  }
}

void FiguresFold::count_step(const v1::Step& step) {
  counted_.set_vacancies(counted_.vacancies() +
                         static_cast<std::uint32_t>(step.vacant_role_ids_size()));
  const bool first_call = step.rung() == 0 && step.loop() == 0;
  if (first_call || step.holders().empty()) return;
  counted_.set_escalation_steps_fired(counted_.escalation_steps_fired() + 1);
  switch (step.cause()) {
    case v1::Step::CAUSE_TIME: counted_.set_steps_by_time(counted_.steps_by_time() + 1); return;
    case v1::Step::CAUSE_VACANCY:
      counted_.set_steps_by_vacancy(counted_.steps_by_vacancy() + 1);
      return;
    case v1::Step::CAUSE_RETURN:
      counted_.set_steps_by_return(counted_.steps_by_return() + 1);
      return;
    case v1::Step::CAUSE_BY_HAND: counted_.set_steps_by_hand(counted_.steps_by_hand() + 1); return;
    default: return;
  }
}

void FiguresFold::step(const v1::LadderStepped& event, TimeUs at) {
  OrderTold* order = order_of(event.order_id());
  if (order == nullptr) return;
  count_step(event.step());
  if (order->askings.size() < event.addressee()) return;
  std::vector<Asking>& all = order->askings[event.addressee() - 1];
  if (event.asked_anew()) ask(*order, event.addressee(), all.back().role_id, at);
  all.back().last_step_us = at;
  for (const v1::Notice& one : event.notices()) {
    if (one.whom().account_id() != 0) all.back().account_ids.insert(one.whom().account_id());
  }
}

void FiguresFold::answer(const v1::OrderAnswered& event, TimeUs at) {
  OrderTold* order = order_of(event.order_id());
  if (order == nullptr || order->askings.size() < event.addressee()) return;
  Asking* asking = &order->askings[event.addressee() - 1].back();
  switch (event.kind()) {
    case v1::OrderAnswered::KIND_ACCEPTED: {
      if (asking->accepted) {
        // The acceptance before came to nothing: this one is another.
        ask(*order, event.addressee(), asking->role_id, asking->last_step_us);
        asking = &order->askings[event.addressee() - 1].back();
      }
      const v1::Answer& given = event.answer();
      asking->accepted = true;
      asking->dropped = false;
      asking->accepted_us = at;
      asking->by_substitute = given.by_substitute();
      asking->by_phone = given.on_behalf().medium() == v1::OnBehalf::MEDIUM_PHONE;
      asking->late_by_us = event.late_by_us();
      asking->late_cause = event.late_cause();
      if (asking->rang_us == 0) asking->rang_us = at;
      return;
    }
    case v1::OrderAnswered::KIND_DELEGATED:
      if (!asking->accepted) asking->dropped = true;
      ask(*order, event.delegate().number(), event.delegate().role_id(), at);
      return;
    case v1::OrderAnswered::KIND_RETURNED: counted_.set_returns(counted_.returns() + 1); return;
    default: return;
  }
}

void FiguresFold::ring(EntityId order_id, std::uint32_t number, TimeUs at) {
  OrderTold* order = order_of(order_id);
  if (order == nullptr || order->askings.size() < number || number == 0) return;
  Asking& asking = order->askings[number - 1].back();
  if (asking.rang_us == 0) asking.rang_us = at;
}

void FiguresFold::observe(EntityId order_id, EntityId account_id, TimeUs at) {
  OrderTold* order = order_of(order_id);
  if (order == nullptr) return;
  for (std::uint32_t number = 1; number <= order->askings.size(); ++number) {
    const std::vector<Asking>& all = order->askings[number - 1];
    if (all.back().account_ids.count(account_id) > 0) ring(order_id, number, at);
  }
}

void FiguresFold::turn(const v1::OrderTurned& event, TimeUs at) {
  OrderTold* order = order_of(event.order_id());
  if (order == nullptr) return;
  for (const std::uint32_t number : event.not_needed()) {
    if (number > order->askings.size()) continue;
    Asking& asking = order->askings[number - 1].back();
    if (!asking.accepted) asking.dropped = true;
  }
  if (event.state() != v1::Order::STATE_DONE || !order->task || order->done) return;
  order->done = true;
  counted_.set_tasks_done(counted_.tasks_done() + 1);
  if (at > order->done_by_us) counted_.set_tasks_done_late(counted_.tasks_done_late() + 1);
}

void FiguresFold::add_order(const Record& record) {
  const v1::Event& event = record.event;
  const TimeUs at = record.time_us;
  switch (event.kind_case()) {
    case v1::Event::kOrderRaised: return raise(event.order_raised().order());
    case v1::Event::kLadderStepped: return step(event.ladder_stepped(), at);
    case v1::Event::kLadderResolved:
      if (OrderTold* order = order_of(event.ladder_resolved().order_id())) {
        const v1::LadderResolved& said = event.ladder_resolved();
        if (order->askings.size() < said.addressee()) return;
        for (const v1::Notice& one : said.notices()) {
          order->askings[said.addressee() - 1].back().account_ids.insert(one.whom().account_id());
        }
      }
      return;
    case v1::Event::kLadderExhausted:
      if (order_of(event.ladder_exhausted().order_id()) != nullptr) {
        counted_.set_exhausted(counted_.exhausted() + 1);
      }
      return;
    case v1::Event::kOrderAnswered: return answer(event.order_answered(), at);
    case v1::Event::kOrderTurned: return turn(event.order_turned(), at);
    case v1::Event::kOrderChanged:
      if (OrderTold* order = order_of(event.order_changed().order_id())) {
        if (order->task) order->done_by_us = event.order_changed().done_by_us();
        for (const v1::Addressee& one : event.order_changed().added()) {
          ask(*order, one.number(), one.role_id(), at);
        }
      }
      return;
    case v1::Event::kOrderObserved:
      return observe(event.order_observed().order_id(), event.order_observed().account_id(), at);
    case v1::Event::kMessagesDelivered:
      for (const auto& row : event.messages_delivered().rows()) {
        observe(row.message_id(), row.account_id(), at);
      }
      return;
    case v1::Event::kCallItemOpened: {
      const v1::CallItem& item = event.call_item_opened().item();
      return ring(item.order_id(), item.addressee(), at);
    }
    default: return;
  }
}

void FiguresFold::add_incident(const Record& record) {
  const v1::Event& event = record.event;
  const auto told = [this](EntityId id) -> IncidentTold* {
    const auto found = incidents_.find(id);
    return found == incidents_.end() ? nullptr : &found->second;
  };
  const auto end = [&](EntityId id, const char* how) {
    IncidentTold* one = told(id);
    if (one == nullptr) return;
    one->over = true;
    go_to(one->level_path, how);
  };
  if (event.has_incident_declared()) {
    if (!is_ours(record.position)) return;
    const v1::Incident& incident = event.incident_declared().incident();
    IncidentTold& one = incidents_[record.position];
    one.occurred_us = incident.occurred_us();
    one.declared_us = record.time_us;
    if (incident.has_posts()) one.active_us = record.time_us;
    go_to(one.level_path, word(incident.response_level()));
  } else if (event.has_command_activated()) {
    IncidentTold* one = told(event.command_activated().incident_id());
    if (one != nullptr && one->active_us == 0) one->active_us = record.time_us;
  } else if (event.has_level_proposed()) {
    IncidentTold* one = told(event.level_proposed().incident_id());
    if (one == nullptr) return;
    one->proposals[event.level_proposed().proposal()] = event.level_proposed().response_level();
  } else if (event.has_level_decided()) {
    IncidentTold* one = told(event.level_decided().incident_id());
    if (one == nullptr || !event.level_decided().approved()) return;
    go_to(one->level_path, word(one->proposals[event.level_decided().proposal()]));
  } else if (event.has_stood_down()) {
    end(event.stood_down().incident_id(), "ended");
  } else if (event.has_incident_voided()) {
    end(event.incident_voided().incident_id(), "void");
  }
}

void FiguresFold::add_report(const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_report_opened()) {
    const v1::Report& report = event.report_opened().report();
    if (is_ours(report.incident_id())) reports_[record.position] = report.due_us();
  } else if (event.has_report_retimed()) {
    const auto found = reports_.find(event.report_retimed().report_id());
    if (found != reports_.end()) found->second = event.report_retimed().due_us();
  } else if (event.has_report_filed()) {
    const auto found = reports_.find(event.report_filed().report_id());
    if (found == reports_.end()) return;
    counted_.set_reports_filed(counted_.reports_filed() + 1);
    if (found->second == 0) return;
    counted_.set_reports_with_deadline(counted_.reports_with_deadline() + 1);
    if (record.time_us > found->second) return;
    counted_.set_reports_on_time(counted_.reports_on_time() + 1);
  }
}

void FiguresFold::add_duty(const Record& record) {
  if (scope_.incident_id != 0 && !is_running()) return;
  if (record.event.has_handover_accepted()) {
    counted_.set_handovers_completed(counted_.handovers_completed() + 1);
  } else if (record.event.has_duty_taken_over()) {
    counted_.set_takeovers(counted_.takeovers() + 1);
  }
}

void FiguresFold::add_alarm(const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_alarm_opened()) {
    const v1::Alarm& alarm = event.alarm_opened().alarm();
    if (alarm.kind() == v1::Alarm::KIND_POINT) alarms_[record.position] = alarm.channel_id();
  } else if (event.has_alarm_group_held()) {
    const auto& ids = event.alarm_group_held().group().alarm_ids();
    groups_[record.position].assign(ids.begin(), ids.end());
  } else if (event.has_alarm_joined()) {
    groups_[event.alarm_joined().group_id()].push_back(event.alarm_joined().alarm_id());
  } else if (event.has_alarm_group_ended()) {
    const v1::AlarmGroupEnded& ended = event.alarm_group_ended();
    if (order_of(ended.order_id()) == nullptr) return;
    for (EntityId id : groups_[ended.group_id()]) evidence_ids_.insert(id);
  } else if (event.has_evidence_joined()) {
    if (order_of(event.evidence_joined().order_id()) == nullptr) return;
    evidence_ids_.insert(event.evidence_joined().evidence_id());
  }
}

void FiguresFold::add_feedback(const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_feedback_opened()) {
    const v1::FeedbackOpened& opened = event.feedback_opened();
    const bool ours = is_ours(opened.incident_id()) ||
                      scope_.channel_ids.count(opened.subject().channel_id()) > 0;
    if (ours) feedback_[record.position].opened_us = record.time_us;
  } else if (event.has_feedback_merged()) {
    const auto into = feedback_.find(event.feedback_merged().into_id());
    if (into == feedback_.end()) return;
    into->second.merged_ids.push_back(event.feedback_merged().feedback_id());
    // Into one that is decided and still open.
    if (into->second.handled_us != 0) {
      handle_feedback(event.feedback_merged().feedback_id(), record.time_us);
    }
  } else if (event.has_feedback_adopted()) {
    handle_feedback(event.feedback_adopted().feedback_id(), record.time_us);
  } else if (event.has_feedback_declined()) {
    handle_feedback(event.feedback_declined().feedback_id(), record.time_us);
  }
}

void FiguresFold::handle_feedback(EntityId id, TimeUs at) {
  std::vector<EntityId> ids{id};
  // Nothing is merged twice, so this ends.
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto found = feedback_.find(ids[i]);
    if (found == feedback_.end()) continue;
    if (found->second.handled_us == 0) found->second.handled_us = at;
    const auto& merged = found->second.merged_ids;
    ids.insert(ids.end(), merged.begin(), merged.end());
  }
}

v1::Figures FiguresFold::finish() const {
  v1::Figures figures = counted_;
  figures.set_incident_id(scope_.incident_id);
  figures.set_from_position(scope_.from);
  figures.set_through_position(scope_.through);
  put_acceptances(figures);
  put_rings(figures);
  put_roles(figures);
  put_alarms(figures);
  put_incidents(figures);
  put_feedback(figures);
  return figures;
}

void FiguresFold::put_acceptances(v1::Figures& figures) const {
  std::vector<TimeUs> times;
  const auto count = [](std::uint32_t value) { return value + 1; };
  for (const auto& [id, order] : orders_) {
    if (order.task) continue;
    for (const auto& all : order.askings) {
      for (const Asking& one : all) {
        if (one.dropped) continue;
        figures.set_ack_required(count(figures.ack_required()));
        if (!one.accepted) {
          figures.set_ack_missing(count(figures.ack_missing()));
          continue;
        }
        times.push_back(one.accepted_us - one.asked_us);
        if (one.by_substitute)
          figures.set_acked_by_substitute(count(figures.acked_by_substitute()));
        if (one.by_phone) figures.set_acked_by_phone(count(figures.acked_by_phone()));
        if (one.late_cause == v1::Addressee::LATE_CAUSE_OUTAGE) {
          figures.set_acked_late_by_outage(count(figures.acked_late_by_outage()));
        } else if (one.late_by_us == 0) {
          figures.set_acked_on_time(count(figures.acked_on_time()));
        } else {
          figures.set_acked_late(count(figures.acked_late()));
          if (one.late_cause == v1::Addressee::LATE_CAUSE_NOT_DELIVERED) {
            figures.set_late_not_delivered(count(figures.late_not_delivered()));
          } else if (one.late_cause == v1::Addressee::LATE_CAUSE_NOT_SEEN) {
            figures.set_late_not_seen(count(figures.late_not_seen()));
          } else {
            figures.set_late_seen(count(figures.late_seen()));
          }
        }
      }
    }
  }
  if (const auto median = median_s(times)) figures.set_ack_median_s(*median);
  if (const auto greatest = greatest_s(times)) figures.set_ack_max_s(*greatest);
}

void FiguresFold::put_rings(v1::Figures& figures) const {
  std::vector<TimeUs> times;
  for (const auto& [id, order] : orders_) {
    for (const auto& all : order.askings) {
      for (const Asking& one : all) {
        if (one.rang_us != 0) {
          times.push_back(one.rang_us - one.asked_us);
        } else if (!one.dropped) {
          figures.set_never_rung(figures.never_rung() + 1);
        }
      }
    }
  }
  if (const auto median = median_s(times)) figures.set_raise_to_first_ring_median_s(*median);
  if (const auto greatest = greatest_s(times)) figures.set_raise_to_first_ring_max_s(*greatest);
}

void FiguresFold::put_roles(v1::Figures& figures) const {
  std::map<EntityId, v1::Figures::RoleFigures> roles;
  std::map<EntityId, std::vector<TimeUs>> times;
  for (const auto& [id, order] : orders_) {
    if (order.task) continue;
    for (const auto& all : order.askings) {
      for (const Asking& one : all) {
        if (one.dropped || one.role_id == 0) continue;
        if (scope_.role_ids && scope_.role_ids->count(one.role_id) == 0) continue;
        v1::Figures::RoleFigures& role = roles[one.role_id];
        role.set_ack_required(role.ack_required() + 1);
        if (!one.accepted) {
          role.set_ack_missing(role.ack_missing() + 1);
          continue;
        }
        times[one.role_id].push_back(one.accepted_us - one.asked_us);
        if (one.late_cause == v1::Addressee::LATE_CAUSE_OUTAGE) continue;
        if (one.late_by_us == 0) {
          role.set_acked_on_time(role.acked_on_time() + 1);
        } else {
          role.set_acked_late(role.acked_late() + 1);
        }
      }
    }
  }
  for (auto& [role_id, role] : roles) {
    role.set_role_id(role_id);
    if (const auto median = median_s(times[role_id])) role.set_ack_median_s(*median);
    *figures.add_roles() = std::move(role);
  }
}

void FiguresFold::put_alarms(v1::Figures& figures) const {
  for (const auto& [id, channel_id] : alarms_) {
    const bool ours = scope_.incident_id == 0 || scope_.channel_ids.count(channel_id) > 0 ||
                      scope_.origin_ids.count(id) > 0 || evidence_ids_.count(id) > 0;
    if (ours) figures.set_sensor_alarms(figures.sensor_alarms() + 1);
  }
}

void FiguresFold::put_feedback(v1::Figures& figures) const {
  std::vector<TimeUs> times;
  for (const auto& [id, one] : feedback_) {
    if (one.handled_us != 0) times.push_back(one.handled_us - one.opened_us);
  }
  figures.set_feedback_received(static_cast<std::uint32_t>(feedback_.size()));
  figures.set_feedback_handled(static_cast<std::uint32_t>(times.size()));
  if (const auto median = median_s(times)) figures.set_feedback_median_handle_s(*median);
}

void FiguresFold::put_incidents(v1::Figures& figures) const {
  figures.set_incidents(static_cast<std::uint32_t>(incidents_.size()));
  const auto found = scope_.incident_id != 0  ? incidents_.find(scope_.incident_id)
                     : incidents_.size() == 1 ? incidents_.begin()
                                              : incidents_.end();
  if (found == incidents_.end()) return;
  const IncidentTold& one = found->second;
  for (const std::string& level : one.level_path) figures.add_level_path(level);
  if (one.occurred_us == 0) return;
  figures.set_occurrence_to_declare_s(seconds(one.declared_us - one.occurred_us));
  if (one.active_us == 0) return;
  figures.set_occurrence_to_command_active_s(seconds(one.active_us - one.occurred_us));
}

}  // namespace fenghuo::core
