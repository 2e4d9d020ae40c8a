// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"
#include "hub/base/clock.h"
#include "hub/base/limits.h"
#include "hub/base/rate.h"
#include "hub/base/result.h"
#include "hub/base/sha256.h"
#include "hub/base/utf8.h"
#include "hub/base/waker.h"

#include <gtest/gtest.h>

namespace fenghuo::base {
namespace {

TEST(Error, GoesOnTheWireWithAllItKnows) {
  Error error(v1::ERROR_CODE_TOO_LARGE, "longer than the limit", "post_message.text");
  error.with("limit_bytes", "16384").with("bytes", "20000").retry_after(5);
  const v1::Error wire = error.to_wire();
  EXPECT_EQ(wire.code(), v1::ERROR_CODE_TOO_LARGE);
  EXPECT_EQ(wire.name(), "too_large");
  EXPECT_EQ(wire.message(), "longer than the limit");
  EXPECT_EQ(wire.field(), "post_message.text");
  EXPECT_EQ(wire.retry_after_ms(), 5u);
  ASSERT_EQ(wire.params_size(), 2);
  EXPECT_EQ(wire.params(0).name(), "limit_bytes");
  EXPECT_EQ(wire.params(1).value(), "20000");
}

TEST(Error, WithoutWordsSaysItsName) {
  EXPECT_EQ(Error(v1::ERROR_CODE_NOT_FOUND).to_wire().message(), "not_found");
  EXPECT_EQ(error_name(static_cast<ErrorCode>(7777)), "error_7777");
}

TEST(Error, EveryCodeHasTheStatusAndRetryOfItsRange) {
  const auto* codes = v1::ErrorCode_descriptor();
  for (int i = 0; i < codes->value_count(); ++i) {
    const int number = codes->value(i)->number();
    if (number == 0) continue;
    const auto code = static_cast<ErrorCode>(number);
    const int status = http_status(code);
    EXPECT_EQ(is_retryable(code), number / 1000 == 5) << error_name(code);
    switch (number / 1000) {
      case 1: EXPECT_TRUE(status == 400 || status == 413) << error_name(code); break;
      case 2: EXPECT_TRUE(status == 401 || status == 403) << error_name(code); break;
      case 3: EXPECT_TRUE(status == 403 || status == 404) << error_name(code); break;
      case 4: EXPECT_EQ(status, 409) << error_name(code); break;
      case 5: EXPECT_TRUE(status == 429 || status == 503) << error_name(code); break;
      case 6: EXPECT_EQ(status, 410) << error_name(code); break;
      case 9: EXPECT_EQ(status, 500) << error_name(code); break;
      default: ADD_FAILURE() << "no range for " << number;
    }
  }
}

TEST(ResultDeathTest, TakingTheValueOfAnErrorStops) {
  const Result<int> result = Error(v1::ERROR_CODE_NOT_FOUND, "no such thing");
  EXPECT_DEATH(static_cast<void>(result.value()), "no such thing");
}

TEST(CheckDeathTest, StopsInEveryBuildAndNamesTheCondition) {
  EXPECT_DEATH(FENGHUO_CHECK(1 + 1 == 3), "1 \\+ 1 == 3");
}

TEST(TokenBucket, GivesItsBurstThenItsRate) {
  TokenBucket bucket(3, 2);
  TimeUs now = us_per_s;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(now));
  EXPECT_FALSE(bucket.take(now));
  const std::uint32_t wait_ms = bucket.wait_ms(now);
  EXPECT_GE(wait_ms, 500u);
  EXPECT_LE(wait_ms, 502u);
  now += wait_ms * us_per_ms;
  EXPECT_TRUE(bucket.take(now));
  EXPECT_FALSE(bucket.take(now));
}

TEST(TokenBucket, NeverHoldsMoreThanItsBurstAndForgivesAClockThatSteps) {
  TokenBucket bucket(2, 100);
  EXPECT_TRUE(bucket.take(us_per_s));
  const TimeUs later = 1'000 * us_per_s;
  EXPECT_TRUE(bucket.take(later));
  EXPECT_TRUE(bucket.take(later));
  EXPECT_FALSE(bucket.take(later));
  EXPECT_FALSE(bucket.take(later - 500 * us_per_s));
  bucket.give_back();
  EXPECT_TRUE(bucket.take(later));
}

TEST(BootClock, IsNeverBehindTheRecord) {
  const TimeUs far_ahead = 4'000'000'000 * us_per_s;
  const BootClock clock(far_ahead);
  const TimeUs first = clock.now();
  EXPECT_GE(first, far_ahead);
  EXPECT_GE(clock.now(), first);
  // The wall is behind by decades, and says so.
  EXPECT_LT(clock.wall_difference(), -limits::clock_disagrees_us);
}

TEST(BootClock, StartsAtTheWallClock) {
  const BootClock clock(0);
  EXPECT_LT(std::abs(clock.wall_difference()), limits::clock_disagrees_us);
}

TEST(Sha256, MatchesTheStandard) {
  EXPECT_EQ(to_hex(sha256({"abc"})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({"a", "", "bc"}), sha256({"abc"}));
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hex, GoesBothWaysAndRefusesTheRest) {
  EXPECT_EQ(to_hex(std::string_view("\x00\xff\x10", 3)), "00ff10");
  EXPECT_EQ(from_hex("00fF10"), std::string("\x00\xff\x10", 3));
  EXPECT_EQ(from_hex("0"), "");
  EXPECT_EQ(from_hex("zz"), "");
  const Hash hash = sha256({"x"});
  EXPECT_EQ(hash_from_bytes(to_bytes(hash)), hash);
  EXPECT_EQ(hash_from_bytes("short"), Hash{});
}

TEST(Utf8, IsWhatUnicodeSays) {
  for (const char* good : {"", "plain", "水浸", "🔥", "\x7f", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xc3",
                          "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xff"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(Waker, RemembersAWakeThatCameBeforeTheWait) {
  Waker waker;
  waker.wake();
  waker.wake();
  // Both are one: an hour would be waited otherwise.
  waker.wait(std::chrono::hours(1));
  waker.wait(std::chrono::microseconds(1));
}

}  // namespace
}  // namespace fenghuo::base
