// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/net/services.h"
#include "hub/net/standing.h"
#include "hub/net/traffic.h"

#include <string>
#include <vector>

namespace fenghuo::net {

// The text of /metrics (Prometheus 0.0.4) from the figures as they are now. `services` may be null.
std::string metrics_text(const Standing& standing, const Services* services,
                         const std::vector<const Traffic*>& shards);

}  // namespace fenghuo::net
