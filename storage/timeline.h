// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/base/types.h"
#include "storage/ordered_store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

// Which message stands where in a channel. Bodies are stored once, in the log; a timeline holds
// positions. Keys are in FORMAT.md.
namespace fenghuo::storage {

// The rows of one posted message, to be written with its batch: one in its channel, one in its
// thread. `thread_root` is the id of the message the thread hangs on, 0 for a message of the main
// timeline, which is the root of its own thread; so a thread reads as one scan, its root first.
std::vector<Row> timeline_rows(base::EntityId channel, std::uint64_t seq, base::Position position,
                               base::EntityId thread_root);

struct TimelineRow {
  std::uint64_t seq = 0;
  // Of the event that posted it: also the message's id.
  base::Position position = 0;

  bool operator==(const TimelineRow&) const = default;
};

struct TimelinePage {
  // Ascending by seq.
  std::vector<TimelineRow> rows;
  // More lies in the direction asked.
  bool more = false;
};

struct TimelineQuery {
  base::EntityId channel = 0;
  // 0 = the whole channel, threads included.
  base::EntityId thread_root = 0;
  // The newest before this one; 0 = the newest.
  std::uint64_t before_seq = 0;
  // When set: the oldest after this one instead.
  std::optional<std::uint64_t> after_seq = std::nullopt;
  // Nothing below it is given (history since joining).
  std::uint64_t first_seq = 1;
  std::size_t limit = 50;
};

base::Result<TimelinePage> read_timeline(const OrderedStore& rows, const TimelineQuery& query);

// The greatest seq of the channel whose position is at most `position`; 0 = none.
base::Result<std::uint64_t> seq_at(const OrderedStore& rows, base::EntityId channel,
                                   base::Position position);

}  // namespace fenghuo::storage
