// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/channels.h"
#include "hub/core/incident_rules.h"

#include <set>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

Problem check_phase(const v1::Incident& incident, v1::IncidentPhase phase,
                    const std::string& field) {
  if (!v1::IncidentPhase_IsValid(phase) || phase <= incident.phase()) {
    return bad_argument(field, "only forwards");
  }
  if (phase == v1::INCIDENT_PHASE_EVALUATION) {
    return bad_argument(field, "only by standing down");
  }
  if (phase != v1::INCIDENT_PHASE_ARCHIVED) return std::nullopt;
  if (incident.phase() != v1::INCIDENT_PHASE_EVALUATION) {
    return bad_argument(field, "only after it was stood down and evaluated");
  }
  if (!incident.has_evaluation()) return bad_argument(field, "the evaluation is not filed");
  return std::nullopt;
}

Problem check_post(const Context& context, const v1::CommandPost& post, const std::string& field) {
  if (post.role_id() == 0 && post.account_id() == 0 && post.contact_id() == 0) {
    return bad_argument(field, "a role, an account or a contact");
  }
  if (post.role_id() != 0 && context.state.role(post.role_id()) == nullptr) return not_found(field);
  if (post.account_id() != 0 && context.state.account(post.account_id()) == nullptr) {
    return not_found(field);
  }
  if (post.contact_id() != 0 && context.rows.contacts.find(post.contact_id()) == nullptr) {
    return not_found(field);
  }
  return std::nullopt;
}

// The incident's channel with those in command as members, if any of them is not yet.
void draft_members(const Context& context, const v1::Incident& incident,
                   const v1::CommandPosts& posts, Draft& draft) {
  const v1::Channel& old = context.rows.channels.find(incident.channel_id())->channel;
  v1::Channel channel = old;
  for (const v1::CommandPost* post : {&posts.commander(), &posts.deputy(), &posts.on_scene()}) {
    if (post->account_id() != 0) channel.mutable_members()->add_account_ids(post->account_id());
    if (post->role_id() != 0) channel.mutable_members()->add_role_ids(post->role_id());
  }
  put_in_order(*channel.mutable_members());
  if (same(channel, old)) return;
  channel.clear_revision();
  *draft.add().mutable_channel_set()->mutable_channel() = std::move(channel);
}

Problem check_groups(const Context& context, const v1::Incident& incident,
                     const v1::FormGroups& command) {
  const std::string at = "form_groups.groups";
  if (command.groups().empty()) return bad_argument(at, "at least one");
  if (auto problem =
          check_count(static_cast<std::size_t>(incident.groups_size() + command.groups_size()),
                      limits::incident_groups_max, at)) {
    return problem;
  }
  if (context.state.channel_count() + static_cast<std::size_t>(command.groups_size()) >
      limits::channels_max) {
    return limit_reached("channels", limits::channels_max);
  }
  std::set<std::string> keys;
  for (const v1::Group& one : incident.groups()) keys.insert(one.key());
  std::set<std::string> channel_keys;
  for (const auto& one : command.groups()) {
    if (auto problem = check_key(one.key(), at + ".key")) return problem;
    if (auto problem = check_name(one.name(), at + ".name")) return problem;
    if (!keys.insert(one.key()).second) {
      return base::Error(v1::ERROR_CODE_ALREADY_EXISTS, "the incident has this group", at);
    }
    if (!one.channel_key().empty()) {
      if (auto problem = check_key(one.channel_key(), at + ".channel_key")) return problem;
      if (context.state.channel_by_key(one.channel_key()) != nullptr ||
          !channel_keys.insert(one.channel_key()).second) {
        return base::Error(v1::ERROR_CODE_ALREADY_EXISTS, "a channel with this key exists", at);
      }
    }
    v1::Channel::Members members;
    *members.mutable_role_ids() = one.role_ids();
    *members.mutable_account_ids() = one.account_ids();
    if (one.lead_role_id() != 0) members.add_role_ids(one.lead_role_id());
    if (auto problem = check_members(context, members, at)) return problem;
  }
  return std::nullopt;
}

v1::Group group_of(const v1::FormGroups::NewGroup& from, EntityId channel_id) {
  v1::Group group;
  group.set_key(from.key());
  *group.mutable_name() = from.name();
  group.set_channel_id(channel_id);
  group.set_lead_role_id(from.lead_role_id());
  *group.mutable_role_ids() = from.role_ids();
  *group.mutable_account_ids() = from.account_ids();
  return group;
}

