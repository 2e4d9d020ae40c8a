// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "hub/net/request.h"

#include <cstdint>
#include <memory>

namespace fenghuo::net {

// One accepted socket, in one of its lives: HTTP exchange or WebSocket session. Lives on one
// shard's thread; kept by the shard until it removes itself.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(std::uint64_t id) : id_(id) {}
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Unique among all shards.
  std::uint64_t id() const { return id_; }
  // About once a second; `now` of the line clock.
  virtual void tick(base::TimeUs now) = 0;
  // The hub goes down: say so, finish what is on its way, end.
  virtual void drain() = 0;
  // Ends now.
  virtual void abort() = 0;

 private:
  const std::uint64_t id_;
};

// Reads requests and writes answers, one after the other.
class HttpConnection : public Connection {
 public:
  using Connection::Connection;
  virtual void start() = 0;
  // The answer to the request at hand.
  virtual void answer(Answer answer) = 0;
};

}  // namespace fenghuo::net
