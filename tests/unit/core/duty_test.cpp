// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/project.h"
#include "hub/core/snapshot.h"
#include "tests/unit/core/duty_story.h"

#include <map>

namespace fenghuo::testing {
namespace {

using DutyTest = DutyStory;

TEST_F(DutyTest, WithoutARosterTheAppointedStandInTheirOrder) {
  EXPECT_EQ(on_desk(), "li,zhang,lin");
  EXPECT_EQ(on_desk(Deputy), "he");
  EXPECT_EQ(on_desk(Leader), "chen");
  EXPECT_EQ(standing("fire/crew", Leader, center.now()), "- nobody is appointed");
  EXPECT_TRUE(core::is_on_command_seat(rows(), who("he"), center.now()));
  EXPECT_FALSE(core::is_on_command_seat(rows(), who("fei"), center.now()));
}

TEST_F(DutyTest, TheRosterWinsOverTheAppointmentsAndAnOverrideOverBoth) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16)})));
  ASSERT_TRUE(does("chief", override_by("he", 10, 12)));
  until(9);
  EXPECT_EQ(on_desk(), "zhang");
  EXPECT_EQ(on_desk(Deputy), "he") << "another standing has no roster";
  until(10);
  EXPECT_EQ(on_desk(), "he");
  ASSERT_TRUE(does("chief", override_by("lin", 11, 12, "he is needed at the site")));
  until(11);
  EXPECT_EQ(on_desk(), "lin") << "the later of two overrides";
  until(12);
  EXPECT_EQ(on_desk(), "zhang");
}

TEST_F(DutyTest, ShiftsChangeByTheClockAndToTheMicrosecond) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16), shift("lin", 16, 24)})));
  center.advance(at(16) - 1 - center.now());
  EXPECT_EQ(on_desk(), "zhang");
  center.advance(1);
  EXPECT_EQ(on_desk(), "lin") << "[start, end)";
  EXPECT_EQ(told(v1::Event::kDutyChanged), 2) << "at 8, and once for both at 16";
}

TEST_F(DutyTest, BetweenItsShiftsARosterLeavesAPostVacant) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 12), shift("lin", 14, 18)})));
  until(6);
  EXPECT_EQ(on_desk(), "li,zhang,lin") << "before the first shift the appointed are called";
  until(13);
  EXPECT_EQ(on_desk(), "- nobody is on the roster");
  until(18);
  EXPECT_EQ(on_desk(), "li,zhang,lin") << "and after the last";
}

TEST_F(DutyTest, AVacancyCanBeOrderedAndSaysWhy) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16)})));
  ASSERT_TRUE(does("chief", override_by("", 9, 10, "the desk moves to the other building")));
  until(9);
  EXPECT_EQ(on_desk(), "- the desk moves to the other building");
  EXPECT_THAT(does("chief", override_by("", 11, 12, "")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT))
      << "not without a reason";
}

TEST_F(DutyTest, OverlappingShiftsBothStand) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16), shift("lin", 15, 24)})));
  until(15.5);
  EXPECT_EQ(on_desk(), "zhang,lin") << "a repeated hour overlaps, it leaves no gap";
}

TEST_F(DutyTest, AContactCanStandAndSomebodyWhoLeftDoesNot) {
  v1::Shift plant = shift("zhang", 8, 16);
  plant.clear_account_id();
  plant.set_contact_id((rows().contacts.end() - 1)->id);
  ASSERT_TRUE(does("chief", put({plant, shift("lin", 16, 24)})));
  until(9);
  EXPECT_EQ(on_desk(), "contact");
  v1::Command leave;
  *leave.mutable_put_account()->mutable_account() = *center.state().account_by_key("lin");
  leave.mutable_put_account()->mutable_account()->set_disabled(true);
  ASSERT_TRUE(does("chief", leave));
  until(17);
  EXPECT_EQ(on_desk(), "- the account is disabled");
}

