// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "tests/contract/world.h"

#include <gtest/gtest.h>

namespace fenghuo::storage {

namespace {

class BlobStoreContract : public StoreContract {
 protected:
  base::Hash put(std::string_view bytes, base::EntityId owner, base::TimeUs now) {
    auto hash = blobs().put(bytes, owner, now);
    EXPECT_TRUE(hash.has_value());
    return hash ? *hash : base::Hash{};
  }
  bool is_there(const base::Hash& hash) { return blobs().get(hash).value().has_value(); }
};

TEST_P(BlobStoreContract, stores_under_the_hash_of_the_content) {
  const std::string bytes("\0photo\xff", 7);
  const base::Hash hash = put(bytes, 5, 100);
  EXPECT_EQ(hash, base::sha256({bytes}));
  EXPECT_EQ(blobs().get(hash).value(), bytes);
  EXPECT_EQ(blobs().size(hash).value(), 7u);
  EXPECT_TRUE(blobs().is_owner(hash, 5));
  EXPECT_FALSE(blobs().is_owner(hash, 6));
}

TEST_P(BlobStoreContract, what_is_not_there_is_no_error) {
  EXPECT_EQ(blobs().get({}).value(), std::nullopt);
  EXPECT_EQ(blobs().size({}).value(), std::nullopt);
  EXPECT_FALSE(blobs().is_owner({}, 1));
}

TEST_P(BlobStoreContract, the_same_content_has_several_owners) {
  const base::Hash hash = put("map", 5, 100);
  EXPECT_EQ(put("map", 6, 200), hash);
  EXPECT_TRUE(blobs().is_owner(hash, 5));
  EXPECT_TRUE(blobs().is_owner(hash, 6));
}

TEST_P(BlobStoreContract, takes_the_largest_and_the_empty_and_nothing_larger) {
  std::string bytes(base::limits::blob_bytes_max, 'x');
  const base::Hash hash = put(bytes, 1, 1);
  EXPECT_EQ(blobs().size(hash).value(), base::limits::blob_bytes_max);
  bytes.push_back('x');
  const auto refused = blobs().put(bytes, 1, 1);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), base::ErrorCode::ERROR_CODE_TOO_LARGE);
  EXPECT_EQ(blobs().get(put("", 1, 1)).value(), "");
}

TEST_P(BlobStoreContract, removes_what_is_old_and_unreferenced) {
  const base::Hash old = put("old", 1, 100);
  const base::Hash referenced = put("referenced", 1, 100);
  const base::Hash fresh = put("fresh", 1, 200);
  const base::Hash again = put("again", 1, 100);
  put("again", 2, 200);
  ASSERT_TRUE(blobs().mark_referenced(referenced).has_value());
  EXPECT_EQ(blobs().remove_unreferenced(200).value(), 1u);
  EXPECT_FALSE(is_there(old));
  EXPECT_EQ(blobs().size(old).value(), std::nullopt);
  EXPECT_FALSE(blobs().is_owner(old, 1));
  EXPECT_TRUE(is_there(referenced));
  EXPECT_TRUE(is_there(fresh));
  EXPECT_TRUE(is_there(again));
  EXPECT_EQ(blobs().remove_unreferenced(200).value(), 0u);
}

TEST_P(BlobStoreContract, a_put_is_durable) {
  const base::Hash small = put("small", 1, 100);
  const base::Hash large = put(std::string(100'000, 'y'), 2, 100);
  world_->crash();
  EXPECT_EQ(blobs().get(small).value(), "small");
  EXPECT_EQ(blobs().size(large).value(), 100'000u);
  EXPECT_EQ(blobs().get(large).value(), std::string(100'000, 'y'));
  EXPECT_TRUE(blobs().is_owner(large, 2));
}

TEST_P(BlobStoreContract, a_reference_is_durable_with_the_next_append) {
  const base::Hash hash = put("kept", 1, 100);
  ASSERT_TRUE(blobs().mark_referenced(hash).has_value());
  grow({"event"});
  world_->crash();
  EXPECT_EQ(blobs().remove_unreferenced(1'000).value(), 0u);
  EXPECT_TRUE(is_there(hash));
}

FENGHUO_CONTRACT_SUITE(BlobStoreContract);

}  // namespace

}  // namespace fenghuo::storage
