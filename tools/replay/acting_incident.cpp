// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/acting.h"
#include "tools/replay/casting.h"
#include "tools/replay/rules.h"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::replay {
namespace {

namespace json = boost::json;

client::Failure missing(const std::string& what) {
  return client::Failure(client::Failure::Kind::Local, what);
}

v1::IncidentCategory category_of(const std::string& word) {
  if (word == "natural") return v1::INCIDENT_CATEGORY_NATURAL;
  if (word == "public_health") return v1::INCIDENT_CATEGORY_PUBLIC_HEALTH;
  if (word == "social_security") return v1::INCIDENT_CATEGORY_SOCIAL_SECURITY;
  return v1::INCIDENT_CATEGORY_ACCIDENT;
}

std::uint32_t count_at(const json::object& counts, const char* name, std::uint32_t otherwise) {
  const json::value* value = counts.if_contains(name);
  return value == nullptr || !value->is_number() ? otherwise : value->to_number<std::uint32_t>();
}

std::int32_t degrees_e7(const Scenario::Event& event, const char* field) {
  return static_cast<std::int32_t>(std::llround(event.number(field).value_or(0) * 1e7));
}

// "成立8个工作组：综合协调、抢险救援、…": the names of the groups, in the order of the file.
std::vector<std::string> names_in(const std::string& text) {
  const std::string colon = text.find(':') != std::string::npos ? ":" : "：";
  const auto at = text.find(colon);
  std::vector<std::string> names;
  if (at == std::string::npos) return names;
  const std::string comma = "、";
  for (std::size_t from = at + colon.size(); from <= text.size();) {
    const auto end = std::min(text.find(comma, from), text.size());
    names.push_back(text.substr(from, end - from));
    from = end + comma.size();
  }
  return names;
}

// What the file says in a field, as people would write it.
std::string written(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  std::string text;
  for (const auto& one : value.is_array() ? value.as_array() : json::array()) {
    const json::object* item = one.if_object();
    const json::value* said = item == nullptr ? &one : item->if_contains("text");
    if (said == nullptr || !said->is_string()) continue;
    text += (text.empty() ? "" : "；") + std::string(said->as_string());
  }
  return text;
}

}  // namespace

Acting::Done Acting::declare(const Event& event) {
  v1::Command command;
  v1::DeclareIncident& incident = *command.mutable_declare_incident();
  const Scenario::Channel* room = nullptr;
  for (const auto& one : scenario_.channels) {
    if (one.kind == "incident") room = &one;
  }
  incident.set_title(room == nullptr ? scenario_.title.zh : room->name.zh);
  incident.set_category(category_of(event.word("category")));
  incident.set_type(event.word("type"));
  incident.set_level(level_of(event.word("level")));
  incident.set_response_level(incident.level());
  incident.set_occurred_us(
      std::min(instant(event.number("occurred_t").value_or(event.t)), stage_.now()));
  incident.mutable_place()->set_text(event.word("location"));
  incident.mutable_place()->set_latitude_e7(degrees_e7(event, "lat"));
  incident.mutable_place()->set_longitude_e7(degrees_e7(event, "lon"));
  if (const json::object* known = event.object("known")) {
    v1::Casualties& casualties = *incident.mutable_casualties();
    casualties.set_injured(count_at(*known, "injured", 0));
    casualties.set_missing(count_at(*known, "missing", 0));
    casualties.set_dead(count_at(*known, "dead", 0));
    casualties.set_source(scenario_.actor(event.actor)->name.zh);
  }
  if (room != nullptr) {
    const auto center = stage_.center();
    if (!center) return center.error();
    // Played a second time, the room gets a name of the hub's.
    if (center->find_channel(room->id) == nullptr) incident.set_channel_key(room->id);
    const auto added = add_members(room->id, *incident.mutable_members()->mutable_account_ids());
    if (!added) return added.error();
  }
  const Done declared = stage_.act(event.actor, command);
  if (!declared) return declared;
  ids_[event.word("incident_id")] = *declared;
  const auto row = this->incident(event, event.actor);
  if (!row) return row.error();
  if (room != nullptr) ids_["#" + room->id] = row->channel_id();
  const std::string confirms = event.word("confirmed_by");
  if (confirms.empty() || !row->provisional()) return declared;
  v1::Command confirm;
  confirm.mutable_confirm_level()->set_incident_id(row->id());
  confirm.mutable_confirm_level()->set_seen_revision(row->revision());
  return stage_.act(confirms, confirm);
}

Acting::Done Acting::activate(const Event& event) {
  const auto row = incident(event, event.actor);
  if (!row) return row.error();
  v1::Command command;
  v1::ActivateCommand& activate = *command.mutable_activate_command();
  activate.set_incident_id(row->id());
  activate.set_seen_revision(row->revision());
  for (const auto& [field, post] : {std::pair("commander", activate.mutable_commander()),
                                    std::pair("deputy", activate.mutable_deputy()),
                                    std::pair("on_scene", activate.mutable_on_scene())}) {
    const auto who = account(event.word(field));
    if (!who) return who.error();
    post->set_account_id(*who);
  }
  return stage_.act(event.actor, command);
}

