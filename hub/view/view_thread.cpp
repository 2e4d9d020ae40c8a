// SPDX-License-Identifier: Apache-2.0
#include "hub/view/view_thread.h"

#include <chrono>

namespace fenghuo::view {

ViewThread::ViewThread(View& view, const base::HubClock& clock, base::Waker& waker)
    : view_(view), clock_(clock), waker_(waker), thread_([this] { run(); }) {}

ViewThread::~ViewThread() { stop(); }

void ViewThread::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  waker_.wake();
  thread_.join();
}

void ViewThread::run() {
  while (!stopping_) {
    // A second at most: rows are saved that often.
    if (!view_.step(clock_.now())) waker_.wait(std::chrono::seconds(1));
  }
  while (view_.step(clock_.now())) {
  }
  view_.save_all();
}

}  // namespace fenghuo::view
