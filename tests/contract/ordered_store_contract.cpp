// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::storage {

namespace {

using testing::ElementsAre;
using Strings = std::vector<std::string>;

class OrderedStoreContract : public StoreContract {
 protected:
  void write(const std::vector<Row>& rows_to_write) {
    ASSERT_TRUE(rows().write(rows_to_write).has_value());
  }
};

TEST_P(OrderedStoreContract, reads_what_was_written_at_once) {
  write({{Family::Entity, "a", "1"}, {Family::Timeline, "a", "2"}, {Family::Entity, "b", ""}});
  write({{Family::Search, "a", "4"}});
  EXPECT_EQ(row(Family::Entity, "a"), "1");
  EXPECT_EQ(row(Family::Timeline, "a"), "2");
  EXPECT_EQ(row(Family::Search, "a"), "4");
  EXPECT_EQ(row(Family::Entity, "b"), "");
  EXPECT_EQ(row(Family::Entity, "c"), std::nullopt);
  write({{Family::Entity, "a", std::nullopt}, {Family::Timeline, "a", "3"}});
  EXPECT_EQ(row(Family::Entity, "a"), std::nullopt);
  EXPECT_EQ(row(Family::Timeline, "a"), "3");
}

TEST_P(OrderedStoreContract, the_last_row_of_a_write_wins) {
  write({{Family::Entity, "a", "1"},
         {Family::Entity, "a", std::nullopt},
         {Family::Entity, "a", "2"}});
  EXPECT_EQ(row(Family::Entity, "a"), "2");
}

TEST_P(OrderedStoreContract, scans_in_the_order_of_unsigned_bytes) {
  const std::string zero("\0", 1);
  write({{Family::Meta, "\xff", ""},
         {Family::Meta, "a", ""},
         {Family::Meta, zero, ""},
         {Family::Meta, "\x7f", ""},
         {Family::Meta, "\x80", ""},
         {Family::Meta, "a" + zero, ""}});
  EXPECT_EQ(keys(Family::Meta, "", "", false),
            (Strings{zero, "a", "a" + zero, "\x7f", "\x80", "\xff"}));
  EXPECT_EQ(keys(Family::Meta, "", "", true),
            (Strings{"\xff", "\x80", "\x7f", "a" + zero, "a", zero}));
}

TEST_P(OrderedStoreContract, a_scan_keeps_its_bounds) {
  write({{Family::Entity, "a", ""},
         {Family::Entity, "b", ""},
         {Family::Entity, "c", ""},
         {Family::Entity, "d", ""}});
  EXPECT_THAT(keys(Family::Entity, "b", "d", false), ElementsAre("b", "c"));
  EXPECT_THAT(keys(Family::Entity, "b", "d", true), ElementsAre("c", "b"));
  EXPECT_THAT(keys(Family::Entity, "bb", "", false), ElementsAre("c", "d"));
  EXPECT_THAT(keys(Family::Entity, "bb", "", true), ElementsAre("d", "c"));
  EXPECT_EQ(keys(Family::Entity, "c", "b", false), Strings{});
  EXPECT_EQ(keys(Family::Entity, "c", "c", true), Strings{});
  EXPECT_EQ(keys(Family::Timeline, "", "", false), Strings{});
}

TEST_P(OrderedStoreContract, a_view_of_nothing_is_an_empty_key) {
  write({{Family::Entity, "a", "1"}, {Family::Entity, "b", "2"}});
  for (const bool reverse : {false, true}) {
    Strings seen;
    ASSERT_TRUE(rows()
                    .scan(Family::Entity, std::string_view{}, std::string_view{}, reverse,
                          [&](std::string_view key, std::string_view) {
                            seen.emplace_back(key);
                            return true;
                          })
                    .has_value());
    EXPECT_EQ(seen.size(), 2U);
  }
  const auto nothing = rows().get(Family::Entity, std::string_view{});
  ASSERT_TRUE(nothing.has_value());
  EXPECT_EQ(*nothing, std::nullopt);
  const auto cursor = rows().cursor(Family::Entity);
  cursor->seek(std::string_view{});
  ASSERT_TRUE(cursor->valid());
  EXPECT_EQ(cursor->key(), "a");
}

TEST_P(OrderedStoreContract, a_scan_stops_when_told) {
  write({{Family::Entity, "a", "1"}, {Family::Entity, "b", "2"}, {Family::Entity, "c", "3"}});
  Strings values;
  ASSERT_TRUE(rows()
                  .scan(Family::Entity, "", "", false,
                        [&](std::string_view, std::string_view value) {
                          values.emplace_back(value);
                          return values.size() < 2;
                        })
                  .has_value());
  EXPECT_THAT(values, ElementsAre("1", "2"));
}

TEST_P(OrderedStoreContract, a_visitor_may_read) {
  write({{Family::Entity, "a", "1"}, {Family::Meta, "a", "one"}});
  std::optional<std::string> seen;
  ASSERT_TRUE(rows()
                  .scan(Family::Entity, "", "", false,
                        [&](std::string_view key, std::string_view) {
                          seen = row(Family::Meta, std::string(key));
                          return true;
                        })
                  .has_value());
  EXPECT_EQ(seen, "one");
}

TEST_P(OrderedStoreContract, a_cursor_seeks_and_walks) {
  write({{Family::Search, "a", "1"}, {Family::Search, "c", "3"}, {Family::Search, "e", "5"}});
  write({{Family::Meta, "d", "other family"}});
  auto cursor = rows().cursor(Family::Search);
  cursor->seek("b");
  ASSERT_TRUE(cursor->valid());
  EXPECT_EQ(cursor->key(), "c");
  EXPECT_EQ(cursor->value(), "3");
  cursor->next();
  ASSERT_TRUE(cursor->valid());
  EXPECT_EQ(cursor->key(), "e");
  cursor->next();
  EXPECT_FALSE(cursor->valid());
  EXPECT_TRUE(cursor->status().has_value());
  cursor->seek("a");
  ASSERT_TRUE(cursor->valid());
  EXPECT_EQ(cursor->key(), "a");
  cursor->seek("f");
  EXPECT_FALSE(cursor->valid());
}

TEST_P(OrderedStoreContract, a_write_becomes_durable_with_the_next_append) {
  write({{Family::Entity, "a", "1"}});
  write({{Family::Entity, "a", "2"}, {Family::Meta, "applied", "2"}});
  grow({"event"});
  world_->crash();
  EXPECT_EQ(row(Family::Entity, "a"), "2");
  EXPECT_EQ(row(Family::Meta, "applied"), "2");
}

TEST_P(OrderedStoreContract, writes_survive_a_crash_only_as_a_first_part) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const std::string life = std::to_string(seed) + "/";
    grow({"event"});
    for (int i = 1; i <= 50; ++i) {
      const std::string key = life + std::to_string(i);
      write({{Family::Entity, key, "entity"}, {Family::Meta, key, std::string(900, 'm')}});
    }
    world_->crash(seed);
    bool lost = false;
    for (int i = 1; i <= 50; ++i) {
      const std::string key = life + std::to_string(i);
      const bool there = row(Family::Entity, key).has_value();
      EXPECT_EQ(row(Family::Meta, key).has_value(), there) << "half of a write at " << i;
      EXPECT_FALSE(there && lost) << "a later write without an earlier one at " << i;
      lost = lost || !there;
    }
    EXPECT_EQ(log().head().position, seed);
  }
}

