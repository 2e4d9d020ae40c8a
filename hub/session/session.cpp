// SPDX-License-Identifier: Apache-2.0
#include "hub/session/session.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/session/window.h"

#include <algorithm>
#include <utility>

namespace fenghuo::session {

namespace limits = base::limits;

namespace {

using Piece = std::shared_ptr<const std::string>;

// What a refusal at the door says to the client before the connection closes.
v1::CloseCode close_code_for(base::ErrorCode code) {
  switch (code) {
    case v1::ERROR_CODE_UNAUTHENTICATED:
    case v1::ERROR_CODE_BAD_CREDENTIALS: return v1::CLOSE_CODE_UNAUTHENTICATED;
    case v1::ERROR_CODE_TOKEN_EXPIRED:
    case v1::ERROR_CODE_TOKEN_REVOKED: return v1::CLOSE_CODE_TOKEN_ENDED;
    case v1::ERROR_CODE_ACCOUNT_DISABLED:
    case v1::ERROR_CODE_ACCESS_EXPIRED: return v1::CLOSE_CODE_ACCESS_ENDED;
    case v1::ERROR_CODE_WRONG_WORLD: return v1::CLOSE_CODE_WRONG_WORLD;
    case v1::ERROR_CODE_UNKNOWN_EPOCH:
    case v1::ERROR_CODE_FUTURE_POSITION: return v1::CLOSE_CODE_CANNOT_RESUME;
    case v1::ERROR_CODE_DRAINING: return v1::CLOSE_CODE_RESTART;
    case v1::ERROR_CODE_TOO_LARGE: return v1::CLOSE_CODE_TOO_LARGE;
    case v1::ERROR_CODE_BAD_FRAME:
    case v1::ERROR_CODE_BAD_UTF8:
    case v1::ERROR_CODE_BAD_ARGUMENT:
    case v1::ERROR_CODE_OUT_OF_TURN: return v1::CLOSE_CODE_BAD_FRAME;
    default: return v1::CLOSE_CODE_UNAVAILABLE;
  }
}

bool is_device_name(std::string_view name) {
  if (name.empty() || name.size() > limits::device_name_bytes_max) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

bool ends_access(v1::CloseCode code) {
  return code == v1::CLOSE_CODE_TOKEN_ENDED || code == v1::CLOSE_CODE_ACCESS_ENDED;
}

// A plain vector used as a queue: short, and costs nothing while a connection idles.
template <typename T>
T pop_front(std::vector<T>& queue) {
  T first = std::move(queue.front());
  queue.erase(queue.begin());
  return first;
}

const Piece& json_piece(char c) {
  static const Piece open = std::make_shared<const std::string>("[");
  static const Piece comma = std::make_shared<const std::string>(",");
  static const Piece shut = std::make_shared<const std::string>("]");
  return c == '[' ? open : c == ',' ? comma : shut;
}

}  // namespace

struct Session::Inside {
  Inside(Format format_, base::TimeUs now) : format(format_), opened_us(now), heard_us(now) {}

  Format format;
  Status status = Status::WaitsForHello;
  base::TimeUs opened_us;
  base::TimeUs heard_us;
  base::TimeUs access_until_us = 0;
  base::EntityId account_id = 0;
  base::EntityId token_id = 0;
  std::string device;
  Window window;
  // Sent right behind the hello; handled once it is answered.
  std::vector<v1::ClientFrame> held;
  std::vector<v1::Query> queries;
  bool query_out = false;
  std::vector<Action> actions;
  std::vector<Piece> outbox;
  std::size_t outbox_bytes = 0;

