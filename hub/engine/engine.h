// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/base/types.h"
#include "hub/core/commit.h"
#include "hub/core/decide.h"
#include "hub/core/state.h"
#include "storage/event_log.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace fenghuo::engine {

// One command on its way in.
struct Submission {
  // FIFO key: commands of one session keep their order. Unique per connection; 0 = no order needed.
  std::uint64_t session = 0;
  core::Envelope envelope;
  // Size on the wire, for the inbox limit.
  std::size_t bytes = 0;
  // Called exactly once, on the engine's thread, when the answer and all it depends on are durable.
  // `n` is the envelope's.
  std::function<void(v1::Reply)> reply;
};

// The sequencer: the only writer. Commands in, durable commits out, one order.
//
// step() takes what is in the inbox and what the log completed, decides, appends, and blocks on
// nothing; while one group is being synced the next is being decided. Urgent commands go first (and
// lift the earlier ones of their session), then deadlines that are due, then normal commands.
class Engine {
 public:
  struct Options {
    // Of this writer; see storage::Batch.
    std::uint64_t term = 1;
    // Number of the next batch; raised to what the log's head asks for.
    std::uint64_t next_batch_id = 1;
    // Brings a State to the log's head again after a write that found no room (see recovery.h).
    // Blocks; called by step(). Without it such a write is a failure.
    std::function<base::Result<core::State>()> reload;
    // Whether those who follow the commits are so far behind that no more should be decided now.
    // Asked once a step; empty = never.
    std::function<bool()> behind;
    // What the hub was away for, before this engine: recorded before anything else is done.
    // `absence.to_us` is not used, the first step says it.
    core::Absence absence;
    // Recorded when it was away, or did nothing, for as long; 0 = never.
    base::TimeUs outage_least_us = 0;
    // Wall clock minus hub clock now, for an operator who accepts it; empty = they agree.
    std::function<base::TimeUs()> wall_difference;
    // Hub time goes on from here: called on the engine's thread once that is durable.
    std::function<void(base::TimeUs)> step_clock;
    // Random: what the salts of bodies that the hub itself writes are made from.
    std::string salt_seed;
  };

  // `state` stands at the log's head, which nobody else appends to. `sink` gets every commit, on
  // the thread that calls step(). `wake` is called from any thread when step() has something to do.
  Engine(core::State state, storage::EventLog& log, core::CommitSink& sink, Options options,
         std::function<void()> wake);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Any thread. Nothing = taken, the reply will come. An error = refused at the door (OVERLOADED,
  // DRAINING, NO_SPACE, with retry_after): the reply will not be called. Refusals of 5000-5999,
  // here or in a reply (RATE_LIMITED), are no result of the command id.
  std::optional<base::Error> submit(Submission submission);

  // Whether the inbox is so full that sessions should stop reading. Any thread.
  bool is_full() const;

  struct Step {
    // Something was done; call again at once.
    bool progressed = false;
    // When to call again without being woken; 0 = only when woken.
    base::TimeUs wake_at = 0;
    // The log failed: stop the process with exit code 4. No reply leaves any more.
    bool failed = false;
    std::string detail;
  };
  // The engine's thread (or the simulator). `now` never goes backwards.
  Step step(base::TimeUs now);

  // The clock was in doubt after a reboot and no operator has accepted it yet. Any thread.
  bool clock_unconfirmed() const;

  // From here on submit() answers DRAINING; step() goes on until idle() .
  void drain();
  // Nothing in the inbox, nothing being synced, no merged readings waiting.
  bool idle() const;

  // Share of free disk, told from outside once a second; sets what is refused (limits.h).
  void set_free_share(double share);

  // Figures for metrics; any thread.
  struct Figures {
    std::uint64_t commands = 0;
    std::uint64_t refused = 0;
    std::uint64_t records = 0;
    std::uint64_t groups = 0;
    std::uint64_t inbox = 0;
  };
  Figures figures() const;

  // The speculative State, between two steps: for tests and the simulator, on the engine's thread.
  const core::State& state() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fenghuo::engine
