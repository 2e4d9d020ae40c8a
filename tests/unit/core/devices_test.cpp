// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "tests/unit/core/fixture.h"

// A command sent again has its first answer and no second effect.
namespace fenghuo::testing {
namespace {

class DevicesTest : public CoreTest {
 protected:
  core::Envelope numbered(std::uint64_t n, const std::string& text,
                          const std::string& device = "pc") {
    core::Envelope one = center.envelope(who("fang"), post("fire", text));
    one.device = device;
    one.n = n;
    one.digest = std::hash<std::string>()(text);
    return one;
  }
};

TEST_F(DevicesTest, ARepeatHasTheFirstAnswerAndNoEvents) {
  const auto first = center.submit(numbered(1, "once"));
  ASSERT_TRUE(first);
  ASSERT_TRUE(center.submit(numbered(2, "more")));
  const auto before = center.log().size();
  const auto again = center.submit(numbered(1, "once"));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated());
  EXPECT_EQ(again->id(), first->id());
  EXPECT_EQ(again->seq(), first->seq());
  EXPECT_EQ(again->version(), 1u);
  EXPECT_EQ(center.log().size(), before);
  EXPECT_EQ(center.state().last_n(who("fang"), "pc"), 2u);
}

TEST_F(DevicesTest, OtherContentUnderTheSameIdIsRefused) {
  ASSERT_TRUE(center.submit(numbered(1, "once")));
  EXPECT_THAT(center.submit(numbered(1, "other")), IsRefused(v1::ERROR_CODE_COMMAND_ID_REUSED));
}

TEST_F(DevicesTest, EachDeviceAndAccountCountsForItself) {
  ASSERT_TRUE(center.submit(numbered(1, "a", "pc")));
  const auto phone = center.submit(numbered(1, "b", "phone"));
  ASSERT_TRUE(phone);
  EXPECT_FALSE(phone->repeated());
  core::Envelope other = numbered(1, "c", "pc");
  other.account_id = who("fei");
  EXPECT_FALSE(center.submit(other)->repeated());
}

TEST_F(DevicesTest, AMissingNumberWithinTheWindowIsNewAndAnOlderOneIsDone) {
  const std::uint64_t window = base::limits::results_per_device;
  ASSERT_TRUE(center.submit(numbered(100, "late start")));
  const auto skipped = center.submit(numbered(100 - window + 1, "overtaken"));
  ASSERT_TRUE(skipped);
  EXPECT_FALSE(skipped->repeated());
  EXPECT_TRUE(center.submit(numbered(100 - window + 1, "overtaken"))->repeated());
  EXPECT_THAT(center.submit(numbered(100 - window, "too old")),
              IsRefused(v1::ERROR_CODE_ALREADY_DONE));
}

TEST_F(DevicesTest, ExactlyTheLast64ResultsAreRemembered) {
  for (std::uint64_t n = 1; n <= 65; ++n) ASSERT_TRUE(center.submit(numbered(n, "x")));
  EXPECT_TRUE(center.submit(numbered(2, "x"))->repeated());
  EXPECT_THAT(center.submit(numbered(1, "x")), IsRefused(v1::ERROR_CODE_ALREADY_DONE));
}

TEST_F(DevicesTest, RefusalsAreNotRemembered) {
  core::Envelope hasty = numbered(1, "");
  EXPECT_THAT(center.submit(hasty), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_EQ(center.state().last_n(who("fang"), "pc"), 0u);
  EXPECT_FALSE(center.submit(numbered(1, "again"))->repeated());
}

TEST_F(DevicesTest, ARepeatedEditAndAcknowledgementSayWhatTheySaid) {
  const auto posted = does("fang", post("fire", "v1", v1::PRECEDENCE_IMMEDIATE));
  ASSERT_TRUE(posted);
  core::Envelope editing = numbered(1, "v2");
  editing.command = edit(posted->id(), 1, v1::EDIT_KIND_CHANGE, "v2");
  const auto edited = center.submit(editing);
  ASSERT_TRUE(edited);
  auto again = center.submit(editing);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id(), edited->id());
  EXPECT_EQ(again->version(), 2u);
  core::Envelope late = center.envelope(who("fei"), acknowledge(posted->id(), 1));
  late.device = "pc";
  late.n = 1;
  EXPECT_TRUE(center.submit(late)->superseded());
  EXPECT_TRUE(center.submit(late)->superseded());
}

TEST_F(DevicesTest, TheDeviceUnusedLongestIsForgotten) {
  for (std::size_t i = 0; i < base::limits::devices_per_account; ++i) {
    ASSERT_TRUE(center.submit(numbered(7, "x", "d" + std::to_string(i))));
  }
  ASSERT_TRUE(center.submit(numbered(8, "x", "d0")));
  ASSERT_TRUE(center.submit(numbered(1, "x", "one-more")));
  EXPECT_EQ(center.state().last_n(who("fang"), "d0"), 8u);
  EXPECT_EQ(center.state().last_n(who("fang"), "d1"), 0u);
  EXPECT_EQ(center.state().last_n(who("fang"), "d2"), 7u);
}

TEST_F(DevicesTest, TheFirstEventOfACommandCarriesItsId) {
  core::Envelope one = center.envelope(who("chief"), appoint("nobody", {"fire/crew"}));
  one.command.mutable_put_account()->mutable_account()->mutable_name()->set_en("Somebody");
  one.device = "pc";
  one.n = 5;
  one.digest = 77;
  const auto done = center.submit(one);
  ASSERT_TRUE(done);
  const v1::Event first = center.decoded(done->id()).event;
  EXPECT_EQ(first.device(), "pc");
  EXPECT_EQ(first.n(), 5u);
  EXPECT_EQ(first.event_count(), 2u);
  EXPECT_EQ(first.command_digest(), 77u);
  const v1::Event second = center.decoded(done->id() + 1).event;
  EXPECT_EQ(second.device(), "");
  EXPECT_EQ(second.event_count(), 0u);
  EXPECT_EQ(second.account_id(), who("chief"));
}

TEST_F(DevicesTest, ADeviceCountsFromOneAndHasAShortName) {
  EXPECT_THAT(center.submit(numbered(0, "x")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_THAT(center.submit(numbered(1, "x", std::string(65, 'd'))),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

}  // namespace
}  // namespace fenghuo::testing
