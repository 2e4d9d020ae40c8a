// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "hub/fanout/encoded_commit.h"

#include <deque>
#include <memory>
#include <unordered_map>

namespace fenghuo::fanout {

// The commits of late, oldest first, without gap: about limits::ring_bytes_max of them, and always
// the last one. The commits are shared with the rings of other shards. One thread.
class Ring {
 public:
  struct Kept {
    std::shared_ptr<const EncodedCommit> commit;
    std::size_t bytes = 0;
  };
  using Iterator = std::deque<Kept>::const_iterator;

  void keep(std::shared_ptr<const EncodedCommit> commit);

  // Whether all that follows `position` is here.
  bool reaches(base::Position position) const {
    return !kept_.empty() && kept_.front().commit->after <= position;
  }
  // The first commit that ends behind `position`.
  Iterator behind(base::Position position) const;
  Iterator end() const { return kept_.end(); }

  // Whether the slice carries a text that was retracted or erased since.
  bool is_taken_away(const EncodedCommit::Slice& slice) const {
    if (slice.message_id == 0 || stones_.empty()) return false;
    const auto stone = stones_.find(slice.message_id);
    return stone != stones_.end() && stone->second > slice.position;
  }

 private:
  void drop_first();

  std::deque<Kept> kept_;
  std::size_t bytes_ = 0;
  // By message, where its texts went.
  std::unordered_map<base::EntityId, base::Position> stones_;
};

}  // namespace fenghuo::fanout
