// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"
#include "hub/core/state.h"

namespace fenghuo::core {

// The whole directory and every channel, direct ones left out, whoever may see them: for operators
// who hold the record itself. Without cursors and receipts, which belong to accounts.
v1::Snapshot list_all(const State& state);

// What a role is responsible for at an instant, for those appointed to it and for command seats; to
// everybody else the role answers as one that does not exist.
base::Result<v1::OpenItems> open_items_for(const State& state, base::EntityId account_id,
                                           base::EntityId role_id, base::TimeUs at);

}  // namespace fenghuo::core
