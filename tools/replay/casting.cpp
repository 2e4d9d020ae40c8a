// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/casting.h"

#include <algorithm>
#include <map>

namespace fenghuo::replay {
namespace {

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

void add_department(v1::Plan& plan, const client::State& center,
                    const Scenario::Department& department) {
  if (!has_department(center, department.id)) {
    auto* row = plan.add_departments();
    row->set_key(department.id);
    set_name(*row->mutable_name(), department.name);
  }
  const std::string key = department.id + "/duty";
  if (center.find_role(key) != nullptr) return;
  auto* role = plan.add_roles();
  role->set_key(key);
  role->set_department(department.id);
  role->mutable_name()->set_zh_hans("值班");
  role->mutable_name()->set_zh_hant("值班");
  role->mutable_name()->set_en("On duty");
  auto* flash = role->add_grants();
  flash->set_verb(v1::Grant::VERB_FLASH);
  flash->set_scope(v1::Grant::SCOPE_CENTER);
  flash->set_condition(v1::Grant::CONDITION_APPOINTED);
}

// An open channel: any seat of the center can watch.
v1::PlanChannel plan_channel(const Scenario::Channel& channel) {
  v1::PlanChannel row;
  row.set_key(channel.id);
  row.set_kind(channel.kind == "incident" ? v1::Channel::KIND_INCIDENT : v1::Channel::KIND_GROUP);
  set_name(*row.mutable_name(), channel.name);
  row.set_everyone(true);
  row.set_posting(v1::Channel::POSTING_MEMBERS);
  row.set_history(v1::Channel::HISTORY_ALL);
  return row;
}

// The center stays what it is.
v1::Plan plan_of(const v1::Welcome& welcome) {
  v1::Plan plan;
  plan.set_center_id(welcome.center_id());
  *plan.mutable_name() = welcome.center_name();
  plan.set_zone(welcome.zone());
  return plan;
}

}  // namespace

std::string account_key(const Scenario::Actor& actor, const client::State& center) {
  const v1::Account* known = same_name(actor, center);
  return known != nullptr ? known->key() : actor.id;
}

v1::Plan plan_for_incident(const Scenario::Channel& channel, const v1::Welcome& welcome) {
  v1::Plan plan = plan_of(welcome);
  *plan.add_channels() = plan_channel(channel);
  return plan;
}

v1::Plan plan_for(const Scenario& scenario, const client::State& center,
                  const v1::Welcome& welcome) {
  v1::Plan plan = plan_of(welcome);
  for (const auto& department : scenario.departments) add_department(plan, center, department);
  std::map<std::string, int> order;
  for (const auto& actor : scenario.actors) {
    const int place = order[actor.department]++;
    if (same_name(actor, center) != nullptr) continue;
    auto* account = plan.add_accounts();
    account->set_key(actor.id);
    set_name(*account->mutable_name(), actor.name);
    account->set_kind(actor.kind == "human" ? v1::Account::KIND_PERSON : v1::Account::KIND_BOT);
    // A department that the file does not list (bots, the system) is none.
    const auto listed = [&](const auto& row) { return row.id == actor.department; };
    if (std::none_of(scenario.departments.begin(), scenario.departments.end(), listed)) continue;
    account->set_department(actor.department);
    auto* appointment = account->add_appointments();
    appointment->set_role(actor.department + "/duty");
    appointment->set_standing(standing_of(place));
    appointment->set_rank(static_cast<std::uint32_t>(place));
  }
  for (const auto& channel : scenario.channels) {
    if (channel.kind != "incident") *plan.add_channels() = plan_channel(channel);
  }
  return plan;
}

v1::PostMessage message_for(const Scenario::Event& event) {
  v1::PostMessage post;
  post.set_text(event.text.zh + " 〔" + event.action + "〕");
  post.set_precedence(event.priority == "critical" ? v1::PRECEDENCE_FLASH
                      : event.priority == "urgent" ? v1::PRECEDENCE_IMMEDIATE
                      : event.priority == "high"   ? v1::PRECEDENCE_PRIORITY
                                                   : v1::PRECEDENCE_ROUTINE);
  return post;
}

}  // namespace fenghuo::replay
