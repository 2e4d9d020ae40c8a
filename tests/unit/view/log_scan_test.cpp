// SPDX-License-Identifier: Apache-2.0
#include "hub/view/log_scan.h"

#include "hub/base/limits.h"
#include "tests/unit/view/view_rig.h"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::view {
namespace {

namespace limits = base::limits;

// Does one piece of work when told to.
class PatientPool final : public Pool {
 public:
  bool run(std::function<void()> work) override {
    if (full) return false;
    waiting.push_back(std::move(work));
    return true;
  }
  void one() {
    const auto work = std::move(waiting.front());
    waiting.pop_front();
    work();
  }

  std::deque<std::function<void()>> waiting;
  bool full = false;
};

class LogScanTest : public ::testing::Test {
 protected:
  LogScanTest() : store(testing::begun_store()) {
    const storage::Head head = store->log().head();
    v1::Event event;
    event.set_account_id(1);
    storage::Batch batch;
    batch.id = head.batch_id + 1;
    batch.first = head.position + 1;
    batch.term = head.term;
    batch.time_us = testing::test_start;
    batch.prev_hash = head.hash;
    batch.records.assign(limits::log_scan_records_max + 10, {event.SerializeAsString(), ""});
    store->log().append(std::move(batch), head, {}, {}, [](storage::AppendOutcome outcome) {
      FENGHUO_CHECK(outcome.status == storage::AppendStatus::Committed);
    });
    store->pump();
  }
  std::shared_ptr<LogScan> scan(base::Position from, base::Position through,
                                std::size_t enough = 1'000'000) {
    return std::make_shared<LogScan>(
        store->log(), pool, from, through,
        [this, enough](const core::Record& record) {
          seen.push_back(record.position);
          return seen.size() < enough;
        },
        [this](std::optional<base::Error> error) {
          ++ended;
          failure = std::move(error);
        });
  }

  std::unique_ptr<storage::MemoryStore> store;
  PatientPool pool;
  std::vector<base::Position> seen;
  int ended = 0;
  std::optional<base::Error> failure;
};

TEST_F(LogScanTest, GoesInStepsSoThatOtherReadsGetBetween) {
  const base::Position last = store->log().head().position;
  scan(2, last)->start();
  pool.one();
  EXPECT_EQ(seen.size(), limits::log_scan_records_max);
  EXPECT_EQ(ended, 0);
  pool.one();
  EXPECT_EQ(ended, 1);
  EXPECT_FALSE(failure);
  ASSERT_EQ(seen.size(), last - 1);
  for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], i + 2);
  EXPECT_TRUE(pool.waiting.empty());
}

TEST_F(LogScanTest, StopsAtItsEndsAndWhenItIsEnough) {
  scan(5, 7)->start();
  pool.one();
  EXPECT_EQ(seen, (std::vector<base::Position>{5, 6, 7}));
  EXPECT_EQ(ended, 1);
  seen.clear();
  scan(5, 100, 2)->start();
  pool.one();
  EXPECT_EQ(seen, (std::vector<base::Position>{5, 6}));
  EXPECT_EQ(ended, 2);
}

TEST_F(LogScanTest, SaysWhenThePoolFillsUpOnTheWay) {
  scan(1, store->log().head().position)->start();
  pool.full = true;
  pool.one();
  EXPECT_EQ(ended, 1);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code(), v1::ERROR_CODE_OVERLOADED);
}

TEST(FiguresRead, ComeFromTheWholeRecordAndOnlySoManyAtOnce) {
  ViewRig hub;
  v1::Query query;
  query.mutable_figures();
  const v1::QueryResult whole = hub.query(hub.id("chief"), query);
  ASSERT_TRUE(whole.has_figures()) << whole.ShortDebugString();
  EXPECT_EQ(whole.figures().through_position(), hub.view->applied());
  EXPECT_EQ(hub.query(hub.id("guest"), query).refused().code(), v1::ERROR_CODE_NOT_FOUND);

  PatientPool pool;
  Reader reader(*hub.view, *hub.rig.store, pool);
  std::vector<v1::QueryResult> results;
  for (int i = 0; i <= limits::log_scans_max; ++i) {
    reader.query(hub.id("chief"), query, hub.rig.now,
                 [&results](v1::QueryResult result) { results.push_back(std::move(result)); });
  }
  hub.settle();
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].refused().code(), v1::ERROR_CODE_OVERLOADED);
  while (!pool.waiting.empty()) pool.one();
  ASSERT_EQ(results.size(), 1U + limits::log_scans_max);
  EXPECT_TRUE(results[1].has_figures());
  // And then again.
  reader.query(hub.id("chief"), query, hub.rig.now,
               [&results](v1::QueryResult result) { results.push_back(std::move(result)); });
  hub.settle();
  pool.one();
  EXPECT_TRUE(results.back().has_figures());
}

TEST(KnowledgeRead, AnswersFromTheRecord) {
  ViewRig hub;
  const auto done = hub.post(hub.id("ann"), hub.channel("all"), "the pump is back");
  v1::Query query;
  query.mutable_knowledge()->set_message_id(done.id());
  const v1::QueryResult result = hub.query(hub.id("ann"), query);
  ASSERT_TRUE(result.has_knowledge()) << result.ShortDebugString();
  EXPECT_EQ(result.knowledge().version(), 1U);
  EXPECT_GT(result.knowledge().total(), 0U);
  EXPECT_EQ(result.knowledge().seen(), 0U);
  EXPECT_EQ(hub.query(hub.id("guest"), query).refused().code(), v1::ERROR_CODE_NOT_FOUND);
}

}  // namespace
}  // namespace fenghuo::view
