// SPDX-License-Identifier: Apache-2.0
#include "hub/identity/hashing_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace fenghuo::identity {
namespace {

TEST(HashingPool, RunsJobsOnItsOwnThreads) {
  HashingPool pool(1, 1);
  std::promise<std::thread::id> ran;
  ASSERT_TRUE(pool.submit([&ran] { ran.set_value(std::this_thread::get_id()); }));
  EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
}

TEST(HashingPool, RefusesWhenFullAndTakesAgainAfterwards) {
  HashingPool pool(1, 2);
  std::promise<void> started;
  std::promise<void> release;
  ASSERT_TRUE(pool.submit([&started, gate = release.get_future().share()] {
    started.set_value();
    gate.wait();
  }));
  started.get_future().wait();

  std::atomic<int> done = 0;
  std::promise<void> both;
  const auto job = [&done, &both] {
    if (++done == 2) both.set_value();
  };
  ASSERT_TRUE(pool.submit(job));
  ASSERT_TRUE(pool.submit(job));
  const auto refused = pool.submit([] { FAIL() << "a refused job must not run"; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), v1::ERROR_CODE_OVERLOADED);
  EXPECT_GT(refused.error().retry_after_ms(), 0U);

  release.set_value();
  both.get_future().wait();
  EXPECT_TRUE(pool.submit([] {}));
}

TEST(HashingPool, FinishesWhatItTookBeforeItEnds) {
  std::atomic<int> done = 0;
  {
    HashingPool pool(2, 64);
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool.submit([&done] { ++done; }));
  }
  EXPECT_EQ(done, 50);
}

}  // namespace
}  // namespace fenghuo::identity
