// SPDX-License-Identifier: Apache-2.0
#include "hub/roster/planned.h"

#include "hub/base/limits.h"
#include "hub/plan/zone.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace fenghuo::roster {

namespace {

using Standing = v1::Appointment::Standing;

struct StandingWord {
  std::string_view word;
  Standing standing;
};

constexpr StandingWord standing_words[] = {
    {"primary", v1::Appointment::STANDING_PRIMARY}, {"主班", v1::Appointment::STANDING_PRIMARY},
    {"值班", v1::Appointment::STANDING_PRIMARY},    {"deputy", v1::Appointment::STANDING_DEPUTY},
    {"副班", v1::Appointment::STANDING_DEPUTY},     {"leader", v1::Appointment::STANDING_LEADER},
    {"带班", v1::Appointment::STANDING_LEADER},     {"帶班", v1::Appointment::STANDING_LEADER},
    {"带班领导", v1::Appointment::STANDING_LEADER}, {"帶班領導", v1::Appointment::STANDING_LEADER},
};

}  // namespace

template <typename Candidates>
std::string Words::suggestion(const std::string& word, Candidates candidates,
                              std::string otherwise) {
  if (suggestions_left_ == 0) return otherwise;
  --suggestions_left_;
  return plan::did_you_mean(word, candidates(), std::move(otherwise));
}

const v1::Role* Words::role(const std::string& word, plan::Place place) {
  if (word.empty()) {
    problems_.add(place, "no role is named", "write its key, such as fire/liaison");
    return nullptr;
  }
  const Directory::Roles found = directory_.find_roles(word);
  if (found.empty()) {
    problems_.add(place, fmt::format("role \"{}\" is not in this center", word),
                  suggestion(
                      word, [&] { return directory_.role_keys(); },
                      "write the key of a role, such as fire/liaison"));
    return nullptr;
  }
  if (found.size() > 1) {
    std::vector<std::string> keys;
    for (const v1::Role* role : found) keys.push_back(role->key());
    problems_.add(place, fmt::format("{} roles are called \"{}\"", found.size(), word),
                  "write the key: " + plan::one_of(keys));
    return nullptr;
  }
  if (found[0]->retired()) {
    problems_.add(place, fmt::format("role \"{}\" exists no more", word), "name another role");
    return nullptr;
  }
  if (!directory_.may_plan(found[0]->id())) {
    problems_.add(place, fmt::format("you may not plan the duty of {}", found[0]->key()),
                  "ask whoever plans it, or leave the row out");
    return nullptr;
  }
  return found[0];
}

std::optional<Directory::Person> Words::person(const std::string& word, const v1::Role* role,
                                               plan::Place place) {
  if (word.empty()) {
    problems_.add(place, "nobody is named",
                  "write who is on duty; for a post left open on purpose leave the row out");
    return std::nullopt;
  }
  const Directory::People found = directory_.find_people(word);
  if (found.empty()) {
    problems_.add(place, fmt::format("\"{}\" is not in this center", word),
                  suggestion(
                      word,
                      [&] {
                        return role == nullptr ? std::vector<std::string>()
                                               : directory_.people_keys(role->id());
                      },
                      "write the key of an account of this center, or contact:KEY for a contact"));
    return std::nullopt;
  }
  if (found.size() > 1) {
    std::vector<std::string> keys;
    for (const Directory::Person& one : found) {
      keys.push_back(one.account != nullptr ? one.account->key() : "contact:" + one.contact->key());
    }
    problems_.add(place, fmt::format("{} people are called \"{}\"", found.size(), word),
                  "write the key: " + plan::one_of(keys));
    return std::nullopt;
  }
  const Directory::Person& person = found[0];
  if (person.contact != nullptr) {
    if (!person.contact->retired()) return person;
    problems_.add(place, fmt::format("contact \"{}\" exists no more", word), "name another");
    return std::nullopt;
  }
  if (person.account->disabled() || person.account->kind() == v1::Account::KIND_GUEST) {
    problems_.add(place,
                  fmt::format("\"{}\" {}", word,
                              person.account->disabled() ? "is disabled"
                                                         : "is a guest, and guests hold no duty"),
                  "name another");
    return std::nullopt;
  }
  if (role != nullptr && !directory_.is_appointed(person.account->id(), role->id())) {
    problems_.add(place, fmt::format("\"{}\" does not belong to {}", word, role->key()),
                  "appoint him to the role first, or name one of its people");
    return std::nullopt;
  }
  return person;
}

std::optional<Zone> Words::zone(const std::string& word, plan::Place place) {
  std::optional<Zone> zone = Zone::find(word);
  if (!zone) {
    problems_.add(place, fmt::format("time zone \"{}\" is not known", word),
                  suggestion(word, plan::zone_names, "write an IANA name such as Asia/Shanghai"));
  }
  return zone;
}

std::optional<LocalS> Words::local(const std::string& word, plan::Place place) {
  if (word.empty()) {
    problems_.add(place, "no time is written", "write it like 2026-11-30 08:00");
    return std::nullopt;
  }
  LocalText read = parse_local(word);
  if (!read.local) problems_.add(place, std::move(read.what), std::move(read.fix));
  return read.local;
}

std::optional<Standing> Words::standing(const std::string& word, plan::Place place) {
  if (word.empty()) return v1::Appointment::STANDING_PRIMARY;
  for (const StandingWord& one : standing_words) {
    if (one.word == word) return one.standing;
  }
  problems_.add(place, fmt::format("\"{}\" is no standing", word),
                "write primary, deputy or leader (主班, 副班, 带班)");
  return std::nullopt;
}

bool Words::fits(LocalS from, LocalS to, const v1::Shift& shift, plan::Place place) {
  if (to <= from) {
    problems_.add(
        place, fmt::format("it ends at {}, not after it starts at {}", to_text(to), to_text(from)),
        "a shift over midnight ends on the next day");
    return false;
  }
  if (shift.end_us() <= shift.start_us()) {
    problems_.add(place, "all of it is skipped: summer time begins in it", "leave the row out");
    return false;
  }
  if (shift.end_us() - shift.start_us() > base::limits::shift_us_max) {
    problems_.add(place, "it is longer than 31 days", "split it");
    return false;
  }
  return true;
}

void set_person(const Directory::Person& person, v1::Shift& shift) {
  if (person.account != nullptr) {
    shift.set_account_id(person.account->id());
  } else {
    shift.set_contact_id(person.contact->id());
  }
}

}  // namespace fenghuo::roster
