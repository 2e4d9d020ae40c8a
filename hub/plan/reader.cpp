// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/reader.h"

#include "hub/base/limits.h"
#include "hub/base/utf8.h"
#include "hub/plan/document.h"
#include "hub/plan/entry_checks.h"
#include "hub/plan/fields.h"
#include "hub/plan/ladders.h"
#include "hub/plan/message_reader.h"
#include "hub/plan/references.h"
#include "hub/plan/words.h"
#include "hub/plan/zone.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace fenghuo::plan {

namespace {

namespace limits = base::limits;
using Kind = References::Kind;

// Reads the tables of one file into one plan.
class Reader {
 public:
  explicit Reader(Problems& problems) : problems_(problems) {}

  v1::Plan read(const Node& root);

 private:
  void read_center(const Node& table);
  void read_department(Fields fields);
  void read_role(Fields fields);
  void read_account(Fields fields);
  void read_contact(Fields fields);
  void read_channel(Fields fields);
  void read_configuration(Fields& root);
  void read_sections(Fields& root);
  void read_one_ladder(Fields fields) {
    read_ladder(std::move(fields), *plan_.mutable_configuration(), references_, problems_);
  }

  void read_phones(Fields& fields, google::protobuf::RepeatedPtrField<v1::Phone>& to);
  void read_grants(Fields& fields, v1::PlanRole& role);
  void read_appointments(Fields& fields, v1::PlanAccount& account);
  void read_appointment(Fields fields, v1::PlanAccount& account);
  void check_guest(Fields& fields, const v1::PlanAccount& account);
  void read_home(Fields& fields, v1::PlanChannel& channel);
  void read_members(Fields& fields, v1::PlanChannel& channel);

  // Runs `read_one` over the tables headed [[name]].
  void each(Fields& root, std::string_view name, std::size_t max, void (Reader::*read_one)(Fields));

  Problems& problems_;
  References references_;
  v1::Plan plan_;
};

v1::Plan Reader::read(const Node& root) {
  Fields fields(root, "the plan", problems_);
  if (!fields.has("center")) {
    problems_.add({1, 1}, "the plan has no [center]", "add [center] with id, name and zone");
  }
  if (const Node* center = fields.table("center")) read_center(*center);
  each(fields, "department", limits::departments_max, &Reader::read_department);
  each(fields, "role", limits::roles_max, &Reader::read_role);
  each(fields, "account", limits::accounts_max, &Reader::read_account);
  each(fields, "contact", limits::contacts_max, &Reader::read_contact);
  each(fields, "channel", limits::channels_max, &Reader::read_channel);
  read_configuration(fields);
  fields.finish();
  references_.check(problems_);
  return std::move(plan_);
}

void Reader::each(Fields& root, std::string_view name, std::size_t max,
                  void (Reader::*read_one)(Fields)) {
  const std::vector<Node>* tables = root.headed(name, max);
  if (tables == nullptr) return;
  for (const Node& table : *tables) (this->*read_one)(Fields(table, name, problems_));
}

// Left out altogether, the center keeps what it has.
void Reader::read_configuration(Fields& root) {
  each(root, "ladder", limits::ladders_max, &Reader::read_one_ladder);
  const Node* orders = root.table("orders");
  if (orders != nullptr) {
    read_orders(*orders, *plan_.mutable_configuration(), references_, problems_);
  }
  read_sections(root);
  if (!plan_.has_configuration()) return;
  check_ladders(plan_.configuration(), root.place(), problems_);
  check_leaders(plan_, references_, problems_);
  check_configuration(plan_.configuration(), root.place(), problems_);
}

// What has no words of its own is read by the names of the protocol: [alarms], [[report-rule]].
void Reader::read_sections(Fields& root) {
  const google::protobuf::Descriptor& type = *v1::Configuration::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *type.field(i);
    const bool has_own_words = field.number() == v1::Configuration::kLaddersFieldNumber ||
                               field.number() == v1::Configuration::kOfficeHoursFieldNumber;
    if (field.message_type() == nullptr || has_own_words) continue;
    if (root.has(section_key(field))) {
      read_section(root, field, *plan_.mutable_configuration(), references_, problems_);
    } else {
      root.is_known(section_key(field));
    }
  }
}

