// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/line.h"

#include "clients/cpp/tls.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <chrono>
#include <deque>
#include <optional>
#include <type_traits>

namespace fenghuo::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ws = boost::beast::websocket;

using Plain = beast::tcp_stream;
using Secure = beast::ssl_stream<beast::tcp_stream>;

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr auto connect_timeout = std::chrono::seconds(10);
// Snapshots of a large center are large.
constexpr std::size_t message_bytes_max = 64 * 1024 * 1024;

template <typename Stream>
constexpr bool is_secure = std::is_same_v<Stream, Secure>;

template <typename Stream>
class SocketLine final : public Line, public std::enable_shared_from_this<SocketLine<Stream>> {
 public:
  template <typename... Args>
  SocketLine(asio::io_context& io, Address address, Handlers handlers, Args&&... stream_args)
      : io_(io),
        address_(std::move(address)),
        handlers_(std::move(handlers)),
        stream_(std::forward<Args>(stream_args)...),
        wake_(io, asio::steady_timer::time_point::max()) {}

  void begin() { asio::co_spawn(io_, run(this->shared_from_this()), asio::detached); }

  void send(std::string message) override {
    queue_.push_back(std::move(message));
    wake_.cancel();
  }

  void close() override {
    if (closing_) return;
    closing_ = true;
    wake_.cancel();
    // Before it is open there is nothing to say goodbye to.
    if (!open_) beast::get_lowest_layer(stream_).cancel();
  }

 private:
  using Self = std::shared_ptr<SocketLine>;

  asio::awaitable<void> run(Self self) {
    const auto refused = co_await open();
    if (refused || closing_) {
      finish(refused ? refused->message() : "closed before it was open");
      co_return;
    }
    open_ = true;
    handlers_.opened();
    asio::co_spawn(io_, write_loop(self), asio::detached);
    beast::flat_buffer buffer;
    for (;;) {
      auto [failed, size] = co_await stream_.async_read(buffer, token);
      if (failed) {
        finish(is_plain_end(failed) ? std::string() : failed.message());
        co_return;
      }
      handlers_.received({static_cast<const char*>(buffer.data().data()), buffer.size()});
      buffer.consume(buffer.size());
    }
  }

  // Ends that need no words of the operating system: a close says why itself, a hub that died does
  // not.
  static bool is_plain_end(const boost::system::error_code& failed) {
    return failed == ws::error::closed || failed == asio::error::eof ||
           failed == asio::error::connection_reset;
  }

  // Resolves, connects, shakes hands; the error of the step that failed.
  asio::awaitable<std::optional<boost::system::error_code>> open() {
    asio::ip::tcp::resolver resolver(io_);
    auto [unresolved, places] =
        co_await resolver.async_resolve(address_.host, address_.port, token);
    if (unresolved) co_return unresolved;
    if (closing_) co_return asio::error::operation_aborted;
    auto& tcp = beast::get_lowest_layer(stream_);
    tcp.expires_after(connect_timeout);
    auto [unconnected, place] = co_await tcp.async_connect(places, token);
    if (unconnected) co_return unconnected;
    boost::system::error_code ignored;
    tcp.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    if constexpr (is_secure<Stream>) {
      auto& secure = stream_.next_layer();
      expect_host(secure.native_handle(), secure, address_.host);
      auto [unsecured] = co_await secure.async_handshake(asio::ssl::stream_base::client, token);
      if (unsecured) co_return unsecured;
    }
    tcp.expires_never();
    prepare();
    ws::response_type answer;
    const std::string authority = address_.authority();
    const std::string target = address_.prefix + "/ws";
    auto [unshaken] = co_await stream_.async_handshake(answer, authority, target, token);
    if (unshaken) co_return unshaken;
    co_return std::nullopt;
  }

  void prepare() {
    // Beast pings by itself when nothing came for half of the idle time.
    stream_.set_option(ws::stream_base::timeout{connect_timeout, std::chrono::seconds(30), true});
    stream_.set_option(ws::stream_base::decorator(&SocketLine::ask_protocol));
    stream_.read_message_max(message_bytes_max);
    stream_.auto_fragment(false);
    stream_.binary(true);
  }

  static void ask_protocol(ws::request_type& request) {
    request.set(beast::http::field::sec_websocket_protocol, "fenghuo.v1.proto");
    request.set(beast::http::field::user_agent, "fenghuo-client");
  }

  // The only writer. Sleeps until something is queued, the line is to close, or it has ended.
  asio::awaitable<void> write_loop(Self self) {
    while (!ended_) {
      if (!queue_.empty()) {
        const std::string message = std::move(queue_.front());
        queue_.pop_front();
        auto [failed, size] = co_await self->stream_.async_write(asio::buffer(message), token);
        if (failed) co_return;  // The reader sees the same end and tells it.
        continue;
      }
      if (closing_) {
        // The reader gets the hub's close frame, or the timeout.
        co_await stream_.async_close(ws::close_code::normal, token);
        co_return;
      }
      co_await wake_.async_wait(token);
    }
  }

  void finish(std::string why) {
    ended_ = true;
    wake_.cancel();
    Disconnect how;
    how.close_code = open_ && why.empty() ? static_cast<std::uint16_t>(stream_.reason().code) : 0;
    const auto& reason = stream_.reason().reason;
    how.reason = why.empty() ? std::string(reason.data(), reason.size()) : std::move(why);
    // The handlers may hold what holds this line: let go of them before they are called.
    const auto handlers = std::exchange(handlers_, Handlers{});
    handlers.ended(how);
  }

  asio::io_context& io_;
  Address address_;
  Handlers handlers_;
  ws::stream<Stream> stream_;
  asio::steady_timer wake_;
  std::deque<std::string> queue_;
  bool open_ = false;
  bool closing_ = false;
  bool ended_ = false;
};

// A line that could not even begin.
class NoLine final : public Line {
 public:
  void send(std::string) override {}
  void close() override {}
};

}  // namespace

std::shared_ptr<Line> open_line(asio::io_context& io, const Address& address, const TlsOptions& tls,
                                Line::Handlers handlers) {
  if (!address.tls) {
    auto line = std::make_shared<SocketLine<Plain>>(io, address, std::move(handlers), io);
    line->begin();
    return line;
  }
  auto context = make_tls_context(tls);
  if (!context) {
    const Disconnect how{0, context.error().message()};
    asio::post(io, [ended = std::move(handlers.ended), how] { ended(how); });
    return std::make_shared<NoLine>();
  }
  // The stream takes its own reference of the context's handle.
  auto line = std::make_shared<SocketLine<Secure>>(io, address, std::move(handlers), io, *context);
  line->begin();
  return line;
}

}  // namespace fenghuo::client
