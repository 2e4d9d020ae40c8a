// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/client/fake_hub.h"

#include "tests/unit/client/hub_bytes.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <thread>
#include <utility>

namespace fenghuo::client::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace ws = boost::beast::websocket;

Address address_of(const asio::ip::tcp::acceptor& acceptor) {
  Address address;
  address.host = "127.0.0.1";
  address.port = std::to_string(acceptor.local_endpoint().port());
  return address;
}

const asio::ip::tcp::endpoint& any_port() {
  static const asio::ip::tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), 0);
  return endpoint;
}

}  // namespace

struct FakeHub::Session::Socket {
  ws::stream<asio::ip::tcp::socket> stream;
  std::string protocol;
};

struct FakeHub::Parts {
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor{io, any_port()};
  std::thread thread;
};

FakeHub::Session::Session(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) {}
FakeHub::Session::Session(Session&&) noexcept = default;
FakeHub::Session::~Session() = default;

const std::string& FakeHub::Session::protocol() const { return socket_->protocol; }

std::vector<v1::ClientFrame> FakeHub::Session::read() {
  beast::flat_buffer buffer;
  boost::system::error_code failed;
  socket_->stream.read(buffer, failed);
  if (failed) return {};
  return client_frames({static_cast<const char*>(buffer.data().data()), buffer.size()});
}

void FakeHub::Session::write(const v1::ServerFrame& frame) {
  socket_->stream.binary(true);
  socket_->stream.write(asio::buffer(bytes_of(frame)));
}

void FakeHub::Session::close(std::uint16_t code, const std::string& reason) {
  boost::system::error_code ignored;
  socket_->stream.close({static_cast<ws::close_code>(code), reason}, ignored);
}

void FakeHub::Session::drain() {
  while (!read().empty()) {
  }
}

FakeHub::FakeHub(std::function<void(FakeHub&)> script) : parts_(std::make_unique<Parts>()) {
  parts_->thread = std::thread([this, script = std::move(script)] { script(*this); });
}

FakeHub::~FakeHub() { parts_->thread.join(); }

Address FakeHub::address() const { return address_of(parts_->acceptor); }

FakeHub::Session FakeHub::accept() {
  auto tcp = parts_->acceptor.accept();
  beast::flat_buffer buffer;
  http::request<http::string_body> request;
  http::read(tcp, buffer, request);
  const std::string protocol(request[http::field::sec_websocket_protocol]);
  auto socket = std::make_unique<Session::Socket>(
      Session::Socket{ws::stream<asio::ip::tcp::socket>(std::move(tcp)), protocol});
  socket->stream.set_option(ws::stream_base::decorator([protocol](ws::response_type& answer) {
    answer.set(http::field::sec_websocket_protocol, protocol);
  }));
  socket->stream.accept(request);
  return Session(std::move(socket));
}

FakeHub::Session FakeHub::welcome(const v1::ServerFrame& frame, v1::Hello* hello) {
  auto session = accept();
  const auto frames = session.read();
  if (hello != nullptr && !frames.empty()) *hello = frames[0].hello();
  session.write(frame);
  return session;
}

FakeHub::Request FakeHub::answer_http(unsigned status, const std::string& body) {
  auto tcp = parts_->acceptor.accept();
  beast::flat_buffer buffer;
  http::request<http::string_body> request;
  http::read(tcp, buffer, request);
  http::response<http::string_body> response;
  response.version(11);
  response.result(status);
  response.body() = body;
  response.prepare_payload();
  http::write(tcp, response);
  return {std::string(request.method_string()), std::string(request.target()),
          std::string(request[http::field::authorization]), std::string(request["Idempotency-Key"]),
          request.body()};
}

Address FakeHub::nobody() {
  asio::io_context io;
  const asio::ip::tcp::acceptor acceptor(io, any_port());
  return address_of(acceptor);
}

}  // namespace fenghuo::client::test
