// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/clock.h"
#include "hub/base/waker.h"
#include "hub/view/view.h"

#include <atomic>
#include <thread>

namespace fenghuo::view {

// Runs a view's step() on a thread of its own. `waker` is what the view's `wake` rings.
class ViewThread {
 public:
  // Everything must outlive this.
  ViewThread(View& view, const base::HubClock& clock, base::Waker& waker);
  // Stops.
  ~ViewThread();
  ViewThread(const ViewThread&) = delete;
  ViewThread& operator=(const ViewThread&) = delete;

  // Applies and answers what has come, saves all rows, and ends. After the engine has stopped.
  void stop();

 private:
  void run();

  View& view_;
  const base::HubClock& clock_;
  base::Waker& waker_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace fenghuo::view
