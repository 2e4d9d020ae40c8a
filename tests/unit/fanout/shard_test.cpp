// SPDX-License-Identifier: Apache-2.0
#include "hub/fanout/shard.h"

#include "tests/unit/fanout/fakes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fenghuo::fanout {
namespace {

namespace limits = base::limits;
using base::us_per_s;
using test::Draft;
using test::FakeSubscriber;
using testing::ElementsAre;
using testing::IsEmpty;

class ShardTest : public testing::Test {
 protected:
  struct Seated {
    base::EntityId account_id = 1;
    std::vector<core::State::Joined> channels{};
    base::Position from = 100;
    base::Position as_of = 100;
    bool guest = false;
    session::Format format = session::Format::Binary;
  };
  void attach(std::uint64_t session, FakeSubscriber& subscriber, const Seated& who) {
    Shard::Attachment attachment;
    attachment.session = session;
    attachment.account_id = who.account_id;
    attachment.token_id = 1'000 + session;
    attachment.guest = who.guest;
    attachment.format = who.format;
    attachment.from = who.from;
    attachment.as_of = who.as_of;
    attachment.channels = who.channels;
    shard.attach(attachment, subscriber, now);
  }
  void commit(const Draft& draft) { shard.on_commit(draft.commit(), now); }

  test::FakeCatchUp log;
  test::Tasks tasks;
  base::TimeUs now = us_per_s;
  Shard shard{log, tasks.post()};
  FakeSubscriber a, b, c;
};

TEST_F(ShardTest, LiveSessionsGetWhatTheySee) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}, {8, 60}}});
  attach(2, b, {.account_id = 2, .channels = {{8, 60}}});
  EXPECT_EQ(shard.session_count(), 2u);
  commit(Draft(100).post(7).post(8).post(7).post(9));
  EXPECT_EQ(shard.published(), 104u);
  EXPECT_THAT(a.read(), ElementsAre("100>104: 101 102 103"));
  EXPECT_THAT(b.read(), ElementsAre("100>104: 102"));
  commit(Draft(104).post(7));
  commit(Draft(105).post(8));
  EXPECT_THAT(a.read(), ElementsAre("104>105: 105", "105>106: 106"));
  // What was not for b is inside its next batch.
  EXPECT_THAT(b.read(), ElementsAre("104>106: 106"));
}

TEST_F(ShardTest, OnePushAndFlushASessionAndCommit) {
  attach(1, a, {.channels = {{7, 50}}});
  const std::size_t flushes = a.flushes;
  commit(Draft(100).post(7).post(7).post(7));
  EXPECT_EQ(a.pushes, 1u);
  EXPECT_EQ(a.flushes, flushes + 1);
  commit(Draft(103).post(9));
  EXPECT_EQ(a.pushes, 1u);
  EXPECT_EQ(a.flushes, flushes + 1);
}

TEST_F(ShardTest, SharesFramesAmongThoseWhoSeeTheSame) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}, {8, 50}}});
  attach(2, b, {.account_id = 2, .channels = {{7, 60}}});
  attach(3, c, {.account_id = 3, .channels = {{7, 70}, {9, 50}}});
  commit(Draft(100).post(7).post(8).post(7));
  const auto from_a = a.drain(), from_b = b.drain(), from_c = c.drain();
  ASSERT_EQ(from_b.size(), 1u);
  EXPECT_EQ(from_b[0].get(), from_c[0].get());
  EXPECT_NE(from_a[0].get(), from_b[0].get());
}

TEST_F(ShardTest, StaffAndGuestsSeeTheirOwn) {
  attach(1, a, {.account_id = 1});
  attach(2, b, {.account_id = 2, .guest = true});
  commit(Draft(100).record().department(test::staff()).record().department(test::guests()));
  EXPECT_THAT(a.read(), ElementsAre("100>102: 101"));
  EXPECT_THAT(b.read(), ElementsAre("100>102: 102"));
}

TEST_F(ShardTest, TwoSessionsOfOneAccountBothGetIt) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}}});
  attach(2, b, {.account_id = 1, .channels = {{7, 50}}});
  commit(Draft(100).post(7).cursor(1, 7));
  EXPECT_THAT(a.read(), ElementsAre("100>102: 101 102"));
  EXPECT_THAT(b.read(), ElementsAre("100>102: 101 102"));
  shard.detach(1);
  commit(Draft(102).post(7));
  EXPECT_THAT(a.read(), IsEmpty());
  EXPECT_THAT(b.read(), ElementsAre("102>103: 103"));
}

TEST_F(ShardTest, JsonSessionsGetJson) {
  attach(1, a, {.channels = {{7, 50}}, .format = session::Format::Json});
  commit(Draft(100).post(7, 2));
  EXPECT_EQ(*a.drain().front(),
            R"({"batch":{"after":"100","through":"101","updates":[{"position":"101",)"
            R"("message":{"id":"101","channel_id":"7","text":"xx"}}]}})");
}

