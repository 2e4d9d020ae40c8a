// SPDX-License-Identifier: Apache-2.0
#include "hub/identity/throttle.h"

#include <gtest/gtest.h>

#include <string>

namespace fenghuo::identity {
namespace {

using base::us_per_ms;
using base::us_per_s;

constexpr base::TimeUs start = 1'000 * us_per_s;
const int burst = static_cast<int>(base::limits::login_burst);

TEST(LoginThrottle, AccountStopsAtTheBurstFromAnyAddress) {
  LoginThrottle throttle;
  for (int i = 0; i < burst; ++i) {
    EXPECT_EQ(throttle.attempt("wang", "10.0.0." + std::to_string(i), start), 0U);
  }
  const std::uint32_t wait_ms = throttle.attempt("wang", "10.0.1.1", start);
  EXPECT_GT(wait_ms, 0U);
  EXPECT_EQ(throttle.attempt("li", "10.0.1.1", start), 0U) << "others go on";
  EXPECT_EQ(throttle.attempt("wang", "10.0.1.1", start + wait_ms * us_per_ms), 0U);
}

TEST(LoginThrottle, AddressStopsAcrossAccounts) {
  LoginThrottle throttle;
  const int address_burst = static_cast<int>(base::limits::login_address_burst);
  for (int i = 0; i < address_burst; ++i) {
    EXPECT_EQ(throttle.attempt("name" + std::to_string(i), "10.0.0.1", start), 0U);
  }
  EXPECT_GT(throttle.attempt("another", "10.0.0.1", start), 0U);
  EXPECT_EQ(throttle.attempt("another", "10.0.0.2", start), 0U);
}

TEST(LoginThrottle, RefusedAttemptsCostNothing) {
  LoginThrottle throttle;
  for (int i = 0; i < burst; ++i) throttle.attempt("wang", "10.0.0.1", start);
  const std::uint32_t wait_ms = throttle.attempt("wang", "10.0.0.1", start);
  for (int i = 0; i < 1'000; ++i) throttle.attempt("wang", "10.0.0.1", start);
  EXPECT_EQ(throttle.attempt("wang", "10.0.0.1", start), wait_ms);
  EXPECT_EQ(throttle.attempt("li", "10.0.0.1", start), 0U) << "the address was not charged either";
}

TEST(LoginThrottle, SuccessClearsTheAccountAndSparesTheAddress) {
  LoginThrottle throttle;
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_EQ(throttle.attempt("wang", "10.0.0.1", start), 0U) << i;
    throttle.succeeded("wang", "10.0.0.1");
  }
}

TEST(LoginThrottle, MemoryIsBoundedAndTheLongestUnusedGoes) {
  LoginThrottle throttle(4);
  for (int i = 0; i < burst; ++i) throttle.attempt("wang", "a", start);
  for (const char* name : {"b", "c", "d"}) throttle.attempt(name, "a", start);
  EXPECT_GT(throttle.attempt("wang", "a", start), 0U) << "still known, and used again";
  for (const char* name : {"e", "f", "g"}) throttle.attempt(name, "a", start);
  EXPECT_GT(throttle.attempt("wang", "a", start), 0U);
  for (const char* name : {"h", "i", "j", "k"}) throttle.attempt(name, "a", start);
  EXPECT_EQ(throttle.attempt("wang", "a", start), 0U) << "forgotten";
  EXPECT_LE(throttle.entries(), 5U);
}

}  // namespace
}  // namespace fenghuo::identity
