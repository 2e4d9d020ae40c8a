// SPDX-License-Identifier: Apache-2.0
#include "hub/core/incident.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/incident_rules.h"
#include "hub/core/kinds.h"

#include <algorithm>

namespace fenghuo::core {

namespace limits = base::limits;
using base::EntityId;

bool sees_incident(const State::Rows& rows, EntityId account_id, const v1::Incident& incident) {
  return may_see(rows, account_id, viewers_of(rows, incident));
}

base::Result<const v1::Incident*> find_incident(const Context& context, EntityId id,
                                                const std::string& field, bool ended_too) {
  const v1::Incident* incident = context.rows.incidents.find(id);
  if (incident == nullptr) return not_found(field);
  if (!context.is_hub() && !sees_incident(context.rows, context.actor(), *incident)) {
    return not_found(field);
  }
  const bool ended = incident->state() != v1::Incident::STATE_OPEN &&
                     incident->state() != v1::Incident::STATE_STOOD_DOWN;
  if (ended && !ended_too) return bad_argument(field, "the incident has ended");
  return incident;
}

base::Result<const v1::Incident*> find_incident_at(const Context& context, EntityId id,
                                                   std::uint64_t seen_revision,
                                                   const std::string& field) {
  const auto found = find_incident(context, id, field);
  if (!found) return found.error();
  if ((*found)->revision() != seen_revision) return stale_revision((*found)->revision());
  return found;
}

EntityId role_of_key(const State::Rows& rows, const std::string& key) {
  const auto found = rows.role_keys.find(key);
  return found == rows.role_keys.end() ? 0 : found->second;
}

bool gives_as(const Context& context, EntityId role_id) {
  const v1::Command& command = context.envelope.command;
  if (role_id == 0) return false;
  if (!command.has_on_behalf()) return is_appointed(context.state, context.actor(), role_id);
  const v1::OnBehalf& said = command.on_behalf();
  return said.role_id() == role_id ||
         (said.account_id() != 0 && is_appointed(context.state, said.account_id(), role_id));
}

bool gives_as_account(const Context& context, EntityId account_id) {
  const v1::Command& command = context.envelope.command;
  const EntityId giver =
      command.has_on_behalf() ? command.on_behalf().account_id() : context.actor();
  return account_id != 0 && giver == account_id;
}

bool is_involved(const Context& context, EntityId account_id) {
  return context.actor() == account_id || gives_as_account(context, account_id);
}

EntityId role_among(const Context& context, const RoleKeys& keys) {
  EntityId first = 0;
  for (const std::string& key : keys) {
    const EntityId role_id = role_of_key(context.rows, key);
    if (!gives_as(context, role_id)) continue;
    if (role_id == context.envelope.command.acting_role_id()) return role_id;
    if (first == 0) first = role_id;
  }
  return first;
}

std::optional<EntityId> command_role(const Context& context, const v1::Incident& incident) {
  if (context.is_hub()) return context.envelope.command.acting_role_id();
  const EntityId acting = context.envelope.command.acting_role_id();
  std::optional<EntityId> found;
  const auto consider = [&](EntityId role_id) {
    if (!found || role_id == acting) found = role_id;
  };
  for (const auto& entry : context.rows.roles) {
    if (entry.row->command_seat() && gives_as(context, entry.id)) consider(entry.id);
  }
  const v1::CommandPosts& posts = incident.posts();
  for (const v1::CommandPost* post : {&posts.commander(), &posts.deputy(), &posts.on_scene()}) {
    const bool is_his = post->account_id() != 0 ? gives_as_account(context, post->account_id())
                                                : gives_as(context, post->role_id());
    if (is_his) consider(post->role_id());
  }
  return found;
}

base::Result<EntityId> check_commands(const Context& context, const v1::Incident& incident) {
  const auto role = command_role(context, incident);
  if (!role) return forbidden("command", "only a command seat or a command post of the incident");
  return *role;
}

Problem check_reason(const std::string& reason, const std::string& field) {
  return check_text(reason, 1, limits::reason_bytes_max, field);
}

Problem check_level(v1::Level level, const std::string& field, bool may_be_unset) {
  if (level == v1::LEVEL_UNSPECIFIED && may_be_unset) return std::nullopt;
  if (level == v1::LEVEL_UNSPECIFIED || !v1::Level_IsValid(level)) {
    return bad_argument(field, "a level from I to IV");
  }
  return std::nullopt;
}

v1::Level graver(v1::Level a, v1::Level b) {
  if (a == v1::LEVEL_UNSPECIFIED) return b;
  if (b == v1::LEVEL_UNSPECIFIED) return a;
  return std::min(a, b);
}

v1::Level ruling_level(const v1::Incident& incident) {
  return incident.response_level() == v1::LEVEL_UNSPECIFIED ? incident.level()
                                                            : incident.response_level();
}

v1::Event& add_as(const Context& context, Draft& draft, EntityId role_id) {
  v1::Event& event = draft.add();
  const v1::Command& command = context.envelope.command;
  if (command.acting_role_id() == 0) event.set_role_id(role_id);
  return event;
}

base::Result<Decision> decide_incident(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_declare_incident()) {
    return decide_declare_incident(context, command.declare_incident());
  }
  if (command.has_confirm_level()) return decide_confirm_level(context, command.confirm_level());
  if (command.has_change_phase()) return decide_change_phase(context, command.change_phase());
  if (command.has_activate_command()) {
    return decide_activate_command(context, command.activate_command());
  }
  if (command.has_form_groups()) return decide_form_groups(context, command.form_groups());
  if (command.has_change_casualties()) {
    return decide_change_casualties(context, command.change_casualties());
  }
  if (command.has_propose_level()) return decide_propose_level(context, command.propose_level());
  if (command.has_decide_level()) return decide_decide_level(context, command.decide_level());
  if (command.has_break_glass()) return decide_break_glass(context, command.break_glass());
  if (command.has_confirm_break_glass()) {
    return decide_confirm_break_glass(context, command.confirm_break_glass());
  }
  if (command.has_request_level()) return decide_request_level(context, command.request_level());
  if (command.has_answer_request()) {
    return decide_answer_request(context, command.answer_request());
  }
  if (command.has_file_report()) return decide_file_report(context, command.file_report());
  if (command.has_propose_void()) return decide_propose_void(context, command.propose_void());
  if (command.has_confirm_void()) return decide_confirm_void(context, command.confirm_void());
  if (command.has_merge_incidents()) {
    return decide_merge_incidents(context, command.merge_incidents());
  }
  if (command.has_stand_down()) return decide_stand_down(context, command.stand_down());
  FENGHUO_CHECK(command.has_file_evaluation());
  return decide_file_evaluation(context, command.file_evaluation());
}

}  // namespace fenghuo::core
