// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/account_list.h"

#include "hub/base/limits.h"
#include "hub/base/types.h"
#include "hub/base/utf8.h"
#include "hub/plan/fields.h"
#include "hub/plan/words.h"
#include "hub/roster/csv.h"
#include "tools/admin/instant.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace fenghuo::admin {

namespace {

namespace limits = base::limits;
using plan::Place;
using roster::CsvField;
using roster::CsvRow;
using roster::parse_csv;

const std::vector<std::string>& columns() {
  static const std::vector<std::string> names{
      "account", "name_zh_hans", "name_zh_hant", "name_en", "kind",         "department",
      "role",    "standing",     "phone",        "rooms",   "access_until", "password",
  };
  return names;
}

// The parts between semicolons, without spaces around them and without empty ones.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : text + ";") {
    if (c != ';') {
      part += c;
      continue;
    }
    const std::size_t first = part.find_first_not_of(' ');
    if (first != std::string::npos) {
      parts.push_back(part.substr(first, part.find_last_not_of(' ') - first + 1));
    }
    part.clear();
  }
  return parts;
}

template <typename Entities>
std::vector<std::string> keys_of(const Entities& entities) {
  std::vector<std::string> keys;
  for (const auto& entity : entities) keys.push_back(entity.key());
  return keys;
}

class ListReader {
 public:
  ListReader(const v1::Plan& center, bool all_channels)
      : all_channels_(all_channels),
        departments_(keys_of(center.departments())),
        roles_(keys_of(center.roles())),
        channels_(keys_of(center.channels())) {}

  AccountList read(std::string_view csv);

 private:
  bool read_header(const CsvRow& row);
  void read_row(const CsvRow& row);
  void start_account(const CsvRow& row, const std::string& key);
  void read_name(const CsvRow& row, v1::LocalizedText& name);
  void read_kind(const CsvRow& row, v1::PlanAccount& account);
  void read_phones(const CsvRow& row, v1::PlanAccount& account);
  void read_rooms(const CsvRow& row, v1::PlanAccount& account);
  void read_password(const CsvRow& row, const v1::PlanAccount& account);
  void add_appointment(const CsvRow& row, v1::PlanAccount& account);
  void check_guest(const CsvRow& row, const v1::PlanAccount& account);

  // Empty when the list has no such column or the row ends before it.
  const CsvField& field(const CsvRow& row, const std::string& column) const;
  std::string text(const CsvRow& row, const std::string& column, std::size_t bytes_max);
  bool knows(const std::vector<std::string>& keys, const CsvField& field, const std::string& key,
             std::string_view kind);
  void problem(const CsvField& field, std::string what, std::string fix) {
    problems_.add(field.place, std::move(what), std::move(fix));
  }

  bool all_channels_;
  std::vector<std::string> departments_;
  std::vector<std::string> roles_;
  std::vector<std::string> channels_;
  plan::Problems problems_;
  std::map<std::string, std::size_t> column_;
  std::map<std::string, std::size_t> index_;
  AccountList list_;
};

AccountList ListReader::read(std::string_view csv) {
  if (!base::is_utf8(csv)) {
    problems_.add({}, "the list is not UTF-8", "save it as \"CSV UTF-8\"");
  } else {
    const std::vector<CsvRow> rows = parse_csv(csv, problems_);
    if (rows.empty()) {
      problems_.add({}, "the list is empty", "begin with the line account,name_zh_hans,name_en");
    } else if (read_header(rows[0])) {
      for (std::size_t i = 1; i < rows.size(); ++i) read_row(rows[i]);
    }
  }
  list_.problems = problems_.take_sorted();
  return std::move(list_);
}

bool ListReader::read_header(const CsvRow& row) {
  bool good = true;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string& name = row[i].text;
    if (std::find(columns().begin(), columns().end(), name) == columns().end()) {
      problem(row[i], fmt::format("unknown column \"{}\"", name),
              plan::did_you_mean(name, columns(), "known: " + plan::one_of(columns())));
      good = false;
    } else if (!column_.emplace(name, i).second) {
      problem(row[i], fmt::format("a second column \"{}\"", name), "remove one");
      good = false;
    }
  }
  for (const char* needed : {"account", "name_zh_hans", "name_en"}) {
    if (column_.count(needed) > 0) continue;
    problems_.add({1, 1}, fmt::format("the column {} is missing", needed), "add it");
    good = false;
  }
  return good;
}

const CsvField& ListReader::field(const CsvRow& row, const std::string& column) const {
  static const CsvField none;
  const auto found = column_.find(column);
  return found == column_.end() || found->second >= row.size() ? none : row[found->second];
}

