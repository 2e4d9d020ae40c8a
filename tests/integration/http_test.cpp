// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "tests/integration/real_hub.h"

#include <boost/json.hpp>

namespace fenghuo::testing {
namespace {

namespace json_value = boost::json;

class Http : public RealHub {
 protected:
  void SetUp() override {
    RealHub::SetUp();
    start();
  }

  HttpAnswer command(const std::string& who, const std::string& body, const std::string& key = {}) {
    std::vector<std::pair<std::string, std::string>> headers{
        {"Authorization", "Bearer " + tokens_.at(who)}};
    if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
    return http(port(), "POST", "/v1/commands", headers, body);
  }
  std::string posting(const std::string& text) const {
    return R"({"postMessage":{"channelId":")" + std::to_string(ops_) + R"(","text":")" + text +
           R"("}})";
  }
};

TEST_F(Http, PostsReadsAndSearches) {
  const HttpAnswer posted = command("ann", posting("水浸 at pump 3"));
  ASSERT_EQ(posted.status, 200) << posted.body;
  EXPECT_EQ(json_value::parse(posted.body).at("done").at("seq").as_string(), "1");
  command("ann", posting("second"));

  const std::string messages = "/v1/channels/" + std::to_string(ops_) + "/messages";
  const HttpAnswer page = http_as(tokens_.at("bob"), port(), "GET", messages + "?limit=1");
  ASSERT_EQ(page.status, 200) << page.body;
  const auto body = json_value::parse(page.body);
  ASSERT_EQ(body.at("messages").as_array().size(), 1u);
  EXPECT_EQ(body.at("messages").at(0).at("text").as_string(), "second");
  EXPECT_TRUE(body.at("more").as_bool());

  // The index follows the log: it says how far it is.
  const std::uint64_t position =
      std::stoull(std::string(json_value::parse(posted.body).at("position").as_string()));
  json_value::value found;
  std::uint64_t through = 0;
  while (through < position) {
    const HttpAnswer answer =
        http_as(tokens_.at("bob"), port(), "GET", "/v1/search?q=%E6%B0%B4%E6%B5%B8");
    ASSERT_EQ(answer.status, 200) << answer.body;
    found = json_value::parse(answer.body);
    const auto* indexed = found.as_object().if_contains("indexedThrough");
    through = indexed ? std::stoull(std::string(indexed->as_string())) : 0;
  }
  ASSERT_EQ(found.at("messages").as_array().size(), 1u);
  EXPECT_EQ(found.at("messages").at(0).at("text").as_string(), "水浸 at pump 3");
}

TEST_F(Http, IdempotencyKeyGivesTheFirstResultAgain) {
  const HttpAnswer first = command("ann", posting("once"), "key-1");
  const HttpAnswer again = command("ann", posting("once"), "key-1");
  ASSERT_EQ(first.status, 200) << first.body;
  ASSERT_EQ(again.status, 200) << again.body;
  const auto one = json_value::parse(first.body).at("done").as_object();
  const auto two = json_value::parse(again.body).at("done").as_object();
  EXPECT_EQ(one.at("id"), two.at("id"));
  EXPECT_TRUE(two.at("repeated").as_bool());
  EXPECT_EQ(command("ann", posting("other"), "key-1").status, 409);
  EXPECT_EQ(command("ann", posting("once"), "key-2").status, 200);
}

