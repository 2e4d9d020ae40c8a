// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <optional>
#include <string>
#include <string_view>

namespace fenghuo::admin {

// RFC 3339, whole seconds, offset needed: "2026-12-31T18:00:00+08:00", "2026-12-31T10:00:00Z".
std::optional<base::TimeUs> parse_instant(std::string_view text);

// "2026-12-31T10:00:00.000000Z".
std::string format_instant(base::TimeUs us);

}  // namespace fenghuo::admin
