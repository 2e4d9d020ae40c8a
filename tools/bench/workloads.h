// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::bench {

// What all workloads need to know.
struct Setting {
  // fenghuo-hub to measure.
  std::string hub;
  // Empty folder that the workload may fill; removed afterwards unless kept.
  std::string data;
  double seconds = 10;
  std::uint64_t messages = 1'000'000;
  std::vector<std::string> hub_flags;
};

// Named figures in the order they are printed.
using Figures = std::vector<std::pair<std::string, double>>;

// 50 publishers, 200 bytes, every post synced before its answer: posts a second.
Figures run_posts(const Setting& setting);
// One channel, 1,000 subscribers: CPU-seconds of the hub per million deliveries, under load.
Figures run_fanout(const Setting& setting);
// 1,000 posts/s into 100 channels of 20 members: post to deliver, percentiles in ms.
Figures run_latency(const Setting& setting);
// 10,000 sessions that do nothing: resident bytes of the hub per session.
Figures run_idle(const Setting& setting);
// `messages` in one channel: restart after kill and after stop, history pages, search pages.
Figures run_reads(const Setting& setting);
// Orders: decided and applied with 20 addressees, 10,000 waiting, 10,000 due at once, and a replay
// of `messages` records about them.
Figures run_coordination(const Setting& setting);
// The pure core and the codecs, nanoseconds each.
Figures run_micro(const Setting& setting);

double percentile(std::vector<double>& values, double share);

}  // namespace fenghuo::bench
