// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace fenghuo::cli {

// A time of day without a date is the nearest one on this side of now: at ten past midnight "23:50"
// was yesterday when something has happened, and is tonight when something will end.
enum class Side { Past, Future };

// "HH:MM", "HH:MM:SS", "YYYY-MM-DDTHH:MM[:SS]" in the zone of the center, or "+90m", "-2h", "+45s",
// "+1d" from now. Microseconds since 1970; nullopt = none of these.
std::optional<std::int64_t> parse_time(const std::string& text, std::int64_t now_us, Side side);

}  // namespace fenghuo::cli
