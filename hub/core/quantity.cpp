// SPDX-License-Identifier: Apache-2.0
#include "hub/core/quantity.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace fenghuo::core {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

// Times ten, or the nearest that fits; `fits` says which.
std::int64_t times_ten(std::int64_t value, bool& fits) {
  if (value > most / 10 || value < -(most / 10)) {
    fits = false;
    return value > 0 ? most : -most;
  }
  return value * 10;
}

// The digits at a lower exponent.
std::int64_t at_exponent(const v1::Quantity& quantity, int exponent, bool& fits) {
  std::int64_t digits = std::max(quantity.digits(), -most);
  for (int e = quantity.exponent(); e > exponent && fits; --e) digits = times_ten(digits, fits);
  return digits;
}

std::int64_t add(std::int64_t a, std::int64_t b) {
  if (b > 0 && a > most - b) return most;
  if (b < 0 && a < -most - b) return -most;
  return a + b;
}

}  // namespace

bool is_sane(const v1::Quantity& quantity) {
  return quantity.exponent() >= -quantity_exponent_max &&
         quantity.exponent() <= quantity_exponent_max;
}

std::strong_ordering compare(const v1::Quantity& a, const v1::Quantity& b) {
  const int exponent = std::min(a.exponent(), b.exponent());
  // Only the one with the greater exponent is scaled; where it does not fit it is the greater in
  // magnitude, and its sign decides.
  bool fits = true;
  const std::int64_t left = at_exponent(a, exponent, fits);
  if (!fits) return a.digits() <=> 0;
  const std::int64_t right = at_exponent(b, exponent, fits);
  if (!fits) return 0 <=> b.digits();
  return left <=> right;
}

v1::Quantity plus(const v1::Quantity& a, const v1::Quantity& b) {
  v1::Quantity sum;
  sum.set_exponent(std::min(a.exponent(), b.exponent()));
  bool fits = true;
  const std::int64_t left = at_exponent(a, sum.exponent(), fits);
  const std::int64_t right = at_exponent(b, sum.exponent(), fits);
  sum.set_digits(add(left, right));
  return sum;
}

v1::Quantity minus(const v1::Quantity& a, const v1::Quantity& b) {
  v1::Quantity opposite = b;
  opposite.set_digits(-std::max(b.digits(), -most));
  return plus(a, opposite);
}

}  // namespace fenghuo::core
