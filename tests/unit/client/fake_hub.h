// SPDX-License-Identifier: Apache-2.0
#pragma once

// A hub that follows a script: blocking sockets on a thread of its own, a free port of loopback.

#include "clients/cpp/address.h"
#include "fenghuo/v1/frame.pb.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fenghuo::client::test {

class FakeHub {
 public:
  // One accepted WebSocket; its end drops the connection without a close frame.
  class Session {
   public:
    struct Socket;
    explicit Session(std::unique_ptr<Socket> socket);
    Session(Session&&) noexcept;
    ~Session();

    // What the client offered.
    const std::string& protocol() const;
    // Of one message; empty at the end of the connection.
    std::vector<v1::ClientFrame> read();
    void write(const v1::ServerFrame& frame);
    void close(std::uint16_t code, const std::string& reason);
    // Reads until the client has closed.
    void drain();

   private:
    std::unique_ptr<Socket> socket_;
  };

  // A plain request.
  struct Request {
    std::string method;
    std::string target;
    std::string authorization;
    std::string idempotency_key;
    std::string body;
  };

  // Runs the script at once; it ends before this object.
  explicit FakeHub(std::function<void(FakeHub&)> script);
  ~FakeHub();

  Address address() const;
  Session accept();
  // Accepts, reads hello, writes the welcome; gives the hello back.
  Session welcome(const v1::ServerFrame& frame, v1::Hello* hello = nullptr);
  // Takes one plain request and answers it.
  Request answer_http(unsigned status, const std::string& body);

  // A port of loopback on which nobody listens.
  static Address nobody();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fenghuo::client::test
