// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/readings.h"

#include "hub/base/limits.h"

#include <gtest/gtest.h>

namespace fenghuo::engine {
namespace {

namespace limits = base::limits;

core::Reading cursor(base::EntityId account, base::EntityId channel, std::uint64_t seq) {
  core::Reading reading;
  reading.account_id = account;
  reading.channel_id = channel;
  reading.seq = seq;
  return reading;
}

TEST(Readings, KeepsTheFurthestOfEachCursor) {
  Readings readings;
  readings.add({cursor(1, 10, 5)}, {}, 1'000);
  readings.add({cursor(1, 10, 7), cursor(2, 10, 1)}, {}, 2'000);
  readings.add({cursor(1, 10, 6)}, {}, 3'000);
  EXPECT_EQ(readings.due_at(), 1'000 + limits::cursor_merge_us);
  const std::vector<core::Reading> rows = readings.take_rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].seq, 7U);
  EXPECT_EQ(rows[1].account_id, 2U);
  EXPECT_EQ(readings.take_waiting().size(), 3U);
  EXPECT_TRUE(readings.empty());
}

TEST(Readings, IsFullBeforeItsRecordWouldBeTooLarge) {
  Readings readings;
  std::size_t rows = 0;
  while (!readings.is_full()) readings.add({cursor(++rows, 10, 1)}, {}, 1);
  EXPECT_LE(rows + limits::deliveries_per_command_max, limits::cursor_rows_per_record_max + 1);
  readings.take_rows();
  readings.take_waiting();
  EXPECT_FALSE(readings.is_full());
}

}  // namespace
}  // namespace fenghuo::engine
