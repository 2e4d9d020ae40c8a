// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/engine/engine.h"

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace fenghuo::engine {

// Whether a command can be urgent at all, seen from its words alone: what the reserve is for.
bool may_be_urgent(const core::Envelope& envelope);

// Where commands wait: a door for any thread, and behind it two rings for the engine's thread.
//
// Commands of one session keep their order: an urgent one lifts the earlier ones of its session,
// and a normal one is not taken while urgent ones of its session wait.
class Inbox {
 public:
  // Any thread. Refuses with OVERLOADED; `was_empty` says whether the engine must be woken.
  std::optional<base::Error> put(Submission submission, bool& was_empty);
  // Beyond the reserve.
  bool is_full() const;
  // Waiting at the door and in the rings.
  std::size_t size() const { return commands_.load(std::memory_order_relaxed); }

  // The rest is for the engine's thread.
  enum class Ring { Normal, Urgent };
  // Takes what stands at the door into the rings.
  void take_arrivals(const std::function<Ring(const core::Envelope&)>& ring_of);
  // Next of a ring; nothing = none (that may be taken now).
  std::optional<Submission> next_urgent();
  std::optional<Submission> next_normal();
  bool has_urgent() const { return !urgent_.empty(); }
  bool has_normal() const { return !normal_.empty(); }

 private:
  void lift(const std::vector<Ring>& rings);
  std::optional<Submission> pop(std::deque<Submission>& ring, std::size_t index);

  std::mutex door_mutex_;
  std::vector<Submission> door_;
  std::atomic<std::size_t> commands_ = 0;
  std::atomic<std::size_t> bytes_ = 0;

  std::vector<Submission> arrivals_;
  std::deque<Submission> urgent_;
  std::deque<Submission> normal_;
  // How many commands of a session wait in the urgent ring.
  std::unordered_map<std::uint64_t, std::size_t> urgent_sessions_;
};

}  // namespace fenghuo::engine
