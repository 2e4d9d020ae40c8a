// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace fenghuo::net {

// What other threads want done on a shard's thread. Many tasks of one commit group cost one
// wake-up: only the task that finds the box empty asks for it.
class Mailbox {
 public:
  using Task = std::function<void()>;

  // Any thread. True = the caller has to wake the owner.
  bool put(Task task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    return tasks_.size() == 1;
  }

  // The owner's thread: everything put so far, oldest first.
  std::vector<Task> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(tasks_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Task> tasks_;
};

}  // namespace fenghuo::net
