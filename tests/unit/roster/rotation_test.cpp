// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "tests/unit/roster/roster_story.h"

namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RotationTest : public RosterStory {
 protected:
  RotationTest() {
    v1::Rotation& rotation = rule();
    rotation.set_key("desk");
    rotation.set_role("eoc/desk");
    for (const char* key : {"zhang", "li", "wang"}) rotation.add_people(key);
    rotation.set_first("2026-11-30 08:00");
    rotation.set_until("2026-12-04 08:00");
    rotation.set_every("1d");
  }
  v1::Rotation& rule() { return *query.mutable_rotation(); }

  v1::RosterQuery query;
};

TEST_F(RotationTest, ThePeopleFollowEachOtherAndBeginAgain) {
  const auto result = read(query);
  EXPECT_THAT(lines(result), ElementsAre("eoc/desk 1 zhang 2026-11-30 00:00 2026-12-01 00:00",
                                         "eoc/desk 1 li 2026-12-01 00:00 2026-12-02 00:00",
                                         "eoc/desk 1 wang 2026-12-02 00:00 2026-12-03 00:00",
                                         "eoc/desk 1 zhang 2026-12-03 00:00 2026-12-04 00:00"));
  EXPECT_EQ(result.put().shifts(0).rotation(), "desk");
}

TEST_F(RotationTest, TheLastTurnEndsWithTheRotation) {
  rule().set_every("1w");
  rule().set_until("2026-12-09 12:00");
  EXPECT_THAT(lines(read(query)), ElementsAre("eoc/desk 1 zhang 2026-11-30 00:00 2026-12-07 00:00",
                                              "eoc/desk 1 li 2026-12-07 00:00 2026-12-09 04:00"));
}

TEST_F(RotationTest, HandoversStayAtTheirLocalTimeWhenSummerTimeBeginsAndEnds) {
  query.set_zone("Europe/Berlin");
  rule().set_every("12h");
  rule().set_first("2026-03-28 08:00");
  rule().set_until("2026-03-30 08:00");
  EXPECT_THAT(lines(read(query)),
              ElementsAre("eoc/desk 1 zhang 2026-03-28 07:00 2026-03-28 19:00",
                          "eoc/desk 1 li 2026-03-28 19:00 2026-03-29 06:00",
                          "eoc/desk 1 wang 2026-03-29 06:00 2026-03-29 18:00",
                          "eoc/desk 1 zhang 2026-03-29 18:00 2026-03-30 06:00"));
  rule().set_first("2026-10-24 08:00");
  rule().set_until("2026-10-26 08:00");
  EXPECT_THAT(lines(read(query)),
              ElementsAre("eoc/desk 1 zhang 2026-10-24 06:00 2026-10-24 18:00",
                          "eoc/desk 1 li 2026-10-24 18:00 2026-10-25 07:00",
                          "eoc/desk 1 wang 2026-10-25 07:00 2026-10-25 19:00",
                          "eoc/desk 1 zhang 2026-10-25 19:00 2026-10-26 07:00"));
}

TEST_F(RotationTest, AHandoverInTheHourThatJumpsLeavesNoGap) {
  query.set_zone("Europe/Berlin");
  rule().set_every("1d");
  rule().set_first("2026-03-28 02:30");
  rule().set_until("2026-03-30 02:30");
  EXPECT_THAT(lines(read(query)), ElementsAre("eoc/desk 1 zhang 2026-03-28 01:30 2026-03-29 01:00",
                                              "eoc/desk 1 li 2026-03-29 01:00 2026-03-30 00:30"));
  rule().set_first("2026-10-24 02:30");
  rule().set_until("2026-10-26 02:30");
  EXPECT_THAT(lines(read(query)), ElementsAre("eoc/desk 1 zhang 2026-10-24 00:30 2026-10-25 01:30",
                                              "eoc/desk 1 li 2026-10-25 00:30 2026-10-26 01:30"));
}

TEST_F(RotationTest, ATurnThatIsWhollySkippedIsNobodys) {
  query.set_zone("Europe/Berlin");
  rule().set_every("1h");
  rule().set_first("2026-03-29 01:00");
  rule().set_until("2026-03-29 04:00");
  EXPECT_THAT(lines(read(query)), ElementsAre("eoc/desk 1 zhang 2026-03-29 00:00 2026-03-29 01:00",
                                              "eoc/desk 1 wang 2026-03-29 01:00 2026-03-29 02:00"));
}

TEST_F(RotationTest, RunsOverTheLeapDayAndTheEndOfTheYear) {
  rule().set_first("2028-02-28 08:00");
  rule().set_until("2028-03-02 08:00");
  EXPECT_THAT(lines(read(query)), ElementsAre("eoc/desk 1 zhang 2028-02-28 00:00 2028-02-29 00:00",
                                              "eoc/desk 1 li 2028-02-29 00:00 2028-03-01 00:00",
                                              "eoc/desk 1 wang 2028-03-01 00:00 2028-03-02 00:00"));
  rule().set_first("2026-12-31 08:00");
  rule().set_until("2027-01-02 08:00");
  EXPECT_THAT(lines(read(query)), ElementsAre("eoc/desk 1 zhang 2026-12-31 00:00 2027-01-01 00:00",
                                              "eoc/desk 1 li 2027-01-01 00:00 2027-01-02 00:00"));
}

