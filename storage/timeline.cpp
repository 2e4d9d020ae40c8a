// SPDX-License-Identifier: Apache-2.0
#include "storage/timeline.h"

#include "storage/bytes.h"

#include <algorithm>
#include <limits>
#include <string>

namespace fenghuo::storage {

namespace {

constexpr char channel_kind = 'c';
constexpr char thread_kind = 't';

// The key without its last eight bytes, the seq.
std::string prefix_of(base::EntityId channel, base::EntityId thread_root) {
  std::string key(1, thread_root == 0 ? channel_kind : thread_kind);
  put_u64(key, channel);
  if (thread_root != 0) put_u64(key, thread_root);
  return key;
}

std::string key_of(std::string prefix, std::uint64_t seq) {
  put_u64(prefix, seq);
  return prefix;
}

Row row_of(std::string key, base::Position position) {
  std::string value;
  put_u64(value, position);
  return {Family::Timeline, std::move(key), std::move(value)};
}

base::Error damaged() {
  return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED, "a timeline row is damaged");
}

}  // namespace

std::vector<Row> timeline_rows(base::EntityId channel, std::uint64_t seq, base::Position position,
                               base::EntityId thread_root) {
  const base::EntityId root = thread_root == 0 ? position : thread_root;
  return {row_of(key_of(prefix_of(channel, 0), seq), position),
          row_of(key_of(prefix_of(channel, root), seq), position)};
}

base::Result<TimelinePage> read_timeline(const OrderedStore& rows, const TimelineQuery& query) {
  const bool forward = query.after_seq.has_value();
  const std::string prefix = prefix_of(query.channel, query.thread_root);
  std::string from = key_of(prefix, query.first_seq);
  std::string to = after_prefix(prefix);
  if (forward) {
    // Nothing can follow the greatest number.
    if (*query.after_seq == std::numeric_limits<std::uint64_t>::max()) return TimelinePage();
    from = key_of(prefix, std::max(query.first_seq, *query.after_seq + 1));
  } else if (query.before_seq != 0) {
    to = key_of(prefix, query.before_seq);
  }

  TimelinePage page;
  bool sound = true;
  const auto visit = [&](std::string_view key, std::string_view value) {
    if (page.rows.size() == query.limit) {
      page.more = true;
      return false;
    }
    sound = key.size() == prefix.size() + 8 && value.size() == 8;
    if (sound) page.rows.push_back({u64_at(key, prefix.size()), u64_at(value, 0)});
    return sound;
  };
  auto scanned = rows.scan(Family::Timeline, from, to, !forward, visit);
  if (!scanned) return scanned.error();
  if (!sound) return damaged();
  if (!forward) std::ranges::reverse(page.rows);
  return page;
}

base::Result<std::uint64_t> seq_at(const OrderedStore& rows, base::EntityId channel,
                                   base::Position position) {
  const auto newest = read_timeline(rows, {.channel = channel, .limit = 1});
  if (!newest) return newest.error();
  if (newest->rows.empty()) return 0;
  // Seqs are dense and positions ascend with them: halve [low, high], where low holds or is 0.
  std::uint64_t low = 0;
  std::uint64_t high = newest->rows.front().seq;
  if (newest->rows.front().position <= position) return high;
  const std::string prefix = prefix_of(channel, 0);
  while (low + 1 < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto value = rows.get(Family::Timeline, key_of(prefix, middle));
    if (!value) return value.error();
    if (!*value || (*value)->size() != 8) return damaged();
    (u64_at(**value, 0) <= position ? low : high) = middle;
  }
  return low;
}

}  // namespace fenghuo::storage
