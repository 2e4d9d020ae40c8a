// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/command.pb.h"
#include "tools/bench/load_client.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fenghuo::bench {

// Sessions that post and wait for answers, many at once.
class Publishers {
 public:
  // What the session of this number (from 0) posts next.
  using Make = std::function<v1::PostMessage(std::size_t publisher)>;

  Publishers(Loop& loop, std::uint16_t port, const std::vector<std::string>& tokens,
             std::size_t count, const std::string& device_prefix);

  // Posts `count` messages with at most `window` unanswered per session; returns when all are
  // answered.
  void run(const Make& make, std::uint64_t count, std::uint32_t window);
  // Tops up what is in flight, does not wait.
  void fill(const Make& make, std::uint64_t until, std::uint32_t window);

  std::uint64_t sent() const { return sent_; }
  std::uint64_t stored() const { return stored_; }
  std::uint64_t refused() const { return refused_; }

 private:
  Loop& loop_;
  std::vector<std::unique_ptr<LoadClient>> clients_;
  std::uint64_t sent_ = 0;
  std::uint64_t stored_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace fenghuo::bench
