// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/instant.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

namespace fenghuo::admin {

namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::int64_t day_s = 86'400;

// Minutes east of UTC.
std::optional<int> parse_offset(const std::string& text) {
  if (text == "Z") return 0;
  char sign = 0;
  int hours = 0;
  int minutes = 0;
  int read = 0;
  if (std::sscanf(text.c_str(), "%c%2d:%2d%n", &sign, &hours, &minutes, &read) != 3 || read != 6 ||
      text.size() != 6 || (sign != '+' && sign != '-') || hours > 23 || minutes > 59 || hours < 0 ||
      minutes < 0) {
    return std::nullopt;
  }
  return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

std::optional<base::TimeUs> parse_instant(std::string_view text) {
  constexpr std::size_t local_size = 19;
  if (text.size() < local_size + 1) return std::nullopt;
  const std::string local(text.substr(0, local_size));
  int y = 0;
  int mo = 0;
  int d = 0;
  int h = 0;
  int mi = 0;
  int s = 0;
  int read = 0;
  if (std::sscanf(local.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &y, &mo, &d, &h, &mi, &s, &read) !=
          6 ||
      read != static_cast<int>(local_size) || local.find_first_of(" +") != std::string::npos) {
    return std::nullopt;
  }
  const year_month_day date =
      year{y} / month{static_cast<unsigned>(mo)} / day{static_cast<unsigned>(d)};
  const std::optional<int> offset = parse_offset(std::string(text.substr(local_size)));
  if (!date.ok() || !offset || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59) {
    return std::nullopt;
  }
  const std::int64_t days = sys_days(date).time_since_epoch().count();
  return (days * day_s + h * 3'600 + mi * 60 + s - *offset * 60) * base::us_per_s;
}

std::string format_instant(base::TimeUs us) {
  const std::int64_t seconds = us / base::us_per_s;
  const std::int64_t days = seconds / day_s;
  const std::int64_t rest = seconds % day_s;
  const year_month_day date{sys_days{std::chrono::days{days}}};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     rest / 3'600, rest / 60 % 60, rest % 60, us % base::us_per_s);
}

}  // namespace fenghuo::admin
