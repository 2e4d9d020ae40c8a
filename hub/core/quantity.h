// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/alarm.pb.h"

#include <compare>

namespace fenghuo::core {

// Measured values, exact: digits x 10^exponent, never floats.

inline constexpr int quantity_exponent_max = 12;

// Exponents within [-12, 12]: what the rest relies on.
bool is_sane(const v1::Quantity& quantity);

std::strong_ordering compare(const v1::Quantity& a, const v1::Quantity& b);

// a + b and a - b; beyond 64 bits the nearest that fits.
v1::Quantity plus(const v1::Quantity& a, const v1::Quantity& b);
v1::Quantity minus(const v1::Quantity& a, const v1::Quantity& b);

}  // namespace fenghuo::core
