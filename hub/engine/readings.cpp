// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/readings.h"

#include "hub/base/limits.h"

#include <algorithm>
#include <utility>

namespace fenghuo::engine {

namespace limits = base::limits;

std::size_t Readings::KeyHash::operator()(const Key& key) const {
  std::uint64_t hash = 0;
  for (const std::uint64_t part :
       {key.account_id, key.channel_id, key.thread_root_id, key.message_id}) {
    hash = (hash ^ part) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32;
  }
  return hash;
}

void Readings::add(const std::vector<core::Reading>& readings, Waiting waiting, base::TimeUs now) {
  if (rows_.empty()) due_at_ = now + limits::cursor_merge_us;
  for (const core::Reading& reading : readings) {
    const Key key{reading.account_id, reading.channel_id, reading.thread_root_id,
                  reading.message_id};
    const auto [known, is_new] = index_.try_emplace(key, rows_.size());
    if (is_new) {
      rows_.push_back(reading);
    } else {
      core::Reading& row = rows_[known->second];
      row.seq = std::max(row.seq, reading.seq);
    }
  }
  waiting_.push_back(std::move(waiting));
}

bool Readings::is_full() const {
  return rows_.size() + limits::deliveries_per_command_max > limits::cursor_rows_per_record_max ||
         waiting_.size() >= limits::inbox_commands_max;
}

std::vector<core::Reading> Readings::take_rows() {
  index_.clear();
  return std::exchange(rows_, {});
}

std::vector<Readings::Waiting> Readings::take_waiting() { return std::exchange(waiting_, {}); }

}  // namespace fenghuo::engine
