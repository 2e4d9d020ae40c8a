// SPDX-License-Identifier: Apache-2.0
#include "hub/net/route.h"

#include "hub/base/limits.h"
#include "hub/base/sha256.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <array>
#include <charconv>
#include <limits>
#include <vector>

namespace fenghuo::net {
namespace {

namespace limits = base::limits;

struct Fixed {
  std::string_view method;
  std::string_view path;
  Resource resource;
};

constexpr std::array<Fixed, 13> fixed_routes{{
    {"GET", "/", Resource::Home},
    {"GET", "/ws", Resource::WebSocket},
    {"GET", "/healthz", Resource::Health},
    {"GET", "/readyz", Resource::Ready},
    {"GET", "/metrics", Resource::Metrics},
    {"POST", "/v1/login", Resource::Login},
    {"POST", "/v1/logout", Resource::Logout},
    {"POST", "/v1/commands", Resource::Commands},
    {"GET", "/v1/search", Resource::Search},
    {"GET", "/v1/figures", Resource::Figures},
    {"PUT", "/v1/blobs", Resource::PutBlob},
    {"POST", "/v1/blobs", Resource::PutBlob},
    {"GET", "/v1/openapi.json", Resource::OpenApi},
}};

bool takes(std::string_view expected, std::string_view method) {
  return method == expected || (expected == "GET" && method == "HEAD");
}

NoRoute not_found() {
  return {base::Error(v1::ERROR_CODE_NOT_FOUND, "no such path; see /v1/openapi.json"), {}};
}

NoRoute not_allowed(std::string_view method, std::string allow) {
  return {base::Error(v1::ERROR_CODE_BAD_ARGUMENT,
                      "this path does not take " + std::string(method) + " but " + allow, "method"),
          allow};
}

NoRoute bad_value(std::string_view name, const std::string& why) {
  return {
      base::Error(v1::ERROR_CODE_BAD_ARGUMENT, std::string(name) + ": " + why, std::string(name)),
      {}};
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || stopped != end || text.empty()) return std::nullopt;
  return value;
}

// Walks over the query parameters and remembers the first that is wrong.
class Parameters {
 public:
  explicit Parameters(const boost::urls::url_view& url) {
    for (const auto& param : url.params()) {
      items_.emplace_back(std::string(param.key), std::string(param.value));
    }
  }

  // The value is taken by nobody twice; nullptr = not given.
  const std::string* text(std::string_view name) {
    const std::string* found = nullptr;
    for (auto& [key, value] : items_) {
      if (key != name) continue;
      found = &value;
      known_++;
    }
    return found;
  }

  template <typename Set>
  void number(std::string_view name, std::uint64_t at_most, Set set) {
    const std::string* given = text(name);
    if (given == nullptr) return;
    const auto value = net::number(*given);
    if (!value || *value > at_most) {
      fail(name, "write a number from 0 to " + std::to_string(at_most));
      return;
    }
    set(*value);
  }

  void fail(std::string_view name, const std::string& why) {
    if (!failure_) failure_ = bad_value(name, why);
  }

