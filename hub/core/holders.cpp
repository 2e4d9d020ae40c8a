// SPDX-License-Identifier: Apache-2.0
#include "hub/core/duty.h"
#include "hub/core/membership.h"
#include "hub/core/project.h"
#include "hub/core/render.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;
using Standing = v1::Appointment::Standing;

bool covers(base::TimeUs start, base::TimeUs end, base::TimeUs at) {
  return start <= at && at < end;
}

v1::Holder vacant(Standing standing, std::string reason) {
  v1::Holder holder;
  holder.set_standing(standing);
  holder.set_vacant(std::move(reason));
  return holder;
}

// Somebody who left the house holds nothing.
v1::Holder account_holder(const State::Rows& rows, Standing standing, EntityId account_id,
                          EntityId source_id) {
  const v1::Account* account = rows.accounts.find(account_id);
  if (account == nullptr || !counts_as_member(rows, *account)) {
    return vacant(standing, "the account is disabled");
  }
  v1::Holder holder;
  holder.set_standing(standing);
  holder.set_account_id(account_id);
  holder.set_source_id(source_id);
  return holder;
}

const v1::DutyOverride* override_at(const State::Rows& rows, EntityId role_id, Standing standing,
                                    base::TimeUs at) {
  const v1::DutyOverride* found = nullptr;
  for (EntityId id : ids_under(rows.role_overrides, role_id)) {
    const v1::DutyOverride* one = rows.overrides.find(id);
    if (one->holder().standing() == standing && covers(one->start_us(), one->end_us(), at)) {
      found = one;
    }
  }
  return found;
}

std::vector<v1::Holder> by_appointment(const State::Rows& rows, EntityId role_id,
                                       Standing standing) {
  struct Rank {
    std::uint32_t rank;
    EntityId account_id;
    auto operator<=>(const Rank&) const = default;
  };
  std::vector<Rank> ranks;
  for (EntityId account_id : ids_under(rows.appointees, role_id)) {
    for (const v1::Appointment& one : rows.of(account_id).appointments) {
      if (one.role_id() == role_id && one.standing() == standing && !one.ended() &&
          counts_as_member(rows, *rows.accounts.find(account_id))) {
        ranks.push_back({one.rank(), account_id});
      }
    }
  }
  std::sort(ranks.begin(), ranks.end());
  std::vector<v1::Holder> found;
  for (const Rank& rank : ranks) {
    found.push_back(account_holder(rows, standing, rank.account_id, 0));
  }
  if (found.empty()) found.push_back(vacant(standing, "nobody is appointed"));
  return found;
}

std::vector<v1::Holder> by_shift(const State::Rows& rows, EntityId role_id, Standing standing,
                                 base::TimeUs at) {
  std::vector<v1::Holder> found;
  for (EntityId id : ids_under(rows.role_shifts, role_id)) {
    const v1::Shift& one = *rows.shifts.find(id);
    if (one.standing() != standing || !covers(one.start_us(), one.end_us(), at)) continue;
    if (one.contact_id() != 0) {
      v1::Holder& holder = found.emplace_back();
      holder.set_standing(standing);
      holder.set_contact_id(one.contact_id());
      holder.set_source_id(id);
    } else {
      found.push_back(account_holder(rows, standing, one.account_id(), id));
    }
  }
  return found;
}

// The accepted handover that a standing rests on: until a shift begins that came after it. An open
// proposal rests on its outgoing.
const v1::Handover* handover_at(const State::Rows& rows, EntityId role_id, Standing standing,
                                base::TimeUs at) {
  const v1::Handover* found = nullptr;
  for (EntityId id : ids_under(rows.role_handovers, role_id)) {
    const v1::Handover* one = rows.handovers.find(id);
    if (one->standing() == standing && one->proposed_us() <= at) found = one;
  }
  return found;
}

bool is_superseded(const State::Rows& rows, const v1::Handover& handover, base::TimeUs at) {
  const base::TimeUs since = std::max(handover.ended_us(), handover.due_us());
  const auto& ids = ids_under(rows.role_shifts, handover.role_id());
  return std::any_of(ids.begin(), ids.end(), [&](EntityId id) {
    const v1::Shift& one = *rows.shifts.find(id);
    return one.standing() == handover.standing() && one.start_us() > since && one.start_us() <= at;
  });
}