  void set_status(Status to);
  void send(const v1::ServerFrame& frame);
  void push(Piece frame);
  void error(const base::Error& error);
  void fail(const base::Error& error);
  void close(v1::CloseCode code, std::string reason);
  bool end_if_expired(base::TimeUs now);
  void handle(v1::ClientFrame& frame);
  void handle_all(std::vector<v1::ClientFrame> frames);
  void hello(v1::Hello& hello);
  void submit(v1::Submit& submit);
  void query(v1::Query& query);
  void refuse(std::uint64_t n, const base::Error& error);
};

void Session::Inside::set_status(Status to) {
  const bool allowed = (status == Status::WaitsForHello && to == Status::Authenticating) ||
                       (status == Status::Authenticating && to == Status::Open) ||
                       (status != Status::Closed && to == Status::Closed);
  FENGHUO_CHECK(allowed);
  status = to;
}

void Session::Inside::send(const v1::ServerFrame& frame) {
  push(std::make_shared<const std::string>(encode(format, frame)));
}

void Session::Inside::push(Piece frame) {
  outbox_bytes += frame->size();
  outbox.push_back(std::move(frame));
}

void Session::Inside::error(const base::Error& error) {
  v1::ServerFrame frame;
  *frame.mutable_error() = error.to_wire();
  send(frame);
}

void Session::Inside::fail(const base::Error& why) {
  close(close_code_for(why.code()), why.message());
  error(why);
}

void Session::Inside::close(v1::CloseCode code, std::string reason) {
  if (status == Status::Closed) return;
  set_status(Status::Closed);
  if (ends_access(code)) {
    outbox.clear();
    outbox_bytes = 0;
  }
  held.clear();
  queries.clear();
  actions.push_back(Close{code, std::move(reason)});
}

bool Session::Inside::end_if_expired(base::TimeUs now) {
  if (access_until_us == 0 || now < access_until_us) return false;
  // Also what a Closed session still has to say must not leave any more.
  outbox.clear();
  outbox_bytes = 0;
  close(v1::CLOSE_CODE_TOKEN_ENDED, "access has ended");
  return true;
}

void Session::Inside::handle_all(std::vector<v1::ClientFrame> frames) {
  for (v1::ClientFrame& frame : frames) {
    if (status == Status::Closed) return;
    if (status == Status::Authenticating) {
      if (held.size() >= limits::frames_per_message_max) {
        return close(v1::CLOSE_CODE_FLOODING, "too many frames before the welcome");
      }
      held.push_back(std::move(frame));
    } else {
      handle(frame);
    }
  }
}

void Session::Inside::handle(v1::ClientFrame& frame) {
  const bool is_hello = frame.kind_case() == v1::ClientFrame::kHello;
  if (is_hello != (status == Status::WaitsForHello)) {
    return fail(base::Error(v1::ERROR_CODE_OUT_OF_TURN,
                            is_hello ? "a second hello" : "the first frame must be a hello"));
  }
  switch (frame.kind_case()) {
    case v1::ClientFrame::kHello: return hello(*frame.mutable_hello());
    case v1::ClientFrame::kSubmit: return submit(*frame.mutable_submit());
    case v1::ClientFrame::kQuery: return query(*frame.mutable_query());
    case v1::ClientFrame::kPing: {
      v1::ServerFrame pong;
      *pong.mutable_pong() = frame.ping();
      return send(pong);
    }
    case v1::ClientFrame::KIND_NOT_SET: FENGHUO_CHECK(false);  // decode() lets none through
  }
}

void Session::Inside::hello(v1::Hello& hello) {
  if (!is_device_name(hello.device())) {
    return fail(base::Error(v1::ERROR_CODE_BAD_ARGUMENT,
                            "a device is named by 1 to 64 of A-Z a-z 0-9 . _ -", "hello.device"));
  }
  if (hello.token().empty()) {
    return fail(base::Error(v1::ERROR_CODE_UNAUTHENTICATED, "no token", "hello.token"));
  }
  device = hello.device();
  set_status(Status::Authenticating);
  actions.push_back(Authenticate{std::move(hello)});
}

void Session::Inside::refuse(std::uint64_t n, const base::Error& error) {
  actions.push_back(Refused{error.code()});
  v1::ServerFrame frame;
  frame.mutable_reply()->set_n(n);
  *frame.mutable_reply()->mutable_refused() = error.to_wire();
  send(frame);
}

void Session::Inside::submit(v1::Submit& submit) {
  const std::uint64_t n = submit.n();
  if (n == 0) {
    return refuse(n, base::Error(v1::ERROR_CODE_BAD_ARGUMENT, "n counts from 1", "submit.n"));
  }
  if (submit.command().kind_case() == v1::Command::KIND_NOT_SET) {
    return refuse(n, base::Error(v1::ERROR_CODE_UNKNOWN_KIND,
                                 "a command of a kind this hub does not know", "submit.command"));
  }
  const std::size_t bytes = submit.command().ByteSizeLong();
  switch (window.admit(n, bytes)) {
    case Window::Verdict::Admitted: {
      const std::uint64_t digest = command_digest(submit.command());
      actions.push_back(SubmitCommand{n, std::move(*submit.mutable_command()), digest, bytes});
      return;
    }
    case Window::Verdict::Exceeded:
      return refuse(n, base::Error(v1::ERROR_CODE_WINDOW_EXCEEDED, "above the window granted")
                           .with("max_inflight", std::to_string(limits::inflight_max))
                           .with("max_inflight_bytes", std::to_string(limits::inflight_bytes_max))
                           .retry_after(100));
    case Window::Verdict::Flooding:
      return close(v1::CLOSE_CODE_FLOODING, "far above the window granted");
  }
}

void Session::Inside::query(v1::Query& query) {
  base::Error refused;
  if (query.kind_case() == v1::Query::KIND_NOT_SET) {
    refused = base::Error(v1::ERROR_CODE_UNKNOWN_KIND, "a query of a kind this hub does not know",
                          "query");
  } else if (queries.size() >= limits::queries_waiting_max) {
    refused = base::Error(v1::ERROR_CODE_RATE_LIMITED, "too many queries wait").retry_after(1'000);
  } else {
    queries.push_back(std::move(query));
    return;
  }
  actions.push_back(Refused{refused.code()});
  v1::ServerFrame frame;
  frame.mutable_query_result()->set_id(query.id());
  *frame.mutable_query_result()->mutable_refused() = refused.to_wire();
  send(frame);
}

Session::Session(Format format, base::TimeUs now)
    : inside_(std::make_unique<Inside>(format, now)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Session::Status Session::status() const { return inside_->status; }
Format Session::format() const { return inside_->format; }
base::EntityId Session::account_id() const { return inside_->account_id; }
base::EntityId Session::token_id() const { return inside_->token_id; }
const std::string& Session::device() const { return inside_->device; }

void Session::receive(std::string_view message, bool binary, base::TimeUs now) {
  if (inside_->status == Status::Closed) return;
  inside_->heard_us = now;
  if (inside_->end_if_expired(now)) return;
  if (binary != (inside_->format == Format::Binary)) {
    return inside_->fail(
        base::Error(v1::ERROR_CODE_BAD_FRAME, binary ? "a binary message on fenghuo.v1.json"
                                                     : "a text message on fenghuo.v1.proto"));
  }
  base::Result<std::vector<v1::ClientFrame>> frames = decode(inside_->format, message);
  if (frames) return inside_->handle_all(std::move(*frames));
  // A newer client may try what this hub does not know yet; anything else is not to be trusted, and
  // neither is a stranger.
  const base::Error& why = frames.error();
  if (why.code() != v1::ERROR_CODE_UNKNOWN_KIND) return inside_->fail(why);
  if (inside_->status == Status::Open) {
    inside_->actions.push_back(Refused{why.code()});
    return inside_->error(why);
  }
  inside_->fail(base::Error(v1::ERROR_CODE_OUT_OF_TURN, "the first frame must be a hello"));
}

void Session::heard(base::TimeUs now) { inside_->heard_us = now; }

void Session::authenticated(base::Result<Opened> result, base::TimeUs now) {
  Inside& in = *inside_;
  if (in.status == Status::Closed) return;
  FENGHUO_CHECK(in.status == Status::Authenticating);
  if (!result) return in.fail(result.error());
  in.set_status(Status::Open);
  in.account_id = result->account_id;
  in.token_id = result->token_id;
  in.access_until_us = result->access_until_us;
  in.heard_us = now;
  v1::ServerFrame frame;
  *frame.mutable_welcome() = std::move(result->welcome);
  frame.mutable_welcome()->set_max_inflight(limits::inflight_max);
  frame.mutable_welcome()->set_max_inflight_bytes(limits::inflight_bytes_max);
  frame.mutable_welcome()->set_max_frame_bytes(limits::frame_bytes_max);
  in.send(frame);
  if (!in.end_if_expired(now)) in.handle_all(std::exchange(in.held, {}));
}

void Session::reply(const v1::Reply& reply) {
  if (inside_->status == Status::Closed) return;
  FENGHUO_CHECK(inside_->window.release(reply.n()));
  v1::ServerFrame frame;
  *frame.mutable_reply() = reply;
  inside_->send(frame);
}

void Session::result(const v1::QueryResult& result) {
  if (inside_->status == Status::Closed) return;
  FENGHUO_CHECK(inside_->query_out);
  inside_->query_out = false;
  v1::ServerFrame frame;
  *frame.mutable_query_result() = result;
  inside_->send(frame);
}

void Session::push(std::shared_ptr<const std::string> frame) {
  if (inside_->status == Status::Closed) return;
  inside_->push(std::move(frame));
}

void Session::close(v1::CloseCode code, std::string reason) {
  inside_->close(code, std::move(reason));
}

void Session::tick(base::TimeUs now) {
  if (inside_->status == Status::Closed || inside_->end_if_expired(now)) return;
  if (inside_->status == Status::WaitsForHello &&
      now - inside_->opened_us >= limits::hello_timeout_us) {
    return close(v1::CLOSE_CODE_HELLO_TIMEOUT, "no hello in time");
  }
  if (now - inside_->heard_us >= limits::idle_timeout_us) {
    close(v1::CLOSE_CODE_IDLE, "nothing heard");
  }
}

bool Session::wants_read() const {
  if (inside_->status == Status::WaitsForHello) return true;
  return inside_->status == Status::Open && inside_->window.has_room() &&
         inside_->queries.size() < limits::queries_waiting_max &&
         inside_->outbox_bytes < limits::outbox_bytes_max;
}

std::optional<Action> Session::next_action() {
  Inside& in = *inside_;
  if (!in.actions.empty()) return pop_front(in.actions);
  const bool may_ask = in.status == Status::Open && !in.query_out && !in.queries.empty() &&
                       in.outbox_bytes < limits::outbox_bytes_max;
  if (!may_ask) return std::nullopt;
  in.query_out = true;
  return AskQuery{pop_front(in.queries)};
}

std::size_t Session::outbox_bytes() const { return inside_->outbox_bytes; }
bool Session::outbox_empty() const { return inside_->outbox.empty(); }

std::vector<Piece> Session::take_outbox(std::size_t max_bytes, base::TimeUs now) {
  Inside& in = *inside_;
  std::vector<Piece> taken;
  if (in.outbox.empty() || in.end_if_expired(now)) return taken;
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < in.outbox.size() &&
         (count == 0 || bytes + in.outbox[count]->size() <= max_bytes)) {
    bytes += in.outbox[count++]->size();
  }
  in.outbox_bytes -= bytes;
  if (in.format == Format::Binary && count == in.outbox.size()) {
    taken.swap(in.outbox);
    return taken;
  }
  const bool is_array = in.format == Format::Json && count > 1;
  for (std::size_t i = 0; i < count; ++i) {
    if (is_array) taken.push_back(json_piece(i == 0 ? '[' : ','));
    taken.push_back(std::move(in.outbox[i]));
  }
  if (is_array) taken.push_back(json_piece(']'));
  in.outbox.erase(in.outbox.begin(), in.outbox.begin() + static_cast<std::ptrdiff_t>(count));
  return taken;
}

}  // namespace fenghuo::session
