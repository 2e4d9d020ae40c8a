// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/acting.h"

#include "tools/replay/casting.h"
#include "tools/replay/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>

namespace fenghuo::replay {
namespace {

client::Failure missing(const std::string& what) {
  return client::Failure(client::Failure::Kind::Local, what);
}

// The shortest decimal that is this number, as the sensor said it.
v1::Quantity quantity_of(double value) {
  v1::Quantity quantity;
  std::string digits = fmt::format("{:.6f}", value);
  while (digits.back() == '0') digits.pop_back();
  const auto point = digits.find('.');
  quantity.set_exponent(-static_cast<int>(digits.size() - point - 1));
  digits.erase(point, 1);
  quantity.set_digits(std::strtoll(digits.c_str(), nullptr, 10));
  return quantity;
}

v1::Warning::Colour colour_of(const std::string& word) {
  if (word == "red") return v1::Warning::COLOUR_RED;
  if (word == "orange") return v1::Warning::COLOUR_ORANGE;
  return word == "yellow" ? v1::Warning::COLOUR_YELLOW : v1::Warning::COLOUR_BLUE;
}

}  // namespace

Acting::Acting(const Scenario& scenario, Stage& stage, base::TimeUs start)
    : scenario_(scenario), stage_(stage), start_(start) {}

base::TimeUs Acting::instant(double t) const { return start_ + std::llround(t * 1e6); }

std::uint64_t Acting::id_of(const std::string& name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? 0 : found->second;
}

client::Outcome<void> Acting::perform(const Event& event) {
  const Done done = dispatch(event);
  if (!done) return done.error();
  // A count told beside something else is a change of casualties by the same person.
  if (event.object("figures") != nullptr && event.action != "evaluation.file") {
    const Done counted = casualties(event);
    if (!counted) return counted.error();
  }
  return {};
}

Acting::Done Acting::dispatch(const Event& event) {
  const std::map<std::string, Done (Acting::*)(const Event&)> actions{
      {"sensor.alarm", &Acting::report_alarm},
      {"sensor.fault", &Acting::report_fault},
      {"alert.raise", &Acting::raise},
      {"alert.ack", &Acting::accept},
      {"task.assign", &Acting::assign},
      {"task.done", &Acting::finish},
      {"warning.issue", &Acting::warn},
      {"incident.declare", &Acting::declare},
      {"command.activate", &Acting::activate},
      {"group.form", &Acting::form},
      {"level.request", &Acting::request_level},
      {"level.change", &Acting::change_level},
      {"report.file", &Acting::file_report},
      {"handover.propose", &Acting::propose_handover},
      {"handover.accept", &Acting::accept_handover},
      {"incident.stand_down", &Acting::stand_down},
      {"evaluation.file", &Acting::evaluate},
      {"feedback.receive", &Acting::open_feedback},
      {"feedback.handle", &Acting::handle_feedback},
  };
  if (event.action == "level.propose") {
    const Done done = propose_level(event, event.actor, event.word("to"));
    if (!done) return done;
    for (const auto& other : event.words("concur")) {
      if (const Done said = say(event, other, "附议：" + event.text.zh); !said) return said;
    }
    return done;
  }
  const auto found = actions.find(event.action);
  if (found != actions.end()) return (this->*found->second)(event);
  return say(event, event.actor, event.text.zh);
}

client::Outcome<std::uint64_t> Acting::account(const std::string& actor) {
  const Scenario::Actor* known = scenario_.actor(actor);
  if (known == nullptr) return missing("the scenario has no actor " + actor);
  const auto center = stage_.center();
  if (!center) return center.error();
  const v1::Account* found = center->find_account(account_key(*known, *center));
  if (found == nullptr) return missing("the center shows no account of " + actor);
  return found->id();
}

client::Outcome<std::uint64_t> Acting::role(const std::string& actor) {
  const auto center = stage_.center();
  if (!center) return center.error();
  const v1::Role* found = center->find_role(role_key(scenario_, actor));
  if (found == nullptr) return missing("the center shows no role of " + actor);
  return found->id();
}

client::Outcome<std::uint64_t> Acting::channel(const Event& event) {
  if (const std::uint64_t known = id_of("#" + event.channel)) return known;
  const auto sight = stage_.sight(event.actor);
  if (!sight) return sight.error();
  if (const auto* row = sight->find_channel(event.channel)) return row->channel().id();
  return missing(event.actor + " sees no channel " + event.channel);
}

client::Outcome<void> Acting::add_members(const std::string& channel_id,
                                          google::protobuf::RepeatedField<std::uint64_t>& to) {
  std::set<std::string> actors;
  for (const auto& event : scenario_.events) {
    if (event.channel != channel_id) continue;
    if (event.actor != "sys") actors.insert(event.actor);
    for (const auto& other : event.words("concur")) actors.insert(other);
    for (const char* part : {"proposed_by", "signed_by", "confirmed_by"}) {
      if (scenario_.actor(event.word(part)) != nullptr) actors.insert(event.word(part));
    }
  }
  for (const auto& actor : actors) {
    const auto id = account(actor);
    if (!id) return id.error();
    to.Add(*id);
  }
  return {};
}

client::Outcome<v1::Incident> Acting::incident(const Event& event, const std::string& actor) {
  const auto sight = stage_.sight(actor);
  if (!sight) return sight.error();
  std::string name = event.word("incident_id");
  if (name.empty()) {
    const auto* declared = scenario_.first("incident.declare");
    if (declared != nullptr) name = declared->word("incident_id");
  }
  const auto row = sight->rows().find({v1::ROW_KIND_INCIDENT, id_of(name)});
  if (row == sight->rows().end()) return missing(actor + " sees no incident " + name);
  return row->second.incident();
}

client::Outcome<v1::Order> Acting::order(const Event& event, const std::string& actor,
                                         const std::string& name) {
  const auto sight = stage_.sight(actor);
  if (!sight) return sight.error();
  const auto row = sight->rows().find({v1::ROW_KIND_ORDER, id_of(name)});
  if (row == sight->rows().end()) {
    return missing(fmt::format("event {}: {} sees no order {}", event.seq, actor, name));
  }
  return row->second.order();
}

Acting::Done Acting::say(const Event& event, const std::string& actor, const std::string& text) {
  const auto where = channel(event);
  if (!where) return where.error();
  v1::Command command;
  v1::PostMessage& post = *command.mutable_post_message();
  post.set_channel_id(*where);
  post.set_text(text);
  post.set_precedence(precedence_of(event.priority));
  return stage_.act(actor, command);
}

// --- Alarms and warnings ---

Acting::Done Acting::report_alarm(const Event& event) {
  v1::Command command;
  v1::ReportAlarm& alarm = *command.mutable_report_alarm();
  alarm.set_source(event.actor);
  alarm.set_key(event.word("sensor"));
  alarm.set_unit(unit_of_point(alarm.key()));
  alarm.set_quantity(event.word("kind"));
  alarm.set_measure(event.word("unit"));
  *alarm.mutable_value() = quantity_of(event.number("value").value_or(0));
  if (const auto threshold = event.number("threshold")) {
    *alarm.mutable_threshold() = quantity_of(*threshold);
  }
  alarm.set_stage(static_cast<std::uint32_t>(event.number("stage").value_or(1)));
  alarm.set_text(event.text.zh);
  return stage_.act(event.actor, command);
}

Acting::Done Acting::report_fault(const Event& event) {
  v1::Command command;
  v1::ReportFault& fault = *command.mutable_report_fault();
  fault.set_source(event.actor);
  fault.set_unit(lost_unit());
  const int lost = static_cast<int>(event.number("points_lost").value_or(1));
  for (int n = 1; n <= lost; ++n) fault.add_keys(lost_point(n));
  fault.set_text(event.text.zh);
  return stage_.act(event.actor, command);
}

Acting::Done Acting::warn(const Event& event) {
  v1::Command command;
  v1::Warning::Content& content = *command.mutable_issue_warning()->mutable_content();
  content.set_colour(colour_of(event.word("colour")));
  content.set_kind("园区安全");
  content.set_area(event.word("area"));
  content.set_text(event.text.zh);
  content.set_until_us(stage_.now() + std::llround(event.number("valid_s").value_or(3'600) * 1e6));
  const std::string proposer =
      event.word("proposed_by").empty() ? event.actor : event.word("proposed_by");
  const Done proposed = stage_.act(proposer, command);
  if (!proposed) return proposed;
  ids_[event.word("warning_id")] = *proposed;
  const std::string approver = event.word("approved_by");
  if (approver.empty() || approver == proposer) return proposed;
  const auto sight = stage_.sight(approver);
  if (!sight) return sight.error();
  const auto row = sight->rows().find({v1::ROW_KIND_WARNING, *proposed});
  if (row == sight->rows().end()) return missing(approver + " sees no warning");
  v1::Command approval;
  approval.mutable_approve_warning()->set_warning_id(*proposed);
  approval.mutable_approve_warning()->set_seen_revision(row->second.warning().revision());
  return stage_.act(approver, approval);
}

// --- Orders ---

Acting::Done Acting::raise(const Event& event) {
  const auto where = channel(event);
  if (!where) return where.error();
  v1::Command command;
  v1::RaiseOrder& order = *command.mutable_raise_order();
  order.set_channel_id(*where);
  order.set_text(event.text.zh);
  order.set_kind(v1::Order::KIND_TASK);
  order.set_aggregate(v1::Order::AGGREGATE_ALL);
  order.set_precedence(precedence_of(event.priority));
  order.set_ladder(ladder_key(event.word("policy")));
  order.set_incident_id(id_of(scenario_.first("incident.declare") == nullptr
                                  ? ""
                                  : scenario_.first("incident.declare")->word("incident_id")));
  for (const auto& actor : event.words("to")) {
    const auto to = role(actor);
    if (!to) return to.error();
    order.add_to()->set_role_id(*to);
  }
  const Done raised = stage_.act(event.actor, command);
  if (raised) ids_[event.word("alert_id")] = *raised;
  return raised;
}

Acting::Done Acting::accept(const Event& event) {
  const auto found = order(event, event.actor, event.word("alert_id"));
  if (!found) return found.error();
  const auto addressed = role(event.word("for_recipient"));
  if (!addressed) return addressed.error();
  v1::Command command;
  v1::AcceptOrder& accept = *command.mutable_accept_order();
  accept.set_order_id(found->id());
  accept.set_seen_revision(found->revision());
  for (const auto& one : found->addressees()) {
    if (one.role_id() == *addressed) accept.set_addressee(one.number());
  }
  accept.set_text(event.text.zh);
  return stage_.act(event.actor, command);
}

Acting::Done Acting::assign(const Event& event) {
  const auto where = channel(event);
  if (!where) return where.error();
  const auto to = role(event.word("to"));
  if (!to) return to.error();
  v1::Command command;
  v1::RaiseOrder& order = *command.mutable_raise_order();
  order.set_channel_id(*where);
  order.set_text(event.text.zh);
  order.set_kind(v1::Order::KIND_TASK);
  // No ladder before it is due.
  order.set_done_by_us(instant(event.number("due_t").value_or(event.t + 3'600)));
  order.set_accept_by_us(order.done_by_us());
  order.add_to()->set_role_id(*to);
  const auto* declared = scenario_.first("incident.declare");
  if (declared != nullptr) order.set_incident_id(id_of(declared->word("incident_id")));
  const Done raised = stage_.act(event.actor, command);
  if (raised) ids_[event.word("task_id")] = *raised;
  return raised;
}

Acting::Done Acting::finish(const Event& event) {
  const auto found = order(event, event.actor, event.word("task_id"));
  if (!found) return found.error();
  v1::Command command;
  v1::FinishOrder& finish = *command.mutable_finish_order();
  finish.set_order_id(found->id());
  finish.set_seen_revision(found->revision());
  finish.set_text(event.text.zh);
  return stage_.act(event.actor, command);
}

// --- What the hub does by itself ---

client::Outcome<std::string> Acting::look_for(const Event& event) {
  if (event.action == "alert.raise") return look_for_order(event);
  if (event.action == "alert.escalate") return look_for_step(event);
  return std::string("nothing the hub does by itself is called " + event.action);
}

client::Outcome<std::string> Acting::look_for_order(const Event& event) {
  const auto to = event.words("to");
  if (to.empty()) return std::string("it names nobody");
  std::set<std::uint64_t> wanted;
  for (const auto& actor : to) {
    const auto id = role(actor);
    if (!id) return id.error();
    wanted.insert(*id);
  }
  const base::TimeUs at = instant(event.t);
  std::string otherwise = "the hub has raised no such order";
  const auto seen = stage_.comes_to_see(to.front(), [&](const client::State& sight) {
    for (const auto& [key, update] : sight.rows()) {
      const v1::Order& order = update.order();
      if (!update.has_order() || order.issuer_id() != 0) continue;
      if (order.ladder().key() != ladder_key(event.word("policy")) || order.raised_us() < start_)
        continue;
      std::set<std::uint64_t> asked;
      for (const auto& one : order.addressees()) asked.insert(one.role_id());
      const base::TimeUs off = order.raised_us() - at;
      if (asked != wanted) {
        otherwise = "it asks others";
      } else if (std::abs(off) > stage_.tolerance()) {
        otherwise = fmt::format("{:+.3f} s", static_cast<double>(off) / 1e6);
      } else {
        ids_[event.word("alert_id")] = order.id();
        return true;
      }
    }
    return false;
  });
  if (!seen) return seen.error();
  return *seen ? std::string() : otherwise;
}

client::Outcome<std::string> Acting::look_for_step(const Event& event) {
  const auto addressed = role(event.word("for_recipient"));
  if (!addressed) return addressed.error();
  std::set<std::uint64_t> wanted;
  for (const auto& actor : event.words("to")) {
    const auto id = account(actor);
    if (!id) return id.error();
    wanted.insert(*id);
  }
  std::set<std::uint64_t> told;
  for (const auto& actor : event.words("also_notify")) {
    const auto id = role(actor);
    if (!id) return id.error();
    told.insert(*id);
  }
  const auto rung = static_cast<std::uint32_t>(event.number("step").value_or(0));
  const base::TimeUs at = instant(event.t);
  std::string otherwise = "the ladder has not fired";
  // Whom it reached sees it.
  const auto seen = stage_.comes_to_see(event.words("to").front(), [&](const auto& sight) {
    const auto row = sight.rows().find({v1::ROW_KIND_ORDER, id_of(event.word("alert_id"))});
    if (row == sight.rows().end()) return false;
    for (const auto& one : row->second.order().addressees()) {
      if (one.role_id() != *addressed) continue;
      for (const auto& step : one.run().steps()) {
        if (step.rung() != rung || step.cause() != v1::Step::CAUSE_TIME) continue;
        std::set<std::uint64_t> asked;
        for (const auto& holder : step.holders()) asked.insert(holder.account_id());
        const std::set<std::uint64_t> also(step.told_role_ids().begin(),
                                           step.told_role_ids().end());
        const base::TimeUs off = step.at_us() - at;
        otherwise = asked != wanted ? "it asked others"
                    : !std::includes(also.begin(), also.end(), told.begin(), told.end())
                        ? "somebody was not told"
                    : std::abs(off) > stage_.tolerance()
                        ? fmt::format("{:+.3f} s", static_cast<double>(off) / 1e6)
                        : std::string();
        return otherwise.empty();
      }
    }
    return false;
  });
  if (!seen) return seen.error();
  return *seen ? std::string() : otherwise;
}

}  // namespace fenghuo::replay