TEST_F(RotationTest, OneThatRunsSinceLongGoesOnWhereItIs) {
  now = at("2026-12-02 06:00");
  EXPECT_THAT(lines(read(query)),
              ElementsAre("eoc/desk 1 wang 2026-12-02 00:00 2026-12-03 00:00",
                          "eoc/desk 1 zhang 2026-12-03 00:00 2026-12-04 00:00"));
  rule().set_first("2006-11-30 08:00");
  rule().set_every("12h");
  // 14,614 turns of 20 years are over: one more than a multiple of three.
  EXPECT_EQ(lines(read(query)).front(), "eoc/desk 1 li 2026-12-02 00:00 2026-12-02 12:00");
}

TEST_F(RotationTest, ExpandedAgainItChangesNothing) {
  const v1::PutShifts first = read(query).put();
  for (const v1::Shift& one : first.shifts()) {
    shifts.push_back(one);
    shifts.back().set_id(100 + shifts.size());
    directory.add(shifts.back());
  }
  const auto again = read(query);
  EXPECT_EQ(again.known(), 4U);
  EXPECT_EQ(again.put().shifts_size(), 0);
  EXPECT_THAT(problems(again), ::testing::IsEmpty());
}

TEST_F(RotationTest, EverythingWrongAtOnce) {
  rule().set_role("eoc/dsek");
  rule().add_people("nobody");
  rule().set_first("2026-02-30 08:00");
  rule().set_every("fortnight");
  rule().set_until("then");
  EXPECT_THAT(problems(read(query)),
              ElementsAre(HasSubstr("did you mean \"eoc/desk\"?"),
                          HasSubstr("\"nobody\" is not in this center"),
                          HasSubstr("2026-02-30 is not in the calendar"),
                          HasSubstr("\"then\" is no date and time"),
                          HasSubstr("\"fortnight\" is no length of a turn")));
}

TEST_F(RotationTest, LengthsUpToTheLongestShift) {
  for (const char* wrong : {"0d", "32d", "745h", "d", "1", "-1d", "1m", "1000h"}) {
    rule().set_every(wrong);
    EXPECT_THAT(problems(read(query)), ElementsAre(HasSubstr("is no length of a turn"))) << wrong;
  }
  for (const char* right : {"1h", "31d", "744h", "4w"}) {
    rule().set_every(right);
    EXPECT_THAT(problems(read(query)), ::testing::IsEmpty()) << right;
  }
}

TEST_F(RotationTest, AnEndBeforeTheFirstHandoverOrTooFarAwayIsAProblem) {
  rule().set_until("2026-11-30 08:00");
  EXPECT_THAT(problems(read(query)), ElementsAre(HasSubstr("not after its first handover")));
  // 2,000 days after the first handover.
  rule().set_until("2032-05-22 08:00");
  EXPECT_EQ(read(query).put().shifts_size(),
            static_cast<int>(base::limits::shifts_per_command_max));
  rule().set_until("2032-05-22 08:01");
  EXPECT_THAT(problems(read(query)),
              ElementsAre(HasSubstr("more than 2000 turns before 2032-05-22 08:01; let it end by "
                                    "2032-05-22 08:00")));
}

TEST_F(RotationTest, WhatIsPutFitsIntoAFrame) {
  rule().set_until("2031-05-22 08:00");
  EXPECT_THAT(problems(read(query)), ::testing::IsEmpty());
  rule().set_key(std::string(base::limits::key_bytes_max, 'k'));
  EXPECT_THAT(problems(read(query)), ElementsAre(HasSubstr("shifts are new or dropped: too many")));
  rule().set_until("2026-12-04 08:00");
  EXPECT_THAT(problems(read(query)), ::testing::IsEmpty());
  rule().mutable_key()->push_back('k');
  EXPECT_THAT(problems(read(query)), ElementsAre(HasSubstr("name of the rotation is too long")));
}

TEST_F(RotationTest, HasOneToSixtyFourPeople) {
  while (rule().people_size() < base::limits::rotation_people_max) rule().add_people("li");
  EXPECT_THAT(problems(read(query)), ::testing::IsEmpty());
  rule().add_people("li");
  EXPECT_THAT(problems(read(query)), ElementsAre(HasSubstr("65 people stand in the rotation")));
  rule().clear_people();
  EXPECT_THAT(problems(read(query)), ElementsAre(HasSubstr("0 people stand in the rotation")));
}

}  // namespace
}  // namespace fenghuo::testing
