// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/zone.h"

#include <date/tz.h>

#include <stdexcept>

namespace fenghuo::plan {

bool is_zone(const std::string& name) {
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  for (const date::time_zone& zone : date::get_tzdb().zones) names.push_back(zone.name());
  return names;
}

}  // namespace fenghuo::plan
