// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/diff.h"

#include "hub/base/types.h"
#include "hub/plan/configuration_diff.h"
#include "hub/plan/words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <map>

namespace fenghuo::plan {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// "KIND_DUTY_LINE" -> "duty-line", as plan files write it.
std::string word_of_enumerator(const std::string& name) {
  std::string word;
  for (const char c : name.substr(name.find('_') + 1)) {
    word += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return word;
}

std::string instant_text(base::TimeUs us) {
  if (us == 0) return "none";
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(us / base::us_per_s));
}

std::string describe(const v1::LocalizedText& text) {
  std::string all = text.zh_hans();
  for (const std::string& other : {text.zh_hant(), text.en()}) {
    if (!other.empty()) all += " / " + other;
  }
  return "\"" + all + "\"";
}

// One entry of a list, in a line.
std::string describe(const Message& message) {
  if (const auto* text = dynamic_cast<const v1::LocalizedText*>(&message)) return describe(*text);
  if (const auto* grant = dynamic_cast<const v1::Grant*>(&message)) {
    return "\"" + grant_text(*grant) + "\"";
  }
  if (const auto* phone = dynamic_cast<const v1::Phone*>(&message)) {
    std::string text = fmt::format("{} {}", word_of(phone_kinds(), phone->kind()), phone->number());
    if (!phone->note().empty()) text += fmt::format(" ({})", phone->note());
    return text;
  }
  if (const auto* held = dynamic_cast<const v1::PlanAccount::Appointment*>(&message)) {
    return fmt::format("{} {} {}", word_of(standings(), held->standing()), held->role(),
                       held->rank());
  }
  return message.ShortDebugString();
}

std::vector<std::string> entries(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<std::string> texts;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    texts.push_back(field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE
                        ? describe(reflection.GetRepeatedMessage(message, &field, i))
                        : "\"" + reflection.GetRepeatedString(message, &field, i) + "\"");
  }
  return texts;
}

