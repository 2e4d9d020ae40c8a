// SPDX-License-Identifier: Apache-2.0
#include "hub/roster/directory.h"

#include <algorithm>

namespace fenghuo::roster {

namespace {

constexpr std::string_view contact_prefix = "contact:";

// Calls `take` with each different name.
template <typename Take>
void each_name(const v1::LocalizedText& name, Take take) {
  std::set<std::string_view> told;
  for (const std::string* text : {&name.zh_hans(), &name.zh_hant(), &name.en()}) {
    if (!text->empty() && told.insert(*text).second) take(std::string_view(*text));
  }
}

template <typename Map>
auto find(const Map& map, const typename Map::key_type& key) -> typename Map::mapped_type {
  const auto it = map.find(key);
  return it == map.end() ? nullptr : it->second;
}

}  // namespace

void Directory::add(const v1::Role& role, bool may_plan) {
  roles_[role.key()] = &role;
  role_of_[role.id()] = &role;
  if (may_plan) planned_roles_.insert(role.id());
  if (role.retired()) return;
  each_name(role.name(), [&](std::string_view name) { roles_by_name_[name].push_back(&role); });
}

void Directory::add(const v1::Account& account) {
  accounts_[account.key()] = &account;
  account_of_[account.id()] = &account;
  if (account.disabled()) return;
  each_name(account.name(),
            [&](std::string_view name) { people_by_name_[name].push_back({&account, nullptr}); });
}

void Directory::add(const v1::Contact& contact) {
  contacts_[contact.key()] = &contact;
  contact_of_[contact.id()] = &contact;
  if (contact.retired()) return;
  each_name(contact.name(),
            [&](std::string_view name) { people_by_name_[name].push_back({nullptr, &contact}); });
}

void Directory::add(const v1::Appointment& appointment) {
  if (!appointment.ended()) appointed_.insert({appointment.role_id(), appointment.account_id()});
}

void Directory::add(const v1::Shift& shift) {
  shifts_[{shift.role_id(), shift.standing()}].push_back(&shift);
}

Directory::Roles Directory::find_roles(std::string_view word) const {
  if (const v1::Role* role = find(roles_, word)) return {role};
  const auto it = roles_by_name_.find(word);
  return it == roles_by_name_.end() ? Roles() : it->second;
}

Directory::People Directory::find_people(std::string_view word) const {
  if (word.starts_with(contact_prefix)) {
    const v1::Contact* contact = find(contacts_, word.substr(contact_prefix.size()));
    return contact == nullptr ? People() : People{{nullptr, contact}};
  }
  if (const v1::Account* account = find(accounts_, word)) return {{account, nullptr}};
  const auto it = people_by_name_.find(word);
  return it == people_by_name_.end() ? People() : it->second;
}

bool Directory::is_appointed(base::EntityId account_id, base::EntityId role_id) const {
  return appointed_.contains({role_id, account_id});
}

std::vector<std::string> Directory::role_keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, role] : roles_) {
    if (may_plan(role->id()) && !role->retired()) keys.emplace_back(key);
  }
  return keys;
}

std::vector<std::string> Directory::people_keys(base::EntityId role_id) const {
  std::vector<std::string> keys;
  for (auto it = appointed_.lower_bound({role_id, 0});
       it != appointed_.end() && it->first == role_id; ++it) {
    keys.push_back(key_of(it->second, 0));
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::string Directory::key_of(base::EntityId account_id, base::EntityId contact_id) const {
  if (const v1::Account* account = find(account_of_, account_id)) return account->key();
  const v1::Contact* contact = find(contact_of_, contact_id);
  return contact == nullptr ? std::string("?") : std::string(contact_prefix) + contact->key();
}

std::string Directory::role_key(base::EntityId role_id) const {
  const v1::Role* role = find(role_of_, role_id);
  return role == nullptr ? std::string("?") : role->key();
}

const std::vector<const v1::Shift*>& Directory::shifts(base::EntityId role_id,
                                                       v1::Appointment::Standing standing) const {
  static const std::vector<const v1::Shift*> none;
  const auto it = shifts_.find({role_id, standing});
  return it == shifts_.end() ? none : it->second;
}

}  // namespace fenghuo::roster