TEST_F(ShardTest, JoiningShowsFromThereOn) {
  attach(1, a, {.account_id = 1});
  commit(Draft(100).post(7).join(1, 7).post(7));
  EXPECT_THAT(a.read(), ElementsAre("100>103: 102 103"));
  commit(Draft(103).post(7));
  EXPECT_THAT(a.read(), ElementsAre("103>104: 104"));
}

TEST_F(ShardTest, ARemovalIsTheChannelsLastPush) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}}});
  attach(2, b, {.account_id = 2, .channels = {{7, 50}}});
  // When the commit is sent the account may not read 101 any more.
  commit(Draft(100).post(7).leave(1, 7).post(7));
  EXPECT_THAT(a.read(), ElementsAre("100>103: 102"));
  EXPECT_THAT(b.read(), ElementsAre("100>103: 101 103"));
  commit(Draft(103).post(7));
  EXPECT_THAT(a.read(), IsEmpty());
}

TEST_F(ShardTest, LeavingAndJoiningInOneCommitShowsTheNewStayOnly) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}}});
  commit(Draft(100).post(7).leave(1, 7).post(7).join(1, 7).post(7).cursor(1, 7));
  EXPECT_THAT(a.read(), ElementsAre("100>106: 102 104 105 106"));
}

TEST_F(ShardTest, JoiningAndLeavingInOneCommitShowsNothingOfIt) {
  attach(1, a, {.account_id = 1});
  commit(Draft(100).join(1, 7).post(7).leave(1, 7));
  EXPECT_THAT(a.read(), ElementsAre("100>103: 103"));
}

TEST_F(ShardTest, EndedAccountsAndTokensEnd) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}}});
  attach(2, b, {.account_id = 2, .channels = {{7, 50}}});
  attach(3, c, {.account_id = 2, .channels = {{7, 50}}});
  commit(Draft(100).post(7).end_account(1).end_token(1'003));
  EXPECT_EQ(a.ended, v1::CLOSE_CODE_ACCESS_ENDED);
  EXPECT_EQ(b.ended, std::nullopt);
  EXPECT_EQ(c.ended, v1::CLOSE_CODE_TOKEN_ENDED);
  EXPECT_THAT(a.read(), IsEmpty());
  EXPECT_THAT(b.read(), ElementsAre("100>103: 101"));
  EXPECT_THAT(c.read(), IsEmpty());
  commit(Draft(103).post(7).end_account(1));
  now += limits::keepalive_us;
  shard.tick(now);
  EXPECT_THAT(a.read(), IsEmpty());
  shard.detach(1);
  EXPECT_EQ(shard.session_count(), 2u);
}

TEST_F(ShardTest, BellsRingForAllButTheAuthor) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}}});
  attach(2, b, {.account_id = 2, .channels = {{7, 50}}});
  attach(3, c, {.account_id = 3, .channels = {{8, 50}}});
  commit(Draft(100).post(7).bell(test::channel(7), 1));
  EXPECT_THAT(a.read(), ElementsAre("100>101: 101"));
  EXPECT_THAT(b.read(), ElementsAre("bell 101", "100>101: 101"));
  EXPECT_THAT(c.read(), IsEmpty());
  EXPECT_EQ(b.flushes, 1u);
}

TEST_F(ShardTest, NobodyHearsABellFromBeforeJoining) {
  attach(1, a, {.account_id = 1});
  commit(Draft(100).post(7).bell(test::channel(7), 9).join(1, 7));
  EXPECT_THAT(a.read(), ElementsAre("100>102: 102"));
}

TEST_F(ShardTest, SignsOfLifeWhenNothingIsSeen) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}}});
  attach(2, b, {.account_id = 2});
  now += limits::keepalive_us - 1;
  commit(Draft(100).post(7));
  shard.tick(now);
  EXPECT_THAT(a.read(), ElementsAre("100>101: 101"));
  EXPECT_THAT(b.read(), IsEmpty());
  now += 1;
  shard.tick(now);
  EXPECT_THAT(a.read(), IsEmpty());
  EXPECT_THAT(b.read(), ElementsAre("100>101:"));
  now += limits::keepalive_us;
  shard.tick(now);
  EXPECT_THAT(b.read(), ElementsAre("101>101:"));
}

TEST_F(ShardTest, CatchesUpFromTheRing) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}}});
  commit(Draft(100).post(7).post(8));
  commit(Draft(102).post(8).post(7));
  attach(2, b, {.account_id = 2, .channels = {{8, 60}}, .from = 101, .as_of = 104});
  EXPECT_THAT(b.read(), ElementsAre("101>104: 102 103"));
  commit(Draft(104).post(8));
  EXPECT_THAT(b.read(), ElementsAre("104>105: 105"));
  EXPECT_THAT(log.asked, IsEmpty());
}

