// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "tests/unit/roster/roster_story.h"

#include <fmt/format.h>

namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using TableTest = RosterStory;

TEST_F(TableTest, RowsBecomeShiftsInUtcInOrderOfTime) {
  const auto result = read(
      "role,standing,person,from,to,zone\n"
      "eoc/desk,primary,li,2026-11-30 20:00,2026-12-01 08:00,\n"
      "eoc/desk,primary,zhang,2026-11-30 08:00,2026-11-30 20:00,\n"
      "eoc/desk,leader,wang,2026-11-30 08:00,2026-12-01 08:00,Europe/Berlin\n"
      "fire/liaison,,contact:pump,2026-11-30 08:00,2026-11-30 24:00,\n");
  EXPECT_THAT(lines(result),
              ElementsAre("eoc/desk 1 zhang 2026-11-30 00:00 2026-11-30 12:00",
                          "fire/liaison 1 contact:pump 2026-11-30 00:00 2026-11-30 16:00",
                          "eoc/desk 3 wang 2026-11-30 07:00 2026-12-01 07:00",
                          "eoc/desk 1 li 2026-11-30 12:00 2026-12-01 00:00"));
  EXPECT_EQ(result.zone(), "Asia/Shanghai");
}

TEST_F(TableTest, ChineseHeadersAndNamesPastedFromASpreadsheet) {
  EXPECT_THAT(lines(read("\xef\xbb\xbf"
                         "岗位\t人员\t席位\t开始时间\t结束时间\r\n"
                         "值班席\t张启明\t带班\t2026年11月30日 8:00\t2026年11月30日 20:00\r\n"
                         "eoc/desk\t\"李静\"\t副班\t2026/11/30 8:00\t2026/11/30 20:00\t\r\n")),
              ElementsAre("eoc/desk 2 li 2026-11-30 00:00 2026-11-30 12:00",
                          "eoc/desk 3 zhang 2026-11-30 00:00 2026-11-30 12:00"));
}

TEST_F(TableTest, SemicolonsOfEuropeanSpreadsheetsAndCapitals) {
  EXPECT_THAT(lines(read("Role;Person;From;To\neoc/desk;li;2026-11-30 08:00;2026-11-30 09:00\n")),
              ElementsAre("eoc/desk 1 li 2026-11-30 00:00 2026-11-30 01:00"));
}

TEST_F(TableTest, EveryErrorOfEveryRowInOneReading) {
  planned(12, "2026-12-24 00:00", "2026-12-24 12:00");
  const auto result = read(
      "role,standing,person,from,to,zone\n"
      "eoc/dsek,primary,zhang,2026-11-30 08:00,2026-11-30 20:00,\n"
      "联络员,primary,fang,2026-11-30 08:00,2026-11-30 20:00,\n"
      "water/liaison,primary,fang,2026-11-30 08:00,2026-11-30 20:00,\n"
      "eoc/desk,chef,nobody,2026-02-30 08:00,30.11.2026 8:00,Asia/Shangai\n"
      "eoc/desk,primary,fang,2026-11-30 08:00,2026-11-30 20:00,\n"
      "eoc/desk,primary,张伟,2026-11-30 08:00,2026-11-30 20:00,\n"
      "eoc/desk,primary,gone,2026-11-30 20:00,2026-11-30 08:00,\n"
      "eoc/desk,primary,li,2026-11-01 08:00,2026-12-02 08:01,\n"
      "eoc/desk,primary,zhang,2026-12-30 08:00,2026-12-30 20:00,\n"
      "eoc/desk,primary,li,2026-12-30 19:00,2026-12-31 08:00,\n"
      "eoc/desk,primary,wang,2026-12-24 18:00,2026-12-25 08:00,,extra\n"
      ",,,,,x\n");
  EXPECT_THAT(
      problems(result),
      ElementsAre(
          "2:1 role \"eoc/dsek\" is not in this center; did you mean \"eoc/desk\"?",
          "3:1 2 roles are called \"联络员\"; write the key: fire/liaison or water/liaison",
          "4:1 you may not plan the duty of water/liaison; ask whoever plans it, or leave the row "
          "out",
          "5:10 \"chef\" is no standing; write primary, deputy or leader (主班, 副班, 带班)",
          "5:15 \"nobody\" is not in this center; write the key of an account of this center, or "
          "contact:KEY for a contact",
          "5:22 2026-02-30 is not in the calendar: that month has 28 days; write 2026-02-28 or "
          "2026-03-01",
          "5:39 \"30.11.2026 8:00\" is no date and time; write it like 2026-11-30 08:00",
          "5:55 time zone \"Asia/Shangai\" is not known; did you mean \"Asia/Shanghai\"?",
          "6:18 \"fang\" does not belong to eoc/desk; appoint him to the role first, or name one "
          "of its people",
          "7:18 2 people are called \"张伟\"; write the key: zhang.wei or zhang.wei.2",
          "8:18 \"gone\" is disabled; name another",
          "8:40 it ends at 2026-11-30 08:00, not after it starts at 2026-11-30 20:00; a shift over "
          "midnight ends on the next day",
          "9:38 it is longer than 31 days; split it",
          "11:1 it overlaps: zhang is primary of eoc/desk 2026-12-30 08:00 to 2026-12-30 20:00 "
          "(line 10); let one end where the other starts; say so if several share the post",
          "12:1 it overlaps what is planned: li is primary of eoc/desk 2026-12-24 08:00 to "
          "2026-12-24 20:00; replace what is planned, or change the row",
          "12:58 \"extra\" stands in no column; put text that holds the separator in quotes",
          "13:1 no role is named; write its key, such as fire/liaison",
          "13:3 nobody is named; write who is on duty; for a post left open on purpose leave the "
          "row out",
          "13:4 no time is written; write it like 2026-11-30 08:00",
          "13:5 no time is written; write it like 2026-11-30 08:00",
          "13:6 time zone \"x\" is not known; write an IANA name such as Asia/Shanghai"));
  EXPECT_EQ(result.put().shifts_size(), 0) << "nothing may be stored until all is clean";
}

