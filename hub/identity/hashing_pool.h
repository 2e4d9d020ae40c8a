// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/limits.h"
#include "hub/base/result.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fenghuo::identity {

// The few threads on which passwords are hashed, so that nothing else waits for it and memory stays
// bounded. Thread-safe.
class HashingPool {
 public:
  explicit HashingPool(std::size_t threads = base::limits::hashing_at_once,
                       std::size_t waiting_max = base::limits::hashing_waiting_max);
  // Every job taken is done before it returns.
  ~HashingPool();
  HashingPool(const HashingPool&) = delete;
  HashingPool& operator=(const HashingPool&) = delete;

  // Runs `job` once, on a thread of the pool; it carries its own completion, which it calls there
  // and which hands over to the thread it belongs to. OVERLOADED when too many wait; then `job`
  // is not run. Jobs do not throw.
  base::Result<void> submit(std::function<void()> job);

 private:
  void work();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable woken_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fenghuo::identity
