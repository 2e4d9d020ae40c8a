// SPDX-License-Identifier: Apache-2.0
#include "hub/net/socket_connection.h"

#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "hub/identity/random.h"
#include "hub/identity/token.h"
#include "hub/net/line_clock.h"
#include "hub/net/shard.h"
#include "hub/net/submit.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace fenghuo::net {
namespace {

namespace limits = base::limits;

// What a connection waits with: most messages fit, a longer one is given more.
constexpr std::size_t idle_buffer_bytes = 512;
constexpr std::size_t write_bytes_max = 256 * 1024;
// A peer silent for so long is asked for a sign of life.
constexpr base::TimeUs ping_after_us = limits::idle_timeout_us / 3;
// A peer that does not take its close frame is cut off.
constexpr base::TimeUs close_timeout_us = 5 * base::us_per_s;
// Clients come back spread over this time after a restart.
constexpr std::size_t restart_spread_ms = 3'000;
// More pieces than this are copied together: cheaper than as many system vectors.
constexpr std::size_t pieces_max = 32;
// RFC 6455: a control frame holds 125 bytes, two of them the code.
constexpr std::size_t close_reason_bytes_max = 120;

}  // namespace

SocketConnection::SocketConnection(std::uint64_t id, Shard& shard, session::Format format,
                                   std::string peer)
    : Connection(id),
      shard_(shard),
      session_(format, line_now()),
      peer_(std::move(peer)),
      heard_us_(line_now()) {}

std::shared_ptr<StreamEvents> SocketConnection::events() {
  return std::static_pointer_cast<SocketConnection>(shared_from_this());
}

void SocketConnection::start(std::unique_ptr<MessageStream> stream, bool full) {
  stream_ = std::move(stream);
  if (full) session_.close(v1::CLOSE_CODE_FULL, "no room for more connections");
  touch();
}

void SocketConnection::touch() {
  if (touched_ || ended_) return;
  touched_ = true;
  shard_.touch(*this);
}

void SocketConnection::take_turn() {
  touched_ = false;
  if (ended_) return;
  run_actions();
  write_outbox();
  // Writing looks at the access once more and may end it.
  run_actions();
  if (close_ && outgoing_.empty() && closing_us_ == 0) {
    closing_us_ = line_now();
    Traffic::add(shard_.counts().closed_by_hub);
    stream_->close(events(), static_cast<std::uint16_t>(close_->code), close_->reason);
  }
  read_on();
}

void SocketConnection::run_actions() {
  while (std::optional<session::Action> action = session_.next_action()) {
    std::visit([this](auto& one) { act(std::move(one)); }, *action);
  }
}

void SocketConnection::act(session::Authenticate action) {
  const Api& api = shard_.api();
  if (api.standing().phase() != Standing::Phase::Serving) {
    return session_.authenticated(api.standing().refusal(), line_now());
  }
  if (!identity::is_token(action.hello.token())) {
    return session_.authenticated(
        base::Error(v1::ERROR_CODE_UNAUTHENTICATED, "not a token", "hello.token"), line_now());
  }
  Services& services = *api.services();
  std::string hash = base::to_bytes(identity::token_hash(action.hello.token()));
  action.hello.clear_token();
  services.reader.open(
      std::move(action.hello), std::move(hash), services.clock.now(),
      [shard = &shard_, id = id()](base::Result<view::Reader::Opening> opening) {
        // A snapshot is large: moved, not copied, from thread to thread.
        auto moved = std::make_shared<base::Result<view::Reader::Opening>>(std::move(opening));
        shard->post([shard, id, moved] {
          if (auto* connection = shard->socket(id)) connection->opened(std::move(*moved));
        });
      });
}

