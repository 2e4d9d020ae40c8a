// SPDX-License-Identifier: Apache-2.0
#pragma once

// A hub that follows a script: blocking sockets on a thread of its own, a free port of loopback.

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "clients/cpp/address.h"
#include "tests/unit/client/hub_bytes.h"

namespace fenghuo::client::test {

class FakeHub {
 public:
  using Socket = boost::beast::websocket::stream<boost::asio::ip::tcp::socket>;

  // One accepted WebSocket.
  class Session {
   public:
    explicit Session(Socket socket, std::string protocol)
        : socket_(std::move(socket)), protocol_(std::move(protocol)) {}

    const std::string& protocol() const { return protocol_; }
    std::vector<v1::ClientFrame> read() {
      boost::beast::flat_buffer buffer;
      boost::system::error_code failed;
      socket_.read(buffer, failed);
      if (failed) return {};
      return client_frames({static_cast<const char*>(buffer.data().data()), buffer.size()});
    }
    void write(const v1::ServerFrame& frame) {
      socket_.binary(true);
      socket_.write(boost::asio::buffer(bytes_of(frame)));
    }
    void close(std::uint16_t code, const std::string& reason) {
      boost::system::error_code ignored;
      socket_.close({static_cast<boost::beast::websocket::close_code>(code), reason}, ignored);
    }
    // Reads until the client has closed.
    void drain() {
      while (!read().empty()) {
      }
    }

   private:
    Socket socket_;
    std::string protocol_;
  };

  explicit FakeHub(std::function<void(FakeHub&)> script)
      : acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}),
        thread_([this, script = std::move(script)] { script(*this); }) {}
  ~FakeHub() { thread_.join(); }

  Address address() const {
    Address address;
    address.host = "127.0.0.1";
    address.port = std::to_string(acceptor_.local_endpoint().port());
    return address;
  }

  Session accept() {
    auto tcp = acceptor_.accept();
    boost::beast::flat_buffer buffer;
    boost::beast::http::request<boost::beast::http::string_body> request;
    boost::beast::http::read(tcp, buffer, request);
    const std::string protocol(request[boost::beast::http::field::sec_websocket_protocol]);
    Socket socket(std::move(tcp));
    socket.set_option(boost::beast::websocket::stream_base::decorator(
        [protocol](boost::beast::websocket::response_type& answer) {
          answer.set(boost::beast::http::field::sec_websocket_protocol, protocol);
        }));
    socket.accept(request);
    return Session(std::move(socket), protocol);
  }

  // Accepts, reads hello, writes the welcome; gives the hello back.
  Session welcome(const v1::ServerFrame& frame, v1::Hello* hello = nullptr) {
    auto session = accept();
    const auto frames = session.read();
    if (hello != nullptr && !frames.empty()) *hello = frames[0].hello();
    session.write(frame);
    return session;
  }

  // One plain request: gives it back and answers it.
  boost::beast::http::request<boost::beast::http::string_body> answer_http(
      unsigned status, const std::string& body) {
    auto tcp = acceptor_.accept();
    boost::beast::flat_buffer buffer;
    boost::beast::http::request<boost::beast::http::string_body> request;
    boost::beast::http::read(tcp, buffer, request);
    boost::beast::http::response<boost::beast::http::string_body> response;
    response.version(11);
    response.result(status);
    response.body() = body;
    response.prepare_payload();
    boost::beast::http::write(tcp, response);
    return request;
  }

  // A port of loopback on which nobody listens.
  static Address nobody() {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
    Address address;
    address.host = "127.0.0.1";
    address.port = std::to_string(acceptor.local_endpoint().port());
    return address;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

}  // namespace fenghuo::client::test