std::string ListReader::text(const CsvRow& row, const std::string& column, std::size_t bytes_max) {
  const CsvField& from = field(row, column);
  if (from.text.size() > bytes_max) {
    problem(from, fmt::format("{} has {} bytes", column, from.text.size()),
            fmt::format("{} at most", bytes_max));
  }
  return from.text;
}

bool ListReader::knows(const std::vector<std::string>& keys, const CsvField& from,
                       const std::string& key, std::string_view kind) {
  if (std::find(keys.begin(), keys.end(), key) != keys.end()) return true;
  if (kind == "channel" && !all_channels_) {
    problem(from, fmt::format("channel \"{}\" is not seen by your account", key),
            plan::did_you_mean(key, keys, "join it first, or do this on the data folder"));
  } else {
    problem(from, fmt::format("{} \"{}\" is not in this center", kind, key),
            plan::did_you_mean(key, keys, "put it into the plan and apply that first"));
  }
  return false;
}

void ListReader::read_row(const CsvRow& row) {
  if (row.size() > column_.size()) {
    problem(row[column_.size()], fmt::format("more than {} fields", column_.size()),
            "put quotes around a field with a comma");
    return;
  }
  const CsvField& key = field(row, "account");
  if (!plan::is_key(key.text, plan::KeyForm::Account)) {
    problems_.add(key.place.line > 0 ? key.place : row[0].place,
                  fmt::format("\"{}\" is no account", key.text),
                  std::string(plan::key_rule(plan::KeyForm::Account)));
    return;
  }
  const auto known = index_.find(key.text);
  if (known == index_.end()) {
    start_account(row, key.text);
    return;
  }
  if (!field(row, "name_zh_hans").text.empty() || !field(row, "name_en").text.empty()) {
    problem(key, fmt::format("a second account \"{}\"", key.text),
            "leave the name empty to add one more role, or choose another account");
    return;
  }
  if (field(row, "role").text.empty()) {
    problem(key, fmt::format("a further line for \"{}\" without a role", key.text), "remove it");
    return;
  }
  add_appointment(row, list_.accounts[known->second]);
}

void ListReader::start_account(const CsvRow& row, const std::string& key) {
  index_.emplace(key, list_.accounts.size());
  v1::PlanAccount& account = list_.accounts.emplace_back();
  account.set_key(key);
  read_name(row, *account.mutable_name());
  read_kind(row, account);
  const CsvField& department = field(row, "department");
  if (!department.text.empty() && knows(departments_, department, department.text, "department")) {
    account.set_department(department.text);
  }
  read_phones(row, account);
  read_rooms(row, account);
  if (!field(row, "role").text.empty()) {
    add_appointment(row, account);
  } else if (!field(row, "standing").text.empty()) {
    problem(field(row, "standing"), "a standing without a role", "add the role, or remove it");
  }
  check_guest(row, account);
  read_password(row, account);
}

void ListReader::read_name(const CsvRow& row, v1::LocalizedText& name) {
  name.set_zh_hans(text(row, "name_zh_hans", limits::name_bytes_max));
  name.set_zh_hant(text(row, "name_zh_hant", limits::name_bytes_max));
  name.set_en(text(row, "name_en", limits::name_bytes_max));
  for (const char* column : {"name_zh_hans", "name_en"}) {
    const CsvField& from = field(row, column);
    if (!from.text.empty()) continue;
    problems_.add(from.place.line > 0 ? from.place : row[0].place,
                  fmt::format("{} is empty", column), "fill it in");
  }
}

void ListReader::read_kind(const CsvRow& row, v1::PlanAccount& account) {
  account.set_kind(v1::Account::KIND_PERSON);
  const CsvField& from = field(row, "kind");
  if (from.text.empty()) return;
  std::vector<std::string> known;
  for (const plan::Word& word : plan::account_kinds()) {
    if (word.word == from.text) {
      account.set_kind(static_cast<v1::Account::Kind>(word.value));
      return;
    }
    known.emplace_back(word.word);
  }
  problem(from, fmt::format("kind \"{}\" is unknown", from.text),
          plan::did_you_mean(from.text, known, "write " + plan::one_of(known)));
}

