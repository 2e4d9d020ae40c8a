// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/core/state.h"

namespace fenghuo::core {

// The whole directory and every channel, direct ones left out, whoever may see them: for operators
// who hold the record itself. Without cursors and receipts, which belong to accounts.
v1::Snapshot list_all(const State& state);

}  // namespace fenghuo::core
