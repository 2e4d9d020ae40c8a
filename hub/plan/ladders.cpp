// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/ladders.h"

#include "hub/base/limits.h"
#include "hub/base/types.h"
#include "hub/plan/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace fenghuo::plan {

namespace {

namespace limits = base::limits;
using Kind = References::Kind;

constexpr std::int64_t day_us = 24 * 3'600 * base::us_per_s;
constexpr std::string_view contact_prefix = "contact:";
constexpr std::string_view department_prefix = "./";

std::int64_t time_of(Fields& fields, std::string_view name, std::int64_t most_us = day_us) {
  return fields.duration(name, base::us_per_s, most_us).value_or(0);
}

std::int64_t required_time(Fields& fields, std::string_view name, std::string_view example) {
  if (!fields.has(name)) fields.missing(name, fmt::format("\"{}\"", example));
  return time_of(fields, name);
}

std::vector<std::string> known_words(const std::vector<Word>& words) {
  std::vector<std::string> known;
  for (const Word& word : words) known.emplace_back(word.word);
  return known;
}

class LadderReader {
 public:
  LadderReader(References& references, Problems& problems)
      : references_(references), problems_(problems) {}

  void read(Fields fields, v1::Ladder& ladder);

 private:
  void read_rung(Fields fields, bool first, v1::Ladder& ladder);
  void read_targets(Fields& fields, std::string_view name,
                    google::protobuf::RepeatedPtrField<v1::Rung::Target>& to);
  void read_means(Fields& fields, std::string_view name, google::protobuf::RepeatedField<int>& to);
  void check_goes_on(Place place, const std::string& what, const v1::Ladder& ladder);
  void read_target(const Node& text, const std::string& what, v1::Rung::Target& target);

