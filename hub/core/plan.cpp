// SPDX-License-Identifier: Apache-2.0
#include "hub/core/plan.h"

#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "hub/core/access.h"
#include "hub/core/channels.h"
#include "hub/core/directory.h"
#include "hub/core/ladder.h"

#include <map>
#include <set>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

base::Error bad_plan(std::string_view key, std::string_view what) {
  base::Error error(v1::ERROR_CODE_BAD_PLAN, std::string(key) + ": " + std::string(what),
                    "apply_plan.plan");
  error.with("key", std::string(key)).with("what", std::string(what));
  return error;
}

// The same problem as one of the plan's entry `key`.
Problem in_plan(std::string_view key, const Problem& problem) {
  if (!problem) return std::nullopt;
  return bad_plan(key, problem->field() + " " + problem->message());
}

// Walks a plan in an order in which every reference points to what exists already: departments from
// the top, roles, contacts, accounts, channels, the guests' rooms, appointments.
class PlanWriter {
 public:
  PlanWriter(const Context& context, const v1::Plan& plan)
      : context_(context), plan_(plan), draft_(context) {}

  base::Result<Decision> write();

 private:
  Problem check_sizes() const;
  Problem write_departments();
  Problem check_tree() const;
  Problem write_roles();
  Problem write_contacts();
  Problem write_accounts();
  Problem write_rooms();
  Problem write_appointments();
  Problem write_channels();
  Problem check_channel(const v1::PlanChannel& item) const;
  Problem fill_members(const v1::PlanChannel& item, v1::Channel& channel) const;
  void write_header();
  Problem write_configuration();

  // The id behind a key of this plan or of the State; 0 = none.
  EntityId department(const std::string& key) const {
    return id_of(key, new_departments_, context_.rows.department_keys);
  }
  EntityId role(const std::string& key) const {
    return id_of(key, new_roles_, context_.rows.role_keys);
  }
  EntityId account(const std::string& key) const {
    return id_of(key, new_accounts_, context_.rows.account_keys);
  }
  EntityId channel(const std::string& key) const {
    return id_of(key, new_channels_, context_.rows.channel_keys);
  }
  static EntityId id_of(const std::string& key, const KeyIndex& added, const KeyIndex& existing) {
    if (const auto it = added.find(key); it != added.end()) return it->second;
    const auto it = existing.find(key);
    return it == existing.end() ? 0 : it->second;
  }

  // Writes `value` unless it says what `old` says; true = it is new, and has the returned id.
  template <typename T, typename Set>
  EntityId put(T value, const T* old, Set&& set) {
    if (old != nullptr) {
      value.set_id(old->id());
      value.set_revision(old->revision());
      if (same(value, *old)) return old->id();
      value.clear_revision();
    }
    const EntityId id = old == nullptr ? draft_.next() : old->id();
    set(draft_.add(), std::move(value));
    return id;
  }

  const Context& context_;
  const v1::Plan& plan_;
  Draft draft_;
  KeyIndex new_departments_, new_roles_, new_accounts_, new_channels_;
  // Parents as they will be.
  std::map<EntityId, EntityId> parents_;
  // Accounts as written so far, without their rooms' change.
  std::map<EntityId, v1::Account> written_;
};

template <typename Items>
Problem check_unique(const Items& items) {
  std::set<std::string> seen;
  for (const auto& item : items) {
    if (!seen.insert(item.key()).second) return bad_plan(item.key(), "the key stands twice");
  }
  return std::nullopt;
}

Problem PlanWriter::check_sizes() const {
  const State::Rows& rows = context_.rows;
  const auto over = [](std::size_t existing, const auto& items, const KeyIndex& keys,
                       std::size_t most) {
    std::size_t total = existing;
    for (const auto& item : items) total += keys.contains(item.key()) ? 0 : 1;
    return total > most;
  };
  if (over(rows.departments.size(), plan_.departments(), rows.department_keys,
           limits::departments_max)) {
    return limit_reached("departments", limits::departments_max);
  }
  if (over(rows.roles.size(), plan_.roles(), rows.role_keys, limits::roles_max)) {
    return limit_reached("roles", limits::roles_max);
  }
  if (over(rows.accounts.size(), plan_.accounts(), rows.account_keys, limits::accounts_max)) {
    return limit_reached("accounts", limits::accounts_max);
  }
  if (over(rows.contacts.size(), plan_.contacts(), rows.contact_keys, limits::contacts_max)) {
    return limit_reached("contacts", limits::contacts_max);
  }
  if (over(rows.channels.size(), plan_.channels(), rows.channel_keys, limits::channels_max)) {
    return limit_reached("channels", limits::channels_max);
  }
  return std::nullopt;
}

