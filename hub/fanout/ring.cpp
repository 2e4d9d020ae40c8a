// SPDX-License-Identifier: Apache-2.0
#include "hub/fanout/ring.h"

#include "hub/base/limits.h"

#include <algorithm>
#include <utility>

namespace fenghuo::fanout {

void Ring::keep(std::shared_ptr<const EncodedCommit> commit) {
  if (!kept_.empty()) {
    // JSON may have been made since.
    Kept& last = kept_.back();
    bytes_ -= std::exchange(last.bytes, last.commit->size_bytes());
    bytes_ += last.bytes;
  }
  for (const EncodedCommit::Stone& stone : commit->stones) {
    stones_[stone.message_id] = stone.position;
  }
  const std::size_t bytes = commit->size_bytes();
  kept_.push_back({std::move(commit), bytes});
  bytes_ += bytes;
  while (kept_.size() > 1 && bytes_ > base::limits::ring_bytes_max) drop_first();
}

void Ring::drop_first() {
  const Kept& first = kept_.front();
  for (const EncodedCommit::Stone& stone : first.commit->stones) {
    const auto at = stones_.find(stone.message_id);
    if (at != stones_.end() && at->second == stone.position) stones_.erase(at);
  }
  bytes_ -= first.bytes;
  kept_.pop_front();
}

Ring::Iterator Ring::behind(base::Position position) const {
  return std::partition_point(kept_.begin(), kept_.end(), [position](const Kept& kept) {
    return kept.commit->through <= position;
  });
}

}  // namespace fenghuo::fanout