TEST_F(Http, StatusFollowsTheErrorRange) {
  EXPECT_EQ(command("den", posting("hello")).status, 404);
  EXPECT_EQ(command("ann", "{").status, 400);
  EXPECT_EQ(command("ann", "{}").status, 400);
  EXPECT_EQ(command("ann", posting(std::string(20'000, 'a'))).status, 413);
  EXPECT_EQ(command("ann", std::string(base::limits::http_body_bytes_max + 1, 'a')).status, 413);
  const HttpAnswer plan = command("ann", R"({"applyPlan":{"plan":{}}})");
  EXPECT_EQ(plan.status, 403) << plan.body;
  const HttpAnswer credential =
      command("root", R"({"setCredential":{"accountId":")" + std::to_string(accounts_.at("ann")) +
                          R"(","passwordHash":"secret"}})");
  EXPECT_EQ(credential.status, 400) << credential.body;
}

TEST_F(Http, BlobsAreForTheirOwnerAndReadersOfAMessage) {
  const std::string content(100'000, 'z');
  const HttpAnswer put = http_as(tokens_.at("ann"), port(), "PUT", "/v1/blobs", content);
  ASSERT_EQ(put.status, 201) << put.body;
  const std::string hash = base::to_hex(base::sha256({content}));
  EXPECT_EQ(json_value::parse(put.body).at("hash").as_string(), hash);
  // Who uploads the same learns nothing.
  const HttpAnswer same = http_as(tokens_.at("cat"), port(), "PUT", "/v1/blobs", content);
  EXPECT_EQ(same.status, 201);
  EXPECT_EQ(same.body, put.body);

  const std::string path = "/v1/blobs/" + hash;
  EXPECT_EQ(http_as(tokens_.at("ann"), port(), "GET", path).body, content);
  EXPECT_EQ(http_as(tokens_.at("bob"), port(), "GET", path).status, 404);
  EXPECT_EQ(http_as(tokens_.at("ann"), port(), "GET", "/v1/blobs/" + std::string(64, '0')).status,
            404);

  const auto ann = session("ann");
  v1::Command with_file = post("see the plan");
  auto* attachment = with_file.mutable_post_message()->add_attachments();
  attachment->set_hash(base::to_bytes(base::sha256({content})));
  attachment->set_name("plan.pdf");
  attachment->set_media_type("application/pdf");
  attachment->set_size_bytes(content.size());
  ann->submit(1, with_file);
  const auto posted = ann->reply(1);
  ASSERT_TRUE(posted && posted->has_done()) << posted->refused().message();
  const HttpAnswer got = http_as(tokens_.at("bob"), port(), "GET", path);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, content);
  EXPECT_EQ(got.header("Content-Disposition"), "attachment");
  EXPECT_EQ(got.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(http_as(tokens_.at("den"), port(), "GET", path).status, 404);
}

TEST_F(Http, OperationalRoutesAnswerWithoutAToken) {
  EXPECT_EQ(http(port(), "GET", "/healthz").status, 200);
  EXPECT_EQ(http(port(), "GET", "/readyz").status, 200);
  EXPECT_NE(http(port(), "GET", "/").body.find("Fenghuo"), std::string::npos);
  EXPECT_NE(http(port(), "GET", "/v1/openapi.json").body.find("\"3.1.0\""), std::string::npos);
  const HttpAnswer metrics = http(port(), "GET", "/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_NE(metrics.body.find("fenghuo_commands_total"), std::string::npos);
  const HttpAnswer head = http(port(), "HEAD", "/healthz");
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.body.empty());
}

TEST_F(Http, WhatIsNoRequestIsToldSo) {
  EXPECT_EQ(http(port(), "GET", "/nothing").status, 404);
  EXPECT_EQ(http(port(), "PUT", "/v1/login").status, 405);
  EXPECT_EQ(http(port(), "PUT", "/v1/login").header("Allow"), "POST");
  EXPECT_EQ(raw(port(), "NONSENSE\r\n\r\n").substr(0, 12), "HTTP/1.1 400");
  const std::string huge = "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(20'000, 'a');
  EXPECT_EQ(raw(port(), huge + "\r\n\r\n").substr(0, 12), "HTTP/1.1 413");
  // Two requests on one connection.
  const std::string two =
      "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const std::string answers = raw(port(), two);
  EXPECT_NE(answers.find("HTTP/1.1 200"), answers.rfind("HTTP/1.1 200"));
  EXPECT_TRUE(hub_->wait_for_line("bad request"));
}

TEST_F(Http, HalfARequestIsCutOff) {
  EXPECT_EQ(raw(port(), "GET /healthz HTTP/1.1\r\nHost: x\r\n"), "");
  EXPECT_EQ(http(port(), "GET", "/healthz").status, 200);
}

TEST_F(Http, AnUploadIsAskedForWhenTheClientWaits) {
  const std::string answers =
      raw(port(),
          "PUT /v1/blobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
          "Authorization: Bearer " +
              tokens_.at("ann") + "\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(answers.substr(0, 25), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_NE(answers.find("HTTP/1.1 201"), std::string::npos);
}

class OwnMetrics : public RealHub {};

TEST_F(OwnMetrics, MoveToTheirListener) {
  start({"--metrics-listen", "127.0.0.1:0"});
  EXPECT_EQ(http(port(), "GET", "/metrics").status, 404);
  const std::string log = hub_->log();
  const std::string before = "metrics on http://127.0.0.1:";
  const auto at = log.find(before);
  ASSERT_NE(at, std::string::npos) << log;
  const auto metrics_port = static_cast<std::uint16_t>(std::stoi(log.substr(at + before.size())));
  EXPECT_EQ(http(metrics_port, "GET", "/metrics").status, 200);
  EXPECT_EQ(http(metrics_port, "GET", "/healthz").status, 200);
  EXPECT_EQ(http(metrics_port, "GET", "/").status, 404);
}

}  // namespace
}  // namespace fenghuo::testing