  References& references_;
  Problems& problems_;
};

void LadderReader::read_target(const Node& text, const std::string& what,
                               v1::Rung::Target& target) {
  const std::string_view word = text.text;
  for (const Word& standing : standings()) {
    if (standing.word != word || standing.value == v1::Appointment::STANDING_MEMBER) continue;
    target.set_standing(static_cast<v1::Appointment::Standing>(standing.value));
    return;
  }
  if (word.starts_with(contact_prefix)) {
    target.set_contact(std::string(word.substr(contact_prefix.size())));
    references_.mention(Kind::Contact, {target.contact(), text.place}, what);
  } else if (word.starts_with(department_prefix) && word.size() > department_prefix.size()) {
    target.set_department_role(std::string(word.substr(department_prefix.size())));
  } else if (word.find('/') != std::string_view::npos) {
    target.set_role(std::string(word));
    references_.mention(Kind::Role, {target.role(), text.place}, what);
  } else {
    problems_.add(text.place, fmt::format("{}: \"{}\" is nobody to call", what, word),
                  did_you_mean(word, {"primary", "deputy", "leader"},
                               "write \"primary\", \"deputy\", \"leader\", \"./head\", "
                               "\"department/role\" or \"contact:key\""));
  }
}

void LadderReader::read_targets(Fields& fields, std::string_view name,
                                google::protobuf::RepeatedPtrField<v1::Rung::Target>& to) {
  const std::vector<Node>* texts = fields.texts(name, limits::rung_targets_max);
  if (texts == nullptr) return;
  for (const Node& text : *texts) read_target(text, fields.what(), *to.Add());
}

void LadderReader::read_means(Fields& fields, std::string_view name,
                              google::protobuf::RepeatedField<int>& to) {
  const std::vector<Node>* texts = fields.texts(name, v1::Means_ARRAYSIZE);
  if (texts == nullptr) return;
  for (const Node& text : *texts) {
    int value = 0;
    for (const Word& word : means_words()) {
      if (word.word == text.text) value = word.value;
    }
    if (value != 0) {
      to.Add(value);
      continue;
    }
    problems_.add(text.place, fmt::format("{}: \"{}\" is no means", fields.what(), text.text),
                  did_you_mean(text.text, known_words(means_words()),
                               fmt::format("write {}", one_of(known_words(means_words())))));
  }
}

void LadderReader::read_rung(Fields fields, bool first, v1::Ladder& ladder) {
  v1::Rung& rung = *ladder.add_rungs();
  if (!first && !fields.has("after")) fields.missing("after", "\"5 min\"");
  rung.set_after_us(time_of(fields, "after"));
  if (!fields.has("call")) fields.missing("call", "[\"primary\"]");
  read_targets(fields, "call", *rung.mutable_targets());
  read_targets(fields, "off-hours-call", *rung.mutable_targets_off_hours());
  if (!fields.has("means")) fields.missing("means", "[\"in-app\", \"bell\"]");
  read_means(fields, "means", *rung.mutable_means());
  read_means(fields, "off-hours-means", *rung.mutable_means_off_hours());
  rung.set_gate(fields.truth("gate"));
  if (first && rung.gate()) {
    problems_.add(fields.place(), fmt::format("{} is behind a gate", fields.what()),
                  "the first call has none; remove gate");
  }
  for (const Placed& role : fields.references("tell", limits::rung_targets_max)) {
    rung.add_tell_roles(role.text);
    references_.mention(Kind::Role, role, fields.what());
  }
  rung.set_repeat_us(time_of(fields, "repeat"));
  rung.set_repeats(
      static_cast<std::uint32_t>(fields.whole_number("repeats", 0, 1'000).value_or(0)));
  fields.finish();
}

// A rung that calls exactly those of an earlier one leads back: round and round it is "loops".
void LadderReader::check_goes_on(Place place, const std::string& what, const v1::Ladder& ladder) {
  const auto called = [](const v1::Rung& rung) {
    std::set<std::string> all;
    for (const v1::Rung::Target& target : rung.targets()) all.insert(target.SerializeAsString());
    return all;
  };
  const std::set<std::string> last = called(*ladder.rungs().rbegin());
  for (int i = 0; i + 1 < ladder.rungs_size() && !last.empty(); ++i) {
    if (called(ladder.rungs(i)) != last) continue;
    problems_.add(place, fmt::format("{} leads back to rung {}", what, i),
                  "call somebody else, or remove it and write loops = 2");
    return;
  }
}

void LadderReader::read(Fields fields, v1::Ladder& ladder) {
  const Placed key = fields.required_key("key");
  fields.is_named(key.text);
  references_.define(Kind::Ladder, key, problems_);
  ladder.set_key(key.text);
  *ladder.mutable_name() = fields.name_in_languages("name", true);
  if (const std::vector<Node>* texts = fields.texts("precedences", v1::Precedence_ARRAYSIZE)) {
    for (const Node& text : *texts) {
      int value = 0;
      for (const Word& word : precedences()) {
        if (word.word == text.text) value = word.value;
      }
      if (value != 0) {
        ladder.add_precedences(static_cast<v1::Precedence>(value));
        continue;
      }
      problems_.add(text.place,
                    fmt::format("{}: \"{}\" is no precedence", fields.what(), text.text),
                    fmt::format("write {}", one_of(known_words(precedences()))));
    }
  }
  ladder.set_accept_within_us(time_of(fields, "accept-within"));
  ladder.set_undelivered_us(time_of(fields, "undelivered"));
  ladder.set_last_wait_us(required_time(fields, "last-wait", "5 min"));
  const auto loops = fields.whole_number("loops", 1, limits::ladder_loops_max);
  ladder.set_loops(static_cast<std::uint32_t>(loops.value_or(1)));
  ladder.set_exhausted_repeat_us(required_time(fields, "exhausted-repeat", "60 s"));
  ladder.set_gate_wait_us(required_time(fields, "gate-wait", "2 min"));
  ladder.set_no_progress_us(time_of(fields, "no-progress"));
  ladder.set_no_progress_issuer_us(time_of(fields, "no-progress-issuer"));
  ladder.set_no_progress_climbs(fields.truth("no-progress-climbs"));
  const std::vector<Node>* rungs = fields.tables("rungs", limits::rungs_max);
  if (rungs == nullptr || rungs->empty()) {
    fields.missing("rungs", "[{ call = [\"primary\"], means = [\"in-app\", \"bell\"] }]");
  } else {
    for (std::size_t i = 0; i < rungs->size(); ++i) {
      const std::string what = fmt::format("rung {} of {}", i, fields.what());
      read_rung(Fields((*rungs)[i], what, problems_), i == 0, ladder);
      check_goes_on((*rungs)[i].place, what, ladder);
    }
  }
  fields.finish();
}

void read_office_hours(Fields fields, Problems& problems, v1::OfficeHours& hours) {
  const auto minute = [&](std::string_view name) {
    if (!fields.has(name)) fields.missing(name, "\"08:30\"");
    const std::optional<Placed> text = fields.text(name, 5);
    if (!text) return std::uint32_t{0};
    const std::string& at = text->text;
    const auto digit = [&](std::size_t i) { return at[i] >= '0' && at[i] <= '9'; };
    if (at.size() == 5 && at[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4)) {
      const int hour = (at[0] - '0') * 10 + (at[1] - '0');
      const int rest = (at[3] - '0') * 10 + (at[4] - '0');
      if (hour <= 23 && rest <= 59) return static_cast<std::uint32_t>(hour * 60 + rest);
    }
    problems.add(text->place, fmt::format("{}: \"{}\" is no time of day", fields.what(), at),
                 "write \"08:30\"");
    return std::uint32_t{0};
  };
  hours.set_start_minute(minute("start"));
  hours.set_end_minute(minute("end"));
  const std::int64_t offset =
      fields.whole_number("utc-offset-minutes", -14 * 60, 14 * 60).value_or(0);
  hours.set_utc_offset_minutes(static_cast<std::int32_t>(offset));
  for (int day = 1; day <= 5; ++day) hours.add_weekdays(static_cast<std::uint32_t>(day));
  if (hours.end_minute() <= hours.start_minute()) {
    problems.add(fields.place(), "office hours end before they start", "write start before end");
  }
  fields.finish();
}

}  // namespace

void read_ladder(Fields fields, v1::Configuration& configuration, References& references,
                 Problems& problems) {
  LadderReader(references, problems).read(std::move(fields), *configuration.add_ladders());
}

void read_orders(const Node& table, v1::Configuration& configuration, References& references,
                 Problems& problems) {
  Fields fields(table, "[orders]", problems);
  for (const Placed& key : fields.references("organisations", limits::departments_max)) {
    configuration.add_organisations(key.text);
    references.mention(Kind::Department, key, fields.what());
  }
  if (const auto chief = fields.reference("duty-chief")) {
    configuration.set_duty_chief(chief->text);
    references.mention(Kind::Role, *chief, fields.what());
  } else if (!fields.has("duty-chief")) {
    fields.missing("duty-chief", "\"eoc/duty-chief\"");
  }
  configuration.set_sign_within_us(time_of(fields, "sign-within", 7 * day_us));
  configuration.set_repeats_per_person(static_cast<std::uint32_t>(
      fields.whole_number("repeats-per-person", 0, limits::repeats_per_person_max).value_or(0)));
  configuration.set_repeats_within_us(time_of(fields, "repeats-within"));
  configuration.set_group_calls_us(time_of(fields, "group-calls"));
  if (configuration.repeats_per_person() != 0 && configuration.repeats_within_us() == 0) {
    fields.missing("repeats-within", "\"10 min\"");
  }
  if (const Node* hours = fields.table("office-hours")) {
    read_office_hours(Fields(*hours, "office-hours of [orders]", problems), problems,
                      *configuration.mutable_office_hours());
  }
  fields.finish();
}

void check_leaders(const v1::Plan& plan, const References& references, Problems& problems) {
  const v1::Ladder* climbs = nullptr;
  for (const v1::Ladder& ladder : plan.configuration().ladders()) {
    for (const v1::Rung& rung : ladder.rungs()) {
      for (const v1::Rung::Target& target : rung.targets()) {
        if (target.standing() == v1::Appointment::STANDING_LEADER) climbs = &ladder;
      }
    }
  }
  if (climbs == nullptr) return;
  std::set<std::string> held;
  std::set<std::string> led;
  for (const v1::PlanAccount& account : plan.accounts()) {
    for (const v1::PlanAccount::Appointment& one : account.appointments()) {
      if (one.standing() == v1::Appointment::STANDING_LEADER) led.insert(one.role());
      if (one.standing() == v1::Appointment::STANDING_PRIMARY) held.insert(one.role());
    }
  }
  for (const std::string& role : held) {
    const auto place = references.place_of(Kind::Role, role);
    if (led.count(role) > 0 || !place) continue;
    problems.add(
        *place,
        fmt::format("role \"{}\" has no leader, whom ladder \"{}\" calls", role, climbs->key()),
        fmt::format("appoint one: {{ role = \"{}\", standing = \"leader\" }}", role));
  }
}

void check_ladders(const v1::Configuration& configuration, Place place, Problems& problems) {
  std::map<int, std::string> taken;
  for (const v1::Ladder& ladder : configuration.ladders()) {
    for (const int precedence : ladder.precedences()) {
      const auto [other, is_new] = taken.emplace(precedence, ladder.key());
      if (is_new) continue;
      problems.add(place,
                   fmt::format("ladders \"{}\" and \"{}\" are both for {}", other->second,
                               ladder.key(), word_of(precedences(), precedence)),
                   "take the precedence out of one");
    }
  }
}

}  // namespace fenghuo::plan
