// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/memory_store.h"

#include "storage/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace fenghuo::storage {

namespace {

using testing::ElementsAre;

class MemoryStoreTest : public testing::Test {
 protected:
  // Asks for an append at the tail that the appends before will reach.
  void ask(const std::string& event) {
    Batch batch;
    batch.id = expected_.batch_id + 1;
    batch.first = expected_.position + 1;
    batch.term = 1;
    batch.prev_hash = expected_.hash;
    batch.records = {{event, "body of " + event}};
    store_->log().append(batch, expected_, {{Family::Timeline, event, ""}}, {},
                         [this](AppendOutcome outcome) { ended_.push_back(outcome.status); });
    expected_ = head_after(batch, batch_hash(batch));
  }
  void write(const std::string& key) {
    ASSERT_TRUE(store_->rows().write({{Family::Entity, key, ""}}).has_value());
  }
  bool has(Family family, const std::string& key) {
    return store_->rows().get(family, key).value().has_value();
  }

  std::unique_ptr<MemoryStore> store_ = std::make_unique<MemoryStore>();
  Head expected_;
  std::vector<AppendStatus> ended_;
};

TEST_F(MemoryStoreTest, nothing_is_there_before_the_pump) {
  ask("a");
  ask("b");
  EXPECT_EQ(store_->log().head(), Head{});
  EXPECT_FALSE(has(Family::Timeline, "a"));
  EXPECT_EQ(store_->appends_waiting(), 2u);
  EXPECT_EQ(store_->pump(), 2u);
  EXPECT_EQ(store_->log().head(), expected_);
  EXPECT_TRUE(has(Family::Timeline, "b"));
  EXPECT_EQ(store_->pump(), 0u);
}

TEST_F(MemoryStoreTest, what_a_completion_asks_for_waits_for_the_next_turn) {
  Batch batch;
  batch.id = 1;
  batch.first = 1;
  batch.records = {{"a", ""}};
  expected_ = head_after(batch, batch_hash(batch));
  store_->log().append(batch, {}, {}, {}, [this](AppendOutcome) { ask("b"); });
  EXPECT_EQ(store_->pump(), 1u);
  EXPECT_EQ(store_->appends_waiting(), 1u);
  EXPECT_EQ(store_->pump(), 1u);
  EXPECT_THAT(ended_, ElementsAre(AppendStatus::Committed));
}

TEST_F(MemoryStoreTest, completes_at_once_when_told_so) {
  store_ = std::make_unique<MemoryStore>(MemoryStore::Completions::AtOnce);
  ask("a");
  EXPECT_THAT(ended_, ElementsAre(AppendStatus::Committed));
}

TEST_F(MemoryStoreTest, a_slow_disk_takes_turns) {
  store_->delay_appends(2);
  ask("a");
  EXPECT_EQ(store_->pump(), 0u);
  EXPECT_EQ(store_->pump(), 0u);
  EXPECT_EQ(store_->pump(), 1u);
}

TEST_F(MemoryStoreTest, a_full_disk_refuses_and_recovers) {
  store_->set_no_space(true);
  EXPECT_EQ(store_->free_share(), 0);
  ask("a");
  store_->pump();
  EXPECT_THAT(ended_, ElementsAre(AppendStatus::NoSpace));
  const auto written = store_->rows().write({{Family::Meta, "k", "v"}});
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code(), base::ErrorCode::ERROR_CODE_NO_SPACE);
  store_->set_no_space(false);
  expected_ = {};
  ask("a");
  store_->pump();
  EXPECT_EQ(ended_.back(), AppendStatus::Committed);
}

TEST_F(MemoryStoreTest, a_failed_sync_ends_everything) {
  store_->fail_next_append(AppendStatus::Failed);
  ask("a");
  ask("b");
  store_->pump();
  EXPECT_THAT(ended_, ElementsAre(AppendStatus::Failed, AppendStatus::Failed));
  EXPECT_EQ(store_->log().head(), Head{});
  const auto written = store_->rows().write({{Family::Meta, "k", "v"}});
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code(), base::ErrorCode::ERROR_CODE_STORAGE_FAILED);
}

TEST_F(MemoryStoreTest, an_append_can_be_refused_in_every_way) {
  for (const AppendStatus status : {AppendStatus::Conflict, AppendStatus::Unavailable,
                                    AppendStatus::NoSpace, AppendStatus::Fenced}) {
    store_->fail_next_append(status);
    ask("a");
    store_->pump();
    EXPECT_EQ(ended_.back(), status);
    EXPECT_EQ(store_->log().head(), Head{});
    expected_ = {};
  }
}

TEST_F(MemoryStoreTest, unknown_is_resolved) {
  store_->fail_next_append(AppendStatus::Unknown, true);
  ask("a");
  store_->pump();
  EXPECT_THAT(ended_, ElementsAre(AppendStatus::Unknown));
  EXPECT_EQ(store_->log().resolve(1).status, AppendStatus::Committed);
  store_->fail_next_append(AppendStatus::Unknown, false);
  ask("b");
  store_->pump();
  EXPECT_EQ(store_->log().resolve(2).status, AppendStatus::Conflict);
}

TEST_F(MemoryStoreTest, a_crash_takes_what_was_not_synced) {
  write("synced");
  ask("a");
  store_->pump();
  write("lost");
  ask("b");
  store_ = store_->crash();
  EXPECT_TRUE(has(Family::Entity, "synced"));
  EXPECT_FALSE(has(Family::Entity, "lost"));
  EXPECT_EQ(store_->log().head().position, 1u);
  EXPECT_EQ(store_->pump(), 0u);
  EXPECT_THAT(ended_, ElementsAre(AppendStatus::Committed));
}

TEST_F(MemoryStoreTest, a_store_after_its_crash_takes_nothing) {
  const auto survivor = store_->crash();
  ask("a");
  store_->pump();
  EXPECT_THAT(ended_, ElementsAre(AppendStatus::Failed));
  EXPECT_EQ(survivor->log().head(), Head{});
}

// Rows r0..r3, then appends a, b: each seed keeps some first part of the six, every part occurs.
TEST_F(MemoryStoreTest, a_seeded_crash_keeps_a_first_part) {
  std::set<std::size_t> lengths;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    store_ = std::make_unique<MemoryStore>();
    expected_ = {};
    for (const char* row : {"r0", "r1", "r2", "r3"}) write(row);
    ask("a");
    ask("b");
    store_ = store_->crash(seed);
    std::string kept;
    for (const char* row : {"r0", "r1", "r2", "r3"}) kept += has(Family::Entity, row) ? '1' : '0';
    for (const char* row : {"a", "b"}) kept += has(Family::Timeline, row) ? '1' : '0';
    EXPECT_EQ(kept.find("01"), std::string::npos) << kept;
    const auto length = static_cast<std::size_t>(std::ranges::count(kept, '1'));
    EXPECT_EQ(store_->log().head().position, length < 4 ? 0 : length - 4);
    lengths.insert(length);
  }
  EXPECT_EQ(lengths.size(), 7u);
}

TEST_F(MemoryStoreTest, a_batch_whose_sync_failed_may_survive) {
  bool survived = false;
  bool lost = false;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    store_ = std::make_unique<MemoryStore>();
    expected_ = {};
    store_->fail_next_append(AppendStatus::Failed);
    ask("a");
    store_->pump();
    store_ = store_->crash(seed);
    (store_->log().head().position == 1 ? survived : lost) = true;
  }
  EXPECT_TRUE(survived);
  EXPECT_TRUE(lost);
}

}  // namespace

}  // namespace fenghuo::storage
