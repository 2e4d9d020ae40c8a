// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/client.h"

#include "clients/cpp/http.h"
#include "tests/unit/client/fake_hub.h"
#include "tests/unit/client/hub_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <mutex>
#include <string>
#include <vector>

namespace fenghuo::client {
namespace {

using namespace std::chrono_literals;
using test::FakeHub;
using ::testing::ElementsAre;

// Far above anything that happens; only a defect waits it out.
constexpr auto patience = 30s;

class ClientTest : public ::testing::Test {
 protected:
  static ClientOptions to(const Address& address) {
    ClientOptions options;
    options.address = address;
    options.token = "secret";
    options.device = "dev-1";
    return options;
  }

  Loop loop_;
};

TEST_F(ClientTest, ConnectsAsksForTheProtocolAndGetsAnAnswer) {
  std::string protocol;
  v1::Hello hello;
  FakeHub hub([&](FakeHub& self) {
    auto session = self.accept();
    protocol = session.protocol();
    hello = session.read().at(0).hello();
    session.write(test::welcome(10));
    const auto frames = session.read();
    session.write(test::done(frames.at(0).submit().n(), 11));
    session.drain();
  });
  Client client(loop_, to(hub.address()));
  client.start();
  ASSERT_TRUE(client.wait_live(patience));
  const auto reply = client.call(test::post("hello"), patience);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->done().id(), 11U);
  EXPECT_EQ(protocol, "fenghuo.v1.proto");
  EXPECT_EQ(hello.token(), "secret");
  EXPECT_NE(client.state().find_channel("ops-watch"), nullptr);
  client.stop();
}

TEST_F(ClientTest, ADroppedConnectionResumesAndSendsTheSameNumberAgain) {
  v1::Hello second;
  std::vector<std::uint64_t> numbers;
  FakeHub hub([&](FakeHub& self) {
    {
      auto session = self.welcome(test::welcome(10));
      session.write(test::batch(10, 12));
      numbers.push_back(session.read().at(0).submit().n());
    }  // The socket is closed without an answer and without a close frame.
    auto session = self.welcome(test::resumed(12, 12), &second);
    numbers.push_back(session.read().at(0).submit().n());
    session.write(test::batch(12, 14));
    session.write(test::done(1, 14));
    session.drain();
  });
  std::mutex mutex;
  std::vector<std::string> texts;
  ClientHandlers handlers;
  handlers.update = [&](const State&, const v1::Update& update) {
    const std::scoped_lock lock(mutex);
    texts.push_back(update.message().text());
  };
  Client client(loop_, to(hub.address()), handlers);
  client.start();
  const auto reply = client.call(test::post("once"), patience);
  ASSERT_TRUE(reply);
  client.stop();
  EXPECT_EQ(second.resume().position(), 12U);
  EXPECT_THAT(numbers, ElementsAre(1, 1));
  EXPECT_THAT(texts, ElementsAre("m12", "m14"));
}

TEST_F(ClientTest, ARefusalIsAFailureWithTheHubsWords) {
  FakeHub hub([](FakeHub& self) {
    auto session = self.welcome(test::welcome(10));
    session.read();
    session.write(test::refused(1, v1::ERROR_CODE_FORBIDDEN));
    session.drain();
  });
  Client client(loop_, to(hub.address()));
  client.start();
  const auto reply = client.call(test::post("x"), patience);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind(), Failure::Kind::Refused);
  EXPECT_EQ(reply.error().error().code(), v1::ERROR_CODE_FORBIDDEN);
  client.stop();
}

TEST_F(ClientTest, AnEndedTokenRefusesTheLineAndWhoeverWaits) {
  FakeHub hub([](FakeHub& self) {
    auto session = self.accept();
    session.read();
    session.close(4202, "token ended");
  });
  Client client(loop_, to(hub.address()));
  client.start();
  const auto reply = client.call(test::post("x"), patience);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind(), Failure::Kind::Refused);
  const auto live = client.wait_live(patience);
  ASSERT_FALSE(live);
  EXPECT_EQ(live.error().error().name(), "unauthenticated");
}

