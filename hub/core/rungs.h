// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/rows.h"

#include <cstdint>
#include <vector>

namespace fenghuo::core {

// What a rung of a ladder means for one addressee at an instant. Private to this folder.

struct Asked {
  struct One {
    // The role by which he is asked; 0 = a contact named by the ladder.
    base::EntityId role_id = 0;
    v1::Holder whom;
  };
  // Nobody twice.
  std::vector<One> people;
  // Roles asked that nobody holds.
  std::vector<base::EntityId> vacant_role_ids;
};
// `hour` chooses between the targets of office hours and the others.
Asked asked_by_rung(const State::Rows& rows, const v1::Order& order, const v1::Addressee& one,
                    std::uint32_t rung, base::TimeUs at, base::TimeUs hour);
// Whether any rung of the order, for any addressee, may ask holders of the role.
bool may_ask(const State::Rows& rows, const v1::Order& order, base::EntityId role_id);
// When the rung was last fired; `at` when it was not.
base::TimeUs fired_at(const v1::Addressee& one, std::uint32_t rung, base::TimeUs at);

// Marked so, or asking at this hour outside the addressee's own organisation: the duty chief is
// asked first.
bool is_gate(const State::Rows& rows, const v1::Order& order, const v1::Addressee& one,
             std::uint32_t rung, base::TimeUs at);

// The department itself, unless the configuration makes one above it an organisation.
base::EntityId organisation_of(const State::Rows& rows, base::EntityId department_id);

bool is_off_hours(const v1::Configuration& configuration, base::TimeUs at);

}  // namespace fenghuo::core
