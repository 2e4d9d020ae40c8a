// SPDX-License-Identifier: Apache-2.0
#include "storage/position_at.h"

#include "storage/batch.h"
#include "storage/memory/memory_store.h"

#include <gtest/gtest.h>

namespace fenghuo::storage {

namespace {

// Batches of 1, 2, 3, ... records at 100, 200, 300, ... µs.
TEST(PositionAtTest, finds_the_first_position_of_every_instant) {
  MemoryStore store(MemoryStore::Completions::AtOnce);
  EXPECT_EQ(position_at(store.log(), 50).value(), 1u);
  std::vector<base::Position> first_of_batch;
  for (std::uint64_t n = 1; n <= 20; ++n) {
    const Head head = store.log().head();
    Batch batch{n, head.position + 1, 1, static_cast<base::TimeUs>(n * 100), head.hash, {}};
    batch.records.resize(n);
    first_of_batch.push_back(batch.first);
    store.log().append(batch, head, {}, {}, [](AppendOutcome) {});
  }
  for (std::size_t i = 0; i < first_of_batch.size(); ++i) {
    const auto time = static_cast<base::TimeUs>(i + 1) * 100;
    EXPECT_EQ(position_at(store.log(), time).value(), first_of_batch[i]);
    EXPECT_EQ(position_at(store.log(), time - 99).value(), first_of_batch[i]);
  }
  EXPECT_EQ(position_at(store.log(), 0).value(), 1u);
  EXPECT_EQ(position_at(store.log(), 2'001).value(), store.log().head().position + 1);
}

}  // namespace

}  // namespace fenghuo::storage
