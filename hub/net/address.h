// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fenghuo::net {

// Where to listen.
struct Address {
  // An IPv4 or IPv6 address, no name.
  std::string host = "127.0.0.1";
  // 0 = any free one.
  std::uint16_t port = 0;

  // "127.0.0.1:8600", "[::1]:8600".
  std::string to_string() const;
  bool operator==(const Address&) const = default;
};

// "ADDRESS:PORT" or "[ADDRESS]:PORT"; BAD_ARGUMENT with what to write instead.
base::Result<Address> parse_address(std::string_view text);

// What one sender is counted by: an IPv4 address, or the /64 an IPv6 one lies in.
std::string sender_name(std::string_view host);

bool is_loopback(std::string_view host);

}  // namespace fenghuo::net
