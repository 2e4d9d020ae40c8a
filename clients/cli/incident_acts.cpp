// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/incident_acts.h"

#include "clients/cli/incident_wording.h"
#include "clients/cli/terms.h"

#include <fmt/format.h>

namespace fenghuo::cli {
namespace {

void set_post(const Party& party, v1::CommandPost& post) {
  post.set_role_id(party.role_id);
  post.set_account_id(party.account_id);
  post.set_contact_id(party.contact_id);
}

// An order by its state now: nobody took it, or its work is late.
client::Outcome<v1::Waiver> waiver_of(Opened& opened, const std::string& text) {
  const auto field = split_field(text);
  if (!field) return field.error();
  v1::Waiver waiver;
  waiver.set_reason(field->second);
  if (field->first == "missing") {
    waiver.set_kind(v1::Waiver::KIND_MISSING_PERSONS);
    return waiver;
  }
  const auto order = find_order(opened, field->first);
  if (!order) return order.error();
  waiver.set_order_id(order->id());
  waiver.set_kind(order->state() == v1::Order::STATE_OPEN ? v1::Waiver::KIND_UNACCEPTED_ORDER
                                                          : v1::Waiver::KIND_OVERDUE_ORDER);
  return waiver;
}

Problem add_members(const client::State& state, const std::vector<std::string>& words,
                    v1::FormGroups::NewGroup& group) {
  for (const std::string& word : words) {
    const auto found = party(state, word);
    if (!found) return found.error();
    if (found->contact_id != 0) return usage("a contact cannot read a channel: " + word);
    if (found->role_id != 0) group.add_role_ids(found->role_id);
    if (found->account_id != 0) group.add_account_ids(found->account_id);
  }
  return std::nullopt;
}

}  // namespace

About about_incident(const Setting& setting, Opened& opened, std::uint64_t incident_id) {
  About about;
  about.now = [&setting, &opened, incident_id](std::uint64_t id) {
    const auto incident =
        find_incident(opened, std::to_string(incident_id != 0 ? incident_id : id));
    if (!incident) return std::vector<std::string>();
    const client::State state = opened.client->state();
    // What was refused or made is read in full; what was changed has been shown before.
    if (id == 0 || incident_id == 0) return incident_lines(*incident, state, setting.language);
    return std::vector<std::string>{incident_line(*incident, state, setting.language)};
  };
  return about;
}

int act_on(const Setting& setting, const IncidentActArguments& arguments,
           const std::function<Problem(Opened&, const v1::Incident&, v1::Command&)>& fill) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto incident = find_incident(*opened, arguments.incident);
  if (!incident) return report(incident.error());
  v1::Command command;
  if (const auto failure = fill(*opened, *incident, command)) return report(*failure);
  About about = about_incident(setting, *opened, incident->id());
  about.before = {incident_line(*incident, opened->client->state(), setting.language)};
  return send(setting, *opened, arguments.signature, command, about);
}

client::Outcome<std::pair<std::string, std::string>> split_field(const std::string& field) {
  const auto at = field.find('=');
  if (at == std::string::npos || at == 0) return usage(field + ": write it as KEY=TEXT");
  return std::pair{field.substr(0, at), field.substr(at + 1)};
}

int run_incident_phase(const Setting& setting, const PhaseArguments& arguments) {
  return act_on(setting, arguments,
                [&](Opened&, const v1::Incident& incident, v1::Command& command) -> Problem {
                  v1::ChangePhase& change = *command.mutable_change_phase();
                  change.set_incident_id(incident.id());
                  change.set_seen_revision(incident.revision());
                  change.set_phase(
                      value_of(phases, arguments.phase).value_or(v1::INCIDENT_PHASE_UNSPECIFIED));
                  change.set_reason(joined(arguments.words));
                  return std::nullopt;
                });
}

int run_incident_casualties(const Setting& setting, const CasualtiesArguments& arguments) {
  if (!arguments.injured && !arguments.missing && !arguments.dead) {
    return report(usage("--injured, --missing or --dead: at least one of them"));
  }
  return act_on(setting, arguments,
                [&](Opened&, const v1::Incident& incident, v1::Command& command) -> Problem {
                  const v1::Casualties& known = incident.casualties();
                  v1::ChangeCasualties& change = *command.mutable_change_casualties();
                  change.set_incident_id(incident.id());
                  change.set_seen_revision(known.revision());
                  change.set_injured(arguments.injured.value_or(known.injured()));
                  change.set_missing(arguments.missing.value_or(known.missing()));
                  change.set_dead(arguments.dead.value_or(known.dead()));
                  change.set_source(arguments.source);
                  return std::nullopt;
                });
}