std::string single(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: return describe(reflection.GetMessage(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return word_of_enumerator(reflection.GetEnum(message, &field)->name());
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT64: return instant_text(reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(reflection.GetUInt32(message, &field));
    default: return "\"" + reflection.GetString(message, &field) + "\"";
  }
}

// What one field would change, or empty.
std::string change(const Message& current, const Message& wanted, const FieldDescriptor& field) {
  if (!field.is_repeated()) {
    // The topic of a running channel belongs to its people.
    if (field.name() == "topic" && single(wanted, field) == "\"\"") return "";
    const std::string before = single(current, field);
    const std::string after = single(wanted, field);
    return before == after ? "" : fmt::format("{} {} -> {}", field.name(), before, after);
  }
  // The order in a list says nothing.
  const std::vector<std::string> before = entries(current, field);
  const std::vector<std::string> after = entries(wanted, field);
  std::string text;
  const auto list_missing = [&text](const std::vector<std::string>& from,
                                    const std::vector<std::string>& in, std::string_view sign) {
    for (const std::string& entry : from) {
      if (std::find(in.begin(), in.end(), entry) != in.end()) continue;
      text += fmt::format(" {} {}", sign, entry);
    }
  };
  list_missing(after, before, "+");
  // A plan gives appointments and ends none.
  if (field.name() != "appointments") list_missing(before, after, "-");
  return text.empty() ? "" : std::string(field.name()) + text;
}

std::string changes(const Message& current, const Message& wanted) {
  std::string text;
  const auto* descriptor = wanted.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const std::string one = change(current, wanted, *descriptor->field(i));
    if (!one.empty()) text += (text.empty() ? "" : "; ") + one;
  }
  return text;
}

template <typename Entity>
void compare(std::string_view kind, const google::protobuf::RepeatedPtrField<Entity>& current,
             const google::protobuf::RepeatedPtrField<Entity>& wanted,
             std::vector<std::string>& lines) {
  std::map<std::string_view, const Entity*> known;
  for (const Entity& entity : current) known.emplace(entity.key(), &entity);
  for (const Entity& entity : wanted) {
    const auto found = known.find(entity.key());
    if (found == known.end()) {
      lines.push_back(fmt::format("+ {} \"{}\" ({})", kind, entity.key(), entity.name().zh_hans()));
      continue;
    }
    const std::string text = changes(*found->second, entity);
    if (!text.empty()) lines.push_back(fmt::format("~ {} \"{}\": {}", kind, entity.key(), text));
  }
}

void compare_center(const v1::Plan& current, const v1::Plan& wanted,
                    std::vector<std::string>& lines) {
  v1::Plan before;
  *before.mutable_name() = current.name();
  before.set_zone(current.zone());
  // The window that somebody asked for, and not the default that both leave out.
  before.set_redaction_window_s(current.redaction_window_s());
  v1::Plan after;
  *after.mutable_name() = wanted.name();
  after.set_zone(wanted.zone());
  after.set_redaction_window_s(wanted.redaction_window_s());
  const std::string text = changes(before, after);
  if (!text.empty()) lines.push_back(fmt::format("~ center \"{}\": {}", wanted.center_id(), text));
}

using Keys = std::map<std::uint64_t, std::string>;

std::string key_in(const Keys& keys, std::uint64_t id) {
  const auto found = keys.find(id);
  return found == keys.end() ? std::string() : found->second;
}

Keys keys_of(const v1::Snapshot& snapshot) {
  Keys keys;
  for (const auto& department : snapshot.departments()) keys[department.id()] = department.key();
  for (const auto& role : snapshot.roles()) keys[role.id()] = role.key();
  for (const auto& account : snapshot.accounts()) keys[account.id()] = account.key();
  for (const auto& state : snapshot.channels()) keys[state.channel().id()] = state.channel().key();
  return keys;
}

void add_departments(const v1::Snapshot& from, const Keys& keys, v1::Plan& to) {
  for (const v1::Department& department : from.departments()) {
    v1::PlanDepartment& added = *to.add_departments();
    added.set_key(department.key());
    *added.mutable_name() = department.name();
    added.set_parent(key_in(keys, department.parent_id()));
    *added.mutable_phones() = department.phones();
  }
}

void add_roles(const v1::Snapshot& from, const Keys& keys, v1::Plan& to) {
  for (const v1::Role& role : from.roles()) {
    v1::PlanRole& added = *to.add_roles();
    added.set_key(role.key());
    *added.mutable_name() = role.name();
    added.set_department(key_in(keys, role.department_id()));
    *added.mutable_phones() = role.phones();
    *added.mutable_grants() = role.grants();
    added.set_command_seat(role.command_seat());
  }
}

void add_accounts(const v1::Snapshot& from, const Keys& keys, v1::Plan& to) {
  for (const v1::Account& account : from.accounts()) {
    v1::PlanAccount& added = *to.add_accounts();
    added.set_key(account.key());
    *added.mutable_name() = account.name();
    added.set_kind(account.kind());
    added.set_department(key_in(keys, account.department_id()));
    *added.mutable_phones() = account.phones();
    added.set_access_until_us(account.access_until_us());
    for (const std::uint64_t room : account.room_ids()) added.add_rooms(key_in(keys, room));
    for (const v1::Appointment& held : from.appointments()) {
      if (held.account_id() != account.id() || held.ended()) continue;
      v1::PlanAccount::Appointment& appointment = *added.add_appointments();
      appointment.set_role(key_in(keys, held.role_id()));
      appointment.set_standing(held.standing());
      appointment.set_rank(held.rank());
    }
  }
}

void add_contacts(const v1::Snapshot& from, v1::Plan& to) {
  for (const v1::Contact& contact : from.contacts()) {
    v1::PlanContact& added = *to.add_contacts();
    added.set_key(contact.key());
    *added.mutable_name() = contact.name();
    *added.mutable_unit() = contact.unit();
    *added.mutable_phones() = contact.phones();
  }
}

void add_channels(const v1::Snapshot& from, const Keys& keys, v1::Plan& to) {
  for (const v1::ChannelState& state : from.channels()) {
    const v1::Channel& channel = state.channel();
    if (channel.kind() == v1::Channel::KIND_DIRECT) continue;
    v1::PlanChannel& added = *to.add_channels();
    added.set_key(channel.key());
    added.set_kind(channel.kind());
    *added.mutable_name() = channel.name();
    added.set_topic(channel.topic());
    added.set_department(key_in(keys, channel.department_id()));
    added.set_role(key_in(keys, channel.role_id()));
    added.set_everyone(channel.members().everyone());
    for (const auto id : channel.members().department_ids()) {
      added.add_member_departments(key_in(keys, id));
    }
    for (const auto id : channel.members().role_ids()) added.add_member_roles(key_in(keys, id));
    for (const auto id : channel.members().account_ids()) {
      added.add_member_accounts(key_in(keys, id));
    }
    added.set_posting(channel.posting());
    added.set_history(channel.history());
  }
}

}  // namespace

v1::Plan plan_of(const v1::Snapshot& snapshot) {
  const Keys keys = keys_of(snapshot);
  v1::Plan plan;
  add_departments(snapshot, keys, plan);
  add_roles(snapshot, keys, plan);
  add_accounts(snapshot, keys, plan);
  add_contacts(snapshot, plan);
  add_channels(snapshot, keys, plan);
  for (const v1::Configuration& one : snapshot.configurations()) {
    *plan.mutable_configuration() = one;
    plan.mutable_configuration()->clear_id();
    plan.mutable_configuration()->clear_revision();
  }
  return plan;
}

std::vector<std::string> plan_diff(const v1::Plan& current, const v1::Plan& wanted) {
  std::vector<std::string> lines;
  if (!current.center_id().empty()) compare_center(current, wanted, lines);
  compare("department", current.departments(), wanted.departments(), lines);
  compare("role", current.roles(), wanted.roles(), lines);
  compare("account", current.accounts(), wanted.accounts(), lines);
  compare("contact", current.contacts(), wanted.contacts(), lines);
  compare("channel", current.channels(), wanted.channels(), lines);
  if (wanted.has_configuration()) {
    diff_configuration(current.configuration(), wanted.configuration(), lines);
  }
  return lines;
}

}  // namespace fenghuo::plan
