// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/channels.h"
#include "hub/core/incident_rules.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

const v1::IncidentTemplate* template_of(const Context& context, const std::string& key) {
  for (const v1::IncidentTemplate& one : context.rows.configuration().incident_templates()) {
    if (one.key() == key) return &one;
  }
  return nullptr;
}

Problem check_place(const v1::Place& place, const std::string& field) {
  constexpr std::int32_t degree = 10'000'000;
  if (auto problem = check_text(place.text(), 0, limits::reason_bytes_max, field + ".text")) {
    return problem;
  }
  if (std::abs(place.latitude_e7()) > 90 * degree ||
      std::abs(std::int64_t{place.longitude_e7()}) > 180LL * degree) {
    return bad_argument(field, "not on this earth");
  }
  return std::nullopt;
}

Problem check_gradings(const v1::DeclareIncident& command, const std::string& at) {
  if (command.category() == v1::INCIDENT_CATEGORY_UNSPECIFIED ||
      !v1::IncidentCategory_IsValid(command.category())) {
    return bad_argument(at + "category", "one of the four categories");
  }
  if (auto problem = check_level(command.level(), at + "level", false)) return problem;
  if (auto problem = check_level(command.response_level(), at + "response_level", true)) {
    return problem;
  }
  if (!v1::IncidentPhase_IsValid(command.phase()) ||
      command.phase() > v1::INCIDENT_PHASE_HANDLING) {
    return bad_argument(at + "phase", "from warning to handling");
  }
  return std::nullopt;
}

Problem check_times(const Context& context, const v1::DeclareIncident& command,
                    const std::string& at) {
  if (command.occurred_us() < 0 || command.occurred_us() > context.now) {
    return bad_argument(at + "occurred_us", "not after now");
  }
  if (command.received_us() < 0 || command.received_us() > context.now) {
    return bad_argument(at + "received_us", "not after now");
  }
  return std::nullopt;
}

Problem check_declare(const Context& context, const v1::DeclareIncident& command) {
  const std::string at = "declare_incident.";
  const auto verb = v1::Grant::VERB_DECLARE;
  const Verdict verdict = allows(context.state, context.actor(), verb, {});
  if (!verdict.allowed) return forbidden(verb_name(verb), verdict.reason);
  if (auto problem = check_text(command.title(), 1, limits::name_bytes_max, at + "title")) {
    return problem;
  }
  if (auto problem = check_text(command.type(), 0, limits::name_bytes_max, at + "type")) {
    return problem;
  }
  if (auto problem = check_gradings(command, at)) return problem;
  if (auto problem = check_times(context, command, at)) return problem;
  if (auto problem = check_place(command.place(), at + "place")) return problem;
  if (auto problem = check_text(command.casualties().source(), 0, limits::name_bytes_max,
                                at + "casualties.source")) {
    return problem;
  }
  if (!command.template_().empty() && template_of(context, command.template_()) == nullptr) {
    return not_found(at + "template");
  }
  if (!command.channel_key().empty()) {
    if (auto problem = check_key(command.channel_key(), at + "channel_key")) return problem;
    if (context.state.channel_by_key(command.channel_key()) != nullptr) {
      return base::Error(v1::ERROR_CODE_ALREADY_EXISTS, "a channel with this key exists",
                         at + "channel_key");
    }
  }
  if (auto problem = check_count(static_cast<std::size_t>(command.origins_size()),
                                 limits::origins_max, at + "origins")) {
    return problem;
  }
  return check_members(context, command.members(), at + "members");
}

// What the plan names and does not know is left out: it is no time for errors of the plan.
void add_role(const State::Rows& rows, const std::string& key,
              google::protobuf::RepeatedField<std::uint64_t>& to) {
  if (const EntityId id = role_of_key(rows, key)) to.Add(id);
}

v1::Channel room(const std::string& key, v1::Channel::Kind kind, EntityId owner_id) {
  v1::Channel channel;
  channel.set_key(key);
  channel.set_kind(kind);
  channel.set_posting(v1::Channel::POSTING_MEMBERS);
  channel.set_history(v1::Channel::HISTORY_ALL);
  channel.set_owner_id(owner_id);
  return channel;
}

