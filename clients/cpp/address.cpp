// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/address.h"

#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>

namespace fenghuo::client {

std::string Address::authority() const {
  const bool usual = port == (tls ? "443" : "80");
  const bool v6 = host.find(':') != std::string::npos;
  const std::string name = v6 ? "[" + host + "]" : host;
  return usual ? name : name + ":" + port;
}

Outcome<Address> parse_address(std::string_view url) {
  const std::string usage =
      "\"" + std::string(url) + "\" is no address of a hub; write http://HOST:PORT or https://HOST";
  const auto parsed = boost::urls::parse_uri({url.data(), url.size()});
  if (!parsed) return Failure(Failure::Kind::Usage, usage);
  Address address;
  const std::string scheme(parsed->scheme());
  if (scheme == "https" || scheme == "wss") {
    address.tls = true;
  } else if (scheme != "http" && scheme != "ws") {
    return Failure(Failure::Kind::Usage, usage);
  }
  address.host = parsed->host_address();
  if (address.host.empty()) return Failure(Failure::Kind::Usage, usage);
  address.port = std::string(parsed->port());
  if (address.port.empty()) address.port = address.tls ? "443" : "80";
  address.prefix = std::string(parsed->encoded_path());
  while (!address.prefix.empty() && address.prefix.back() == '/') address.prefix.pop_back();
  return address;
}

std::string encode_query_value(std::string_view text) {
  return boost::urls::encode({text.data(), text.size()}, boost::urls::unreserved_chars);
}

}  // namespace fenghuo::client
