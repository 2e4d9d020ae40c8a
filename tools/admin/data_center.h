// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/clock.h"
#include "storage/store.h"
#include "tools/admin/center.h"

#include <memory>
#include <string>

namespace fenghuo::admin {

// Works on a store as the hub itself does, through an engine of its own: decided by the same rules,
// recorded the same way, as done by the hub's account. The store must be served by nobody else and
// outlive this.
//
// An empty store becomes the world of `center_id`. An error when the record cannot be brought up.
base::Result<std::unique_ptr<Center>> open_data_center(storage::Store& store,
                                                       const base::HubClock& clock,
                                                       const std::string& center_id);

}  // namespace fenghuo::admin
