// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/address.h"
#include "clients/cpp/device_store.h"
#include "clients/cpp/link.h"
#include "clients/cpp/outcome.h"
#include "clients/cpp/state.h"
#include "fenghuo/v1/frame.pb.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace fenghuo::client {

// Where clients run: a thread of its own, or the caller's io_context. Outlives its clients.
class Loop {
 public:
  // Starts a thread.
  Loop();
  // Runs on the caller's, whose thread must not call the blocking functions of Client.
  explicit Loop(boost::asio::io_context& io);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  // Stops and joins its own thread.
  ~Loop();

  boost::asio::io_context& io() { return io_; }

 private:
  struct Own;
  std::unique_ptr<Own> own_;
  boost::asio::io_context& io_;
};

struct ClientOptions {
  Address address;
  TlsOptions tls;
  std::string token;
  // Ignored with a store: the store's device is taken.
  std::string device;
  std::string client_name = "fenghuo-cpp/0.1";
  std::string world_id;
  // Stream from this position on instead of from the snapshot.
  std::optional<std::uint64_t> since;
  // Keeps commands until they are answered; outlives the client. Null: kept in memory only.
  DeviceStore* store = nullptr;
};

// Called on the loop's thread, in the order of the link's actions; must not block. Any may be
// empty.
struct ClientHandlers {
  std::function<void(const LineChanged&)> line;
  std::function<void(const State&, const Snapshotted&)> snapshot;
  std::function<void(const State&, const v1::Update&)> update;
  std::function<void(std::uint64_t position)> advanced;
  std::function<void(const v1::Bell&)> bell;
};

// One account's line to a hub: opens, resumes and sends again by itself until stopped or refused.
// Functions may be called from any thread; those that take a timeout, and stop(), wait and may not
// be called from the loop's own (that is, from handlers).
class Client {
 public:
  using ReplyHandler = std::function<void(const Outcome<v1::Reply>&)>;
  using Timeout = std::chrono::milliseconds;

  Client(Loop& loop, ClientOptions options, ClientHandlers handlers = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  // stop().
  ~Client();

  // Once.
  void start();
  // For good: closes, waits for the end. Nothing is called afterwards. Unanswered commands end as
  // Unreachable; a store keeps them.
  void stop();

  // Waits until the line is live. With `first_try`, gives up when the first connection fails.
  Outcome<void> wait_live(Timeout timeout, bool first_try = false);

  // Numbered and kept at once, sent when the line and the window allow. A durable one (with a
  // store) is on disk when this returns. The handler is called once, on the loop's thread. Returns
  // its n. Failure: not to be kept, or Usage when no hub could read it.
  Outcome<std::uint64_t> submit(v1::Command command, ReplyHandler handler);
  // The blocking form. A refusal is a Failure; no answer in time is Unreachable, and the command
  // may still be done: it stays in the store, or with `abandon` is given up. So it is when the hub
  // ends the line for good.
  Outcome<v1::Reply> call(v1::Command command, Timeout timeout, bool abandon = false);
  // How many commands wait for their answer.
  std::size_t unanswered() const;
  // Waits until there are none.
  Outcome<void> wait_answered(Timeout timeout);

  Outcome<v1::QueryResult> ask(v1::Query query, Timeout timeout);

  // Copies.
  State state() const;
  v1::Welcome welcome() const;
  std::uint64_t position() const;

 private:
  class Shell;
  std::shared_ptr<Shell> shell_;
};

}  // namespace fenghuo::client
