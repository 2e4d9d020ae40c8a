// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/fanout/encoder.h"
#include "hub/net/address.h"
#include "hub/net/services.h"
#include "hub/net/standing.h"

#include <memory>
#include <optional>
#include <string>

namespace fenghuo::net {

// The whole of the net: listeners and shards. One owner; its life is open, serve, drain, stop.
class Front {
 public:
  struct Options {
    Address listen;
    // /metrics has a listener of its own.
    std::optional<Address> metrics;
    // PEM files; both or none.
    std::string tls_certificate;
    std::string tls_key;
    unsigned shards = 1;
  };

  // Listens at once: until serve(), /healthz answers, /readyz says why not, and everything else is
  // refused with RECOVERING. UNAVAILABLE when an address cannot be used, BAD_ARGUMENT when the
  // certificate or the key cannot. `standing` outlives it.
  static base::Result<std::unique_ptr<Front>> open(const Options& options,
                                                   const Standing& standing);
  virtual ~Front() = default;

  // Where it listens.
  virtual Address address() const = 0;
  virtual std::optional<Address> metrics_address() const = 0;
  // Hands commits to every shard; may be called from one thread, after serve().
  virtual fanout::Encoder::Publish publisher() = 0;
  // `services` outlive stop().
  virtual void serve(Services& services) = 0;
  // Tells every client to come back later. Connections end within seconds.
  virtual void drain() = 0;
  virtual std::size_t connection_count() const = 0;
  // Cuts what is left and waits for the threads.
  virtual void stop() = 0;
};

}  // namespace fenghuo::net
