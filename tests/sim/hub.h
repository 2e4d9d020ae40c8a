// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/engine/engine.h"
#include "hub/fanout/encoder.h"
#include "hub/fanout/shard.h"
#include "hub/session/session.h"
#include "hub/view/indexer.h"
#include "hub/view/reader.h"
#include "hub/view/view.h"
#include "storage/memory/memory_store.h"
#include "tests/sim/judge.h"
#include "tests/sim/random.h"
#include "tests/sim/timeline.h"
#include "tests/sim/wire.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fenghuo::sim {

class Hub;

// Work for the pool waits here; the hub runs it in any order, as threads would.
class SimPool final : public view::Pool {
 public:
  bool run(std::function<void()> work) override;
  bool run_one(Random& random);

 private:
  std::vector<std::function<void()>> waiting_;
};

// What net/socket_connection is, on a fake wire.
class Connection final : public fanout::Subscriber {
 public:
  Connection(Hub& hub, std::uint64_t id, std::shared_ptr<Wire> wire, base::TimeUs write_us);
  ~Connection() override;

  void received(std::string message);
  void written();
  void opened(base::Result<view::Reader::Opening> opening);
  void reply(const v1::Reply& reply);
  void result(const v1::QueryResult& result);
  // Runs what the session asks for and writes what waits.
  void turn();
  void tick();

  std::size_t outbox_bytes() const override;
  // What may be as large as the center's open rows, whatever the outbox's limit: its welcome, the
  // largest answer it asked for, and the largest push (what one record shows somebody anew is not
  // cut). No second answer or push is made while one fills the outbox.
  std::size_t large_bytes() const {
    return welcome_bytes_ + largest_result_bytes_ + largest_push_bytes_;
  }
  void push(std::shared_ptr<const std::string> frame) override;
  void flush() override;
  void end(v1::CloseCode code, std::string reason) override;

 private:
  void act(session::Authenticate action);
  void act(session::SubmitCommand action);
  void act(session::AskQuery action);
  void act(session::Refused) {}
  void act(session::Close action);
  void run_actions();
  void write();

  Hub& hub_;
  const std::uint64_t id_;
  std::shared_ptr<Wire> wire_;
  // A slow reader's line takes so long for a write.
  const base::TimeUs write_us_;
  session::Session session_;
  std::deque<std::string> unread_;
  std::size_t writing_bytes_ = 0;
  std::size_t welcome_bytes_ = 0;
  std::size_t largest_result_bytes_ = 0;
  std::size_t largest_push_bytes_ = 0;
  std::optional<session::Close> close_;
  bool closed_ = false;
  bool attached_ = false;
};

// One life of the hub, from its start to its end: every room of the real one but net, on one
// thread. Destroying it is what kill -9 does.
class Hub {
 public:
  // `wall`: what the machine's clock shows; hub time starts there, but never behind the record.
  // Throws Violation when the record cannot be recovered.
  Hub(storage::MemoryStore& store, Timeline& timeline, base::TimeUs wall, Random& random,
      Judge& judge);
  ~Hub();

  // One piece of work of one room, chosen by chance. Returns whether anything was done.
  bool step();
  // Everything once; true while anything was done.
  bool step_all();
  // About once a second.
  void tick();
  bool failed() const { return failed_; }

  void connect(std::shared_ptr<Wire> wire, base::TimeUs write_us);
  void disconnect(std::uint64_t connection);
  Connection* connection(std::uint64_t id);

  // Straight to the engine, without a session.
  void submit(base::EntityId account_id, v1::Command command, std::function<void(v1::Reply)> reply);
  std::optional<base::Error> submit(engine::Submission submission);

  // Runs on the shard's thread.
  void post(std::function<void()> work) { posted_.push_back(std::move(work)); }

  // Hub time: runs as the timeline does, from where it started.
  base::TimeUs now() const { return timeline_.now() + ahead_us_; }
  Judge& judge() { return judge_; }
  Random& random() { return random_; }
  view::Reader& reader() { return *reader_; }
  fanout::Shard& shard() { return *shard_; }
  const view::View& view() const { return *view_; }
  const engine::Engine& engine() const { return *engine_; }
  // Nothing is under way, the index included.
  bool idle() const;

 private:
  class Sink;

  bool step_engine();
  bool step_shard();
  void check_bounds() const;

  storage::MemoryStore& store_;
  Timeline& timeline_;
  base::TimeUs ahead_us_ = 0;
  Random& random_;
  Judge& judge_;
  bool failed_ = false;
  std::deque<std::function<void()>> posted_;
  SimPool pool_;
  std::unique_ptr<fanout::Encoder> encoder_;
  std::unique_ptr<view::View> view_;
  std::unique_ptr<view::Reader> reader_;
  std::unique_ptr<view::Indexer> indexer_;
  std::unique_ptr<fanout::CatchUp> catch_up_;
  std::unique_ptr<fanout::Shard> shard_;
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<engine::Engine> engine_;
  std::uint64_t next_connection_ = 1;
  std::map<std::uint64_t, std::unique_ptr<Connection>> connections_;
};

}  // namespace fenghuo::sim
