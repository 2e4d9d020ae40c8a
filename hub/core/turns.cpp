// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/context.h"
#include "hub/core/duty.h"
#include "hub/core/project.h"

#include <set>
#include <vector>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using base::TimeUs;

constexpr TimeUs turns_span_us = 7LL * 24 * 3'600 * base::us_per_s;

// Whenever something planned begins or ends within (from, until].
std::set<TimeUs> boundaries(const State::Rows& rows, EntityId role_id, TimeUs from, TimeUs until) {
  std::set<TimeUs> all;
  const auto consider = [&](const auto& row) {
    for (const TimeUs at : {row.start_us(), row.end_us()}) {
      if (at > from && at <= until) all.insert(at);
    }
  };
  for (EntityId id : ids_under(rows.role_shifts, role_id)) consider(*rows.shifts.find(id));
  for (EntityId id : ids_under(rows.role_overrides, role_id)) consider(*rows.overrides.find(id));
  return all;
}

// Who stands there, whatever put him there.
bool same_people(const std::vector<v1::Holder>& a, const std::vector<v1::Holder>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].who_case() != b[i].who_case() || a[i].account_id() != b[i].account_id() ||
        a[i].contact_id() != b[i].contact_id() || a[i].vacant() != b[i].vacant()) {
      return false;
    }
  }
  return true;
}

}  // namespace

base::Result<v1::TurnsResult> turns_for(const State& state, EntityId account_id,
                                        const v1::TurnsQuery& query, TimeUs now) {
  const State::Rows& rows = state.rows();
  const v1::Role* role = state.role(query.role_id());
  const v1::Account* account = state.account(account_id);
  if (role == nullptr || account == nullptr || account->kind() == v1::Account::KIND_GUEST) {
    return not_found("turns.role_id");
  }
  const TimeUs from = query.from_us() == 0 ? now : query.from_us();
  const TimeUs until = query.until_us() == 0 ? from + turns_span_us : query.until_us();
  if (until <= from || until - from > limits::turns_span_us_max) {
    return bad_argument("turns.until_us", "it must end after it starts, within 366 days");
  }
  v1::TurnsResult result;
  for (const TimeUs at : boundaries(rows, role->id(), from, until)) {
    for (const v1::Appointment::Standing standing : standings) {
      const std::vector<v1::Holder> before = holders(rows, role->id(), standing, at - 1);
      const std::vector<v1::Holder> after = holders(rows, role->id(), standing, at);
      if (same_people(before, after)) continue;
      if (result.turns_size() == limits::turns_max) {
        result.set_more(true);
        return result;
      }
      v1::TurnsResult::Turn& turn = *result.add_turns();
      turn.set_at_us(at);
      turn.set_standing(standing);
      for (const v1::Holder& one : before) *turn.add_before() = one;
      for (const v1::Holder& one : after) *turn.add_after() = one;
    }
  }
  return result;
}

}  // namespace fenghuo::core
