// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/context.h"

#include <optional>

namespace fenghuo::core {

// A command id is (account, device, n). Each device's last 64 results are remembered, so that a
// command sent again has its first answer and no second effect.

// The answer when the id is known, or too old to know; nullopt = new. Commands that made no event
// are not remembered: asked again, they are decided again.
std::optional<base::Result<Decision>> find_repeat(const Context& context);

// Remembers the first event of a command, after it was applied.
void remember(State::Rows& rows, const Record& record);

}  // namespace fenghuo::core
