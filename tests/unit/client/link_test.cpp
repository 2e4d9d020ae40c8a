// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/link.h"

#include "tests/unit/client/hub_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fenghuo::client {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A link, and all that it did, sorted by kind.
class LinkTest : public ::testing::Test {
 protected:
  LinkTest() : link_(options()) {}

  static LinkOptions options() {
    LinkOptions options;
    options.token = "secret";
    options.device = "dev-1";
    return options;
  }

  void take(Actions actions) {
    for (auto& action : actions) {
      if (const auto* send = std::get_if<Send>(&action)) {
        for (auto& frame : client_frames(send->bytes)) sent_.push_back(std::move(frame));
      } else if (const auto* connect = std::get_if<Connect>(&action)) {
        connects_.push_back(connect->delay_ms);
      } else if (const auto* change = std::get_if<LineChanged>(&action)) {
        lines_.push_back(change->state);
        refused_ = change->refused;
        if (change->state == LineState::Down) down_why_ = change->why;
      } else if (const auto* updated = std::get_if<Updated>(&action)) {
        texts_.push_back(updated->update.message().text());
      } else if (const auto* replied = std::get_if<Replied>(&action)) {
        replies_.push_back(replied->reply);
      } else if (const auto* snapshot = std::get_if<Snapshotted>(&action)) {
        snapshots_.push_back(*snapshot);
      } else if (std::holds_alternative<Close>(action)) {
        ++closes_;
      } else if (const auto* answered = std::get_if<Answered>(&action)) {
        answers_.push_back(answered->result.id());
      }
    }
  }
  void hear(const v1::ServerFrame& frame) { take(link_.received(now_, bytes_of(frame))); }
  void connect() { take(link_.connected(now_)); }
  void drop(std::uint16_t code = 0, const std::string& reason = "", double random = 0.5) {
    take(link_.disconnected(now_, Disconnect{code, reason}, random));
  }
  void go_live(std::uint64_t position = 10) {
    take(link_.start());
    connect();
    hear(welcome(position));
    ASSERT_EQ(link_.line(), LineState::Live);
    sent_.clear();
  }
  std::vector<std::uint64_t> sent_numbers() {
    std::vector<std::uint64_t> numbers;
    for (const auto& frame : sent_) {
      if (frame.has_submit()) numbers.push_back(frame.submit().n());
    }
    sent_.clear();
    return numbers;
  }

  std::int64_t now_ = 1'000;
  Link link_;
  std::vector<v1::ClientFrame> sent_;
  std::vector<std::int64_t> connects_;
  std::vector<LineState> lines_;
  RefusedReason refused_ = RefusedReason::None;
  std::string down_why_;
  std::vector<std::string> texts_;
  std::vector<v1::Reply> replies_;
  std::vector<Snapshotted> snapshots_;
  std::vector<std::uint64_t> answers_;
  int closes_ = 0;
};

TEST_F(LinkTest, SaysHelloFirstAndIsLiveAfterTheSnapshot) {
  take(link_.start());
  EXPECT_THAT(connects_, ElementsAre(0));
  connect();
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0].hello().token(), "secret");
  EXPECT_EQ(sent_[0].hello().device(), "dev-1");
  EXPECT_FALSE(sent_[0].hello().has_resume());
  hear(welcome(10));
  EXPECT_THAT(lines_, ElementsAre(LineState::Connecting, LineState::CatchingUp, LineState::Live));
  EXPECT_EQ(link_.position(), 10U);
  EXPECT_NE(link_.state().find_channel("ops-watch"), nullptr);
}

TEST_F(LinkTest, SubmitsNothingBeforeTheWelcome) {
  take(link_.start());
  take(link_.submit(post("early")));
  connect();
  EXPECT_THAT(sent_numbers(), IsEmpty());
  hear(welcome(10));
  EXPECT_THAT(sent_numbers(), ElementsAre(1));
}

