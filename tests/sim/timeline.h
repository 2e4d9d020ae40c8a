// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <functional>
#include <map>
#include <utility>

namespace fenghuo::sim {

// The fake clock, and what is to happen later. Things due at the same instant happen in the order
// they were asked for.
class Timeline {
 public:
  explicit Timeline(base::TimeUs now) : now_(now) {}

  base::TimeUs now() const { return now_; }
  void at(base::TimeUs when, std::function<void()> what) {
    later_.emplace(std::make_pair(when, next_++), std::move(what));
  }
  void after(base::TimeUs delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }

  // Moves the clock; what falls due on the way happens at its own instant.
  void advance(base::TimeUs by) {
    const base::TimeUs until = now_ + by;
    while (!later_.empty() && later_.begin()->first.first <= until) {
      auto next = later_.extract(later_.begin());
      now_ = std::max(now_, next.key().first);
      next.mapped()();
    }
    now_ = until;
  }

 private:
  base::TimeUs now_;
  std::uint64_t next_ = 0;
  std::map<std::pair<base::TimeUs, std::uint64_t>, std::function<void()>> later_;
};

}  // namespace fenghuo::sim
