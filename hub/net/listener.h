// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/net/address.h"
#include "hub/net/asio.h"
#include "hub/net/log_brake.h"

#include <functional>

namespace fenghuo::net {

// Accepts on one address and hands the sockets on. Lives on one shard's thread; open() and start()
// come before that thread runs.
class Listener {
 public:
  // Takes an accepted, non-blocking socket.
  using Take = std::function<void(int socket, bool is_v6)>;

  Listener(asio::io_context& io, Take take);

  // UNAVAILABLE when the address is used by somebody or is not ours.
  base::Result<void> open(const Address& address);
  // The address with the port that was given when 0 was asked for.
  Address address() const;
  void start();
  // On the thread.
  void close();

 private:
  void wait();
  void accept_waiting();
  void pause(int why);

  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor_;
  Timer pause_;
  const Take take_;
  bool is_v6_ = false;
  LogBrake log_;
};

}  // namespace fenghuo::net
