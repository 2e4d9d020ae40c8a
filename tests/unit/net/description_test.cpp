// SPDX-License-Identifier: Apache-2.0
#include "hub/net/embedded.h"
#include "hub/net/metrics.h"
#include "hub/net/route.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace fenghuo::net {
namespace {

namespace json = boost::json;

TEST(OpenApi, DescribesOnlyRoutesThatExistAndSaysWhichNeedAToken) {
  const json::value document = json::parse({openapi_json.data(), openapi_json.size()});
  EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
  std::size_t operations = 0;
  for (const auto& [template_path, methods] : document.at("paths").as_object()) {
    std::string path(template_path);
    const auto fill = [&path](std::string_view hole, const std::string& value) {
      const auto at = path.find(hole);
      if (at != std::string::npos) path.replace(at, hole.size(), value);
    };
    fill("{id}", "7");
    fill("{hash}", std::string(64, 'a'));
    if (path == "/v1/search") path += "?q=a";
    for (const auto& [name, operation] : methods.as_object()) {
      std::string method(name);
      std::transform(method.begin(), method.end(), method.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      const auto found = find_route(method, path);
      ASSERT_TRUE(std::holds_alternative<Route>(found)) << method << " " << path;
      const bool says_token = !operation.at("security").as_array().empty();
      EXPECT_EQ(std::get<Route>(found).needs_token(), says_token) << method << " " << path;
      ++operations;
    }
  }
  EXPECT_EQ(operations, 12u);
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
  const json::value document = json::parse({openapi_json.data(), openapi_json.size()});
  const json::object& schemas = document.at("components").at("schemas").as_object();
  const std::string_view text = openapi_json;
  constexpr std::string_view prefix = "#/components/schemas/";
  std::size_t references = 0;
  for (auto at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1)) {
    const auto start = at + prefix.size();
    const std::string_view name = text.substr(start, text.find('"', start) - start);
    EXPECT_TRUE(schemas.contains({name.data(), name.size()})) << name;
    ++references;
  }
  EXPECT_GT(references, 20u);
}

TEST(Metrics, SumsTheShards) {
  Standing standing;
  Traffic one;
  Traffic other;
  Traffic::add(one.sessions, 3);
  Traffic::add(other.sessions, 4);
  Traffic::add(other.answers.at(4), 2);
  const std::string text = metrics_text(standing, nullptr, {&one, &other});
  EXPECT_NE(text.find("\nfenghuo_sessions 7\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nfenghuo_http_answers_total{status=\"4xx\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("fenghuo_ready 0\n"), std::string::npos);
}

}  // namespace
}  // namespace fenghuo::net
