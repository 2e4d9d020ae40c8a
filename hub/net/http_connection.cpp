// SPDX-License-Identifier: Apache-2.0
#include "hub/net/http_connection.h"

#include "hub/base/limits.h"
#include "hub/net/address.h"
#include "hub/net/line_clock.h"
#include "hub/net/route.h"
#include "hub/net/socket_connection.h"
#include "hub/net/websocket_stream.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

namespace fenghuo::net {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace limits = base::limits;

using base::us_per_s;

// A peer that is slower is cut off.
constexpr base::TimeUs handshake_timeout_us = 10 * us_per_s;
constexpr base::TimeUs header_timeout_us = 10 * us_per_s;
constexpr base::TimeUs idle_timeout_us = 30 * us_per_s;
constexpr base::TimeUs transfer_timeout_us = 30 * us_per_s;
constexpr base::TimeUs linger_timeout_us = 2 * us_per_s;
// ... and bodies may take longer by what they weigh.
constexpr std::size_t slowest_bytes_per_s = 32 * 1024;
constexpr std::size_t buffer_bytes_max = 64 * 1024;

Socket& lowest(Socket& socket) { return socket; }
Socket& lowest(TlsStream& stream) { return stream.next_layer(); }

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

base::TimeUs transfer_time(std::size_t bytes) {
  return transfer_timeout_us + static_cast<base::TimeUs>(bytes / slowest_bytes_per_s) * us_per_s;
}

// The sub-protocol of ours that the client named first.
std::optional<session::Format> chosen_format(beast::string_view offered) {
  for (const auto& token : http::token_list(offered)) {
    for (const auto format : {session::Format::Binary, session::Format::Json}) {
      if (view(token) == session::subprotocol(format)) return format;
    }
  }
  return std::nullopt;
}

std::string bearer_of(beast::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  if (header.size() <= scheme.size()) return {};
  if (!beast::iequals(header.substr(0, scheme.size()),
                      beast::string_view(scheme.data(), scheme.size()))) {
    return {};
  }
  return std::string(view(header.substr(scheme.size())));
}

// "Bytes waiting" style errors of the parser, as the client sees them.
std::optional<base::Error> error_of(const boost::system::error_code& ec) {
  if (ec == http::error::header_limit || ec == http::error::body_limit ||
      ec == http::error::buffer_overflow) {
    return base::Error(v1::ERROR_CODE_TOO_LARGE, ec.message());
  }
  const bool is_peers_fault = ec.category() == make_error_code(http::error::bad_version).category();
  if (!is_peers_fault || ec == http::error::end_of_stream || ec == http::error::partial_message) {
    return std::nullopt;
  }
  return base::Error(v1::ERROR_CODE_BAD_FRAME, "not HTTP: " + ec.message());
}

// What the log shows of a request: not its query, which holds what people search for, and nothing
// that is no text.
std::string in_log(std::string_view method, std::string_view target) {
  constexpr std::size_t shown_max = 100;
  std::string shown = fmt::format("{} {}", method.substr(0, shown_max),
                                  target.substr(0, target.find('?')).substr(0, shown_max));
  std::replace_if(shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '.');
  return shown;
}

bool allowed(Resource resource, Shard::Access access, const std::string& peer) {
  const bool is_metrics = resource == Resource::Metrics;
  switch (access) {
    case Shard::Access::Everything: return !is_metrics || is_loopback(peer);
    case Shard::Access::EverythingButMetrics: return !is_metrics;
    case Shard::Access::MetricsOnly:
      return is_metrics || resource == Resource::Health || resource == Resource::Ready;
  }
  return false;
}

template <typename Stream>
class BeastHttpConnection final : public HttpConnection {
 public:
  BeastHttpConnection(std::uint64_t id, Shard& shard, Stream stream, std::string peer,
                      Shard::Access access)
      : HttpConnection(id),
        shard_(shard),
        stream_(std::move(stream)),
        peer_(std::move(peer)),
        access_(access),
        answered_(shard.io()) {}

  void start() override { asio::co_spawn(shard_.io(), serve(), asio::detached); }

