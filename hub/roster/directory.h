// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/duty.pb.h"
#include "fenghuo/v1/model.pb.h"
#include "hub/base/types.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenghuo::roster {

// Whom and what a roster may name: the roles and people of a center by key and by name, who belongs
// to which role, and what is planned already. Refers to the rows it was given, which must outlive
// it.
class Directory {
 public:
  // An account or a contact; both null = none.
  struct Person {
    const v1::Account* account = nullptr;
    const v1::Contact* contact = nullptr;

    bool operator==(const Person&) const = default;
  };
  // Several when a name is not unique; the keys are.
  using Roles = std::vector<const v1::Role*>;
  using People = std::vector<Person>;

  // `may_plan`: whoever asks may plan its duty.
  void add(const v1::Role& role, bool may_plan);
  void add(const v1::Account& account);
  void add(const v1::Contact& contact);
  void add(const v1::Appointment& appointment);
  // Open ones only.
  void add(const v1::Shift& shift);

  // By key, else by a name in any language; contacts by "contact:key" or by name.
  Roles find_roles(std::string_view word) const;
  People find_people(std::string_view word) const;

  bool may_plan(base::EntityId role_id) const { return planned_roles_.contains(role_id); }
  bool is_appointed(base::EntityId account_id, base::EntityId role_id) const;
  // Ascending; those whose duty may be planned, and those who belong to a role.
  std::vector<std::string> role_keys() const;
  std::vector<std::string> people_keys(base::EntityId role_id) const;
  // A name for messages: the key, or "contact:key".
  std::string key_of(base::EntityId account_id, base::EntityId contact_id) const;
  std::string role_key(base::EntityId role_id) const;

  const std::vector<const v1::Shift*>& shifts(base::EntityId role_id,
                                              v1::Appointment::Standing standing) const;

 private:
  using Post = std::pair<base::EntityId, int>;

  std::map<std::string_view, const v1::Role*> roles_;
  std::map<std::string_view, Roles> roles_by_name_;
  std::map<base::EntityId, const v1::Role*> role_of_;
  std::map<std::string_view, const v1::Account*> accounts_;
  std::map<base::EntityId, const v1::Account*> account_of_;
  std::map<std::string_view, const v1::Contact*> contacts_;
  std::map<base::EntityId, const v1::Contact*> contact_of_;
  std::map<std::string_view, People> people_by_name_;
  std::set<base::EntityId> planned_roles_;
  // Role, account.
  std::set<std::pair<base::EntityId, base::EntityId>> appointed_;
  std::map<Post, std::vector<const v1::Shift*>> shifts_;
};

}  // namespace fenghuo::roster