// Who holds the standing by a handover; nullopt = it says nothing.
std::optional<v1::Holder> by_handover(const State::Rows& rows, EntityId role_id, Standing standing,
                                      base::TimeUs at) {
  const v1::Handover* one = handover_at(rows, role_id, standing, at);
  if (one == nullptr) return std::nullopt;
  const bool open = one->state() == v1::Handover::STATE_PROPOSED;
  if (!open && is_superseded(rows, *one, at)) return std::nullopt;
  v1::Holder holder = account_holder(
      rows, standing, open ? one->from_account_id() : one->to_account_id(), one->id());
  if (holder.account_id() == 0) return std::nullopt;
  return holder;
}

// Between its shifts a roster leaves the standing vacant; before its first and after its last one
// the appointments count.
bool is_between_shifts(const State::Rows& rows, EntityId role_id, Standing standing,
                       base::TimeUs at) {
  bool before = rows.rostered.contains({role_id, standing});
  bool after = false;
  for (EntityId id : ids_under(rows.role_shifts, role_id)) {
    const v1::Shift& one = *rows.shifts.find(id);
    if (one.standing() != standing) continue;
    before = before || one.start_us() <= at;
    after = after || one.end_us() > at;
  }
  return before && after;
}

}  // namespace

std::vector<v1::Holder> holders(const State::Rows& rows, EntityId role_id, Standing standing,
                                base::TimeUs at) {
  if (!role_lives(rows, role_id)) return {vacant(standing, "the role has retired")};
  if (const v1::DutyOverride* one = override_at(rows, role_id, standing, at)) {
    if (one->holder().account_id() != 0) {
      return {account_holder(rows, standing, one->holder().account_id(), one->id())};
    }
    v1::Holder holder = one->holder();
    holder.set_source_id(one->id());
    return {holder};
  }
  if (auto holder = by_handover(rows, role_id, standing, at)) return {*std::move(holder)};
  std::vector<v1::Holder> on_shift = by_shift(rows, role_id, standing, at);
  if (!on_shift.empty()) return on_shift;
  if (is_between_shifts(rows, role_id, standing, at)) {
    return {vacant(standing, "nobody is on the roster")};
  }
  return by_appointment(rows, role_id, standing);
}

std::vector<v1::Holder> holders(const State::Rows& rows, EntityId role_id, base::TimeUs at) {
  std::vector<v1::Holder> all;
  for (const Standing standing : standings) {
    for (v1::Holder& one : holders(rows, role_id, standing, at)) all.push_back(std::move(one));
  }
  return all;
}

bool is_on_duty(const State::Rows& rows, EntityId account_id, EntityId role_id, base::TimeUs at) {
  const std::vector<v1::Holder> all = holders(rows, role_id, at);
  return std::any_of(all.begin(), all.end(), [account_id](const v1::Holder& one) {
    return one.account_id() == account_id && account_id != 0;
  });
}

bool is_on_command_seat(const State::Rows& rows, EntityId account_id, base::TimeUs at) {
  return std::any_of(rows.roles.begin(), rows.roles.end(), [&](const auto& entry) {
    return entry.row->command_seat() && is_on_duty(rows, account_id, entry.id, at);
  });
}

bool is_on_duty_in(const State::Rows& rows, EntityId account_id, EntityId department_id,
                   base::TimeUs at) {
  const auto& roles = ids_under(rows.department_roles, department_id);
  return std::any_of(roles.begin(), roles.end(),
                     [&](EntityId role_id) { return is_on_duty(rows, account_id, role_id, at); });
}

v1::DutyResult duty_for(const State& state, EntityId account_id, const v1::DutyQuery& query,
                        base::TimeUs now) {
  const State::Rows& rows = state.rows();
  v1::DutyResult result;
  result.set_at_us(query.at_us() == 0 ? now : query.at_us());
  if (is_guest(rows, account_id)) return result;
  for (const auto& entry : rows.roles) {
    if (query.role_id() != 0 && query.role_id() != entry.id) continue;
    if (!role_lives(rows, entry.id)) continue;
    v1::DutyResult::Row& row = *result.add_rows();
    row.set_role_id(entry.id);
    for (v1::Holder& one : holders(rows, entry.id, result.at_us())) {
      *row.add_holders() = std::move(one);
    }
  }
  return result;
}

}  // namespace fenghuo::core
