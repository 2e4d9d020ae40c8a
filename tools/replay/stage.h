// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/outcome.h"
#include "clients/cpp/state.h"
#include "fenghuo/v1/command.pb.h"
#include "fenghuo/v1/frame.pb.h"
#include "hub/base/types.h"

#include <cstdint>
#include <functional>
#include <string>

namespace fenghuo::replay {

// Where a scenario is played: a center with its people, and its clock. Actors are named as in the
// file.
class Stage {
 public:
  virtual ~Stage() = default;

  // As whoever administers the center.
  virtual client::Outcome<std::uint64_t> administer(const v1::Command& command) = 0;
  // All that the administrator sees, and what the center says of itself.
  virtual client::Outcome<client::State> center() = 0;
  virtual v1::Welcome welcome() = 0;
  // From now on the actor is this account.
  virtual client::Outcome<void> enter(const std::string& actor, std::uint64_t account_id) = 0;

  // As this actor. The id of what it made; a refusal is a Failure.
  virtual client::Outcome<std::uint64_t> act(const std::string& actor,
                                             const v1::Command& command) = 0;
  // What the actor sees, everything done so far included.
  virtual client::Outcome<client::State> sight(const std::string& actor) = 0;
  // Open items and figures; a running hub answers every query.
  virtual client::Outcome<v1::QueryResult> ask(const std::string& actor,
                                               const v1::Query& query) = 0;

  // Where the record stands, as far as anybody has been answered.
  virtual base::Position position() const = 0;
  // The hub's time, in microseconds of UTC.
  virtual base::TimeUs now() = 0;
  // Returns when the hub's clock stands there, and what it had to do by itself until then is done.
  virtual void wait_until(base::TimeUs at) = 0;
  // Whether the actor comes to see it, within the tolerance of this stage.
  virtual client::Outcome<bool> comes_to_see(
      const std::string& actor, const std::function<bool(const client::State&)>& what) = 0;
  // How far an instant of the hub's own may lie from the recorded one.
  virtual base::TimeUs tolerance() const = 0;
  // How far the hub's clock goes while the scenario goes a second.
  virtual double pace() const { return 1; }
  // Whether the hub has the time, between two events, that the scenario has: else what it does by
  // itself comes at other times than recorded and is not looked for.
  virtual bool keeps_time() const { return true; }
};

}  // namespace fenghuo::replay