void Reader::read_center(const Node& table) {
  Fields fields(table, "[center]", problems_);
  plan_.set_center_id(fields.required_key("id").text);
  *plan_.mutable_name() = fields.name_in_languages("name", true);
  const Placed zone = fields.required_text("zone", limits::name_bytes_max);
  if (!zone.text.empty() && !is_zone(zone.text)) {
    problems_.add(
        zone.place, fmt::format("[center]: unknown time zone \"{}\"", zone.text),
        did_you_mean(zone.text, zone_names(), "write an IANA zone, like \"Asia/Shanghai\""));
  }
  plan_.set_zone(zone.text);
  constexpr std::int64_t day_s = 24 * 3'600;
  const auto window_s = fields.whole_number("redaction-window-s", 60, day_s);
  plan_.set_redaction_window_s(static_cast<std::uint32_t>(window_s.value_or(0)));
  fields.finish();
}

void Reader::read_department(Fields fields) {
  v1::PlanDepartment& department = *plan_.add_departments();
  const Placed key = fields.required_key("key");
  fields.is_named(key.text);
  references_.define(Kind::Department, key, problems_);
  department.set_key(key.text);
  *department.mutable_name() = fields.name_in_languages("name", true);
  if (const auto parent = fields.reference("parent")) {
    department.set_parent(parent->text);
    references_.mention(Kind::Department, *parent, fields.what());
    references_.define_parent(key.text, *parent);
  }
  read_phones(fields, *department.mutable_phones());
  fields.finish();
}

void Reader::read_role(Fields fields) {
  v1::PlanRole& role = *plan_.add_roles();
  const Placed key = fields.required_key("key");
  fields.is_named(key.text);
  references_.define(Kind::Role, key, problems_);
  role.set_key(key.text);
  const std::size_t slash = key.text.rfind('/');
  if (slash != std::string::npos && slash + 1 < key.text.size()) {
    role.set_department(key.text.substr(0, slash));
    references_.mention(Kind::Department, {role.department(), key.place}, fields.what());
  } else if (!key.text.empty()) {
    problems_.add(
        key.place, fmt::format("{} has no department", fields.what()),
        fmt::format("write its department first: \"department/{}\"", key.text.substr(0, slash)));
  }
  *role.mutable_name() = fields.name_in_languages("name", true);
  read_phones(fields, *role.mutable_phones());
  read_grants(fields, role);
  role.set_command_seat(fields.truth("command-seat"));
  fields.finish();
}

void Reader::read_grants(Fields& fields, v1::PlanRole& role) {
  const std::vector<Node>* texts = fields.texts("grants", limits::grants_per_role_max);
  if (texts == nullptr) return;
  for (const Node& text : *texts) {
    std::string what;
    std::string fix;
    if (!parse_grant(text.text, *role.add_grants(), what, fix)) {
      problems_.add(text.place, fmt::format("{}: {}", fields.what(), what), fix);
    }
  }
}

void Reader::read_account(Fields fields) {
  v1::PlanAccount& account = *plan_.add_accounts();
  const Placed key = fields.required_key("key", KeyForm::Account);
  fields.is_named(key.text);
  references_.define(Kind::Account, key, problems_);
  account.set_key(key.text);
  *account.mutable_name() = fields.name_in_languages("name", true);
  const int kind = fields.word("kind", account_kinds()).value_or(v1::Account::KIND_PERSON);
  account.set_kind(static_cast<v1::Account::Kind>(kind));
  if (const auto department = fields.reference("department")) {
    account.set_department(department->text);
    references_.mention(Kind::Department, *department, fields.what());
  }
  read_phones(fields, *account.mutable_phones());
  account.set_access_until_us(fields.instant("access-until"));
  for (const Placed& room : fields.references("rooms", limits::member_entries_max)) {
    account.add_rooms(room.text);
    references_.mention(Kind::Channel, room, fields.what());
  }
  read_appointments(fields, account);
  check_guest(fields, account);
  fields.finish();
}