void SocketConnection::opened(base::Result<view::Reader::Opening> opening) {
  if (session_.status() != session::Session::Status::Authenticating) return;
  const base::TimeUs now = line_now();
  touch();
  if (!opening) {
    shard_.log().warn(now, "{}: hello refused: {}", peer_,
                      base::error_name(opening.error().code()));
    return session_.authenticated(opening.error(), now);
  }
  const Services& services = *shard_.api().services();
  const view::Reader::Identity& identity = opening->identity;
  session::Session::Opened opened;
  opened.account_id = identity.account_id;
  opened.token_id = identity.token_id;
  if (identity.access_until_us != 0) {
    // The session counts on the line clock.
    const auto left = static_cast<double>(identity.access_until_us - services.clock.now());
    opened.access_until_us =
        now + static_cast<base::TimeUs>(std::max(0.0, left) / services.clock_speed);
  }
  opened.welcome = std::move(opening->welcome);
  session_.authenticated(std::move(opened), now);
  if (session_.status() != session::Session::Status::Open) return;

  fanout::Shard::Attachment attachment;
  attachment.session = id();
  attachment.account_id = identity.account_id;
  attachment.token_id = identity.token_id;
  attachment.guest = opening->guest;
  attachment.format = session_.format();
  attachment.from = opening->from;
  attachment.as_of = opening->as_of;
  attachment.channels = std::move(opening->channels);
  attached_ = true;
  shard_.fanout().attach(std::move(attachment), *this, now);
}

void SocketConnection::act(session::SubmitCommand action) {
  Incoming incoming;
  incoming.session = id();
  incoming.account_id = session_.account_id();
  incoming.token_id = session_.token_id();
  incoming.device = session_.device();
  incoming.n = action.n;
  incoming.digest = action.digest;
  incoming.bytes = action.bytes;
  incoming.command = std::move(action.command);
  incoming.reply = [shard = &shard_, id = id()](v1::Reply reply) {
    shard->post([shard, id, reply = std::move(reply)] {
      if (SocketConnection* connection = shard->socket(id)) connection->reply(reply);
    });
  };
  if (const auto refused = submit(shard_.api().services()->engine, std::move(incoming))) {
    log_refusal("a command", refused->code());
    v1::Reply reply;
    reply.set_n(action.n);
    *reply.mutable_refused() = refused->to_wire();
    session_.reply(reply);
  }
}

void SocketConnection::act(session::AskQuery action) {
  Services& services = *shard_.api().services();
  services.reader.query(session_.account_id(), std::move(action.query), services.clock.now(),
                        [shard = &shard_, id = id()](v1::QueryResult result) {
                          shard->post([shard, id, result = std::move(result)] {
                            if (auto* connection = shard->socket(id)) connection->result(result);
                          });
                        });
}

void SocketConnection::act(session::Refused action) { log_refusal("a frame", action.code); }

void SocketConnection::act(session::Close action) {
  action.reason.resize(std::min(action.reason.size(), close_reason_bytes_max));
  if (action.code >= v1::CLOSE_CODE_FLOODING) {
    shard_.log().warn(line_now(), "{}: closed with {}: {}", peer_, static_cast<int>(action.code),
                      action.reason);
  }
  // Nothing more is meant for it, not even by the commit being handed out.
  if (attached_) shard_.fanout().detach(id());
  attached_ = false;
  close_ = std::make_unique<session::Close>(std::move(action));
}

// Codes only: messages may quote what somebody wrote.
void SocketConnection::log_refusal(std::string_view what, base::ErrorCode code) {
  shard_.log().warn(line_now(), "{}: {} of account {} refused: {} ({})", peer_, what,
                    session_.account_id(), base::error_name(code), static_cast<int>(code));
}

void SocketConnection::reply(const v1::Reply& reply) {
  if (reply.has_refused()) log_refusal("a command", reply.refused().code());
  session_.reply(reply);
  touch();
}

void SocketConnection::result(const v1::QueryResult& result) {
  if (result.has_refused()) log_refusal("a query", result.refused().code());
  session_.result(result);
  touch();
}

void SocketConnection::engine_has_room() {
  waits_for_engine_ = false;
  touch();
}

void SocketConnection::write_outbox() {
  if (!outgoing_.empty() || closing_us_ != 0) return;
  outgoing_ = session_.take_outbox(write_bytes_max, line_now());
  if (outgoing_.empty()) return;
  for (const auto& piece : outgoing_) outgoing_bytes_ += piece->size();
  if (outgoing_.size() > pieces_max) {
    auto joined = std::make_shared<std::string>();
    joined->reserve(outgoing_bytes_);
    for (const auto& piece : outgoing_) *joined += *piece;
    outgoing_.assign(1, std::move(joined));
  }
  std::vector<std::string_view> pieces;
  pieces.reserve(outgoing_.size());
  for (const auto& piece : outgoing_) pieces.emplace_back(*piece);
  Traffic::add(shard_.counts().writes);
  Traffic::add(shard_.counts().bytes_out, outgoing_bytes_);
  stream_->write(events(), pieces);
}