void PlanWriter::write_header() {
  v1::PlanApplied& event = *draft_.add().mutable_plan_applied();
  event.set_plan_hash(base::to_bytes(base::sha256({plan_.SerializeAsString()})));
  *event.mutable_center_name() = plan_.name();
  event.set_zone(plan_.zone());
  event.set_redaction_window_us(plan_.redaction_window_s() == 0
                                    ? limits::redaction_window_default_us
                                    : plan_.redaction_window_s() * base::us_per_s);
}

Problem PlanWriter::write_configuration() {
  if (!plan_.has_configuration()) return std::nullopt;
  const std::string at = "configuration";
  if (auto problem = in_plan(at, check_ladders(plan_.configuration()))) return problem;
  const v1::Configuration& old = context_.rows.configuration();
  v1::Configuration value = plan_.configuration();
  value.set_id(old.id());
  value.set_revision(old.revision());
  if (same(value, old)) return std::nullopt;
  *draft_.add().mutable_configuration_set()->mutable_configuration() = std::move(value);
  return std::nullopt;
}

Problem PlanWriter::write_departments() {
  std::vector<const v1::PlanDepartment*> waiting;
  for (const v1::PlanDepartment& item : plan_.departments()) {
    if (auto problem = in_plan(item.key(), check_key(item.key(), "key"))) return problem;
    if (auto problem = in_plan(item.key(), check_name(item.name(), "name"))) return problem;
    if (auto problem = in_plan(item.key(), check_phones(item.phones(), "phones"))) return problem;
    waiting.push_back(&item);
  }
  for (const auto& entry : context_.rows.departments) parents_[entry.id] = entry.row->parent_id();
  while (!waiting.empty()) {
    std::vector<const v1::PlanDepartment*> later;
    for (const v1::PlanDepartment* item : waiting) {
      const EntityId parent = item->parent().empty() ? 0 : department(item->parent());
      if (!item->parent().empty() && parent == 0) {
        later.push_back(item);
        continue;
      }
      const v1::Department* old = context_.state.department_by_key(item->key());
      v1::Department value;
      if (old != nullptr) value = *old;
      value.set_key(item->key());
      value.set_retired(false);
      *value.mutable_name() = item->name();
      value.set_parent_id(parent);
      *value.mutable_phones() = item->phones();
      const EntityId id = put(std::move(value), old, [](v1::Event& event, v1::Department row) {
        *event.mutable_department_set()->mutable_department() = std::move(row);
      });
      new_departments_[item->key()] = id;
      parents_[id] = parent;
    }
    if (later.size() == waiting.size()) {
      return bad_plan(later.front()->key(), "no such department above: " + later.front()->parent());
    }
    waiting = std::move(later);
  }
  return check_tree();
}

Problem PlanWriter::check_tree() const {
  for (const v1::PlanDepartment& item : plan_.departments()) {
    EntityId above = department(item.key());
    for (std::size_t steps = 0; above != 0; ++steps) {
      if (steps > parents_.size()) return bad_plan(item.key(), "lies below itself");
      above = parents_.at(above);
    }
  }
  return std::nullopt;
}

Problem PlanWriter::write_roles() {
  for (const v1::PlanRole& item : plan_.roles()) {
    if (auto problem = in_plan(item.key(), check_key(item.key(), "key"))) return problem;
    if (auto problem = in_plan(item.key(), check_name(item.name(), "name"))) return problem;
    if (auto problem = in_plan(item.key(), check_phones(item.phones(), "phones"))) return problem;
    const EntityId department_id = department(item.department());
    if (department_id == 0) return bad_plan(item.key(), "no such department: " + item.department());
    if (item.grants_size() > static_cast<int>(limits::grants_per_role_max)) {
      return bad_plan(item.key(), "too many grants");
    }
    const v1::Role* old = context_.state.role_by_key(item.key());
    v1::Role value;
    if (old != nullptr) value = *old;
    value.set_key(item.key());
    value.set_retired(false);
    *value.mutable_name() = item.name();
    value.set_department_id(department_id);
    *value.mutable_phones() = item.phones();
    *value.mutable_grants() = item.grants();
    for (v1::Grant& grant : *value.mutable_grants()) {
      if (grant.verb() == v1::Grant::VERB_UNSPECIFIED || !v1::Grant::Verb_IsValid(grant.verb()) ||
          !v1::Grant::Scope_IsValid(grant.scope()) ||
          !v1::Grant::Condition_IsValid(grant.condition())) {
        return bad_plan(item.key(), "a grant nobody knows");
      }
      if (grant.scope() == v1::Grant::SCOPE_UNSPECIFIED) grant.set_scope(v1::Grant::SCOPE_CENTER);
      if (grant.condition() == v1::Grant::CONDITION_UNSPECIFIED) {
        grant.set_condition(v1::Grant::CONDITION_APPOINTED);
      }
    }
    value.set_command_seat(item.command_seat());
    new_roles_[item.key()] = put(std::move(value), old, [](v1::Event& event, v1::Role row) {
      *event.mutable_role_set()->mutable_role() = std::move(row);
    });
  }
  return std::nullopt;
}

