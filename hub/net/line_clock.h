// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <chrono>

namespace fenghuo::net {

// Time on the line: how long a peer has been silent. Runs at real speed whatever the hub clock
// does, so that a drill played a hundred times as fast does not hang up on its clients.
inline base::TimeUs line_now() {
  const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_start).count();
}

}  // namespace fenghuo::net
