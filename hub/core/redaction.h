// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/apply.h"
#include "hub/core/context.h"

namespace fenghuo::core {

// Erasing a message's bodies by two persons. The second must be another one, within the plan's
// time, and no legal hold may lie on the channel.

base::Result<Decision> decide_propose_redaction(const Context& context,
                                                const v1::ProposeRedaction& command);
base::Result<Decision> decide_confirm_redaction(const Context& context,
                                                const v1::ConfirmRedaction& command);

void apply_redaction_proposed(State::Rows& rows, const Record& record);
void apply_redaction_lapsed(State::Rows& rows, const v1::RedactionLapsed& event);
void apply_bodies_erased(State::Rows& rows, const Record& record, Effects& effects);

}  // namespace fenghuo::core