Problem PlanWriter::write_contacts() {
  for (const v1::PlanContact& item : plan_.contacts()) {
    if (auto problem = in_plan(item.key(), check_key(item.key(), "key"))) return problem;
    if (auto problem = in_plan(item.key(), check_name(item.name(), "name"))) return problem;
    if (auto problem = in_plan(item.key(), check_name(item.unit(), "unit", true))) return problem;
    if (auto problem = in_plan(item.key(), check_phones(item.phones(), "phones"))) return problem;
    const v1::Contact* old = context_.state.contact_by_key(item.key());
    v1::Contact value;
    if (old != nullptr) value = *old;
    value.set_key(item.key());
    value.set_retired(false);
    *value.mutable_name() = item.name();
    *value.mutable_unit() = item.unit();
    *value.mutable_phones() = item.phones();
    put(std::move(value), old, [](v1::Event& event, v1::Contact row) {
      *event.mutable_contact_set()->mutable_contact() = std::move(row);
    });
  }
  return std::nullopt;
}

Problem PlanWriter::write_accounts() {
  for (const v1::PlanAccount& item : plan_.accounts()) {
    if (auto problem = in_plan(item.key(), check_key(item.key(), "key", true))) return problem;
    if (auto problem = in_plan(item.key(), check_name(item.name(), "name"))) return problem;
    if (auto problem = in_plan(item.key(), check_phones(item.phones(), "phones"))) return problem;
    const v1::Account* old = context_.state.account_by_key(item.key());
    v1::Account value;
    if (old != nullptr) value = *old;
    if (!v1::Account::Kind_IsValid(item.kind()) || item.access_until_us() < 0) {
      return bad_plan(item.key(), "kind or access_until makes no sense");
    }
    const v1::Account::Kind kind =
        item.kind() == v1::Account::KIND_UNSPECIFIED ? v1::Account::KIND_PERSON : item.kind();
    if (old != nullptr && old->kind() != kind) {
      return bad_plan(item.key(), "the kind of an account never changes");
    }
    if (kind != v1::Account::KIND_GUEST && item.rooms_size() != 0) {
      return bad_plan(item.key(), "only guests have rooms");
    }
    if (kind == v1::Account::KIND_GUEST && item.appointments_size() != 0) {
      return bad_plan(item.key(), "guests hold no role");
    }
    const EntityId department_id = item.department().empty() ? 0 : department(item.department());
    if (!item.department().empty() && department_id == 0) {
      return bad_plan(item.key(), "no such department: " + item.department());
    }
    value.set_key(item.key());
    *value.mutable_name() = item.name();
    value.set_kind(kind);
    value.set_department_id(department_id);
    *value.mutable_phones() = item.phones();
    value.set_access_until_us(item.access_until_us());
    v1::Account kept = value;
    const EntityId id = put(std::move(value), old, [](v1::Event& event, v1::Account row) {
      *event.mutable_account_set()->mutable_account() = std::move(row);
    });
    new_accounts_[item.key()] = id;
    kept.set_id(id);
    written_[id] = std::move(kept);
  }
  return std::nullopt;
}