TEST_F(LinkTest, DeliversBatchesInOrderAndResumesWhereItStands) {
  go_live();
  hear(batch(10, 12));
  hear(batch(12, 15));
  EXPECT_THAT(texts_, ElementsAre("m12", "m15"));
  drop();
  connect();
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0].hello().resume().epoch(), "e1");
  EXPECT_EQ(sent_[0].hello().resume().position(), 15U);
  hear(resumed(15, 20));
  EXPECT_EQ(link_.line(), LineState::CatchingUp);
  hear(batch(15, 18));
  EXPECT_EQ(link_.line(), LineState::CatchingUp);
  hear(batch(18, 20));
  EXPECT_EQ(link_.line(), LineState::Live);
}

TEST_F(LinkTest, AGapIsNeverDeliveredButResumed) {
  go_live();
  hear(batch(11, 12));
  EXPECT_THAT(texts_, IsEmpty());
  EXPECT_EQ(closes_, 1);
  // What still arrives on the old connection is not looked at.
  hear(batch(10, 12));
  EXPECT_THAT(texts_, IsEmpty());
  drop();
  connect();
  EXPECT_EQ(sent_[0].hello().resume().position(), 10U);
}

TEST_F(LinkTest, AGapThatResumingDoesNotMendTakesASnapshot) {
  go_live();
  hear(batch(11, 12));
  drop();
  connect();
  hear(resumed(10, 12));
  hear(batch(11, 12));
  drop();
  sent_.clear();
  connect();
  EXPECT_FALSE(sent_[0].hello().has_resume());
}

TEST_F(LinkTest, AResumeThatGoesOnElsewhereTakesASnapshot) {
  go_live();
  drop();
  connect();
  hear(resumed(9, 12));
  EXPECT_EQ(closes_, 1);
  drop();
  sent_.clear();
  connect();
  EXPECT_FALSE(sent_[0].hello().has_resume());
}

TEST_F(LinkTest, AnUnknownEpochTakesASnapshot) {
  go_live();
  drop();
  connect();
  v1::ServerFrame frame;
  frame.mutable_error()->set_code(v1::ERROR_CODE_UNKNOWN_EPOCH);
  hear(frame);
  drop();
  sent_.clear();
  connect();
  EXPECT_FALSE(sent_[0].hello().has_resume());
  hear(welcome(4, "e2"));
  EXPECT_EQ(link_.position(), 4U);
  EXPECT_EQ(link_.line(), LineState::Live);
}

TEST_F(LinkTest, ACloseThatSaysItCannotResumeTakesASnapshot) {
  go_live();
  drop(v1::CLOSE_CODE_CANNOT_RESUME);
  EXPECT_EQ(link_.line(), LineState::Connecting);
  connect();
  EXPECT_FALSE(sent_[0].hello().has_resume());
}

TEST_F(LinkTest, TellsOfAForkedRecord) {
  go_live();
  drop();
  connect();
  auto frame = welcome(8, "e2");
  frame.mutable_welcome()->mutable_forked()->set_parent_epoch("e1");
  frame.mutable_welcome()->mutable_forked()->set_common(6);
  hear(frame);
  ASSERT_EQ(snapshots_.size(), 2U);
  EXPECT_EQ(snapshots_[1].forked_common, 6U);
  EXPECT_EQ(link_.position(), 8U);
}

TEST_F(LinkTest, MatchesRepliesToCommands) {
  go_live();
  take(link_.submit(post("a")));
  take(link_.submit(post("b")));
  hear(done(2, 12));
  hear(refused(1, v1::ERROR_CODE_FORBIDDEN));
  ASSERT_EQ(replies_.size(), 2U);
  EXPECT_EQ(replies_[0].done().id(), 12U);
  EXPECT_EQ(replies_[1].refused().code(), v1::ERROR_CODE_FORBIDDEN);
  EXPECT_EQ(link_.unanswered(), 0U);
  // A second answer, or one to nothing, tells nobody anything.
  hear(done(2, 12));
  hear(done(99, 12));
  EXPECT_EQ(replies_.size(), 2U);
}

