// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace fenghuo::base {

// A place in the one log, from 1; 0 = before everything. Dense: no position is skipped.
using Position = std::uint64_t;

// The position of the event that created the entity; 0 = none. Kept below 2^53 for JSON readers.
using EntityId = std::uint64_t;

// Microseconds since 1970-01-01T00:00:00Z on the hub's clock; 0 = none.
using TimeUs = std::int64_t;

inline constexpr TimeUs us_per_ms = 1'000;
inline constexpr TimeUs us_per_s = 1'000'000;

// SHA-256.
using Hash = std::array<std::uint8_t, 32>;

}  // namespace fenghuo::base
