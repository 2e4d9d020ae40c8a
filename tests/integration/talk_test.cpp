// SPDX-License-Identifier: Apache-2.0
// People log in, talk, and go on after the hub was killed.
#include "tests/integration/real_hub.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>

namespace fenghuo::testing {
namespace {

class Talk : public RealHub {};

TEST_F(Talk, AcrossBothSubprotocols) {
  start();
  const auto ann = session("ann", json);
  const base::Position ann_stands = welcome_.position();
  const auto bob = session("bob", binary);
  Follower bob_follows(welcome_.position());
  Follower ann_follows(ann_stands);

  ann->submit(1, post("堤坝水位 4.2 m"));
  const auto posted = ann->reply(1);
  ASSERT_TRUE(posted && posted->has_done());
  EXPECT_EQ(posted->done().seq(), 1u);
  EXPECT_EQ(posted->done().version(), 1u);
  bob->submit(1, post("received"));
  ASSERT_TRUE(bob->reply(1)->has_done());

  ASSERT_TRUE(bob_follows.read_until(*bob, "received"));
  EXPECT_THAT(bob_follows.texts(), ::testing::ElementsAre("堤坝水位 4.2 m", "received"));
  // The author sees his own message in the stream too, with its place.
  ASSERT_TRUE(ann_follows.read_until(*ann, "received"));
  EXPECT_THAT(ann_follows.texts(), ::testing::ElementsAre("堤坝水位 4.2 m", "received"));
}

TEST_F(Talk, ManyPipelinedPostsKeepTheirOrder) {
  start();
  const auto ann = session("ann");
  const auto bob = session("bob", json);
  Follower bob_follows(welcome_.position());
  constexpr std::uint64_t count = 60;
  for (std::uint64_t n = 1; n <= count; ++n) ann->submit(n, post("m" + std::to_string(n)));
  for (std::uint64_t n = 1; n <= count; ++n) {
    const auto reply = ann->reply(n);
    ASSERT_TRUE(reply && reply->has_done()) << n;
    EXPECT_EQ(reply->done().seq(), n);
  }
  ASSERT_TRUE(bob_follows.read_until(*bob, "m" + std::to_string(count)));
  ASSERT_EQ(bob_follows.texts().size(), count);
  for (std::uint64_t n = 1; n <= count; ++n) {
    EXPECT_EQ(bob_follows.texts()[n - 1], "m" + std::to_string(n));
  }
}

TEST_F(Talk, GoesOnAfterAKillWithoutGapOrDuplicate) {
  start();
  const auto ann = session("ann");
  auto bob = session("bob");
  const std::string epoch = welcome_.epoch();
  Follower bob_follows(welcome_.position());
  ann->submit(1, post("one"));
  ASSERT_TRUE(ann->reply(1)->has_done());
  ASSERT_TRUE(bob_follows.read_until(*bob, "one"));
  bob->cut();
  ann->submit(2, post("two"));
  ASSERT_TRUE(ann->reply(2)->has_done());
  hub_->kill();
  EXPECT_EQ(ann->close_code(), 0);

  start();
  const auto again = session("ann");
  EXPECT_EQ(welcome_.last_n(), 2u);
  // The answer may have been lost on the way: the same command again is the same message.
  again->submit(2, post("two"));
  const auto repeated = again->reply(2);
  ASSERT_TRUE(repeated && repeated->has_done());
  EXPECT_TRUE(repeated->done().repeated());
  EXPECT_EQ(repeated->done().seq(), 2u);
  again->submit(3, post("three"));
  ASSERT_TRUE(again->reply(3)->has_done());

  Line resumed(port(), binary);
  resumed.hello(tokens_.at("bob"), "bob-device", {{epoch, bob_follows.position()}});
  const auto welcome = resumed.next(v1::ServerFrame::kWelcome);
  ASSERT_TRUE(welcome);
  EXPECT_TRUE(welcome->welcome().resumed());
  EXPECT_FALSE(welcome->welcome().has_snapshot());
  ASSERT_TRUE(bob_follows.read_until(resumed, "three"));
  EXPECT_THAT(bob_follows.texts(), ::testing::ElementsAre("one", "two", "three"));
}

TEST_F(Talk, ASlowReaderCostsNobodyAndMissesNothing) {
  start();
  const auto slow = session("cat");
  Follower slow_follows(welcome_.position());
  const auto bob = session("bob");
  Follower bob_follows(welcome_.position());
  const auto ann = session("ann");
  // Far more than the hub keeps for one session and than the system's own buffers hold.
  constexpr std::uint64_t count = 1'600;
  const std::string filling(16'000, '.');
  for (std::uint64_t n = 1; n <= count; ++n) {
    ann->submit(n, post(std::to_string(n) + filling));
    ASSERT_TRUE(ann->reply(n)->has_done()) << n;
    ASSERT_TRUE(bob_follows.read_until(*bob, std::to_string(n) + filling));
  }
  ASSERT_TRUE(slow_follows.read_until(*slow, std::to_string(count) + filling));
  EXPECT_EQ(slow_follows.texts(), bob_follows.texts());
}

TEST_F(Talk, OutsidersHearNothing) {
  start();
  const auto den = session("den");
  Follower den_follows(welcome_.position());
  const auto ann = session("ann");
  ann->submit(1, post("not for den"));
  ASSERT_TRUE(ann->reply(1)->has_done());
  // A record that den does see, after it: his own account, changed.
  const auto root = session("root");
  v1::Command change;
  auto& account = *change.mutable_put_account()->mutable_account();
  account.set_id(accounts_.at("den"));
  account.set_key("den");
  account.mutable_name()->set_en("Den himself");
  account.set_kind(v1::Account::KIND_PERSON);
  root->submit(1, change);
  const auto changed = root->reply(1);
  ASSERT_TRUE(changed && changed->has_done()) << changed->refused().message();
  bool seen = false;
  while (!seen) {
    const auto frame = den->next(v1::ServerFrame::kBatch);
    ASSERT_TRUE(frame);
    for (const auto& update : frame->batch().updates()) {
      EXPECT_FALSE(update.has_message());
      EXPECT_FALSE(update.has_channel());
      seen |= update.has_account() && update.account().name().en() == "Den himself";
    }
  }
}

class Login : public RealHub {
 protected:
  void prepare(CenterMaker& maker) override { maker.set_password("ann", "correct horse"); }

  HttpAnswer log_in(const std::string& account, const std::string& password) {
    return http(port(), "POST", "/v1/login", {},
                R"({"account":")" + account + R"(","password":")" + password + R"("})");
  }
};

TEST_F(Login, GivesATokenThatOpensASession) {
  start();
  const HttpAnswer answer = log_in("ann", "correct horse");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto body = boost::json::parse(answer.body);
  EXPECT_EQ(body.at("accountId").as_string(), std::to_string(accounts_.at("ann")));
  tokens_["ann"] = std::string(body.at("token").as_string());
  const auto ann = session("ann", json);
  EXPECT_EQ(welcome_.account_id(), accounts_.at("ann"));
  EXPECT_EQ(welcome_.snapshot().channels_size(), 1);
}

TEST_F(Login, WrongPasswordAndUnknownAccountAnswerAlike) {
  start();
  const HttpAnswer wrong = log_in("ann", "wrong horse");
  const HttpAnswer unknown = log_in("nobody", "wrong horse");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.status, unknown.status);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_NE(wrong.body.find("ERROR_CODE_BAD_CREDENTIALS"), std::string::npos);
}

TEST_F(Login, IsBrakedPerAccountAndSaysWhenToComeBack) {
  start();
  HttpAnswer answer;
  int attempts = 0;
  while (attempts < 20 && answer.status != 429) {
    answer = log_in("ann", "guess");
    ++attempts;
  }
  EXPECT_EQ(answer.status, 429);
  EXPECT_GT(attempts, 10);
  EXPECT_FALSE(answer.header("Retry-After").empty());
  // Others are not slowed down.
  EXPECT_EQ(log_in("bob", "guess").status, 401);
}

TEST_F(Login, EndsWithLogoutAndSoDoItsSessions) {
  start();
  const auto body = boost::json::parse(log_in("ann", "correct horse").body);
  tokens_["ann"] = std::string(body.at("token").as_string());
  const auto ann = session("ann");
  EXPECT_EQ(http_as(tokens_["ann"], port(), "POST", "/v1/logout").status, 200);
  EXPECT_EQ(ann->close_code(), v1::CLOSE_CODE_TOKEN_ENDED);
  EXPECT_EQ(http_as(tokens_["ann"], port(), "GET", "/v1/search?q=a").status, 401);
}

}  // namespace
}  // namespace fenghuo::testing
