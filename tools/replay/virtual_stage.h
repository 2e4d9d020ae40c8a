// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/apply.h"
#include "hub/core/command.h"
#include "hub/core/state.h"
#include "tools/replay/stage.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fenghuo::replay {

// The hub's core itself, without threads, store and network, on a clock that goes as far as it is
// told, at once. What the hub has to do by itself it does at the instant it is due.
class VirtualStage : public Stage {
 public:
  // A record as the log keeps it.
  struct Recorded {
    base::Position position = 0;
    base::TimeUs time_us = 0;
    v1::Event event;
    std::optional<v1::Body> body;
  };

  // An empty center, a drill, whose clock stands at `start`.
  explicit VirtualStage(base::TimeUs start);

  client::Outcome<std::uint64_t> administer(const v1::Command& command) override;
  client::Outcome<client::State> center() override;
  v1::Welcome welcome() override;
  client::Outcome<void> enter(const std::string& actor, std::uint64_t account_id) override;
  client::Outcome<std::uint64_t> act(const std::string& actor, const v1::Command& command) override;
  client::Outcome<client::State> sight(const std::string& actor) override;
  client::Outcome<v1::QueryResult> ask(const std::string& actor, const v1::Query& query) override;
  base::Position position() const override { return state_.position(); }
  base::TimeUs now() override { return now_; }
  void wait_until(base::TimeUs at) override;
  client::Outcome<bool> comes_to_see(
      const std::string& actor, const std::function<bool(const client::State&)>& what) override;
  // Exactly as recorded.
  base::TimeUs tolerance() const override { return 0; }

  const core::State& state() const { return state_; }
  const std::vector<Recorded>& log() const { return log_; }

 private:
  client::Outcome<std::uint64_t> submit(std::uint64_t account_id, const v1::Command& command);
  void append(const std::vector<core::Drafted>& drafted);

  core::State state_;
  core::Effects effects_;
  std::vector<Recorded> log_;
  base::TimeUs now_;
  std::map<std::string, std::uint64_t> accounts_;
};

}  // namespace fenghuo::replay
