// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/command.pb.h"
#include "fenghuo/v1/frame.pb.h"
#include "fenghuo/v1/plan.pb.h"
#include "hub/base/types.h"
#include "hub/core/command.h"
#include "hub/core/state.h"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace fenghuo::testing {

// A random but repeatable life of a small command center: its plan, and then one command after
// another as its people might send them. Most are allowed; some are refused, stale or senseless.
// Equal seeds and equal States give equal commands.
class RandomCenter {
 public:
  explicit RandomCenter(std::uint64_t seed) : random_(seed) {}

  struct Act {
    // Who sends it; 0 = the hub.
    base::EntityId account_id = 0;
    v1::Command command;
  };

  // The plan to begin with; guests' access ends some time after `now`. Called again it differs in
  // grants, parents and lists, and adds a channel now and then.
  Act plan(base::TimeUs now);
  Act next(const core::State& state, base::TimeUs now);

  // Optional: lets it know records, so that it can confirm redactions that were proposed.
  void saw(const core::Record& record);

  // A number in [0, below).
  std::uint64_t pick(std::uint64_t below) {
    return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(random_);
  }
  bool chance(unsigned percent) { return pick(100) < percent; }

  // Something about orders only.
  Act about_order(const core::State& state, base::TimeUs now);

 private:
  struct Found {
    base::EntityId account_id = 0;
    v1::Message message;
  };

  base::EntityId any_account(const core::State& state);
  std::optional<base::EntityId> any_channel_of(const core::State& state, base::EntityId account_id);
  // A message its finder may read.
  std::optional<Found> any_message(const core::State& state);
  void add_mentions(const core::State& state,
                    google::protobuf::RepeatedPtrField<v1::Mention>& mentions);
  void add_attachment(google::protobuf::RepeatedPtrField<v1::Attachment>& attachments);
  std::string text(const char* what);

  Act post(const core::State& state);
  Act edit(const core::State& state);
  Act about_message(const core::State& state);
  Act read(const core::State& state);
  Act deliver(const core::State& state);
  Act redact(const core::State& state);
  Act make_channel(const core::State& state);
  Act change_channel(const core::State& state);
  Act put_account(const core::State& state, base::TimeUs now);
  Act roster(const core::State& state, base::TimeUs now);
  Act raise(const core::State& state, base::TimeUs now);
  Act sign(const v1::Snapshot& open);
  Act call(const v1::Snapshot& open);
  Act about_hub_time(const v1::Snapshot& open, base::EntityId account_id, base::TimeUs now);
  void answer(const v1::Order& order, const v1::Addressee& one, Act& act, base::TimeUs now);
  void add_ladders(v1::Configuration& configuration);
  Act about_token(const core::State& state, base::TimeUs now);
  // Incidents and reports, in random_incident.cpp.
  void add_incident_rules(v1::Plan& plan);
  v1::Snapshot rows_seen(const core::State& state, base::EntityId account_id, v1::RowKind kind);
  Act declare(const core::State& state, base::TimeUs now);
  Act about_incident(const core::State& state, base::TimeUs now);
  Act about_level(const v1::Incident& incident, Act act);
  Act about_report(const core::State& state, const v1::Incident& incident, Act act);
  Act end_of(const v1::Incident& incident, Act act);
  // Feedback, in random_feedback.cpp.
  void add_feedback_rules(v1::Plan& plan);
  Act open_feedback(const core::State& state);
  Act about_feedback(const core::State& state);
  // Duty, alarms, warnings and intake, in random_duty.cpp.
  void add_coordination(v1::Plan& plan);
  Act about_duty(const core::State& state, base::TimeUs now);
  Act about_handover(const core::State& state, base::TimeUs now);
  Act about_alarm(const core::State& state, base::TimeUs now);
  Act about_warning(const core::State& state, base::TimeUs now);

  std::mt19937_64 random_;
  std::vector<base::EntityId> proposals_;
  std::vector<base::EntityId> tokens_;
  unsigned plans_ = 0;
  unsigned words_ = 0;
};

}  // namespace fenghuo::testing