Acting::Done Acting::form(const Event& event) {
  const auto row = incident(event, event.actor);
  if (!row) return row.error();
  const auto center = stage_.center();
  if (!center) return center.error();
  v1::Command command;
  v1::FormGroups& form = *command.mutable_form_groups();
  form.set_incident_id(row->id());
  const json::value* list = event.fields.if_contains("groups");
  if (list == nullptr || !list->is_array()) return missing("a group.form without groups");
  const std::vector<std::string> names = names_in(event.text.zh);
  std::vector<std::string> rooms;
  for (std::size_t i = 0; i < list->as_array().size(); ++i) {
    const json::object& one = list->as_array()[i].as_object();
    const std::string id(one.at("id").as_string());
    v1::FormGroups::NewGroup& group = *form.add_groups();
    group.set_key(id);
    group.mutable_name()->set_zh_hans(i < names.size() ? names[i] : id);
    const auto lead = role(std::string(one.at("lead").as_string()));
    if (!lead) return lead.error();
    group.set_lead_role_id(*lead);
    // g_X owns the channel grp-X, where the file has one.
    const std::string room = id.starts_with("g_") ? "grp-" + id.substr(2) : id;
    rooms.push_back(room);
    if (scenario_.channel(room) == nullptr) continue;
    if (center->find_channel(room) == nullptr) group.set_channel_key(room);
    const auto added = add_members(room, *group.mutable_account_ids());
    if (!added) return added.error();
  }
  const Done formed = stage_.act(event.actor, command);
  if (!formed) return formed;
  const auto after = incident(event, event.actor);
  if (!after) return after.error();
  for (std::size_t i = 0; i < rooms.size(); ++i) {
    for (const auto& group : after->groups()) {
      if (group.key() == form.groups(static_cast<int>(i)).key()) {
        ids_["#" + rooms[i]] = group.channel_id();
      }
    }
  }
  return formed;
}

Acting::Done Acting::casualties(const Event& event) {
  const auto row = incident(event, event.actor);
  if (!row) return row.error();
  const json::object& figures = *event.object("figures");
  const v1::Casualties& before = row->casualties();
  v1::Command command;
  v1::ChangeCasualties& change = *command.mutable_change_casualties();
  change.set_incident_id(row->id());
  change.set_seen_revision(before.revision());
  change.set_injured(count_at(figures, "injured", before.injured()));
  change.set_missing(count_at(figures, "missing", before.missing()));
  change.set_dead(count_at(figures, "dead", before.dead()));
  change.set_source(scenario_.actor(event.actor)->name.zh);
  return stage_.act(event.actor, command);
}

// --- Levels ---

Acting::Done Acting::propose_level(const Event& event, const std::string& actor,
                                   const std::string& to) {
  const auto row = incident(event, actor);
  if (!row) return row.error();
  v1::Command command;
  v1::ProposeLevel& propose = *command.mutable_propose_level();
  propose.set_incident_id(row->id());
  propose.set_seen_revision(row->revision());
  propose.set_level(level_of(to));
  propose.set_response_level(level_of(to));
  propose.set_reason(event.text.zh);
  return stage_.act(actor, command);
}

namespace {

// The last proposal of this level that still waits; 0 = none.
std::uint32_t waiting(const v1::Incident& incident, v1::Level to) {
  std::uint32_t found = 0;
  for (const auto& one : incident.proposals()) {
    const bool open = one.state() == v1::LevelProposal::STATE_OPEN ||
                      one.state() == v1::LevelProposal::STATE_REQUESTED;
    if (open && one.level() == to) found = one.number();
  }
  return found;
}

}  // namespace

Acting::Done Acting::request_level(const Event& event) {
  const auto row = incident(event, event.actor);
  if (!row) return row.error();
  v1::Command command;
  command.mutable_request_level()->set_incident_id(row->id());
  command.mutable_request_level()->set_proposal(waiting(*row, level_of(event.word("to_level"))));
  return stage_.act(event.actor, command);
}

Acting::Done Acting::change_level(const Event& event) {
  const std::string approver =
      event.word("approved_by").empty() ? event.actor : event.word("approved_by");
  auto row = incident(event, approver);
  if (!row) return row.error();
  const v1::Level to = level_of(event.word("to"));
  if (waiting(*row, to) == 0) {
    const Done proposed = propose_level(event, event.word("proposed_by"), event.word("to"));
    if (!proposed) return proposed;
    row = incident(event, approver);
    if (!row) return row.error();
  }
  const std::uint32_t number = waiting(*row, to);
  v1::Command command;
  if (number != 0 &&
      row->proposals(static_cast<int>(number) - 1).state() == v1::LevelProposal::STATE_REQUESTED) {
    v1::AnswerRequest& answer = *command.mutable_answer_request();
    answer.set_incident_id(row->id());
    answer.set_proposal(number);
    answer.set_approve(true);
    answer.set_reason(event.word("reason"));
  } else {
    v1::DecideLevel& decide = *command.mutable_decide_level();
    decide.set_incident_id(row->id());
    decide.set_seen_revision(row->revision());
    decide.set_proposal(number);
    decide.set_approve(true);
    decide.set_reason(event.word("reason"));
  }
  return stage_.act(approver, command);
}

