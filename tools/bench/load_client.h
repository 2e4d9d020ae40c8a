// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::bench {

// A WebSocket client that costs next to nothing, so that a thousand of them on the hub's own
// machine disturb it little: plain socket, one shared read buffer, no masking work (the masking key
// is zero, which is a valid one). For trusted peers only. One thread.
class LoadClient {
 public:
  // The payload of one WebSocket message: frames behind their varint lengths.
  using OnMessage = std::function<void(LoadClient&, std::string_view payload)>;

  LoadClient(std::uint16_t port, const std::string& token, const std::string& device,
             OnMessage on_message);
  ~LoadClient();
  LoadClient(const LoadClient&) = delete;
  LoadClient& operator=(const LoadClient&) = delete;

  int fd() const { return fd_; }
  // Queues a frame; flush() writes all queued ones as one message.
  void queue(const v1::ClientFrame& frame);
  void flush();
  // Reads what is there. False = the hub closed the connection.
  bool read_some();
  // Bytes not yet taken by the kernel.
  bool has_unsent() const { return !unsent_.empty(); }
  void write_unsent();

  std::uint64_t next_n() { return ++n_; }
  // Commands sent and not yet answered: kept by the workload.
  std::uint32_t inflight = 0;

 private:
  void send_message(int opcode, std::string_view payload);

  int fd_ = -1;
  std::uint64_t n_ = 0;
  std::string queued_;
  std::string unsent_;
  std::string partial_;
  OnMessage on_message_;
};

// Calls `each` for every frame of a message.
void for_each_frame(std::string_view payload,
                    const std::function<void(const v1::ServerFrame&)>& each);

// Waits for sockets and reads; nothing else.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  void add(LoadClient& client);
  // One round of at most `timeout_ms`. Throws when the hub closes a connection.
  void run_once(int timeout_ms);

 private:
  int epoll_ = -1;
};

// Opens `count` sessions and waits until each has its welcome.
std::vector<std::unique_ptr<LoadClient>> open_sessions(Loop& loop, std::uint16_t port,
                                                       const std::vector<std::string>& tokens,
                                                       std::size_t count,
                                                       const std::string& device_prefix,
                                                       LoadClient::OnMessage on_message);

// Seconds on a clock that only goes forward.
double now_s();

}  // namespace fenghuo::bench
