// SPDX-License-Identifier: Apache-2.0
#include "hub/view/roster_check.h"

#include "hub/core/access.h"
#include "hub/core/project.h"
#include "hub/roster/directory.h"
#include "hub/roster/roster.h"

namespace fenghuo::view {

RosterCheck::RosterCheck(const core::State& state, base::EntityId account_id)
    : known_(core::snapshot_for(state, account_id)),
      zone_(state.zone()),
      position_(state.position()) {
  for (const v1::Role& role : known_.roles()) {
    core::Object object;
    object.department_id = role.department_id();
    if (core::allows(state, account_id, v1::Grant::VERB_ROSTER, object).allowed) {
      planned_roles_.insert(role.id());
    }
  }
}

v1::RosterResult RosterCheck::run(const v1::RosterQuery& query, base::TimeUs now) const {
  roster::Directory directory;
  for (const v1::Role& role : known_.roles()) {
    directory.add(role, planned_roles_.contains(role.id()));
  }
  for (const v1::Account& account : known_.accounts()) directory.add(account);
  for (const v1::Contact& contact : known_.contacts()) directory.add(contact);
  for (const v1::Appointment& appointment : known_.appointments()) directory.add(appointment);
  for (const v1::Shift& shift : known_.shifts()) directory.add(shift);
  v1::RosterResult result = roster::read_roster(query, directory, zone_, now);
  if (result.put().shifts_size() > 0) result.mutable_put()->set_seen_position(position_);
  return result;
}

}  // namespace fenghuo::view
