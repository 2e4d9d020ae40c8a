// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"
#include "hub/base/types.h"
#include "hub/session/codec.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fenghuo::session {

// What the driver of a session has to do next, in order.
struct Authenticate {
  v1::Hello hello;
};
struct SubmitCommand {
  std::uint64_t n = 0;
  v1::Command command;
  // Of the command as received; see core::Envelope.
  std::uint64_t digest = 0;
  std::size_t bytes = 0;
};
struct AskQuery {
  v1::Query query;
};
// A frame was refused by the session itself, which goes on: for the log.
struct Refused {
  base::ErrorCode code;
};
// Close the connection after what is in the outbox.
struct Close {
  v1::CloseCode code;
  std::string reason;
};
using Action = std::variant<Authenticate, SubmitCommand, AskQuery, Refused, Close>;

// One connection's protocol without sockets, threads or clock: messages and facts in, actions and
// an outbox out. One thread.
//
// Statuses: WaitsForHello -> Authenticating -> Open -> Closed. One setter; every other transition
// is a defect. What a client does wrong is answered by an Error frame and, where the frame cannot
// be trusted any more, a close; it never touches another session.
//
// The driver: after each call that brings something in, and after take_outbox(), run next_action()
// until it has nothing; then write the outbox; read on while wants_read(). Whatever arrives once
// the session is Closed is dropped.
class Session {
 public:
  enum class Status { WaitsForHello, Authenticating, Open, Closed };

  Session(Format format, base::TimeUs now);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  Status status() const;
  Format format() const;
  // 0 and empty before it is Open.
  base::EntityId account_id() const;
  base::EntityId token_id() const;
  const std::string& device() const;

  // One WebSocket message. `binary` = its opcode.
  void receive(std::string_view message, bool binary, base::TimeUs now);
  // A sign of life that is no message: the answer to a WebSocket ping.
  void heard(base::TimeUs now);
  // Answer to Authenticate. On success the welcome, with the window granted, is put into the
  // outbox.
  struct Opened {
    base::EntityId account_id = 0;
    base::EntityId token_id = 0;
    // Nothing is written from this instant on; 0 = no end.
    base::TimeUs access_until_us = 0;
    v1::Welcome welcome;
  };
  void authenticated(base::Result<Opened> result, base::TimeUs now);
  // Answers to SubmitCommand and AskQuery. Queries are asked one at a time, and only while the
  // outbox has room.
  void reply(const v1::Reply& reply);
  void result(const v1::QueryResult& result);
  // A frame somebody else encoded once for many (batches, bells), in this session's format.
  void push(std::shared_ptr<const std::string> frame);
  // Ends it from our side. When access has ended, what waits is dropped too.
  void close(v1::CloseCode code, std::string reason);
  // Timeouts: hello, idle, access_until. Call about once a second.
  void tick(base::TimeUs now);

  // Whether the driver should read on: false while the window (commands, bytes, queries) or the
  // outbox is full, while authenticating, and when closed.
  bool wants_read() const;

  // The next action, or nothing.
  std::optional<Action> next_action();

  // Bytes waiting to be sent. Never more than limits::outbox_bytes_max and one frame, and the small
  // answers of one window.
  std::size_t outbox_bytes() const;
  bool outbox_empty() const;
  // What waits, oldest first, as the pieces of one WebSocket message (binary: frames one after
  // another; JSON: one object, or an array of several). The pieces stay valid while held. At most
  // about `max_bytes` unless a single frame is larger. Access is checked here: when it has ended
  // nothing is returned and a Close is the next action.
  std::vector<std::shared_ptr<const std::string>> take_outbox(std::size_t max_bytes,
                                                              base::TimeUs now);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fenghuo::session
