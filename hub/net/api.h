// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/net/login.h"
#include "hub/net/request.h"
#include "hub/net/route.h"
#include "hub/net/services.h"
#include "hub/net/standing.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace fenghuo::net {

// The HTTP routes without HTTP: a route and a request in, an answer out, at once or from another
// thread. Called by every shard. Before open() only /healthz and the like are answered.
class Api {
 public:
  // `metrics` makes the text of /metrics.
  Api(const Standing& standing, std::function<std::string()> metrics);

  // From here on requests are served. Once.
  void open(Services& services);
  // nullptr until then.
  Services* services() const { return services_.load(std::memory_order_acquire); }
  const Standing& standing() const { return standing_; }

  using Identity = view::Reader::Identity;
  // Who sends the token; RECOVERING and DRAINING too. `done` is called exactly once, on any thread.
  void identify(const std::string& token, std::function<void(base::Result<Identity>)> done) const;

  // Answers; `identity` is set when the route needs a token.
  void serve(const Route& route, Request request, const Identity& identity, Respond respond);

 private:
  void command(Services& services, Request request, const Identity& identity, Respond respond);
  void query(Services& services, const Route& route, const Identity& identity, Respond respond);
  void put_blob(Services& services, Request request, const Identity& identity, Respond respond);
  void get_blob(Services& services, const base::Hash& hash, const Identity& identity,
                Respond respond);
  void log_out(Services& services, const Identity& identity, Respond respond);

  const Standing& standing_;
  const std::function<std::string()> metrics_;
  std::unique_ptr<LoginDesk> login_;
  std::atomic<Services*> services_{nullptr};
};

}  // namespace fenghuo::net
