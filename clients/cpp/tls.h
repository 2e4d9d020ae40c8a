// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to the shells: Asio's TLS context of a client.

#include "clients/cpp/address.h"
#include "clients/cpp/outcome.h"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <openssl/ssl.h>

#include <string>

namespace fenghuo::client {

// TLS 1.2 or later, peer verified.
inline Outcome<boost::asio::ssl::context> make_tls_context(const TlsOptions& tls) {
  namespace ssl = boost::asio::ssl;
  ssl::context context(ssl::context::tls_client);
  boost::system::error_code failed;
  context.set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, failed);
  context.set_verify_mode(ssl::verify_peer, failed);
  if (tls.ca_file.empty()) {
    context.set_default_verify_paths(failed);
  } else {
    context.load_verify_file(tls.ca_file, failed);
  }
  if (failed) {
    return Failure(Failure::Kind::Local,
                   "cannot read authorities " + tls.ca_file + ": " + failed.message());
  }
  return context;
}

// The name is sent (SNI) and must be in the certificate.
template <typename Stream>
void expect_host(SSL* ssl, Stream& stream, const std::string& host) {
  // What the macro SSL_set_tlsext_host_name does, without its old-style cast.
  std::string name = host;
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  stream.set_verify_callback(boost::asio::ssl::host_name_verification(host));
}

}  // namespace fenghuo::client