TEST_F(ClientTest, ARefusalOnTheFirstTryIsOne) {
  FakeHub hub([](FakeHub& self) {
    auto session = self.accept();
    session.read();
    session.close(4201, "not a token");
  });
  Client client(loop_, to(hub.address()));
  client.start();
  const auto live = client.wait_live(patience, true);
  ASSERT_FALSE(live);
  EXPECT_EQ(live.error().kind(), Failure::Kind::Refused);
}

TEST_F(ClientTest, NobodyThereIsUnreachableOnTheFirstTry) {
  Client client(loop_, to(FakeHub::nobody()));
  client.start();
  const auto live = client.wait_live(patience, true);
  ASSERT_FALSE(live);
  EXPECT_EQ(live.error().kind(), Failure::Kind::Unreachable);
}

TEST_F(ClientTest, AnAddressThatIsNoWebSocketIsUnreachable) {
  FakeHub hub([](FakeHub& self) { self.answer_http(404, "no"); });
  Client client(loop_, to(hub.address()));
  client.start();
  const auto live = client.wait_live(patience, true);
  ASSERT_FALSE(live);
  EXPECT_EQ(live.error().kind(), Failure::Kind::Unreachable);
}

TEST_F(ClientTest, AStoredCommandIsSentByTheNextProgramWithTheSameNumber) {
  std::string folder = ::testing::TempDir() + "client-XXXXXX";
  folder = ::mkdtemp(folder.data());
  std::vector<std::pair<std::string, std::uint64_t>> seen;
  FakeHub hub([&](FakeHub& self) {
    for (int life = 0; life < 2; ++life) {
      v1::Hello hello;
      auto session = self.welcome(test::welcome(10), &hello);
      seen.emplace_back(hello.device(), session.read().at(0).submit().n());
      if (life == 1) session.write(test::done(1, 11));
      session.drain();
    }
  });
  for (int life = 0; life < 2; ++life) {
    auto store = DeviceStore::open(folder);
    ASSERT_TRUE(store);
    auto options = to(hub.address());
    options.store = &*store;
    Client client(loop_, options);
    if (life == 0) {
      ASSERT_TRUE(client.submit(test::post("kept"), {}));
      client.start();
      ASSERT_TRUE(client.wait_live(patience));
    } else {
      EXPECT_EQ(client.unanswered(), 1U);
      client.start();
      EXPECT_TRUE(client.wait_answered(patience));
      EXPECT_TRUE(store->pending().empty());
    }
    client.stop();
  }
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0], seen[1]);
  std::filesystem::remove_all(folder);
}

TEST_F(ClientTest, WhatNoHubCanReadIsNeverKeptOrSent) {
  std::string folder = ::testing::TempDir() + "client-XXXXXX";
  folder = ::mkdtemp(folder.data());
  FakeHub hub([](FakeHub& self) { self.welcome(test::welcome(10)).drain(); });
  auto store = DeviceStore::open(folder);
  ASSERT_TRUE(store);
  auto options = to(hub.address());
  options.store = &*store;
  Client client(loop_, options);
  for (const auto& text : {std::string("\xFF\xFE"), std::string(200'000, 'a')}) {
    const auto n = client.submit(test::post(text), {});
    ASSERT_FALSE(n);
    EXPECT_EQ(n.error().kind(), Failure::Kind::Usage);
  }
  EXPECT_TRUE(store->pending().empty());
  client.start();
  ASSERT_TRUE(client.wait_live(patience));
  v1::Query query;
  query.mutable_search()->set_text("\xFF");
  const auto answer = client.ask(query, patience);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind(), Failure::Kind::Usage);
  client.stop();
  std::filesystem::remove_all(folder);
}

TEST_F(ClientTest, AnAbandoningCallLeavesNothingBehindWhenTheLineIsRefused) {
  std::string folder = ::testing::TempDir() + "client-XXXXXX";
  folder = ::mkdtemp(folder.data());
  FakeHub hub([](FakeHub& self) {
    auto session = self.welcome(test::welcome(10));
    (void)session.read();
    session.close(4300, "not understood");
  });
  auto store = DeviceStore::open(folder);
  ASSERT_TRUE(store);
  auto options = to(hub.address());
  options.store = &*store;
  Client client(loop_, options);
  client.start();
  ASSERT_TRUE(client.wait_live(patience));
  const auto reply = client.call(test::post("x"), patience, true);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind(), Failure::Kind::Refused);
  client.stop();
  EXPECT_TRUE(store->pending().empty());
  std::filesystem::remove_all(folder);
}

