// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "tests/support/line.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace fenghuo::testing {

// A message as somebody was told of it.
struct Told {
  std::uint64_t seq = 0;
  base::EntityId id = 0;
  std::string text;

  bool operator==(const Told&) const = default;
};

// Something happened that moves time on: a post was sent, an acknowledgement came.
enum class Step { Sent, Acknowledged };

// One device of somebody: posts to a channel with a full window, follows the stream, and goes on
// after every break as a client must. It keeps its own list, which the hub never sees. What the hub
// may never do fails the test. One thread at a time.
class Device {
 public:
  // A window of 0 only follows.
  Device(std::string token, std::string name, base::EntityId channel, std::size_t window,
         std::uint64_t seed);

  // Opens a line (as new, or resuming), sends again what is not answered, and goes on posting until
  // the hub is gone.
  void talk(std::uint16_t port, const std::function<void(Step)>& step);
  // Opens a line and posts nothing new; returns when everything is answered. False = the hub is
  // gone.
  bool settle(std::uint16_t port);
  // Then: reads on until this text came.
  bool follow_until(const std::string& text);

  const std::string& name() const { return name_; }
  // In the order they were sent.
  const std::map<std::uint64_t, Told>& acknowledged() const { return acknowledged_; }
  // What the stream brought, since its beginning after this seq.
  const std::vector<Told>& heard() const { return heard_; }
  std::uint64_t begins_after() const { return begins_after_; }

 private:
  bool open(std::uint16_t port);
  bool take_next();
  void take(const v1::Welcome& welcome);
  void take(const v1::Batch& batch);
  void take(const v1::Reply& reply);
  bool window_has_room() const;
  void post_one();
  void send(std::uint64_t n, const std::string& text);

  const std::string token_;
  const std::string name_;
  const base::EntityId channel_;
  const std::size_t window_;
  std::mt19937_64 random_;

  std::unique_ptr<Line> line_;
  std::string epoch_;
  base::Position position_ = 0;
  std::uint64_t begins_after_ = 0;
  std::uint64_t next_n_ = 1;
  std::map<std::uint64_t, std::string> unanswered_;
  std::map<std::uint64_t, Told> acknowledged_;
  std::vector<Told> heard_;
};

// All messages of the channel, oldest first, as this reader gets them.
std::vector<Told> read_record(std::uint16_t port, const std::string& token, base::EntityId channel);

}  // namespace fenghuo::testing
