// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/spelling.h"

#include "fenghuo/v1/configuration.pb.h"

#include <gtest/gtest.h>

namespace fenghuo::plan {
namespace {

constexpr base::TimeUs minute = 60 * base::us_per_s;

TEST(Durations, AreWrittenWithTheirUnit) {
  EXPECT_EQ(parse_duration("25 s"), 25 * base::us_per_s);
  EXPECT_EQ(parse_duration("5 min"), 5 * minute);
  EXPECT_EQ(parse_duration("2 h"), 120 * minute);
  EXPECT_EQ(parse_duration("1 d"), 1'440 * minute);
  EXPECT_EQ(parse_duration("1 h 30 min"), 90 * minute);
}

TEST(Durations, AnythingElseIsNone) {
  for (const char* text : {"", "5", "5min", "min", "5 minutes", "5 min ", " 5 min", "-5 min",
                           "1.5 h", "30 min 1 h", "1 h 1 h", "9223372036854775807 d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Durations, AreSaidAsTheyAreWritten) {
  for (const char* text : {"25 s", "5 min", "1 h 30 min", "1 d", "30 d 12 h 1 s"}) {
    EXPECT_EQ(duration_text(parse_duration(text).value()), text);
  }
  EXPECT_EQ(duration_text(0), "none");
}

TEST(Decimals, AreExact) {
  for (const char* text : {"85", "0.45", "-2.5", "19.5", "0", "0.005"}) {
    EXPECT_EQ(decimal_text(parse_decimal(text).value()), text);
  }
  EXPECT_EQ(decimal_text(parse_decimal("0.60").value()), "0.6");
  EXPECT_EQ(decimal_text(parse_decimal("1e-05").value()), "0.00001");
  EXPECT_EQ(parse_decimal("85").value().exponent, 0);
}

TEST(Decimals, OfEighteenDigitsAtMost) {
  EXPECT_TRUE(parse_decimal("123456789012345678"));
  EXPECT_FALSE(parse_decimal("1234567890123456789"));
  EXPECT_TRUE(parse_decimal("1e12"));
  EXPECT_FALSE(parse_decimal("1e13"));
  EXPECT_FALSE(parse_decimal("inf"));
}

TEST(Words, ComeFromTheNamesOfTheProtocol) {
  const auto word = [](const google::protobuf::EnumDescriptor* type, int number) {
    return word_of(*type->FindValueByNumber(number));
  };
  EXPECT_EQ(word(v1::IncidentCategory_descriptor(), v1::INCIDENT_CATEGORY_PUBLIC_HEALTH),
            "public-health");
  EXPECT_EQ(word(v1::Level_descriptor(), v1::LEVEL_III), "iii");
  EXPECT_EQ(word(v1::ReportRule::Clock_descriptor(), v1::ReportRule::CLOCK_STAND_DOWN),
            "stand-down");
}

TEST(EntryNames, AreKeysOrGradings) {
  v1::ReportRule report;
  report.set_key("final");
  EXPECT_EQ(entry_name(report), "\"final\"");
  v1::LevelLadder ladder;
  ladder.set_level(v1::LEVEL_I);
  ladder.set_precedence(v1::PRECEDENCE_FLASH);
  EXPECT_EQ(entry_name(ladder), "level i, precedence flash");
  v1::OrderTemplate order;
  order.set_precedence(v1::PRECEDENCE_FLASH);
  EXPECT_EQ(entry_name(order), "") << "two orders of one template may be flash";
}

}  // namespace
}  // namespace fenghuo::plan