TEST_F(ShardTest, AnOpeningOvertakenByCommitsKnowsTheirMoves) {
  attach(1, a, {.account_id = 1});
  commit(Draft(100).record());
  commit(Draft(101).post(7).leave(2, 8).join(2, 7).post(7).post(8));
  // Opened at 101, handed over after 106.
  attach(2, b, {.account_id = 2, .channels = {{8, 60}}, .from = 100, .as_of = 101});
  EXPECT_THAT(b.read(), ElementsAre("100>106: 103 104 105"));
  commit(Draft(106).post(7).post(8));
  EXPECT_THAT(b.read(), ElementsAre("106>108: 107"));
}

TEST_F(ShardTest, ATextTakenAwayIsNotSentAnyMore) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}}});
  commit(Draft(100).post(7).post(7).bell(test::channel(7), 9).stone(7, 102).post(7));
  EXPECT_THAT(a.read(), ElementsAre("100>104: 101 103 104"));
  commit(Draft(104).stone(7, 101));
  EXPECT_THAT(a.read(), ElementsAre("104>105: 105"));
  attach(2, b, {.account_id = 2, .channels = {{7, 50}}, .from = 100, .as_of = 105});
  EXPECT_THAT(b.read(), ElementsAre("100>105: 103 104 105"));
}

TEST_F(ShardTest, ReadsTheLogBehindTheRing) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}}});
  commit(Draft(100).post(7));
  attach(2, b, {.account_id = 2, .channels = {{7, 50}}, .from = 90, .as_of = 101});
  ASSERT_EQ(log.asked.size(), 1u);
  auto asked = log.take();
  EXPECT_EQ(asked.account_id, 2u);
  EXPECT_EQ(asked.after, 90u);
  // The hub goes on meanwhile.
  commit(Draft(101).post(7));
  asked.done(CatchUp::Chunk{
      90, 99,
      std::make_shared<const std::string>(session::encode_batch(asked.format, 90, 99, {}))});
  tasks.run_all();
  EXPECT_THAT(b.read(), ElementsAre("90>99:"));
  asked = log.take();
  EXPECT_EQ(asked.after, 99u);
  asked.done(CatchUp::Chunk{
      99, 101,
      std::make_shared<const std::string>(session::encode_batch(asked.format, 99, 101, {}))});
  tasks.run_all();
  EXPECT_THAT(b.read(), ElementsAre("99>101:", "101>102: 102"));
  commit(Draft(102).post(7));
  EXPECT_THAT(b.read(), ElementsAre("102>103: 103"));
  EXPECT_THAT(log.asked, IsEmpty());
}

TEST_F(ShardTest, AnOverloadedLogIsAskedAgain) {
  attach(1, a, {.from = 90});
  log.take().done(base::Error(v1::ERROR_CODE_OVERLOADED));
  tasks.run_all();
  EXPECT_EQ(a.ended, std::nullopt);
  EXPECT_THAT(log.asked, IsEmpty());
  shard.tick(now);
  EXPECT_EQ(log.asked.size(), 1u);
}

TEST_F(ShardTest, ALogThatFailsEndsTheSession) {
  attach(1, a, {.from = 90});
  log.take().done(base::Error(v1::ERROR_CODE_STORAGE_FAILED));
  tasks.run_all();
  EXPECT_EQ(a.ended, v1::CLOSE_CODE_UNAVAILABLE);
}

TEST_F(ShardTest, AnswersForThoseWhoLeftAreDropped) {
  attach(1, a, {.from = 90});
  auto asked = log.take();
  shard.detach(1);
  asked.done(CatchUp::Chunk{90, 100, std::make_shared<const std::string>("x")});
  tasks.run_all();
  EXPECT_THAT(a.drain(), IsEmpty());
}

TEST(ShardLifetime, AnswersAfterTheShardAreDropped) {
  test::FakeCatchUp log;
  test::Tasks tasks;
  FakeSubscriber a;
  auto shard = std::make_unique<Shard>(log, tasks.post());
  Shard::Attachment attachment;
  attachment.session = 1;
  attachment.from = 90;
  attachment.as_of = 100;
  shard->attach(attachment, a, 1);
  auto asked = log.take();
  shard.reset();
  asked.done(base::Error(v1::ERROR_CODE_STORAGE_FAILED));
  EXPECT_EQ(tasks.run_all(), 1u);
  EXPECT_EQ(a.ended, std::nullopt);
}