void Reader::check_guest(Fields& fields, const v1::PlanAccount& account) {
  const bool is_guest = account.kind() == v1::Account::KIND_GUEST;
  if (is_guest && !fields.has("access-until")) {
    problems_.add(fields.place(), fmt::format("{} is a guest without an end", fields.what()),
                  "add access-until = 2026-12-31T18:00:00+08:00");
  }
  if (is_guest && account.rooms().empty()) {
    problems_.add(fields.place(), fmt::format("{} is a guest without rooms", fields.what()),
                  "add rooms = [\"channel key\"]");
  }
  if (is_guest && !account.appointments().empty()) {
    problems_.add(fields.place(), fmt::format("{} is a guest with appointments", fields.what()),
                  "remove them, or make it kind = \"person\"");
  }
  if (!is_guest && fields.has("rooms")) {
    problems_.add(fields.place(), fmt::format("{} has rooms but is no guest", fields.what()),
                  "remove rooms, or make it kind = \"guest\"");
  }
}

void Reader::read_appointments(Fields& fields, v1::PlanAccount& account) {
  const auto* tables = fields.tables("appointments", limits::appointments_per_account_max);
  if (tables == nullptr) return;
  const std::string what = "an appointment of " + fields.what();
  for (const Node& table : *tables) read_appointment(Fields(table, what, problems_), account);
}