TEST_F(TableTest, ColumnsAreToldApart) {
  EXPECT_THAT(
      problems(read("role,persn,from,from,until\neoc/desk,li,2026-11-30 08:00,x,x\n")),
      ElementsAre(
          HasSubstr("1:1 column \"person\" is missing; name it in the first line"),
          HasSubstr("1:1 column \"to\" is missing"),
          "1:6 column \"persn\" is not known; did you mean \"person\"?",
          "1:17 column \"from\" comes twice; leave one out",
          "1:22 column \"until\" is not known; columns are role, standing, person, from, to and "
          "zone"));
}

TEST_F(TableTest, WhatIsNoTableSaysWhatToDo) {
  EXPECT_THAT(problems(read("")), ElementsAre(HasSubstr("0:0 the table is empty")));
  EXPECT_THAT(problems(read("\xb8\xda\xce\xbb,\xc8\xcb")),
              ElementsAre(HasSubstr("0:0 the table is not in UTF-8; save it as \"CSV UTF-8\"")));
  EXPECT_THAT(problems(read(v1::RosterQuery())), ElementsAre(HasSubstr("no roster in it")));
  EXPECT_THAT(problems(read("role,person,from,to\n\"eoc/desk,li")),
              ::testing::Contains(HasSubstr("2:1 this quote is never closed")));
  v1::RosterQuery query;
  query.set_zone("Mars/Base");
  EXPECT_THAT(problems(read(query)), ElementsAre(HasSubstr("\"Mars/Base\" is not known")));
}

TEST_F(TableTest, TheZoneOfTheSenderStandsForRowsWithoutOne) {
  v1::RosterQuery query;
  query.set_zone("Europe/Berlin");
  query.set_table("role,person,from,to\neoc/desk,li,2026-07-01 08:00,2026-07-01 20:00\n");
  EXPECT_THAT(lines(read(query)), ElementsAre("eoc/desk 1 li 2026-07-01 06:00 2026-07-01 18:00"));
}

TEST_F(TableTest, NightsInWhichTheClockJumpsLeaveNoGap) {
  v1::RosterQuery query;
  query.set_zone("Europe/Berlin");
  query.set_table(
      "role,person,from,to\n"
      "eoc/desk,zhang,2026-03-28 20:00,2026-03-29 02:30\n"
      "eoc/desk,li,2026-03-29 02:30,2026-03-29 08:00\n"
      "eoc/desk,zhang,2026-10-24 20:00,2026-10-25 02:30\n"
      "eoc/desk,li,2026-10-25 02:30,2026-10-25 08:00\n");
  EXPECT_THAT(lines(read(query)), ElementsAre("eoc/desk 1 zhang 2026-03-28 19:00 2026-03-29 01:00",
                                              "eoc/desk 1 li 2026-03-29 01:00 2026-03-29 06:00",
                                              "eoc/desk 1 zhang 2026-10-24 18:00 2026-10-25 01:30",
                                              "eoc/desk 1 li 2026-10-25 00:30 2026-10-25 07:00"));
}

TEST_F(TableTest, AShiftThatIsWhollySkippedIsAProblem) {
  v1::RosterQuery query;
  query.set_zone("Europe/Berlin");
  query.set_table("role,person,from,to\neoc/desk,li,2026-03-29 02:10,2026-03-29 02:50\n");
  EXPECT_THAT(problems(read(query)), ElementsAre(HasSubstr("all of it is skipped")));
}

TEST_F(TableTest, MonthEndAndLeapDayAreDaysLikeOthers) {
  EXPECT_THAT(lines(read("role,person,from,to\n"
                         "eoc/desk,zhang,2028-02-28 20:00,2028-02-29 08:00\n"
                         "eoc/desk,li,2028-02-29 08:00,2028-02-29 24:00\n"
                         "eoc/desk,wang,2028-03-01 00:00,2028-03-31 24:00\n")),
              ElementsAre("eoc/desk 1 zhang 2028-02-28 12:00 2028-02-29 00:00",
                          "eoc/desk 1 li 2028-02-29 00:00 2028-02-29 16:00",
                          "eoc/desk 1 wang 2028-02-29 16:00 2028-03-31 16:00"));
}