TEST_F(DutyTest, AShiftCancelledWhileItRunsChangesTheDutyAtOnce) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16), shift("lin", 20, 24)})));
  until(9);
  const v1::Shift first = *(rows().shifts.begin())->row;
  ASSERT_TRUE(does("chief", cancel(first)));
  EXPECT_EQ(on_desk(), "- nobody is on the roster");
  EXPECT_EQ(told(v1::Event::kDutyChanged), 2);
  EXPECT_THAT(does("chief", cancel(*rows().shifts.begin()->row)),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  until(17);
  EXPECT_EQ(told(v1::Event::kDutyChanged), 2) << "a cancelled shift has no end";
}

TEST_F(DutyTest, AnOldSightOfAShiftIsRefused) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16)})));
  const v1::Shift seen = last_shift();
  v1::Shift moved = seen;
  moved.set_end_us(at(15));
  ASSERT_TRUE(does("chief", put({moved})));
  EXPECT_THAT(does("chief", put({moved})), IsRefused(v1::ERROR_CODE_STALE_REVISION));
  EXPECT_THAT(does("chief", cancel(seen)), IsRefused(v1::ERROR_CODE_STALE_REVISION));
  EXPECT_EQ(last_shift().end_us(), at(15));

  ASSERT_TRUE(does("chief", override_by("he", 9, 10)));
  v1::Command command;
  command.mutable_cancel_override()->set_override_id(last_override().id());
  command.mutable_cancel_override()->set_seen_revision(last_override().revision() + 1);
  EXPECT_THAT(does("chief", command), IsRefused(v1::ERROR_CODE_STALE_REVISION));
  command.mutable_cancel_override()->set_seen_revision(last_override().revision());
  EXPECT_TRUE(does("chief", command));
}

TEST_F(DutyTest, AShiftStaysWithItsRoleAndMarksAreTheHubs) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16)})));
  v1::Shift moved = last_shift();
  moved.set_role_id(post_of("fire/crew"));
  EXPECT_THAT(does("chief", put({moved})), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  v1::Shift ended = shift("lin", 16, 24);
  ended.set_ended(true);
  ended.set_cancelled(true);
  ASSERT_TRUE(does("chief", put({ended})));
  until(17);
  EXPECT_EQ(on_desk(), "lin");
}

TEST_F(DutyTest, APlanIsTakenWholeOrNotAtAll) {
  v1::Shift backwards = shift("lin", 16, 12);
  EXPECT_THAT(does("chief", put({shift("zhang", 8, 16), backwards})),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_TRUE(rows().shifts.empty());
  EXPECT_THAT(does("chief", put({})), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_THAT(does("chief", put({shift("guest", 8, 16)})), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT))
      << "a guest holds no duty";
  until(20);
  EXPECT_THAT(does("chief", put({shift("zhang", 8, 16)})), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT))
      << "nobody stood there after all";
}

TEST_F(DutyTest, OnlyWhoMayPlansTheRoster) {
  EXPECT_THAT(does("zhang", put({shift("zhang", 8, 16)})), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  v1::Plan changed = duty_plan();
  auto& planner = role(changed, "fire/planner", "fire");
  grant(planner, v1::Grant::VERB_ROSTER);
  planner.mutable_grants(0)->set_scope(v1::Grant::SCOPE_DEPARTMENT);
  account(changed, "planner", {"fire/planner"});
  apply_plan(changed);
  EXPECT_THAT(does("planner", put({shift("zhang", 8, 16)})), IsRefused(v1::ERROR_CODE_FORBIDDEN))
      << "another department's desk";
  v1::Shift own = shift("fei", 8, 16);
  own.set_role_id(post_of("fire/crew"));
  EXPECT_TRUE(does("planner", put({own})));
  EXPECT_THAT(does("zhang", override_by("he", 9, 10)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
}

TEST_F(DutyTest, AGrantForThoseOnDutyHoldsWhileTheyAre) {
  v1::Plan changed = duty_plan();
  v1::PlanRole& desk = *changed.mutable_roles(changed.roles_size() - 1);
  ASSERT_EQ(desk.key(), "eoc/desk");
  grant(desk, v1::Grant::VERB_FLASH);
  desk.mutable_grants(0)->set_condition(v1::Grant::CONDITION_ON_DUTY);
  apply_plan(changed);
  const auto may_flash = [this](std::string_view key) {
    return core::allows(center.state(), who(key), v1::Grant::VERB_FLASH, {}).allowed;
  };
  EXPECT_TRUE(may_flash("zhang")) << "by appointment, as there is no roster";
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16), shift("lin", 16, 24)})));
  until(9);
  EXPECT_TRUE(may_flash("zhang"));
  EXPECT_FALSE(may_flash("lin"));
  until(16);
  EXPECT_FALSE(may_flash("zhang"));
  EXPECT_TRUE(may_flash("lin"));
}

