// SPDX-License-Identifier: Apache-2.0
#include "storage/position_at.h"

namespace fenghuo::storage {

base::Result<base::Position> position_at(const EventLog& log, base::TimeUs time) {
  const Head head = log.head();
  if (head.time_us < time) return head.position + 1;
  // The answer lies in [low, high]; a look at any position tells of its whole batch.
  base::Position low = 1;
  base::Position high = head.position;
  while (low < high) {
    auto batch = log.read(low + (high - low) / 2, false)->next();
    if (!batch) return batch.error();
    if (!*batch) break;
    if ((*batch)->time_us >= time) {
      high = (*batch)->first;
    } else {
      low = (*batch)->last() + 1;
    }
    if (low > high) break;
  }
  return low;
}

}  // namespace fenghuo::storage
