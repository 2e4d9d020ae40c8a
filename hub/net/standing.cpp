// SPDX-License-Identifier: Apache-2.0
#include "hub/net/standing.h"

#include "hub/base/limits.h"

#include <fmt/format.h>

#include <cstdlib>

namespace fenghuo::net {

std::string_view Standing::why_not_ready() const {
  switch (phase()) {
    case Phase::Recovering: return "recovering";
    case Phase::Draining: return "draining";
    case Phase::Serving: break;
  }
  return free_share() < base::limits::disk_read_only_share ? "no space" : "";
}

bool Standing::clock_disagrees() const {
  return std::abs(wall_difference()) > base::limits::clock_disagrees_us;
}

base::Error Standing::refusal() const {
  const bool draining = phase() == Phase::Draining;
  base::Error error(draining ? v1::ERROR_CODE_DRAINING : v1::ERROR_CODE_RECOVERING,
                    draining ? "the hub is going down" : "the hub is reading its record");
  error.retry_after(2'000);
  return error;
}

Answer Standing::ready_answer() const {
  const std::string_view why = why_not_ready();
  Answer answer;
  answer.status = why.empty() ? 200 : 503;
  answer.body = fmt::format(R"({{"ready":{},"reason":"{}","free_disk_share":{:.3f},)"
                            R"("wall_clock_minus_hub_clock_ms":{},"clock_disagrees":{},)"
                            R"("clock_unconfirmed":{}}})",
                            why.empty(), why, free_share(), wall_difference() / base::us_per_ms,
                            clock_disagrees(), clock_unconfirmed());
  if (!why.empty()) answer.headers.emplace_back("Retry-After", "2");
  return answer;
}

}  // namespace fenghuo::net
