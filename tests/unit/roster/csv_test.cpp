// SPDX-License-Identifier: Apache-2.0
#include "hub/roster/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::roster {
namespace {

using testing::ElementsAre;

std::vector<std::vector<std::string>> texts(std::string_view csv) {
  plan::Problems problems;
  std::vector<std::vector<std::string>> rows;
  for (const CsvRow& row : parse_csv(csv, problems)) {
    rows.emplace_back();
    for (const CsvField& field : row) rows.back().push_back(field.text);
  }
  EXPECT_TRUE(problems.empty());
  return rows;
}

TEST(Csv, Rows) {
  EXPECT_THAT(texts("a,b\nc,d\n"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
  EXPECT_THAT(texts("a,b"), ElementsAre(ElementsAre("a", "b")));
  EXPECT_THAT(texts(""), ElementsAre());
}

TEST(Csv, LineEndsOfAnySystemAndEmptyLines) {
  EXPECT_THAT(texts("a\r\nb\r\n\r\nc\rd\n\n"),
              ElementsAre(ElementsAre("a"), ElementsAre("b"), ElementsAre("c"), ElementsAre("d")));
}

TEST(Csv, ByteOrderMarkOfSpreadsheets) {
  EXPECT_THAT(texts("\xef\xbb\xbf"
                    "a,b"),
              ElementsAre(ElementsAre("a", "b")));
}

TEST(Csv, Quotes) {
  EXPECT_THAT(texts("\"a,b\",\"say \"\"yes\"\"\",\"two\nlines\",\"\""),
              ElementsAre(ElementsAre("a,b", "say \"yes\"", "two\nlines", "")));
}

TEST(Csv, EmptyFieldsAndSpaces) {
  EXPECT_THAT(texts("a,,b\n,\n x , y \n"),
              ElementsAre(ElementsAre("a", "", "b"), ElementsAre("", ""), ElementsAre("x", "y")));
  EXPECT_THAT(texts("a,"), ElementsAre(ElementsAre("a", "")));
}

TEST(Csv, PlacesCountCharacters) {
  plan::Problems problems;
  const std::vector<CsvRow> rows = parse_csv("王磊,b\n\"x\ny\",z", problems);
  EXPECT_EQ(rows[0][1].place, (plan::Place{1, 4}));
  EXPECT_EQ(rows[1][0].place, (plan::Place{2, 1}));
  EXPECT_EQ(rows[1][1].place, (plan::Place{3, 4}));
}

TEST(Csv, AnOpenQuoteIsAProblemWhereItOpens) {
  plan::Problems problems;
  parse_csv("a,\"b\nc", problems);
  const auto found = problems.take_sorted();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].place, (plan::Place{1, 3}));
}

}  // namespace
}  // namespace fenghuo::roster
