// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/plan_commands.h"

#include "tests/unit/admin/center_fixture.h"

#include <gmock/gmock.h>

namespace fenghuo::admin {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using PlanCommands = CenterTest;

const std::string bad = std::string(FENGHUO_SOURCE) + "/tests/golden/plan/bad/zone_misspelt.toml";

TEST_F(PlanCommands, CheckCountsWhatIsGood) {
  EXPECT_EQ(plan_check(terminal(), sample()), exit_done);
  EXPECT_THAT(said(), HasSubstr("good: 36 departments, 47 roles, 0 accounts, 10 contacts"));
}

TEST_F(PlanCommands, CheckSaysMistakes) {
  EXPECT_EQ(plan_check(terminal(), bad), exit_refused);
  EXPECT_EQ(said(), "");
  EXPECT_THAT(complained(), HasSubstr("zone_misspelt.toml:4:8: [center]: unknown time zone"));
}

TEST_F(PlanCommands, ApplyTwiceChangesNothingTheSecondTime) {
  EXPECT_EQ(plan_apply(terminal(), access(), sample()), exit_done) << complained();
  EXPECT_THAT(said(), HasSubstr("+ channel \"ops-watch\" (值班监测)"));
  const storage::Head head = store().log().head();
  EXPECT_EQ(plan_apply(terminal(), access(), sample()), exit_done) << complained();
  EXPECT_EQ(said(), "nothing to change\n");
  EXPECT_EQ(store().log().head(), head);
}

TEST_F(PlanCommands, AnEmptyFolderBecomesThePlansCenter) {
  EXPECT_EQ(plan_apply(terminal(), access(), sample()), exit_done) << complained();
  const Center::Directory now = directory();
  EXPECT_EQ(now.center_id, "lanjiang");
  EXPECT_EQ(now.zone, "Asia/Shanghai");
  EXPECT_EQ(now.name.en(), "Lanjiang City Emergency Command Center");
  EXPECT_EQ(now.snapshot.channels_size(), 57);
}

TEST_F(PlanCommands, DiffChangesNothing) {
  EXPECT_EQ(plan_diff(terminal(), access(), sample()), exit_done);
  EXPECT_THAT(said(), StartsWith("+ department \"eoc\" (市应急指挥中心)\n"));
  EXPECT_EQ(store().log().head().position, 0U);
}

TEST_F(PlanCommands, DiffIsEmptyAfterApply) {
  EXPECT_EQ(plan_apply(terminal(), access(), sample()), exit_done) << complained();
  said();
  EXPECT_EQ(plan_diff(terminal(), access(), sample()), exit_done);
  EXPECT_EQ(said(), "nothing to change\n");
}

TEST_F(PlanCommands, ChannelsOutOfSightAreToldTogether) {
  EXPECT_EQ(plan_apply(terminal(), access(), sample()), exit_done) << complained();
  said();
  Access narrow = access();
  narrow.look = [this]() -> base::Result<Center::Directory> {
    Center::Directory seen = directory();
    seen.all_channels = false;
    seen.snapshot.mutable_channels()->DeleteSubrange(2, seen.snapshot.channels_size() - 2);
    return seen;
  };
  EXPECT_EQ(plan_diff(terminal(), narrow, sample()), exit_done);
  EXPECT_THAT(said(), StartsWith("? channels new, or not seen by this account: "));
}

TEST_F(PlanCommands, ABadPlanIsNotApplied) {
  EXPECT_EQ(plan_apply(terminal(), access(), bad), exit_refused);
  EXPECT_EQ(store().log().head().position, 0U);
}

TEST_F(PlanCommands, AnotherCentersPlanIsRefused) {
  ASSERT_TRUE(access().open("elsewhere"));
  EXPECT_EQ(plan_apply(terminal(), access(), sample()), exit_refused);
  EXPECT_THAT(complained(), HasSubstr("elsewhere"));
}

}  // namespace
}  // namespace fenghuo::admin