TEST_F(LinkTest, SendsUnansweredAgainInOrderWithTheSameNumbers) {
  go_live();
  for (const char* text : {"a", "b", "c"}) take(link_.submit(post(text)));
  EXPECT_THAT(sent_numbers(), ElementsAre(1, 2, 3));
  hear(done(2, 11));
  drop();
  take(link_.submit(post("d")));
  connect();
  hear(resumed(10, 10));
  EXPECT_THAT(sent_numbers(), ElementsAre(1, 3, 4));
}

TEST_F(LinkTest, NeverRunsMoreThanTheWindowPastTheOldestUnanswered) {
  go_live();
  for (int i = 0; i < 100; ++i) take(link_.submit(post("x")));
  EXPECT_EQ(sent_numbers().back(), 64U);
  // The oldest stays unanswered: nothing moves, however many others are answered.
  for (std::uint64_t n = 2; n <= 64; ++n) hear(done(n, n));
  EXPECT_THAT(sent_numbers(), IsEmpty());
  hear(done(1, 1));
  EXPECT_EQ(sent_numbers().size(), 36U);
}

TEST_F(LinkTest, ObeysASmallerWindowAndTheWindowOfBytes) {
  take(link_.start());
  connect();
  auto frame = welcome(10);
  frame.mutable_welcome()->set_max_inflight(4);
  frame.mutable_welcome()->set_max_inflight_bytes(100);
  hear(frame);
  sent_.clear();
  take(link_.submit(post(std::string(500, 'x'))));
  take(link_.submit(post("small")));
  EXPECT_THAT(sent_numbers(), ElementsAre(1));
  hear(done(1, 11));
  EXPECT_THAT(sent_numbers(), ElementsAre(2));
  for (int i = 0; i < 6; ++i) take(link_.submit(post("")));
  EXPECT_THAT(sent_numbers(), ElementsAre(3, 4, 5));
}

TEST_F(LinkTest, ABusyHubIsAskedAgainLaterAndKeepsTheOrder) {
  go_live();
  take(link_.submit(post("a")));
  sent_.clear();
  hear(refused(1, v1::ERROR_CODE_OVERLOADED, 200));
  EXPECT_THAT(replies_, IsEmpty());
  take(link_.submit(post("b")));
  EXPECT_THAT(sent_numbers(), IsEmpty());
  EXPECT_EQ(link_.next_wakeup_ms(), now_ + 200);
  now_ += 200;
  take(link_.tick(now_));
  EXPECT_THAT(sent_numbers(), ElementsAre(1, 2));
}

TEST_F(LinkTest, ABusyRefusalIsTheAnswerInTheEnd) {
  go_live();
  take(link_.submit(post("a")));
  for (int i = 0; i < 20 && replies_.empty(); ++i) {
    hear(refused(1, v1::ERROR_CODE_OVERLOADED, 10));
    now_ += 10;
    take(link_.tick(now_));
  }
  ASSERT_EQ(replies_.size(), 1U);
  EXPECT_EQ(replies_[0].refused().code(), v1::ERROR_CODE_OVERLOADED);
}

TEST_F(LinkTest, GoesOnFromTheHubsCounterWhenItsOwnIsBehind) {
  take(link_.start());
  connect();
  auto frame = welcome(10);
  frame.mutable_welcome()->set_last_n(41);
  hear(frame);
  sent_.clear();
  take(link_.submit(post("a")));
  EXPECT_THAT(sent_numbers(), ElementsAre(42));
}

TEST_F(LinkTest, AsksQueriesAgainAfterAReconnect) {
  go_live();
  std::uint64_t id = 0;
  take(link_.ask(v1::Query(), id));
  ASSERT_EQ(sent_.size(), 1U);
  drop();
  connect();
  sent_.clear();
  hear(resumed(10, 10));
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0].query().id(), id);
  v1::ServerFrame frame;
  frame.mutable_query_result()->set_id(id);
  hear(frame);
  hear(frame);
  EXPECT_THAT(answers_, ElementsAre(id));
}