Problem PlanWriter::check_channel(const v1::PlanChannel& item) const {
  if (auto problem = in_plan(item.key(), check_key(item.key(), "key"))) return problem;
  if (auto problem = in_plan(item.key(), check_name(item.name(), "name"))) return problem;
  if (auto problem =
          in_plan(item.key(), check_text(item.topic(), 0, limits::topic_bytes_max, "topic"))) {
    return problem;
  }
  if (!v1::Channel::Kind_IsValid(item.kind()) || item.kind() == v1::Channel::KIND_UNSPECIFIED ||
      item.kind() == v1::Channel::KIND_DIRECT || !v1::Channel::Posting_IsValid(item.posting()) ||
      !v1::Channel::History_IsValid(item.history())) {
    return bad_plan(item.key(), "kind, posting or history makes no sense");
  }
  const v1::Channel* old = context_.state.channel_by_key(item.key());
  if (old != nullptr && old->kind() != item.kind()) {
    return bad_plan(item.key(), "the kind of a channel never changes");
  }
  if ((item.kind() == v1::Channel::KIND_DEPARTMENT) == item.department().empty()) {
    return bad_plan(item.key(), "a department channel, and no other, names its department");
  }
  if ((item.kind() == v1::Channel::KIND_ROLE) == item.role().empty()) {
    return bad_plan(item.key(), "a role channel, and no other, names its role");
  }
  const std::size_t entries = static_cast<std::size_t>(item.member_departments_size()) +
                              static_cast<std::size_t>(item.member_roles_size()) +
                              static_cast<std::size_t>(item.member_accounts_size());
  if (entries > limits::member_entries_max) return bad_plan(item.key(), "too many members");
  return std::nullopt;
}

Problem PlanWriter::fill_members(const v1::PlanChannel& item, v1::Channel& channel) const {
  v1::Channel::Members& members = *channel.mutable_members();
  members.Clear();
  members.set_everyone(item.everyone());
  for (const std::string& key : item.member_departments()) {
    if (department(key) == 0) return bad_plan(item.key(), "no such department: " + key);
    members.add_department_ids(department(key));
  }
  for (const std::string& key : item.member_roles()) {
    if (role(key) == 0) return bad_plan(item.key(), "no such role: " + key);
    members.add_role_ids(role(key));
  }
  for (const std::string& key : item.member_accounts()) {
    if (account(key) == 0) return bad_plan(item.key(), "no such account: " + key);
    members.add_account_ids(account(key));
  }
  put_in_order(members);
  return std::nullopt;
}

Problem PlanWriter::write_channels() {
  for (const v1::PlanChannel& item : plan_.channels()) {
    if (auto problem = check_channel(item)) return problem;
    const v1::Channel* old = context_.state.channel_by_key(item.key());
    v1::Channel value;
    if (old != nullptr) value = *old;
    value.set_key(item.key());
    value.set_kind(item.kind());
    *value.mutable_name() = item.name();
    // The topic of a running channel belongs to its people.
    if (old == nullptr || !item.topic().empty()) value.set_topic(item.topic());
    if (!item.department().empty()) {
      value.set_department_id(department(item.department()));
      if (value.department_id() == 0) {
        return bad_plan(item.key(), "no such department: " + item.department());
      }
    }
    if (!item.role().empty()) {
      value.set_role_id(role(item.role()));
      if (value.role_id() == 0) return bad_plan(item.key(), "no such role: " + item.role());
    }
    if (auto problem = fill_members(item, value)) return problem;
    const bool announces = item.kind() == v1::Channel::KIND_ANNOUNCEMENT;
    value.set_posting(item.posting() != v1::Channel::POSTING_UNSPECIFIED ? item.posting()
                      : announces ? v1::Channel::POSTING_ANNOUNCERS
                                  : v1::Channel::POSTING_MEMBERS);
    value.set_history(item.history() != v1::Channel::HISTORY_UNSPECIFIED
                          ? item.history()
                          : v1::Channel::HISTORY_ALL);
    new_channels_[item.key()] = put(std::move(value), old, [](v1::Event& event, v1::Channel row) {
      *event.mutable_channel_set()->mutable_channel() = std::move(row);
    });
  }
  return std::nullopt;
}

Problem PlanWriter::write_rooms() {
  for (const v1::PlanAccount& item : plan_.accounts()) {
    if (item.kind() != v1::Account::KIND_GUEST) continue;
    std::vector<EntityId> rooms;
    for (const std::string& key : item.rooms()) {
      if (channel(key) == 0) return bad_plan(item.key(), "no such channel: " + key);
      insert_id(rooms, channel(key));
    }
    v1::Account& value = written_.at(account(item.key()));
    const std::vector<EntityId> is(value.room_ids().begin(), value.room_ids().end());
    if (is == rooms) continue;
    value.mutable_room_ids()->Assign(rooms.begin(), rooms.end());
    value.clear_revision();
    *draft_.add().mutable_account_set()->mutable_account() = value;
  }
  return std::nullopt;
}

