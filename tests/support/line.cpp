// SPDX-License-Identifier: Apache-2.0
#include "tests/support/line.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/json.hpp>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/delimited_message_util.h>
#include <google/protobuf/util/json_util.h>

#include <chrono>
#include <stdexcept>

namespace fenghuo::testing {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace beast_http = beast::http;
namespace websocket = beast::websocket;
namespace json = boost::json;
using asio::ip::tcp;

// No test measures it: only a hub that hangs ever waits so long.
constexpr std::chrono::seconds patience{60};

tcp::endpoint here(std::uint16_t port) { return {asio::ip::make_address("127.0.0.1"), port}; }

void wait_for(asio::io_context& io, const bool& done) {
  io.restart();
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!done && std::chrono::steady_clock::now() < give_up) io.run_one_for(patience);
  if (!done) throw std::runtime_error("the hub says nothing");
}

void parse_binary(const std::string& message, std::deque<v1::ServerFrame>& frames) {
  google::protobuf::io::ArrayInputStream in(message.data(), static_cast<int>(message.size()));
  for (bool clean_end = false;;) {
    v1::ServerFrame frame;
    if (!google::protobuf::util::ParseDelimitedFromZeroCopyStream(&frame, &in, &clean_end)) {
      if (!clean_end) throw std::runtime_error("a frame that is none");
      return;
    }
    frames.push_back(std::move(frame));
  }
}

void parse_json(const std::string& message, std::deque<v1::ServerFrame>& frames) {
  const json::value value = json::parse(message);
  const json::array many = value.is_array() ? value.as_array() : json::array{value};
  for (const json::value& one : many) {
    v1::ServerFrame frame;
    const auto parsed = google::protobuf::util::JsonStringToMessage(json::serialize(one), &frame);
    if (!parsed.ok()) throw std::runtime_error("a frame that is none: " + parsed.ToString());
    frames.push_back(std::move(frame));
  }
}

}  // namespace

std::string HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (beast::iequals(key, beast::string_view(name.data(), name.size()))) return value;
  }
  return {};
}

