// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/center.h"
#include "tools/bench/hub_process.h"
#include "tools/bench/load_client.h"
#include "tools/bench/posts.h"
#include "tools/bench/workloads.h"

#include <stdexcept>

namespace fenghuo::bench {

Figures run_fanout(const Setting& setting) {
  constexpr std::size_t subscribers = 1'000;
  constexpr std::size_t publishers = 8;
  constexpr std::uint32_t window = 16;
  const Center center =
      create_center(setting.data, make_plan(subscribers, {everyone_channel("load")}));
  HubProcess hub(setting.hub, setting.data, setting.hub_flags);
  Loop loop;
  // All count bytes; one also reads its frames, so that deliveries are counted, not guessed.
  std::uint64_t payload_bytes = 0;
  std::uint64_t messages = 0;
  LoadClient* reader = nullptr;
  const auto clients =
      open_sessions(loop, hub.port(), center.tokens, subscribers, "s",
                    [&](LoadClient& client, std::string_view payload) {
                      payload_bytes += payload.size();
                      if (&client != reader) return;
                      for_each_frame(payload, [&](const v1::ServerFrame& frame) {
                        if (frame.has_batch())
                          messages += static_cast<std::uint64_t>(frame.batch().updates_size());
                      });
                    });
  reader = clients[0].get();
  Publishers crowd(loop, hub.port(), center.tokens, publishers, "p");
  const std::string text(200, 'x');
  const auto make = [&](std::size_t) {
    v1::PostMessage post;
    post.set_channel_id(center.channel_ids[0]);
    post.set_text(text);
    return post;
  };
  crowd.run(make, 500, window);
  // Until the reader has what was posted: nothing of the warm-up falls into the measured time.
  const auto settle = [&] {
    while (messages < crowd.stored()) loop.run_once(100);
  };
  settle();
  const std::uint64_t messages_before = messages;
  const double cpu_before = hub.cpu_seconds();
  const double started = now_s();
  while (now_s() - started < setting.seconds) crowd.run(make, 500, window);
  settle();
  const double elapsed = now_s() - started;
  const double deliveries = static_cast<double>(messages - messages_before) *
                            static_cast<double>(subscribers + publishers);
  const double cpu = hub.cpu_seconds() - cpu_before;
  return {{"hub_cpu_s_per_million_deliveries", cpu / deliveries * 1e6},
          {"deliveries_per_s", deliveries / elapsed},
          {"posts_per_s", static_cast<double>(messages - messages_before) / elapsed},
          {"hub_cpu_share", cpu / elapsed},
          {"megabytes", static_cast<double>(payload_bytes) / 1e6}};
}

}  // namespace fenghuo::bench
