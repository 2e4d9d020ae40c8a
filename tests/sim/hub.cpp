// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/hub.h"

#include "hub/base/limits.h"
#include "hub/core/snapshot.h"
#include "hub/engine/recovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fenghuo::sim {

namespace limits = base::limits;

namespace {

constexpr std::size_t pool_waiting_max = 32;
// Small, so that runs meet it.
constexpr std::size_t behind_records = 64;
// What a connection may hold beside what is large: its outbox, one more frame, one write, replies.
constexpr std::size_t connection_bytes_max =
    limits::outbox_bytes_max + 2 * limits::catch_up_bytes_max + 512 * 1024;

}  // namespace

bool SimPool::run(std::function<void()> work) {
  if (waiting_.size() >= pool_waiting_max) return false;
  waiting_.push_back(std::move(work));
  return true;
}

bool SimPool::run_one(Random& random) {
  if (waiting_.empty()) return false;
  std::swap(waiting_[random.pick(waiting_.size())], waiting_.back());
  const std::function<void()> work = std::move(waiting_.back());
  waiting_.pop_back();
  work();
  return true;
}

// Between engine and view: what leaves is looked at.
class Hub::Sink final : public core::CommitSink {
 public:
  Sink(view::View& view, const Judge& judge) : view_(view), judge_(judge) {}
  void committed(std::shared_ptr<const core::Commit> commit) override {
    judge_.on_commit(commit->last());
    view_.committed(std::move(commit));
  }

 private:
  view::View& view_;
  const Judge& judge_;
};

Hub::Hub(storage::MemoryStore& store, Timeline& timeline, base::TimeUs wall, Random& random,
         Judge& judge)
    : store_(store), timeline_(timeline), random_(random), judge_(judge) {
  judge_.use(store_);
  base::Result<core::State> state = engine::reload(store_);
  if (!state) throw Violation("cannot recover: " + state.error().to_string());
  ahead_us_ = std::max(wall, state->time_us()) - timeline_.now();
  judge_.on_published(state->position());
  if (state->digest() != judge_.state().digest()) {
    throw Violation("saved rows and the records after them give another state than the record");
  }
  judge_.check_record();

  encoder_ = std::make_unique<fanout::Encoder>(
      [this](std::shared_ptr<const fanout::EncodedCommit> commit) {
        post([this, commit = std::move(commit)] {
          judge_.on_published(commit->through);
          shard_->on_commit(commit, now());
        });
      });
  const auto no_wake = [] {};
  view_ = std::make_unique<view::View>(core::clone(*state), store_, *encoder_, no_wake);
  reader_ = std::make_unique<view::Reader>(*view_, store_, pool_);
  indexer_ = std::make_unique<view::Indexer>(*view_, store_, no_wake);
  catch_up_ = fanout::make_log_catch_up(*view_, store_, pool_);
  shard_ = std::make_unique<fanout::Shard>(
      *catch_up_, [this](std::function<void()> work) { post(std::move(work)); });
  sink_ = std::make_unique<Sink>(*view_, judge_);
  engine::Engine::Options options;
  options.reload = [this] { return engine::reload(store_); };
  options.behind = [this] { return view_->backlog() > behind_records; };
  engine_ = std::make_unique<engine::Engine>(std::move(*state), store_.log(), *sink_,
                                             std::move(options), no_wake);
}

Hub::~Hub() = default;

bool Hub::step() {
  bool done = false;
  switch (random_.pick(6)) {
    case 0: done = step_engine(); break;
    case 1: done = view_->step(now()); break;
    case 2: done = pool_.run_one(random_); break;
    case 3: done = indexer_->step(); break;
    default: done = step_shard(); break;
  }
  check_bounds();
  return done;
}

bool Hub::step_all() {
  bool done = step_engine();
  done |= view_->step(now());
  done |= pool_.run_one(random_);
  done |= indexer_->step();
  while (step_shard()) done = true;
  check_bounds();
  return done;
}

bool Hub::step_engine() {
  if (failed_) return false;
  const engine::Engine::Step step = engine_->step(now());
  failed_ = step.failed;
  return step.progressed;
}

bool Hub::step_shard() {
  if (posted_.empty()) return false;
  const std::function<void()> work = std::move(posted_.front());
  posted_.pop_front();
  work();
  return true;
}

void Hub::tick() {
  engine_->set_free_share(store_.free_share());
  shard_->tick(now());
  for (const auto& [id, connection] : connections_) connection->tick();
}

void Hub::check_bounds() const {
  if (engine_->figures().inbox > limits::inbox_commands_max) throw Violation("the inbox overflows");
  // The engine stops deciding; what is in flight and one more group may still come.
  if (view_->backlog() > behind_records + 2 * limits::group_records_max) {
    throw Violation("the view's queue overflows");
  }
  for (const auto& [id, connection] : connections_) {
    if (connection->outbox_bytes() > connection_bytes_max + connection->large_bytes()) {
      throw Violation(fmt::format("connection {} holds {} bytes", id, connection->outbox_bytes()));
    }
  }
}

void Hub::connect(std::shared_ptr<Wire> wire, base::TimeUs write_us) {
  const std::uint64_t id = next_connection_++;
  connections_.emplace(id, std::make_unique<Connection>(*this, id, std::move(wire), write_us));
}

void Hub::disconnect(std::uint64_t connection) { connections_.erase(connection); }

Connection* Hub::connection(std::uint64_t id) {
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : found->second.get();
}

std::optional<base::Error> Hub::submit(engine::Submission submission) {
  return engine_->submit(std::move(submission));
}

void Hub::submit(base::EntityId account_id, v1::Command command,
                 std::function<void(v1::Reply)> reply) {
  engine::Submission submission;
  submission.envelope.account_id = account_id;
  submission.envelope.salt = random_.bytes(16);
  submission.bytes = command.ByteSizeLong();
  submission.envelope.command = std::move(command);
  submission.reply = [this, reply = std::move(reply)](v1::Reply answer) {
    judge_.on_reply(answer);
    if (reply) reply(std::move(answer));
  };
  engine_->submit(std::move(submission));
}

bool Hub::idle() const {
  return engine_->idle() && view_->backlog() == 0 && posted_.empty() &&
         shard_->published() == view_->applied() && indexer_->indexed_through() == view_->applied();
}

}  // namespace fenghuo::sim
