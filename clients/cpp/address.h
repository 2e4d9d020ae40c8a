// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/outcome.h"

#include <string>
#include <string_view>

namespace fenghuo::client {

// Where a hub is.
struct Address {
  bool tls = false;
  std::string host;
  std::string port;
  // What stands before /ws and /v1 behind a proxy; empty or "/some/path" without slash at the end.
  std::string prefix;

  // "host:port" as the Host header wants it.
  std::string authority() const;
};

// How a hub on TLS is known. Its name is always checked.
struct TlsOptions {
  // PEM file of authorities; empty = the system's.
  std::string ca_file;
};

// http, https, ws and wss are understood; the port may be left out.
Outcome<Address> parse_address(std::string_view url);

// Percent-encodes one value of a query string.
std::string encode_query_value(std::string_view text);

}  // namespace fenghuo::client