// --- Reports, handover, the end ---

Acting::Done Acting::file_report(const Event& event) {
  const auto row = incident(event, event.actor);
  if (!row) return row.error();
  const std::string word = event.word("report_kind");
  const v1::ReportKind kind = word == "initial" ? v1::REPORT_KIND_INITIAL
                              : word == "final" ? v1::REPORT_KIND_FINAL
                                                : v1::REPORT_KIND_FOLLOW_UP;
  const v1::ReportMedium medium =
      event.word("medium") == "phone" ? v1::REPORT_MEDIUM_PHONE : v1::REPORT_MEDIUM_WRITTEN;
  const std::string signer = event.word("signed_by");
  if (!signer.empty() && signer != event.actor) {
    if (const Done said = say(event, signer, "签发：" + event.text.zh); !said) return said;
  }
  const auto sight = stage_.sight(event.actor);
  if (!sight) return sight.error();
  v1::Command command;
  v1::FileReport& file = *command.mutable_file_report();
  file.set_incident_id(row->id());
  file.set_text(event.text.zh);
  file.set_kind(kind);
  file.set_medium(medium);
  for (const auto& [key, update] : sight->rows()) {
    const v1::Report& report = update.report();
    const bool owed = update.has_report() && report.incident_id() == row->id() &&
                      report.rule().kind() == kind && report.rule().medium() == medium;
    if (!owed) continue;
    file.set_report_id(report.id());
    file.clear_fields();
    for (const auto& field : report.rule().required()) {
      v1::FileReport::Field& told = *file.add_fields();
      told.set_key(field.key());
      told.set_value(event.text.zh);
    }
  }
  return stage_.act(event.actor, command);
}

Acting::Done Acting::propose_handover(const Event& event) {
  const auto post = role(event.actor);
  if (!post) return post.error();
  const auto to = account(event.word("to"));
  if (!to) return to.error();
  v1::Command command;
  v1::ProposeHandover& propose = *command.mutable_propose_handover();
  propose.set_role_id(*post);
  propose.set_standing(v1::Appointment::STANDING_PRIMARY);
  propose.set_to_account_id(*to);
  propose.set_note(event.text.zh);
  const Done proposed = stage_.act(event.actor, command);
  if (proposed) ids_[event.word("handover_id")] = *proposed;
  return proposed;
}

Acting::Done Acting::accept_handover(const Event& event) {
  const auto post = role(event.actor);
  if (!post) return post.error();
  v1::Query query;
  query.mutable_open_items()->set_role_id(*post);
  const auto items = stage_.ask(event.actor, query);
  if (!items) return items.error();
  const auto sight = stage_.sight(event.actor);
  if (!sight) return sight.error();
  const auto row = sight->rows().find({v1::ROW_KIND_HANDOVER, id_of(event.word("handover_id"))});
  if (row == sight->rows().end()) return missing(event.actor + " sees no handover");
  v1::Command command;
  v1::AcceptHandover& accept = *command.mutable_accept_handover();
  accept.set_handover_id(row->second.handover().id());
  accept.set_seen_revision(row->second.handover().revision());
  accept.set_read_through(items->open_items().through());
  for (const auto& item : items->open_items().items()) {
    if (item.red()) accept.add_red_item_ids(item.id());
  }
  return stage_.act(event.actor, command);
}

Acting::Done Acting::stand_down(const Event& event) {
  const std::string proposer = event.word("proposed_by");
  if (!proposer.empty() && proposer != event.actor) {
    if (const Done said = say(event, proposer, "建议终止应急响应"); !said) return said;
  }
  const auto row = incident(event, event.actor);
  if (!row) return row.error();
  v1::Command command;
  v1::StandDown& down = *command.mutable_stand_down();
  down.set_incident_id(row->id());
  down.set_seen_revision(row->revision());
  down.set_reason(event.text.zh);
  return stage_.act(event.actor, command);
}

Acting::Done Acting::evaluate(const Event& event) {
  const auto row = incident(event, event.actor);
  if (!row) return row.error();
  v1::Command command;
  v1::FileEvaluation& file = *command.mutable_file_evaluation();
  file.set_incident_id(row->id());
  file.set_text(event.text.zh);
  for (const char* section : {"strengths", "weaknesses", "action_items"}) {
    const json::value* value = event.fields.if_contains(section);
    if (value == nullptr || written(*value).empty()) continue;
    v1::FileReport::Field& field = *file.add_sections();
    field.set_key(section);
    field.set_value(written(*value));
  }
  return stage_.act(event.actor, command);
}

}  // namespace fenghuo::replay
