// SPDX-License-Identifier: Apache-2.0
#include "hub/core/knowledge.h"

#include "tests/unit/core/order_story.h"

#include <string>

namespace fenghuo::testing {
namespace {

class KnowledgeStory : public OrderStory {
 protected:
  base::Result<v1::KnowledgeResult> asked_by(std::string_view asker, base::EntityId id,
                                             std::uint32_t version = 0,
                                             base::TimeUs at_us = 0) const {
    v1::KnowledgeQuery query;
    query.set_message_id(id);
    query.set_version(version);
    query.set_at_us(at_us);
    auto scope = core::knowledge_scope(center.state(), who(asker), query, center.now());
    if (!scope) return scope.error();
    core::KnowledgeFold fold(*std::move(scope));
    for (const auto& stored : center.log()) {
      if (!fold.add(CoreCenter::decode(stored).record())) break;
    }
    return fold.finish();
  }
  v1::KnowledgeResult::Row row(const v1::KnowledgeResult& result, std::string_view account) const {
    for (const auto& one : result.rows()) {
      if (one.account_id() == who(account)) return one;
    }
    ADD_FAILURE() << account << " is not listed";
    return {};
  }
  bool lists(const v1::KnowledgeResult& result, std::string_view account) const {
    for (const auto& one : result.rows()) {
      if (one.account_id() == who(account)) return true;
    }
    return false;
  }
  // A message of the chief in "liaisons" that asks shui and fang.
  base::EntityId posted() {
    v1::Command command = post("liaisons", "伤者 11 人", v1::PRECEDENCE_IMMEDIATE);
    command.mutable_post_message()->add_mentions()->set_account_id(who("fang"));
    command.mutable_post_message()->add_mentions()->set_account_id(who("shui"));
    const auto done = does("chief", command);
    FENGHUO_CHECK(done.has_value());
    seq = done->seq();
    return done->id();
  }
  // Reading is told to the hub and merged into one record.
  void reads(std::string_view account, std::string_view channel, std::uint64_t to) {
    core::Reading reading;
    reading.account_id = who(account);
    reading.channel_id = room(channel);
    reading.seq = to;
    center.append(core::merge_readings(center.state(), {reading}));
  }

  std::uint64_t seq = 0;
};

TEST_F(KnowledgeStory, ReceiptsAreAskedForAsOfAnInstant) {
  const auto id = posted();
  center.advance(10 * second_us);
  reads("fang", "liaisons", seq);
  const base::TimeUs read = center.now();
  center.advance(20 * second_us);
  ASSERT_TRUE(does("fang", acknowledge(id, 1)));

  const v1::KnowledgeResult before = *asked_by("chief", id, 1, read - 1);
  EXPECT_EQ(row(before, "fang").seen_us(), 0);
  EXPECT_EQ(before.seen(), 0u);
  const v1::KnowledgeResult then = *asked_by("chief", id, 1, read);
  EXPECT_EQ(row(then, "fang").seen_us(), read);
  EXPECT_EQ(row(then, "fang").delivered_us(), read);
  EXPECT_EQ(row(then, "fang").acknowledged_us(), 0);
  const v1::KnowledgeResult now = *asked_by("chief", id);
  EXPECT_EQ(row(now, "fang").acknowledged_us(), center.now());
  EXPECT_EQ(row(now, "shui").delivered_us(), 0);
  EXPECT_EQ(now.acknowledged(), 1u);
  EXPECT_LT(now.acknowledged(), now.total());
}

TEST_F(KnowledgeStory, HavingReadTheOldVersionIsNotKnowingTheNewOne) {
  const auto id = posted();
  center.advance(second_us);
  reads("fang", "liaisons", seq);
  center.advance(second_us);
  ASSERT_TRUE(does("chief", edit(id, 1, v1::EDIT_KIND_CHANGE, "伤者 13 人")));
  const base::TimeUs edited = center.now();
  center.advance(second_us);
  reads("shui", "liaisons", seq);

  const v1::KnowledgeResult second = *asked_by("chief", id, 2);
  EXPECT_EQ(second.since_us(), edited);
  EXPECT_EQ(row(second, "fang").seen_us(), 0);
  EXPECT_EQ(row(second, "fang").newest_version(), 1u);
  EXPECT_EQ(row(second, "shui").seen_us(), center.now());
  const v1::KnowledgeResult first = *asked_by("chief", id, 1);
  EXPECT_NE(row(first, "fang").seen_us(), 0);
  EXPECT_EQ(row(first, "shui").seen_us(), 0);
  EXPECT_EQ(row(first, "shui").newest_version(), 2u);
  // Asked for an instant before the change there is only the first.
  EXPECT_EQ(asked_by("chief", id, 0, edited - 1)->version(), 1u);
  EXPECT_THAT(asked_by("chief", id, 2, edited - 1), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_THAT(asked_by("chief", id, 3), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(KnowledgeStory, AnOrdersTextIsKnownToWhoSawOrTookIt) {
  const auto id = raised({"fire/watch"});
  center.advance(3 * second_us);
  ASSERT_TRUE(does("anna", observe(id, true)));
  const base::TimeUs seen = center.now();
  center.advance(5 * minute_us);
  const v1::KnowledgeResult open = *asked_by("chief", id);
  EXPECT_EQ(row(open, "anna").seen_us(), seen);
  EXPECT_EQ(row(open, "anna").acknowledged_us(), 0);
  // Reached by the ladder, and nobody knows whether she has it.
  EXPECT_EQ(row(open, "dora").delivered_us(), 0);
  ASSERT_TRUE(does("dora", accept(id)));
  const v1::KnowledgeResult taken = *asked_by("chief", id);
  EXPECT_EQ(row(taken, "dora").acknowledged_us(), center.now());
  EXPECT_EQ(row(taken, "dora").delivered_us(), center.now());
}

TEST_F(KnowledgeStory, OfAMessageThatAsksNobodyTheMembersAreListed) {
  const auto done = does("fei", post("fire", "二号车到位"));
  ASSERT_TRUE(done);
  reads("fang", "fire", done->seq());
  const v1::KnowledgeResult all = *asked_by("fei", done->id());
  EXPECT_NE(row(all, "fang").seen_us(), 0);
  EXPECT_EQ(row(all, "anna").seen_us(), 0);
  EXPECT_FALSE(lists(all, "fei"));
  EXPECT_FALSE(lists(all, "wang"));
}

TEST_F(KnowledgeStory, OthersLearnOnlyOfThemselvesAndStrangersNothing) {
  const auto done = does("fei", post("fire", "二号车到位"));
  ASSERT_TRUE(done);
  reads("fang", "fire", done->seq());
  reads("anna", "fire", done->seq());
  const v1::KnowledgeResult own = *asked_by("fang", done->id());
  ASSERT_EQ(own.rows_size(), 1);
  EXPECT_EQ(own.rows(0).account_id(), who("fang"));
  EXPECT_EQ(own.total(), 1u);
  EXPECT_THAT(asked_by("wang", done->id()), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  EXPECT_THAT(asked_by("guest", done->id()), IsRefused(v1::ERROR_CODE_NOT_FOUND));
}

}  // namespace
}  // namespace fenghuo::testing
