// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/account_commands.h"

#include "hub/base/sha256.h"
#include "hub/identity/hashing_pool.h"
#include "hub/identity/token.h"
#include "hub/plan/diff.h"
#include "tools/admin/account_list.h"
#include "tools/admin/plan_commands.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace fenghuo::admin {

namespace {

using base::EntityId;

const v1::Account* find_account(const v1::Snapshot& snapshot, const std::string& key) {
  for (const v1::Account& account : snapshot.accounts()) {
    if (account.key() == key) return &account;
  }
  return nullptr;
}

// Ids of the directory by key.
class Ids {
 public:
  explicit Ids(const v1::Snapshot& snapshot) {
    for (const auto& x : snapshot.departments()) departments_[x.key()] = x.id();
    for (const auto& x : snapshot.roles()) roles_[x.key()] = x.id();
    for (const auto& x : snapshot.channels()) channels_[x.channel().key()] = x.channel().id();
  }

  EntityId department(const std::string& key) const { return of(departments_, key); }
  EntityId role(const std::string& key) const { return of(roles_, key); }
  EntityId channel(const std::string& key) const { return of(channels_, key); }

 private:
  using Map = std::map<std::string, EntityId>;
  static EntityId of(const Map& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? 0 : found->second;
  }
  Map departments_;
  Map roles_;
  Map channels_;
};

// The command that makes `wanted` true: a new account, or the existing one with what the list adds.
v1::Command put_account(const v1::Snapshot& snapshot, const v1::PlanAccount& wanted) {
  const Ids ids(snapshot);
  const v1::Account* existing = find_account(snapshot, wanted.key());
  v1::Command command;
  v1::PutAccount& put = *command.mutable_put_account();
  v1::Account& account = *put.mutable_account();
  if (existing != nullptr) account = *existing;
  account.clear_revision();
  account.set_key(wanted.key());
  *account.mutable_name() = wanted.name();
  account.set_kind(wanted.kind());
  account.set_department_id(ids.department(wanted.department()));
  *account.mutable_phones() = wanted.phones();
  account.set_access_until_us(wanted.access_until_us());
  account.clear_room_ids();
  for (const std::string& room : wanted.rooms()) account.add_room_ids(ids.channel(room));

  auto& items = *put.mutable_appointments()->mutable_items();
  std::map<EntityId, v1::Appointment> held;
  for (const v1::Appointment& one : snapshot.appointments()) {
    if (existing != nullptr && one.account_id() == existing->id() && !one.ended()) {
      held[one.role_id()] = one;
    }
  }
  for (const auto& one : wanted.appointments()) {
    v1::Appointment& appointment = held[ids.role(one.role())];
    appointment.set_role_id(ids.role(one.role()));
    appointment.set_standing(one.standing());
    appointment.set_rank(one.rank());
  }
  for (auto& [role, appointment] : held) {
    appointment.clear_revision();
    *items.Add() = appointment;
  }
  return command;
}

// Hashes many passwords on two threads: each takes a tenth of a second.
std::map<std::string, base::Result<std::string>> hash_all(
    const std::map<std::string, std::string>& passwords, const identity::HashingCost& cost) {
  const identity::PasswordHasher hasher(cost);
  std::map<std::string, base::Result<std::string>> hashes;
  for (const auto& [key, password] : passwords) hashes.emplace(key, std::string());
  identity::HashingPool pool(base::limits::hashing_at_once, passwords.size() + 1);
  for (const auto& [key, password] : passwords) {
    // Every job has its own place; the map itself does not change any more.
    base::Result<std::string>& place = hashes.at(key);
    const base::Result<void> taken =
        pool.submit([&hasher, &place, text = password] { place = hasher.hash(text); });
    if (!taken) place = taken.error();
  }
  return hashes;
}

v1::Command set_credential(EntityId account_id, const std::string& password_hash) {
  v1::Command command;
  command.mutable_set_credential()->set_account_id(account_id);
  command.mutable_set_credential()->set_password_hash(password_hash);
  return command;
}

// Passwords for those who have none, may log in by one, and got none by the list.
std::map<std::string, std::string> make_passwords(Center& center, const v1::Snapshot& snapshot,
                                                  const AccountList& list) {
  std::map<std::string, std::string> passwords;
  for (const v1::PlanAccount& account : list.accounts) {
    if (account.kind() == v1::Account::KIND_BOT) continue;
    const v1::Account* existing = find_account(snapshot, account.key());
    if (existing != nullptr && center.has_password(existing->id()).value_or(true)) continue;
    const auto given = list.passwords.find(account.key());
    passwords.emplace(account.key(),
                      given == list.passwords.end() ? identity::new_password() : given->second);
  }
  return passwords;
}

// Stores a list that is good. Says what it does line by line: when the connection breaks in
// between, the same list again does the rest.
int store(const Terminal& terminal, Center& center, const v1::Snapshot& snapshot,
          const AccountList& list, const identity::HashingCost& cost) {
  const std::map<std::string, std::string> passwords = make_passwords(center, snapshot, list);
  const auto hashes = hash_all(passwords, cost);
  for (const auto& [key, hash] : hashes) {
    if (!hash) return terminal.fail(hash.error());
  }
  int changed = 0;
  for (const v1::PlanAccount& account : list.accounts) {
    const v1::Account* existing = find_account(snapshot, account.key());
    const base::Result<v1::Reply::Done> put = center.run(put_account(snapshot, account));
    if (!put) {
      terminal.complain("account \"{}\":", account.key());
      return terminal.fail(put.error());
    }
    const EntityId id = existing != nullptr ? existing->id() : put->id();
    if (put->id() != 0) ++changed;
    const auto hash = hashes.find(account.key());
    if (hash == hashes.end()) continue;
    const base::Result<v1::Reply::Done> set = center.run(set_credential(id, hash->second.value()));
    if (!set) return terminal.fail(set.error());
    if (list.passwords.count(account.key()) == 0) {
      terminal.say("password of \"{}\", shown only now: {}", account.key(),
                   passwords.at(account.key()));
    }
  }
  if (changed == 0) {
    terminal.say("nothing to change");
  } else {
    terminal.say("{} account{} stored", changed, changed == 1 ? "" : "s");
  }
  return exit_done;
}

// The key of the role that administers the whole center; makes one when there is none.
base::Result<std::string> administrator_role(Center& center, const Center::Directory& directory) {
  for (const v1::Role& role : directory.snapshot.roles()) {
    for (const v1::Grant& grant : role.grants()) {
      if (grant.verb() == v1::Grant::VERB_ADMINISTER && !role.retired() &&
          grant.scope() == v1::Grant::SCOPE_CENTER &&
          grant.condition() == v1::Grant::CONDITION_APPOINTED) {
        return role.key();
      }
    }
  }
  // As the sample plan names it, so that applying one later finds it.
  v1::Command command;
  v1::Plan& plan = *command.mutable_apply_plan()->mutable_plan();
  plan.set_center_id(directory.center_id);
  *plan.mutable_name() = directory.name;
  plan.set_zone(directory.zone);
  v1::PlanDepartment& department = *plan.add_departments();
  department.set_key("eoc");
  department.mutable_name()->set_zh_hans("应急指挥中心");
  department.mutable_name()->set_zh_hant("應急指揮中心");
  department.mutable_name()->set_en("Emergency Command Center");
  v1::PlanRole& role = *plan.add_roles();
  role.set_key("eoc/administrator");
  role.set_department("eoc");
  role.mutable_name()->set_zh_hans("系统管理员");
  role.mutable_name()->set_zh_hant("系統管理員");
  role.mutable_name()->set_en("Administrator");
  v1::Grant& grant = *role.add_grants();
  grant.set_verb(v1::Grant::VERB_ADMINISTER);
  grant.set_scope(v1::Grant::SCOPE_CENTER);
  grant.set_condition(v1::Grant::CONDITION_APPOINTED);
  role.set_command_seat(true);
  const base::Result<v1::Reply::Done> done = center.run(command);
  if (!done) return done.error();
  return role.key();
}

std::string quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ";") + part;
  return text;
}

