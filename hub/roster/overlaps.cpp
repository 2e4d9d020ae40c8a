// SPDX-License-Identifier: Apache-2.0
#include "hub/roster/overlaps.h"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace fenghuo::roster {

namespace {

// Post, and who: two shifts of one group may not lie upon each other.
struct Group {
  base::EntityId role_id = 0;
  int standing = 0;
  base::EntityId account_id = 0;
  base::EntityId contact_id = 0;

  auto operator<=>(const Group&) const = default;
};

bool one_at_a_time(const v1::Shift& shift, const OverlapRules& rules) {
  return !rules.shared && shift.standing() != v1::Appointment::STANDING_DEPUTY;
}

Group group_of(const v1::Shift& shift, const OverlapRules& rules) {
  if (one_at_a_time(shift, rules)) return {shift.role_id(), shift.standing(), 0, 0};
  return {shift.role_id(), shift.standing(), shift.account_id(), shift.contact_id()};
}

// A shift without the hours that come twice at its ends.
struct Core {
  base::TimeUs start = 0;
  base::TimeUs end = 0;
};

Core core_of(const v1::Shift& shift, const Zone& zone) {
  return {zone.end_at(zone.local_at(shift.start_us())),
          zone.start_at(zone.local_at(shift.end_us()))};
}

bool overlap(const Core& a, const Core& b) {
  return a.start < b.end && b.start < a.end && a.start < a.end && b.start < b.end;
}

bool same_person(const v1::Shift& a, const v1::Shift& b) {
  return a.account_id() == b.account_id() && a.contact_id() == b.contact_id();
}

bool same(const v1::Shift& a, const v1::Shift& b) {
  return same_person(a, b) && a.start_us() == b.start_us() && a.end_us() == b.end_us();
}

// "zhang.qiming is primary of fire/liaison 2026-11-30 08:00 to 2026-11-30 20:00".
std::string told(const v1::Shift& shift, const Zone& zone, const Directory& directory) {
  const char* const standing = shift.standing() == v1::Appointment::STANDING_DEPUTY   ? "deputy"
                               : shift.standing() == v1::Appointment::STANDING_LEADER ? "leader"
                                                                                      : "primary";
  return fmt::format("{} is {} of {} {} to {}",
                     directory.key_of(shift.account_id(), shift.contact_id()), standing,
                     directory.role_key(shift.role_id()), to_text(zone.local_at(shift.start_us())),
                     to_text(zone.local_at(shift.end_us())));
}

class Settling {
 public:
  Settling(const Directory& directory, const OverlapRules& rules, plan::Problems& problems)
      : directory_(directory), rules_(rules), problems_(problems) {}

  Changes settle(std::vector<Planned> rows);

 private:
  void compare_rows(const std::vector<Planned>& rows);
  void clash(const Planned& a, const Planned& b);
  bool is_known(const Planned& row);
  void compare_with_planned(const Planned& row);

  const Directory& directory_;
  const OverlapRules& rules_;
  plan::Problems& problems_;
  // Planned shifts that a row repeats.
  std::set<base::EntityId> repeated_;
  // By id, so that the answer has an order.
  std::map<base::EntityId, const v1::Shift*> dropped_;
};

// Told at the row that comes later in the file.
void Settling::clash(const Planned& a, const Planned& b) {
  const Planned& first = a.place <= b.place ? a : b;
  const Planned& later = a.place <= b.place ? b : a;
  const std::string where =
      first.place.line == 0 ? std::string() : fmt::format(" (line {})", first.place.line);
  problems_.add(later.place,
                fmt::format("it overlaps: {}{}", told(first.shift, first.zone, directory_), where),
                same(first.shift, later.shift)
                    ? "leave one of the two out"
                    : "let one end where the other starts; say so if several share the post");
}

void Settling::compare_rows(const std::vector<Planned>& rows) {
  std::map<Group, std::vector<std::pair<Core, const Planned*>>> groups;
  for (const Planned& row : rows) {
    groups[group_of(row.shift, rules_)].emplace_back(core_of(row.shift, row.zone), &row);
  }
  for (auto& [group, members] : groups) {
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) {
      return std::tie(a.first.start, a.first.end) < std::tie(b.first.start, b.first.end);
    });
    const std::pair<Core, const Planned*>* longest = nullptr;
    for (const auto& member : members) {
      if (longest != nullptr && overlap(longest->first, member.first)) {
        clash(*longest->second, *member.second);
      }
      if (longest == nullptr || member.first.end > longest->first.end) longest = &member;
    }
  }
}

bool Settling::is_known(const Planned& row) {
  for (const v1::Shift* known : directory_.shifts(row.shift.role_id(), row.shift.standing())) {
    if (!same(*known, row.shift)) continue;
    repeated_.insert(known->id());
    return true;
  }
  return false;
}

void Settling::compare_with_planned(const Planned& row) {
  const Core core = core_of(row.shift, row.zone);
  for (const v1::Shift* known : directory_.shifts(row.shift.role_id(), row.shift.standing())) {
    // Instants alone tell most apart, and cheaply.
    if (known->end_us() <= row.shift.start_us() || known->start_us() >= row.shift.end_us() ||
        repeated_.contains(known->id()) || !overlap(core, core_of(*known, row.zone))) {
      continue;
    }
    const bool in_the_way =
        one_at_a_time(row.shift, rules_) || same_person(*known, row.shift) || rules_.replace;
    if (!in_the_way) continue;
    if (rules_.replace && !known->begun()) {
      dropped_[known->id()] = known;
      continue;
    }
    problems_.add(
        row.place,
        fmt::format("it overlaps what is planned: {}", told(*known, row.zone, directory_)),
        known->begun() ? "it runs now: hand over, or let the row start where it ends"
                       : "replace what is planned, or change the row");
  }
}

Changes Settling::settle(std::vector<Planned> rows) {
  compare_rows(rows);
  Changes changes;
  for (Planned& row : rows) {
    if (is_known(row)) {
      ++changes.known;
    } else {
      changes.added.push_back(std::move(row));
    }
  }
  for (const Planned& row : changes.added) compare_with_planned(row);
  for (const auto& [id, shift] : dropped_) changes.dropped.push_back(shift);
  return changes;
}

}  // namespace

Changes settle(std::vector<Planned> rows, const Directory& directory, const OverlapRules& rules,
               plan::Problems& problems) {
  return Settling(directory, rules, problems).settle(std::move(rows));
}

}  // namespace fenghuo::roster