  // After all known names were asked for.
  std::optional<NoRoute> failure() const {
    if (failure_) return failure_;
    if (known_ != items_.size())
      return bad_value("query", "a parameter that this path does not know");
    return std::nullopt;
  }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
  std::size_t known_ = 0;
  std::optional<NoRoute> failure_;
};

constexpr auto any_number = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

std::variant<Route, NoRoute> history(std::uint64_t channel_id, Parameters parameters) {
  Route route;
  route.resource = Resource::History;
  auto& query = *route.query.mutable_history();
  query.set_channel_id(channel_id);
  parameters.number("before", any_number, [&](auto v) { query.set_before_seq(v); });
  parameters.number("after", any_number, [&](auto v) { query.set_after_seq(v); });
  parameters.number("thread", any_number, [&](auto v) { query.set_thread_root_id(v); });
  parameters.number("limit", limits::history_page_max,
                    [&](auto v) { query.set_limit(static_cast<std::uint32_t>(v)); });
  if (query.before_seq() != 0 && query.has_after_seq()) {
    parameters.fail("after", "write either before or after");
  }
  if (auto failure = parameters.failure()) return *failure;
  return route;
}

std::variant<Route, NoRoute> search(Parameters parameters) {
  Route route;
  route.resource = Resource::Search;
  auto& query = *route.query.mutable_search();
  if (const std::string* text = parameters.text("q")) query.set_text(*text);
  if (query.text().empty()) parameters.fail("q", "write what to search for");
  if (query.text().size() > limits::search_text_bytes_max) {
    parameters.fail("q", "at most " + std::to_string(limits::search_text_bytes_max) + " bytes");
  }
  parameters.number("channel", any_number, [&](auto v) { query.set_channel_id(v); });
  parameters.number("author", any_number, [&](auto v) { query.set_author_id(v); });
  parameters.number("from", any_number,
                    [&](auto v) { query.set_from_us(static_cast<std::int64_t>(v)); });
  parameters.number("until", any_number,
                    [&](auto v) { query.set_until_us(static_cast<std::int64_t>(v)); });
  parameters.number("limit", limits::search_page_max,
                    [&](auto v) { query.set_limit(static_cast<std::uint32_t>(v)); });
  if (const std::string* page = parameters.text("page")) query.set_page_token(*page);
  if (auto failure = parameters.failure()) return *failure;
  return route;
}

std::variant<Route, NoRoute> figures(Parameters parameters) {
  Route route;
  route.resource = Resource::Figures;
  auto& query = *route.query.mutable_figures();
  parameters.number("incident", any_number, [&](auto v) { query.set_incident_id(v); });
  parameters.number("from", any_number, [&](auto v) { query.set_from_position(v); });
  parameters.number("to", any_number, [&](auto v) { query.set_to_position(v); });
  if (auto failure = parameters.failure()) return *failure;
  return route;
}

// "/v1/channels/{id}/messages", "/v1/blobs/{hash}".
std::variant<Route, NoRoute> find_variable(std::string_view method, std::string_view path,
                                           const boost::urls::url_view& url) {
  constexpr std::string_view channels = "/v1/channels/";
  constexpr std::string_view messages = "/messages";
  constexpr std::string_view blobs = "/v1/blobs/";
  if (path.starts_with(channels) && path.ends_with(messages) &&
      path.size() > channels.size() + messages.size()) {
    path.remove_prefix(channels.size());
    path.remove_suffix(messages.size());
    const auto id = number(path);
    if (!id) return not_found();
    if (!takes("GET", method)) return not_allowed(method, "GET");
    return history(*id, Parameters(url));
  }
  if (path.starts_with(blobs)) {
    path.remove_prefix(blobs.size());
    const std::string bytes = base::from_hex(path);
    if (bytes.size() != base::Hash{}.size()) return not_found();
    if (!takes("GET", method)) return not_allowed(method, "GET");
    Route route;
    route.resource = Resource::GetBlob;
    route.hash = base::hash_from_bytes(bytes);
    return route;
  }
  return not_found();
}

}  // namespace

bool Route::needs_token() const {
  switch (resource) {
    case Resource::Logout:
    case Resource::Commands:
    case Resource::History:
    case Resource::Search:
    case Resource::Figures:
    case Resource::PutBlob:
    case Resource::GetBlob: return true;
    case Resource::WebSocket:
    case Resource::Login:
    case Resource::OpenApi:
    case Resource::Health:
    case Resource::Ready:
    case Resource::Metrics:
    case Resource::Home: return false;
  }
  return true;
}

std::size_t Route::body_bytes_max() const {
  switch (resource) {
    case Resource::Commands: return limits::http_body_bytes_max;
    case Resource::PutBlob: return limits::blob_bytes_max;
    case Resource::Login: return limits::http_header_bytes_max;
    // Nothing is read from it, but clients send an empty object.
    case Resource::Logout: return 1024;
    case Resource::WebSocket:
    case Resource::History:
    case Resource::Search:
    case Resource::Figures:
    case Resource::GetBlob:
    case Resource::OpenApi:
    case Resource::Health:
    case Resource::Ready:
    case Resource::Metrics:
    case Resource::Home: return 0;
  }
  return 0;
}

std::variant<Route, NoRoute> find_route(std::string_view method, std::string_view target) {
  const auto url = boost::urls::parse_origin_form({target.data(), target.size()});
  if (!url) return bad_value("target", "not a path with an optional query");
  const boost::core::string_view encoded = url->encoded_path();
  const std::string_view path(encoded.data(), encoded.size());
  std::string allow;
  for (const Fixed& fixed : fixed_routes) {
    if (path != fixed.path) continue;
    if (!takes(fixed.method, method)) {
      allow += (allow.empty() ? "" : ", ") + std::string(fixed.method);
      continue;
    }
    if (fixed.resource == Resource::Search) return search(Parameters(*url));
    if (fixed.resource == Resource::Figures) return figures(Parameters(*url));
    Route route;
    route.resource = fixed.resource;
    return route;
  }
  if (!allow.empty()) return not_allowed(method, allow);
  return find_variable(method, path, *url);
}

}  // namespace fenghuo::net
