// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"
#include "hub/base/types.h"

#include <deque>
#include <functional>

namespace fenghuo::engine {

// Answers that were decided and wait until the position they depend on is durable. Refusals and
// repeats too: they reveal facts.
class Answers {
 public:
  using Send = std::function<void(v1::Reply)>;

  explicit Answers(base::Position durable) : durable_(durable) {}

  base::Position durable() const { return durable_; }

  // Holds `reply`, which depends on reply.position(), or sends it at once. Positions never fall.
  void hold(v1::Reply reply, Send send);

  // Everything up to here is durable: sends what waited for it. Returns how many were sent.
  std::size_t release(base::Position durable);

  // The records the answers depended on will never be: all are refused instead. `error` must say
  // "later": the commands left no result.
  std::size_t refuse_all(const base::Error& error);

  bool empty() const { return held_.empty(); }

 private:
  struct Held {
    v1::Reply reply;
    Send send;
  };
  base::Position durable_;
  std::deque<Held> held_;
};

v1::Reply refusal(std::uint64_t n, base::Position position, const base::Error& error);

}  // namespace fenghuo::engine
