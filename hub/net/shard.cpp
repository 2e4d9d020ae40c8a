// SPDX-License-Identifier: Apache-2.0
#include "hub/net/shard.h"

#include "hub/base/limits.h"
#include "hub/net/http_connection.h"
#include "hub/net/line_clock.h"
#include "hub/net/socket_connection.h"

#include <boost/asio/post.hpp>

#include <unistd.h>

namespace fenghuo::net {

Shard::Shard(std::uint32_t index, Api& api, std::shared_ptr<asio::ssl::context> tls)
    : index_(index),
      api_(api),
      tls_(std::move(tls)),
      work_(asio::make_work_guard(io_)),
      tick_timer_(io_) {}

Shard::~Shard() { stop(); }

void Shard::start() {
  start_tick();
  thread_ = std::thread([this] { io_.run(); });
}

void Shard::stop() {
  if (!thread_.joinable()) return;
  post([this] {
    for (const auto& connection : all()) connection->abort();
    tick_timer_.cancel();
    work_.reset();
    io_.stop();
  });
  thread_.join();
  // What is still on its way is let go here, while everything it refers to is alive.
  https_.clear();
  sockets_.clear();
  touched_.clear();
}

void Shard::post(Mailbox::Task task) {
  if (mailbox_.put(std::move(task))) asio::post(io_, [this] { open_mailbox(); });
}

void Shard::open_mailbox() {
  for (const Mailbox::Task& task : mailbox_.take()) task();
  resume_after_engine();
  end_turn();
}

void Shard::serve(Services& services) {
  post([this, &services] {
    fanout_ = std::make_unique<fanout::Shard>(
        services.catch_up, [this](std::function<void()> task) { post(std::move(task)); });
  });
}

void Shard::drain() {
  post([this] {
    draining_ = true;
    for (const auto& connection : all()) connection->drain();
  });
}

void Shard::adopt(int socket, bool is_v6, Access access) {
  post([this, socket, is_v6, access] { take_over(socket, is_v6, access); });
}

void Shard::take_over(int fd, bool is_v6, Access access) {
  Socket socket(io_);
  boost::system::error_code ec;
  socket.assign(is_v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), fd, ec);
  if (ec) {
    ::close(fd);
    return;
  }
  socket.set_option(asio::ip::tcp::no_delay(true), ec);
  const auto peer = socket.remote_endpoint(ec);
  if (ec || draining_) return;
  const std::uint64_t id = std::uint64_t{index_} << 48 | ++connections_made_;
  Traffic::add(traffic_.accepted);
  const bool plain = tls_ == nullptr || access == Access::MetricsOnly;
  auto connection = make_http_connection(id, *this, std::move(socket), plain ? nullptr : tls_.get(),
                                         peer.address().to_string(), access);
  keep(connection);
  connection->start();
}

void Shard::keep(std::shared_ptr<HttpConnection> connection) {
  const std::uint64_t id = connection->id();
  https_.emplace(id, std::move(connection));
  traffic_.connections.store(https_.size() + sockets_.size(), std::memory_order_relaxed);
}

void Shard::keep(std::shared_ptr<SocketConnection> connection) {
  const std::uint64_t id = connection->id();
  sockets_.emplace(id, std::move(connection));
  traffic_.connections.store(https_.size() + sockets_.size(), std::memory_order_relaxed);
  traffic_.sessions.store(sockets_.size(), std::memory_order_relaxed);
}

void Shard::forget(const Connection& connection) {
  // The session a connection has become carries its id on.
  const std::uint64_t id = connection.id();
  if (http(id) == &connection) https_.erase(id);
  if (socket(id) == &connection) sockets_.erase(id);
  traffic_.connections.store(https_.size() + sockets_.size(), std::memory_order_relaxed);
  traffic_.sessions.store(sockets_.size(), std::memory_order_relaxed);
}

HttpConnection* Shard::http(std::uint64_t id) const {
  const auto found = https_.find(id);
  return found == https_.end() ? nullptr : found->second.get();
}

SocketConnection* Shard::socket(std::uint64_t id) const {
  const auto found = sockets_.find(id);
  return found == sockets_.end() ? nullptr : found->second.get();
}

void Shard::touch(SocketConnection& connection) {
  touched_.push_back(std::static_pointer_cast<SocketConnection>(connection.shared_from_this()));
}

void Shard::end_turn() {
  // What a connection does here may touch others, or itself again.
  while (!touched_.empty()) {
    std::vector<std::shared_ptr<SocketConnection>> turn;
    turn.swap(touched_);
    for (const auto& connection : turn) connection->take_turn();
  }
}

void Shard::resume_after_engine() {
  if (waiting_for_engine_.empty() || api_.services()->engine.is_full()) return;
  std::vector<std::uint64_t> resumed;
  resumed.swap(waiting_for_engine_);
  for (const std::uint64_t id : resumed) {
    if (SocketConnection* connection = socket(id)) connection->engine_has_room();
  }
}

std::vector<std::shared_ptr<Connection>> Shard::all() const {
  std::vector<std::shared_ptr<Connection>> connections;
  connections.reserve(https_.size() + sockets_.size());
  for (const auto& [id, connection] : https_) connections.push_back(connection);
  for (const auto& [id, connection] : sockets_) connections.push_back(connection);
  return connections;
}

void Shard::start_tick() {
  tick_timer_.expires_after(std::chrono::seconds(1));
  tick_timer_.async_wait([this](const boost::system::error_code& ec) {
    if (ec) return;
    tick();
    start_tick();
  });
}

void Shard::tick() {
  const base::TimeUs now = line_now();
  for (const auto& connection : all()) connection->tick(now);
  if (fanout_) fanout_->tick(now);
  resume_after_engine();
  end_turn();
}

}  // namespace fenghuo::net
