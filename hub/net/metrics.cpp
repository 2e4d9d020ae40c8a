// SPDX-License-Identifier: Apache-2.0
#include "hub/net/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace fenghuo::net {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

class Page {
 public:
  void counter(const char* name, const char* help, double value) {
    add(name, help, MetricType::Counter).counter.value = value;
  }
  void gauge(const char* name, const char* help, double value) {
    add(name, help, MetricType::Gauge).gauge.value = value;
  }
  // One row of a counter family; rows of one family follow each other.
  void counter(const char* name, const char* help, const char* label, std::string label_value,
               double value) {
    const bool goes_on = !families_.empty() && families_.back().name == name;
    ClientMetric& metric =
        goes_on ? families_.back().metric.emplace_back() : add(name, help, MetricType::Counter);
    metric.label.push_back({label, std::move(label_value)});
    metric.counter.value = value;
  }

  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  ClientMetric& add(const char* name, const char* help, MetricType type) {
    MetricFamily& family = families_.emplace_back();
    family.name = name;
    family.help = help;
    family.type = type;
    return family.metric.emplace_back();
  }

  std::vector<MetricFamily> families_;
};

double sum(const std::vector<const Traffic*>& shards, Traffic::Count Traffic::* count) {
  std::uint64_t total = 0;
  for (const Traffic* shard : shards) total += (shard->*count).load(std::memory_order_relaxed);
  return static_cast<double>(total);
}

void write_traffic(Page& page, const std::vector<const Traffic*>& shards) {
  page.gauge("fenghuo_connections", "Open sockets.", sum(shards, &Traffic::connections));
  page.gauge("fenghuo_sessions", "Open WebSocket sessions.", sum(shards, &Traffic::sessions));
  page.counter("fenghuo_connections_accepted_total", "Sockets accepted.",
               sum(shards, &Traffic::accepted));
  page.counter("fenghuo_socket_messages_received_total", "WebSocket messages from clients.",
               sum(shards, &Traffic::messages_in));
  page.counter("fenghuo_socket_received_bytes_total", "Bytes of WebSocket messages from clients.",
               sum(shards, &Traffic::bytes_in));
  page.counter("fenghuo_socket_writes_total", "WebSocket messages written.",
               sum(shards, &Traffic::writes));
  page.counter("fenghuo_sent_bytes_total", "Bytes of answers and messages.",
               sum(shards, &Traffic::bytes_out));
  page.counter("fenghuo_sessions_closed_by_hub_total", "Sessions the hub ended.",
               sum(shards, &Traffic::closed_by_hub));
  page.counter("fenghuo_sessions_broken_total", "Sessions whose peer broke the protocol.",
               sum(shards, &Traffic::bad_messages));
  for (std::size_t hundred = 1; hundred < Traffic{}.answers.size(); ++hundred) {
    std::uint64_t total = 0;
    for (const Traffic* shard : shards) total += shard->answers.at(hundred).load();
    page.counter("fenghuo_http_answers_total", "HTTP answers.", "status",
                 std::to_string(hundred) + "xx", static_cast<double>(total));
  }
}

void write_engine(Page& page, const engine::Engine::Figures& figures) {
  page.counter("fenghuo_commands_total", "Commands taken.", static_cast<double>(figures.commands));
  page.counter("fenghuo_commands_refused_total", "Commands refused.",
               static_cast<double>(figures.refused));
  page.counter("fenghuo_records_total", "Records made durable.",
               static_cast<double>(figures.records));
  page.counter("fenghuo_groups_total", "Groups written, one sync each.",
               static_cast<double>(figures.groups));
  page.gauge("fenghuo_inbox_commands", "Commands waiting.", static_cast<double>(figures.inbox));
}

}  // namespace

std::string metrics_text(const Standing& standing, const Services* services,
                         const std::vector<const Traffic*>& shards) {
  Page page;
  page.gauge("fenghuo_ready", "1 = serving.", standing.why_not_ready().empty() ? 1 : 0);
  page.gauge("fenghuo_free_disk_ratio", "Share of the disk that is free.", standing.free_share());
  page.gauge("fenghuo_clock_difference_seconds", "Wall clock minus hub clock.",
             static_cast<double>(standing.wall_difference()) / static_cast<double>(base::us_per_s));
  write_traffic(page, shards);
  if (services != nullptr) write_engine(page, services->engine.figures());
  return page.text();
}

}  // namespace fenghuo::net
