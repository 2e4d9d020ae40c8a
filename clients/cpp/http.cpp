// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/http.h"

#include "clients/cpp/tls.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <google/protobuf/util/json_util.h>

#include <chrono>
#include <optional>

namespace fenghuo::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t body_bytes_max = 64 * 1024 * 1024;

struct Exchange {
  Address address;
  TlsOptions tls;
  HttpRequest request;
  HttpAnswer answer;
  std::string failed;
};

http::request<http::string_body> to_wire(const Exchange& exchange) {
  const auto& request = exchange.request;
  http::request<http::string_body> wire;
  wire.version(11);
  wire.method_string(request.method);
  wire.target(exchange.address.prefix + request.target);
  wire.set(http::field::host, exchange.address.authority());
  wire.set(http::field::user_agent, "fenghuo-client");
  wire.set(http::field::accept, "application/json");
  if (!request.token.empty()) wire.set(http::field::authorization, "Bearer " + request.token);
  if (!request.idempotency_key.empty()) wire.set("Idempotency-Key", request.idempotency_key);
  if (!request.body.empty()) {
    wire.set(http::field::content_type, "application/json");
    wire.body() = request.body;
  }
  wire.keep_alive(false);
  wire.prepare_payload();
  return wire;
}

template <typename Stream>
asio::awaitable<void> exchange_over(Stream& stream, Exchange& exchange) {
  const auto wire = to_wire(exchange);
  auto [write_error, wrote] = co_await http::async_write(stream, wire, as_values);
  if (write_error) {
    exchange.failed = write_error.message();
    co_return;
  }
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(body_bytes_max);
  auto [read_error, read] = co_await http::async_read(stream, buffer, parser, as_values);
  if (read_error) {
    exchange.failed = read_error.message();
    co_return;
  }
  exchange.answer.status = parser.get().result_int();
  exchange.answer.body = std::move(parser.get().body());
}

asio::awaitable<void> run(Exchange& exchange, asio::io_context& io) {
  asio::ip::tcp::resolver resolver(io);
  auto [resolve_error, places] =
      co_await resolver.async_resolve(exchange.address.host, exchange.address.port, as_values);
  if (resolve_error) {
    exchange.failed = resolve_error.message();
    co_return;
  }
  beast::tcp_stream tcp(io);
  tcp.expires_after(std::chrono::milliseconds(exchange.request.timeout_ms));
  auto [connect_error, place] = co_await tcp.async_connect(places, as_values);
  if (connect_error) {
    exchange.failed = connect_error.message();
    co_return;
  }
  if (!exchange.address.tls) {
    co_await exchange_over(tcp, exchange);
    co_return;
  }
  auto context = make_tls_context(exchange.tls);
  if (!context) {
    exchange.failed = context.error().message();
    co_return;
  }
  beast::ssl_stream<beast::tcp_stream> secure(std::move(tcp), *context);
  expect_host(secure.native_handle(), secure, exchange.address.host);
  auto [tls_error] = co_await secure.async_handshake(asio::ssl::stream_base::client, as_values);
  if (tls_error) {
    exchange.failed = tls_error.message();
    co_return;
  }
  co_await exchange_over(secure, exchange);
}

template <typename Message>
Outcome<Message> read_answer(const Outcome<HttpAnswer>& answer) {
  if (!answer) return answer.error();
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  Message message;
  if (answer->status < 300 &&
      google::protobuf::util::JsonStringToMessage(answer->body, &message, options).ok()) {
    return message;
  }
  v1::Error error;
  if (google::protobuf::util::JsonStringToMessage(answer->body, &error, options).ok() &&
      error.code() != v1::ERROR_CODE_UNSPECIFIED) {
    return Failure(error);
  }
  return Failure(Failure::Kind::Unreachable,
                 "no answer of a hub (HTTP " + std::to_string(answer->status) + ")");
}

// A refusal may come as the reply of the socket, whatever the status.
Outcome<v1::Reply> read_reply(const Outcome<HttpAnswer>& answer) {
  if (!answer) return answer.error();
  v1::Reply reply;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (google::protobuf::util::JsonStringToMessage(answer->body, &reply, options).ok() &&
      reply.outcome_case() != v1::Reply::OUTCOME_NOT_SET) {
    return reply;
  }
  return read_answer<v1::Reply>(answer);
}

std::string to_json(const google::protobuf::Message& message) {
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json).ok()) json = "{}";
  return json;
}

}  // namespace

Outcome<HttpAnswer> send_http(const Address& address, const TlsOptions& tls,
                              const HttpRequest& request) {
  // Before the io_context: what is suspended in it refers to the exchange.
  Exchange exchange{address, tls, request, {}, {}};
  asio::io_context io;
  asio::co_spawn(io, run(exchange, io), asio::detached);
  // The resolver has no timeout of its own: the whole is bounded here.
  io.run_for(std::chrono::milliseconds(request.timeout_ms));
  if (exchange.answer.status != 0) return exchange.answer;
  if (exchange.failed.empty()) exchange.failed = "no answer in time";
  return Failure(Failure::Kind::Unreachable, exchange.failed);
}

Outcome<v1::LoginResponse> login(const Address& address, const TlsOptions& tls,
                                 const v1::LoginRequest& request) {
  HttpRequest http_request;
  http_request.method = "POST";
  http_request.target = "/v1/login";
  http_request.body = to_json(request);
  return read_answer<v1::LoginResponse>(send_http(address, tls, http_request));
}

Outcome<v1::Reply> logout(const Address& address, const TlsOptions& tls, const std::string& token) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/v1/logout";
  request.token = token;
  return read_reply(send_http(address, tls, request));
}

Outcome<v1::Reply> post_command(const Address& address, const TlsOptions& tls,
                                const std::string& token, const std::string& idempotency_key,
                                const v1::Command& command) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/v1/commands";
  request.token = token;
  request.idempotency_key = idempotency_key;
  request.body = to_json(command);
  return read_reply(send_http(address, tls, request));
}

Outcome<v1::HistoryResult> get_history(const Address& address, const TlsOptions& tls,
                                       const std::string& token, const v1::HistoryQuery& query) {
  HttpRequest request;
  request.token = token;
  request.target = "/v1/channels/" + std::to_string(query.channel_id()) +
                   "/messages?before=" + std::to_string(query.before_seq()) +
                   "&limit=" + std::to_string(query.limit());
  return read_answer<v1::HistoryResult>(send_http(address, tls, request));
}

Outcome<v1::SearchResult> get_search(const Address& address, const TlsOptions& tls,
                                     const std::string& token, const v1::SearchQuery& query) {
  HttpRequest request;
  request.token = token;
  request.target = "/v1/search?q=" + encode_query_value(query.text());
  if (query.channel_id() != 0) request.target += "&channel=" + std::to_string(query.channel_id());
  if (query.limit() != 0) request.target += "&limit=" + std::to_string(query.limit());
  if (!query.page_token().empty()) {
    request.target += "&page_token=" + encode_query_value(query.page_token());
  }
  return read_answer<v1::SearchResult>(send_http(address, tls, request));
}

}  // namespace fenghuo::client
