// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/posts.h"

#include "tools/bench/center.h"
#include "tools/bench/hub_process.h"
#include "tools/bench/load_client.h"
#include "tools/bench/workloads.h"

namespace fenghuo::bench {

Publishers::Publishers(Loop& loop, std::uint16_t port, const std::vector<std::string>& tokens,
                       std::size_t count, const std::string& device_prefix)
    : loop_(loop) {
  clients_ = open_sessions(loop, port, tokens, count, device_prefix,
                           [this](LoadClient& client, std::string_view payload) {
                             for_each_frame(payload, [&](const v1::ServerFrame& frame) {
                               if (!frame.has_reply()) return;
                               if (frame.reply().has_refused()) ++refused_;
                               if (frame.reply().has_done()) ++stored_;
                               --client.inflight;
                             });
                           });
}

void Publishers::fill(const Make& make, std::uint64_t until, std::uint32_t window) {
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    auto& client = clients_[i];
    while (client->inflight < window && sent_ < until) {
      v1::ClientFrame frame;
      frame.mutable_submit()->set_n(client->next_n());
      *frame.mutable_submit()->mutable_command()->mutable_post_message() = make(i);
      client->queue(frame);
      ++client->inflight;
      ++sent_;
    }
    client->flush();
  }
}

void Publishers::run(const Make& make, std::uint64_t count, std::uint32_t window) {
  const std::uint64_t until = sent_ + count;
  while (stored_ + refused_ < until) {
    fill(make, until, window);
    loop_.run_once(100);
  }
}

Figures run_posts(const Setting& setting) {
  constexpr std::size_t publishers = 50;
  constexpr std::uint32_t window = 32;
  // A channel of its own for each publisher: what is measured is storing, with the one push that
  // the author's own devices get. What delivery to many costs is the figure of `fanout`.
  std::vector<v1::PlanChannel> channels;
  for (std::size_t i = 0; i < publishers; ++i) {
    channels.push_back(members_channel("c" + std::to_string(i), i, 1));
  }
  const Center center = create_center(setting.data, make_plan(publishers, channels));
  HubProcess hub(setting.hub, setting.data, setting.hub_flags);
  Loop loop;
  Publishers crowd(loop, hub.port(), center.tokens, publishers, "p");
  const std::string text(200, 'x');
  const auto make = [&](std::size_t publisher) {
    v1::PostMessage post;
    post.set_channel_id(center.channel_ids[publisher]);
    post.set_text(text);
    return post;
  };
  crowd.run(make, 20'000, window);
  const double cpu_before = hub.cpu_seconds();
  const double started = now_s();
  std::uint64_t done = 0;
  while (now_s() - started < setting.seconds) {
    crowd.run(make, 5'000, window);
    done += 5'000;
  }
  const double elapsed = now_s() - started;
  return {
      {"posts_per_s", static_cast<double>(done) / elapsed},
      {"posts", static_cast<double>(done)},
      {"refused", static_cast<double>(crowd.refused())},
      {"hub_cpu_us_per_post", (hub.cpu_seconds() - cpu_before) * 1e6 / static_cast<double>(done)}};
}

}  // namespace fenghuo::bench
