// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/watch_wording.h"

#include "clients/cli/duty_wording.h"
#include "tests/unit/cli/night_center.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string text_of_quantity(std::int64_t digits, int exponent) {
  v1::Quantity quantity;
  quantity.set_digits(digits);
  quantity.set_exponent(exponent);
  return quantity_text(quantity);
}

TEST(WatchWording, QuantitiesReadAsPeopleWriteThem) {
  EXPECT_EQ(text_of_quantity(125, -1), "12.5");
  EXPECT_EQ(text_of_quantity(-5, -3), "-0.005");
  EXPECT_EQ(text_of_quantity(30, 2), "3000");
  EXPECT_EQ(text_of_quantity(0, -4), "0");
  EXPECT_EQ(text_of_quantity(7, 0), "7");
  // Nobody reads a line of thousands of zeros.
  EXPECT_EQ(text_of_quantity(1, 1'000'000'000), "1e1000000000");
  EXPECT_EQ(text_of_quantity(1, -1'000'000'000), "1e-1000000000");
}

TEST(WatchWording, AnAlarmSaysWhoProposedToCloseIt) {
  v1::Alarm alarm;
  alarm.set_id(9);
  alarm.set_kind(v1::Alarm::KIND_POINT);
  alarm.set_source("gas");
  alarm.set_key("R-201");
  alarm.set_stage(2);
  alarm.set_count(3);
  alarm.set_state(v1::Alarm::STATE_OPEN);
  alarm.mutable_value()->set_digits(125);
  alarm.mutable_value()->set_exponent(-1);
  alarm.set_measure("ppm");
  alarm.set_close_proposed_by_id(5);
  EXPECT_THAT(alarm_line(alarm, night_center(), Language::Hans),
              AllOf(HasSubstr("‖二级‖  gas R-201 12.5ppm  ×3  报警中"),
                    HasSubstr("[拟关闭，待第二人 张启明]")));
  alarm.set_state(v1::Alarm::STATE_CLOSED);
  EXPECT_THAT(alarm_line(alarm, night_center(), Language::Hans), Not(HasSubstr("拟关闭")));
}

TEST(WatchWording, AProposedWarningShowsWhatWaitsAndForWhom) {
  v1::Warning warning;
  warning.set_id(9);
  warning.set_state(v1::Warning::STATE_PROPOSED);
  auto& pending = *warning.mutable_pending();
  pending.set_by_id(5);
  pending.set_by_role_id(6);
  pending.add_approver_roles("water/liaison");
  pending.mutable_content()->set_colour(v1::Warning::COLOUR_RED);
  pending.mutable_content()->set_kind("暴雨");
  pending.mutable_content()->set_area("城东区");
  pending.mutable_content()->set_measures("停工\x1b[2J停课");
  const auto lines = warning_lines(warning, night_center(), Language::Hans);
  EXPECT_THAT(lines.front(), AllOf(StartsWith("9      红色 暴雨预警  城东区  即时 — "),
                                   HasSubstr("待批准  张启明（值班长）")));
  EXPECT_THAT(lines, Contains(HasSubstr("→ 水务联络员")));
  // What came from outside gives a terminal no orders.
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("防御指南: 停工"), Not(HasSubstr("\x1b")))));
}

TEST(WatchWording, ASpokenRecordSaysWhoHowWhatAndThatItIsOwed) {
  v1::Spoken spoken;
  spoken.set_id(9);
  spoken.set_recorder_id(5);
  spoken.mutable_on_behalf()->set_role_id(16);
  spoken.mutable_on_behalf()->set_medium(v1::OnBehalf::MEDIUM_RADIO);
  spoken.mutable_on_behalf()->set_reference("T-17");
  spoken.set_command(v1::Command::kAcceptOrder);
  spoken.set_state(v1::Spoken::STATE_OWED);
  spoken.set_overdue(true);
  EXPECT_THAT(spoken_line(spoken, night_center(), Language::Hans),
              AllOf(HasSubstr("代录 水务联络员 电台"), HasSubstr("#T-17  签收指令"),
                    HasSubstr("记录 张启明"), HasSubstr("[待补签 逾期]")));
  // A command without words of its own goes by its name.
  spoken.set_command(v1::Command::kPutShifts);
  EXPECT_THAT(spoken_line(spoken, night_center(), Language::En), HasSubstr("put_shifts"));
}

TEST(DutyWording, OpenItemsStandInGroupsAndRedOnesSaySo) {
  v1::OpenItems items;
  items.set_through(77);
  const auto add = [&](v1::OpenItem::Group group, std::uint64_t id, bool red, const char* title) {
    auto& item = *items.add_items();
    item.set_group(group);
    item.set_id(id);
    item.set_red(red);
    item.set_title(title);
  };
  add(v1::OpenItem::GROUP_INTAKE, 3, true, "码头");
  add(v1::OpenItem::GROUP_ORDERS_TO_US, 1, false, "A-1");
  add(v1::OpenItem::GROUP_ORDERS_TO_US, 2, true, "A-2");
  EXPECT_THAT(open_items_lines(items, Language::Hans),
              ElementsAre("收到的指令", "  · A-1  (id 1)", "  ‼ A-2  [逐项确认]  (id 2)", "接报",
                          "  ‼ 码头  [逐项确认]  (id 3)", "阅至位置 77"));
  items.clear_items();
  EXPECT_THAT(open_items_lines(items, Language::Hant), ElementsAre("沒有未了事項", "閱至位置 77"));
}

TEST(DutyWording, WhoDidNotAnswerARollCallComesFirstWithANumber) {
  v1::RollCall call;
  call.set_by_id(5);
  auto& there = *call.add_rows();
  there.set_role_id(6);
  there.set_account_id(5);
  there.set_answered_us(1);
  there.set_answered_by_id(15);
  auto& silent = *call.add_rows();
  silent.set_role_id(16);
  silent.set_account_id(15);
  auto& vacant = *call.add_rows();
  vacant.set_role_id(16);
  const auto lines = roll_call_lines(call, night_center(), Language::Hans);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_THAT(lines[0], HasSubstr("已应答 1/3"));
  EXPECT_EQ(lines[1], "  ✗ 水务联络员  李水  139-15");
  EXPECT_EQ(lines[2], "  ✗ 水务联络员  空岗");
  EXPECT_THAT(lines[3], AllOf(StartsWith("  ✓ 值班长  张启明"), HasSubstr("李水")));
}

}  // namespace
}  // namespace fenghuo::cli