void set_post(const State::Rows& rows, const std::string& key, v1::CommandPost* post) {
  post->set_role_id(role_of_key(rows, key));
}

v1::Channel incident_room(const Context& context, const v1::DeclareIncident& command,
                          const v1::IncidentTemplate& plan, const std::string& key) {
  v1::Channel channel = room(key, v1::Channel::KIND_INCIDENT, context.actor());
  channel.mutable_name()->set_zh_hans(command.title());
  v1::Channel::Members& members = *channel.mutable_members() = command.members();
  for (const auto& entry : context.rows.roles) {
    if (entry.row->command_seat() && !entry.row->retired()) members.add_role_ids(entry.id);
  }
  if (!context.is_hub()) members.add_account_ids(context.actor());
  // Who confirms or decides on its level must see it.
  const v1::Configuration& configuration = context.rows.configuration();
  add_role(context.rows, configuration.incident_rules().confirming_role(),
           *members.mutable_role_ids());
  for (const v1::LevelAuthority& one : configuration.level_authorities()) {
    for (const std::string& role : one.decides()) {
      add_role(context.rows, role, *members.mutable_role_ids());
    }
  }
  for (const std::string& one : plan.roles()) {
    add_role(context.rows, one, *members.mutable_role_ids());
  }
  for (const std::string* one : {&plan.commander(), &plan.deputy(), &plan.on_scene()}) {
    add_role(context.rows, *one, *members.mutable_role_ids());
  }
  for (const v1::GroupTemplate& group : plan.groups()) {
    add_role(context.rows, group.lead(), *members.mutable_role_ids());
  }
  for (const std::string& one : plan.departments()) {
    const auto found = context.rows.department_keys.find(one);
    if (found != context.rows.department_keys.end()) members.add_department_ids(found->second);
  }
  put_in_order(members);
  return channel;
}

v1::Channel group_room(const Context& context, const v1::Group& group, const std::string& key) {
  v1::Channel channel = room(key, v1::Channel::KIND_GROUP, context.actor());
  *channel.mutable_name() = group.name();
  *channel.mutable_members()->mutable_role_ids() = group.role_ids();
  *channel.mutable_members()->mutable_account_ids() = group.account_ids();
  if (group.lead_role_id() != 0) channel.mutable_members()->add_role_ids(group.lead_role_id());
  put_in_order(*channel.mutable_members());
  return channel;
}

v1::Incident first_value(const Context& context, const v1::DeclareIncident& command,
                         const v1::IncidentTemplate& plan) {
  v1::Incident incident;
  incident.set_title(command.title());
  incident.set_category(command.category());
  incident.set_type(command.type().empty() ? plan.type() : command.type());
  incident.set_template_(command.template_());
  incident.set_level(command.level());
  incident.set_response_level(command.response_level());
  incident.set_phase(command.phase());
  if (command.phase() == v1::INCIDENT_PHASE_UNSPECIFIED) {
    incident.set_phase(command.response_level() == v1::LEVEL_UNSPECIFIED
                           ? v1::INCIDENT_PHASE_REPORTING
                           : v1::INCIDENT_PHASE_RESPONSE);
  }
  incident.set_received_us(command.received_us() == 0 ? context.now : command.received_us());
  incident.set_occurred_us(command.occurred_us());
  if (command.has_place()) *incident.mutable_place() = command.place();
  if (command.has_casualties()) {
    const v1::Casualties& known = command.casualties();
    v1::Casualties& first = *incident.mutable_casualties();
    first.set_injured(known.injured());
    first.set_missing(known.missing());
    first.set_dead(known.dead());
    first.set_source(known.source());
  }
  *incident.mutable_origins() = command.origins();
  *incident.mutable_waiting_orders() = plan.orders();
  if (!plan.commander().empty()) {
    set_post(context.rows, plan.commander(), incident.mutable_posts()->mutable_commander());
  }
  if (!plan.deputy().empty()) {
    set_post(context.rows, plan.deputy(), incident.mutable_posts()->mutable_deputy());
  }
  if (!plan.on_scene().empty()) {
    set_post(context.rows, plan.on_scene(), incident.mutable_posts()->mutable_on_scene());
  }
  const v1::IncidentRules& rules = context.rows.configuration().incident_rules();
  const EntityId confirming = role_of_key(context.rows, rules.confirming_role());
  if (confirming != 0) {
    incident.set_confirming_role_id(confirming);
    incident.set_confirm_by_us(context.now + rules.confirm_within_us());
  }
  return incident;
}

