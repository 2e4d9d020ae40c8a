// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/check.h"
#include "hub/engine/engine.h"
#include "hub/engine/recovery.h"
#include "storage/memory/memory_store.h"
#include "tests/support/small_center.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fenghuo::engine {

// An engine on a fake disk that a test pumps. Every reply and commit is checked, as it leaves, to
// be durable.
class EngineRig : public core::CommitSink {
 public:
  struct Answer {
    base::EntityId account = 0;
    v1::Reply reply;
    std::uint64_t n() const { return reply.n(); }
    bool ok() const { return reply.has_done(); }
    base::ErrorCode code() const { return reply.refused().code(); }
  };

  EngineRig() : EngineRig(testing::begun_store()) {}
  explicit EngineRig(std::unique_ptr<storage::MemoryStore> begun) : store(std::move(begun)) {
    boot();
  }

  // A new engine on the store as it is.
  void boot() {
    base::Result<core::State> state = recover(*store, testing::test_genesis(), now);
    FENGHUO_CHECK(state);
    Engine::Options options;
    options.reload = [this] { return reload(*store); };
    engine = std::make_unique<Engine>(std::move(*state), store->log(), *this, std::move(options),
                                      [this] { ++wakes; });
  }

  // Applies the plan of the small center; call once.
  void furnish() {
    submit(0, testing::small_plan());
    settle();
    FENGHUO_CHECK(answers.back().ok());
    answers.clear();
    commits.clear();
    chief = testing::account_id(engine->state(), "chief");
    ann = testing::account_id(engine->state(), "ann");
    bob = testing::account_id(engine->state(), "bob");
    all = testing::channel_id(engine->state(), "all");
    crew = testing::channel_id(engine->state(), "crew");
  }

  std::optional<base::Error> submit(base::EntityId account, v1::Command command,
                                    std::uint64_t n = 0, std::uint64_t session = 0) {
    Submission submission;
    submission.session = session != 0 ? session : account;
    submission.envelope.account_id = account;
    submission.envelope.device = n == 0 ? "" : "device";
    submission.envelope.n = n;
    submission.envelope.digest = n;
    submission.envelope.salt = std::string(16, 's');
    submission.bytes = command.ByteSizeLong();
    submission.envelope.command = std::move(command);
    submission.reply = [this, account](v1::Reply reply) {
      FENGHUO_CHECK(reply.position() <= store->log().head().position);
      answers.push_back({account, std::move(reply)});
    };
    return engine->submit(std::move(submission));
  }

  Engine::Step step() { return engine->step(now); }

  // Everything that can be done now, the disk included.
  void settle() {
    for (bool busy = true; busy;) {
      const Engine::Step done = step();
      if (done.failed) return;
      busy = store->pump() > 0 || done.progressed || store->appends_waiting() > 0;
    }
  }

  void committed(std::shared_ptr<const core::Commit> commit) override {
    FENGHUO_CHECK(commit->last() <= store->log().head().position);
    if (next != nullptr) next->committed(commit);
    commits.push_back(std::move(commit));
  }

  std::unique_ptr<storage::MemoryStore> store;
  base::TimeUs now = testing::test_start;
  std::vector<Answer> answers;
  std::vector<std::shared_ptr<const core::Commit>> commits;
  // Who else gets the commits.
  core::CommitSink* next = nullptr;
  int wakes = 0;
  std::unique_ptr<Engine> engine;
  base::EntityId chief = 0, ann = 0, bob = 0, all = 0, crew = 0;
};

}  // namespace fenghuo::engine