TEST_F(LinkTest, StreamsFromThePositionAskedFor) {
  auto with_since = options();
  with_since.since = 5;
  Link link(with_since);
  take(link.start());
  take(link.connected(now_));
  take(link.received(now_, bytes_of(welcome(10))));
  EXPECT_EQ(closes_, 1);
  take(link.disconnected(now_, Disconnect{}, 0.5));
  sent_.clear();
  take(link.connected(now_));
  EXPECT_EQ(sent_[0].hello().resume().position(), 5U);
  take(link.received(now_, bytes_of(resumed(5, 10))));
  take(link.received(now_, bytes_of(batch(5, 10))));
  EXPECT_THAT(texts_, ElementsAre("m10"));
  EXPECT_EQ(link.line(), LineState::Live);
}

TEST_F(LinkTest, ASilentHubIsLeft) {
  go_live();
  ASSERT_TRUE(link_.next_wakeup_ms().has_value());
  now_ = *link_.next_wakeup_ms();
  take(link_.tick(now_ - 1));
  EXPECT_EQ(closes_, 0);
  take(link_.tick(now_));
  EXPECT_EQ(closes_, 1);
}

TEST_F(LinkTest, StopClosesAndStays) {
  go_live();
  take(link_.stop());
  EXPECT_EQ(closes_, 1);
  connects_.clear();
  drop();
  EXPECT_THAT(connects_, IsEmpty());
  EXPECT_EQ(link_.line(), LineState::Down);
}

TEST_F(LinkTest, AbandonedCommandsAreNotSentAgain) {
  go_live();
  take(link_.submit(post("a")));
  take(link_.submit(post("b")));
  EXPECT_TRUE(link_.abandon(1));
  EXPECT_FALSE(link_.abandon(1));
  drop();
  connect();
  sent_.clear();
  hear(resumed(10, 10));
  EXPECT_THAT(sent_numbers(), ElementsAre(2));
}

// Whatever the hub sends that it should not, the line begins again, and nothing wrong is delivered.
TEST_F(LinkTest, EveryWrongFirstMessageBeginsAgain) {
  v1::ServerFrame naked = welcome(10);
  naked.mutable_welcome()->clear_snapshot();
  const std::vector<std::string> wrong = {
      std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11),
      std::string("\x05\x01", 2),
      bytes_of(batch(0, 5)),
      bytes_of(naked),
      bytes_of(resumed(3, 5)),
      bytes_of(welcome(10)) + bytes_of(welcome(10))};
  for (const auto& message : wrong) {
    Link link(options());
    closes_ = 0;
    connects_.clear();
    take(link.start());
    take(link.connected(now_));
    take(link.received(now_, message));
    EXPECT_EQ(closes_, 1);
    take(link.disconnected(now_, Disconnect{}, 0.5));
    EXPECT_EQ(connects_.size(), 2U);
    EXPECT_THAT(texts_, IsEmpty());
  }
}

// The connection is lost after every single message of a conversation; the sum is always the same.
TEST_F(LinkTest, LosingTheConnectionAnywhereLosesAndDoublesNothing) {
  for (int lost_after = 0; lost_after < 8; ++lost_after) {
    Link link(options());
    texts_.clear();
    replies_.clear();
    std::uint64_t hub_answered_through = 0;
    int heard = 0;
    take(link.start());
    take(link.submit(post("a")));
    take(link.submit(post("b")));
    for (int round = 0; round < 40 && (replies_.size() < 2 || link.position() < 16); ++round) {
      sent_.clear();
      take(link.connected(now_));
      const bool resume = !sent_.empty() && sent_[0].hello().has_resume();
      std::vector<v1::ServerFrame> script;
      script.push_back(resume ? resumed(sent_[0].hello().resume().position(), 16) : welcome(10));
      for (auto at = resume ? sent_[0].hello().resume().position() : 10; at < 16; at += 2) {
        script.push_back(batch(at, at + 2));
      }
      bool lost = false;
      for (const auto& frame : script) {
        lost = heard++ == lost_after;
        if (lost) break;
        take(link.received(now_, bytes_of(frame)));
      }
      for (std::size_t i = 0; !lost && i < sent_.size(); ++i) {
        if (!sent_[i].has_submit()) continue;
        hub_answered_through = std::max(hub_answered_through, sent_[i].submit().n());
        lost = heard++ == lost_after;
        if (!lost) take(link.received(now_, bytes_of(done(sent_[i].submit().n(), 20))));
      }
      take(link.disconnected(now_, Disconnect{}, 0.5));
    }
    EXPECT_THAT(texts_, ElementsAre("m12", "m14", "m16")) << lost_after;
    ASSERT_EQ(replies_.size(), 2U) << lost_after;
    EXPECT_EQ(hub_answered_through, 2U);
  }
}

