// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/incident_verbs.h"

#include "clients/cli/incident_acts.h"
#include "clients/cli/incident_wording.h"
#include "clients/cli/terms.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace fenghuo::cli {
namespace {

v1::Level level_or_none(const std::string& word) {
  return level_of(word).value_or(v1::LEVEL_UNSPECIFIED);
}

// "31.2304,121.4737" in degrees.
Problem set_coordinates(const std::string& text, v1::Place& place) {
  constexpr double e7 = 1e7;
  char* end = nullptr;
  const double latitude = std::strtod(text.c_str(), &end);
  if (*end != ',') return usage("--at is LATITUDE,LONGITUDE in degrees: 31.2304,121.4737");
  const double longitude = std::strtod(end + 1, &end);
  if (*end != '\0' || !(std::abs(latitude) <= 90) || !(std::abs(longitude) <= 180)) {
    return usage("--at is LATITUDE,LONGITUDE in degrees: 31.2304,121.4737");
  }
  place.set_latitude_e7(static_cast<std::int32_t>(std::lround(latitude * e7)));
  place.set_longitude_e7(static_cast<std::int32_t>(std::lround(longitude * e7)));
  return std::nullopt;
}

// "intake:1042", "incident:I-7".
Problem add_origin(Opened& opened, const std::string& text, v1::DeclareIncident& declare) {
  constexpr std::array<std::pair<std::string_view, v1::RowKind>, 4> kinds{
      {{"intake", v1::ROW_KIND_INTAKE},
       {"alarm", v1::ROW_KIND_ALARM},
       {"warning", v1::ROW_KIND_WARNING},
       {"incident", v1::ROW_KIND_INCIDENT}}};
  const auto at = text.find(':');
  for (const auto& [word, kind] : kinds) {
    if (text.substr(0, at) != word || at == std::string::npos) continue;
    const std::string name = text.substr(at + 1);
    v1::Origin& origin = *declare.add_origins();
    origin.set_kind(kind);
    if (kind == v1::ROW_KIND_INCIDENT) {
      const auto incident = find_incident(opened, name);
      if (!incident) return incident.error();
      origin.set_id(incident->id());
      return std::nullopt;
    }
    if (!is_number(name)) break;
    origin.set_id(std::stoull(name));
    return std::nullopt;
  }
  return usage("--from is intake:ID, alarm:ID, warning:ID or incident:NUMBER, not " + text);
}

Problem set_members(const client::State& state, const std::vector<std::string>& words,
                    v1::Channel::Members& members) {
  for (const std::string& word : words) {
    const auto found = party(state, word);
    if (!found) return found.error();
    if (found->contact_id != 0) return usage("a contact cannot read a channel: " + word);
    if (found->role_id != 0) members.add_role_ids(found->role_id);
    if (found->account_id != 0) members.add_account_ids(found->account_id);
  }
  return std::nullopt;
}

Problem set_times(const Opened& opened, const DeclareArguments& arguments,
                  v1::DeclareIncident& declare) {
  const auto occurred = time_of(opened, arguments.occurred_at, Side::Past, "--occurred-at");
  if (!occurred) return occurred.error();
  const auto received = time_of(opened, arguments.received_at, Side::Past, "--received-at");
  if (!received) return received.error();
  declare.set_occurred_us(*occurred);
  declare.set_received_us(*received);
  return std::nullopt;
}

Problem fill(Opened& opened, const DeclareArguments& arguments, v1::DeclareIncident& declare) {
  declare.set_title(joined(arguments.title));
  declare.set_category(
      value_of(categories, arguments.category).value_or(v1::INCIDENT_CATEGORY_UNSPECIFIED));
  declare.set_type(arguments.type);
  declare.set_level(level_or_none(arguments.level));
  declare.set_response_level(level_or_none(arguments.response));
  declare.set_phase(value_of(phases, arguments.phase).value_or(v1::INCIDENT_PHASE_UNSPECIFIED));
  declare.set_template_(arguments.template_key);
  declare.set_channel_key(arguments.channel);
  if (!arguments.place.empty()) declare.mutable_place()->set_text(arguments.place);
  if (!arguments.at.empty()) {
    if (auto failure = set_coordinates(arguments.at, *declare.mutable_place())) return failure;
  }
  if (arguments.injured + arguments.missing + arguments.dead != 0 || !arguments.source.empty()) {
    v1::Casualties& count = *declare.mutable_casualties();
    count.set_injured(arguments.injured);
    count.set_missing(arguments.missing);
    count.set_dead(arguments.dead);
    count.set_source(arguments.source);
  }
  if (auto failure = set_times(opened, arguments, declare)) return failure;
  for (const std::string& text : arguments.from) {
    if (auto failure = add_origin(opened, text, declare)) return failure;
  }
  return set_members(opened.client->state(), arguments.members, *declare.mutable_members());
}

// The newest proposal that the act can be about; 0 = none.
std::uint32_t waiting_proposal(const v1::Incident& incident, LevelAct act) {
  std::uint32_t number = 0;
  for (const v1::LevelProposal& one : incident.proposals()) {
    const bool open = one.state() == v1::LevelProposal::STATE_OPEN;
    const bool requested = one.state() == v1::LevelProposal::STATE_REQUESTED;
    const bool alone = one.break_glass() && one.confirmed_by_id() == 0;
    const bool answers = act == LevelAct::AnswerYes || act == LevelAct::AnswerNo;
    const bool fits = act == LevelAct::ConfirmAlone ? alone
                      : act == LevelAct::Request    ? open
                      : answers                     ? requested
                                                    : open || requested;
    if (fits) number = one.number();
  }
  return number;
}

// Of acts that name a level.
template <typename T>
void propose(const LevelArguments& arguments, const v1::Incident& incident, T& command) {
  command.set_incident_id(incident.id());
  command.set_seen_revision(incident.revision());
  command.set_level(level_or_none(arguments.level));
  command.set_response_level(level_or_none(arguments.response));
  command.set_reason(joined(arguments.words));
}

Problem fill_level(const LevelArguments& arguments, const v1::Incident& incident,
                   v1::Command& command) {
  const LevelAct act = arguments.act;
  const std::uint32_t number =
      arguments.proposal != 0 ? arguments.proposal : waiting_proposal(incident, act);
  if (act == LevelAct::Propose) {
    propose(arguments, incident, *command.mutable_propose_level());
    return std::nullopt;
  }
  if (act == LevelAct::Alone) {
    propose(arguments, incident, *command.mutable_break_glass());
    return std::nullopt;
  }
  if (act == LevelAct::Confirm) {
    command.mutable_confirm_level()->set_incident_id(incident.id());
    command.mutable_confirm_level()->set_seen_revision(incident.revision());
    return std::nullopt;
  }
  if (number == 0) return usage("nothing waits for this (fenghuo incident show lists it)");
  if (act == LevelAct::Request) {
    command.mutable_request_level()->set_incident_id(incident.id());
    command.mutable_request_level()->set_proposal(number);
  } else if (act == LevelAct::ConfirmAlone) {
    command.mutable_confirm_break_glass()->set_incident_id(incident.id());
    command.mutable_confirm_break_glass()->set_proposal(number);
  } else if (act == LevelAct::AnswerYes || act == LevelAct::AnswerNo) {
    v1::AnswerRequest& answer = *command.mutable_answer_request();
    answer.set_incident_id(incident.id());
    answer.set_proposal(number);
    answer.set_approve(act == LevelAct::AnswerYes);
    answer.set_reason(joined(arguments.words));
  } else {
    v1::DecideLevel& decide = *command.mutable_decide_level();
    decide.set_incident_id(incident.id());
    decide.set_seen_revision(incident.revision());
    decide.set_proposal(number);
    decide.set_approve(act == LevelAct::Approve);
    decide.set_reason(joined(arguments.words));
  }
  return std::nullopt;
}

}  // namespace

