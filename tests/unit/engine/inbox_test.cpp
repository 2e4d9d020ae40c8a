// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/inbox.h"

#include "hub/base/limits.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace fenghuo::engine {
namespace {

namespace limits = base::limits;

Submission submission(std::uint64_t session, std::uint64_t n, bool flash = false) {
  Submission made;
  made.session = session;
  made.envelope.n = n;
  v1::PostMessage& post = *made.envelope.command.mutable_post_message();
  if (flash) post.set_precedence(v1::PRECEDENCE_FLASH);
  made.bytes = 10;
  return made;
}

// Flash is urgent, the rest is normal.
Inbox::Ring by_precedence(const core::Envelope& envelope) {
  return may_be_urgent(envelope) ? Inbox::Ring::Urgent : Inbox::Ring::Normal;
}

class InboxTest : public ::testing::Test {
 protected:
  void put(std::uint64_t session, std::uint64_t n, bool flash = false) {
    bool was_empty = false;
    ASSERT_FALSE(inbox.put(submission(session, n, flash), was_empty));
  }
  // "s1:n2 ..." of what the ring gives until it is empty.
  std::string drain_urgent() {
    return drain([this] { return inbox.next_urgent(); });
  }
  std::string drain_normal() {
    return drain([this] { return inbox.next_normal(); });
  }

  Inbox inbox;

 private:
  template <typename Next>
  static std::string drain(Next next) {
    std::string text;
    while (std::optional<Submission> taken = next()) {
      if (!text.empty()) text += ' ';
      text += std::to_string(taken->session) + ':' + std::to_string(taken->envelope.n);
    }
    return text;
  }
};

TEST_F(InboxTest, KeepsTheOrderOfArrival) {
  put(1, 1);
  put(2, 1);
  put(1, 2);
  inbox.take_arrivals(by_precedence);
  EXPECT_EQ(drain_urgent(), "");
  EXPECT_EQ(drain_normal(), "1:1 2:1 1:2");
}

TEST_F(InboxTest, AnUrgentCommandLiftsTheEarlierOnesOfItsSessionOnly) {
  put(1, 1);
  put(2, 1);
  inbox.take_arrivals(by_precedence);
  put(1, 2);
  put(2, 2);
  put(1, 3, true);
  put(1, 4);
  inbox.take_arrivals(by_precedence);
  EXPECT_EQ(drain_urgent(), "1:1 1:2 1:3");
  EXPECT_EQ(drain_normal(), "2:1 2:2 1:4");
}

TEST_F(InboxTest, CommandsWithoutASessionAreNeverLifted) {
  put(0, 1);
  put(0, 2, true);
  inbox.take_arrivals(by_precedence);
  EXPECT_EQ(drain_urgent(), "0:2");
  EXPECT_EQ(drain_normal(), "0:1");
}

TEST_F(InboxTest, ANormalCommandWaitsForTheUrgentOnesOfItsSession) {
  put(1, 1, true);
  put(1, 2);
  put(2, 1);
  inbox.take_arrivals(by_precedence);
  EXPECT_EQ(drain_normal(), "2:1");
  EXPECT_EQ(drain_urgent(), "1:1");
  EXPECT_EQ(drain_normal(), "1:2");
}

TEST_F(InboxTest, TellsWhenTheEngineMustBeWoken) {
  bool was_empty = false;
  ASSERT_FALSE(inbox.put(submission(1, 1), was_empty));
  EXPECT_TRUE(was_empty);
  ASSERT_FALSE(inbox.put(submission(1, 2), was_empty));
  EXPECT_FALSE(was_empty);
  inbox.take_arrivals(by_precedence);
  ASSERT_FALSE(inbox.put(submission(1, 3), was_empty));
  EXPECT_TRUE(was_empty);
}

TEST_F(InboxTest, KeepsAReserveForUrgentCommands) {
  const std::size_t normal_max = limits::inbox_commands_max - limits::inbox_reserve_commands;
  for (std::size_t i = 0; i < normal_max; ++i) put(i, 1);
  bool was_empty = false;
  const auto refused = inbox.put(submission(1, 2), was_empty);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), v1::ERROR_CODE_OVERLOADED);
  EXPECT_GT(refused->retry_after_ms(), 0U);
  EXPECT_FALSE(inbox.is_full());

  for (std::size_t i = 0; i < limits::inbox_reserve_commands; ++i) put(i, 2, true);
  EXPECT_TRUE(inbox.is_full());
  EXPECT_TRUE(inbox.put(submission(1, 3, true), was_empty));

  inbox.take_arrivals(by_precedence);
  EXPECT_TRUE(inbox.is_full()) << "what waits in the rings counts too";
  while (inbox.next_urgent()) {
  }
  EXPECT_FALSE(inbox.is_full());
}

TEST_F(InboxTest, OverloadShedsRoutineBeforeAnyOrder) {
  const std::size_t normal_max = limits::inbox_commands_max - limits::inbox_reserve_commands;
  for (std::size_t i = 0; i < normal_max; ++i) put(i, 1);
  bool was_empty = false;
  EXPECT_TRUE(inbox.put(submission(1, 2), was_empty)) << "a routine post";
  Submission order = submission(1, 3);
  order.envelope.command.mutable_raise_order()->set_text("close the valve");
  EXPECT_FALSE(inbox.put(std::move(order), was_empty));
  Submission answer = submission(2, 3);
  answer.envelope.command.mutable_accept_order()->set_order_id(7);
  EXPECT_FALSE(inbox.put(std::move(answer), was_empty));
  inbox.take_arrivals(by_precedence);
  EXPECT_EQ(drain_urgent(), "1:1 2:1 1:3 2:3")
      << "and they go first, after their session's earlier";
}

TEST_F(InboxTest, IsBoundedInBytes) {
  Submission large = submission(1, 1);
  large.bytes = limits::inbox_bytes_max;
  bool was_empty = false;
  const auto refused = inbox.put(std::move(large), was_empty);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), v1::ERROR_CODE_OVERLOADED);
  EXPECT_EQ(inbox.size(), 0U);
}

}  // namespace
}  // namespace fenghuo::engine
