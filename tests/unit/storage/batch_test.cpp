// SPDX-License-Identifier: Apache-2.0
#include "storage/batch.h"

#include "hub/base/sha256.h"
#include "storage/bytes.h"

#include <gtest/gtest.h>

namespace fenghuo::storage {

namespace {

// The batch of the example in FORMAT.md.
Batch example() {
  Batch batch;
  batch.id = 7;
  batch.first = 100;
  batch.term = 2;
  batch.time_us = 1'700'000'000'000'000;
  batch.prev_hash.fill(0xab);
  batch.records = {{"one", "salt+body"}, {"", ""}, {"three", ""}};
  return batch;
}

std::string hash_of(std::initializer_list<std::string_view> parts) {
  return base::to_bytes(base::sha256(parts));
}

// Golden bytes: a change here is a change of the format, and old logs are no longer read.
constexpr std::string_view golden_header =
    "0000000000000007"
    "0000000000000064"
    "0000000000000003"
    "0000000000000002"
    "00060a24181e4000";

TEST(BatchTest, the_value_is_as_written_down) {
  const Batch batch = example();
  const std::string value = encode_batch(batch, batch_hash(batch));
  std::string prev_hash;
  for (int i = 0; i < 32; ++i) prev_hash += "ab";
  EXPECT_EQ(base::to_hex(value), "01" + std::string(golden_header) + prev_hash +
                                     base::to_hex(batch_hash(batch)) + "000000036f6e65" +
                                     "00000000" + "000000057468726565");
}

TEST(BatchTest, the_hash_is_as_written_down) {
  const std::string leaf1 = hash_of({std::string_view("\0", 1), "one"});
  const std::string leaf2 = hash_of({std::string_view("\0", 1), ""});
  const std::string leaf3 = hash_of({std::string_view("\0", 1), "three"});
  const std::string root = hash_of({"\1", hash_of({"\1", leaf1, leaf2}), leaf3});
  const std::string header = base::from_hex(golden_header);
  const Batch batch = example();
  EXPECT_EQ(base::to_bytes(batch_hash(batch)),
            hash_of({base::to_bytes(batch.prev_hash), header, root}));
  EXPECT_EQ(base::to_hex(batch_hash(batch)),
            "253e6335fc098b7f11f67f1cdf064809a8ec3d321581cf480436a9032af4dc9c");
}

TEST(BatchTest, the_hash_covers_everything_but_bodies) {
  const base::Hash hash = batch_hash(example());
  const auto changed = [](const auto& change) {
    Batch batch = example();
    change(batch);
    return batch_hash(batch);
  };
  EXPECT_NE(changed([](Batch& batch) { batch.id++; }), hash);
  EXPECT_NE(changed([](Batch& batch) { batch.first++; }), hash);
  EXPECT_NE(changed([](Batch& batch) { batch.term++; }), hash);
  EXPECT_NE(changed([](Batch& batch) { batch.time_us++; }), hash);
  EXPECT_NE(changed([](Batch& batch) { batch.prev_hash[31] ^= 1; }), hash);
  EXPECT_NE(changed([](Batch& batch) { batch.records[2].event[4] ^= 1; }), hash);
  EXPECT_NE(changed([](Batch& batch) { std::swap(batch.records[0], batch.records[2]); }), hash);
  EXPECT_NE(changed([](Batch& batch) { batch.records.pop_back(); }), hash);
  EXPECT_EQ(changed([](Batch& batch) { batch.records[0].body.clear(); }), hash);
}

TEST(BatchTest, every_number_of_records_has_a_hash) {
  std::vector<base::Hash> seen;
  Batch batch = example();
  batch.records.clear();
  for (int i = 0; i < 40; ++i) {
    batch.records.push_back({std::to_string(i), ""});
    seen.push_back(batch_hash(batch));
  }
  std::ranges::sort(seen);
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
}

TEST(BatchTest, decodes_what_it_encoded) {
  const Batch batch = example();
  const auto stored = decode_batch(encode_batch(batch, batch_hash(batch)));
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->hash, batch_hash(batch));
  EXPECT_EQ(batch_hash(stored->batch), stored->hash);
  EXPECT_EQ(stored->batch.last(), 102u);
  EXPECT_EQ(stored->batch.records[2].event, "three");
  EXPECT_EQ(stored->batch.records[0].body, "");
}

TEST(BatchTest, refuses_every_value_that_is_cut_off_or_longer) {
  const Batch batch = example();
  const std::string value = encode_batch(batch, batch_hash(batch));
  for (std::size_t size = 0; size < value.size(); ++size) {
    const auto cut = decode_batch(value.substr(0, size));
    ASSERT_FALSE(cut.has_value()) << size;
    EXPECT_EQ(cut.error().code(), base::ErrorCode::ERROR_CODE_STORAGE_FAILED);
  }
  EXPECT_FALSE(decode_batch(value + '\0').has_value());
  EXPECT_FALSE(decode_batch('\2' + value.substr(1)).has_value());
}

TEST(BatchTest, a_wrong_count_asks_for_no_memory) {
  const Batch batch = example();
  std::string value = encode_batch(batch, batch_hash(batch));
  value.replace(17, 8, std::string(8, '\x7f'));
  EXPECT_FALSE(decode_batch(value).has_value());
}

TEST(BytesTest, the_order_of_bytes_is_the_order_of_numbers) {
  const std::vector<std::uint64_t> numbers = {0, 1, 255, 256, 65'535, 1ULL << 53, ~0ULL};
  std::string before;
  for (const std::uint64_t number : numbers) {
    std::string bytes;
    put_u64(bytes, number);
    EXPECT_EQ(u64_at(bytes, 0), number);
    EXPECT_LT(before, bytes);
    before = bytes;
  }
}

TEST(BytesTest, the_end_of_a_prefix) {
  EXPECT_EQ(after_prefix("ab"), "ac");
  EXPECT_EQ(after_prefix("a\xff"), "b");
  EXPECT_EQ(after_prefix("\xff\xff"), "");
  EXPECT_EQ(after_prefix(""), "");
}

TEST(RefuseAppendTest, a_programmer_error_stops) {
  const Batch batch = example();
  Head expected{99, batch.prev_hash, 0, 6, 2};
  EXPECT_EQ(refuse_append(expected, batch, expected), std::nullopt);
  Batch wrong = batch;
  wrong.first++;
  EXPECT_DEATH(refuse_append(expected, wrong, expected), "first == expected.position");
  wrong = batch;
  wrong.prev_hash[0] ^= 1;
  EXPECT_DEATH(refuse_append(expected, wrong, expected), "prev_hash == expected.hash");
  wrong = batch;
  wrong.records.clear();
  EXPECT_DEATH(refuse_append(expected, wrong, expected), "records.empty");
  expected.batch_id = 7;
  EXPECT_DEATH(refuse_append(expected, batch, expected), "batch.id > head.batch_id");
}

}  // namespace

}  // namespace fenghuo::storage