int run_incident_command(const Setting& setting, const CommandArguments& arguments) {
  return act_on(setting, arguments,
                [&](Opened& opened, const v1::Incident& incident, v1::Command& command) -> Problem {
                  const client::State state = opened.client->state();
                  v1::ActivateCommand& activate = *command.mutable_activate_command();
                  activate.set_incident_id(incident.id());
                  activate.set_seen_revision(incident.revision());
                  const auto name = [&](const std::string& word, auto post) -> Problem {
                    if (word.empty()) return std::nullopt;
                    const auto found = party(state, word);
                    if (!found) return found.error();
                    set_post(*found, *(activate.*post)());
                    return std::nullopt;
                  };
                  using Activate = v1::ActivateCommand;
                  if (auto failure = name(arguments.commander, &Activate::mutable_commander))
                    return failure;
                  if (auto failure = name(arguments.deputy, &Activate::mutable_deputy))
                    return failure;
                  return name(arguments.on_scene, &Activate::mutable_on_scene);
                });
}

int run_incident_groups(const Setting& setting, const GroupArguments& arguments) {
  return act_on(setting, arguments,
                [&](Opened& opened, const v1::Incident& incident, v1::Command& command) -> Problem {
                  const client::State state = opened.client->state();
                  command.mutable_form_groups()->set_incident_id(incident.id());
                  v1::FormGroups::NewGroup& group = *command.mutable_form_groups()->add_groups();
                  group.set_key(arguments.key);
                  group.mutable_name()->set_zh_hans(arguments.name);
                  group.set_channel_key(arguments.channel);
                  if (!arguments.lead.empty()) {
                    const auto lead = role_id(state, arguments.lead);
                    if (!lead) return lead.error();
                    group.set_lead_role_id(*lead);
                  }
                  return add_members(state, arguments.members, group);
                });
}

int run_incident_merge(const Setting& setting, const MergeArguments& arguments) {
  return act_on(setting, arguments,
                [&](Opened& opened, const v1::Incident& incident, v1::Command& command) -> Problem {
                  const auto into = find_incident(opened, arguments.into);
                  if (!into) return into.error();
                  v1::MergeIncidents& merge = *command.mutable_merge_incidents();
                  merge.set_incident_id(incident.id());
                  merge.set_seen_revision(incident.revision());
                  merge.set_into_id(into->id());
                  merge.set_reason(joined(arguments.words));
                  return std::nullopt;
                });
}

int run_incident_void(const Setting& setting, const VoidArguments& arguments) {
  return act_on(setting, arguments,
                [&](Opened&, const v1::Incident& incident, v1::Command& command) -> Problem {
                  if (arguments.confirm) {
                    command.mutable_confirm_void()->set_incident_id(incident.id());
                    command.mutable_confirm_void()->set_seen_revision(incident.revision());
                    return std::nullopt;
                  }
                  command.mutable_propose_void()->set_incident_id(incident.id());
                  command.mutable_propose_void()->set_reason(joined(arguments.words));
                  return std::nullopt;
                });
}

int run_incident_stand_down(const Setting& setting, const StandDownArguments& arguments) {
  return act_on(setting, arguments,
                [&](Opened& opened, const v1::Incident& incident, v1::Command& command) -> Problem {
                  v1::StandDown& stand_down = *command.mutable_stand_down();
                  stand_down.set_incident_id(incident.id());
                  stand_down.set_seen_revision(incident.revision());
                  stand_down.set_reason(joined(arguments.words));
                  for (const std::string& text : arguments.waivers) {
                    const auto waiver = waiver_of(opened, text);
                    if (!waiver) return waiver.error();
                    *stand_down.add_waivers() = *waiver;
                  }
                  return std::nullopt;
                });
}

int run_incident_evaluate(const Setting& setting, const EvaluateArguments& arguments) {
  return act_on(setting, arguments,
                [&](Opened&, const v1::Incident& incident, v1::Command& command) -> Problem {
                  v1::FileEvaluation& file = *command.mutable_file_evaluation();
                  file.set_incident_id(incident.id());
                  file.set_text(joined(arguments.words));
                  for (const std::string& text : arguments.sections) {
                    const auto section = split_field(text);
                    if (!section) return section.error();
                    v1::FileReport::Field& one = *file.add_sections();
                    one.set_key(section->first);
                    one.set_value(section->second);
                  }
                  return std::nullopt;
                });
}

}  // namespace fenghuo::cli
