// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace fenghuo::net {

// What one shard counts. Written by its thread, read by whoever answers /metrics.
struct Traffic {
  using Count = std::atomic<std::uint64_t>;
  Count connections{0};
  Count sessions{0};
  Count accepted{0};
  Count messages_in{0};
  Count bytes_in{0};
  Count writes{0};
  Count bytes_out{0};
  Count closed_by_hub{0};
  Count bad_messages{0};
  // By hundreds of the status: 1xx ... 5xx.
  std::array<Count, 6> answers{};

  // One writer: no locked instruction needed.
  static void add(Count& count, std::uint64_t n = 1) {
    count.store(count.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
};

}  // namespace fenghuo::net
