// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/core/apply.h"
#include "hub/core/state.h"
#include "storage/event_log.h"
#include "storage/memory/memory_store.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace fenghuo::sim {

// What the judge found wrong ends the run: what() says it.
class Violation : public std::exception {
 public:
  explicit Violation(std::string what) : what_(std::move(what)) {}
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::string what_;
};

// Reads the record for itself, as far as it was published, and judges what leaves the hub and what
// clients get against it. Nothing of the hub's own paths is asked.
class Judge {
 public:
  // Which command an answer was for.
  struct CommandId {
    base::EntityId account_id = 0;
    std::string device;
    std::uint64_t n = 0;
    auto operator<=>(const CommandId&) const = default;
  };

  // The disk in use; after a crash another one.
  void use(storage::MemoryStore& store);

  // Promise 1: nothing that is told may lie after the durable end.
  void on_reply(const v1::Reply& reply) const;
  void on_commit(base::Position through) const;
  // A command was answered to its client: it must be in every record from now on.
  void on_acknowledged(const CommandId& id, const v1::Reply::Done& done);

  // The hub publishes up to here; called before anything of it is pushed.
  void on_published(base::Position through);
  // Promise 3: what is handed to a session of the account right now.
  void on_push(base::EntityId account_id, std::string_view frame) const;
  // Everything in a snapshot is for the account to see.
  void on_snapshot(base::EntityId account_id, const v1::Snapshot& snapshot) const;
  // An answer to a query, to be checked when the record is complete up to its position.
  void on_query_result(base::EntityId account_id, const v1::QueryResult& result);

  // After a restart or at the end: everything acknowledged is there, once.
  void check_record() const;
  void check_queries() const;

  // Promise 2, for a client that took its snapshot at `from` and stands at `through`: exactly the
  // posts it had to get, each once. `got` counts posts by position.
  void check_stream(base::EntityId account_id, base::Position from, base::Position through,
                    const std::map<base::Position, int>& got) const;

  const core::State& state() const { return state_; }
  // Called with each record as it is published.
  void watch(std::function<void(const core::Record&)> watcher) { watcher_ = std::move(watcher); }

 private:
  struct Post {
    base::Position position = 0;
    base::EntityId channel_id = 0;
  };
  struct Read {
    base::EntityId account_id = 0;
    base::EntityId channel_id = 0;
    base::EntityId message_id = 0;
    base::Position at = 0;
  };

  void check_update(base::EntityId account_id, const v1::Update& update) const;
  bool sees_since(base::EntityId account_id, base::EntityId channel_id, base::Position at) const;
  void note_read(base::EntityId account_id, const v1::Message& message, base::Position at);

  storage::MemoryStore* store_ = nullptr;
  std::unique_ptr<storage::LogReader> reader_;
  core::State state_;
  std::vector<Post> posts_;
  // By message, where its text was taken back.
  std::map<base::EntityId, base::Position> stones_;
  std::map<CommandId, base::Position> acknowledged_;
  std::vector<Read> reads_;
  std::function<void(const core::Record&)> watcher_;
};

}  // namespace fenghuo::sim