HttpAnswer http(std::uint16_t port, const std::string& method, const std::string& target,
                const std::vector<std::pair<std::string, std::string>>& headers,
                const std::string& body) {
  asio::io_context io;
  tcp::socket socket(io);
  beast::error_code ec;
  socket.connect(here(port), ec);
  HttpAnswer answer;
  if (ec) return answer;
  beast_http::request<beast_http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(beast_http::field::host, "127.0.0.1");
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = body;
  request.prepare_payload();
  // A hub that refuses early may close before all was sent; its answer counts.
  beast_http::write(socket, request, ec);
  beast::flat_buffer buffer;
  beast_http::response_parser<beast_http::string_body> parser;
  parser.body_limit(64 * 1024 * 1024);
  if (method == "HEAD") parser.skip(true);
  beast_http::read(socket, buffer, parser, ec);
  if (ec) return answer;
  answer.status = static_cast<int>(parser.get().result_int());
  for (const auto& field : parser.get()) {
    answer.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  answer.body = parser.get().body();
  return answer;
}

HttpAnswer http_as(const std::string& token, std::uint16_t port, const std::string& method,
                   const std::string& target, const std::string& body) {
  return http(port, method, target, {{"Authorization", "Bearer " + token}}, body);
}

std::string raw(std::uint16_t port, const std::string& bytes) {
  asio::io_context io;
  tcp::socket socket(io);
  beast::error_code ec;
  socket.connect(here(port), ec);
  asio::write(socket, asio::buffer(bytes), ec);
  std::string all;
  asio::read(socket, asio::dynamic_buffer(all), ec);
  return all;
}

struct Line::Inside {
  asio::io_context io;
  websocket::stream<tcp::socket> stream{io};
  bool is_binary = false;
  bool connected = false;
  int status = 0;
  std::deque<v1::ServerFrame> frames;

  // One message more into `frames`; false = ended.
  bool read() {
    beast::flat_buffer buffer;
    bool done = false;
    beast::error_code result;
    stream.async_read(buffer, [&](beast::error_code ec, std::size_t) {
      done = true;
      result = ec;
    });
    wait_for(io, done);
    if (result) return false;
    const std::string message = beast::buffers_to_string(buffer.data());
    if (stream.got_binary()) {
      parse_binary(message, frames);
    } else {
      parse_json(message, frames);
    }
    return true;
  }

  void write(const std::string& message, bool binary) {
    stream.binary(binary);
    beast::error_code ignored;
    stream.write(asio::buffer(message), ignored);
  }
};

Line::Line(std::uint16_t port, const std::string& subprotocol)
    : inside_(std::make_unique<Inside>()) {
  inside_->is_binary = subprotocol == "fenghuo.v1.proto";
  beast::error_code ec;
  inside_->stream.next_layer().connect(here(port), ec);
  if (ec) return;
  // Masked frames leave in pieces: without this each waits for a delayed acknowledgement.
  inside_->stream.next_layer().set_option(tcp::no_delay(true), ec);
  inside_->stream.set_option(
      websocket::stream_base::decorator([&subprotocol](websocket::request_type& request) {
        if (!subprotocol.empty()) {
          request.set(beast_http::field::sec_websocket_protocol, subprotocol);
        }
      }));
  inside_->stream.read_message_max(64 * 1024 * 1024);
  websocket::response_type response;
  inside_->stream.handshake(response, "127.0.0.1", "/ws", ec);
  inside_->connected = !ec;
  inside_->status = static_cast<int>(response.result_int());
}

Line::~Line() = default;

bool Line::connected() const { return inside_->connected; }
int Line::handshake_status() const { return inside_->status; }
void Line::send_text(const std::string& message) { inside_->write(message, false); }
void Line::send_binary(const std::string& message) { inside_->write(message, true); }

void Line::send(const v1::ClientFrame& frame) {
  std::string message;
  if (inside_->is_binary) {
    google::protobuf::io::StringOutputStream out(&message);
    google::protobuf::util::SerializeDelimitedToZeroCopyStream(frame, &out);
  } else {
    static_cast<void>(google::protobuf::util::MessageToJsonString(frame, &message));
  }
  inside_->write(message, inside_->is_binary);
}

void Line::hello(const std::string& token, const std::string& device,
                 std::optional<std::pair<std::string, std::uint64_t>> resume) {
  v1::ClientFrame frame;
  frame.mutable_hello()->set_token(token);
  frame.mutable_hello()->set_device(device);
  if (resume) {
    frame.mutable_hello()->mutable_resume()->set_epoch(resume->first);
    frame.mutable_hello()->mutable_resume()->set_position(resume->second);
  }
  send(frame);
}

void Line::submit(std::uint64_t n, const v1::Command& command) {
  v1::ClientFrame frame;
  frame.mutable_submit()->set_n(n);
  *frame.mutable_submit()->mutable_command() = command;
  send(frame);
}

std::optional<v1::ServerFrame> Line::next() {
  while (inside_->frames.empty()) {
    if (!inside_->read()) return std::nullopt;
  }
  v1::ServerFrame frame = std::move(inside_->frames.front());
  inside_->frames.pop_front();
  return frame;
}

std::optional<v1::ServerFrame> Line::next(v1::ServerFrame::KindCase kind) {
  for (std::size_t i = 0;;) {
    for (; i < inside_->frames.size(); ++i) {
      if (inside_->frames[i].kind_case() != kind) continue;
      v1::ServerFrame frame = std::move(inside_->frames[i]);
      inside_->frames.erase(inside_->frames.begin() + static_cast<std::ptrdiff_t>(i));
      return frame;
    }
    if (!inside_->read()) return std::nullopt;
  }
}

std::optional<v1::Reply> Line::reply(std::uint64_t n) {
  const auto frame = next(v1::ServerFrame::kReply);
  if (!frame || frame->reply().n() != n) return std::nullopt;
  return frame->reply();
}

int Line::close_code() {
  while (inside_->read()) {
  }
  return inside_->stream.reason().code;
}

std::string Line::close_reason() const {
  return std::string(inside_->stream.reason().reason.data(),
                     inside_->stream.reason().reason.size());
}

void Line::cut() {
  beast::error_code ignored;
  inside_->stream.next_layer().close(ignored);
}

}  // namespace fenghuo::testing
