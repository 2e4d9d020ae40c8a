// SPDX-License-Identifier: Apache-2.0
#include "hub/net/route.h"

#include "hub/base/limits.h"
#include "hub/base/sha256.h"

#include <gtest/gtest.h>

namespace fenghuo::net {
namespace {

const Route* route_of(const std::variant<Route, NoRoute>& found) {
  return std::get_if<Route>(&found);
}

TEST(Route, FindsEveryFixedPath) {
  const std::vector<std::tuple<const char*, const char*, Resource>> expected{
      {"GET", "/", Resource::Home},
      {"GET", "/ws", Resource::WebSocket},
      {"GET", "/healthz", Resource::Health},
      {"HEAD", "/readyz", Resource::Ready},
      {"GET", "/metrics", Resource::Metrics},
      {"POST", "/v1/login", Resource::Login},
      {"POST", "/v1/logout", Resource::Logout},
      {"POST", "/v1/commands", Resource::Commands},
      {"PUT", "/v1/blobs", Resource::PutBlob},
      {"GET", "/v1/openapi.json", Resource::OpenApi},
  };
  for (const auto& [method, target, resource] : expected) {
    const auto found = find_route(method, target);
    ASSERT_TRUE(route_of(found)) << method << " " << target;
    EXPECT_EQ(route_of(found)->resource, resource) << target;
  }
}

TEST(Route, ReadsHistory) {
  const auto found = find_route("GET", "/v1/channels/42/messages?before=100&limit=20&thread=7");
  ASSERT_TRUE(route_of(found));
  const auto& history = route_of(found)->query.history();
  EXPECT_EQ(history.channel_id(), 42u);
  EXPECT_EQ(history.before_seq(), 100u);
  EXPECT_EQ(history.limit(), 20u);
  EXPECT_EQ(history.thread_root_id(), 7u);
  EXPECT_FALSE(history.has_after_seq());
  EXPECT_TRUE(route_of(found)->needs_token());
}

TEST(Route, TellsZeroAfterFromNoAfter) {
  const auto found = find_route("GET", "/v1/channels/42/messages?after=0");
  ASSERT_TRUE(route_of(found));
  EXPECT_TRUE(route_of(found)->query.history().has_after_seq());
}

TEST(Route, ReadsFigures) {
  const auto incident = find_route("GET", "/v1/figures?incident=7&to=900");
  ASSERT_TRUE(route_of(incident));
  EXPECT_EQ(route_of(incident)->query.figures().incident_id(), 7u);
  EXPECT_EQ(route_of(incident)->query.figures().to_position(), 900u);
  EXPECT_TRUE(route_of(incident)->needs_token());
  const auto span = find_route("GET", "/v1/figures?from=5");
  ASSERT_TRUE(route_of(span));
  EXPECT_TRUE(route_of(span)->query.has_figures());
  EXPECT_EQ(route_of(span)->query.figures().from_position(), 5u);
  EXPECT_FALSE(route_of(find_route("GET", "/v1/figures?person=5")));
}

TEST(Route, DecodesSearchText) {
  const auto found = find_route("GET", "/v1/search?q=%E6%B0%B4%E6%B5%B8+pump&channel=3&page=abc");
  ASSERT_TRUE(route_of(found));
  EXPECT_EQ(route_of(found)->query.search().text(), "水浸 pump");
  EXPECT_EQ(route_of(found)->query.search().channel_id(), 3u);
  EXPECT_EQ(route_of(found)->query.search().page_token(), "abc");
}

TEST(Route, ReadsBlobHash) {
  const base::Hash hash = base::sha256({"a file"});
  const auto found = find_route("GET", "/v1/blobs/" + base::to_hex(hash));
  ASSERT_TRUE(route_of(found));
  EXPECT_EQ(route_of(found)->hash, hash);
}

TEST(Route, AnswersOtherMethodsWithTheOnesAllowed) {
  const auto login = find_route("GET", "/v1/login");
  ASSERT_TRUE(std::holds_alternative<NoRoute>(login));
  EXPECT_EQ(std::get<NoRoute>(login).allow, "POST");
  const auto blobs = find_route("DELETE", "/v1/blobs");
  ASSERT_TRUE(std::holds_alternative<NoRoute>(blobs));
  EXPECT_EQ(std::get<NoRoute>(blobs).allow, "PUT, POST");
  const auto history = find_route("POST", "/v1/channels/42/messages");
  ASSERT_TRUE(std::holds_alternative<NoRoute>(history));
  EXPECT_EQ(std::get<NoRoute>(history).allow, "GET");
}

TEST(Route, RefusesWhatIsNoPath) {
  for (const char* target : {"/nothing", "/v1/channels/abc/messages", "/v1/channels//messages",
                             "/v1/channels/1", "/v1/blobs/12", "/ws/", "/v1/blobs/zz"}) {
    const auto found = find_route("GET", target);
    ASSERT_TRUE(std::holds_alternative<NoRoute>(found)) << target;
    EXPECT_EQ(std::get<NoRoute>(found).error.code(), v1::ERROR_CODE_NOT_FOUND) << target;
  }
}

TEST(Route, NamesTheParameterAtFault) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"/v1/channels/1/messages?before=x", "before"},
      {"/v1/channels/1/messages?before=-1", "before"},
      {"/v1/channels/1/messages?limit=201", "limit"},
      {"/v1/channels/1/messages?limit=", "limit"},
      {"/v1/channels/1/messages?before=5&after=3", "after"},
      {"/v1/channels/1/messages?order=asc", "query"},
      {"/v1/channels/1/messages?before=99999999999999999999", "before"},
      {"/v1/search", "q"},
      {"/v1/search?q=", "q"},
      {"/v1/search?q=" + std::string(base::limits::search_text_bytes_max + 1, 'a'), "q"},
      {"/v1/search?q=a&limit=101", "limit"},
      {"no path", "target"},
      {"http://elsewhere/", "target"},
      {"", "target"},
  };
  for (const auto& [target, field] : wrong) {
    const auto found = find_route("GET", target);
    ASSERT_TRUE(std::holds_alternative<NoRoute>(found)) << target;
    EXPECT_EQ(std::get<NoRoute>(found).error.code(), v1::ERROR_CODE_BAD_ARGUMENT) << target;
    EXPECT_EQ(std::get<NoRoute>(found).error.field(), field) << target;
  }
}

TEST(Route, TakesBodiesOnlyWhereTheyBelong) {
  const auto home = find_route("GET", "/");
  EXPECT_EQ(route_of(home)->body_bytes_max(), 0u);
  const auto commands = find_route("POST", "/v1/commands");
  EXPECT_EQ(route_of(commands)->body_bytes_max(), base::limits::http_body_bytes_max);
  const auto blobs = find_route("PUT", "/v1/blobs");
  EXPECT_EQ(route_of(blobs)->body_bytes_max(), base::limits::blob_bytes_max);
}

}  // namespace
}  // namespace fenghuo::net