TEST_F(ClientTest, AHandlerMaySubmit) {
  FakeHub hub([](FakeHub& self) {
    auto session = self.welcome(test::welcome(10));
    session.write(test::batch(10, 11));
    session.write(test::done(session.read().at(0).submit().n(), 12));
    session.drain();
  });
  std::promise<void> answered;
  Client* bot = nullptr;
  ClientHandlers handlers;
  handlers.update = [&](const State&, const v1::Update&) {
    (void)bot->submit(test::post("seen"), [&](const auto&) { answered.set_value(); });
  };
  Client client(loop_, to(hub.address()), handlers);
  bot = &client;
  client.start();
  EXPECT_EQ(answered.get_future().wait_for(patience), std::future_status::ready);
  client.stop();
}

TEST(Http, LogsInAndTellsWhyNot) {
  std::string body;
  FakeHub hub([&](FakeHub& self) {
    body = self.answer_http(200, R"({"token":"abc","accountId":"7","tokenId":"12"})").body;
    self.answer_http(401, R"({"code":"ERROR_CODE_BAD_CREDENTIALS","name":"bad_credentials",
                              "message":"account or password is wrong"})");
    self.answer_http(502, "<html>bad gateway</html>");
  });
  v1::LoginRequest request;
  request.set_account("zhang");
  request.set_password("right");
  const auto good = login(hub.address(), {}, request);
  ASSERT_TRUE(good);
  EXPECT_EQ(good->token(), "abc");
  EXPECT_EQ(good->token_id(), 12U);
  EXPECT_EQ(body, R"({"account":"zhang","password":"right"})");
  const auto bad = login(hub.address(), {}, request);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().error().code(), v1::ERROR_CODE_BAD_CREDENTIALS);
  const auto proxy = login(hub.address(), {}, request);
  ASSERT_FALSE(proxy);
  EXPECT_EQ(proxy.error().kind(), Failure::Kind::Unreachable);
}

TEST(Http, SendsCommandsWithTokenAndKey) {
  FakeHub::Request seen;
  FakeHub hub([&](FakeHub& self) {
    seen = self.answer_http(200, R"({"position":"9","done":{"id":"9"}})");
    self.answer_http(403, R"({"refused":{"code":"ERROR_CODE_FORBIDDEN","name":"forbidden"}})");
  });
  const auto good = post_command(hub.address(), {}, "secret", "d:1", test::post("x"));
  ASSERT_TRUE(good);
  EXPECT_EQ(good->done().id(), 9U);
  EXPECT_EQ(seen.authorization, "Bearer secret");
  EXPECT_EQ(seen.idempotency_key, "d:1");
  const auto bad = post_command(hub.address(), {}, "secret", "d:2", test::post("x"));
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->refused().code(), v1::ERROR_CODE_FORBIDDEN);
  EXPECT_EQ(post_command(FakeHub::nobody(), {}, "s", "k", test::post("x")).error().kind(),
            Failure::Kind::Unreachable);
}

}  // namespace
}  // namespace fenghuo::client