void Reader::read_appointment(Fields fields, v1::PlanAccount& account) {
  if (!fields.has("role")) fields.missing("role", "\"department/role\"");
  const auto role = fields.reference("role");
  if (role) {
    for (const auto& other : account.appointments()) {
      if (other.role() != role->text) continue;
      problems_.add(role->place, fmt::format("{}: role \"{}\" twice", fields.what(), role->text),
                    "remove one");
      break;
    }
    references_.mention(Kind::Role, *role, fields.what());
  }
  v1::PlanAccount::Appointment& appointment = *account.add_appointments();
  if (role) appointment.set_role(role->text);
  if (!fields.has("standing")) fields.missing("standing", "\"primary\"");
  const int standing = fields.word("standing", standings()).value_or(0);
  appointment.set_standing(static_cast<v1::Appointment::Standing>(standing));
  const auto rank = fields.whole_number("rank", 0, 1'000);
  appointment.set_rank(static_cast<std::uint32_t>(rank.value_or(0)));
  fields.finish();
}

void Reader::read_contact(Fields fields) {
  v1::PlanContact& contact = *plan_.add_contacts();
  const Placed key = fields.required_key("key");
  fields.is_named(key.text);
  references_.define(Kind::Contact, key, problems_);
  contact.set_key(key.text);
  *contact.mutable_name() = fields.name_in_languages("name", true);
  *contact.mutable_unit() = fields.name_in_languages("unit", false);
  if (!fields.has("phones")) {
    fields.missing("phones", "[{ kind = \"duty-line\", number = \"...\" }]");
  }
  read_phones(fields, *contact.mutable_phones());
  fields.finish();
}

void Reader::read_phones(Fields& fields, google::protobuf::RepeatedPtrField<v1::Phone>& to) {
  const std::vector<Node>* tables = fields.tables("phones", limits::phones_max);
  if (tables == nullptr) return;
  for (const Node& table : *tables) {
    Fields phone(table, "a phone of " + fields.what(), problems_);
    v1::Phone& added = *to.Add();
    if (!phone.has("kind")) phone.missing("kind", "\"duty-line\"");
    added.set_kind(static_cast<v1::Phone::Kind>(phone.word("kind", phone_kinds()).value_or(0)));
    added.set_number(phone.required_text("number", limits::phone_bytes_max).text);
    if (const auto note = phone.text("note", limits::name_bytes_max)) added.set_note(note->text);
    phone.finish();
  }
}

void Reader::read_channel(Fields fields) {
  v1::PlanChannel& channel = *plan_.add_channels();
  const Placed key = fields.required_key("key");
  fields.is_named(key.text);
  references_.define(Kind::Channel, key, problems_);
  channel.set_key(key.text);
  if (!fields.has("kind")) fields.missing("kind", "\"group\"");
  const int kind = fields.word("kind", channel_kinds()).value_or(v1::Channel::KIND_UNSPECIFIED);
  channel.set_kind(static_cast<v1::Channel::Kind>(kind));
  if (kind == v1::Channel::KIND_DIRECT) {
    problems_.add(fields.place(), fmt::format("{} is a direct channel", fields.what()),
                  "people open these themselves; make it kind = \"group\" or remove it");
  }
  *channel.mutable_name() = fields.name_in_languages("name", true);
  if (const auto topic = fields.text("topic", limits::topic_bytes_max)) {
    channel.set_topic(topic->text);
  }
  read_home(fields, channel);
  read_members(fields, channel);
  const bool announces = kind == v1::Channel::KIND_ANNOUNCEMENT;
  const int posting =
      fields.word("posting", postings())
          .value_or(announces ? v1::Channel::POSTING_ANNOUNCERS : v1::Channel::POSTING_MEMBERS);
  channel.set_posting(static_cast<v1::Channel::Posting>(posting));
  const int history = fields.word("history", histories()).value_or(v1::Channel::HISTORY_ALL);
  channel.set_history(static_cast<v1::Channel::History>(history));
  fields.finish();
}

// The department or role that a channel belongs to: exactly the one its kind needs.
void Reader::read_home(Fields& fields, v1::PlanChannel& channel) {
  const bool of_department = channel.kind() == v1::Channel::KIND_DEPARTMENT;
  const bool of_role = channel.kind() == v1::Channel::KIND_ROLE;
  if (of_department && !fields.has("department")) fields.missing("department", "\"...\"");
  if (of_role && !fields.has("role")) fields.missing("role", "\"department/role\"");
  const auto department = fields.reference("department");
  const auto role = fields.reference("role");
  const bool kind_known = channel.kind() != v1::Channel::KIND_UNSPECIFIED;
  if (department && !of_department && kind_known) {
    problems_.add(department->place,
                  fmt::format("{} belongs to no department by its kind", fields.what()),
                  "make it kind = \"department\", or write members = { departments = [...] }");
  } else if (department) {
    channel.set_department(department->text);
    references_.mention(Kind::Department, *department, fields.what());
    references_.define_department_channel(*department, channel.key(), problems_);
  }
  if (role && !of_role && kind_known) {
    problems_.add(role->place, fmt::format("{} belongs to no role by its kind", fields.what()),
                  "make it kind = \"role\", or write members = { roles = [...] }");
  } else if (role) {
    channel.set_role(role->text);
    references_.mention(Kind::Role, *role, fields.what());
  }
}

void Reader::read_members(Fields& fields, v1::PlanChannel& channel) {
  const Node* table = fields.table("members");
  const bool needs_members =
      channel.kind() == v1::Channel::KIND_GROUP || channel.kind() == v1::Channel::KIND_ANNOUNCEMENT;
  if (table == nullptr) {
    if (needs_members && !fields.has("members")) {
      fields.missing("members", "{ departments = [\"...\"] } or { everyone = true }");
    }
    return;
  }
  Fields members(*table, "members of " + fields.what(), problems_);
  channel.set_everyone(members.truth("everyone"));
  for (const Placed& key : members.references("departments", limits::member_entries_max)) {
    channel.add_member_departments(key.text);
    references_.mention(Kind::Department, key, members.what());
  }
  for (const Placed& key : members.references("roles", limits::member_entries_max)) {
    channel.add_member_roles(key.text);
    references_.mention(Kind::Role, key, members.what());
  }
  for (const Placed& key : members.references("accounts", limits::member_entries_max)) {
    channel.add_member_accounts(key.text);
    references_.mention(Kind::Account, key, members.what());
  }
  members.finish();
}

}  // namespace

std::string PlanFile::problem_text() const {
  std::string text;
  for (const Problem& problem : problems) text += to_string(file, problem) + "\n";
  return text;
}

PlanFile read_plan(std::string_view text, const std::string& file) {
  PlanFile result;
  result.file = file;
  Problems problems;
  if (text.size() > limits::http_body_bytes_max) {
    problems.add({}, fmt::format("the plan has {} bytes", text.size()),
                 fmt::format("{} at most", limits::http_body_bytes_max));
  } else if (!base::is_utf8(text)) {
    problems.add({}, "the plan is not UTF-8", "save it as UTF-8");
  } else if (const auto root = parse_document(text, problems)) {
    v1::Plan plan = Reader(problems).read(*root);
    if (problems.empty()) result.plan = std::move(plan);
  }
  result.problems = problems.take_sorted();
  return result;
}

PlanFile read_plan_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::error_code ignored;
  // A folder opens like a file.
  if (!in || std::filesystem::is_directory(path, ignored)) {
    PlanFile result;
    result.file = path;
    result.problems.push_back({{}, "cannot be read", "give the path of a plan file"});
    return result;
  }
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return read_plan(text, path);
}

}  // namespace fenghuo::plan