TEST_F(ShardTest, AFullOutboxDropsToCatchingUpAndLosesNothing) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}}});
  attach(2, b, {.account_id = 2, .channels = {{7, 50}}});
  base::Position after = 100;
  std::vector<std::string> read;
  for (int i = 0; i < 40; ++i) {
    commit(Draft(after).post(7, 60'000));
    ++after;
    EXPECT_LE(a.outbox_bytes(), limits::outbox_bytes_max);
    b.drain();
  }
  EXPECT_EQ(a.ended, std::nullopt);
  EXPECT_GT(a.outbox_bytes(), 0u);
  base::Position at = 100;
  while (at < after) {
    for (const auto& bytes : a.drain()) {
      for (const auto& frame : test::frames_of(*bytes)) {
        EXPECT_EQ(frame.batch().after(), at);
        for (const auto& update : frame.batch().updates()) EXPECT_EQ(update.position(), ++at);
        EXPECT_EQ(frame.batch().through(), at);
      }
    }
    shard.on_drained(1, now);
    EXPECT_LE(a.outbox_bytes(), limits::outbox_bytes_max);
    if (at < after) {
      ASSERT_GT(a.outbox_bytes(), 0u);
    }
  }
  commit(Draft(after).post(7));
  EXPECT_THAT(a.read(), ElementsAre("140>141: 141"));
  EXPECT_THAT(log.asked, IsEmpty());
}

TEST_F(ShardTest, OneHugeCommitGoesInSeveralFrames) {
  attach(1, a, {.account_id = 1, .channels = {{7, 50}}});
  attach(2, b, {.account_id = 2, .channels = {{7, 50}}});
  Draft draft(100);
  for (int i = 0; i < 50; ++i) draft.post(7, 20'000);
  commit(draft);
  base::Position at = 100;
  while (at < 150) {
    EXPECT_LE(a.outbox_bytes(), limits::outbox_bytes_max);
    const auto of_a = a.drain(), of_b = b.drain();
    ASSERT_FALSE(of_a.empty());
    ASSERT_EQ(of_a.size(), of_b.size());
    for (std::size_t i = 0; i < of_a.size(); ++i) {
      // Also while catching up those who stand alike share.
      EXPECT_EQ(of_a[i].get(), of_b[i].get());
      EXPECT_LE(of_a[i]->size(), limits::catch_up_bytes_max + 100);
      for (const auto& frame : test::frames_of(*of_a[i])) {
        EXPECT_EQ(frame.batch().after(), at);
        at = frame.batch().through();
      }
    }
    // Both held until the second has looked, as sockets would.
    shard.on_drained(1, now);
    shard.on_drained(2, now);
  }
  EXPECT_EQ(at, 150u);
}

TEST_F(ShardTest, ARecordIsNeverParted) {
  attach(1, a, {.account_id = 1});
  Draft draft(100);
  draft.record();
  for (int i = 0; i < 3; ++i) {
    v1::Update update;
    update.set_position(101);
    update.mutable_message()->set_text(std::string(limits::catch_up_bytes_max / 2, 'x'));
    std::const_pointer_cast<EncodedCommit>(draft.commit())->append(test::account(1), update);
  }
  commit(draft);
  EXPECT_THAT(a.read(), ElementsAre("100>101: 101 101 101"));
}

TEST_F(ShardTest, ALongLookAtTheRingLetsOthersIn) {
  attach(1, a, {.account_id = 1});
  Draft draft(100);
  for (int i = 0; i < 20'000; ++i) draft.post(7);
  draft.post(8);
  commit(draft);
  attach(2, b, {.account_id = 2, .channels = {{8, 50}}, .from = 100, .as_of = 20'101});
  EXPECT_THAT(b.read(), IsEmpty());
  EXPECT_EQ(tasks.run_all(), 2u);
  EXPECT_THAT(b.read(), ElementsAre("100>20101: 20101"));
}

TEST_F(ShardTest, TheRingKeepsItsLimit) {
  attach(1, a, {.account_id = 1});
  base::Position after = 100;
  for (std::size_t bytes = 0; bytes < limits::ring_bytes_max + 4'000'000; bytes += 1'000'000) {
    commit(Draft(after++).post(7, 1'000'000));
  }
  // What has fallen out of the ring is read from the log, what is in it is not.
  attach(2, b, {.account_id = 2, .from = 100, .as_of = after});
  attach(3, c, {.account_id = 3, .from = after - 50, .as_of = after});
  ASSERT_EQ(log.asked.size(), 1u);
  EXPECT_EQ(log.asked[0].account_id, 2u);
  // An opening older than the ring cannot know who belongs where.
  FakeSubscriber late;
  attach(4, late, {.account_id = 4, .from = 100, .as_of = 100});
  EXPECT_EQ(late.ended, v1::CLOSE_CODE_UNAVAILABLE);
  shard.detach(4);
}

TEST_F(ShardTest, CommitsMustFollowEachOther) {
  attach(1, a, {});
  EXPECT_DEATH(commit(Draft(101).post(7)), "published");
}

}  // namespace
}  // namespace fenghuo::fanout
