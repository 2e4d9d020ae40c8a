// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/engine_thread.h"

#include "tests/support/small_center.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <vector>

namespace fenghuo::engine {
namespace {

class NoSink : public core::CommitSink {
  void committed(std::shared_ptr<const core::Commit>) override {}
};

Submission token_command(base::EntityId account, int number, std::function<void(v1::Reply)> reply) {
  Submission submission;
  v1::IssueToken& issue = *submission.envelope.command.mutable_issue_token();
  issue.set_account_id(account);
  std::string hash(32, '\0');
  hash[0] = static_cast<char>(number);
  issue.set_token_hash(hash);
  submission.envelope.salt = std::string(16, 's');
  submission.reply = std::move(reply);
  return submission;
}

class EngineThreadTest : public ::testing::Test {
 protected:
  EngineThreadTest() : store(storage::MemoryStore::Completions::AtOnce) {
    base::Result<core::State> state = recover(store, testing::test_genesis(), testing::test_start);
    FENGHUO_CHECK(state);
    engine = std::make_unique<Engine>(std::move(*state), store.log(), sink, Engine::Options{},
                                      [this] { waker.wake(); });
  }

  storage::MemoryStore store;
  NoSink sink;
  base::Waker waker;
  std::unique_ptr<Engine> engine;
  base::ManualClock clock{testing::test_start};
};

TEST_F(EngineThreadTest, AnswersCommandsOfManyThreads) {
  std::promise<void> planned;
  EngineThread thread(*engine, clock, waker, [](std::string) { FAIL(); });
  Submission plan;
  plan.envelope.command = testing::small_plan();
  plan.reply = [&planned](v1::Reply reply) {
    EXPECT_TRUE(reply.has_done());
    planned.set_value();
  };
  ASSERT_FALSE(engine->submit(std::move(plan)));
  planned.get_future().wait();

  constexpr int each = 50;
  std::atomic<int> left = 2 * each;
  std::promise<void> all;
  const auto send = [&] {
    for (int i = 0; i < each; ++i) {
      EXPECT_FALSE(engine->submit(token_command(12'345, i, [&](v1::Reply reply) {
        EXPECT_EQ(reply.refused().code(), v1::ERROR_CODE_NOT_FOUND);
        if (--left == 0) all.set_value();
      })));
    }
  };
  std::thread other(send);
  send();
  all.get_future().wait();
  other.join();
  thread.stop();
  EXPECT_TRUE(engine->idle());
}

TEST_F(EngineThreadTest, TellsOfAFailedLogAndEnds) {
  store.fail_next_append(storage::AppendStatus::Failed);
  std::promise<std::string> failed;
  EngineThread thread(*engine, clock, waker,
                      [&failed](std::string detail) { failed.set_value(std::move(detail)); });
  Submission plan;
  plan.envelope.command = testing::small_plan();
  plan.reply = [](v1::Reply) { FAIL() << "no reply may leave"; };
  ASSERT_FALSE(engine->submit(std::move(plan)));
  EXPECT_FALSE(failed.get_future().get().empty());
}

}  // namespace
}  // namespace fenghuo::engine
