// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/command.pb.h"
#include "hub/base/check.h"
#include "hub/core/apply.h"
#include "hub/core/decide.h"
#include "hub/core/state.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// A center without threads, store or clock: only the core, and the records it made, as bytes.
namespace fenghuo::testing {

class CoreCenter {
 public:
  static constexpr base::TimeUs start = 1'700'000'000LL * base::us_per_s;

  // A record as the log keeps it.
  struct Stored {
    base::Position position = 0;
    base::TimeUs time_us = 0;
    std::string event;
    // Salt first; empty = none or erased.
    std::string body;
  };

  // A stored record decoded again.
  struct Decoded {
    base::Position position;
    base::TimeUs time_us;
    v1::Event event;
    std::optional<v1::Body> body;

    core::Record record() const { return {position, time_us, event, body ? &*body : nullptr}; }
  };

  // Sees each record right after it was applied.
  using Watcher = std::function<void(const core::Record&, const core::Effects&)>;

  CoreCenter() {
    append(core::genesis(std::string(32, 'a'), std::string(32, 'b'), "test",
                         v1::WorldCreated::KIND_DRILL));
  }

  core::State& state() { return state_; }
  const core::State& state() const { return state_; }
  const std::vector<Stored>& log() const { return log_; }
  base::TimeUs now() const { return now_; }
  void watch(Watcher watcher) { watcher_ = std::move(watcher); }
  // Sees each record right before it is applied.
  void watch_before(std::function<void(const core::Record&)> watcher) {
    before_ = std::move(watcher);
  }
  // Called after each decision, of a command or of the clock.
  void watch_settled(std::function<void()> watcher) { settled_ = std::move(watcher); }

  // Moves the clock; the core's deadlines fire on the way.
  void advance(base::TimeUs by) {
    const base::TimeUs until = now_ + by;
    fired_at_once_ = 0;
    for (;;) {
      const auto next = core::next_deadline(state_);
      if (!next || *next > until) break;
      now_ = std::max(now_, *next);
      append(core::fire_deadline(state_, now_, std::string(16, 'h')));
      // Each takes its deadline away or moves it on.
      FENGHUO_CHECK(++fired_at_once_ < 100'000);
    }
    now_ = until;
  }

  // Moves the clock as an outage does: nothing fires on the way.
  void skip(base::TimeUs by) { now_ += by; }

  core::Envelope envelope(base::EntityId account_id, v1::Command command) {
    core::Envelope one;
    one.account_id = account_id;
    one.salt = std::string(16, static_cast<char>('A' + salts_++ % 26));
    one.command = std::move(command);
    return one;
  }

  base::Result<v1::Reply::Done> submit(const core::Envelope& one) {
    base::Result<core::Decision> decision = core::decide(state_, one, now_);
    if (!decision) return decision.error();
    append(decision->events);
    return decision->done;
  }
  base::Result<v1::Reply::Done> submit(base::EntityId account_id, v1::Command command) {
    return submit(envelope(account_id, std::move(command)));
  }

  void append(const std::vector<core::Drafted>& drafted) {
    for (const core::Drafted& one : drafted) {
      Stored stored{state_.position() + 1, now_, one.event.SerializeAsString(), one.body};
      log_.push_back(stored);
      const Decoded decoded = decode(stored);
      if (before_) before_(decoded.record());
      core::apply(state_, decoded.record(), effects_);
      for (const base::Position erased : effects_.erased) log_[erased - 1].body.clear();
      if (watcher_) watcher_(decoded.record(), effects_);
    }
    if (settled_) settled_();
  }

  static Decoded decode(const Stored& stored) {
    Decoded decoded{stored.position, stored.time_us, {}, std::nullopt};
    FENGHUO_CHECK(decoded.event.ParseFromString(stored.event));
    if (!stored.body.empty()) {
      FENGHUO_CHECK(decoded.body.emplace().ParseFromString(stored.body.substr(16)));
    }
    return decoded;
  }
  Decoded decoded(base::Position position) const { return decode(log_[position - 1]); }

 private:
  core::State state_;
  core::Effects effects_;
  std::vector<Stored> log_;
  base::TimeUs now_ = start;
  Watcher watcher_;
  std::function<void(const core::Record&)> before_;
  std::function<void()> settled_;
  unsigned salts_ = 0;
  unsigned fired_at_once_ = 0;
};

}  // namespace fenghuo::testing
