// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/context.h"

namespace fenghuo::core {

// 补录: a batch of paper slips, all or nothing. Each slip is decided as the command it stands for,
// on what the slips before it did; a refusal names the slip ("enter_slips.slips[2].accept_order").
// Private to this folder.
base::Result<Decision> decide_slips(const Context& context, const v1::EnterSlips& command);

}  // namespace fenghuo::core
