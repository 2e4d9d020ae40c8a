// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/error.pb.h"
#include "hub/base/types.h"
#include "hub/core/state.h"
#include "hub/fanout/catch_up.h"
#include "hub/fanout/encoded_commit.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fenghuo::fanout {

// One session as the fan-out sees it: a pointer, a cursor, a status. Implemented by the connection.
// None of these may call the shard back before it returns.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  // Bytes accepted and not yet written to the socket.
  virtual std::size_t outbox_bytes() const = 0;
  // Takes a frame; starts writing after the shard's task (see flush).
  virtual void push(std::shared_ptr<const std::string> frame) = 0;
  // One write with all that was pushed in this task.
  virtual void flush() = 0;
  // Ends the session. The shard gives it nothing more; detach() still has to come.
  virtual void end(v1::CloseCode code, std::string reason) = 0;
};

// The sessions of one thread. Everything here runs on that thread; no locks.
//
// A session is live (it gets each commit's slices at once) or catching up (from the ring of recent
// commits, else from the log), paced by its own outbox. A full outbox drops it to catching up: the
// record itself is its queue. It is live again when it reaches `published` inside a task here.
class Shard {
 public:
  // `post` runs a function on this shard's thread, any thread may call it.
  using Post = std::function<void(std::function<void()>)>;
  Shard(CatchUp& catch_up, Post post);
  ~Shard();

  struct Attachment {
    std::uint64_t session = 0;
    base::EntityId account_id = 0;
    base::EntityId token_id = 0;
    bool guest = false;
    session::Format format = session::Format::Binary;
    // The client stands here.
    base::Position from = 0;
    // Visible channels at `as_of`.
    base::Position as_of = 0;
    std::vector<core::State::Joined> channels;
  };
  // The subscriber must stay alive until detach(). `as_of` is not after the commits handed over
  // here (once there were any).
  void attach(Attachment attachment, Subscriber& subscriber, base::TimeUs now);
  // Nothing happens when the session is not attached.
  void detach(std::uint64_t session);

  // Posted by the encoder's publish, in order, without gap.
  void on_commit(std::shared_ptr<const EncodedCommit> commit, base::TimeUs now);

  // Some of the session's outbox was written: goes on catching up if there is room enough. Cheap;
  // call it after every write.
  void on_drained(std::uint64_t session, base::TimeUs now);

  // Signs of life for sessions that saw nothing for limits::keepalive_us. About once a second.
  void tick(base::TimeUs now);

  // Where all commits handed to this shard end.
  base::Position published() const;
  std::size_t session_count() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fenghuo::fanout
