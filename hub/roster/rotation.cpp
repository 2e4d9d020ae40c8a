// SPDX-License-Identifier: Apache-2.0
#include "hub/roster/rotation.h"

#include "hub/base/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fenghuo::roster {

namespace {

namespace limits = base::limits;

constexpr LocalS length_max = limits::shift_us_max / base::us_per_s;

// "12h", "1d", "2w"; 0 = something else.
LocalS length_of(std::string_view text) {
  if (text.size() < 2 || text.size() > 4) return 0;
  LocalS number = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') return 0;
    number = number * 10 + (c - '0');
  }
  switch (text.back()) {
    case 'h': return number * local_hour_s;
    case 'd': return number * local_day_s;
    case 'w': return number * 7 * local_day_s;
    default: return 0;
  }
}

// Everything but the people, read.
struct Rule {
  const v1::Role* role = nullptr;
  v1::Appointment::Standing standing = v1::Appointment::STANDING_PRIMARY;
  std::vector<Directory::Person> people;
  LocalS first = 0;
  LocalS until = 0;
  LocalS every = 0;
};

std::optional<Rule> read_rule(const v1::Rotation& rotation, const Directory& directory,
                              plan::Problems& problems) {
  Words words(directory, problems);
  Rule rule;
  rule.role = words.role(rotation.role(), {});
  if (rotation.standing() != v1::Appointment::STANDING_UNSPECIFIED) {
    rule.standing = rotation.standing();
  }
  if (rotation.key().size() > limits::key_bytes_max) {
    problems.add({}, "the name of the rotation is too long",
                 fmt::format("keep it within {} bytes", limits::key_bytes_max));
  }
  if (rotation.people().empty() || rotation.people_size() > limits::rotation_people_max) {
    problems.add({}, fmt::format("{} people stand in the rotation", rotation.people_size()),
                 fmt::format("name 1 to {}, in order", limits::rotation_people_max));
    return std::nullopt;
  }
  for (const std::string& word : rotation.people()) {
    if (const auto person = words.person(word, rule.role, {})) rule.people.push_back(*person);
  }
  const std::optional<LocalS> first = words.local(rotation.first(), {});
  const std::optional<LocalS> until = words.local(rotation.until(), {});
  rule.every = length_of(rotation.every());
  if (rule.every == 0 || rule.every > length_max) {
    problems.add({}, fmt::format("\"{}\" is no length of a turn", rotation.every()),
                 "write hours, days or weeks up to 31 days: 12h, 1d, 1w");
  }
  if (first && until && *until <= *first) {
    problems.add({},
                 fmt::format("the rotation ends at {}, not after its first handover at {}",
                             to_text(*until), to_text(*first)),
                 "let it end later");
    return std::nullopt;
  }
  const bool whole = rule.people.size() == static_cast<std::size_t>(rotation.people_size());
  if (rule.role == nullptr || !whole || !first || !until || rule.every == 0 ||
      rule.every > length_max) {
    return std::nullopt;
  }
  rule.first = *first;
  rule.until = *until;
  return rule;
}

}  // namespace

std::vector<Planned> expand(const v1::Rotation& rotation, const Directory& directory,
                            const Zone& zone, base::TimeUs now, plan::Problems& problems) {
  std::vector<Planned> planned;
  const std::optional<Rule> rule = read_rule(rotation, directory, problems);
  if (!rule) return planned;
  // Turns that are over are not walked through; one that runs now has begun at most one before.
  const LocalS passed = (zone.local_at(now) - rule->first) / rule->every;
  for (LocalS turn = std::max<LocalS>(passed - 1, 0);; ++turn) {
    const LocalS from = rule->first + turn * rule->every;
    const LocalS to = std::min(from + rule->every, rule->until);
    if (to <= from) return planned;
    Planned one{{}, zone, {}};
    one.shift.set_start_us(zone.start_at(from));
    one.shift.set_end_us(zone.end_at(to));
    // A turn may lie wholly within the hour that summer time skips.
    if (one.shift.end_us() <= std::max(now, one.shift.start_us())) continue;
    if (planned.size() == limits::shifts_per_command_max) {
      problems.add({},
                   fmt::format("the rotation has more than {} turns before {}",
                               limits::shifts_per_command_max, to_text(rule->until)),
                   fmt::format("let it end by {}, and plan on from there later", to_text(from)));
      planned.clear();
      return planned;
    }
    one.shift.set_role_id(rule->role->id());
    one.shift.set_standing(rule->standing);
    one.shift.set_rotation(rotation.key());
    set_person(rule->people[static_cast<std::size_t>(turn) % rule->people.size()], one.shift);
    planned.push_back(std::move(one));
  }
}

}  // namespace fenghuo::roster
