// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/decide.h"

#include <functional>
#include <unordered_map>
#include <vector>

namespace fenghuo::engine {

// Reading and delivery wait here to become one record a second. Bounded: full() asks for a record
// before the second is over.
class Readings {
 public:
  // One who waits for the merged record.
  struct Waiting {
    std::uint64_t n = 0;
    std::function<void(v1::Reply)> reply;
  };

  void add(const std::vector<core::Reading>& readings, Waiting waiting, base::TimeUs now);

  bool empty() const { return rows_.empty(); }
  bool is_full() const;
  // When the second is over.
  base::TimeUs due_at() const { return due_at_; }

  std::vector<core::Reading> take_rows();
  std::vector<Waiting> take_waiting();

 private:
  struct Key {
    base::EntityId account_id;
    base::EntityId channel_id;
    base::EntityId thread_root_id;
    base::EntityId message_id;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  std::vector<core::Reading> rows_;
  std::unordered_map<Key, std::size_t, KeyHash> index_;
  std::vector<Waiting> waiting_;
  base::TimeUs due_at_ = 0;
};

}  // namespace fenghuo::engine
