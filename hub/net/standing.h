// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "hub/net/request.h"

#include <atomic>
#include <string_view>

namespace fenghuo::net {

// Whether the hub serves, as /readyz tells it. Written by the server, read by every shard.
class Standing {
 public:
  enum class Phase { Recovering, Serving, Draining };

  void set_phase(Phase phase) { phase_.store(phase); }
  Phase phase() const { return phase_.load(); }
  // Share of the disk that is free; see limits.h for what happens when it is small.
  void set_free_share(double share) { free_share_.store(share); }
  double free_share() const { return free_share_.load(); }
  // Wall clock minus hub clock.
  void set_wall_difference(base::TimeUs difference) { wall_difference_.store(difference); }
  base::TimeUs wall_difference() const { return wall_difference_.load(); }

  // Hub time was in doubt after a reboot and no operator has accepted it yet.
  void set_clock_unconfirmed(bool unconfirmed) { clock_unconfirmed_.store(unconfirmed); }
  bool clock_unconfirmed() const { return clock_unconfirmed_.load(); }

  // "" = ready; else why not: "recovering", "draining", "no space".
  std::string_view why_not_ready() const;
  bool clock_disagrees() const;
  // What a request gets that cannot be served now.
  base::Error refusal() const;

  // 200 or 503, with the reason and the clock in JSON.
  Answer ready_answer() const;

 private:
  std::atomic<Phase> phase_{Phase::Recovering};
  std::atomic<double> free_share_{1.0};
  std::atomic<base::TimeUs> wall_difference_{0};
  std::atomic<bool> clock_unconfirmed_{false};
};

}  // namespace fenghuo::net
