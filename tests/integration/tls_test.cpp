// SPDX-License-Identifier: Apache-2.0
// The same hub behind TLS.
#include "hub/base/check.h"
#include "tests/integration/real_hub.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>

namespace fenghuo::testing {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = asio::ssl;

// A key and a certificate for 127.0.0.1 that it signed itself, as PEM files.
void write_certificate(const std::string& certificate_file, const std::string& key_file) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3'600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3'600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>("127.0.0.1");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  FENGHUO_CHECK(X509_sign(certificate, key, EVP_sha256()) > 0);
  std::FILE* out = std::fopen(certificate_file.c_str(), "w");
  PEM_write_X509(out, certificate);
  std::fclose(out);
  out = std::fopen(key_file.c_str(), "w");
  PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(out);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

class Tls : public RealHub {
 protected:
  void SetUp() override {
    RealHub::SetUp();
    certificate_ = (files_.path() / "hub.crt").string();
    key_ = (files_.path() / "hub.key").string();
    write_certificate(certificate_, key_);
  }

  // The error of the handshake, if there is one.
  beast::error_code handshake(ssl::stream<asio::ip::tcp::socket>& stream) {
    beast::error_code ec;
    stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), port()}, ec);
    if (!ec) stream.handshake(ssl::stream_base::client, ec);
    return ec;
  }

  storage::TemporaryFolder files_;
  std::string certificate_;
  std::string key_;
  asio::io_context io_;
};

TEST_F(Tls, ServesRequestsAndSessions) {
  start({"--tls-cert", certificate_, "--tls-key", key_});
  EXPECT_NE(hub_->log().find("ready on https://127.0.0.1:"), std::string::npos);
  ssl::context context(ssl::context::tls_client);
  context.load_verify_file(certificate_);
  context.set_verify_mode(ssl::verify_peer);

  ssl::stream<asio::ip::tcp::socket> request_stream(io_, context);
  ASSERT_FALSE(handshake(request_stream));
  beast::http::request<beast::http::empty_body> request(beast::http::verb::get, "/readyz", 11);
  request.set(beast::http::field::host, "127.0.0.1");
  beast::http::write(request_stream, request);
  beast::flat_buffer buffer;
  beast::http::response<beast::http::string_body> response;
  beast::http::read(request_stream, buffer, response);
  EXPECT_EQ(response.result_int(), 200u);

  beast::websocket::stream<ssl::stream<asio::ip::tcp::socket>> line(io_, context);
  ASSERT_FALSE(handshake(line.next_layer()));
  line.set_option(
      beast::websocket::stream_base::decorator([](beast::websocket::request_type& upgrade) {
        upgrade.set(beast::http::field::sec_websocket_protocol, json);
      }));
  line.handshake("127.0.0.1", "/ws");
  const std::string hello = R"({"hello":{"token":")" + tokens_.at("ann") + R"(","device":"d"}})";
  line.write(asio::buffer(hello));
  beast::flat_buffer message;
  line.read(message);
  EXPECT_NE(beast::buffers_to_string(message.data()).find(R"("welcome":)"), std::string::npos);
}

TEST_F(Tls, OldVersionsAndPlainTextGetNothing) {
  start({"--tls-cert", certificate_, "--tls-key", key_});
  ssl::context old(ssl::context::tls_client);
  SSL_CTX_set_max_proto_version(old.native_handle(), TLS1_1_VERSION);
  // So that it is the hub that refuses, not the client's own policy.
  SSL_CTX_set_security_level(old.native_handle(), 0);
  ssl::stream<asio::ip::tcp::socket> stream(io_, old);
  EXPECT_TRUE(handshake(stream));
  EXPECT_EQ(http(port(), "GET", "/healthz").status, 0);
  EXPECT_TRUE(hub_->wait_for_line("no TLS handshake"));
}

TEST_F(Tls, FilesThatCannotBeUsedAreNamed) {
  const auto hub =
      HubProcess::on(folder_.path().string(), {"--tls-cert", key_ + ".no", "--tls-key", key_});
  EXPECT_EQ(hub->wait(), 2);
  EXPECT_NE(hub->log().find(key_ + ".no"), std::string::npos) << hub->log();
}

}  // namespace
}  // namespace fenghuo::testing
