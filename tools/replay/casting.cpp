// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/casting.h"

#include "tools/replay/rules.h"

#include <algorithm>
#include <map>
#include <set>

namespace fenghuo::replay {
namespace {

constexpr base::TimeUs hour_us = 3'600 * base::us_per_s;

void set_name(v1::LocalizedText& name, const Scenario::Text& text) {
  name.set_zh_hans(text.zh);
  name.set_en(text.en);
}

v1::Appointment::Standing standing_of(int order) {
  switch (order) {
    case 0: return v1::Appointment::STANDING_PRIMARY;
    case 1: return v1::Appointment::STANDING_DEPUTY;
    case 2: return v1::Appointment::STANDING_LEADER;
    default: return v1::Appointment::STANDING_MEMBER;
  }
}

const v1::Account* same_name(const Scenario::Actor& actor, const client::State& center) {
  for (const auto& [id, account] : center.accounts()) {
    // Guests see the rooms named for them only: they cannot be everywhere the file has them.
    const bool fits = !account.disabled() && account.kind() != v1::Account::KIND_GUEST;
    if (fits && account.name().zh_hans() == actor.name.zh) return &account;
  }
  return nullptr;
}

bool has_department(const client::State& center, const std::string& key) {
  return std::any_of(center.departments().begin(), center.departments().end(),
                     [&](const auto& row) { return row.second.key() == key; });
}

bool is_chief(const Scenario::Actor& actor) { return actor.role.zh.starts_with("值班长"); }

Scenario::Text role_name(const std::string& key) {
  if (key == "eoc/chief") return {"值班长", "Duty chief"};
  if (key == "eoc/operator") return {"值班员", "Duty operator"};
  if (key.ends_with("/hotline")) return {"热线接报", "Hotline"};
  return {"值班", "On duty"};
}

bool hears_the_public(const Scenario& scenario, const std::string& actor) {
  return std::any_of(scenario.events.begin(), scenario.events.end(),
                     [&](const Scenario::Event& event) {
                       return event.actor == actor && event.action == "feedback.receive" &&
                              event.word("origin") == "public";
                     });
}

// What roles must be allowed to do, because their people do it in the scenario.
std::map<std::string, std::set<v1::Grant::Verb>> verbs_of_roles(const Scenario& scenario) {
  std::map<std::string, std::set<v1::Grant::Verb>> verbs;
  const auto add = [&](const std::string& actor, v1::Grant::Verb verb) {
    const std::string role = role_key(scenario, actor);
    if (!role.empty()) verbs[role].insert(verb);
  };
  for (const auto& event : scenario.events) {
    add(event.actor, v1::Grant::VERB_FLASH);
    if (event.action == "alert.raise" || event.action == "task.assign") {
      add(event.actor, v1::Grant::VERB_ORDER);
    } else if (event.action == "incident.declare") {
      add(event.actor, v1::Grant::VERB_DECLARE);
    } else if (event.action == "warning.issue") {
      add(event.actor, v1::Grant::VERB_WARN);
      add(event.word("proposed_by"), v1::Grant::VERB_WARN);
    } else if (event.action == "feedback.receive" && event.word("origin") == "public") {
      add(event.actor, v1::Grant::VERB_FEEDBACK);
    } else if (event.action == "handover.propose") {
      add(event.actor, v1::Grant::VERB_ROSTER);
    }
  }
  return verbs;
}

// Who sits in the command center: its own people, and who activates it.
std::set<std::string> command_seats(const Scenario& scenario) {
  std::set<std::string> seats;
  for (const char* action : {"incident.declare", "command.activate"}) {
    if (const auto* event = scenario.first(action)) seats.insert(role_key(scenario, event->actor));
  }
  for (const auto& event : scenario.events) {
    if (event.action == "report.file") seats.insert(role_key(scenario, event.actor));
  }
  return seats;
}

void add_roles(const Scenario& scenario, v1::Plan& plan) {
  const auto verbs = verbs_of_roles(scenario);
  const auto seats = command_seats(scenario);
  std::set<std::string> made;
  for (const auto& actor : scenario.actors) {
    const std::string key = role_key(scenario, actor.id);
    if (key.empty() || !made.insert(key).second) continue;
    auto* role = plan.add_roles();
    role->set_key(key);
    role->set_department(actor.department);
    set_name(*role->mutable_name(), role_name(key));
    role->set_command_seat(seats.contains(key));
    const auto found = verbs.find(key);
    if (found == verbs.end()) continue;
    for (const auto verb : found->second) {
      auto* grant = role->add_grants();
      grant->set_verb(verb);
      grant->set_scope(v1::Grant::SCOPE_CENTER);
      grant->set_condition(v1::Grant::CONDITION_APPOINTED);
    }
  }
}

// An own account of the center stays what it is, and stands on the scenario's role besides.
v1::PlanAccount plan_account(const Scenario& scenario, const client::State& center,
                             const Scenario::Actor& actor) {
  v1::PlanAccount row;
  if (const v1::Account* own = same_name(actor, center)) {
    row.set_key(own->key());
    *row.mutable_name() = own->name();
    row.set_kind(own->kind());
    const auto department = center.departments().find(own->department_id());
    if (department != center.departments().end()) {
      row.set_department(department->second.key());
    }
    *row.mutable_phones() = own->phones();
    row.set_access_until_us(own->access_until_us());
    return row;
  }
  row.set_key(actor.id);
  set_name(*row.mutable_name(), actor.name);
  row.set_kind(actor.kind == "human" ? v1::Account::KIND_PERSON : v1::Account::KIND_BOT);
  // A department that the file does not list is none.
  const auto listed = [&](const auto& one) { return one.id == actor.department; };
  if (std::any_of(scenario.departments.begin(), scenario.departments.end(), listed)) {
    row.set_department(actor.department);
  }
  return row;
}

void add_accounts(const Scenario& scenario, const client::State& center, v1::Plan& plan) {
  std::map<std::string, int> order;
  for (const auto& actor : scenario.actors) {
    if (actor.kind == "system") continue;
    auto* account = plan.add_accounts();
    *account = plan_account(scenario, center, actor);
    const std::string role = role_key(scenario, actor.id);
    if (role.empty()) continue;
    const int place = order[role]++;
    auto* appointment = account->add_appointments();
    appointment->set_role(role);
    // Duty chiefs relieve each other: which of them is on duty, the roster says.
    appointment->set_standing(role == "eoc/chief" ? v1::Appointment::STANDING_PRIMARY
                                                  : standing_of(place));
    appointment->set_rank(static_cast<std::uint32_t>(place));
  }
}

v1::PlanChannel plan_channel(const Scenario::Channel& channel) {
  v1::PlanChannel row;
  row.set_key(channel.id);
  row.set_kind(v1::Channel::KIND_GROUP);
  set_name(*row.mutable_name(), channel.name);
  row.set_everyone(true);
  row.set_posting(v1::Channel::POSTING_MEMBERS);
  row.set_history(v1::Channel::HISTORY_ALL);
  return row;
}

v1::Configuration configuration_of(const client::State& center) {
  for (const auto& [key, update] : center.rows()) {
    if (update.has_configuration()) return update.configuration();
  }
  return {};
}

void add_shift(const Scenario& scenario, const client::State& center, const std::string& actor,
               const std::string& role, base::TimeUs from, base::TimeUs until, v1::PutShifts& to) {
  const v1::Account* account = center.find_account(account_key(*scenario.actor(actor), center));
  const v1::Role* post = center.find_role(role);
  if (account == nullptr || post == nullptr) return;
  v1::Shift& shift = *to.add_shifts();
  shift.set_role_id(post->id());
  shift.set_standing(v1::Appointment::STANDING_PRIMARY);
  shift.set_account_id(account->id());
  shift.set_start_us(from);
  shift.set_end_us(until);
}

}  // namespace

std::string account_key(const Scenario::Actor& actor, const client::State& center) {
  const v1::Account* known = same_name(actor, center);
  return known != nullptr ? known->key() : actor.id;
}

std::string role_key(const Scenario& scenario, const std::string& actor_id) {
  const Scenario::Actor* actor = scenario.actor(actor_id);
  if (actor == nullptr || actor->kind == "system") return {};
  const auto listed = [&](const auto& one) { return one.id == actor->department; };
  if (std::none_of(scenario.departments.begin(), scenario.departments.end(), listed)) return {};
  if (actor->kind == "bot") {
    return hears_the_public(scenario, actor_id) ? actor->department + "/hotline" : "";
  }
  if (actor->department != "eoc") return actor->department + "/duty";
  return is_chief(*actor) ? "eoc/chief" : "eoc/operator";
}

v1::Plan plan_for(const Scenario& scenario, const client::State& center,
                  const v1::Welcome& welcome) {
  v1::Plan plan;
  plan.set_center_id(welcome.center_id());
  *plan.mutable_name() = welcome.center_name();
  plan.set_zone(welcome.zone());
  for (const auto& department : scenario.departments) {
    if (has_department(center, department.id) || department.id == "sys") continue;
    auto* row = plan.add_departments();
    row->set_key(department.id);
    set_name(*row->mutable_name(), department.name);
  }
  add_roles(scenario, plan);
  add_accounts(scenario, center, plan);
  for (const auto& channel : scenario.channels) {
    // The others begin with the incident and its groups.
    if (channel.kind == "standing") *plan.add_channels() = plan_channel(channel);
  }
  *plan.mutable_configuration() = configuration_of(center);
  set_rules(scenario, *plan.mutable_configuration());
  return plan;
}

v1::PutShifts shifts_for(const Scenario& scenario, const client::State& center,
                         base::TimeUs start) {
  v1::PutShifts shifts;
  for (const auto& event : scenario.events) {
    const std::string incoming = event.word("to");
    if (event.action != "handover.propose" || scenario.actor(incoming) == nullptr) continue;
    const std::string role = role_key(scenario, event.actor);
    const base::TimeUs change = start + static_cast<base::TimeUs>(event.t * base::us_per_s);
    add_shift(scenario, center, event.actor, role, start, change + hour_us / 2, shifts);
    add_shift(scenario, center, incoming, role, change, change + 12 * hour_us, shifts);
  }
  return shifts;
}

}  // namespace fenghuo::replay