  void answer(Answer answer) override {
    answer_ = std::move(answer);
    answered_.cancel();
  }

  void tick(base::TimeUs now) override {
    if (deadline_us_ != 0 && now > deadline_us_) abort();
  }

  // An answer on its way is still given; who is only waiting is not kept.
  void drain() override {
    draining_ = true;
    if (waiting_) abort();
  }

  void abort() override {
    boost::system::error_code ignored;
    lowest(stream_).close(ignored);
    answered_.cancel();
    aborted_ = true;
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  Task<void> serve();
  Task<bool> shake_hands();
  // False = the connection has ended or is somebody else's now.
  Task<bool> serve_one();
  Task<bool> read_header();
  Task<bool> read_body(std::size_t bytes_max);
  Task<void> upgrade();
  Task<bool> authorise(std::string token);
  Task<void> wait_for_answer();
  Task<bool> respond(Answer answer, bool keep_alive);
  Task<void> linger();

  void set_deadline(base::TimeUs after_us) { deadline_us_ = line_now() + after_us; }
  Respond responder() const;
  Request take_request();

  Shard& shard_;
  Stream stream_;
  const std::string peer_;
  const Shard::Access access_;
  beast::flat_buffer buffer_{buffer_bytes_max};
  std::optional<Parser> parser_;
  // Set to the end of time; answer() cuts the wait short.
  Timer answered_;
  std::optional<Answer> answer_;
  Api::Identity identity_;
  base::TimeUs deadline_us_ = 0;
  bool waiting_ = false;
  bool draining_ = false;
  bool aborted_ = false;
};

template <typename Stream>
Task<void> BeastHttpConnection<Stream>::serve() {
  const auto self = shared_from_this();
  bool again = co_await shake_hands();
  while (again) again = co_await serve_one();
  abort();
  shard_.forget(*this);
  shard_.end_turn();
}

template <>
Task<bool> BeastHttpConnection<Socket>::shake_hands() {
  co_return true;
}

template <>
Task<bool> BeastHttpConnection<TlsStream>::shake_hands() {
  set_deadline(handshake_timeout_us);
  const auto [ec] = co_await stream_.async_handshake(asio::ssl::stream_base::server, as_result);
  if (ec) shard_.log().warn(line_now(), "{}: no TLS handshake: {}", peer_, ec.message());
  co_return !ec;
}

template <typename Stream>
Task<bool> BeastHttpConnection<Stream>::serve_one() {
  const bool has_header = co_await read_header();
  if (!has_header) co_return false;
  const auto& header = parser_->get();
  const auto found = find_route(view(header.method_string()), view(header.target()));
  if (const auto* none = std::get_if<NoRoute>(&found)) {
    Answer answer = error_answer(none->error);
    if (!none->allow.empty()) {
      answer.status = 405;
      answer.headers.emplace_back("Allow", none->allow);
    }
    // The body, if there is one, is not worth reading.
    co_return co_await respond(std::move(answer), false);
  }
  const Route& route = std::get<Route>(found);
  if (!allowed(route.resource, access_, peer_)) {
    const base::Error error(v1::ERROR_CODE_NOT_FOUND, "not here");
    co_return co_await respond(error_answer(error), false);
  }
  if (route.resource == Resource::WebSocket) {
    co_await upgrade();
    co_return false;
  }
  if (route.needs_token()) {
    const bool authorised = co_await authorise(bearer_of(header[http::field::authorization]));
    if (!authorised) co_return false;
  }
  const bool has_body = co_await read_body(route.body_bytes_max());
  if (!has_body) co_return false;
  const bool keep_alive = header.keep_alive();
  answer_.reset();
  shard_.api().serve(route, take_request(), identity_, responder());
  co_await wait_for_answer();
  if (!answer_) co_return false;
  co_return co_await respond(std::move(*answer_), keep_alive);
}

template <typename Stream>
Task<bool> BeastHttpConnection<Stream>::read_header() {
  const bool is_first = !parser_;
  parser_.emplace();
  parser_->header_limit(limits::http_header_bytes_max);
  // The route's own limit is looked at once the route is known.
  parser_->body_limit(limits::blob_bytes_max);
  set_deadline(is_first ? header_timeout_us : idle_timeout_us);
  waiting_ = true;
  const auto [ec, bytes] = co_await http::async_read_header(stream_, buffer_, *parser_, as_result);
  waiting_ = false;
  if (!ec) co_return true;
  const auto error = error_of(ec);
  if (error) {
    shard_.log().warn(line_now(), "{}: bad request: {}", peer_, ec.message());
    Answer answer = error_answer(*error);
    answer.error = v1::ERROR_CODE_UNSPECIFIED;  // said already
    co_await respond(std::move(answer), false);
  }
  co_return false;
}

template <typename Stream>
Task<bool> BeastHttpConnection<Stream>::read_body(std::size_t bytes_max) {
  const auto announced = parser_->content_length();
  const bool too_large = announced && *announced > bytes_max;
  boost::system::error_code ec;
  if (!too_large && !parser_->is_done()) {
    parser_->body_limit(bytes_max);
    set_deadline(transfer_time(announced ? *announced : bytes_max));
    if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      const auto [failed, sent] =
          co_await asio::async_write(stream_, asio::buffer(go_on), as_result);
      if (failed) co_return false;
    }
    const auto [failed, bytes] = co_await http::async_read(stream_, buffer_, *parser_, as_result);
    ec = failed;
  }
  if (!too_large && !ec) co_return true;
  const bool above = too_large || ec == http::error::body_limit;
  if (above) {
    base::Error error(v1::ERROR_CODE_TOO_LARGE, "the body is above the limit");
    error.with("limit_bytes", std::to_string(bytes_max));
    co_await respond(error_answer(error), false);
  }
  co_return false;
}

template <typename Stream>
Task<bool> BeastHttpConnection<Stream>::authorise(std::string token) {
  answer_.reset();
  identity_ = {};
  // The coroutine waits for an answer either way: an empty one means "known".
  shard_.api().identify(token, [shard = &shard_, id = id()](base::Result<Api::Identity> who) {
    shard->post([shard, id, who] {
      HttpConnection* connection = shard->http(id);
      if (connection == nullptr) return;
      auto& self = static_cast<BeastHttpConnection&>(*connection);
      if (who) self.identity_ = *who;
      self.answer(who ? Answer{} : error_answer(who.error()));
    });
  });
  co_await wait_for_answer();
  if (!answer_) co_return false;
  const bool known = identity_.account_id != 0;
  if (!known) co_await respond(std::move(*answer_), false);
  co_return known;
}

template <typename Stream>
Task<void> BeastHttpConnection<Stream>::wait_for_answer() {
  // Whoever owes the answer gives it: the peer's patience is the only limit.
  deadline_us_ = 0;
  if (!answer_ && !aborted_) {
    answered_.expires_at(Timer::time_point::max());
    co_await answered_.async_wait(as_result);
  }
}

template <typename Stream>
Respond BeastHttpConnection<Stream>::responder() const {
  return [shard = &shard_, id = id()](Answer answer) {
    auto moved = std::make_shared<Answer>(std::move(answer));
    shard->post([shard, id, moved] {
      if (HttpConnection* connection = shard->http(id)) connection->answer(std::move(*moved));
    });
  };
}

template <typename Stream>
Request BeastHttpConnection<Stream>::take_request() {
  auto& message = parser_->get();
  Request request;
  request.method = std::string(view(message.method_string()));
  request.target = std::string(view(message.target()));
  request.idempotency_key = std::string(view(message["Idempotency-Key"]));
  request.body = std::move(message.body());
  request.address = peer_;
  return request;
}

template <typename Stream>
Task<bool> BeastHttpConnection<Stream>::respond(Answer answer, bool keep_alive) {
  const auto& request = parser_->get();
  const bool is_head = request.method() == http::verb::head;
  if (answer.error != v1::ERROR_CODE_UNSPECIFIED) {
    shard_.log().warn(line_now(), "{}: {} refused: {} ({})", peer_,
                      in_log(view(request.method_string()), view(request.target())),
                      base::error_name(answer.error), static_cast<int>(answer.error));
  }
  http::response<http::string_body> response;
  response.version(request.version() == 10 ? 10 : 11);
  response.result(static_cast<unsigned>(answer.status));
  response.set(http::field::server, "fenghuo");
  response.set(http::field::content_type, answer.content_type);
  response.set(http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : answer.headers) response.set(name, value);
  response.keep_alive(keep_alive && !draining_);
  const std::size_t bytes = answer.body.size();
  response.body() = std::move(answer.body);
  response.prepare_payload();
  if (is_head) response.body().clear();

  Traffic::add(shard_.counts().answers.at(static_cast<std::size_t>(answer.status) / 100));
  Traffic::add(shard_.counts().bytes_out, bytes);
  set_deadline(transfer_time(bytes));
  http::response_serializer<http::string_body> serializer(response);
  const auto [ec, sent] = co_await http::async_write(stream_, serializer, as_result);
  if (ec) co_return false;
  if (response.keep_alive()) co_return true;
  co_await linger();
  co_return false;
}

// Closing with unread bytes would take the answer away from the peer: what it still sends is thrown
// away for a moment.
template <typename Stream>
Task<void> BeastHttpConnection<Stream>::linger() {
  set_deadline(linger_timeout_us);
  boost::system::error_code ec;
  lowest(stream_).shutdown(asio::ip::tcp::socket::shutdown_send, ec);
  std::array<char, 4096> thrown_away;
  while (!ec) {
    const auto [failed, bytes] =
        co_await lowest(stream_).async_read_some(asio::buffer(thrown_away), as_result);
    ec = failed;
  }
}

template <typename Stream>
Task<void> BeastHttpConnection<Stream>::upgrade() {
  const auto& header = parser_->get();
  const Api& api = shard_.api();
  const auto format = chosen_format(header[http::field::sec_websocket_protocol]);
  std::optional<base::Error> error;
  if (!beast::websocket::is_upgrade(header)) {
    error.emplace(v1::ERROR_CODE_BAD_FRAME, "open /ws with a WebSocket client");
  } else if (!format) {
    error.emplace(v1::ERROR_CODE_UNSUPPORTED_PROTOCOL,
                  "name a sub-protocol: fenghuo.v1.proto or fenghuo.v1.json");
  } else if (buffer_.size() > 0) {
    error.emplace(v1::ERROR_CODE_BAD_FRAME, "wait for the answer to the upgrade");
  } else if (api.standing().phase() != Standing::Phase::Serving) {
    error = api.standing().refusal();
  }
  if (error) {
    co_await respond(error_answer(*error), false);
    co_return;
  }
  Fields fields;
  for (const auto& field : header) {
    fields.emplace_back(std::string(view(field.name_string())), std::string(view(field.value())));
  }
  // The handshake has its own time limit.
  deadline_us_ = 0;
  auto accepted = accept_websocket(std::move(stream_), std::move(fields), *format);
  std::unique_ptr<MessageStream> stream = co_await std::move(accepted);
  if (!stream || shard_.is_draining()) co_return;
  const bool full = shard_.counts().connections.load() > limits::connections_max;
  shard_.forget(*this);
  auto session = std::make_shared<SocketConnection>(id(), shard_, *format, peer_);
  shard_.keep(session);
  session->start(std::move(stream), full);
}

}  // namespace

std::shared_ptr<HttpConnection> make_http_connection(std::uint64_t id, Shard& shard, Socket socket,
                                                     asio::ssl::context* tls, std::string peer,
                                                     Shard::Access access) {
  if (tls == nullptr) {
    return std::make_shared<BeastHttpConnection<Socket>>(id, shard, std::move(socket),
                                                         std::move(peer), access);
  }
  return std::make_shared<BeastHttpConnection<TlsStream>>(
      id, shard, TlsStream(std::move(socket), *tls), std::move(peer), access);
}

}  // namespace fenghuo::net
