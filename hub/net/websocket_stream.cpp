// SPDX-License-Identifier: Apache-2.0
#include "hub/net/websocket_stream.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <span>

namespace fenghuo::net {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

constexpr std::chrono::seconds handshake_timeout{5};

Socket& lowest(Socket& socket) { return socket; }
Socket& lowest(TlsStream& stream) { return stream.next_layer(); }

// Why a stream ended, when that is the peer's fault.
std::string fault_of(const boost::system::error_code& ec) {
  const bool is_protocol = ec.category() == make_error_code(websocket::error::closed).category();
  return is_protocol && ec != websocket::error::closed ? ec.message() : std::string();
}

template <typename Stream>
class WebSocketStream final : public MessageStream {
 public:
  explicit WebSocketStream(Stream stream) : websocket_(std::move(stream)) {}

  Task<bool> accept(Fields fields, session::Format format);

  void read(const std::shared_ptr<StreamEvents>& events, char* to, std::size_t bytes) override {
    websocket_.async_read_some(
        asio::buffer(to, bytes),
        [this, events](const boost::system::error_code& ec, std::size_t got) {
          if (ec) return events->on_ended(fault_of(ec));
          events->on_read(got, websocket_.is_message_done(), websocket_.got_binary());
        });
  }

  void write(const std::shared_ptr<StreamEvents>& events,
             const std::vector<std::string_view>& pieces) override {
    buffers_.clear();
    for (const std::string_view piece : pieces) buffers_.emplace_back(piece.data(), piece.size());
    // Beast copies a buffer sequence several times on its way: a span, not the vector.
    websocket_.async_write(std::span<const asio::const_buffer>(buffers_),
                           [this, events](const boost::system::error_code& ec, std::size_t) {
                             if (ec) return events->on_ended(fault_of(ec));
                             buffers_ = {};
                             events->on_written();
                           });
  }

  void ping(const std::shared_ptr<StreamEvents>& events) override {
    // The pong arrives inside a read, which holds the events.
    websocket_.control_callback([weak = std::weak_ptr<StreamEvents>(events)](
                                    websocket::frame_type kind, beast::string_view) {
      const auto alive = weak.lock();
      if (alive && kind == websocket::frame_type::pong) alive->on_pong();
    });
    websocket_.async_ping({}, [events](const boost::system::error_code& ec) {
      if (ec) events->on_ended(fault_of(ec));
    });
  }

  void close(const std::shared_ptr<StreamEvents>& events, std::uint16_t code,
             std::string_view reason) override {
    const websocket::close_reason why(static_cast<websocket::close_code>(code),
                                      beast::string_view(reason.data(), reason.size()));
    websocket_.async_close(
        why, [events](const boost::system::error_code& ec) { events->on_ended(fault_of(ec)); });
  }

  void abort() override {
    boost::system::error_code ignored;
    lowest(websocket_.next_layer()).close(ignored);
  }

 private:
  // Without compression: its memory per connection is worth more than the bytes.
  websocket::stream<Stream, false> websocket_;
  std::vector<asio::const_buffer> buffers_;
};

template <typename Stream>
Task<bool> WebSocketStream<Stream>::accept(Fields fields, session::Format format) {
  const std::string_view protocol = session::subprotocol(format);
  websocket_.set_option(
      websocket::stream_base::decorator([protocol](websocket::response_type& response) {
        response.set(http::field::sec_websocket_protocol,
                     beast::string_view(protocol.data(), protocol.size()));
      }));
  websocket::stream_base::timeout timeout;
  timeout.handshake_timeout = handshake_timeout;
  timeout.idle_timeout = websocket::stream_base::none();
  timeout.keep_alive_pings = false;
  websocket_.set_option(timeout);
  // Whole messages leave in one system call from the pieces as they lie; the size of what comes in
  // is counted by the reader, who answers with a numbered close.
  websocket_.auto_fragment(false);
  websocket_.write_buffer_bytes(8);
  websocket_.read_message_max(0);
  websocket_.binary(format == session::Format::Binary);

  http::request<http::empty_body> request;
  request.method(http::verb::get);
  request.target("/ws");
  request.version(11);
  for (const auto& [name, value] : fields) request.insert(name, value);
  const auto [ec] = co_await websocket_.async_accept(request, as_result);
  // The response is made: nothing of this is needed again.
  websocket_.set_option(websocket::stream_base::decorator([](websocket::response_type&) {}));
  co_return !ec;
}

template <typename Stream>
Task<std::unique_ptr<MessageStream>> accept_on(Stream stream, Fields fields,
                                               session::Format format) {
  auto made = std::make_unique<WebSocketStream<Stream>>(std::move(stream));
  const bool accepted = co_await made->accept(std::move(fields), format);
  if (!accepted) made.reset();
  co_return made;
}

}  // namespace

Task<std::unique_ptr<MessageStream>> accept_websocket(Socket stream, Fields fields,
                                                      session::Format format) {
  return accept_on(std::move(stream), std::move(fields), format);
}

Task<std::unique_ptr<MessageStream>> accept_websocket(TlsStream stream, Fields fields,
                                                      session::Format format) {
  return accept_on(std::move(stream), std::move(fields), format);
}

}  // namespace fenghuo::net
