// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/recovery.h"

#include "hub/core/apply.h"
#include "hub/core/snapshot.h"
#include "tests/support/engine_rig.h"

#include <gtest/gtest.h>

namespace fenghuo::engine {
namespace {

using storage::Family;
using testing::post;
using testing::test_genesis;
using testing::test_start;

class RecoveryTest : public ::testing::Test {
 protected:
  void post_some(int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_FALSE(rig.submit(rig.ann, post(rig.all, "text")));
      rig.settle();
    }
  }
  // What the view does once a second.
  void save_rows(core::State& state) {
    std::vector<storage::Row> rows;
    core::save_changed(state, [&rows](std::string_view key, std::optional<std::string_view> value) {
      rows.push_back({Family::Entity, std::string(key), std::nullopt});
      if (value) rows.back().value = std::string(*value);
    });
    ASSERT_TRUE(rig.store->rows().write(rows));
  }

  EngineRig rig;
};

TEST_F(RecoveryTest, AnEmptyLogIsGivenItsBeginningOnce) {
  storage::MemoryStore store(storage::MemoryStore::Completions::AtOnce);
  const auto state = recover(store, test_genesis(), test_start);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->world_id(), test_genesis().world_id);
  EXPECT_EQ(state->epoch().epoch(), test_genesis().epoch);
  EXPECT_EQ(state->time_us(), test_start);
  const base::Position begun = store.log().head().position;
  EXPECT_EQ(state->position(), begun);
  const auto again = recover(store, {.world_id = "other", .epoch = "other"}, test_start);
  ASSERT_TRUE(again);
  EXPECT_EQ(store.log().head().position, begun);
  EXPECT_EQ(again->world_id(), test_genesis().world_id);
}

TEST_F(RecoveryTest, SavedRowsAndTheRecordsAfterThemGiveTheSameState) {
  rig.furnish();
  post_some(3);
  base::Result<core::State> half = reload(*rig.store);
  ASSERT_TRUE(half);
  save_rows(*half);
  post_some(3);
  const base::Result<core::State> recovered = reload(*rig.store);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->position(), rig.store->log().head().position);
  EXPECT_EQ(recovered->digest(), rig.engine->state().digest());
}

TEST_F(RecoveryTest, DamagedRowsAreForgottenAndTheRecordIsReplayed) {
  rig.furnish();
  post_some(2);
  base::Result<core::State> saved = reload(*rig.store);
  ASSERT_TRUE(saved);
  save_rows(*saved);
  std::vector<storage::Row> damaged;
  ASSERT_TRUE(rig.store->rows().scan(
      Family::Entity, {}, {}, false, [&](std::string_view key, std::string_view) {
        damaged.push_back({Family::Entity, std::string(key), "damaged"});
        return true;
      }));
  ASSERT_FALSE(damaged.empty());
  ASSERT_TRUE(rig.store->rows().write(damaged));
  const base::Result<core::State> recovered = reload(*rig.store);
  ASSERT_TRUE(recovered) << recovered.error().to_string();
  EXPECT_EQ(recovered->digest(), rig.engine->state().digest());
  int left = 0;
  ASSERT_TRUE(rig.store->rows().scan(Family::Entity, {}, {}, false,
                                     [&left](std::string_view, std::string_view) {
                                       ++left;
                                       return true;
                                     }));
  EXPECT_EQ(left, 0);
}

TEST_F(RecoveryTest, RowsAheadOfTheLogAreRefused) {
  rig.furnish();
  base::Result<core::State> ahead = reload(*rig.store);
  ASSERT_TRUE(ahead);
  v1::Event event;
  event.mutable_access_expired()->set_account_id(testing::account_id(*ahead, "guest"));
  core::Effects effects;
  core::apply(*ahead, {ahead->position() + 1, ahead->time_us(), event}, effects);
  save_rows(*ahead);
  const base::Result<core::State> recovered = reload(*rig.store);
  ASSERT_FALSE(recovered);
  EXPECT_EQ(recovered.error().code(), v1::ERROR_CODE_STORAGE_FAILED);
}

TEST_F(RecoveryTest, ANewerFormatIsRefusedBeforeServing) {
  storage::Batch batch;
  const storage::Head head = rig.store->log().head();
  batch.id = head.batch_id + 1;
  batch.first = head.position + 1;
  batch.term = head.term;
  batch.time_us = head.time_us;
  batch.prev_hash = head.hash;
  v1::Event event;
  event.mutable_format_raised()->set_format(1'000);
  batch.records.push_back({event.SerializeAsString(), {}});
  rig.store->log().append(std::move(batch), head, {}, {}, [](storage::AppendOutcome outcome) {
    ASSERT_EQ(outcome.status, storage::AppendStatus::Committed);
  });
  rig.store->pump();
  const base::Result<core::State> recovered = reload(*rig.store);
  ASSERT_FALSE(recovered);
  EXPECT_NE(recovered.error().message().find("1000"), std::string::npos);
}

}  // namespace
}  // namespace fenghuo::engine