TEST_F(TableTest, WhatIsOverOrPlannedAlreadyIsLeftOutAndCounted) {
  planned(12, "2026-12-24 00:00", "2026-12-24 12:00");
  now = at("2026-12-24 06:00");
  const auto result = read(
      "role,person,from,to\n"
      "eoc/desk,zhang,2026-12-23 08:00,2026-12-24 08:00\n"
      "eoc/desk,li,2026-12-24 08:00,2026-12-24 20:00\n"
      "eoc/desk,wang,2026-12-24 20:00,2026-12-25 08:00\n");
  EXPECT_THAT(lines(result), ElementsAre("eoc/desk 1 wang 2026-12-24 12:00 2026-12-25 00:00"));
  EXPECT_EQ(result.past(), 1U);
  EXPECT_EQ(result.known(), 1U);
}

TEST_F(TableTest, DeputiesMayBeSeveralButNobodyTwice) {
  EXPECT_THAT(problems(read("role,standing,person,from,to\n"
                            "eoc/desk,deputy,zhang,2026-12-24 08:00,2026-12-24 20:00\n"
                            "eoc/desk,deputy,li,2026-12-24 08:00,2026-12-24 20:00\n"
                            "eoc/desk,deputy,li,2026-12-24 08:00,2026-12-24 20:00\n")),
              ElementsAre(HasSubstr("4:1 it overlaps: li is deputy of eoc/desk")));
}

TEST_F(TableTest, APostThatIsSharedTakesSeveralPrimaries) {
  v1::RosterQuery query;
  query.set_shared(true);
  query.set_table(
      "role,person,from,to\n"
      "eoc/desk,zhang,2026-12-24 08:00,2026-12-24 20:00\n"
      "eoc/desk,li,2026-12-24 08:00,2026-12-24 20:00\n");
  EXPECT_EQ(read(query).put().shifts_size(), 2);
  query.set_shared(false);
  EXPECT_THAT(problems(read(query)), ElementsAre(HasSubstr("3:1 it overlaps")));
}

TEST_F(TableTest, ReplacingDropsWhatIsInTheWayAndNothingElse) {
  planned(12, "2026-12-24 00:00", "2026-12-24 12:00");
  planned(13, "2026-12-24 12:00", "2026-12-25 00:00");
  planned(13, "2026-12-25 00:00", "2026-12-25 12:00");
  v1::RosterQuery query;
  query.set_replace(true);
  query.set_table(
      "role,person,from,to\n"
      "eoc/desk,zhang,2026-12-24 08:00,2026-12-24 20:00\n"
      "eoc/desk,wang,2026-12-24 20:00,2026-12-25 08:00\n");
  const auto result = read(query);
  EXPECT_THAT(lines(result), ElementsAre("eoc/desk 1 zhang 2026-12-24 00:00 2026-12-24 12:00",
                                         "-eoc/desk 1 li 2026-12-24 00:00 2026-12-24 12:00"));
  EXPECT_EQ(result.put().shifts(1).revision(), 101U);
  EXPECT_EQ(result.known(), 1U);
}

TEST_F(TableTest, AShiftThatRunsIsNotReplaced) {
  planned(12, "2026-12-24 00:00", "2026-12-24 12:00").set_begun(true);
  v1::RosterQuery query;
  query.set_replace(true);
  query.set_table("role,person,from,to\neoc/desk,zhang,2026-12-24 18:00,2026-12-24 20:00\n");
  EXPECT_THAT(problems(read(query)), ElementsAre(HasSubstr("it runs now: hand over")));
}

TEST_F(TableTest, RowsUpToTheLimitOfOneCommand) {
  std::string table = "role,standing,person,from,to\n";
  const auto add = [&](std::size_t i) {
    table += fmt::format("eoc/desk,,li,{0}-01-01 {1:02}:{2:02},{0}-01-01 {1:02}:{3:02}\n",
                         2027 + i / 720, i / 30 % 24, i % 30, i % 30 + 1);
  };
  for (std::size_t i = 0; i < base::limits::shifts_per_command_max; ++i) add(i);
  ASSERT_LE(table.size(), base::limits::roster_table_bytes_max);
  EXPECT_EQ(read(table).put().shifts_size(),
            static_cast<int>(base::limits::shifts_per_command_max));
  add(base::limits::shifts_per_command_max);
  EXPECT_THAT(problems(read(table)), ElementsAre(HasSubstr("2002:1 more than 2000 rows")));
}

TEST_F(TableTest, ATableUpToTheLimitOfItsBytes) {
  std::string table = "role,person,from,to\neoc/desk,li,2026-11-30 08:00,2026-11-30 09:00\n";
  table.append(base::limits::roster_table_bytes_max - table.size(), '\n');
  EXPECT_THAT(problems(read(table)), IsEmpty());
  table += "\n";
  EXPECT_THAT(problems(read(table)), ElementsAre(HasSubstr("98305 bytes, at most 98304 are read")));
}

}  // namespace
}  // namespace fenghuo::testing
