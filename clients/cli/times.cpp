// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/times.h"

#include <charconv>
#include <ctime>

namespace fenghuo::cli {
namespace {

constexpr std::int64_t us_per_s = 1'000'000;
// A year: nothing of a shift lies further away.
constexpr std::int64_t distance_s_max = 366L * 24 * 3'600;

std::optional<std::int64_t> seconds_of(char unit) {
  switch (unit) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3'600;
    case 'd': return 24 * 3'600;
    default: return std::nullopt;
  }
}

std::optional<std::int64_t> parse_distance(const std::string& text, std::int64_t now_us) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto unit = seconds_of(text.back());
  std::int64_t count = 0;
  const char* last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data() + 1, last, count);
  if (!unit || error != std::errc() || end != last || count < 0) return std::nullopt;
  if (count > distance_s_max / *unit) return std::nullopt;
  return now_us + (text[0] == '-' ? -1 : 1) * count * *unit * us_per_s;
}

std::int64_t instant_of(std::tm parts, int days) {
  parts.tm_mday += days;
  parts.tm_isdst = -1;
  return static_cast<std::int64_t>(std::mktime(&parts)) * us_per_s;
}

}  // namespace

std::optional<std::int64_t> parse_time(const std::string& text, std::int64_t now_us, Side side) {
  if (const auto distance = parse_distance(text, now_us)) return distance;
  std::tm today{};
  const std::time_t now = static_cast<std::time_t>(now_us / us_per_s);
  ::localtime_r(&now, &today);
  today.tm_sec = 0;
  for (const char* form : {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"}) {
    std::tm parts = today;
    const char* end = ::strptime(text.c_str(), form, &parts);
    if (end != nullptr && *end == '\0') return instant_of(parts, 0);
  }
  for (const char* form : {"%H:%M:%S", "%H:%M"}) {
    std::tm parts = today;
    const char* end = ::strptime(text.c_str(), form, &parts);
    if (end == nullptr || *end != '\0') continue;
    const std::int64_t at = instant_of(parts, 0);
    if (side == Side::Past && at > now_us) return instant_of(parts, -1);
    if (side == Side::Future && at <= now_us) return instant_of(parts, 1);
    return at;
  }
  return std::nullopt;
}

}  // namespace fenghuo::cli
