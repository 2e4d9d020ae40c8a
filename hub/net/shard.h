// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/fanout/shard.h"
#include "hub/net/api.h"
#include "hub/net/asio.h"
#include "hub/net/connection.h"
#include "hub/net/log_brake.h"
#include "hub/net/mailbox.h"
#include "hub/net/traffic.h"

#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace fenghuo::net {

class SocketConnection;

// One thread and everything that lives on it: an io_context, its connections, its part of the
// fan-out. Other threads only post().
class Shard {
 public:
  // What a listener's sockets may ask for.
  enum class Access {
    // All routes; /metrics only from this machine, unless metrics have a listener of their own.
    Everything,
    EverythingButMetrics,
    // /metrics, /healthz and /readyz.
    MetricsOnly,
  };

  // `tls` may be null. `index` is below 2^15.
  Shard(std::uint32_t index, Api& api, std::shared_ptr<asio::ssl::context> tls);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  // Starts the thread.
  void start();
  // Ends the thread after cutting every connection; waits for it.
  void stop();

  // Any thread: runs `task` on the shard's thread, in order of posting.
  void post(Mailbox::Task task);
  // Any thread: takes over an accepted, non-blocking socket.
  void adopt(int socket, bool is_v6, Access access);
  // Any thread, once: from here on sessions can be opened.
  void serve(Services& services);
  // Any thread: every connection is told that the hub goes down.
  void drain();
  // Any thread.
  const Traffic& traffic() const { return traffic_; }

  // The rest: on the shard's thread only.
  asio::io_context& io() { return io_; }
  Api& api() { return api_; }
  fanout::Shard& fanout() { return *fanout_; }
  Traffic& counts() { return traffic_; }
  LogBrake& log() { return log_; }
  bool is_draining() const { return draining_; }

  void keep(std::shared_ptr<HttpConnection> connection);
  void keep(std::shared_ptr<SocketConnection> connection);
  void forget(const Connection& connection);
  // nullptr = gone meanwhile.
  HttpConnection* http(std::uint64_t id) const;
  SocketConnection* socket(std::uint64_t id) const;

  // The connection has something to do at the end of this turn: one write for all that a turn
  // brings.
  void touch(SocketConnection& connection);
  // Ends a turn: every handler of the io_context calls it last.
  void end_turn();
  // Woken when the engine's inbox has room again.
  void wait_for_engine(std::uint64_t id) { waiting_for_engine_.push_back(id); }

 private:
  void open_mailbox();
  void start_tick();
  void tick();
  void take_over(int socket, bool is_v6, Access access);
  void resume_after_engine();
  std::vector<std::shared_ptr<Connection>> all() const;

  const std::uint32_t index_;
  Api& api_;
  const std::shared_ptr<asio::ssl::context> tls_;
  asio::io_context io_{1};
  asio::executor_work_guard<Executor> work_;
  Timer tick_timer_;
  Mailbox mailbox_;
  std::unique_ptr<fanout::Shard> fanout_;
  std::unordered_map<std::uint64_t, std::shared_ptr<HttpConnection>> https_;
  std::unordered_map<std::uint64_t, std::shared_ptr<SocketConnection>> sockets_;
  std::vector<std::shared_ptr<SocketConnection>> touched_;
  std::vector<std::uint64_t> waiting_for_engine_;
  std::uint64_t connections_made_ = 0;
  bool draining_ = false;
  Traffic traffic_;
  LogBrake log_;
  std::thread thread_;
};

}  // namespace fenghuo::net
