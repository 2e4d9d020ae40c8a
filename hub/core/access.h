// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/model.pb.h"
#include "hub/base/types.h"
#include "hub/core/state.h"

#include <string>
#include <string_view>

namespace fenghuo::core {

// What a verb is done to; 0 where it does not apply.
struct Object {
  // The department it belongs to: scope DEPARTMENT reaches it from that department or one above.
  base::EntityId department_id = 0;
  base::EntityId owner_id = 0;
  // Two-person rules: who proposed.
  base::EntityId proposer_id = 0;
};

// Whether, and why: "granted by a role", "the hub itself", or what is missing. `reason` is one of a
// closed set of English words for logs, errors and the printed matrix.
struct Verdict {
  bool allowed = false;
  std::string_view reason;
  // The role whose grant allows it; 0 = none needed.
  base::EntityId role_id = 0;
};

// Grants: (verb, scope, condition) of the roles the account is appointed to.
Verdict allows(const State& state, base::EntityId account_id, v1::Grant::Verb verb,
               const Object& object);

// Object of a channel: its department (a role channel has its role's), and owner.
Object object_of(const State& state, const v1::Channel& channel);

// Whether the account may post there: membership, archive state, ANNOUNCE.
Verdict may_post(const State& state, base::EntityId account_id, const v1::Channel& channel);

// Whether a role reaches beyond its department: only who administers the whole center may appoint
// to it, or manage those who hold it.
bool reaches_center(const v1::Role& role);

// Whether the account is appointed to the role now.
bool is_appointed(const State& state, base::EntityId account_id, base::EntityId role_id);

// "flash" for VERB_FLASH.
std::string verb_name(v1::Grant::Verb verb);

}  // namespace fenghuo::core
