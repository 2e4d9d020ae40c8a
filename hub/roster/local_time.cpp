// SPDX-License-Identifier: Apache-2.0
#include "hub/roster/local_time.h"

#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>

#include <chrono>
#include <initializer_list>
#include <stdexcept>
#include <utility>

namespace fenghuo::roster {

namespace {

using std::chrono::seconds;

constexpr std::string_view form = "write it like 2026-11-30 08:00";
constexpr int first_year = 2000;
constexpr int last_year = 2199;

struct Parts {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

// Eats the text from the left.
class Eater {
 public:
  explicit Eater(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  std::string_view rest() const { return text_; }

  bool eat(std::string_view token) {
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    return true;
  }
  bool eat_one_of(std::initializer_list<std::string_view> tokens) {
    for (const std::string_view token : tokens) {
      if (eat(token)) return true;
    }
    return false;
  }
  bool eat_number(int digits_max, int& value) {
    int digits = 0;
    value = 0;
    while (digits < digits_max && !text_.empty() && text_[0] >= '0' && text_[0] <= '9') {
      value = value * 10 + (text_[0] - '0');
      text_.remove_prefix(1);
      ++digits;
    }
    return digits > 0;
  }

 private:
  std::string_view text_;
};

bool eat_date(Eater& eater, Parts& parts) {
  return eater.eat_number(4, parts.year) && eater.eat_one_of({"-", "/", ".", "年"}) &&
         eater.eat_number(2, parts.month) && eater.eat_one_of({"-", "/", ".", "月"}) &&
         eater.eat_number(2, parts.day) && (eater.eat("日") || true);
}

bool eat_time(Eater& eater, Parts& parts) {
  if (!eater.eat_number(2, parts.hour) || !eater.eat_one_of({":", "："}) ||
      !eater.eat_number(2, parts.minute)) {
    return false;
  }
  return !eater.eat_one_of({":", "："}) || eater.eat_number(2, parts.second);
}

LocalText wrong(std::string what, std::string fix = std::string(form)) {
  return {std::nullopt, std::move(what), std::move(fix)};
}

LocalText no_such_day(const Parts& parts) {
  const date::year_month month = date::year(parts.year) / parts.month;
  const date::year_month_day last = month / date::last;
  const date::year_month_day next = (month + date::months(1)) / date::day(1);
  return wrong(fmt::format("{}-{:02}-{:02} is not in the calendar: that month has {} days",
                           parts.year, parts.month, parts.day, unsigned(last.day())),
               fmt::format("write {}-{:02}-{:02} or {}-{:02}-01", parts.year, parts.month,
                           unsigned(last.day()), int(next.year()), unsigned(next.month())));
}

LocalText checked(const Parts& parts) {
  if (parts.year < first_year || parts.year > last_year) {
    return wrong(fmt::format("the year {} is out of range", parts.year));
  }
  if (parts.month < 1 || parts.month > 12) {
    return wrong(fmt::format("there is no month {}", parts.month));
  }
  const date::year_month_day day = date::year(parts.year) / parts.month / parts.day;
  if (!day.ok()) return no_such_day(parts);
  const bool is_end_of_day = parts.hour == 24 && parts.minute == 0 && parts.second == 0;
  if ((parts.hour > 23 && !is_end_of_day) || parts.minute > 59 || parts.second > 59) {
    return wrong(
        fmt::format("there is no time {:02}:{:02}:{:02}", parts.hour, parts.minute, parts.second),
        "hours go from 00 to 24, minutes and seconds to 59");
  }
  const LocalS days = date::local_days(day).time_since_epoch().count();
  return {
      days * local_day_s + parts.hour * local_hour_s + parts.minute * 60 + parts.second, {}, {}};
}

date::local_seconds wall(LocalS local) { return date::local_seconds(seconds(local)); }

base::TimeUs instant_of(date::local_seconds local, seconds offset) {
  return (local.time_since_epoch() - offset).count() * base::us_per_s;
}

}  // namespace

LocalText parse_local(std::string_view text) {
  Eater eater(text);
  Parts parts;
  if (!eat_date(eater, parts)) return wrong(fmt::format("\"{}\" is no date and time", text));
  if (!eater.eat("T")) {
    bool parted = false;
    while (eater.eat_one_of({" ", "　"})) parted = true;
    if (eater.done()) {
      return wrong(fmt::format("\"{}\" has no time of day", text),
                   fmt::format("write {} 08:00 for eight in the morning", text));
    }
    if (!parted) return wrong(fmt::format("\"{}\" is no date and time", text));
  }
  if (!eat_time(eater, parts)) return wrong(fmt::format("\"{}\" is no date and time", text));
  if (!eater.done()) {
    return wrong(fmt::format("\"{}\" goes on after the time: \"{}\"", text, eater.rest()),
                 "write local time, and name the zone in the column \"zone\"");
  }
  return checked(parts);
}

std::string to_text(LocalS local) {
  const date::local_seconds at = wall(local);
  const auto midnight = date::floor<date::days>(at);
  const date::year_month_day day(midnight);
  const date::hh_mm_ss<seconds> time(at - midnight);
  std::string text =
      fmt::format("{}-{:02}-{:02} {:02}:{:02}", int(day.year()), unsigned(day.month()),
                  unsigned(day.day()), time.hours().count(), time.minutes().count());
  if (time.seconds().count() != 0) text += fmt::format(":{:02}", time.seconds().count());
  return text;
}

std::optional<Zone> Zone::find(const std::string& name) {
  try {
    return Zone(name, *date::locate_zone(name));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

base::TimeUs Zone::start_at(LocalS local) const {
  const date::local_info info = zone_->get_info(wall(local));
  if (info.result == date::local_info::nonexistent) {
    return info.first.end.time_since_epoch().count() * base::us_per_s;
  }
  return instant_of(wall(local), info.first.offset);
}

base::TimeUs Zone::end_at(LocalS local) const {
  const date::local_info info = zone_->get_info(wall(local));
  if (info.result == date::local_info::ambiguous) {
    return instant_of(wall(local), info.second.offset);
  }
  return start_at(local);
}

LocalS Zone::local_at(base::TimeUs instant) const {
  const date::sys_seconds at = date::floor<seconds>(
      date::sys_time<std::chrono::microseconds>(std::chrono::microseconds(instant)));
  return (at.time_since_epoch() + zone_->get_info(at).offset).count();
}

}  // namespace fenghuo::roster
