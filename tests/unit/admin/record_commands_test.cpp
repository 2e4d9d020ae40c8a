// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/record_commands.h"

#include "hub/base/sha256.h"
#include "hub/core/state.h"
#include "hub/engine/recovery.h"
#include "tests/unit/admin/center_fixture.h"
#include "tools/admin/doctor.h"
#include "tools/admin/epoch.h"
#include "tools/admin/plan_commands.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace fenghuo::admin {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class RecordCommands : public CenterTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(plan_apply(terminal(), access(), sample()), exit_done) << complained();
    said();
  }
  void post(const std::string& text) {
    auto center = access().open({});
    ASSERT_TRUE(center);
    const Center::Directory now = (*center)->directory().value();
    for (const auto& state : now.snapshot.channels()) {
      if (state.channel().key() != "ops-watch") continue;
      v1::Command command;
      command.mutable_post_message()->set_channel_id(state.channel().id());
      command.mutable_post_message()->set_text(text);
      ASSERT_TRUE((*center)->run(command));
    }
  }
};

TEST_F(RecordCommands, VerifyFindsAGoodRecordGood) {
  post("R-201 92 °C");
  EXPECT_EQ(verify_record(terminal(), store()), exit_done) << complained();
  EXPECT_THAT(said(), StartsWith("good: "));
}

TEST_F(RecordCommands, DumpIsOneJsonObjectALine) {
  post("R-201 92 °C");
  EXPECT_EQ(dump_record(terminal(), store(), 1, 1), exit_done) << complained();
  EXPECT_THAT(said(), HasSubstr(R"("event":{)"));
  const base::Position last = store().log().head().position;
  EXPECT_EQ(dump_record(terminal(), store(), last, 0), exit_done) << complained();
  const std::string line = said();
  EXPECT_THAT(line, StartsWith(R"({"position":")" + std::to_string(last) + "\""));
  EXPECT_THAT(line, HasSubstr(R"("body":{"text":"R-201 92 °C"})"));
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
}

TEST_F(RecordCommands, StatsCountKinds) {
  post("one");
  post("two");
  EXPECT_EQ(record_stats(terminal(), store()), exit_done) << complained();
  const std::string text = said();
  EXPECT_THAT(text, HasSubstr("center lanjiang (real)"));
  EXPECT_THAT(text, HasSubstr("records.message_posted 2\n"));
  EXPECT_THAT(text, HasSubstr("records.role_set 47\n"));
}

TEST_F(RecordCommands, ANewEpochNamesItsParent) {
  const core::State before = engine::reload(store()).value();
  const storage::Head head = store().log().head();
  ASSERT_TRUE(begin_epoch(store(), start));
  const core::State after = engine::reload(store()).value();
  EXPECT_NE(after.epoch().epoch(), before.epoch().epoch());
  EXPECT_EQ(after.epoch().epoch().size(), 32U);
  EXPECT_EQ(after.epoch().parent_epoch(), before.epoch().epoch());
  EXPECT_EQ(after.epoch().at(), head.position);
  EXPECT_EQ(after.epoch().parent_hash(), base::to_bytes(head.hash));
  EXPECT_EQ(after.position(), before.position() + 1);
  EXPECT_EQ(verify_record(terminal(), store()), exit_done) << complained();
}

TEST_F(RecordCommands, ANewEpochIsNeverBeforeTheRecord) {
  const base::TimeUs last = store().log().head().time_us;
  const auto head = begin_epoch(store(), last - base::us_per_s);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->time_us, last);
}

TEST_F(RecordCommands, DoctorSaysGreenAndRed) {
  const Machine machine{start + base::us_per_s, true};
  EXPECT_EQ(examine(terminal(), machine, store()), exit_refused);
  const std::string text = said();
  EXPECT_THAT(text, HasSubstr("green  clock"));
  EXPECT_THAT(text, HasSubstr("green  record"));
  EXPECT_THAT(text, HasSubstr("red    roles    47 of 47 have nobody: eoc/commander "));
}

TEST_F(RecordCommands, DoctorSeesAWrongClockAndAFullDisk) {
  store().set_free_share(0.04);
  const Machine machine{start - 10 * base::us_per_s, true};
  EXPECT_EQ(examine(terminal(), machine, store()), exit_refused);
  const std::string text = said();
  EXPECT_THAT(text, HasSubstr("red    clock    the wall clock"));
  EXPECT_THAT(text, HasSubstr("red    disk     4.0 % free"));
}

}  // namespace
}  // namespace fenghuo::admin
