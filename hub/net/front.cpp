// SPDX-License-Identifier: Apache-2.0
#include "hub/net/front.h"

#include "hub/net/line_clock.h"
#include "hub/net/listener.h"
#include "hub/net/metrics.h"
#include "hub/net/shard.h"
#include "hub/net/tls.h"

#include <vector>

namespace fenghuo::net {
namespace {

class AsioFront final : public Front {
 public:
  explicit AsioFront(const Standing& standing)
      : standing_(standing), api_(standing, [this] { return metrics(); }) {}
  ~AsioFront() override { stop(); }

  base::Result<void> open(const Options& options);

  Address address() const override { return listener_->address(); }
  std::optional<Address> metrics_address() const override {
    if (!metrics_listener_) return std::nullopt;
    return metrics_listener_->address();
  }
  fanout::Encoder::Publish publisher() override;
  void serve(Services& services) override;
  void drain() override;
  std::size_t connection_count() const override;
  void stop() override;

 private:
  std::string metrics() const;
  void hand_out(int socket, bool is_v6, Shard::Access access);

  const Standing& standing_;
  Api api_;
  std::vector<std::unique_ptr<Shard>> shards_;
  // Both live on the first shard's thread.
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<Listener> metrics_listener_;
  std::size_t next_shard_ = 0;
};

base::Result<void> AsioFront::open(const Options& options) {
  std::shared_ptr<asio::ssl::context> tls;
  if (!options.tls_certificate.empty()) {
    const auto opened = open_tls(options.tls_certificate, options.tls_key);
    if (!opened) return opened.error();
    tls = *opened;
  }
  for (unsigned i = 0; i < options.shards; ++i) {
    shards_.push_back(std::make_unique<Shard>(i, api_, tls));
  }
  const Shard::Access access =
      options.metrics ? Shard::Access::EverythingButMetrics : Shard::Access::Everything;
  asio::io_context& io = shards_.front()->io();
  listener_ = std::make_unique<Listener>(
      io, [this, access](int socket, bool is_v6) { hand_out(socket, is_v6, access); });
  const auto listening = listener_->open(options.listen);
  if (!listening) return listening.error();
  if (options.metrics) {
    metrics_listener_ = std::make_unique<Listener>(io, [this](int socket, bool is_v6) {
      hand_out(socket, is_v6, Shard::Access::MetricsOnly);
    });
    const auto also_listening = metrics_listener_->open(*options.metrics);
    if (!also_listening) return also_listening.error();
    metrics_listener_->start();
  }
  listener_->start();
  for (const auto& shard : shards_) shard->start();
  return {};
}

void AsioFront::hand_out(int socket, bool is_v6, Shard::Access access) {
  shards_[next_shard_]->adopt(socket, is_v6, access);
  next_shard_ = (next_shard_ + 1) % shards_.size();
}

fanout::Encoder::Publish AsioFront::publisher() {
  return [this](std::shared_ptr<const fanout::EncodedCommit> commit) {
    for (const auto& shard : shards_) {
      shard->post([shard = shard.get(), commit] { shard->fanout().on_commit(commit, line_now()); });
    }
  };
}

void AsioFront::serve(Services& services) {
  api_.open(services);
  for (const auto& shard : shards_) shard->serve(services);
}

void AsioFront::drain() {
  for (const auto& shard : shards_) shard->drain();
}

std::size_t AsioFront::connection_count() const {
  std::size_t count = 0;
  for (const auto& shard : shards_) count += shard->traffic().connections.load();
  return count;
}

void AsioFront::stop() {
  if (listener_) shards_.front()->post([this] { listener_->close(); });
  if (metrics_listener_) shards_.front()->post([this] { metrics_listener_->close(); });
  for (const auto& shard : shards_) shard->stop();
  listener_.reset();
  metrics_listener_.reset();
}

std::string AsioFront::metrics() const {
  std::vector<const Traffic*> traffic;
  for (const auto& shard : shards_) traffic.push_back(&shard->traffic());
  return metrics_text(standing_, api_.services(), traffic);
}

}  // namespace

base::Result<std::unique_ptr<Front>> Front::open(const Options& options, const Standing& standing) {
  auto front = std::make_unique<AsioFront>(standing);
  const auto opened = front->open(options);
  if (!opened) return opened.error();
  return std::unique_ptr<Front>(std::move(front));
}

}  // namespace fenghuo::net
