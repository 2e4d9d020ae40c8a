// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/instant.h"

#include <gtest/gtest.h>

namespace fenghuo::admin {
namespace {

TEST(Instant, ParsesOffsets) {
  EXPECT_EQ(parse_instant("1970-01-01T00:00:01Z"), 1'000'000);
  EXPECT_EQ(parse_instant("2026-12-31T18:00:00+08:00"), 1'798'711'200'000'000);
  EXPECT_EQ(parse_instant("2026-12-31T10:00:00Z"), 1'798'711'200'000'000);
  EXPECT_EQ(parse_instant("2026-12-31T04:30:00-05:30"), 1'798'711'200'000'000);
}

TEST(Instant, RefusesWhatIsNone) {
  for (const char* text :
       {"", "tomorrow", "2026-12-31", "2026-12-31T18:00:00", "2026-12-31T18:00:00+8",
        "2026-02-30T00:00:00Z", "2026-12-31T24:00:00Z", "2026-12-31T18:60:00Z",
        "2026-12- 1T18:00:00Z", "2026-12-31T18:00:00+08:00 ", "2026-12-31 18:00:00Z"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

TEST(Instant, Formats) {
  EXPECT_EQ(format_instant(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_instant(1'798'711'200'000'007), "2026-12-31T10:00:00.000007Z");
}

}  // namespace
}  // namespace fenghuo::admin