int run_incident_declare(const Setting& setting, const DeclareArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  v1::Command command;
  if (const auto failure = fill(*opened, arguments, *command.mutable_declare_incident())) {
    return report(*failure);
  }
  return send(setting, *opened, arguments.signature, command, about_incident(setting, *opened, 0));
}

int run_incident_templates(const Setting& setting, const TemplatesArguments&) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  for (const auto& [key, update] : state.rows()) {
    if (!update.has_configuration()) continue;
    for (const v1::IncidentTemplate& one : update.configuration().incident_templates()) {
      fmt::print("{}\n", setting.json ? json_line(one) : template_line(one, setting.language));
    }
  }
  return exit_done;
}

int run_incident_list(const Setting& setting, const IncidentListArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  std::vector<v1::Incident> incidents;
  if (arguments.all) {
    const auto found = list(*opened, v1::ROW_KIND_INCIDENT, 0);
    if (!found) return report(found.error());
    incidents.assign(found->incidents().begin(), found->incidents().end());
  } else {
    for (const auto& [key, update] : state.rows()) {
      if (update.has_incident()) incidents.push_back(update.incident());
    }
  }
  for (const v1::Incident& one : incidents) {
    fmt::print("{}\n", setting.json ? json_line(one) : incident_line(one, state, setting.language));
  }
  return exit_done;
}

int run_incident_show(const Setting& setting, const IncidentArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto incident = find_incident(*opened, arguments.incident);
  if (!incident) return report(incident.error());
  if (setting.json) {
    fmt::print("{}\n", json_line(*incident));
    return exit_done;
  }
  const client::State state = opened->client->state();
  for (const std::string& line : incident_lines(*incident, state, setting.language)) {
    fmt::print("{}\n", line);
  }
  for (const auto& [key, update] : state.rows()) {
    if (!update.has_report() || update.report().incident_id() != incident->id()) continue;
    for (const std::string& line : report_lines(update.report(), state, setting.language)) {
      fmt::print("  {}\n", line);
    }
  }
  return exit_done;
}

int run_incident_level(const Setting& setting, const LevelArguments& arguments) {
  return act_on(setting, arguments,
                [&](Opened&, const v1::Incident& incident, v1::Command& command) {
                  return fill_level(arguments, incident, command);
                });
}

}  // namespace fenghuo::cli
