// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/data_center.h"

#include "hub/base/waker.h"
#include "hub/core/apply.h"
#include "hub/core/commit.h"
#include "hub/core/listing.h"
#include "hub/core/snapshot.h"
#include "hub/engine/engine.h"
#include "hub/engine/recovery.h"
#include "hub/identity/random.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace fenghuo::admin {

namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t name_bytes = 16;

// What is durable, followed by the same apply.
class Follower final : public core::CommitSink {
 public:
  explicit Follower(core::State state) : state_(std::move(state)) {}

  void committed(std::shared_ptr<const core::Commit> commit) override {
    core::Effects effects;
    for (std::size_t i = 0; i < commit->items.size(); ++i) {
      effects.clear();
      core::apply(state_, commit->record(i), effects);
    }
  }

  const core::State& state() const { return state_; }

 private:
  core::State state_;
};

class DataCenter final : public Center {
 public:
  DataCenter(core::State state, storage::Store& store, const base::HubClock& clock)
      : clock_(clock),
        follower_(core::clone(state)),
        engine_(std::move(state), store.log(), follower_, engine::Engine::Options{},
                [this] { waker_.wake(); }) {}

  base::Result<Directory> directory() override {
    const core::State& state = follower_.state();
    return Directory{core::list_all(state), state.center_id(), state.center_name(), state.zone(),
                     true};
  }

  base::Result<v1::Reply::Done> run(const v1::Command& command) override {
    std::optional<v1::Reply> reply;
    engine::Submission submission;
    submission.envelope.salt = identity::random_bytes(salt_bytes);
    submission.envelope.command = command;
    submission.bytes = command.ByteSizeLong();
    submission.reply = [&reply](v1::Reply answer) { reply = std::move(answer); };
    if (auto refused = engine_.submit(std::move(submission))) return *refused;
    while (!reply) {
      const engine::Engine::Step step = engine_.step(clock_.now());
      if (step.failed) return base::Error(v1::ERROR_CODE_STORAGE_FAILED, step.detail);
      if (!step.progressed && !reply) wait_until(step.wake_at);
    }
    if (reply->has_refused()) return to_error(reply->refused());
    return reply->done();
  }

  std::optional<bool> has_password(base::EntityId account_id) override {
    return !follower_.state().password_hash(account_id).empty();
  }

 private:
  static base::Error to_error(const v1::Error& wire) {
    base::Error error(wire.code(), wire.message(), wire.field());
    for (const auto& param : wire.params()) error.with(param.name(), param.value());
    return error;
  }

  // The log's own thread wakes the engine when it has synced.
  void wait_until(base::TimeUs wake_at) {
    constexpr base::TimeUs longest = base::us_per_s;
    const base::TimeUs until = wake_at == 0 ? longest : wake_at - clock_.now();
    waker_.wait(std::chrono::microseconds(std::clamp<base::TimeUs>(until, 0, longest)));
  }

  const base::HubClock& clock_;
  base::Waker waker_;
  Follower follower_;
  engine::Engine engine_;
};

}  // namespace

base::Result<std::unique_ptr<Center>> open_data_center(storage::Store& store,
                                                       const base::HubClock& clock,
                                                       const std::string& center_id) {
  engine::Genesis genesis;
  genesis.world_id = identity::random_hex(name_bytes);
  genesis.epoch = identity::random_hex(name_bytes);
  genesis.center_id = center_id;
  base::Result<core::State> state = engine::recover(store, genesis, clock.now());
  if (!state) return state.error();
  return std::unique_ptr<Center>(
      std::make_unique<DataCenter>(std::move(state.value()), store, clock));
}

}  // namespace fenghuo::admin
