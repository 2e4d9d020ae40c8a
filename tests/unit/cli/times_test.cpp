// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/times.h"

#include "clients/cli/wording.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace fenghuo::cli {
namespace {

constexpr std::int64_t us_per_s = 1'000'000;
constexpr std::int64_t day = 24 * 3'600 * us_per_s;

// 2026-03-01 00:10 in Shanghai, which is ahead of UTC by eight hours and has no summer time.
constexpr std::int64_t midnight = 1'772'294'400 * us_per_s;
constexpr std::int64_t ten_past = midnight + 600 * us_per_s;

class Times : public ::testing::Test {
 protected:
  Times() {
    ::setenv("TZ", "Asia/Shanghai", 1);
    ::tzset();
  }
  ~Times() override {
    ::unsetenv("TZ");
    ::tzset();
  }
};

TEST_F(Times, ATimeOfDayIsTheNearestOnItsSideOfNow) {
  const std::int64_t late = midnight - 600 * us_per_s;
  EXPECT_EQ(parse_time("23:50", ten_past, Side::Past), late);
  EXPECT_EQ(parse_time("23:50", ten_past, Side::Future), late + day);
  EXPECT_EQ(parse_time("00:05", ten_past, Side::Past), midnight + 300 * us_per_s);
  EXPECT_EQ(parse_time("00:05", ten_past, Side::Future), midnight + 300 * us_per_s + day);
  // Now itself has happened, and is not ahead.
  EXPECT_EQ(parse_time("00:10", ten_past, Side::Past), ten_past);
  EXPECT_EQ(parse_time("00:10", ten_past, Side::Future), ten_past + day);
  EXPECT_EQ(parse_time("00:09:30", ten_past, Side::Past), ten_past - 30 * us_per_s);
}

TEST_F(Times, ADateIsTakenAsItIs) {
  for (const Side side : {Side::Past, Side::Future}) {
    EXPECT_EQ(parse_time("2026-02-28T23:50", ten_past, side), midnight - 600 * us_per_s);
    EXPECT_EQ(parse_time("2026-03-01T00:00:07", ten_past, side), midnight + 7 * us_per_s);
  }
}

TEST_F(Times, DistancesCountFromNow) {
  EXPECT_EQ(parse_time("+90m", ten_past, Side::Past), ten_past + 5'400 * us_per_s);
  EXPECT_EQ(parse_time("-2h", ten_past, Side::Future), ten_past - 7'200 * us_per_s);
  EXPECT_EQ(parse_time("+45s", ten_past, Side::Future), ten_past + 45 * us_per_s);
  EXPECT_EQ(parse_time("+366d", ten_past, Side::Future), ten_past + 366 * day);
  EXPECT_EQ(parse_time("+367d", ten_past, Side::Future), std::nullopt);
}

TEST_F(Times, AnythingElseIsRefused) {
  for (const char* text : {"", "noon", "25:00", "12:00x", "+", "+m", "+1w", "+-3m", "2026-02-28",
                           "+99999999999999999999s"}) {
    EXPECT_EQ(parse_time(text, ten_past, Side::Past), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace fenghuo::cli