void ListReader::read_phones(const CsvRow& row, v1::PlanAccount& account) {
  const CsvField& from = field(row, "phone");
  for (const std::string& part : parts_of(from.text)) {
    v1::Phone& phone = *account.add_phones();
    phone.set_kind(v1::Phone::KIND_MOBILE);
    phone.set_number(part);
    for (const plan::Word& word : plan::phone_kinds()) {
      const std::string prefix = std::string(word.word) + ":";
      if (!part.starts_with(prefix)) continue;
      phone.set_kind(static_cast<v1::Phone::Kind>(word.value));
      const std::size_t number = part.find_first_not_of(' ', prefix.size());
      phone.set_number(number == std::string::npos ? "" : part.substr(number));
    }
    if (phone.number().empty() || phone.number().size() > limits::phone_bytes_max) {
      problem(from, fmt::format("\"{}\" is no phone", part), "write \"KIND: NUMBER\"");
    }
  }
  if (account.phones_size() > static_cast<int>(limits::phones_max)) {
    problem(from, fmt::format("{} phones", account.phones_size()),
            fmt::format("{} at most", limits::phones_max));
  }
}

void ListReader::read_rooms(const CsvRow& row, v1::PlanAccount& account) {
  const CsvField& rooms = field(row, "rooms");
  for (const std::string& room : parts_of(rooms.text)) {
    if (knows(channels_, rooms, room, "channel")) account.add_rooms(room);
  }
  const CsvField& until = field(row, "access_until");
  if (until.text.empty()) return;
  if (const std::optional<base::TimeUs> instant = parse_instant(until.text)) {
    account.set_access_until_us(*instant);
  } else {
    problem(until, fmt::format("\"{}\" is no date and time with offset", until.text),
            "write it like 2026-12-31T18:00:00+08:00");
  }
}

void ListReader::check_guest(const CsvRow& row, const v1::PlanAccount& account) {
  const CsvField& key = field(row, "account");
  if (account.kind() != v1::Account::KIND_GUEST) {
    if (!field(row, "rooms").text.empty()) {
      problem(field(row, "rooms"), fmt::format("\"{}\" has rooms but is no guest", key.text),
              "remove them, or make it kind guest");
    }
    return;
  }
  if (field(row, "access_until").text.empty()) {
    problem(key, fmt::format("\"{}\" is a guest without an end", key.text), "fill in access_until");
  }
  if (field(row, "rooms").text.empty()) {
    problem(key, fmt::format("\"{}\" is a guest without rooms", key.text), "fill in rooms");
  }
}

void ListReader::read_password(const CsvRow& row, const v1::PlanAccount& account) {
  const CsvField& from = field(row, "password");
  if (from.text.empty()) return;
  if (account.kind() == v1::Account::KIND_BOT) {
    problem(from, fmt::format("\"{}\" is a bot with a password", account.key()),
            "leave it empty and give the bot a token: fenghuo-admin account token");
  } else if (from.text.size() < limits::password_bytes_min ||
             from.text.size() > limits::password_bytes_max) {
    problem(from, fmt::format("a password of {} bytes", from.text.size()),
            fmt::format("{} to {}, or leave it empty to have one made", limits::password_bytes_min,
                        limits::password_bytes_max));
  } else {
    list_.passwords.emplace(account.key(), from.text);
  }
}

void ListReader::add_appointment(const CsvRow& row, v1::PlanAccount& account) {
  const CsvField& role = field(row, "role");
  const CsvField& standing = field(row, "standing");
  if (account.kind() == v1::Account::KIND_GUEST) {
    problem(role, fmt::format("\"{}\" is a guest with a role", account.key()),
            "remove it, or make it kind person");
    return;
  }
  for (const auto& held : account.appointments()) {
    if (held.role() != role.text) continue;
    problem(role, fmt::format("role \"{}\" twice for \"{}\"", role.text, account.key()),
            "remove one");
    return;
  }
  if (account.appointments_size() >= static_cast<int>(limits::appointments_per_account_max)) {
    problem(role, fmt::format("too many roles for \"{}\"", account.key()),
            fmt::format("{} at most", limits::appointments_per_account_max));
    return;
  }
  if (!knows(roles_, role, role.text, "role")) return;
  v1::PlanAccount::Appointment& appointment = *account.add_appointments();
  appointment.set_role(role.text);
  appointment.set_standing(v1::Appointment::STANDING_MEMBER);
  if (standing.text.empty()) return;
  std::vector<std::string> known;
  for (const plan::Word& word : plan::standings()) {
    if (word.word == standing.text) {
      appointment.set_standing(static_cast<v1::Appointment::Standing>(word.value));
      return;
    }
    known.emplace_back(word.word);
  }
  problem(standing, fmt::format("standing \"{}\" is unknown", standing.text),
          plan::did_you_mean(standing.text, known, "write " + plan::one_of(known)));
}

}  // namespace

AccountList read_account_list(std::string_view csv, const v1::Plan& center, bool all_channels) {
  return ListReader(center, all_channels).read(csv);
}

}  // namespace fenghuo::admin
