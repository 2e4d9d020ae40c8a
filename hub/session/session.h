// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"
#include "hub/base/types.h"
#include "hub/session/codec.h"

#include <cstdint>
#include <deque>
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
// Close the connection after what is in the outbox.
struct Close {
  v1::CloseCode code;
  std::string reason;
};
using Action = std::variant<Authenticate, SubmitCommand, AskQuery, Close>;

// One connection's protocol without sockets, threads or clock: messages and facts in, actions and
// an outbox out. One thread.
//
// Statuses: WaitsForHello -> Authenticating -> Open -> Closed. One setter; every other transition
// is a defect. What a client does wrong is answered by an Error frame and, where the frame cannot
// be trusted any more, a close; it never touches another session.
class Session {
 public:
  enum class Status { WaitsForHello, Authenticating, Open, Closed };

  Session(Format format, base::TimeUs now);

  Status status() const;
  Format format() const;
  base::EntityId account_id() const;
  base::EntityId token_id() const;
  const std::string& device() const;

  // One WebSocket message. `binary` = its opcode.
  void receive(std::string_view message, bool binary, base::TimeUs now);
  // Answer to Authenticate. On success the welcome is put into the outbox.
  struct Opened {
    base::EntityId account_id = 0;
    base::EntityId token_id = 0;
    base::TimeUs access_until_us = 0;
    v1::Welcome welcome;
  };
  void authenticated(base::Result<Opened> result, base::TimeUs now);
  // Answers to SubmitCommand and AskQuery.
  void reply(const v1::Reply& reply);
  void result(const v1::QueryResult& result);
  // A frame somebody else encoded once for many (batches, bells).
  void push(std::shared_ptr<const std::string> frame);
  // Ends it from our side.
  void close(v1::CloseCode code, std::string reason);
  // Timeouts: hello, idle, access_until. Call about once a second.
  void tick(base::TimeUs now);

  // Whether the driver should read on: false while the window (commands, bytes, queries) is full.
  bool wants_read() const;

  // The next action, or nothing.
  std::optional<Action> next_action();

  // Bytes waiting to be sent.
  std::size_t outbox_bytes() const;
  bool outbox_empty() const;
  // Everything waiting, as one WebSocket message (binary: concatenation; JSON: array or single
  // object is made by the pieces returned). The pieces stay valid while held. At most `max_bytes`
  // unless a single frame is larger.
  std::vector<std::shared_ptr<const std::string>> take_outbox(std::size_t max_bytes);

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace fenghuo::session
