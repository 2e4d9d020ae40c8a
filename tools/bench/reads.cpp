// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/center.h"
#include "tools/bench/hub_process.h"
#include "tools/bench/load_client.h"
#include "tools/bench/posts.h"
#include "tools/bench/workloads.h"

#include <fmt/format.h>

#include <array>
#include <random>
#include <stdexcept>

namespace fenghuo::bench {
namespace {

// Words as they come in a command center; every hundredth message carries a rare one.
constexpr std::array<const char*, 24> words{
    "化工园区", "爆炸",     "疏散",   "安置点", "消防救援", "水位",  "阀门",  "伤员",
    "救护车",   "封控路口", "监测车", "风向",   "储罐",     "降温",  "泡沫",  "值班",
    "pump",     "gate",     "level",  "report", "shelter",  "radio", "north", "team"};

std::string sentence(std::uint64_t i, std::mt19937& random) {
  std::string text;
  for (int k = 0; k < 12; ++k) {
    text += words[random() % words.size()];
    text += random() % 3 == 0 ? "，" : " ";
  }
  if (i % 100 == 0) text += fmt::format("编号{} 渣甸坊", i / 100);
  text.resize(std::max<std::size_t>(text.size(), 200), ' ');
  return text;
}

// Asks one query and waits for its answer; milliseconds.
class Asker {
 public:
  Asker(Loop& loop, std::uint16_t port, const std::string& token) : loop_(loop) {
    clients_ =
        open_sessions(loop, port, {token}, 1, "q", [this](LoadClient&, std::string_view payload) {
          for_each_frame(payload, [&](const v1::ServerFrame& frame) {
            if (frame.has_query_result()) result_ = frame.query_result();
          });
        });
  }

  double ask(v1::Query query) {
    query.set_id(++id_);
    v1::ClientFrame frame;
    *frame.mutable_query() = std::move(query);
    const double started = now_s();
    clients_[0]->queue(frame);
    clients_[0]->flush();
    while (result_.id() != id_) loop_.run_once(1000);
    const double elapsed = now_s() - started;
    if (result_.has_refused()) throw std::runtime_error("bench: " + result_.refused().message());
    return elapsed * 1e3;
  }
  const v1::QueryResult& result() const { return result_; }

 private:
  Loop& loop_;
  std::vector<std::unique_ptr<LoadClient>> clients_;
  v1::QueryResult result_;
  std::uint64_t id_ = 0;
};

// Until the hub has done what a start leaves behind (log and tables are tidied in the background).
void settle(const HubProcess& hub, Loop& loop) {
  for (double before = hub.cpu_seconds();;) {
    const double until = now_s() + 1;
    while (now_s() < until) loop.run_once(100);
    const double after = hub.cpu_seconds();
    if (after - before < 0.05) return;
    before = after;
  }
}

}  // namespace

Figures run_reads(const Setting& setting) {
  constexpr std::size_t publishers = 50;
  const Center center = create_center(
      setting.data, make_plan(publishers, {everyone_channel("big"), everyone_channel("other")}));
  std::mt19937 random(1);
  Figures figures;
  {
    HubProcess hub(setting.hub, setting.data, setting.hub_flags);
    Loop loop;
    Publishers crowd(loop, hub.port(), center.tokens, publishers, "p");
    const double started = now_s();
    crowd.run(
        [&, i = std::uint64_t{0}](std::size_t) mutable {
          v1::PostMessage post;
          post.set_channel_id(center.channel_ids[0]);
          post.set_text(sentence(i++, random));
          return post;
        },
        setting.messages, 60);
    figures.emplace_back("fill_posts_per_s",
                         static_cast<double>(setting.messages) / (now_s() - started));
    // Reads start when the index has everything: it is fed behind the log.
    Asker asker(loop, hub.port(), center.tokens[0]);
    v1::Query query;
    query.mutable_search()->set_text("渣甸坊");
    const double indexing = now_s();
    std::uint64_t through = 0;
    do {
      asker.ask(query);
      through = asker.result().search().indexed_through();
    } while (through + 200 < setting.messages);
    figures.emplace_back("index_behind_s", now_s() - indexing);
    hub.kill();
  }
  {
    HubProcess hub(setting.hub, setting.data, setting.hub_flags);
    figures.emplace_back("ready_after_kill_s", hub.seconds_to_ready());
    figures.emplace_back("resident_mib", static_cast<double>(hub.resident_bytes()) / (1 << 20));
    hub.stop();
  }
  HubProcess hub(setting.hub, setting.data, setting.hub_flags);
  figures.emplace_back("ready_after_stop_s", hub.seconds_to_ready());
  Loop loop;
  Asker asker(loop, hub.port(), center.tokens[0]);
  const auto read_pages = [&](int count) {
    std::vector<double> times;
    for (int i = 0; i < count; ++i) {
      v1::Query query;
      query.mutable_history()->set_channel_id(center.channel_ids[0]);
      query.mutable_history()->set_before_seq(60 + random() % (setting.messages - 60));
      query.mutable_history()->set_limit(50);
      times.push_back(asker.ask(query));
      if (asker.result().history().messages_size() != 50)
        throw std::runtime_error("bench: short page");
    }
    return times;
  };
  // The first readers after a start share the machine with its tidying: a figure of their own.
  std::vector<double> first = read_pages(200);
  figures.emplace_back("history_50_after_start_p99_ms", percentile(first, 0.99));
  settle(hub, loop);
  std::vector<double> history = read_pages(2'000);
  figures.emplace_back("history_50_p50_ms", percentile(history, 0.50));
  figures.emplace_back("history_50_p99_ms", percentile(history, 0.99));
  std::vector<double> search;
  for (int i = 0; i < 500; ++i) {
    v1::Query query;
    std::string text;
    switch (i % 4) {
      case 0: text = words[random() % words.size()]; break;
      case 1: text = fmt::format("编号{}", random() % (setting.messages / 100)); break;
      case 2: text = fmt::format("{} {}", words[random() % 16], words[16 + random() % 8]); break;
      default: text = fmt::format("渣甸坊 {}", words[random() % words.size()]); break;
    }
    query.mutable_search()->set_text(text);
    search.push_back(asker.ask(query));
  }
  figures.emplace_back("search_p50_ms", percentile(search, 0.50));
  figures.emplace_back("search_p99_ms", percentile(search, 0.99));
  return figures;
}

}  // namespace fenghuo::bench
