// SPDX-License-Identifier: Apache-2.0
#include "hub/core/rungs.h"

#include "hub/core/duty.h"

#include <algorithm>
#include <string>

namespace fenghuo::core {
namespace {

using base::EntityId;
using base::TimeUs;

constexpr TimeUs us_per_minute = 60 * base::us_per_s;
constexpr TimeUs minutes_per_day = 24 * 60;

void add(Asked& asked, EntityId role_id, const v1::Holder& whom) {
  const bool twice =
      std::any_of(asked.people.begin(), asked.people.end(), [&](const Asked::One& one) {
        return one.whom.account_id() == whom.account_id() &&
               one.whom.contact_id() == whom.contact_id();
      });
  if (!twice) asked.people.push_back({role_id, whom});
}

void add_vacant(Asked& asked, EntityId role_id) {
  auto& ids = asked.vacant_role_ids;
  if (std::find(ids.begin(), ids.end(), role_id) == ids.end()) ids.push_back(role_id);
}

// Whether anybody stands there.
bool add_standing(const State::Rows& rows, EntityId role_id, v1::Appointment::Standing standing,
                  TimeUs at, Asked& asked) {
  bool held = false;
  for (const v1::Holder& one : holders(rows, role_id, standing, at)) {
    if (one.who_case() == v1::Holder::kVacant) continue;
    held = true;
    add(asked, role_id, one);
  }
  return held;
}

// The strongest standing that is held.
void add_role(const State::Rows& rows, EntityId role_id, TimeUs at, Asked& asked) {
  for (auto standing : {v1::Appointment::STANDING_PRIMARY, v1::Appointment::STANDING_DEPUTY,
                        v1::Appointment::STANDING_LEADER}) {
    if (add_standing(rows, role_id, standing, at, asked)) return;
  }
  add_vacant(asked, role_id);
}

EntityId department_of(const State::Rows& rows, EntityId role_id) {
  const v1::Role* role = rows.roles.find(role_id);
  return role == nullptr ? 0 : role->department_id();
}

// The role a target names beside the addressed one; 0 = none.
EntityId named_role(const State::Rows& rows, const v1::Addressee& one,
                    const v1::Rung::Target& target) {
  if (target.role().empty() && target.department_role().empty()) return 0;
  std::string key = target.role();
  if (target.who_case() == v1::Rung::Target::kDepartmentRole) {
    const v1::Department* department = rows.departments.find(department_of(rows, one.role_id()));
    if (department == nullptr) return 0;
    key = department->key() + "/" + target.department_role();
  }
  const auto found = rows.role_keys.find(key);
  return found == rows.role_keys.end() ? 0 : found->second;
}

const google::protobuf::RepeatedPtrField<v1::Rung::Target>& targets_at(const State::Rows& rows,
                                                                       const v1::Rung& rung,
                                                                       TimeUs hour) {
  const bool off = !rung.targets_off_hours().empty() && is_off_hours(rows.configuration(), hour);
  return off ? rung.targets_off_hours() : rung.targets();
}

void add_contact_holder(EntityId contact_id, Asked& asked) {
  v1::Holder holder;
  holder.set_contact_id(contact_id);
  add(asked, 0, holder);
}

void add_target(const State::Rows& rows, const v1::Addressee& one, const v1::Rung::Target& target,
                TimeUs at, Asked& asked) {
  switch (target.who_case()) {
    case v1::Rung::Target::kStanding:
      if (one.contact_id() != 0) {
        // A contact stands for himself, and has no deputy.
        if (target.standing() == v1::Appointment::STANDING_PRIMARY) {
          add_contact_holder(one.contact_id(), asked);
        }
      } else if (!add_standing(rows, one.role_id(), target.standing(), at, asked)) {
        add_vacant(asked, one.role_id());
      }
      return;
    case v1::Rung::Target::kRole:
    case v1::Rung::Target::kDepartmentRole:
      if (const EntityId id = named_role(rows, one, target); id != 0) add_role(rows, id, at, asked);
      return;
    case v1::Rung::Target::kContact: {
      const auto found = rows.contact_keys.find(target.contact());
      if (found != rows.contact_keys.end()) add_contact_holder(found->second, asked);
      return;
    }
    case v1::Rung::Target::WHO_NOT_SET: return;
  }
}

}  // namespace

TimeUs fired_at(const v1::Addressee& one, std::uint32_t rung, TimeUs at) {
  for (int i = one.run().steps_size(); i-- > 0;) {
    if (one.run().steps(i).rung() == rung) return one.run().steps(i).at_us();
  }
  return at;
}

Asked asked_by_rung(const State::Rows& rows, const v1::Order& order, const v1::Addressee& one,
                    std::uint32_t rung, TimeUs at, TimeUs hour) {
  Asked asked;
  const v1::Rung& defined = order.ladder().rungs(static_cast<int>(rung));
  for (const auto& target : targets_at(rows, defined, hour)) {
    add_target(rows, one, target, at, asked);
  }
  return asked;
}

bool may_ask(const State::Rows& rows, const v1::Order& order, EntityId role_id) {
  for (const v1::Addressee& one : order.addressees()) {
    if (one.role_id() == role_id) return true;
    for (const v1::Rung& rung : order.ladder().rungs()) {
      const auto names = [&](const auto& target) {
        return named_role(rows, one, target) == role_id;
      };
      if (std::any_of(rung.targets().begin(), rung.targets().end(), names)) return true;
      const auto& off = rung.targets_off_hours();
      if (std::any_of(off.begin(), off.end(), names)) return true;
    }
  }
  return false;
}

EntityId organisation_of(const State::Rows& rows, EntityId department_id) {
  const auto& keys = rows.configuration().organisations();
  for (EntityId id = department_id; id != 0;) {
    const v1::Department* department = rows.departments.find(id);
    if (department == nullptr) break;
    if (std::find(keys.begin(), keys.end(), department->key()) != keys.end()) return id;
    id = department->parent_id();
  }
  return department_id;
}

bool is_gate(const State::Rows& rows, const v1::Order& order, const v1::Addressee& one,
             std::uint32_t rung, TimeUs at) {
  const v1::Rung& defined = order.ladder().rungs(static_cast<int>(rung));
  if (rung == 0) return false;
  if (defined.gate()) return true;
  if (one.role_id() == 0) return false;
  const EntityId own = organisation_of(rows, department_of(rows, one.role_id()));
  const auto& targets = targets_at(rows, defined, at);
  return std::any_of(targets.begin(), targets.end(), [&](const auto& target) {
    const EntityId role_id = named_role(rows, one, target);
    return role_id != 0 && organisation_of(rows, department_of(rows, role_id)) != own;
  });
}

bool is_off_hours(const v1::Configuration& configuration, TimeUs at) {
  if (!configuration.has_office_hours()) return false;
  const v1::OfficeHours& hours = configuration.office_hours();
  const TimeUs minutes = at / us_per_minute + hours.utc_offset_minutes();
  const TimeUs minute = minutes % minutes_per_day;
  // 1970-01-01 was a Thursday.
  const auto weekday = static_cast<std::uint32_t>((minutes / minutes_per_day + 3) % 7 + 1);
  const auto& days = hours.weekdays();
  if (std::find(days.begin(), days.end(), weekday) == days.end()) return true;
  return minute < hours.start_minute() || minute >= hours.end_minute();
}

}  // namespace fenghuo::core
