// SPDX-License-Identifier: Apache-2.0
#include "hub/core/directory.h"

#include "hub/base/check.h"
#include "hub/core/membership.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;

std::vector<v1::Appointment>::iterator appointment_at(AccountRows& account, EntityId role_id) {
  return std::lower_bound(
      account.appointments.begin(), account.appointments.end(), role_id,
      [](const v1::Appointment& one, EntityId id) { return one.role_id() < id; });
}

// The value with its id and revision: id 0 means created here.
template <typename T>
T stamped(T value, base::Position at) {
  if (value.id() == 0) value.set_id(at);
  value.set_revision(at);
  return value;
}

void index_appointment(State::Rows& rows, const v1::Appointment& appointment) {
  auto& ids = rows.appointees[appointment.role_id()];
  if (appointment.ended()) {
    erase_id(ids, appointment.account_id());
  } else {
    insert_id(ids, appointment.account_id());
  }
}

void unindex_account(State::Rows& rows, const v1::Account& account) {
  for (EntityId room : account.room_ids()) erase_id(rows.room_guests[room], account.id());
  rows.deadlines.set({DeadlineKind::AccessEnds, account.id()}, 0);
}

void refresh_appointees(State::Rows& rows, EntityId role_id, base::Position at, Effects& effects) {
  const std::vector<EntityId> ids = ids_under(rows.appointees, role_id);
  for (EntityId account_id : ids) refresh_account(rows, account_id, at, effects);
}

}  // namespace

const v1::Appointment* find_appointment(const AccountRows& account, EntityId role_id) {
  const auto it =
      std::lower_bound(account.appointments.begin(), account.appointments.end(), role_id,
                       [](const v1::Appointment& one, EntityId id) { return one.role_id() < id; });
  return it != account.appointments.end() && it->role_id() == role_id ? &*it : nullptr;
}

void index_role(State::Rows& rows, const v1::Role& role) {
  rows.role_keys[role.key()] = role.id();
  insert_id(rows.department_roles[role.department_id()], role.id());
}

void index_account(State::Rows& rows, const v1::Account& account) {
  rows.account_keys[account.key()] = account.id();
  if (account.kind() == v1::Account::KIND_GUEST) {
    for (EntityId room : account.room_ids()) insert_id(rows.room_guests[room], account.id());
  }
  const AccountRows& facts = rows.of(account.id());
  for (const v1::Appointment& one : facts.appointments) index_appointment(rows, one);
  if (account.access_until_us() != 0 && !facts.access_ended) {
    rows.deadlines.set({DeadlineKind::AccessEnds, account.id()}, account.access_until_us());
  }
}

void index_token(State::Rows& rows, const TokenRow& token, const std::string& hash) {
  rows.token_by_hash[hash] = token.id;
  insert_id(rows.of(token.account_id).tokens, token.id);
}

void apply_plan_applied(State::Rows& rows, const v1::PlanApplied& event) {
  rows.center_name = event.center_name();
  rows.zone = event.zone();
  rows.redaction_window_us = event.redaction_window_us();
}

void apply_configuration_set(State::Rows& rows, const Record& record) {
  v1::Configuration after = record.event.configuration_set().configuration();
  if (after.id() == 0) after.set_id(record.position);
  after.set_revision(record.position);
  rows.unsaved_bytes += after.ByteSizeLong();
  const EntityId id = after.id();
  rows.configurations.put(id, std::move(after));
}

void apply_department_set(State::Rows& rows, const Record& record, Effects& effects) {
  v1::Department value = stamped(record.event.department_set().department(), record.position);
  const v1::Department* old = rows.departments.find(value.id());
  const bool moved = old != nullptr &&
                     (old->parent_id() != value.parent_id() || old->retired() != value.retired());
  if (old != nullptr) erase_id(rows.department_children[old->parent_id()], old->id());
  if (value.parent_id() != 0) insert_id(rows.department_children[value.parent_id()], value.id());
  rows.department_keys[value.key()] = value.id();
  const EntityId id = value.id();
  rows.departments.put(id, std::move(value));
  if (!moved) return;
  for (EntityId department_id : departments_below(rows, id)) {
    const std::vector<EntityId> roles = ids_under(rows.department_roles, department_id);
    for (EntityId role_id : roles) refresh_appointees(rows, role_id, record.position, effects);
  }
}

