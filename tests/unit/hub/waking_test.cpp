// SPDX-License-Identifier: Apache-2.0
#include "hub/waking.h"

#include "hub/base/limits.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

// What time it is when the hub wakes up.
namespace fenghuo::hub {
namespace {

using base::TimeUs;

constexpr TimeUs second = base::us_per_s;
constexpr TimeUs hour = 3'600 * second;
constexpr TimeUs record = 1'800'000'000LL * second;
constexpr TimeUs year_2000 = 946'684'800LL * second;

Machine machine(TimeUs boot_us, TimeUs wall_us, const std::string& boot_id = "this") {
  return {boot_us, wall_us, true, boot_id};
}

const LifeMark mark{record + 90 * second, 500 * second, "this"};

TEST(Waking, InTheSameBootTimeWentByOnTheBootClockWhateverTheWallSays) {
  for (const TimeUs wall : {year_2000, record + 80 * second, record + 30 * 24 * hour}) {
    const Waking waking = wake(record, mark, machine(520 * second, wall));
    EXPECT_EQ(waking.start_us, record + 110 * second);
    EXPECT_EQ(waking.alive_until_us, record + 90 * second) << "a quiet night is no outage";
    EXPECT_EQ(waking.doubt, v1::ClockDoubt::KIND_UNSPECIFIED);
  }
}

TEST(Waking, AfterARebootTheWallClockIsTaken) {
  const Waking waking = wake(record, mark, machine(10 * second, record + hour, "another"));
  EXPECT_EQ(waking.start_us, record + hour);
  EXPECT_EQ(waking.alive_until_us, record + 90 * second);
  EXPECT_EQ(waking.doubt, v1::ClockDoubt::KIND_UNSPECIFIED);
}

TEST(Waking, AClockThatFellBackToTheYear2000IsNotBelieved) {
  const Waking waking = wake(record, mark, machine(10 * second, year_2000, "another"));
  EXPECT_EQ(waking.start_us, record + 90 * second) << "never behind the record";
  EXPECT_EQ(waking.doubt, v1::ClockDoubt::KIND_BEHIND);
}

TEST(Waking, AClockFarAheadIsTakenAndDoubted) {
  const TimeUs known = record + 90 * second;
  const TimeUs edge = known + base::limits::clock_ahead_us;
  EXPECT_EQ(wake(record, mark, machine(1, edge, "another")).doubt,
            v1::ClockDoubt::KIND_UNSPECIFIED);
  const Waking waking = wake(record, mark, machine(1, edge + 1, "another"));
  EXPECT_EQ(waking.start_us, edge + 1);
  EXPECT_EQ(waking.doubt, v1::ClockDoubt::KIND_AHEAD);
}

TEST(Waking, AClockThatNothingHasSetIsDoubted) {
  Machine unset = machine(10 * second, record + hour, "another");
  unset.synchronised = false;
  EXPECT_EQ(wake(record, mark, unset).doubt, v1::ClockDoubt::KIND_UNSYNCHRONISED);
  unset.boot_id = "this";
  unset.boot_us = 501 * second;
  EXPECT_EQ(wake(record, mark, unset).doubt, v1::ClockDoubt::KIND_UNSPECIFIED)
      << "it is not needed";
}

TEST(Waking, WithoutASignOfLifeTheRecordIsAllThatIsKnown) {
  const Waking waking = wake(record, std::nullopt, machine(10 * second, record + hour));
  EXPECT_EQ(waking.alive_until_us, record);
  EXPECT_EQ(waking.start_us, record + hour);
  EXPECT_EQ(wake(record, LifeMark{record, 1, ""}, machine(2, year_2000, "")).doubt,
            v1::ClockDoubt::KIND_BEHIND)
      << "two unknown boots are not the same";
}

TEST(Waking, TheSignOfLifeIsReadAsWrittenAndNothingElseIs) {
  const std::filesystem::path folder =
      std::filesystem::path(::testing::TempDir()) / "fenghuo-waking";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  EXPECT_FALSE(read_life_mark(folder));
  ASSERT_TRUE(write_life_mark(folder, mark));
  const auto read = read_life_mark(folder);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->hub_us, mark.hub_us);
  EXPECT_EQ(read->boot_us, mark.boot_us);
  EXPECT_EQ(read->boot_id, mark.boot_id);
  std::ofstream(folder / "ALIVE", std::ios::trunc) << "fenghuo-alive-1 17";
  EXPECT_FALSE(read_life_mark(folder)) << "half of it";
  EXPECT_FALSE(write_life_mark(folder / "nowhere", mark));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace fenghuo::hub
