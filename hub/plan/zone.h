// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace fenghuo::plan {

// Whether this machine's time zone database has the IANA zone, by its own name or a link.
bool is_zone(const std::string& name);

// All names, ascending.
std::vector<std::string> zone_names();

}  // namespace fenghuo::plan
