// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/address.h"
#include "clients/cpp/link.h"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace fenghuo::client {

// Private to the shell: one WebSocket from opening to its end. All on the thread of the io_context.
class Line {
 public:
  struct Handlers {
    std::function<void()> opened;
    // One whole message; valid during the call.
    std::function<void(std::string_view message)> received;
    // Once, at last; nothing comes after it.
    std::function<void(const Disconnect& how)> ended;
  };

  virtual ~Line() = default;
  // Queues one binary message.
  virtual void send(std::string message) = 0;
  // Sends what is queued, then closes; `ended` follows.
  virtual void close() = 0;
};

// Opens GET /ws with the sub-protocol fenghuo.v1.proto. The line keeps itself alive until `ended`.
std::shared_ptr<Line> open_line(boost::asio::io_context& io, const Address& address,
                                const TlsOptions& tls, Line::Handlers handlers);

}  // namespace fenghuo::client