Problem PlanWriter::write_appointments() {
  const AccountRows none;
  for (const v1::PlanAccount& item : plan_.accounts()) {
    const v1::Account* existing = context_.state.account_by_key(item.key());
    const AccountRows& rows = existing == nullptr ? none : context_.rows.of(existing->id());
    if (item.appointments_size() > static_cast<int>(limits::appointments_per_account_max)) {
      return bad_plan(item.key(), "too many appointments");
    }
    std::set<std::string> seen;
    for (const auto& one : item.appointments()) {
      if (role(one.role()) == 0) return bad_plan(item.key(), "no such role: " + one.role());
      if (!seen.insert(one.role()).second) return bad_plan(item.key(), "a role stands twice");
      if (!v1::Appointment::Standing_IsValid(one.standing())) {
        return bad_plan(item.key(), "a standing nobody knows");
      }
      v1::Appointment value;
      value.set_account_id(account(item.key()));
      value.set_role_id(role(one.role()));
      value.set_standing(one.standing() == v1::Appointment::STANDING_UNSPECIFIED
                             ? v1::Appointment::STANDING_MEMBER
                             : one.standing());
      value.set_rank(one.rank());
      const v1::Appointment* old = find_appointment(rows, value.role_id());
      if (old != nullptr) {
        value.set_revision(old->revision());
        if (same(value, *old)) continue;
        value.clear_revision();
      }
      *draft_.add().mutable_appointment_set()->mutable_appointment() = std::move(value);
    }
  }
  return std::nullopt;
}

base::Result<Decision> PlanWriter::write() {
  if (plan_.ByteSizeLong() > limits::http_body_bytes_max) {
    return base::Error(v1::ERROR_CODE_TOO_LARGE, "too large", "apply_plan.plan")
        .with("limit", std::to_string(limits::http_body_bytes_max))
        .with("size", std::to_string(plan_.ByteSizeLong()));
  }
  if (!plan_.center_id().empty() && plan_.center_id() != context_.state.center_id()) {
    return bad_plan("center_id", "this is the center " + context_.state.center_id());
  }
  if (auto problem = in_plan("name", check_name(plan_.name(), "name", true))) return *problem;
  if (auto problem = in_plan("zone", check_text(plan_.zone(), 0, limits::key_bytes_max, "zone"))) {
    return *problem;
  }
  if (auto problem = check_unique(plan_.departments())) return *problem;
  if (auto problem = check_unique(plan_.roles())) return *problem;
  if (auto problem = check_unique(plan_.accounts())) return *problem;
  if (auto problem = check_unique(plan_.contacts())) return *problem;
  if (auto problem = check_unique(plan_.channels())) return *problem;
  if (auto problem = check_sizes()) return *problem;
  write_header();
  if (auto problem = write_departments()) return *problem;
  if (auto problem = write_roles()) return *problem;
  if (auto problem = write_contacts()) return *problem;
  if (auto problem = write_accounts()) return *problem;
  if (auto problem = write_channels()) return *problem;
  if (auto problem = write_rooms()) return *problem;
  if (auto problem = write_appointments()) return *problem;
  if (auto problem = write_configuration()) return *problem;
  if (draft_.size() > limits::group_records_max) {
    return base::Error(v1::ERROR_CODE_TOO_LARGE,
                       "more changes than one record group takes: apply "
                       "the plan in parts",
                       "apply_plan.plan")
        .with("limit", std::to_string(limits::group_records_max))
        .with("size", std::to_string(draft_.size()));
  }
  Decision decision = draft_.finish();
  const State::Rows& rows = context_.rows;
  const v1::PlanApplied& header = decision.events.front().event.plan_applied();
  if (decision.events.size() == 1 && same(header.center_name(), rows.center_name) &&
      header.zone() == rows.zone && header.redaction_window_us() == rows.redaction_window_us) {
    return Decision{};
  }
  return decision;
}

}  // namespace

base::Result<Decision> decide_apply_plan(const Context& context, const v1::ApplyPlan& command) {
  const Verdict verdict = allows(context.state, context.actor(), v1::Grant::VERB_ADMINISTER, {});
  if (!verdict.allowed) return forbidden(verb_name(v1::Grant::VERB_ADMINISTER), verdict.reason);
  return PlanWriter(context, command.plan()).write();
}

}  // namespace fenghuo::core