// One account is a list of one: the same checks, the same words.
std::string as_list(const NewAccount& account) {
  std::string csv =
      "account,name_zh_hans,name_zh_hant,name_en,kind,department,phone,rooms,access_until,"
      "password,role,standing\n";
  const std::string& any_name =
      account.name_zh_hans.empty() ? account.name_en : account.name_zh_hans;
  const std::string& zh_hans = any_name.empty() ? account.key : any_name;
  const std::string& en = account.name_en.empty() ? zh_hans : account.name_en;
  for (const std::string& field :
       {account.key, zh_hans, account.name_zh_hant, en, account.kind, account.department,
        joined(account.phones), joined(account.rooms), account.access_until, account.password}) {
    csv += quoted(field) + ",";
  }
  bool first = true;
  for (const std::string& role : account.roles) {
    const std::size_t space = role.find(' ');
    const std::string standing = space == std::string::npos ? "" : role.substr(space + 1);
    if (!first) csv += quoted(account.key) + ",,,,,,,,,,";
    csv += quoted(role.substr(0, space)) + "," + quoted(standing) + "\n";
    first = false;
  }
  return first ? csv + ",\n" : csv;
}

base::Result<EntityId> id_of(Center& center, const std::string& key, v1::Account* account) {
  const base::Result<Center::Directory> directory = center.directory();
  if (!directory) return directory.error();
  const v1::Account* found = find_account(directory->snapshot, key);
  if (found == nullptr) {
    return base::Error(v1::ERROR_CODE_NOT_FOUND, "no account \"" + key + "\"");
  }
  if (account != nullptr) *account = *found;
  return found->id();
}

}  // namespace