void SocketConnection::on_written() {
  outgoing_ = {};
  outgoing_bytes_ = 0;
  if (!ended_) {
    if (attached_) shard_.fanout().on_drained(id(), line_now());
    touch();
  }
  shard_.end_turn();
}

// A whole window of commands fits in one message; a stranger has only a hello to say.
std::size_t SocketConnection::message_bytes_max() const {
  return session_.status() == session::Session::Status::Open ? session::message_bytes_max
                                                             : limits::frame_bytes_max;
}

void SocketConnection::read_on() {
  if (reading_ || close_ || waits_for_engine_ || !session_.wants_read()) return;
  // Half a message is always read to its end: it is bounded.
  const Services* services = shard_.api().services();
  if (services != nullptr && incoming_bytes_ == 0 && services->engine.is_full()) {
    waits_for_engine_ = true;
    return shard_.wait_for_engine(id());
  }
  if (incoming_.size() == incoming_bytes_) {
    const std::size_t grown = std::max(idle_buffer_bytes, 8 * incoming_bytes_);
    incoming_.resize(std::min(grown, message_bytes_max() + 1));
  }
  reading_ = true;
  stream_->read(events(), incoming_.data() + incoming_bytes_, incoming_.size() - incoming_bytes_);
}

void SocketConnection::on_read(std::size_t bytes, bool done, bool binary) {
  reading_ = false;
  heard_us_ = line_now();
  incoming_bytes_ += bytes;
  if (incoming_bytes_ > message_bytes_max()) {
    session_.close(v1::CLOSE_CODE_TOO_LARGE,
                   fmt::format("a message above {} bytes", message_bytes_max()));
  } else if (done) {
    Traffic::add(shard_.counts().messages_in);
    Traffic::add(shard_.counts().bytes_in, incoming_bytes_);
    session_.receive(std::string_view(incoming_.data(), incoming_bytes_), binary, heard_us_);
    incoming_bytes_ = 0;
    if (incoming_.size() > idle_buffer_bytes) incoming_ = {};
  }
  touch();
  shard_.end_turn();
}

void SocketConnection::on_pong() {
  heard_us_ = line_now();
  pinging_ = false;
  session_.heard(heard_us_);
}

void SocketConnection::on_ended(std::string_view fault) {
  if (!fault.empty() && !ended_) {
    Traffic::add(shard_.counts().bad_messages);
    shard_.log().warn(line_now(), "{}: not a WebSocket peer any more: {}", peer_, fault);
  }
  finish();
  shard_.end_turn();
}

void SocketConnection::finish() {
  if (ended_) return;
  ended_ = true;
  if (attached_) shard_.fanout().detach(id());
  attached_ = false;
  stream_->abort();
  shard_.forget(*this);
}

void SocketConnection::tick(base::TimeUs now) {
  if (ended_) return;
  if (closing_us_ != 0 && now - closing_us_ > close_timeout_us) return finish();
  if (close_ && closing_us_ == 0 && now - heard_us_ > limits::idle_timeout_us + close_timeout_us) {
    return finish();
  }
  session_.tick(now);
  if (!close_ && !pinging_ && now - heard_us_ >= ping_after_us) {
    pinging_ = true;
    stream_->ping(events());
  }
  touch();
}

void SocketConnection::drain() {
  session_.close(v1::CLOSE_CODE_RESTART,
                 fmt::format("retry_after_ms={}", identity::random_below(restart_spread_ms)));
  touch();
}

void SocketConnection::abort() { finish(); }

std::size_t SocketConnection::outbox_bytes() const {
  return session_.outbox_bytes() + outgoing_bytes_;
}

void SocketConnection::push(std::shared_ptr<const std::string> frame) {
  session_.push(std::move(frame));
}

void SocketConnection::flush() { touch(); }

void SocketConnection::end(v1::CloseCode code, std::string reason) {
  session_.close(code, std::move(reason));
  touch();
}

}  // namespace fenghuo::net
