// SPDX-License-Identifier: Apache-2.0
#include "hub/net/address.h"

#include <boost/asio/ip/address.hpp>

#include <charconv>

namespace fenghuo::net {
namespace {

using boost::asio::ip::address;

base::Error not_an_address(std::string_view text) {
  return base::Error(v1::ERROR_CODE_BAD_ARGUMENT,
                     "\"" + std::string(text) +
                         "\" is no ADDRESS:PORT; write for example 127.0.0.1:8600 or [::]:8600");
}

// IPv4 written as IPv6 (::ffff:10.0.0.1) counts as the IPv4 address it is.
address plain(std::string_view host) {
  boost::system::error_code ec;
  address parsed = boost::asio::ip::make_address(std::string(host), ec);
  if (ec) return {};
  if (parsed.is_v6() && parsed.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, parsed.to_v6());
  }
  return parsed;
}

}  // namespace

std::string Address::to_string() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

base::Result<Address> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return not_an_address(text);
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != std::string_view::npos) return not_an_address(text);

  Address parsed;
  const char* end = port.data() + port.size();
  const auto [stopped, failure] = std::from_chars(port.data(), end, parsed.port);
  if (failure != std::errc() || stopped != end) return not_an_address(text);
  boost::system::error_code ec;
  parsed.host = boost::asio::ip::make_address(std::string(host), ec).to_string();
  if (ec) return not_an_address(text);
  return parsed;
}

std::string sender_name(std::string_view host) {
  const address parsed = plain(host);
  if (parsed.is_v4()) return parsed.to_string();
  auto bytes = parsed.to_v6().to_bytes();
  for (std::size_t i = 8; i < bytes.size(); ++i) bytes[i] = 0;
  return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

bool is_loopback(std::string_view host) { return plain(host).is_loopback(); }

}  // namespace fenghuo::net
