// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenghuo::testing {

// One HTTP request on a connection of its own.
struct HttpAnswer {
  // 0 = the hub answered nothing.
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // Empty = not there.
  std::string header(std::string_view name) const;
};
HttpAnswer http(std::uint16_t port, const std::string& method, const std::string& target,
                const std::vector<std::pair<std::string, std::string>>& headers = {},
                const std::string& body = {});
// With `Authorization: Bearer`.
HttpAnswer http_as(const std::string& token, std::uint16_t port, const std::string& method,
                   const std::string& target, const std::string& body = {});
// Sends bytes as they are, and returns all that comes until the hub closes.
std::string raw(std::uint16_t port, const std::string& bytes);

// A WebSocket client that does what it is told, also what it should not. Blocking; gives up on a
// hub that says nothing for a long time, which fails the test.
class Line {
 public:
  // Does the handshake; see connected().
  Line(std::uint16_t port, const std::string& subprotocol);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  bool connected() const;
  // Status of the answer to the upgrade.
  int handshake_status() const;

  void send_text(const std::string& message);
  void send_binary(const std::string& message);
  // In the format of the sub-protocol.
  void send(const v1::ClientFrame& frame);
  void hello(const std::string& token, const std::string& device,
             std::optional<std::pair<std::string, std::uint64_t>> resume = std::nullopt);
  // Sends a command.
  void submit(std::uint64_t n, const v1::Command& command);

  // The next frame; nullopt = the connection has ended.
  std::optional<v1::ServerFrame> next();
  // The next frame of this kind, others are kept for later; nullopt = ended.
  std::optional<v1::ServerFrame> next(v1::ServerFrame::KindCase kind);
  std::optional<v1::Reply> reply(std::uint64_t n);
  // Reads to the end: the close code, 0 = none.
  int close_code();
  std::string close_reason() const;
  // Cuts the line.
  void cut();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fenghuo::testing
