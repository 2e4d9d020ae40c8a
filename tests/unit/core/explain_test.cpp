// SPDX-License-Identifier: Apache-2.0
#include "hub/core/explain.h"

#include "tests/unit/core/order_story.h"

#include <string>
#include <vector>

namespace fenghuo::testing {
namespace {

using Result = v1::ExplainResult;
using Line = v1::ExplainResult::Line;

class ExplainStory : public OrderStory {
 protected:
  base::Result<Result> asked_by(std::string_view asker, base::EntityId order_id,
                                std::string_view about = "", std::string_view role = "") const {
    v1::ExplainQuery query;
    query.set_order_id(order_id);
    if (!about.empty()) query.set_account_id(who(about));
    if (!role.empty()) query.set_role_id(post_of(role));
    return core::explain_for(center.state(), who(asker), query, center.now());
  }
  std::vector<Line> lines(base::EntityId order_id, std::string_view about = "",
                          std::string_view role = "") const {
    const Result result = *asked_by("chief", order_id, about, role);
    return {result.lines().begin(), result.lines().end()};
  }
  // The one sentence of a kind; an empty one if there is none.
  static Line one(const std::vector<Line>& lines, Result::Kind kind) {
    for (const Line& line : lines) {
      if (line.kind() == kind) return line;
    }
    return {};
  }
};

TEST_F(ExplainStory, SaysWhichRungAskedWhomWhenAndByWhichMeans) {
  const auto start = center.now();
  const auto id = raised({"fire/watch"});
  center.advance(7 * second_us);
  ASSERT_TRUE(does("anna", observe(id, true)));
  center.advance(5 * minute_us);
  const Result all = *asked_by("chief", id);
  EXPECT_EQ(all.ladder(), "standard");
  const auto anna = lines(id, "anna");
  const Line first = one(anna, Result::KIND_ASKED);
  EXPECT_EQ(first.rung(), 0u);
  EXPECT_EQ(first.at_us(), start);
  EXPECT_EQ(first.cause(), v1::Step::CAUSE_RAISED);
  EXPECT_EQ(first.role_id(), post_of("fire/watch"));
  EXPECT_EQ(first.means(), v1::MEANS_IN_APP);
  // By appointment: no roster row.
  EXPECT_EQ(first.source_id(), 0u);
  EXPECT_EQ(one(anna, Result::KIND_SEEN).at_us(), start + 7 * second_us);
  const Line second = one(lines(id, "dora"), Result::KIND_ASKED);
  EXPECT_EQ(second.rung(), 1u);
  EXPECT_EQ(second.cause(), v1::Step::CAUSE_TIME);
  EXPECT_EQ(second.at_us(), start + 5 * minute_us);
}

TEST_F(ExplainStory, NamesTheRosterRowHeStoodThereBy) {
  const auto row = does("hub", override_watch(v1::Appointment::STANDING_PRIMARY, "head"));
  ASSERT_TRUE(row);
  const auto id = raised({"fire/watch"});
  const Line told = one(lines(id, "head"), Result::KIND_ASKED);
  EXPECT_EQ(told.source_kind(), v1::ROW_KIND_OVERRIDE);
  EXPECT_EQ(told.source_id(), row->id());
  // And why she who is appointed was not.
  const auto anna = lines(id, "anna");
  ASSERT_EQ(anna.size(), 1u);
  EXPECT_EQ(anna[0].kind(), Result::KIND_NOT_ON_DUTY);
  EXPECT_EQ(anna[0].whom().account_id(), who("head"));
  EXPECT_EQ(anna[0].source_kind(), v1::ROW_KIND_OVERRIDE);
  EXPECT_EQ(anna[0].source_id(), row->id());
}

TEST_F(ExplainStory, NamesTheRowThatLeftTheRungVacant) {
  const auto row = does("hub", override_watch(v1::Appointment::STANDING_PRIMARY, ""));
  ASSERT_TRUE(row);
  const auto id = raised({"fire/watch"});
  const Line vacant = one(lines(id), Result::KIND_VACANT);
  EXPECT_EQ(vacant.role_id(), post_of("fire/watch"));
  EXPECT_EQ(vacant.text(), "ill");
  EXPECT_EQ(vacant.source_id(), row->id());
  EXPECT_EQ(one(lines(id, "dora"), Result::KIND_ASKED).cause(), v1::Step::CAUSE_VACANCY);
}

TEST_F(ExplainStory, TellsTheNewcomerThatHisDutyBroughtItToHimAndTheLeaverThatHeIsReleased) {
  const auto id = raised({"fire/watch"});
  center.advance(10 * second_us);
  ASSERT_TRUE(does("hub", override_watch(v1::Appointment::STANDING_PRIMARY, "head")));
  center.advance(second_us);
  const Line told = one(lines(id, "head"), Result::KIND_ASKED_BY_DUTY_CHANGE);
  EXPECT_EQ(told.cause(), v1::Step::CAUSE_DUTY_CHANGE);
  EXPECT_EQ(told.source_kind(), v1::ROW_KIND_OVERRIDE);
  const auto anna = lines(id, "anna");
  EXPECT_EQ(one(anna, Result::KIND_ASKED).rung(), 0u);
  EXPECT_EQ(one(anna, Result::KIND_RELEASED).at_us(), told.at_us());
}

TEST_F(ExplainStory, SaysWhyTheDeputyWasNotToldYetAndLaterWhyNever) {
  const auto start = center.now();
  const auto id = raised({"fire/watch"});
  center.advance(60 * second_us);
  auto dora = lines(id, "dora");
  ASSERT_EQ(dora.size(), 1u);
  EXPECT_EQ(dora[0].kind(), Result::KIND_NOT_YET);
  EXPECT_EQ(dora[0].rung(), 1u);
  EXPECT_EQ(dora[0].at_us(), start + 5 * minute_us);
  ASSERT_TRUE(does("anna", accept(id)));
  dora = lines(id, "dora");
  ASSERT_EQ(dora.size(), 1u);
  EXPECT_EQ(dora[0].kind(), Result::KIND_STOPPED_BEFORE);
  EXPECT_EQ(dora[0].at_us(), start + 60 * second_us);
}

TEST_F(ExplainStory, SaysThatTheHeadStandsBehindAGate) {
  const auto id = raised({"fire/watch"});
  center.advance(20 * minute_us + second_us);
  const auto head = lines(id, "head");
  ASSERT_EQ(head.size(), 1u);
  EXPECT_EQ(head[0].kind(), Result::KIND_BEHIND_GATE);
  EXPECT_EQ(head[0].rung(), 3u);
}

TEST_F(ExplainStory, SaysThatNothingInTheLadderLeadsThere) {
  const auto id = raised({"fire/watch"});
  const auto wang = lines(id, "wang");
  ASSERT_EQ(wang.size(), 1u);
  EXPECT_EQ(wang[0].kind(), Result::KIND_NOT_ASKED);
  EXPECT_EQ(one(lines(id, "", "water/watch"), Result::KIND_NOT_ASKED).kind(),
            Result::KIND_NOT_ASKED);
}

TEST_F(ExplainStory, AnswersForARole) {
  const auto id = raised({"fire/watch", "water/watch"});
  const auto water = lines(id, "", "water/watch");
  ASSERT_FALSE(water.empty());
  for (const Line& line : water) EXPECT_EQ(line.addressee(), 2u);
  EXPECT_EQ(one(water, Result::KIND_ASKED).whom().account_id(), who("wang"));
}

TEST_F(ExplainStory, IsForThoseWhoSeeTheOrder) {
  v1::Command command = raise({"fire/watch"});
  command.mutable_raise_order()->set_channel_id(room("fire"));
  const auto done = center.submit(0, command);
  ASSERT_TRUE(done);
  EXPECT_TRUE(asked_by("chief", done->id(), "anna"));
  EXPECT_TRUE(asked_by("lena", done->id(), "lena"));
  EXPECT_THAT(asked_by("wang", done->id(), "wang"), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  // A guest of the very channel learns nothing.
  EXPECT_THAT(asked_by("guest", done->id()), IsRefused(v1::ERROR_CODE_NOT_FOUND));
}

}  // namespace
}  // namespace fenghuo::testing
