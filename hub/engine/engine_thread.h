// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/clock.h"
#include "hub/base/waker.h"
#include "hub/engine/engine.h"

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace fenghuo::engine {

// Runs an engine's step() on a thread of its own. `waker` is what the engine's `wake` rings.
class EngineThread {
 public:
  // `failed` is called once, on this thread, when the log failed; the thread has ended then.
  // Everything must outlive this.
  EngineThread(Engine& engine, const base::HubClock& clock, base::Waker& waker,
               std::function<void(std::string detail)> failed);
  // Stops.
  ~EngineThread();
  EngineThread(const EngineThread&) = delete;
  EngineThread& operator=(const EngineThread&) = delete;

  // Ends the thread after its current step. For an orderly stop: engine.drain(), wait until
  // engine.idle(), then this.
  void stop();

 private:
  void run();

  Engine& engine_;
  const base::HubClock& clock_;
  base::Waker& waker_;
  std::function<void(std::string)> failed_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace fenghuo::engine
