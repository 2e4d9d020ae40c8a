// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/address.h"
#include "clients/cpp/outcome.h"
#include "fenghuo/v1/frame.pb.h"

#include <cstdint>
#include <string>

namespace fenghuo::client {

// The hub's plain requests. Every function blocks until the answer or the timeout; no threads are
// left behind.
struct HttpRequest {
  std::string method = "GET";
  // Path and query below the address, "/v1/login".
  std::string target;
  // Bearer token; empty = none.
  std::string token;
  std::string idempotency_key;
  // JSON; empty = no body.
  std::string body;
  std::int64_t timeout_ms = 15'000;
};

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// Failure only when no answer came.
Outcome<HttpAnswer> send_http(const Address& address, const TlsOptions& tls,
                              const HttpRequest& request);

// POST /v1/login.
Outcome<v1::LoginResponse> login(const Address& address, const TlsOptions& tls,
                                 const v1::LoginRequest& request);

// POST /v1/logout: the token is good for nothing afterwards. Not over a line, which ends with its
// token, perhaps before the answer.
Outcome<v1::Reply> logout(const Address& address, const TlsOptions& tls, const std::string& token);

// POST /v1/commands. `idempotency_key` "DEVICE:N" or any word: the same again gives the first
// result.
Outcome<v1::Reply> post_command(const Address& address, const TlsOptions& tls,
                                const std::string& token, const std::string& idempotency_key,
                                const v1::Command& command);

// GET /v1/channels/{id}/messages.
Outcome<v1::HistoryResult> get_history(const Address& address, const TlsOptions& tls,
                                       const std::string& token, const v1::HistoryQuery& query);

// GET /v1/search.
Outcome<v1::SearchResult> get_search(const Address& address, const TlsOptions& tls,
                                     const std::string& token, const v1::SearchQuery& query);

}  // namespace fenghuo::client