int account_add(const Terminal& terminal, const Access& access, const std::string& center_id,
                const identity::HashingCost& cost, const NewAccount& account) {
  const auto center = access.open(center_id);
  if (!center) return terminal.fail(center.error());
  base::Result<Center::Directory> directory = (*center)->directory();
  if (!directory) return terminal.fail(directory.error());
  if (find_account(directory->snapshot, account.key) != nullptr) {
    terminal.complain("already_exists: account \"{}\" is there", account.key);
    return exit_refused;
  }
  NewAccount wanted = account;
  if (account.admin) {
    const base::Result<std::string> role = administrator_role(**center, *directory);
    if (!role) return terminal.fail(role.error());
    directory = (*center)->directory();
    if (!directory) return terminal.fail(directory.error());
    wanted.roles.push_back(*role + " primary");
    if (wanted.department.empty()) wanted.department = role->substr(0, role->rfind('/'));
  }
  const AccountList list =
      read_account_list(as_list(wanted), plan_of(*directory), directory->all_channels);
  for (const plan::Problem& problem : list.problems) {
    terminal.complain("{}: {}; {}", account.key, problem.what, problem.fix);
  }
  if (!list.problems.empty()) return exit_refused;
  return store(terminal, **center, directory->snapshot, list, cost);
}

