// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/context.h"

namespace fenghuo::core {

// 代录: what one person said, recorded by another. The recorder is the author of the record; the
// giver's word counts at once, and he signs it or objects. Private to this folder.

// Whose word a command is: the sender's own, or that of whom it is recorded for.
struct Giver {
  base::EntityId account_id = 0;
  base::EntityId contact_id = 0;
  // The role as such: whoever stood on it.
  base::EntityId role_id = 0;
};
Giver giver_of(const v1::OnBehalf& on_behalf);
Giver giver_of(const Context& context);

// Nothing wrong when the command is not recorded for another. Else: is it one that may be, does the
// giver exist, and is the recorder on duty at a command seat or in the giver's department?
Problem check_on_behalf(const Context& context);

// The debt of a signature; the events before it in the draft are what was said. `command` is the
// number of the command's kind.
void draft_spoken(const Context& context, const v1::OnBehalf& on_behalf, std::uint32_t command,
                  Draft& draft);

base::Result<Decision> decide_spoken(const Context& context);
void fire_spoken(const Context& context, const Deadlines::Due& due, Draft& draft);
void apply_spoken(State::Rows& rows, const Record& record);

}  // namespace fenghuo::core
