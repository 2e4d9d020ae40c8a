// SPDX-License-Identifier: Apache-2.0
#include "fenghuo/v1/event.pb.h"
#include "hub/base/sha256.h"
#include "storage/search.h"
#include "storage/timeline.h"
#include "storage/verify.h"
#include "tests/contract/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::storage {

namespace {

using testing::HasSubstr;

class VerifyContract : public StoreContract {
 protected:
  // A message as the engine writes it, timeline rows and all.
  void post(base::EntityId channel, std::uint64_t seq, const std::string& text,
            base::EntityId thread_root = 0) {
    const Head head = log().head();
    Batch batch = batch_after(head, {""});
    v1::Event event;
    event.mutable_message_posted()->set_channel_id(channel);
    event.mutable_message_posted()->set_seq(seq);
    event.mutable_message_posted()->set_thread_root_id(thread_root);
    batch.records[0] = with_body(event, "0123456789abcdef" + text);
    const auto rows_of_message = timeline_rows(channel, seq, batch.first, thread_root);
    ASSERT_EQ(append(batch, head, rows_of_message).status, AppendStatus::Committed);
  }
  void erase(const std::vector<base::Position>& positions,
             const std::vector<base::Position>& truly) {
    const Head head = log().head();
    Batch batch = batch_after(head, {""});
    v1::Event event;
    for (const base::Position position : positions) {
      event.mutable_bodies_erased()->add_positions(position);
    }
    batch.records[0] = {event.SerializeAsString(), ""};
    ASSERT_EQ(append(batch, head, {}, truly).status, AppendStatus::Committed);
  }
  static LogRecord with_body(v1::Event& event, const std::string& body) {
    event.set_body_hash(base::to_bytes(base::sha256({body})));
    return {event.SerializeAsString(), body};
  }
  std::string first_bad() { return verify(world_->store()).first_bad.value_or("nothing"); }
};

TEST_P(VerifyContract, an_empty_record_is_in_order) { EXPECT_EQ(first_bad(), "nothing"); }

TEST_P(VerifyContract, counts_what_it_has_seen) {
  post(5, 1, "a");
  post(5, 2, "b", 1);
  post(6, 1, "c");
  erase({2}, {2});
  const VerifyReport report = verify(world_->store());
  EXPECT_EQ(report.first_bad, std::nullopt);
  EXPECT_EQ(report.head, log().head());
  EXPECT_EQ(report.batches, 4u);
  EXPECT_EQ(report.records, 4u);
  EXPECT_EQ(report.bodies, 2u);
  EXPECT_EQ(report.erased, 1u);
}

TEST_P(VerifyContract, finds_a_body_with_another_hash) {
  post(5, 1, "a");
  v1::Event event;
  Batch batch = batch_after(log().head(), {""});
  batch.records[0] = with_body(event, "body");
  batch.records[0].body = "changed";
  ASSERT_EQ(append(batch, log().head()).status, AppendStatus::Committed);
  EXPECT_THAT(first_bad(), HasSubstr("the body at 2 does not have its hash"));
}

TEST_P(VerifyContract, finds_a_body_that_vanished) {
  post(5, 1, "a");
  erase({}, {1});
  EXPECT_THAT(first_bad(), HasSubstr("the body at 1 is missing"));
}

TEST_P(VerifyContract, finds_an_erased_body_that_is_there) {
  post(5, 1, "a");
  erase({1}, {});
  EXPECT_THAT(first_bad(), HasSubstr("the body at 1 is there"));
}

TEST_P(VerifyContract, finds_a_timeline_that_lacks_a_message_or_has_one_too_many) {
  post(5, 1, "a");
  const std::vector<Row> right = timeline_rows(5, 1, 1, 0);
  ASSERT_TRUE(rows().write({{Family::Timeline, right[0].key, std::nullopt}}));
  EXPECT_THAT(first_bad(), HasSubstr("does not stand in the timeline of channel 5 at seq 1"));
  ASSERT_TRUE(rows().write(right));
  EXPECT_EQ(first_bad(), "nothing");
  ASSERT_TRUE(rows().write(timeline_rows(5, 2, 1, 0)));
  EXPECT_THAT(first_bad(), HasSubstr("the timelines have 4 rows, the messages 2"));
}

TEST_P(VerifyContract, finds_a_seq_that_does_not_follow) {
  post(5, 1, "a");
  post(5, 3, "b");
  EXPECT_THAT(first_bad(), HasSubstr("has seq 3 in channel 5, not 2"));
}

TEST_P(VerifyContract, finds_what_is_no_event) {
  grow({"\xff\xff"});
  EXPECT_THAT(first_bad(), HasSubstr("the event at 1 cannot be parsed"));
}

TEST_P(VerifyContract, finds_time_going_back) {
  post(5, 1, "a");
  Batch batch = batch_after(log().head(), {""});
  batch.records[0].body.clear();
  batch.time_us = 1;
  ASSERT_EQ(append(batch, log().head()).status, AppendStatus::Committed);
  EXPECT_THAT(first_bad(), HasSubstr("time goes back at 2"));
}

TEST_P(VerifyContract, finds_an_index_that_is_ahead) {
  post(5, 1, "a");
  ASSERT_TRUE(rows().write({indexed_through_row(2)}));
  EXPECT_THAT(first_bad(), HasSubstr("the search index is at 2, the log ends at 1"));
}

FENGHUO_CONTRACT_SUITE(VerifyContract);

}  // namespace

}  // namespace fenghuo::storage
