// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::net {

// What happens on a message stream. On the shard's thread, never from inside a call of the stream.
class StreamEvents {
 public:
  virtual ~StreamEvents() = default;
  // `bytes` more of a message are in the buffer; `done` = that was the end of it.
  virtual void on_read(std::size_t bytes, bool done, bool binary) = 0;
  virtual void on_written() = 0;
  // A pong came.
  virtual void on_pong() = 0;
  // The stream has ended, by whoever. `fault` = English, when the peer broke the protocol.
  virtual void on_ended(std::string_view fault) = 0;
};

// The stream side of one WebSocket connection after its handshake: at most one read, one write, one
// ping and one close at a time. Holds its events while any of them is on its way.
class MessageStream {
 public:
  virtual ~MessageStream() = default;
  virtual void read(const std::shared_ptr<StreamEvents>& events, char* to, std::size_t bytes) = 0;
  // One message of the pieces in order; they stay valid until on_written or on_ended.
  virtual void write(const std::shared_ptr<StreamEvents>& events,
                     const std::vector<std::string_view>& pieces) = 0;
  virtual void ping(const std::shared_ptr<StreamEvents>& events) = 0;
  // Sends the close frame and waits for the peer's, but not long.
  virtual void close(const std::shared_ptr<StreamEvents>& events, std::uint16_t code,
                     std::string_view reason) = 0;
  // Cuts the line.
  virtual void abort() = 0;
};

}  // namespace fenghuo::net
