// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/load_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>

namespace fenghuo::bench {
namespace {

constexpr int text_opcode = 1;
constexpr int binary_opcode = 2;
constexpr int close_opcode = 8;
constexpr int ping_opcode = 9;
constexpr int pong_opcode = 10;

std::array<char, 1 << 20> shared_read_buffer;

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

// Whole server frame at the front of `bytes`; 0 = incomplete.
struct Head {
  int opcode = 0;
  std::size_t head_bytes = 0;
  std::size_t payload_bytes = 0;
};

bool parse_head(std::string_view bytes, Head& head) {
  if (bytes.size() < 2) return false;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  head.opcode = byte(0) & 0x0F;
  std::uint64_t length = byte(1) & 0x7F;
  head.head_bytes = 2;
  const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (bytes.size() < 2 + extra) return false;
  if (extra != 0) {
    length = 0;
    for (std::size_t i = 0; i < extra; ++i) length = length << 8 | byte(2 + i);
    head.head_bytes += extra;
  }
  head.payload_bytes = length;
  return bytes.size() >= head.head_bytes + head.payload_bytes;
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (wrote <= 0) throw std::runtime_error("bench: cannot write to the hub");
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

}  // namespace

double now_s() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

LoadClient::LoadClient(std::uint16_t port, const std::string& token, const std::string& device,
                       OnMessage on_message)
    : on_message_(std::move(on_message)) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("bench: cannot connect to the hub");
  }
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  write_all(fd_,
            "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: fenghuo.v1.proto\r\n\r\n");
  std::string answer;
  while (answer.find("\r\n\r\n") == std::string::npos) {
    char c = 0;
    if (::recv(fd_, &c, 1, 0) != 1) throw std::runtime_error("bench: no handshake: " + answer);
    answer.push_back(c);
  }
  if (!answer.starts_with("HTTP/1.1 101")) throw std::runtime_error("bench: refused: " + answer);
  v1::ClientFrame hello;
  hello.mutable_hello()->set_token(token);
  hello.mutable_hello()->set_device(device);
  hello.mutable_hello()->set_client("fenghuo-bench");
  queue(hello);
  flush();
}

LoadClient::~LoadClient() {
  if (fd_ >= 0) ::close(fd_);
}

void LoadClient::queue(const v1::ClientFrame& frame) {
  append_varint(queued_, frame.ByteSizeLong());
  frame.AppendToString(&queued_);
}

void LoadClient::flush() {
  if (queued_.empty()) return;
  send_message(binary_opcode, queued_);
  queued_.clear();
}

void LoadClient::send_message(int opcode, std::string_view payload) {
  unsent_.push_back(static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    unsent_.push_back(static_cast<char>(0x80 | payload.size()));
  } else {
    const int bytes = payload.size() < 65536 ? 2 : 8;
    unsent_.push_back(static_cast<char>(0x80 | (bytes == 2 ? 126 : 127)));
    for (int i = bytes - 1; i >= 0; --i) {
      unsent_.push_back(static_cast<char>(payload.size() >> (8 * i)));
    }
  }
  unsent_.append(4, '\0');
  unsent_.append(payload);
  write_unsent();
}

void LoadClient::write_unsent() {
  while (!unsent_.empty()) {
    const ssize_t wrote = ::send(fd_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (wrote < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (wrote <= 0) throw std::runtime_error("bench: cannot write to the hub");
    unsent_.erase(0, static_cast<std::size_t>(wrote));
  }
}

bool LoadClient::read_some() {
  for (;;) {
    const ssize_t got =
        ::recv(fd_, shared_read_buffer.data(), shared_read_buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    if (got <= 0) return false;
    std::string_view bytes(shared_read_buffer.data(), static_cast<std::size_t>(got));
    std::string joined;
    if (!partial_.empty()) {
      joined = std::move(partial_);
      joined.append(bytes);
      partial_.clear();
      bytes = joined;
    }
    Head head;
    while (parse_head(bytes, head)) {
      const std::string_view payload = bytes.substr(head.head_bytes, head.payload_bytes);
      if (head.opcode == binary_opcode || head.opcode == text_opcode || head.opcode == 0) {
        on_message_(*this, payload);
      } else if (head.opcode == ping_opcode) {
        send_message(pong_opcode, payload);
      } else if (head.opcode == close_opcode) {
        return false;
      }
      bytes.remove_prefix(head.head_bytes + head.payload_bytes);
    }
    partial_.assign(bytes);
    if (static_cast<std::size_t>(got) < shared_read_buffer.size()) return true;
  }
}

void for_each_frame(std::string_view payload,
                    const std::function<void(const v1::ServerFrame&)>& each) {
  v1::ServerFrame frame;
  while (!payload.empty()) {
    std::uint64_t length = 0;
    int shift = 0;
    for (;;) {
      const auto byte = static_cast<unsigned char>(payload.front());
      payload.remove_prefix(1);
      length |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      shift += 7;
      if ((byte & 0x80) == 0 || payload.empty()) break;
    }
    if (length > payload.size() ||
        !frame.ParseFromArray(payload.data(), static_cast<int>(length))) {
      throw std::runtime_error("bench: the hub sent what is no frame");
    }
    each(frame);
    payload.remove_prefix(length);
  }
}

Loop::Loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

Loop::~Loop() { ::close(epoll_); }

void Loop::add(LoadClient& client) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &client;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client.fd(), &event);
}

void Loop::run_once(int timeout_ms) {
  std::array<epoll_event, 256> events{};
  const int ready =
      ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
  for (int i = 0; i < ready; ++i) {
    auto& client = *static_cast<LoadClient*>(events[static_cast<std::size_t>(i)].data.ptr);
    if (!client.read_some()) throw std::runtime_error("bench: the hub closed a connection");
    if (client.has_unsent()) client.write_unsent();
  }
}

std::vector<std::unique_ptr<LoadClient>> open_sessions(Loop& loop, std::uint16_t port,
                                                       const std::vector<std::string>& tokens,
                                                       std::size_t count,
                                                       const std::string& device_prefix,
                                                       LoadClient::OnMessage on_message) {
  auto welcomed = std::make_shared<std::size_t>(0);
  std::vector<std::unique_ptr<LoadClient>> clients;
  auto open = std::make_shared<bool>(false);
  const auto first = [welcomed, open, on_message](LoadClient& client, std::string_view payload) {
    if (*open) return on_message(client, payload);
    for_each_frame(payload, [&](const v1::ServerFrame& frame) {
      if (frame.has_welcome()) ++*welcomed;
      if (frame.has_error()) throw std::runtime_error("bench: " + frame.error().message());
    });
  };
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<LoadClient>(port, tokens[i % tokens.size()],
                                                   device_prefix + std::to_string(i), first));
    loop.add(*clients.back());
    while (*welcomed + 64 < clients.size()) loop.run_once(1000);
  }
  while (*welcomed < count) loop.run_once(1000);
  *open = true;
  return clients;
}

}  // namespace fenghuo::bench