v1::Channel room_of(const Context& context, const v1::Incident& incident,
                    const v1::FormGroups::NewGroup& from) {
  v1::Channel channel;
  channel.set_key(from.channel_key());
  if (from.channel_key().empty()) {
    channel.set_key(free_channel_key(
        context.state,
        context.rows.channels.find(incident.channel_id())->channel.key() + "/" + from.key()));
  }
  channel.set_kind(v1::Channel::KIND_GROUP);
  *channel.mutable_name() = from.name();
  channel.set_posting(v1::Channel::POSTING_MEMBERS);
  channel.set_history(v1::Channel::HISTORY_ALL);
  channel.set_owner_id(context.actor());
  v1::Channel::Members& members = *channel.mutable_members();
  *members.mutable_role_ids() = from.role_ids();
  *members.mutable_account_ids() = from.account_ids();
  if (from.lead_role_id() != 0) members.add_role_ids(from.lead_role_id());
  if (!context.is_hub()) members.add_account_ids(context.actor());
  put_in_order(members);
  return channel;
}

}  // namespace

base::Result<Decision> decide_change_phase(const Context& context, const v1::ChangePhase& command) {
  const auto found = find_incident_at(context, command.incident_id(), command.seen_revision(),
                                      "change_phase.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const auto role = check_commands(context, incident);
  if (!role) return role.error();
  if (auto problem = check_reason(command.reason(), "change_phase.reason")) return *problem;
  if (auto problem = check_phase(incident, command.phase(), "change_phase.phase")) return *problem;
  Draft draft(context);
  v1::PhaseChanged& event = *add_as(context, draft, *role).mutable_phase_changed();
  event.set_incident_id(incident.id());
  event.set_phase(command.phase());
  event.set_reason(command.reason());
  if (command.phase() == v1::INCIDENT_PHASE_ARCHIVED) {
    for (EntityId id : all_merged(context.rows, incident)) event.add_merged_ids(id);
  }
  return draft.finish();
}

base::Result<Decision> decide_activate_command(const Context& context,
                                               const v1::ActivateCommand& command) {
  const auto found = find_incident_at(context, command.incident_id(), command.seen_revision(),
                                      "activate_command.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const auto role = check_commands(context, incident);
  if (!role) return role.error();
  v1::CommandPosts posts = incident.posts();
  if (command.has_commander()) {
    if (auto problem = check_post(context, command.commander(), "activate_command.commander")) {
      return *problem;
    }
    *posts.mutable_commander() = command.commander();
  }
  if (command.has_deputy()) {
    if (auto problem = check_post(context, command.deputy(), "activate_command.deputy")) {
      return *problem;
    }
    *posts.mutable_deputy() = command.deputy();
  }
  if (command.has_on_scene()) {
    if (auto problem = check_post(context, command.on_scene(), "activate_command.on_scene")) {
      return *problem;
    }
    *posts.mutable_on_scene() = command.on_scene();
  }
  if (same(posts, incident.posts())) {
    return bad_argument("activate_command", "names nobody new");
  }
  Draft draft(context);
  v1::CommandActivated& event = *add_as(context, draft, *role).mutable_command_activated();
  event.set_incident_id(incident.id());
  *event.mutable_posts() = posts;
  draft_members(context, incident, posts, draft);
  return draft.finish();
}

base::Result<Decision> decide_form_groups(const Context& context, const v1::FormGroups& command) {
  const auto found = find_incident(context, command.incident_id(), "form_groups.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const auto role = check_commands(context, incident);
  if (!role) return role.error();
  if (auto problem = check_groups(context, incident, command)) return *problem;
  Draft draft(context);
  EntityId channel_id = draft.next();
  v1::GroupsFormed& event = *add_as(context, draft, *role).mutable_groups_formed();
  event.set_incident_id(incident.id());
  for (const auto& one : command.groups()) *event.add_groups() = group_of(one, ++channel_id);
  for (const auto& one : command.groups()) {
    *draft.add().mutable_channel_set()->mutable_channel() = room_of(context, incident, one);
  }
  return draft.finish();
}

base::Result<Decision> decide_change_casualties(const Context& context,
                                                const v1::ChangeCasualties& command) {
  const auto found = find_incident(context, command.incident_id(), "change_casualties.incident_id");
  if (!found) return found.error();
  const v1::Incident& incident = **found;
  const v1::Account* actor = context.state.account(context.actor());
  if (actor != nullptr && actor->kind() != v1::Account::KIND_PERSON) {
    return forbidden("change_casualties", "only staff");
  }
  if (incident.casualties().revision() != command.seen_revision()) {
    return stale_revision(incident.casualties().revision());
  }
  if (auto problem =
          check_text(command.source(), 1, limits::name_bytes_max, "change_casualties.source")) {
    return *problem;
  }
  Draft draft(context);
  v1::CasualtiesChanged& event = *add_as(context, draft, 0).mutable_casualties_changed();
  event.set_incident_id(incident.id());
  event.set_injured(command.injured());
  event.set_missing(command.missing());
  event.set_dead(command.dead());
  event.set_source(command.source());
  return draft.finish();
}

}  // namespace fenghuo::core
