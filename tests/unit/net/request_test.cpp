// SPDX-License-Identifier: Apache-2.0
#include "hub/net/request.h"

#include "fenghuo/v1/command.pb.h"
#include "hub/net/mailbox.h"
#include "hub/net/standing.h"

#include <gtest/gtest.h>

namespace fenghuo::net {
namespace {

base::ErrorCode code_of(const std::string& body) {
  v1::Command command;
  const auto read = from_json(body, command);
  return read ? v1::ERROR_CODE_UNSPECIFIED : read.error().code();
}

TEST(RequestBody, ReadsTheProtobufMapping) {
  v1::Command command;
  ASSERT_TRUE(from_json(R"({"postMessage":{"channelId":"7","text":"水位"}})", command));
  EXPECT_EQ(command.post_message().channel_id(), 7u);
  EXPECT_EQ(command.post_message().text(), "水位");
}

TEST(RequestBody, IsRefusedWithANumber) {
  EXPECT_EQ(code_of("{"), v1::ERROR_CODE_BAD_FRAME);
  EXPECT_EQ(code_of(""), v1::ERROR_CODE_BAD_FRAME);
  EXPECT_EQ(code_of("[1]"), v1::ERROR_CODE_BAD_FRAME);
  EXPECT_EQ(code_of(R"({"flyToTheMoon":{}})"), v1::ERROR_CODE_UNKNOWN_KIND);
  EXPECT_EQ(code_of("{\"postMessage\":{\"text\":\"\xff\"}}"), v1::ERROR_CODE_BAD_UTF8);
  EXPECT_EQ(code_of(std::string(100'000, '[')), v1::ERROR_CODE_BAD_FRAME);
}

TEST(RequestBody, BracketsInsideTextAreNoDepth) {
  EXPECT_EQ(code_of(R"({"postMessage":{"text":"\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}})"),
            v1::ERROR_CODE_UNSPECIFIED);
}

TEST(ErrorAnswer, FollowsTheRangeAndTheDelay) {
  base::Error busy(v1::ERROR_CODE_OVERLOADED, "full");
  const Answer answer = error_answer(busy.retry_after(1'200));
  EXPECT_EQ(answer.status, 503);
  ASSERT_EQ(answer.headers.size(), 1u);
  EXPECT_EQ(answer.headers[0], (std::pair<std::string, std::string>{"Retry-After", "2"}));
  EXPECT_NE(answer.body.find(R"("retryAfterMs":1200)"), std::string::npos);

  const Answer stranger = error_answer(base::Error(v1::ERROR_CODE_UNAUTHENTICATED));
  EXPECT_EQ(stranger.status, 401);
  EXPECT_EQ(stranger.headers.at(0).first, "WWW-Authenticate");
}

TEST(Standing, TellsWhyItDoesNotServe) {
  Standing standing;
  EXPECT_EQ(standing.ready_answer().status, 503);
  EXPECT_EQ(standing.why_not_ready(), "recovering");
  EXPECT_EQ(standing.refusal().code(), v1::ERROR_CODE_RECOVERING);
  standing.set_phase(Standing::Phase::Serving);
  EXPECT_EQ(standing.ready_answer().status, 200);
  standing.set_free_share(0.005);
  EXPECT_EQ(standing.why_not_ready(), "no space");
  standing.set_free_share(0.5);
  standing.set_phase(Standing::Phase::Draining);
  EXPECT_EQ(standing.why_not_ready(), "draining");
  EXPECT_EQ(standing.refusal().code(), v1::ERROR_CODE_DRAINING);
}

TEST(Standing, TellsWhenTheClocksDisagree) {
  Standing standing;
  standing.set_phase(Standing::Phase::Serving);
  standing.set_wall_difference(1'900 * base::us_per_ms);
  EXPECT_FALSE(standing.clock_disagrees());
  standing.set_wall_difference(-2'100 * base::us_per_ms);
  EXPECT_TRUE(standing.clock_disagrees());
  // The hub serves on: it keeps its own time.
  EXPECT_EQ(standing.ready_answer().status, 200);
  EXPECT_NE(standing.ready_answer().body.find(R"("clock_disagrees":true)"), std::string::npos);
  EXPECT_NE(standing.ready_answer().body.find(R"("clock_unconfirmed":false)"), std::string::npos);
  standing.set_clock_unconfirmed(true);
  EXPECT_EQ(standing.ready_answer().status, 200) << "it serves, and says so";
  EXPECT_NE(standing.ready_answer().body.find(R"("clock_unconfirmed":true)"), std::string::npos);
}

TEST(Mailbox, WakesOncePerBatchAndKeepsTheOrder) {
  Mailbox box;
  std::string done;
  EXPECT_TRUE(box.put([&] { done += 'a'; }));
  EXPECT_FALSE(box.put([&] { done += 'b'; }));
  for (const auto& task : box.take()) task();
  EXPECT_EQ(done, "ab");
  EXPECT_TRUE(box.take().empty());
  EXPECT_TRUE(box.put([] {}));
}

}  // namespace
}  // namespace fenghuo::net
