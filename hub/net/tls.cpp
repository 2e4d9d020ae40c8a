// SPDX-License-Identifier: Apache-2.0
#include "hub/net/tls.h"

#include <openssl/ssl.h>

namespace fenghuo::net {
namespace {

base::Error unusable(const std::string& file, const boost::system::error_code& ec) {
  return base::Error(v1::ERROR_CODE_BAD_ARGUMENT,
                     file + ": " + ec.message() + "; give a PEM file the hub may read");
}

}  // namespace

base::Result<std::shared_ptr<boost::asio::ssl::context>> open_tls(const std::string& certificate,
                                                                  const std::string& key) {
  using boost::asio::ssl::context;
  auto tls = std::make_shared<context>(context::tls_server);
  tls->set_options(context::default_workarounds | context::no_sslv2 | context::no_sslv3 |
                   context::no_tlsv1 | context::no_tlsv1_1);
  // Buffers of a quiet connection are given back: most connections are quiet.
  SSL_CTX_set_mode(tls->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(tls->native_handle(), SSL_SESS_CACHE_OFF);
  boost::system::error_code ec;
  tls->use_certificate_chain_file(certificate, ec);
  if (ec) return unusable(certificate, ec);
  tls->use_private_key_file(key, context::pem, ec);
  if (ec) return unusable(key, ec);
  return tls;
}

}  // namespace fenghuo::net
