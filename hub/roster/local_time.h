// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace date {
class time_zone;
}

namespace fenghuo::roster {

// What the clock on a wall shows: seconds since 1970-01-01 00:00 there, as if no clock ever jumped.
using LocalS = std::int64_t;

inline constexpr LocalS local_hour_s = 3'600;
inline constexpr LocalS local_day_s = 24 * local_hour_s;

// A date and time as people write them, or what is wrong with it and what to write instead.
struct LocalText {
  std::optional<LocalS> local;
  std::string what;
  std::string fix;
};

// "2026-11-30 08:00", with T for the space, "/" for "-", 年月日, seconds; 24:00 is the end of a
// day. Days that are not in the calendar are told apart from text that is no date.
LocalText parse_local(std::string_view text);

// "2026-11-30 08:00", seconds only when there are any.
std::string to_text(LocalS local);

// One IANA time zone of this machine's database.
class Zone {
 public:
  // Nothing when there is no such zone.
  static std::optional<Zone> find(const std::string& name);

  const std::string& name() const { return name_; }

  // When the wall shows it. A time that is skipped (summer time begins) is the first instant after
  // the jump. One that comes twice is the earlier instant for a start and the later for an end, so
  // that who follows whom overlap and leave no gap.
  base::TimeUs start_at(LocalS local) const;
  base::TimeUs end_at(LocalS local) const;

  LocalS local_at(base::TimeUs instant) const;

 private:
  Zone(std::string name, const date::time_zone& zone) : name_(std::move(name)), zone_(&zone) {}

  std::string name_;
  const date::time_zone* zone_;
};

}  // namespace fenghuo::roster
