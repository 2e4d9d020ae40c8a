// SPDX-License-Identifier: Apache-2.0
#include "storage/batch.h"
#include "tests/contract/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::storage {

namespace {

using testing::ElementsAre;
using Strings = std::vector<std::string>;

class EventLogContract : public StoreContract {};

TEST_P(EventLogContract, starts_empty) {
  EXPECT_EQ(log().head(), Head{});
  EXPECT_EQ(events_from(1), Strings{});
}

TEST_P(EventLogContract, appends_and_reads_back_what_was_committed) {
  grow({"a", "b"});
  grow({"c"});
  EXPECT_EQ(log().head().position, 3u);
  EXPECT_EQ(log().head().batch_id, 2u);
  EXPECT_THAT(events_from(0), ElementsAre("a", "b", "c"));
  EXPECT_THAT(events_from(1), ElementsAre("a", "b", "c"));
}

TEST_P(EventLogContract, reads_from_the_batch_that_holds_the_position) {
  grow({"a", "b"});
  grow({"c", "d"});
  EXPECT_THAT(events_from(2), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(events_from(3), ElementsAre("c", "d"));
  EXPECT_THAT(events_from(4), ElementsAre("c", "d"));
  EXPECT_EQ(events_from(5), Strings{});
}

TEST_P(EventLogContract, keeps_every_field_of_a_batch) {
  Batch batch = batch_after({}, {"", std::string("\0\xff", 2)});
  batch.records[0].body.clear();
  batch.id = 7;
  batch.term = 9;
  batch.time_us = -5;
  ASSERT_EQ(append(batch, {}).status, AppendStatus::Committed);
  auto read = log().read(1, true)->next();
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->id, 7u);
  EXPECT_EQ((*read)->first, 1u);
  EXPECT_EQ((*read)->term, 9u);
  EXPECT_EQ((*read)->time_us, -5);
  EXPECT_EQ((*read)->prev_hash, base::Hash{});
  EXPECT_EQ((*read)->records[0].event, "");
  EXPECT_EQ((*read)->records[0].body, "");
  EXPECT_EQ((*read)->records[1].event, batch.records[1].event);
  EXPECT_EQ((*read)->records[1].body, batch.records[1].body);
  EXPECT_EQ(batch_hash(**read), batch_hash(batch));
}

TEST_P(EventLogContract, a_reader_goes_on_at_the_end) {
  auto reader = log().read(1, false);
  auto batch = reader->next();
  ASSERT_TRUE(batch && !*batch);
  grow({"a"});
  batch = reader->next();
  ASSERT_TRUE(batch && *batch);
  EXPECT_EQ((*batch)->records[0].event, "a");
  batch = reader->next();
  ASSERT_TRUE(batch && !*batch);
  grow({"b", "c"});
  grow({"d"});
  batch = reader->next();
  ASSERT_TRUE(batch && *batch);
  EXPECT_EQ((*batch)->first, 2u);
  batch = reader->next();
  ASSERT_TRUE(batch && *batch);
  EXPECT_EQ((*batch)->first, 4u);
}

TEST_P(EventLogContract, a_reader_ahead_of_the_end_waits_for_its_position) {
  auto reader = log().read(3, false);
  grow({"a"});
  auto batch = reader->next();
  ASSERT_TRUE(batch && !*batch);
  grow({"b", "c"});
  batch = reader->next();
  ASSERT_TRUE(batch && *batch);
  EXPECT_EQ((*batch)->first, 2u);
}

TEST_P(EventLogContract, refuses_another_tail_and_writes_nothing) {
  grow({"a"});
  Head wrong = log().head();
  wrong.hash[0] ^= 1;
  const AppendOutcome other_hash =
      append(batch_after(wrong, {"x"}), wrong, {{Family::Meta, "x", "x"}}, {1});
  EXPECT_EQ(other_hash.status, AppendStatus::Conflict);
  EXPECT_EQ(other_hash.head, log().head());
  EXPECT_EQ(append(batch_after({}, {"y"}), {}).status, AppendStatus::Conflict);
  EXPECT_THAT(events_from(1), ElementsAre("a"));
  EXPECT_EQ(row(Family::Meta, "x"), std::nullopt);
  EXPECT_TRUE(log().body(1)->has_value());
}

TEST_P(EventLogContract, fences_a_lower_term) {
  Batch batch = batch_after({}, {"a"});
  batch.term = 5;
  ASSERT_EQ(append(batch, {}).status, AppendStatus::Committed);
  const Head head = log().head();
  batch = batch_after(head, {"b"});
  batch.term = 4;
  EXPECT_EQ(append(batch, head).status, AppendStatus::Fenced);
  EXPECT_EQ(log().head(), head);
}

TEST_P(EventLogContract, refuses_what_is_too_large) {
  Batch batch = batch_after({}, {"a"});
  batch.records[0].event.assign(batch_bytes_max, 'x');
  EXPECT_EQ(append(batch, {}).status, AppendStatus::TooLarge);
  batch.records[0].event.resize(batch_bytes_max - batch.records[0].body.size());
  EXPECT_EQ(append(batch, {}).status, AppendStatus::Committed);
}

TEST_P(EventLogContract, completes_several_in_flight_in_order) {
  std::vector<base::Position> completed;
  Head expected;
  for (int i = 0; i < 20; ++i) {
    const Batch batch = batch_after(expected, {"r" + std::to_string(i)});
    log().append(batch, expected, {}, {}, [&completed](AppendOutcome outcome) {
      EXPECT_EQ(outcome.status, AppendStatus::Committed);
      completed.push_back(outcome.head.position);
    });
    expected = after(batch);
  }
  world_->settle();
  ASSERT_EQ(completed.size(), 20u);
  EXPECT_TRUE(std::is_sorted(completed.begin(), completed.end()));
  EXPECT_EQ(log().head(), expected);
}

TEST_P(EventLogContract, what_follows_an_uncommitted_append_conflicts) {
  std::vector<AppendStatus> ended;
  const auto note = [&ended](AppendOutcome outcome) { ended.push_back(outcome.status); };
  Batch large = batch_after({}, {"a"});
  large.records[0].event.assign(batch_bytes_max + 1, 'x');
  const Batch next = batch_after(after(large), {"b"});
  log().append(large, {}, {}, {}, note);
  log().append(next, after(large), {}, {}, note);
  log().append(batch_after({}, {"c"}), {}, {}, {}, note);
  world_->settle();
  EXPECT_THAT(ended,
              ElementsAre(AppendStatus::TooLarge, AppendStatus::Conflict, AppendStatus::Committed));
  EXPECT_THAT(events_from(1), ElementsAre("c"));
}

TEST_P(EventLogContract, resolves_an_id) {
  grow({"a"});
  grow({"b", "c"});
  const AppendOutcome there = log().resolve(1);
  EXPECT_EQ(there.status, AppendStatus::Committed);
  EXPECT_EQ(there.head.position, 1u);
  EXPECT_EQ(log().resolve(2).head, log().head());
  EXPECT_EQ(log().resolve(3).status, AppendStatus::Conflict);
}

TEST_P(EventLogContract, keeps_bodies_apart_and_erases_them_with_a_batch) {
  grow({"a", "b"});
  grow({"c"});
  EXPECT_EQ(log().body(2).value(), "salt:b");
  grow({"erase"}, {}, {1, 2});
  EXPECT_EQ(log().body(1).value(), std::nullopt);
  EXPECT_EQ(log().body(2).value(), std::nullopt);
  EXPECT_EQ(log().body(3).value(), "salt:c");
  EXPECT_EQ(log().body(99).value(), std::nullopt);

  auto reader = log().read(1, true);
  auto batch = reader->next();
  ASSERT_TRUE(batch && *batch);
  EXPECT_EQ((*batch)->records[0].body, "");
  EXPECT_EQ((*batch)->records[0].event, "a");
  batch = reader->next();
  ASSERT_TRUE(batch && *batch);
  EXPECT_EQ((*batch)->records[0].body, "salt:c");
}

TEST_P(EventLogContract, a_reader_without_bodies_gives_none) {
  grow({"a"});
  auto batch = log().read(1, false)->next();
  ASSERT_TRUE(batch && *batch);
  EXPECT_EQ((*batch)->records[0].body, "");
}

TEST_P(EventLogContract, rows_come_with_their_batch) {
  grow({"a"}, {{Family::Timeline, "k", "1"}, {Family::Meta, "m", "1"}});
  EXPECT_EQ(row(Family::Timeline, "k"), "1");
  grow({"b"}, {{Family::Timeline, "k", std::nullopt}});
  EXPECT_EQ(row(Family::Timeline, "k"), std::nullopt);
  EXPECT_EQ(row(Family::Meta, "m"), "1");
}

TEST_P(EventLogContract, survives_an_orderly_end) {
  grow({"a", "b"}, {{Family::Meta, "m", "1"}});
  const Head head = log().head();
  world_->reopen();
  EXPECT_EQ(log().head(), head);
  EXPECT_THAT(events_from(1), ElementsAre("a", "b"));
  EXPECT_EQ(log().body(1).value(), "salt:a");
  EXPECT_EQ(row(Family::Meta, "m"), "1");
  grow({"c"});
  EXPECT_THAT(events_from(1), ElementsAre("a", "b", "c"));
}

TEST_P(EventLogContract, what_was_committed_survives_a_crash) {
  for (int i = 0; i < 10; ++i) grow({std::to_string(i)}, {{Family::Meta, "n", std::to_string(i)}});
  grow({"erase"}, {}, {3});
  const Head head = log().head();
  world_->crash();
  EXPECT_EQ(log().head(), head);
  EXPECT_EQ(events_from(1).size(), 11u);
  EXPECT_EQ(log().body(2).value(), "salt:1");
  EXPECT_EQ(log().body(3).value(), std::nullopt);
  EXPECT_EQ(row(Family::Meta, "n"), "9");
  grow({"next"});
}

FENGHUO_CONTRACT_SUITE(EventLogContract);

}  // namespace

}  // namespace fenghuo::storage