v1::Group group_of(const State::Rows& rows, const v1::GroupTemplate& from) {
  v1::Group group;
  group.set_key(from.key());
  *group.mutable_name() = from.name();
  group.set_lead_role_id(role_of_key(rows, from.lead()));
  for (const std::string& key : from.roles()) add_role(rows, key, *group.mutable_role_ids());
  return group;
}

}  // namespace

std::string free_channel_key(const State& state, std::string wanted) {
  std::string key = wanted;
  for (int i = 2; state.channel_by_key(key) != nullptr; ++i) {
    key = wanted + "-" + std::to_string(i);
  }
  return key;
}

base::Result<Decision> decide_declare_incident(const Context& context,
                                               const v1::DeclareIncident& command) {
  if (auto problem = check_declare(context, command)) return *problem;
  const v1::IncidentTemplate* found = template_of(context, command.template_());
  const v1::IncidentTemplate& plan =
      found == nullptr ? v1::IncidentTemplate::default_instance() : *found;
  if (context.state.channel_count() + 1 + static_cast<std::size_t>(plan.groups_size()) >
      limits::channels_max) {
    return limit_reached("channels", limits::channels_max);
  }
  const std::string key =
      command.channel_key().empty()
          ? free_channel_key(context.state,
                             "i-" + std::to_string(context.rows.incidents.size() + 1))
          : command.channel_key();
  Draft draft(context);
  const EntityId incident_id = draft.next();
  v1::Incident incident = first_value(context, command, plan);
  // The channels follow this event one by one.
  incident.set_channel_id(incident_id + 1);
  std::vector<v1::Channel> rooms = {incident_room(context, command, plan, key)};
  for (const v1::GroupTemplate& one : plan.groups()) {
    v1::Group& group = *incident.add_groups() = group_of(context.rows, one);
    group.set_channel_id(incident_id + 1 + rooms.size());
    rooms.push_back(
        group_room(context, group, free_channel_key(context.state, key + "/" + one.key())));
  }
  const Verdict verdict = allows(context.state, context.actor(), v1::Grant::VERB_DECLARE, {});
  *add_as(context, draft, verdict.role_id).mutable_incident_declared()->mutable_incident() =
      incident;
  for (v1::Channel& one : rooms) *draft.add().mutable_channel_set()->mutable_channel() = one;
  draft_first_reports(context, incident, incident_id, draft);
  return draft.finish();
}

base::Result<Decision> decide_confirm_level(const Context& context,
                                            const v1::ConfirmLevel& command) {
  const auto found = find_incident_at(context, command.incident_id(), command.seen_revision(),
                                      "confirm_level.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const EntityId role_id = incident.confirming_role_id();
  if (role_id == 0 || !incident.provisional()) {
    return bad_argument("confirm_level.incident_id", "there is nothing to confirm");
  }
  if (!context.is_hub() && !gives_as(context, role_id)) {
    return forbidden("confirm", "only the confirming role");
  }
  if (is_involved(context, incident.declared_by_id())) {
    return base::Error(v1::ERROR_CODE_SAME_PERSON, "the second person must be another one");
  }
  Draft draft(context);
  add_as(context, draft, role_id).mutable_level_confirmed()->set_incident_id(incident.id());
  return draft.finish();
}

}  // namespace fenghuo::core
