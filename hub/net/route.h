// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"
#include "hub/base/types.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace fenghuo::net {

enum class Resource {
  WebSocket,
  Login,
  Logout,
  Commands,
  History,
  Search,
  Figures,
  PutBlob,
  GetBlob,
  OpenApi,
  Health,
  Ready,
  Metrics,
  Home,
};

// What a request asks for.
struct Route {
  Resource resource = Resource::Home;
  // History, search and figures.
  v1::Query query;
  // Blobs.
  base::Hash hash{};

  // Answered only to a bearer of a token.
  bool needs_token() const;
  // The largest body read; 0 = none is taken.
  std::size_t body_bytes_max() const;
};

// Why there is no route: NOT_FOUND; BAD_ARGUMENT with the field; or 405 with the methods allowed.
struct NoRoute {
  base::Error error;
  // Empty unless the path is known with other methods.
  std::string allow;
};

// Pure. `target` is path and query as sent. HEAD is taken where GET is.
std::variant<Route, NoRoute> find_route(std::string_view method, std::string_view target);

}  // namespace fenghuo::net
