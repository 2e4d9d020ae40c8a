// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/clock.h"
#include "hub/base/result.h"
#include "hub/core/state.h"
#include "hub/engine/engine.h"
#include "hub/fanout/encoder.h"
#include "hub/net/services.h"
#include "storage/store.h"

#include <functional>
#include <memory>

namespace fenghuo::hub {

// The running rooms between the store and the net, with their threads: engine, view, index, pools.
// Starts when made; stops in order when destroyed.
class Center {
 public:
  // How it woke up: see Engine::Options.
  struct Awakening {
    core::Absence absence;
    std::function<void(base::TimeUs)> step_clock;
  };
  // `state` stands at the log's head. `publish` gets every commit. All references outlive it. When
  // storage fails the process ends with exit_storage_failed, and nothing leaves any more.
  Center(core::State state, storage::Store& store, const base::HubClock& clock, double clock_speed,
         fanout::Encoder::Publish publish, Awakening awakening = {});
  ~Center();
  Center(const Center&) = delete;
  Center& operator=(const Center&) = delete;

  net::Services& services();
  engine::Engine& engine();

  // Makes the center what the plan says, as the hub itself; blocks until that is durable.
  base::Result<void> apply(const v1::Plan& plan);

  // The wall clock went another way: an operator is asked, by the record.
  void doubt_clock();

  // No new commands; waits until those taken are answered, but not longer than a few seconds.
  void finish_commands();
  // Ends the threads; everything is saved.
  void stop();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fenghuo::hub
