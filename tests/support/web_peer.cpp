// SPDX-License-Identifier: Apache-2.0
#include "tests/support/web_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace fenghuo::testing {
namespace {

constexpr int patience_ms = 60'000;

}  // namespace

WebPeer::WebPeer(std::uint16_t port) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("nobody listens on port " + std::to_string(port));
  }
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

WebPeer::WebPeer(WebPeer&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), read_(std::move(other.read_)) {}

WebPeer::~WebPeer() {
  if (socket_ >= 0) ::close(socket_);
}

WebPeer WebPeer::open(std::uint16_t port, std::string_view protocol) {
  WebPeer peer(port);
  peer.send(
      "GET /ws HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: " +
      std::string(protocol) + "\r\n\r\n");
  const Response response = peer.read_response();
  if (response.status != 101) {
    throw std::runtime_error("no upgrade: " + std::to_string(response.status) + response.body);
  }
  return peer;
}

void WebPeer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    // The hub has ended it: what it said before can still be read.
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool WebPeer::fill() {
  pollfd readable{socket_, POLLIN, 0};
  if (::poll(&readable, 1, patience_ms) <= 0) throw std::runtime_error("the hub says nothing");
  std::array<char, 16 * 1024> piece{};
  const ssize_t got = ::recv(socket_, piece.data(), piece.size(), 0);
  if (got <= 0) return false;
  read_.append(piece.data(), static_cast<std::size_t>(got));
  return true;
}

WebPeer::Response WebPeer::read_response() {
  std::size_t end = 0;
  while ((end = read_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) throw std::runtime_error("no response: " + read_);
  }
  Response response;
  response.header = read_.substr(0, end + 2);
  read_.erase(0, end + 4);
  response.status = std::stoi(response.header.substr(response.header.find(' ')));
  std::transform(response.header.begin(), response.header.end(), response.header.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string field = "\r\ncontent-length: ";
  const std::size_t at = response.header.find(field);
  if (at == std::string::npos) return response;
  const std::size_t length = std::stoul(response.header.substr(at + field.size()));
  while (read_.size() < length) {
    if (!fill()) throw std::runtime_error("half a response");
  }
  response.body = read_.substr(0, length);
  read_.erase(0, length);
  return response;
}

std::string WebPeer::frame(int opcode, std::string_view payload, Shape shape) {
  std::string out;
  out.push_back(static_cast<char>((shape.fin ? 0x80 : 0) | shape.rsv << 4 | opcode));
  const int masked = shape.mask ? 0x80 : 0;
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(masked | static_cast<int>(payload.size())));
  } else {
    const int bytes = payload.size() < 65'536 ? 2 : 8;
    out.push_back(static_cast<char>(masked | (bytes == 2 ? 126 : 127)));
    for (int i = bytes - 1; i >= 0; --i) {
      out.push_back(static_cast<char>(payload.size() >> (8 * i) & 0xFF));
    }
  }
  if (!shape.mask) return out.append(payload);
  const std::array<char, 4> key{'\x37', '\x5a', '\x01', '\x7e'};
  out.append(key.data(), key.size());
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out.push_back(static_cast<char>(payload[i] ^ key[i % 4]));
  }
  return out;
}

int WebPeer::Frame::close_code() const {
  if (opcode != CloseFrame || payload.size() < 2) return 0;
  return static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
}

std::optional<WebPeer::Frame> WebPeer::read_frame() {
  const auto need = [this](std::size_t bytes) {
    while (read_.size() < bytes) {
      if (!fill()) return false;
    }
    return true;
  };
  const auto byte = [this](std::size_t at) { return static_cast<unsigned char>(read_[at]); };
  if (!need(2)) return std::nullopt;
  Frame frame;
  frame.fin = (byte(0) & 0x80) != 0;
  frame.opcode = byte(0) & 0x0F;
  std::size_t head = 2;
  std::size_t length = byte(1) & 0x7F;
  if ((byte(1) & 0x80) != 0) throw std::runtime_error("the hub must not mask");
  if (length >= 126) {
    const std::size_t bytes = length == 126 ? 2 : 8;
    if (!need(2 + bytes)) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < bytes; ++i) length = length << 8 | byte(2 + i);
    head += bytes;
  }
  if (!need(head + length)) return std::nullopt;
  frame.payload = read_.substr(head, length);
  read_.erase(0, head + length);
  return frame;
}

int WebPeer::read_close() {
  while (const auto frame = read_frame()) {
    if (frame->opcode == CloseFrame) return frame->close_code();
  }
  return 0;
}

}  // namespace fenghuo::testing
