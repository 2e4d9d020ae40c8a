// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/center.h"
#include "tools/bench/hub_process.h"
#include "tools/bench/load_client.h"
#include "tools/bench/posts.h"
#include "tools/bench/workloads.h"

#include <cstdlib>

namespace fenghuo::bench {

Figures run_latency(const Setting& setting) {
  constexpr std::size_t channels = 100;
  constexpr std::size_t members = 20;
  constexpr double posts_per_s = 1'000;
  std::vector<v1::PlanChannel> plan_channels;
  for (std::size_t i = 0; i < channels; ++i) {
    plan_channels.push_back(members_channel("c" + std::to_string(i), i * members, members));
  }
  const Center center = create_center(setting.data, make_plan(channels * members, plan_channels));
  HubProcess hub(setting.hub, setting.data, setting.hub_flags);
  Loop loop;
  std::vector<double> delays_ms;
  std::uint64_t received = 0;
  bool measuring = false;
  const auto clients = open_sessions(
      loop, hub.port(), center.tokens, channels * members, "s",
      [&](LoadClient& client, std::string_view payload) {
        const double now = now_s();
        for_each_frame(payload, [&](const v1::ServerFrame& frame) {
          if (frame.has_reply()) --client.inflight;
          for (const auto& update : frame.batch().updates()) {
            if (!update.has_message()) continue;
            ++received;
            if (measuring) {
              delays_ms.push_back((now - std::strtod(update.message().text().c_str(), nullptr)) *
                                  1e3);
            }
          }
        });
      });
  // An open loop: posts leave by the clock whatever the hub does, so waiting counts.
  std::uint64_t sent = 0;
  const double warm_up_s = 2;
  const double started = now_s();
  double cpu_before = 0;
  while (now_s() - started < warm_up_s + setting.seconds) {
    if (!measuring && now_s() - started > warm_up_s) {
      measuring = true;
      cpu_before = hub.cpu_seconds();
    }
    while (static_cast<double>(sent) < (now_s() - started) * posts_per_s) {
      const std::size_t channel = sent * 37 % channels;
      auto& author = *clients[channel * members + sent / channels % members];
      v1::ClientFrame frame;
      frame.mutable_submit()->set_n(author.next_n());
      auto* post = frame.mutable_submit()->mutable_command()->mutable_post_message();
      post->set_channel_id(center.channel_ids[channel]);
      std::string text = std::to_string(now_s());
      text.resize(200, ' ');
      post->set_text(text);
      author.queue(frame);
      author.flush();
      ++sent;
    }
    loop.run_once(1);
  }
  const double cpu = hub.cpu_seconds() - cpu_before;
  while (received < sent * members) loop.run_once(100);
  return {{"deliveries", static_cast<double>(delays_ms.size())},
          {"p50_ms", percentile(delays_ms, 0.50)},
          {"p99_ms", percentile(delays_ms, 0.99)},
          {"p999_ms", percentile(delays_ms, 0.999)},
          {"hub_cpu_share", cpu / setting.seconds}};
}

}  // namespace fenghuo::bench
