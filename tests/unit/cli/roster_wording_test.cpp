// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/roster_wording.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <utility>

namespace fenghuo::cli {
namespace {

class RosterWordingTest : public ::testing::Test {
 protected:
  RosterWordingTest() {
    ::unsetenv("TZ");
    use_zone("Asia/Shanghai");
    v1::Snapshot snapshot;
    v1::Role& role = *snapshot.add_roles();
    role.set_id(1);
    role.set_key("fire/liaison");
    for (const auto& [id, name] : {std::pair(11, "张启明"), std::pair(12, "李静")}) {
      v1::Account& account = *snapshot.add_accounts();
      account.set_id(static_cast<std::uint64_t>(id));
      account.mutable_name()->set_zh_hans(name);
    }
    state_.reset(snapshot, 11, 5);
  }
  ~RosterWordingTest() override {
    ::unsetenv("TZ");
    ::tzset();
  }

  // 2026-11-30 08:00 in Shanghai.
  static constexpr std::int64_t morning = 1'795'996'800'000'000;
  client::State state_;
};

TEST_F(RosterWordingTest, AShiftIsOneLineInTheZoneOfTheCenter) {
  v1::Shift shift;
  shift.set_role_id(1);
  shift.set_standing(v1::Appointment::STANDING_LEADER);
  shift.set_account_id(11);
  shift.set_start_us(morning);
  shift.set_end_us(morning + 12LL * 3'600 * 1'000'000);
  EXPECT_EQ(shift_line(shift, state_, Language::Hans),
            "+ 2026-11-30 08:00 – 2026-11-30 20:00  fire/liaison  带班  张启明");
  shift.set_cancelled(true);
  EXPECT_EQ(shift_line(shift, state_, Language::En).front(), '-');
}

TEST_F(RosterWordingTest, AProblemHasItsPlaceAndRemedy) {
  v1::RosterResult::Problem problem;
  problem.set_what("no role is named");
  EXPECT_EQ(problem_line("duty.csv", problem), "duty.csv: no role is named");
  problem.set_line(2);
  problem.set_column(5);
  problem.set_fix("write its key");
  EXPECT_EQ(problem_line("duty.csv", problem), "duty.csv:2:5: no role is named; write its key");
}

TEST_F(RosterWordingTest, ASummaryCountsWhatIsNewAndWhatGivesWay) {
  v1::RosterResult roster;
  roster.mutable_put()->add_shifts();
  roster.mutable_put()->add_shifts();
  roster.mutable_put()->add_shifts()->set_cancelled(true);
  roster.set_known(3);
  roster.set_past(4);
  EXPECT_EQ(roster_summary(roster, Language::En),
            "2 new, 1 dropped, 3 planned already, 4 over already");
  EXPECT_EQ(roster_summary(roster, Language::Hans), "新增 2，取消 1，已有 3，已过 4");
}

TEST_F(RosterWordingTest, ATurnNamesBothAndSaysWhyNobodyStands) {
  v1::TurnsResult::Turn turn;
  turn.set_at_us(morning);
  turn.set_standing(v1::Appointment::STANDING_PRIMARY);
  turn.add_before()->set_account_id(11);
  turn.add_after()->set_account_id(12);
  EXPECT_EQ(turn_line(turn, state_, Language::Hans), "2026-11-30 08:00  主班  张启明 → 李静");
  turn.mutable_after(0)->set_vacant("nobody is on the roster");
  EXPECT_EQ(turn_line(turn, state_, Language::Hans),
            "2026-11-30 08:00  主班  张启明 → 空岗 (nobody is on the roster)");
}

}  // namespace
}  // namespace fenghuo::cli