TEST_F(DutyTest, AStretchNobodyStandsForIsToldAheadAndGoesWhenItIsFilled) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 12), shift("lin", 14, 18)})));
  until(9.9);
  EXPECT_TRUE(rows().roster_gaps.empty());
  until(10);
  ASSERT_EQ(rows().roster_gaps.size(), 1u) << "two hours ahead, as configured";
  const v1::RosterGap& gap = *rows().roster_gaps.begin()->row;
  EXPECT_EQ(gap.start_us(), at(12));
  EXPECT_EQ(gap.end_us(), at(14));
  until(11);
  EXPECT_EQ(told(v1::Event::kRosterGapFound), 1) << "once";
  ASSERT_TRUE(does("chief", put({shift("he", 12, 14)})));
  until(11.1);
  EXPECT_TRUE(gap.closed());
  until(24);
  EXPECT_EQ(told(v1::Event::kRosterGapFound), 1);
}

TEST_F(DutyTest, AStretchThatNobodyFilledEndsWithTheNextShift) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 12), shift("lin", 14, 18)})));
  until(13);
  ASSERT_EQ(rows().roster_gaps.size(), 1u);
  EXPECT_FALSE(rows().roster_gaps.begin()->row->closed());
  until(14);
  EXPECT_TRUE(rows().roster_gaps.begin()->row->closed());
}

TEST_F(DutyTest, ARestartKeepsEveryTimer) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 12), shift("lin", 14, 18)})));
  ASSERT_TRUE(does("chief", override_by("he", 15, 16)));
  until(8.5);
  std::map<std::string, std::string> saved;
  core::save_changed(center.state(),
                     [&](std::string_view key, std::optional<std::string_view> value) {
                       if (value) saved[std::string(key)] = std::string(*value);
                     });
  auto loaded = core::load([&saved](const auto& visit) {
    for (const auto& [key, value] : saved) visit(key, value);
  });
  ASSERT_TRUE(loaded);
  EXPECT_EQ(core::next_deadline(*loaded), core::next_deadline(center.state()));
  EXPECT_EQ(loaded->rows().deadlines.size(), rows().deadlines.size());
  const base::EntityId desk = post_of("eoc/desk");
  for (const double when : {9.0, 13.0, 15.0, 17.0}) {
    const auto before = core::holders(rows(), desk, Primary, at(when));
    const auto after = core::holders(std::as_const(*loaded).rows(), desk, Primary, at(when));
    EXPECT_EQ(before.front().SerializeAsString(), after.front().SerializeAsString()) << when;
  }
}

TEST_F(DutyTest, AChangeMissedInAnOutageIsToldOnceAfterIt) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16)})));
  // The hub was away from 7 to 17: the next thing it does is after both boundaries.
  center.skip(at(17) - center.now());
  EXPECT_EQ(told(v1::Event::kDutyChanged), 0);
  center.advance(0);
  EXPECT_EQ(told(v1::Event::kDutyChanged), 1);
  EXPECT_TRUE(last_shift().begun());
  EXPECT_TRUE(last_shift().ended());
}

TEST_F(DutyTest, ACheckedRosterIsStaleOnceAnotherPlannedTheSameRole) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16)})));
  v1::Command checked = put({shift("lin", 16, 24)});
  checked.mutable_put_shifts()->set_seen_position(center.state().position());
  v1::Shift elsewhere = shift("fei", 8, 16);
  elsewhere.set_role_id(post_of("fire/crew"));
  ASSERT_TRUE(does("chief", put({elsewhere})));
  ASSERT_TRUE(does("chief", checked)) << "another role is another roster";

  checked = put({shift("he", 24, 30)});
  checked.mutable_put_shifts()->set_seen_position(center.state().position());
  ASSERT_TRUE(does("chief", put({shift("li", 24, 30)})));
  EXPECT_THAT(does("chief", checked), IsRefused(v1::ERROR_CODE_STALE_REVISION));
  until(25);
  EXPECT_EQ(on_desk(), "li") << "nothing of it was stored";
}

