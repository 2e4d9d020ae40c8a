// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/apply.h"
#include "hub/core/commit.h"
#include "hub/core/state.h"
#include "storage/event_log.h"

#include <memory>
#include <vector>

namespace fenghuo::engine {

// Records on their way into one synced write: as the log stores them, and decoded as the others
// will get them. All carry one time.
class Group {
 public:
  bool empty() const { return !commit_; }
  bool is_full() const;
  base::TimeUs time_us() const { return time_us_; }
  std::size_t records() const { return batch_.records.size(); }

  // First use of an empty group.
  void open(base::Position first, base::TimeUs time_us);
  // Makes `drafted` the next record: applies it to `state`, which stands right before it.
  void add(core::State& state, core::Drafted&& drafted);

  // Commands in it, for the share of normal ones.
  std::size_t urgent = 0;
  std::size_t normal = 0;

  // What append() takes; afterwards the group is empty.
  struct Taken {
    storage::Batch batch;
    std::vector<storage::Row> rows;
    std::vector<base::Position> erased;
    std::shared_ptr<core::Commit> commit;
    // Commands in it.
    std::size_t commands = 0;
  };
  Taken take();

 private:
  base::TimeUs time_us_ = 0;
  std::size_t bytes_ = 0;
  storage::Batch batch_;
  std::vector<storage::Row> rows_;
  std::vector<base::Position> erased_;
  std::shared_ptr<core::Commit> commit_;
  core::Effects effects_;
};

}  // namespace fenghuo::engine