TEST_P(OrderedStoreContract, derived_rows_survive_a_crash_as_a_first_part) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const std::string life = std::to_string(seed) + "/";
    for (int i = 1; i <= 20; ++i) {
      write({{Family::Meta, "before", life + std::to_string(i)}});
      write({{Family::Search, life + std::to_string(i), ""},
             {Family::Search, "through", life + std::to_string(i)}});
      if (i % 7 == 0) grow({"event"});
    }
    world_->crash(seed);
    EXPECT_EQ(log().head().position, seed * 2);
    const std::string through = row(Family::Search, "through").value_or("");
    const std::string before = row(Family::Meta, "before").value_or("");
    const int last = through.starts_with(life) ? std::stoi(through.substr(2)) : 0;
    EXPECT_LE(last, std::stoi(before.substr(2))) << "without what was written before it";
    for (int i = 1; i <= 20; ++i) {
      EXPECT_EQ(row(Family::Search, life + std::to_string(i)).has_value(), i <= last) << i;
    }
  }
}

TEST_P(OrderedStoreContract, a_mix_of_derived_rows_and_others_stops) {
  EXPECT_DEATH(write({{Family::Search, "a", ""}, {Family::Meta, "a", ""}}), "derived");
  EXPECT_DEATH(grow({"event"}, {{Family::Search, "a", ""}}), "derived");
}

TEST_P(OrderedStoreContract, survives_an_orderly_end) {
  write({{Family::Entity, "a", "1"}});
  write({{Family::Search, "a", "2"}});
  world_->reopen();
  EXPECT_EQ(row(Family::Entity, "a"), "1");
  EXPECT_EQ(row(Family::Search, "a"), "2");
}

FENGHUO_CONTRACT_SUITE(OrderedStoreContract);

}  // namespace

}  // namespace fenghuo::storage
