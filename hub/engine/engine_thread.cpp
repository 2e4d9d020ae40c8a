// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/engine_thread.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace fenghuo::engine {

namespace {

constexpr base::TimeUs sleep_max_us = base::us_per_s;
// The hub clock of a drill may run many times faster than time does: look often.
constexpr base::TimeUs sleep_before_deadline_max_us = 20 * base::us_per_ms;

}  // namespace

EngineThread::EngineThread(Engine& engine, const base::HubClock& clock, base::Waker& waker,
                           std::function<void(std::string)> failed)
    : engine_(engine), clock_(clock), waker_(waker), failed_(std::move(failed)), thread_([this] {
        run();
      }) {}

EngineThread::~EngineThread() { stop(); }

void EngineThread::stop() {
  stopping_ = true;
  waker_.wake();
  if (thread_.joinable()) thread_.join();
}

void EngineThread::run() {
  while (!stopping_) {
    const base::TimeUs now = clock_.now();
    Engine::Step step = engine_.step(now);
    if (step.failed) return failed_(std::move(step.detail));
    if (step.progressed) continue;
    base::TimeUs sleep_us = sleep_max_us;
    if (step.wake_at != 0) {
      sleep_us = std::clamp<base::TimeUs>(step.wake_at - now, 0, sleep_before_deadline_max_us);
    }
    waker_.wait(std::chrono::microseconds(sleep_us));
  }
}

}  // namespace fenghuo::engine
