// SPDX-License-Identifier: Apache-2.0
#include "hub/engine/answers.h"

#include "hub/base/check.h"

#include <utility>

namespace fenghuo::engine {

void Answers::hold(v1::Reply reply, Send send) {
  if (reply.position() <= durable_) {
    send(std::move(reply));
    return;
  }
  FENGHUO_CHECK(held_.empty() || held_.back().reply.position() <= reply.position());
  held_.push_back({std::move(reply), std::move(send)});
}

std::size_t Answers::release(base::Position durable) {
  FENGHUO_CHECK(durable >= durable_);
  durable_ = durable;
  std::size_t sent = 0;
  while (!held_.empty() && held_.front().reply.position() <= durable) {
    Held next = std::move(held_.front());
    held_.pop_front();
    next.send(std::move(next.reply));
    ++sent;
  }
  return sent;
}

std::size_t Answers::refuse_all(const base::Error& error) {
  const std::size_t sent = held_.size();
  for (Held& held : std::exchange(held_, {})) {
    held.send(refusal(held.reply.n(), durable_, error));
  }
  return sent;
}

v1::Reply refusal(std::uint64_t n, base::Position position, const base::Error& error) {
  v1::Reply reply;
  reply.set_n(n);
  reply.set_position(position);
  *reply.mutable_refused() = error.to_wire();
  return reply;
}

}  // namespace fenghuo::engine
