// SPDX-License-Identifier: Apache-2.0
#include "hub/roster/local_time.h"

#include <gtest/gtest.h>

#include <string>

namespace fenghuo::roster {
namespace {

// "2026-03-29 02:30 -> 2026-03-29 01:00", both instants in UTC.
std::string utc(base::TimeUs at) { return to_text(at / base::us_per_s); }

std::string start(const char* zone, const char* local) {
  return utc(Zone::find(zone)->start_at(*parse_local(local).local));
}
std::string end(const char* zone, const char* local) {
  return utc(Zone::find(zone)->end_at(*parse_local(local).local));
}

TEST(LocalTime, IsReadInTheFormsPeopleWrite) {
  for (const char* text : {"2026-11-03 08:05", "2026-11-03T08:05", "2026/11/3 8:05",
                           "2026-11-03 08:05:00", "2026年11月3日 8:05", "2026-11-03  08：05"}) {
    const LocalText read = parse_local(text);
    ASSERT_TRUE(read.local.has_value()) << text;
    EXPECT_EQ(to_text(*read.local), "2026-11-03 08:05");
  }
  EXPECT_EQ(to_text(*parse_local("2026-11-03 08:05:09").local), "2026-11-03 08:05:09");
}

TEST(LocalTime, TwentyFourHoursIsTheEndOfTheDay) {
  EXPECT_EQ(to_text(*parse_local("2026-12-31 24:00").local), "2027-01-01 00:00");
  EXPECT_FALSE(parse_local("2026-12-31 24:01").local.has_value());
}

TEST(LocalTime, ADayThatIsNotInTheCalendarSaysWhatIs) {
  const LocalText read = parse_local("2026-02-30 08:00");
  EXPECT_FALSE(read.local.has_value());
  EXPECT_EQ(read.what, "2026-02-30 is not in the calendar: that month has 28 days");
  EXPECT_EQ(read.fix, "write 2026-02-28 or 2026-03-01");
  EXPECT_FALSE(parse_local("2100-02-29 08:00").local.has_value());
  EXPECT_TRUE(parse_local("2028-02-29 08:00").local.has_value());
  EXPECT_TRUE(parse_local("2000-02-29 08:00").local.has_value());
  EXPECT_EQ(parse_local("2026-12-32 08:00").fix, "write 2026-12-31 or 2027-01-01");
}

TEST(LocalTime, WhatIsNoTimeIsRefusedWithARemedy) {
  EXPECT_EQ(parse_local("tomorrow").what, "\"tomorrow\" is no date and time");
  EXPECT_EQ(parse_local("2026-11-30").what, "\"2026-11-30\" has no time of day");
  EXPECT_EQ(parse_local("2026-11-30 08:60").what, "there is no time 08:60:00");
  EXPECT_EQ(parse_local("2026-13-01 08:00").what, "there is no month 13");
  EXPECT_EQ(parse_local("1999-12-31 08:00").what, "the year 1999 is out of range");
  const LocalText offset = parse_local("2026-11-30 08:00Z");
  EXPECT_EQ(offset.what, "\"2026-11-30 08:00Z\" goes on after the time: \"Z\"");
  EXPECT_EQ(offset.fix, "write local time, and name the zone in the column \"zone\"");
  EXPECT_FALSE(parse_local("").local.has_value());
  EXPECT_FALSE(parse_local("2026-11-3008:00").local.has_value());
}

TEST(LocalTime, OfShanghaiIsEightHoursAheadAllYear) {
  EXPECT_EQ(start("Asia/Shanghai", "2026-03-29 02:30"), "2026-03-28 18:30");
  EXPECT_EQ(end("Asia/Shanghai", "2026-10-25 02:30"), "2026-10-24 18:30");
  EXPECT_EQ(start("Asia/Shanghai", "2028-02-29 00:00"), "2028-02-28 16:00");
}

TEST(LocalTime, ThatIsSkippedIsTheFirstInstantAfterTheJump) {
  // In Berlin 02:00 becomes 03:00 on 29 March 2026, which is 01:00 UTC.
  EXPECT_EQ(start("Europe/Berlin", "2026-03-29 01:59"), "2026-03-29 00:59");
  EXPECT_EQ(start("Europe/Berlin", "2026-03-29 02:00"), "2026-03-29 01:00");
  EXPECT_EQ(start("Europe/Berlin", "2026-03-29 02:30"), "2026-03-29 01:00");
  EXPECT_EQ(end("Europe/Berlin", "2026-03-29 02:30"), "2026-03-29 01:00");
  EXPECT_EQ(start("Europe/Berlin", "2026-03-29 03:00"), "2026-03-29 01:00");
}

TEST(LocalTime, ThatComesTwiceBelongsToBothSoThatNoGapIsLeft) {
  // In Berlin 03:00 becomes 02:00 on 25 October 2026, which is 01:00 UTC.
  EXPECT_EQ(start("Europe/Berlin", "2026-10-25 02:30"), "2026-10-25 00:30");
  EXPECT_EQ(end("Europe/Berlin", "2026-10-25 02:30"), "2026-10-25 01:30");
  EXPECT_EQ(start("Europe/Berlin", "2026-10-25 03:00"), "2026-10-25 02:00");
  EXPECT_EQ(end("Europe/Berlin", "2026-10-25 01:59"), "2026-10-24 23:59");
}

TEST(LocalTime, IsReadBackFromTheInstant) {
  const Zone berlin = *Zone::find("Europe/Berlin");
  const LocalS summer = *parse_local("2026-07-01 08:00").local;
  EXPECT_EQ(berlin.local_at(berlin.start_at(summer)), summer);
  const LocalS twice = *parse_local("2026-10-25 02:30").local;
  EXPECT_EQ(berlin.local_at(berlin.start_at(twice)), twice);
  EXPECT_EQ(berlin.local_at(berlin.end_at(twice)), twice);
}

TEST(LocalTime, AnUnknownZoneIsNone) {
  EXPECT_FALSE(Zone::find("Asia/Bejing").has_value());
  EXPECT_FALSE(Zone::find("").has_value());
}

}  // namespace
}  // namespace fenghuo::roster