int account_import(const Terminal& terminal, const Access& access, const std::string& center_id,
                   const identity::HashingCost& cost, const std::string& file, bool dry_run) {
  std::ifstream in(file, std::ios::binary);
  std::error_code ignored;
  if (!in || std::filesystem::is_directory(file, ignored)) {
    terminal.complain("{}: cannot be read; give the path of a CSV list", file);
    return exit_usage;
  }
  const std::string csv((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const base::Result<Center::Directory> directory = access.look();
  if (!directory) return terminal.fail(directory.error());
  const v1::Plan current = plan_of(*directory);
  const AccountList list = read_account_list(csv, current, directory->all_channels);
  for (const plan::Problem& problem : list.problems) {
    terminal.complain("{}", plan::to_string(file, problem));
  }
  if (!list.problems.empty()) {
    terminal.complain("nothing stored: {} problem{}", list.problems.size(),
                      list.problems.size() == 1 ? "" : "s");
    return exit_refused;
  }
  v1::Plan wanted;
  for (const v1::PlanAccount& account : list.accounts) *wanted.add_accounts() = account;
  // Without the center's own fields: they are not in the list.
  v1::Plan people;
  *people.mutable_accounts() = current.accounts();
  for (const std::string& line : plan::plan_diff(people, wanted)) terminal.say("{}", line);
  if (dry_run) {
    terminal.say("nothing stored: a preview of {} accounts", list.accounts.size());
    return exit_done;
  }
  const auto center = access.open(center_id);
  if (!center) return terminal.fail(center.error());
  return store(terminal, **center, directory->snapshot, list, cost);
}

int account_disable(const Terminal& terminal, const Access& access, const std::string& key,
                    bool undo) {
  const auto center = access.open({});
  if (!center) return terminal.fail(center.error());
  v1::Command command;
  v1::Account& account = *command.mutable_put_account()->mutable_account();
  const base::Result<EntityId> id = id_of(**center, key, &account);
  if (!id) return terminal.fail(id.error());
  if (account.disabled() != undo) {
    terminal.say("nothing to change");
    return exit_done;
  }
  account.set_disabled(!undo);
  const base::Result<v1::Reply::Done> done = (*center)->run(command);
  if (!done) return terminal.fail(done.error());
  terminal.say("\"{}\" is {}", key, undo ? "back" : "disabled: its sessions end now");
  return exit_done;
}

int account_reset(const Terminal& terminal, const Access& access, const identity::HashingCost& cost,
                  const std::string& key, const std::string& password) {
  const auto center = access.open({});
  if (!center) return terminal.fail(center.error());
  v1::Account account;
  const base::Result<EntityId> id = id_of(**center, key, &account);
  if (!id) return terminal.fail(id.error());
  if (account.kind() == v1::Account::KIND_BOT) {
    terminal.complain("\"{}\" is a bot: give it a token", key);
    return exit_refused;
  }
  const std::string text = password.empty() ? identity::new_password() : password;
  const base::Result<std::string> hash = identity::PasswordHasher(cost).hash(text);
  if (!hash) return terminal.fail(hash.error());
  const base::Result<v1::Reply::Done> done = (*center)->run(set_credential(*id, *hash));
  if (!done) return terminal.fail(done.error());
  if (password.empty()) {
    terminal.say("password of \"{}\", shown only now: {}", key, text);
  } else {
    terminal.say("password of \"{}\" set", key);
  }
  return exit_done;
}

int account_token(const Terminal& terminal, const Access& access, const std::string& key,
                  const std::string& label, int days, base::TimeUs now) {
  const auto center = access.open({});
  if (!center) return terminal.fail(center.error());
  const base::Result<EntityId> id = id_of(**center, key, nullptr);
  if (!id) return terminal.fail(id.error());
  const identity::Token token = identity::new_token();
  v1::Command command;
  v1::IssueToken& issue = *command.mutable_issue_token();
  issue.set_account_id(*id);
  issue.set_token_hash(base::to_bytes(token.hash));
  issue.set_label(label);
  constexpr base::TimeUs day_us = 24 * 3'600 * base::us_per_s;
  if (days > 0) issue.set_expires_us(now + days * day_us);
  const base::Result<v1::Reply::Done> done = (*center)->run(command);
  if (!done) return terminal.fail(done.error());
  // Alone on its line, for scripts.
  terminal.say("{}", token.text);
  terminal.complain("shown only now; keep it in a file that only \"{}\" can read", key);
  return exit_done;
}

}  // namespace fenghuo::admin
