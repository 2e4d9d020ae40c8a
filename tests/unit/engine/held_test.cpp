// SPDX-License-Identifier: Apache-2.0
#include "hub/base/sha256.h"
#include "tests/support/engine_rig.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

// Feedback without a name waits for the full hour.
namespace fenghuo::engine {
namespace {

constexpr base::TimeUs hour = 3'600 * base::us_per_s;

class HeldTest : public ::testing::Test {
 protected:
  HeldTest() { rig.furnish(); }

  static v1::Command unnamed(char code,
                             v1::FeedbackSeverity severity = v1::FEEDBACK_SEVERITY_ROUTINE) {
    v1::Command command;
    v1::OpenFeedback& one = *command.mutable_open_feedback();
    one.set_kind(v1::FEEDBACK_KIND_PROBLEM);
    one.set_severity(severity);
    one.set_text(std::string("opinion ") + code);
    one.set_receipt_hash(base::to_bytes(base::sha256({std::string(16, code)})));
    return command;
  }
  // Texts of the opened threads, in order of the record.
  std::vector<std::string> texts() const {
    std::vector<std::string> found;
    for (const auto& commit : rig.commits) {
      for (const auto& item : commit->items) {
        if (item.event.has_feedback_opened()) found.push_back(item.body->text());
      }
    }
    return found;
  }
  base::TimeUs full_hour() const { return (rig.now / hour + 1) * hour; }

  EngineRig rig;
};

TEST_F(HeldTest, ItIsRecordedWithOthersAtTheFullHourAndNotInTheOrderTheyCame) {
  const base::TimeUs full = full_hour();
  ASSERT_FALSE(rig.submit(rig.ann, unnamed('a'), 1));
  rig.settle();
  rig.now += base::us_per_s;
  ASSERT_FALSE(rig.submit(rig.bob, unnamed('b'), 1));
  rig.now += base::us_per_s;
  ASSERT_FALSE(rig.submit(rig.chief, unnamed('c'), 1));
  rig.settle();
  ASSERT_EQ(rig.answers.size(), 3U);
  EXPECT_EQ(rig.answers[0].reply.done().held_until_us(), full);
  EXPECT_EQ(rig.answers[0].reply.done().id(), 0U);
  EXPECT_TRUE(texts().empty()) << "nothing says when it came";
  rig.now = full - 1;
  rig.settle();
  EXPECT_TRUE(texts().empty());
  EXPECT_EQ(rig.step().wake_at, full) << "it wakes by itself";
  rig.now = full;
  rig.settle();
  std::vector<std::pair<std::string, std::string>> by_hash;
  for (const char code : {'a', 'b', 'c'}) {
    by_hash.emplace_back(unnamed(code).open_feedback().receipt_hash(),
                         unnamed(code).open_feedback().text());
  }
  std::sort(by_hash.begin(), by_hash.end());
  std::vector<std::string> wanted;
  for (const auto& [hash, text] : by_hash) wanted.push_back(text);
  EXPECT_EQ(texts(), wanted);
  EXPECT_EQ(rig.commits.back()->time_us, full);
  EXPECT_EQ(rig.commits.back()->items.back().event.kind_case(), v1::Event::kFeedbackShown);
}

TEST_F(HeldTest, SentAgainItIsHeldOnce) {
  ASSERT_FALSE(rig.submit(rig.ann, unnamed('a'), 1));
  ASSERT_FALSE(rig.submit(rig.ann, unnamed('a'), 2));
  rig.settle();
  ASSERT_EQ(rig.answers.size(), 2U);
  EXPECT_FALSE(rig.answers[0].reply.done().repeated());
  EXPECT_TRUE(rig.answers[1].reply.done().repeated());
  rig.now = full_hour();
  rig.settle();
  ASSERT_FALSE(rig.submit(rig.ann, unnamed('a'), 3));
  rig.settle();
  EXPECT_TRUE(rig.answers[2].reply.done().repeated());
  EXPECT_NE(rig.answers[2].reply.done().id(), 0U) << "known by the record now";
  EXPECT_EQ(texts().size(), 1U);
}

TEST_F(HeldTest, DangerToLifeIsRecordedAtOnce) {
  ASSERT_FALSE(rig.submit(rig.ann, unnamed('a', v1::FEEDBACK_SEVERITY_LIFE), 1));
  rig.settle();
  EXPECT_EQ(texts().size(), 1U);
  EXPECT_NE(rig.answers[0].reply.done().id(), 0U);
}

TEST_F(HeldTest, GoingDownItIsRecordedEarlierRatherThanLost) {
  ASSERT_FALSE(rig.submit(rig.ann, unnamed('a'), 1));
  rig.settle();
  EXPECT_TRUE(rig.engine->idle()) << "it keeps nobody waiting";
  rig.engine->drain();
  EXPECT_FALSE(rig.engine->idle());
  rig.settle();
  EXPECT_EQ(texts().size(), 1U);
  EXPECT_TRUE(rig.engine->idle());
}

TEST_F(HeldTest, WhatFoundNoRoomIsTriedAgain) {
  ASSERT_FALSE(rig.submit(rig.ann, unnamed('a'), 1));
  rig.settle();
  rig.now = full_hour();
  rig.store->fail_next_append(storage::AppendStatus::Unavailable);
  rig.settle();
  EXPECT_TRUE(texts().empty());
  rig.now += 2 * base::us_per_s;
  rig.settle();
  EXPECT_EQ(texts().size(), 1U);
}

}  // namespace
}  // namespace fenghuo::engine
