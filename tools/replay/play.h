// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/outcome.h"
#include "fenghuo/v1/figures.pb.h"
#include "hub/base/types.h"
#include "tools/replay/acting.h"
#include "tools/replay/scenario.h"
#include "tools/replay/stage.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace fenghuo::replay {

// A scenario on a stage, from its plan to its last event. People's actions are sent; what `sys` did
// is never sent but expected of the hub at its own time.
class Play {
 public:
  struct Outcome {
    const Scenario::Event* event = nullptr;
    // Empty = as recorded; else what went otherwise.
    std::string otherwise;
  };
  struct Figures {
    std::uint64_t events = 0;
    // Of them the hub's own, where they could be compared.
    std::uint64_t own = 0;
    std::uint64_t unexpected = 0;
  };
  using Watcher = std::function<void(const Outcome&)>;

  // Both outlive this.
  Play(const Scenario& scenario, Stage& stage);

  // Makes what the center lacks, brings everyone on, and begins: the scenario's t = 0 is now.
  client::Outcome<void> prepare();
  // All events up to `until` (seconds after the start, inclusive) that have not been played yet.
  // Goes on after what went otherwise; a Failure only when the stage itself fails.
  client::Outcome<void> play(double until, const Watcher& watcher = {});

  const Figures& figures() const { return figures_; }
  // What the hub computes of the record since the beginning, as the one sees it who declared the
  // incident.
  client::Outcome<v1::Figures> hub_figures();
  const Acting& acting() const { return *acting_; }

 private:
  client::Outcome<std::string> perform(const Scenario::Event& event);

  const Scenario& scenario_;
  Stage& stage_;
  std::optional<Acting> acting_;
  std::size_t next_ = 0;
  // The record before the first event.
  base::Position begun_ = 0;
  Figures figures_;
};

}  // namespace fenghuo::replay
