// SPDX-License-Identifier: Apache-2.0
#include "hub/net/listener.h"

#include "hub/net/line_clock.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace fenghuo::net {
namespace {

using asio::ip::tcp;

// Sockets taken in one go, so that accepting starves nobody.
constexpr int accepted_at_once = 64;
// While the process has no descriptor left, the waiting sockets stay in the kernel's queue.
constexpr std::chrono::milliseconds pause_when_out{200};

base::Error unusable(const Address& address, const boost::system::error_code& ec) {
  return base::Error(v1::ERROR_CODE_UNAVAILABLE,
                     "cannot listen on " + address.to_string() + ": " + ec.message());
}

}  // namespace

Listener::Listener(asio::io_context& io, Take take)
    : acceptor_(io), pause_(io), take_(std::move(take)) {}

base::Result<void> Listener::open(const Address& address) {
  boost::system::error_code ec;
  const tcp::endpoint endpoint(asio::ip::make_address(address.host, ec), address.port);
  if (!ec) acceptor_.open(endpoint.protocol(), ec);
  // A port in TIME_WAIT after a crash is ours again at once; one in use is refused all the same.
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(tcp::acceptor::max_listen_connections, ec);
  if (!ec) acceptor_.non_blocking(true, ec);
  if (ec) return unusable(address, ec);
  is_v6_ = endpoint.address().is_v6();
  return {};
}

Address Listener::address() const {
  boost::system::error_code ec;
  const tcp::endpoint endpoint = acceptor_.local_endpoint(ec);
  return {endpoint.address().to_string(), endpoint.port()};
}

void Listener::start() { wait(); }

void Listener::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

void Listener::wait() {
  acceptor_.async_wait(tcp::acceptor::wait_read, [this](const boost::system::error_code& ec) {
    if (!ec) accept_waiting();
  });
}

// Accepted by hand: a socket belongs to the io_context of its shard from the start, which one
// accepted by Asio here would not.
void Listener::accept_waiting() {
  for (int i = 0; i < accepted_at_once; ++i) {
    const int socket =
        ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      take_(socket, is_v6_);
      continue;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      return pause(errno);
    }
    // Everything else is about that one peer, or says that nobody waits any more.
    if (errno == EAGAIN || errno == EWOULDBLOCK) break;
  }
  wait();
}

void Listener::pause(int why) {
  log_.warn(line_now(), "cannot accept: {}; raise LimitNOFILE", std::strerror(why));
  pause_.expires_after(pause_when_out);
  pause_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) wait();
  });
}

}  // namespace fenghuo::net