void apply_role_set(State::Rows& rows, const Record& record, Effects& effects) {
  v1::Role value = stamped(record.event.role_set().role(), record.position);
  const v1::Role* old = rows.roles.find(value.id());
  const bool moved = old != nullptr && (old->department_id() != value.department_id() ||
                                        old->retired() != value.retired());
  if (old != nullptr) erase_id(rows.department_roles[old->department_id()], old->id());
  index_role(rows, value);
  const EntityId id = value.id();
  rows.roles.put(id, std::move(value));
  if (moved) refresh_appointees(rows, id, record.position, effects);
}

void apply_account_set(State::Rows& rows, const Record& record, Effects& effects) {
  v1::Account value = stamped(record.event.account_set().account(), record.position);
  const EntityId id = value.id();
  const v1::Account* old = rows.accounts.find(id);
  const bool counted = old != nullptr && counts_as_member(rows, *old);
  if (old != nullptr) {
    unindex_account(rows, *old);
  } else {
    rows.account_rows.put(id, AccountRows{});
  }
  const bool access_ended =
      value.access_until_us() != 0 && value.access_until_us() <= record.time_us;
  rows.of(id).access_ended = access_ended;
  rows.touch_facts(id);
  rows.accounts.put(id, std::move(value));
  const v1::Account& account = *rows.accounts.find(id);
  index_account(rows, account);
  if (counted && !counts_as_member(rows, account)) effects.ended_accounts.push_back(id);
  refresh_account(rows, id, record.position, effects);
}

void apply_contact_set(State::Rows& rows, const Record& record) {
  v1::Contact value = stamped(record.event.contact_set().contact(), record.position);
  rows.contact_keys[value.key()] = value.id();
  const EntityId id = value.id();
  rows.contacts.put(id, std::move(value));
}

void apply_appointment_set(State::Rows& rows, const Record& record, Effects& effects) {
  v1::Appointment value = record.event.appointment_set().appointment();
  value.set_revision(record.position);
  const EntityId account_id = value.account_id();
  AccountRows& account = rows.of(account_id);
  index_appointment(rows, value);
  const auto it = appointment_at(account, value.role_id());
  if (it != account.appointments.end() && it->role_id() == value.role_id()) {
    *it = std::move(value);
  } else {
    account.appointments.insert(it, std::move(value));
  }
  rows.touch_facts(account_id);
  refresh_account(rows, account_id, record.position, effects);
}

void apply_credential_set(State::Rows& rows, const v1::CredentialSet& event) {
  rows.of(event.account_id()).password_hash = event.password_hash();
  rows.touch_facts(event.account_id());
}

void apply_token_issued(State::Rows& rows, const Record& record) {
  const v1::TokenIssued& event = record.event.token_issued();
  TokenRow token{record.position, event.account_id(), record.time_us, event.expires_us(),
                 event.label()};
  index_token(rows, token, event.token_hash());
  rows.token_hashes[token.id] = event.token_hash();
  rows.dirty_tokens.insert(token.id);
  rows.unsaved_bytes += 128;
  rows.tokens.emplace(record.position, std::move(token));
}

void apply_token_revoked(State::Rows& rows, const v1::TokenRevoked& event, Effects& effects) {
  const auto it = rows.tokens.find(event.token_id());
  FENGHUO_CHECK(it != rows.tokens.end());
  const auto hash = rows.token_hashes.find(event.token_id());
  rows.token_by_hash.erase(hash->second);
  rows.token_hashes.erase(hash);
  erase_id(rows.of(it->second.account_id).tokens, it->first);
  rows.tokens.erase(it);
  rows.dirty_tokens.insert(event.token_id());
  rows.unsaved_bytes += 16;
  effects.ended_tokens.push_back(event.token_id());
}

void apply_access_expired(State::Rows& rows, const Record& record, Effects& effects) {
  const EntityId id = record.event.access_expired().account_id();
  const v1::Account* account = rows.accounts.find(id);
  FENGHUO_CHECK(account != nullptr);
  if (counts_as_member(rows, *account)) effects.ended_accounts.push_back(id);
  rows.deadlines.set({DeadlineKind::AccessEnds, id}, 0);
  rows.of(id).access_ended = true;
  rows.touch_facts(id);
  refresh_account(rows, id, record.position, effects);
}

}  // namespace fenghuo::core
