// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/center.h"
#include "tools/bench/hub_process.h"
#include "tools/bench/load_client.h"
#include "tools/bench/workloads.h"

#include <sys/resource.h>

namespace fenghuo::bench {

Figures run_idle(const Setting& setting) {
  constexpr std::size_t sessions = 10'000;
  constexpr std::size_t accounts = 1'000;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  std::vector<v1::PlanChannel> channels{everyone_channel("all")};
  for (std::size_t i = 0; i < 50; ++i) {
    channels.push_back(members_channel("c" + std::to_string(i), i * 20, 20));
  }
  const Center center = create_center(setting.data, make_plan(accounts, channels));
  HubProcess hub(setting.hub, setting.data, setting.hub_flags);
  Loop loop;
  const auto ignore = [](LoadClient&, std::string_view) {};
  // Every account once first: what the hub keeps per account is not a connection's memory.
  const auto first = open_sessions(loop, hub.port(), center.tokens, accounts, "w", ignore);
  const std::uint64_t before = hub.resident_bytes();
  const auto clients = open_sessions(loop, hub.port(), center.tokens, sessions, "s", ignore);
  const double settle_until = now_s() + 3;
  while (now_s() < settle_until) loop.run_once(100);
  const std::uint64_t after = hub.resident_bytes();
  const double cpu_before = hub.cpu_seconds();
  const double started = now_s();
  while (now_s() - started < setting.seconds) loop.run_once(100);
  return {{"resident_kib_per_connection",
           static_cast<double>(after - before) / static_cast<double>(sessions) / 1024},
          {"resident_mib_all", static_cast<double>(after) / (1 << 20)},
          {"hub_cpu_share_idle", (hub.cpu_seconds() - cpu_before) / (now_s() - started)}};
}

}  // namespace fenghuo::bench
