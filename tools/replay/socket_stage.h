// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/client.h"
#include "tools/replay/stage.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace fenghuo::replay {

// A running hub: every actor is a client of its own, as people are. The scenario runs `speed` times
// as fast as it was recorded. On a hub whose clock runs as fast (a drill, --clock-speed) its
// ladders and limits keep the recorded times; on any other one the hub's own steps are not to be
// compared.
class SocketStage : public Stage {
 public:
  struct Options {
    client::Address address;
    client::TlsOptions tls;
    // Of an administrator: makes accounts, channels and tokens.
    std::string admin_token;
    // Infinite = no waiting.
    double speed = 60;
    // What the actors' tokens are called in the hub's lists.
    std::string label;
  };

  explicit SocketStage(Options options);
  ~SocketStage() override;

  // The administrator's line; then how fast the hub's clock runs.
  client::Outcome<void> open();

  client::Outcome<std::uint64_t> administer(const v1::Command& command) override;
  client::Outcome<client::State> center() override;
  v1::Welcome welcome() override;
  client::Outcome<void> enter(const std::string& actor, std::uint64_t account_id) override;
  client::Outcome<std::uint64_t> act(const std::string& actor, const v1::Command& command) override;
  client::Outcome<client::State> sight(const std::string& actor) override;
  client::Outcome<v1::QueryResult> ask(const std::string& actor, const v1::Query& query) override;
  base::Position position() const override { return answered_; }
  base::TimeUs now() override;
  void wait_until(base::TimeUs at) override;
  client::Outcome<bool> comes_to_see(
      const std::string& actor, const std::function<bool(const client::State&)>& what) override;
  // max(1 s, 50 ms x speed) of hub time.
  base::TimeUs tolerance() const override;
  double pace() const override { return pace_; }
  bool keeps_time() const override { return pace_ == 1 && hub_speed_ == options_.speed; }

 private:
  using Clock = std::chrono::steady_clock;

  std::unique_ptr<client::Client> connect(const std::string& token);
  client::Outcome<std::uint64_t> call(client::Client& who, const v1::Command& command);
  // What this client sees, once it has everything that was answered so far.
  client::Outcome<client::State> caught_up(client::Client& who);
  client::Outcome<void> measure();
  bool wait_for(std::chrono::duration<double> within, const std::function<bool()>& what);

  Options options_;
  std::mutex mutex_;
  // Some line has heard something.
  std::condition_variable heard_;
  std::uint64_t times_heard_ = 0;
  client::Loop loop_;
  std::unique_ptr<client::Client> admin_;
  std::map<std::string, std::unique_ptr<client::Client>> actors_;
  // Position of the last answer to anybody.
  std::uint64_t answered_ = 0;
  // The hub's clock: where it stood at an instant of ours, and how fast it runs.
  base::TimeUs hub_us_ = 0;
  Clock::time_point ours_;
  double hub_speed_ = 1;
  double pace_ = 1;
};

}  // namespace fenghuo::replay
