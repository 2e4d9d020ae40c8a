// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/state.h"
#include "fenghuo/v1/frame.pb.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fenghuo::client {

// What the line is; a client shows it. Refused ends by itself only through a new start().
enum class LineState { Down, Connecting, CatchingUp, Live, Refused };

enum class RefusedReason {
  None,
  // The token is not (or no longer) good: log in again.
  LogIn,
  // The hub and this client cannot talk: do not come back unchanged.
  Never,
};

// Names the state in one English word, for logs.
std::string_view name_of(LineState state);

// What the shell does for the link, in order.
struct Connect {
  // From now; the shell then opens the WebSocket and says connected() or disconnected().
  std::int64_t delay_ms = 0;
};
struct Send {
  // One binary WebSocket message.
  std::string bytes;
};
// Close the socket; disconnected() is still awaited. Nothing received after it is looked at.
struct Close {};

// What the user of the client is told, in order with the above.
struct LineChanged {
  LineState state = LineState::Down;
  RefusedReason refused = RefusedReason::None;
  // English, for people: what happened.
  std::string why;
};
// State was taken anew from a snapshot at `position`.
struct Snapshotted {
  std::uint64_t position = 0;
  // Set when the record was restored from a copy: `common` is the last position still shared, what
  // this client sent after it may have to be sent again.
  std::optional<std::uint64_t> forked_common;
};
struct Updated {
  v1::Update update;
};
// Everything up to here was delivered: what to resume from.
struct Advanced {
  std::uint64_t position = 0;
};
struct Replied {
  v1::Reply reply;
};
struct Answered {
  v1::QueryResult result;
};
struct Rang {
  v1::Bell bell;
};

using Action = std::variant<Connect, Send, Close, LineChanged, Snapshotted, Updated, Advanced,
                            Replied, Answered, Rang>;
using Actions = std::vector<Action>;

// How the line went down.
struct Disconnect {
  // The WebSocket close code; 0 = there was none (could not connect, connection lost).
  std::uint16_t close_code = 0;
  std::string reason;
};

struct LinkOptions {
  std::string token;
  // [A-Za-z0-9._-]{1,64}, kept for ever: command numbers count per device.
  std::string device;
  // "name/version", for the hub's log.
  std::string client_name;
  // Empty = any.
  std::string world_id;
  // The next command's number; above every number this device ever used.
  std::uint64_t next_n = 1;
  // Stream from here on instead of from the snapshot.
  std::optional<std::uint64_t> since;
};

// One account's line to the hub without I/O, clock or random: inputs in, actions out. It keeps the
// state, where it stands, and what is not answered; after a disconnect it resumes, sends what is
// unanswered again in order with the same numbers, and never runs more than the hub's window past
// its oldest unanswered command. Times are milliseconds of any steady clock. One thread.
class Link {
 public:
  explicit Link(LinkOptions options);

  // Begins (again after Refused or stop()).
  Actions start();
  // Ends for good until start(): closes, and does not come back. Unanswered commands stay.
  Actions stop();
  // The socket is open and speaks fenghuo.v1.proto.
  Actions connected(std::int64_t now_ms);
  // One whole WebSocket message.
  Actions received(std::int64_t now_ms, std::string_view message);
  // The socket is gone or could not be opened. `random` in [0, 1) spreads the return of many.
  Actions disconnected(std::int64_t now_ms, const Disconnect& how, double random);
  // Call at next_wakeup_ms(), or any time.
  Actions tick(std::int64_t now_ms);
  std::optional<std::int64_t> next_wakeup_ms() const;

  // The number the next submit() gets.
  std::uint64_t next_n() const { return next_n_; }
  // Takes a command, numbered next_n(), to be sent as soon as line and window allow.
  Actions submit(v1::Command command);
  // A command from an earlier life of this device, unanswered then; oldest first, before start().
  void restore(std::uint64_t n, v1::Command command);
  // Forgets an unanswered command; true if there was one. It may have been done.
  bool abandon(std::uint64_t n);
  // Sends a query; its id is returned in the result. Asked again after a reconnect.
  Actions ask(v1::Query query, std::uint64_t& id);

  LineState line() const { return line_; }
  const State& state() const { return state_; }
  // The last welcome, without its snapshot.
  const v1::Welcome& welcome() const { return welcome_; }
  std::uint64_t position() const { return position_; }
  std::size_t unanswered() const { return outbox_.size(); }

 private:
  struct Waiting {
    std::uint64_t n = 0;
    v1::Command command;
    std::size_t bytes = 0;
    bool sent = false;
    // A busy hub asked to wait until here.
    std::int64_t not_before_ms = 0;
    int refusals = 0;
  };
  struct Asked {
    v1::Query query;
    bool sent = false;
  };

  void move_to(LineState to, std::string why, RefusedReason refused = RefusedReason::None);
  void on_frame(const v1::ServerFrame& frame);
  void on_welcome(const v1::Welcome& welcome);
  void take_snapshot(const v1::Welcome& welcome);
  void on_batch(const v1::Batch& batch);
  void on_reply(const v1::Reply& reply);
  void on_query_result(const v1::QueryResult& result);
  void on_error(const v1::Error& error);
  // Drops the connection in order to come back at once.
  void restart_line(std::string why);
  void come_back(std::int64_t now_ms, const Disconnect& how, double random);
  void flush();
  bool fits_window(const Waiting& waiting, std::size_t inflight_bytes) const;
  void live_if_reached();
  void send(const v1::ClientFrame& frame);
  Actions take();

  LinkOptions options_;
  Actions actions_;
  State state_;
  LineState line_ = LineState::Down;
  // Between connected() and the end of this connection.
  bool open_ = false;
  bool welcomed_ = false;
  bool stopped_ = true;
  bool closing_ = false;
  std::string close_why_;

  v1::Welcome welcome_;
  std::string epoch_;
  std::uint64_t position_ = 0;
  // Where "live" begins on this connection.
  std::uint64_t live_from_ = 0;
  // Position of the last gap, to take a snapshot when resuming does not mend it.
  std::optional<std::uint64_t> gap_at_;
  std::optional<v1::Error> last_error_;

  std::int64_t now_ms_ = 0;
  std::int64_t live_since_ms_ = 0;
  std::int64_t heard_ms_ = 0;
  int attempts_ = 0;

  std::uint64_t next_n_ = 1;
  std::deque<Waiting> outbox_;
  std::uint64_t next_query_ = 1;
  std::map<std::uint64_t, Asked> asked_;
};

}  // namespace fenghuo::client
