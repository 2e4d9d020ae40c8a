// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/sim/random.h"
#include "tests/sim/timeline.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace fenghuo::sim {

// A connection of the fake net: whole messages, in order, each way with random delays; a cut loses
// what is on its way, and each end hears of it in its own time.
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  struct End {
    std::function<void(std::string)> received;
    // With the close code the other end gave; 0 = cut.
    std::function<void(std::uint16_t)> ended;
    // A write that the end began has left its hands.
    std::function<void()> written;
  };

  Wire(Timeline& timeline, Random& random, base::TimeUs delay_max_us)
      : timeline_(timeline), random_(random), delay_max_us_(delay_max_us) {}

  // To be set before anything is sent; empty = that end is gone.
  End hub;
  End client;

  void to_hub(std::string message) { deliver(hub, hub_at_, std::move(message)); }
  // It leaves after `write_us` (a slow line); hub.written is called then. One at a time.
  void to_client(std::string message, base::TimeUs write_us) {
    timeline_.after(write_us, [self = shared_from_this(), message = std::move(message)]() mutable {
      if (self->is_cut_ || !self->hub.written) return;
      self->deliver(self->client, self->client_at_, std::move(message));
      const auto written = self->hub.written;
      written();
    });
  }
  // The hub closes, behind what it has sent.
  void close_client(std::uint16_t code) { end(client, client_at_, code); }
  void close_hub() { end(hub, hub_at_, 0); }

  void cut() {
    if (std::exchange(is_cut_, true)) return;
    end(hub, hub_at_, 0);
    end(client, client_at_, 0);
  }

 private:
  void deliver(End& end, base::TimeUs& at, std::string message) {
    at = std::max(at, timeline_.now() + random_.between(0, delay_max_us_));
    timeline_.at(
        at, [self = shared_from_this(), this_end = &end, message = std::move(message)]() mutable {
          // A copy: the end may go while it takes the message.
          const auto received = this_end->received;
          if (!self->is_cut_ && received) received(std::move(message));
        });
  }
  void end(End& end, base::TimeUs& at, std::uint16_t code) {
    at = std::max(at, timeline_.now() + random_.between(0, delay_max_us_));
    timeline_.at(at, [self = shared_from_this(), this_end = &end, code] {
      const auto ended = std::exchange(this_end->ended, nullptr);
      this_end->received = nullptr;
      if (ended) ended(code);
    });
  }

  Timeline& timeline_;
  Random& random_;
  const base::TimeUs delay_max_us_;
  base::TimeUs hub_at_ = 0;
  base::TimeUs client_at_ = 0;
  bool is_cut_ = false;
};

}  // namespace fenghuo::sim
