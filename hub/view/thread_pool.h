// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/view/reader.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fenghuo::view {

// A few threads for reads that wait for the disk. Bounded.
class ThreadPool final : public Pool {
 public:
  ThreadPool(std::size_t threads, std::size_t waiting_max);
  // Does what it took, then ends.
  ~ThreadPool() override;

  bool run(std::function<void()> work) override;
  // Ends it: what waits is done first, what comes after is refused.
  void stop();

 private:
  void work();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable woken_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fenghuo::view
