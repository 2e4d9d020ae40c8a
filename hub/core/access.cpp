// SPDX-License-Identifier: Apache-2.0
#include "hub/core/access.h"

#include "hub/core/duty.h"
#include "hub/core/membership.h"
#include "hub/core/rows.h"

#include <algorithm>
#include <cctype>

namespace fenghuo::core {
namespace {

constexpr std::string_view no_grant = "no role grants it";
constexpr std::string_view out_of_scope = "the grant covers another department";
constexpr std::string_view not_on_duty = "only while on duty";
constexpr std::string_view is_proposer = "the second person must be another one";
constexpr std::string_view not_owner = "only for its owner";

// Empty = holds.
std::string_view missing_of(const State::Rows& rows, const v1::Grant& grant, const v1::Role& role,
                            base::EntityId account_id, const Object& object) {
  if (grant.scope() == v1::Grant::SCOPE_DEPARTMENT &&
      !is_within(rows, object.department_id, role.department_id())) {
    return out_of_scope;
  }
  switch (grant.condition()) {
    case v1::Grant::CONDITION_UNSPECIFIED:
    case v1::Grant::CONDITION_APPOINTED: return {};
    // As of the last record: every change of duty leaves one.
    case v1::Grant::CONDITION_ON_DUTY:
      return is_on_duty(rows, account_id, role.id(), rows.time_us) ? std::string_view()
                                                                   : not_on_duty;
    case v1::Grant::CONDITION_NOT_PROPOSER:
      return object.proposer_id == account_id ? is_proposer : std::string_view();
    case v1::Grant::CONDITION_OWNER:
      return object.owner_id == account_id ? std::string_view() : not_owner;
    case v1::Grant_Condition_Grant_Condition_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Grant_Condition_Grant_Condition_INT_MAX_SENTINEL_DO_NOT_USE_: break;
  }
  return no_grant;
}

}  // namespace

Verdict allows(const State& state, base::EntityId account_id, v1::Grant::Verb verb,
               const Object& object) {
  if (account_id == 0) return {true, "the hub itself"};
  const State::Rows& rows = state.rows();
  const AccountRows* account = rows.account_rows.find(account_id);
  if (account == nullptr) return {false, no_grant};
  Verdict verdict{false, no_grant};
  for (const v1::Appointment& appointment : account->appointments) {
    if (appointment.ended() || !role_lives(rows, appointment.role_id())) continue;
    const v1::Role& role = *rows.roles.find(appointment.role_id());
    for (const v1::Grant& grant : role.grants()) {
      if (grant.verb() != verb) continue;
      const std::string_view missing = missing_of(rows, grant, role, account_id, object);
      if (missing.empty()) return {true, "granted by a role", role.id()};
      verdict = {false, missing, role.id()};
    }
  }
  return verdict;
}

Object object_of(const State& state, const v1::Channel& channel) {
  Object object;
  object.owner_id = channel.owner_id();
  object.department_id = channel.department_id();
  if (channel.kind() == v1::Channel::KIND_ROLE) {
    const v1::Role* role = state.role(channel.role_id());
    if (role != nullptr) object.department_id = role->department_id();
  }
  return object;
}

Verdict may_post(const State& state, base::EntityId account_id, const v1::Channel& channel) {
  if (channel.archived()) return {false, "the channel is archived"};
  if (account_id == 0) return {true, "the hub itself"};
  if (!state.is_member(account_id, channel.id())) return {false, "not a member"};
  if (channel.posting() == v1::Channel::POSTING_ANNOUNCERS) {
    return allows(state, account_id, v1::Grant::VERB_ANNOUNCE, object_of(state, channel));
  }
  return {true, "a member"};
}

bool reaches_center(const v1::Role& role) {
  return std::any_of(role.grants().begin(), role.grants().end(), [](const v1::Grant& grant) {
    return grant.scope() != v1::Grant::SCOPE_DEPARTMENT;
  });
}

bool is_appointed(const State& state, base::EntityId account_id, base::EntityId role_id) {
  const AccountRows* account = state.rows().account_rows.find(account_id);
  if (account == nullptr) return false;
  return std::any_of(
      account->appointments.begin(), account->appointments.end(),
      [role_id](const v1::Appointment& one) { return one.role_id() == role_id && !one.ended(); });
}

std::string verb_name(v1::Grant::Verb verb) {
  std::string name = v1::Grant::Verb_Name(verb);
  if (name.starts_with("VERB_")) name.erase(0, 5);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

}  // namespace fenghuo::core