TEST_F(DutyTest, ShiftsGiveWayInTheSameCommandThatPlansOthers) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16), shift("lin", 16, 24)})));
  v1::Shift dropped = last_shift();
  dropped.set_cancelled(true);
  dropped.set_account_id(who("he"));
  ASSERT_TRUE(does("chief", put({shift("li", 16, 20), dropped})));
  EXPECT_TRUE(rows().shifts.find(dropped.id())->cancelled());
  EXPECT_EQ(rows().shifts.find(dropped.id())->account_id(), who("lin"))
      << "what was planned stays readable";
  until(17);
  EXPECT_EQ(on_desk(), "li");
  v1::Shift running = last_shift();
  running.set_cancelled(true);
  EXPECT_THAT(does("chief", put({running})), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT))
      << "whoever stands there is not dropped unseen";
}

class TurnsTest : public DutyStory {
 protected:
  base::Result<v1::TurnsResult> ask(double from, double to, std::string_view by = "zhang",
                                    std::string_view role_key = "eoc/desk") const {
    v1::TurnsQuery query;
    query.set_role_id(post_of(role_key));
    query.set_from_us(at(from));
    query.set_until_us(at(to));
    return core::turns_for(center.state(), who(by), query, center.now());
  }
  // "16 zhang > lin", one a turn.
  std::vector<std::string> turns(double from, double to) const {
    std::vector<std::string> lines;
    const base::Result<v1::TurnsResult> result = ask(from, to);
    for (const v1::TurnsResult::Turn& turn : result->turns()) {
      std::string line = std::to_string((turn.at_us() - t0) / hour);
      for (const v1::Holder& one : turn.before()) line += " " + name_of(one);
      line += " >";
      for (const v1::Holder& one : turn.after()) line += " " + name_of(one);
      lines.push_back(line);
    }
    return lines;
  }
};

TEST_F(TurnsTest, SayWhoChangesWhenBeforeItHappens) {
  ASSERT_TRUE(does("chief", put({shift("zhang", 8, 16), shift("lin", 16, 24), shift("lin", 24, 30),
                                 shift("zhang", 32, 40), shift("he", 8, 40, Deputy)})));
  ASSERT_TRUE(does("chief", override_by("li", 18, 20)));
  using ::testing::ElementsAre;
  EXPECT_THAT(turns(0, 48),
              ElementsAre("8 li zhang lin > zhang", "16 zhang > lin", "18 lin > li", "20 li > lin",
                          "30 lin > - nobody is on the roster",
                          "32 - nobody is on the roster > zhang", "40 zhang > li zhang lin"))
      << "a shift that follows another of the same person is no turn, nor is a deputy who was so "
         "by appointment";
  EXPECT_THAT(turns(16, 20), ElementsAre("18 lin > li", "20 li > lin")) << "(from, until]";
}

TEST_F(TurnsTest, AreForThoseWhoSeeTheRosterAndForASpanThatIsOne) {
  EXPECT_THAT(ask(0, 24, "guest"), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  EXPECT_THAT(ask(24, 24), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_TRUE(ask(0, 366 * 24));
  EXPECT_THAT(ask(0, 366 * 24 + 1), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_THAT(core::turns_for(center.state(), who("zhang"), {}, center.now()),
              IsRefused(v1::ERROR_CODE_NOT_FOUND));
}

TEST_F(TurnsTest, StopAtTheirLimitAndSaySo) {
  std::vector<v1::Shift> shifts;
  for (int i = 0; i < base::limits::turns_max; ++i) {
    shifts.push_back(shift(i % 2 == 0 ? "zhang" : "lin", i + 1, i + 2));
  }
  ASSERT_TRUE(does("chief", put(shifts)));
  EXPECT_EQ(ask(0, base::limits::turns_max)->turns_size(), base::limits::turns_max);
  EXPECT_FALSE(ask(0, base::limits::turns_max)->more());
  EXPECT_TRUE(ask(0, base::limits::turns_max + 1)->more());
}

}  // namespace
}  // namespace fenghuo::testing
