// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace fenghuo::base {

// What a thread with a step() sleeps on. A wake() while it works is not lost: the next wait()
// returns at once.
class Waker {
 public:
  // Any thread.
  void wake() {
    {
      const std::lock_guard lock(mutex_);
      if (woken_) return;
      woken_ = true;
    }
    condition_.notify_one();
  }

  // The sleeping thread only. Returns after a wake(), or when `at_most` has passed.
  void wait(std::chrono::microseconds at_most) {
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, at_most, [this] { return woken_; });
    woken_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool woken_ = false;
};

}  // namespace fenghuo::base
