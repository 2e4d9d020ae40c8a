// SPDX-License-Identifier: Apache-2.0
#include "hub/identity/hashing_pool.h"

#include "hub/base/check.h"

#include <utility>

namespace fenghuo::identity {

namespace {

// About the time that a full queue needs to empty.
constexpr std::uint32_t overloaded_retry_ms = 3'000;

}  // namespace

HashingPool::HashingPool(std::size_t threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
  FENGHUO_CHECK(threads >= 1);
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

HashingPool::~HashingPool() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  woken_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

base::Result<void> HashingPool::submit(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= waiting_max_) {
      return base::Error(v1::ERROR_CODE_OVERLOADED, "too many logins at once")
          .retry_after(overloaded_retry_ms);
    }
    waiting_.push_back(std::move(job));
  }
  woken_.notify_one();
  return {};
}

void HashingPool::work() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      woken_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
    }
    job();
  }
}

}  // namespace fenghuo::identity
