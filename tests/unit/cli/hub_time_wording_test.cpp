// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/hub_time_verbs.h"
#include "clients/cli/order_wording.h"
#include "tests/unit/cli/night_center.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(HubTimeWording, AnOutageSaysHowLongAndWhoClosedIt) {
  v1::Outage outage;
  outage.set_id(1042);
  outage.set_from_us(1'700'000'000'000'000);
  outage.set_to_us(1'700'001'800'000'000);
  outage.set_cause(v1::Outage::CAUSE_STOPPED);
  EXPECT_THAT(outage_line(outage, night_center(), Language::En),
              AllOf(HasSubstr("hub away"), HasSubstr("(30 min)"), Not(HasSubstr("["))));
  outage.set_slips(3);
  outage.set_closed_by_id(5);
  outage.set_closed_us(1'700'002'000'000'000);
  outage.set_note("都已补录");
  EXPECT_THAT(
      outage_line(outage, night_center(), Language::Hans),
      AllOf(HasSubstr("停机"), HasSubstr("3 条补录"), HasSubstr("张启明"), HasSubstr("都已补录")));
}

TEST(HubTimeWording, AClockInDoubtSaysWhy) {
  v1::ClockDoubt doubt;
  doubt.set_kind(v1::ClockDoubt::KIND_BEHIND);
  EXPECT_THAT(clock_line(doubt, Language::En), HasSubstr("behind the record"));
  doubt.set_kind(v1::ClockDoubt::KIND_UNSYNCHRONISED);
  EXPECT_THAT(clock_line(doubt, Language::Hans), HasSubstr("未校准"));
}

TEST(OrderWording, ACallNamesEveryOrderItIsStillAbout) {
  v1::CallItem item;
  item.set_script("A-7");
  item.mutable_whom()->set_account_id(5);
  v1::CallItem::More& more = *item.add_more();
  more.set_script("A-9");
  EXPECT_THAT(call_line(item, night_center(), Language::En),
              AllOf(HasSubstr("A-7"), HasSubstr("A-9")));
  item.set_first_closed(true);
  EXPECT_THAT(call_line(item, night_center(), Language::En),
              AllOf(Not(HasSubstr("A-7")), HasSubstr("A-9")));
}

}  // namespace
}  // namespace fenghuo::cli
