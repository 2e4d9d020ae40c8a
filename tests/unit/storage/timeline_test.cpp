// SPDX-License-Identifier: Apache-2.0
#include "storage/timeline.h"

#include "hub/base/sha256.h"
#include "storage/memory/memory_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::storage {

namespace {

using testing::ElementsAre;

// Channel 5: seqs 1..10 at positions 100, 110, ... 190; 3 and 7 answer in the thread of 2 (id 110).
class TimelineTest : public testing::Test {
 protected:
  void SetUp() override {
    for (std::uint64_t seq = 1; seq <= 10; ++seq) {
      put(5, seq, 90 + seq * 10, seq == 3 || seq == 7 ? 110 : 0);
    }
    put(4, 1, 50, 0);
    put(6, 1, 51, 0);
  }
  void put(base::EntityId channel, std::uint64_t seq, base::Position position,
           base::EntityId thread_root) {
    ASSERT_TRUE(store_.rows().write(timeline_rows(channel, seq, position, thread_root)));
  }
  std::vector<std::uint64_t> seqs(const TimelineQuery& query) {
    auto page = read_timeline(store_.rows(), query);
    EXPECT_TRUE(page.has_value());
    std::vector<std::uint64_t> found;
    for (const TimelineRow& row : page->rows) {
      found.push_back(row.seq);
      EXPECT_EQ(row.position, 90 + row.seq * 10);
    }
    more_ = page->more;
    return found;
  }

  MemoryStore store_;
  bool more_ = false;
};

TEST_F(TimelineTest, the_newest_page) {
  EXPECT_THAT(seqs({.channel = 5, .limit = 3}), ElementsAre(8, 9, 10));
  EXPECT_TRUE(more_);
}

TEST_F(TimelineTest, backwards_to_the_first) {
  EXPECT_THAT(seqs({.channel = 5, .before_seq = 4, .limit = 2}), ElementsAre(2, 3));
  EXPECT_TRUE(more_);
  EXPECT_THAT(seqs({.channel = 5, .before_seq = 4, .limit = 3}), ElementsAre(1, 2, 3));
  EXPECT_FALSE(more_);
}

TEST_F(TimelineTest, forwards_from_a_seq) {
  EXPECT_THAT(seqs({.channel = 5, .after_seq = 6, .limit = 3}), ElementsAre(7, 8, 9));
  EXPECT_TRUE(more_);
  EXPECT_THAT(seqs({.channel = 5, .after_seq = 6, .limit = 4}), ElementsAre(7, 8, 9, 10));
  EXPECT_FALSE(more_);
  EXPECT_THAT(seqs({.channel = 5, .after_seq = 10}), ElementsAre());
  EXPECT_THAT(seqs({.channel = 5, .after_seq = ~std::uint64_t{0}}), ElementsAre());
}

TEST_F(TimelineTest, nothing_from_before_the_first_readable) {
  EXPECT_THAT(seqs({.channel = 5, .first_seq = 8}), ElementsAre(8, 9, 10));
  EXPECT_FALSE(more_);
  EXPECT_THAT(seqs({.channel = 5, .after_seq = 2, .first_seq = 8}), ElementsAre(8, 9, 10));
  EXPECT_THAT(seqs({.channel = 5, .before_seq = 8, .first_seq = 8}), ElementsAre());
}

TEST_F(TimelineTest, a_thread_is_its_root_and_its_answers) {
  EXPECT_THAT(seqs({.channel = 5, .thread_root = 110}), ElementsAre(2, 3, 7));
  EXPECT_THAT(seqs({.channel = 5, .thread_root = 110, .before_seq = 7, .limit = 1}),
              ElementsAre(3));
  EXPECT_TRUE(more_);
  EXPECT_THAT(seqs({.channel = 5, .thread_root = 999}), ElementsAre());
}

TEST_F(TimelineTest, the_seq_at_a_position) {
  EXPECT_EQ(seq_at(store_.rows(), 5, 99).value(), 0u);
  EXPECT_EQ(seq_at(store_.rows(), 5, 100).value(), 1u);
  EXPECT_EQ(seq_at(store_.rows(), 5, 149).value(), 5u);
  EXPECT_EQ(seq_at(store_.rows(), 5, 150).value(), 6u);
  EXPECT_EQ(seq_at(store_.rows(), 5, 1'000).value(), 10u);
  EXPECT_EQ(seq_at(store_.rows(), 77, 1'000).value(), 0u);
}

// Golden bytes: FORMAT.md says the same.
TEST_F(TimelineTest, the_keys_are_as_written_down) {
  const auto rows = timeline_rows(5, 3, 120, 110);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(base::to_hex(rows[0].key),
            "63"
            "0000000000000005"
            "0000000000000003");
  EXPECT_EQ(base::to_hex(rows[1].key),
            "74"
            "0000000000000005"
            "000000000000006e"
            "0000000000000003");
  EXPECT_EQ(base::to_hex(*rows[0].value), "0000000000000078");
  EXPECT_EQ(rows[1].value, rows[0].value);
}

}  // namespace

}  // namespace fenghuo::storage
