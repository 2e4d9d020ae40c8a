// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "tests/sim/hub.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace fenghuo::sim {

namespace limits = base::limits;

namespace {

constexpr std::size_t write_bytes_max = 256 * 1024;

}  // namespace

Connection::Connection(Hub& hub, std::uint64_t id, std::shared_ptr<Wire> wire,
                       base::TimeUs write_us)
    : hub_(hub),
      id_(id),
      wire_(std::move(wire)),
      write_us_(write_us),
      session_(session::Format::Binary, hub.now()) {
  wire_->hub.received = [this](std::string message) { received(std::move(message)); };
  wire_->hub.written = [this] { written(); };
  wire_->hub.ended = [hub = &hub_, id](std::uint16_t) { hub->disconnect(id); };
}

// The hub is gone, or the wire: nothing more may come here.
Connection::~Connection() {
  wire_->hub = {};
  if (attached_) hub_.shard().detach(id_);
}

void Connection::received(std::string message) {
  unread_.push_back(std::move(message));
  turn();
}

void Connection::turn() {
  run_actions();
  while (!unread_.empty() && !close_ && session_.wants_read() && !hub_.engine().is_full()) {
    const std::string message = std::move(unread_.front());
    unread_.pop_front();
    session_.receive(message, true, hub_.now());
    run_actions();
  }
  write();
  run_actions();
  if (close_ && writing_bytes_ == 0 && !std::exchange(closed_, true)) {
    wire_->close_client(static_cast<std::uint16_t>(close_->code));
    hub_.post([hub = &hub_, id = id_] { hub->disconnect(id); });
  }
}

void Connection::run_actions() {
  while (std::optional<session::Action> action = session_.next_action()) {
    std::visit([this](auto& one) { act(std::move(one)); }, *action);
  }
}

void Connection::write() {
  if (writing_bytes_ != 0 || closed_) return;
  const auto pieces = session_.take_outbox(write_bytes_max, hub_.now());
  if (pieces.empty()) return;
  std::string message;
  for (const auto& piece : pieces) message += *piece;
  writing_bytes_ = message.size();
  wire_->to_client(std::move(message), write_us_);
}

void Connection::written() {
  writing_bytes_ = 0;
  if (attached_) hub_.shard().on_drained(id_, hub_.now());
  turn();
}

void Connection::act(session::Authenticate action) {
  std::string hash = base::to_bytes(base::sha256({action.hello.token()}));
  action.hello.clear_token();
  hub_.reader().open(std::move(action.hello), std::move(hash), hub_.now(),
                     [hub = &hub_, id = id_](base::Result<view::Reader::Opening> opening) {
                       hub->post([hub, id, opening = std::move(opening)] {
                         if (Connection* one = hub->connection(id)) one->opened(opening);
                       });
                     });
}

void Connection::opened(base::Result<view::Reader::Opening> opening) {
  const base::TimeUs now = hub_.now();
  if (session_.status() != session::Session::Status::Authenticating) return;
  if (!opening) {
    session_.authenticated(opening.error(), now);
    return turn();
  }
  session::Session::Opened opened;
  opened.account_id = opening->identity.account_id;
  opened.token_id = opening->identity.token_id;
  opened.access_until_us = opening->identity.access_until_us;
  opened.welcome = std::move(opening->welcome);
  welcome_bytes_ = opened.welcome.ByteSizeLong();
  session_.authenticated(std::move(opened), now);
  if (session_.status() != session::Session::Status::Open) return turn();
  fanout::Shard::Attachment attachment;
  attachment.session = id_;
  attachment.account_id = session_.account_id();
  attachment.token_id = session_.token_id();
  attachment.guest = opening->guest;
  attachment.from = opening->from;
  attachment.as_of = opening->as_of;
  attachment.channels = std::move(opening->channels);
  attached_ = true;
  hub_.shard().attach(std::move(attachment), *this, now);
  turn();
}

void Connection::act(session::SubmitCommand action) {
  engine::Submission submission;
  submission.session = id_;
  submission.envelope.account_id = session_.account_id();
  submission.envelope.token_id = session_.token_id();
  submission.envelope.device = session_.device();
  submission.envelope.n = action.n;
  submission.envelope.digest = action.digest;
  submission.envelope.salt = hub_.random().bytes(16);
  submission.envelope.command = std::move(action.command);
  submission.bytes = action.bytes;
  submission.reply = [hub = &hub_, id = id_](v1::Reply reply) {
    hub->judge().on_reply(reply);
    hub->post([hub, id, reply = std::move(reply)] {
      if (Connection* one = hub->connection(id)) one->reply(reply);
    });
  };
  if (const auto refused = hub_.submit(std::move(submission))) {
    v1::Reply reply;
    reply.set_n(action.n);
    *reply.mutable_refused() = refused->to_wire();
    session_.reply(reply);
  }
}

void Connection::act(session::AskQuery action) {
  const base::EntityId account_id = session_.account_id();
  hub_.reader().query(account_id, std::move(action.query), hub_.now(),
                      [hub = &hub_, id = id_, account_id](v1::QueryResult result) {
                        hub->judge().on_query_result(account_id, result);
                        hub->post([hub, id, result = std::move(result)] {
                          if (Connection* one = hub->connection(id)) one->result(result);
                        });
                      });
}

void Connection::act(session::Close action) {
  if (attached_) hub_.shard().detach(id_);
  attached_ = false;
  if (!close_) close_ = std::move(action);
}

void Connection::reply(const v1::Reply& reply) {
  session_.reply(reply);
  turn();
}

void Connection::result(const v1::QueryResult& result) {
  largest_result_bytes_ = std::max(largest_result_bytes_, result.ByteSizeLong());
  session_.result(result);
  turn();
}

void Connection::tick() {
  // Answers to WebSocket pings, which this net leaves out.
  session_.heard(hub_.now());
  session_.tick(hub_.now());
  turn();
}

std::size_t Connection::outbox_bytes() const { return session_.outbox_bytes() + writing_bytes_; }

void Connection::push(std::shared_ptr<const std::string> frame) {
  hub_.judge().on_push(session_.account_id(), *frame);
  largest_push_bytes_ = std::max(largest_push_bytes_, frame->size());
  session_.push(std::move(frame));
}

void Connection::flush() {
  hub_.post([hub = &hub_, id = id_] {
    if (Connection* one = hub->connection(id)) one->turn();
  });
}

void Connection::end(v1::CloseCode code, std::string reason) {
  session_.close(code, std::move(reason));
  flush();
}

}  // namespace fenghuo::sim
