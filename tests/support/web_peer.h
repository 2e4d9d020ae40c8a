// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fenghuo::testing {

// A peer that speaks HTTP and RFC 6455 by hand over a plain socket, and may speak them wrongly.
// What does not come within a minute is a failure: reads throw std::runtime_error.
class WebPeer {
 public:
  explicit WebPeer(std::uint16_t port);
  ~WebPeer();
  WebPeer(WebPeer&& other) noexcept;
  WebPeer& operator=(WebPeer&&) = delete;

  // Opens /ws with the sub-protocol.
  static WebPeer open(std::uint16_t port, std::string_view protocol);

  void send(std::string_view bytes);

  struct Response {
    int status = 0;
    // Header lines, lower case names.
    std::string header;
    std::string body;
  };
  Response read_response();

  enum Opcode { Continuation = 0, Text = 1, Binary = 2, CloseFrame = 8, Ping = 9, Pong = 10 };
  struct Shape {
    bool fin = true;
    int rsv = 0;
    bool mask = true;
  };
  // One frame as a client sends it.
  static std::string frame(int opcode, std::string_view payload, Shape shape);
  static std::string frame(int opcode, std::string_view payload) {
    return frame(opcode, payload, Shape{});
  }

  struct Frame {
    bool fin = true;
    int opcode = 0;
    std::string payload;
    // 0 = not a close frame, or without code.
    int close_code() const;
  };
  // nullopt = the hub ended the connection.
  std::optional<Frame> read_frame();
  // Reads on to the close frame or the end: its code, 0 = none came. Messages are skipped.
  int read_close();

 private:
  // False = the end.
  bool fill();

  int socket_ = -1;
  std::string read_;
};

}  // namespace fenghuo::testing