struct CloseCase {
  std::uint16_t code;
  LineState state;
  RefusedReason refused;
};

class LinkCloseTest : public LinkTest, public ::testing::WithParamInterface<CloseCase> {};

TEST_P(LinkCloseTest, BehavesByTheRangeOfTheCode) {
  go_live();
  connects_.clear();
  drop(GetParam().code, "why");
  EXPECT_EQ(link_.line(), GetParam().state);
  EXPECT_EQ(refused_, GetParam().refused);
  EXPECT_EQ(connects_.size(), GetParam().state == LineState::Connecting ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Codes, LinkCloseTest,
    ::testing::Values(CloseCase{4000, LineState::Connecting, RefusedReason::None},
                      CloseCase{4001, LineState::Connecting, RefusedReason::None},
                      CloseCase{4101, LineState::Connecting, RefusedReason::None},
                      CloseCase{4199, LineState::Connecting, RefusedReason::None},
                      CloseCase{4200, LineState::Connecting, RefusedReason::None},
                      CloseCase{4201, LineState::Refused, RefusedReason::LogIn},
                      CloseCase{4299, LineState::Refused, RefusedReason::LogIn},
                      CloseCase{4300, LineState::Refused, RefusedReason::Never},
                      CloseCase{4399, LineState::Refused, RefusedReason::Never},
                      CloseCase{1006, LineState::Connecting, RefusedReason::None},
                      CloseCase{0, LineState::Connecting, RefusedReason::None}),
    [](const auto& one) { return "Code" + std::to_string(one.param.code); });

TEST_F(LinkTest, AnErrorWithoutACloseCodeRefusesToo) {
  take(link_.start());
  connect();
  v1::ServerFrame frame;
  frame.mutable_error()->set_code(v1::ERROR_CODE_TOKEN_REVOKED);
  frame.mutable_error()->set_message("token revoked");
  hear(frame);
  drop();
  EXPECT_EQ(link_.line(), LineState::Refused);
  EXPECT_EQ(refused_, RefusedReason::LogIn);
}

TEST_F(LinkTest, DelaysGrowAndAreSpreadAndStartAnewAfterAStableLine) {
  take(link_.start());
  connects_.clear();
  for (int i = 0; i < 12; ++i) drop(0, "", 0.999999);
  EXPECT_LT(connects_.front(), 250);
  EXPECT_GT(connects_.back(), 29'000);
  EXPECT_LE(connects_.back(), 30'000);
  drop(0, "", 0.0);
  EXPECT_EQ(connects_.back(), 0);
  connect();
  hear(welcome(10));
  now_ += 60'000;
  drop(0, "", 0.999999);
  EXPECT_LT(connects_.back(), 250);
}

TEST_F(LinkTest, ComesBackAfterTheDelayTheHubAskedFor) {
  go_live();
  drop(4000, "retry_after_ms=3000", 0.5);
  EXPECT_EQ(connects_.back(), 3'750);
  EXPECT_EQ(down_why_, "the hub restarts (close 4000)");
}

}  // namespace
}  // namespace fenghuo::client
