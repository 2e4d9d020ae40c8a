// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/outcome.h"
#include "fenghuo/v1/feedback.pb.h"
#include "fenghuo/v1/incident.pb.h"
#include "fenghuo/v1/order.pb.h"
#include "hub/base/types.h"
#include "tools/replay/scenario.h"
#include "tools/replay/stage.h"

#include <google/protobuf/repeated_field.h>

#include <cstdint>
#include <map>
#include <string>

namespace fenghuo::replay {

// Turns the events of a scenario into what people and bots do: commands, the same ones on every
// stage. What another person did in an event (`proposed_by`, `confirmed_by` …) he does himself,
// just before or just after. Actions of which the hub has no entity yet are messages of their
// channel. Remembers what the names of the file ("AL-A02") became in the center.
class Acting {
 public:
  // `start` is the hub time of the beginning of the scenario; the stage and the scenario outlive
  // this.
  Acting(const Scenario& scenario, Stage& stage, base::TimeUs start);

  // Does what a person or bot did. The first refusal ends it.
  client::Outcome<void> perform(const Scenario::Event& event);

  // Whether the hub has done by itself, at its time, what `sys` did: an order of the combination
  // rule, a step of a ladder. Empty = as recorded; else what is otherwise.
  client::Outcome<std::string> look_for(const Scenario::Event& event);

  base::TimeUs instant(double t) const;
  // The center's id of something the file names; 0 = it has not come about.
  std::uint64_t id_of(const std::string& name) const;

 private:
  using Event = Scenario::Event;
  using Done = client::Outcome<std::uint64_t>;

  client::Outcome<v1::Incident> incident(const Event& event, const std::string& actor);
  client::Outcome<v1::Order> order(const Event& event, const std::string& actor,
                                   const std::string& name);
  client::Outcome<v1::Feedback> feedback(const Event& event, const std::string& actor);
  client::Outcome<std::uint64_t> account(const std::string& actor);
  client::Outcome<std::uint64_t> role(const std::string& actor);
  client::Outcome<std::uint64_t> channel(const Event& event);
  // Everybody who does something in this channel.
  client::Outcome<void> add_members(const std::string& channel_id,
                                    google::protobuf::RepeatedField<std::uint64_t>& to);

  Done say(const Event& event, const std::string& actor, const std::string& text);
  Done casualties(const Event& event);
  Done report_alarm(const Event& event);
  Done report_fault(const Event& event);
  Done raise(const Event& event);
  Done accept(const Event& event);
  Done assign(const Event& event);
  Done finish(const Event& event);
  Done warn(const Event& event);
  Done declare(const Event& event);
  Done activate(const Event& event);
  Done form(const Event& event);
  Done propose_level(const Event& event, const std::string& actor, const std::string& to);
  Done request_level(const Event& event);
  Done change_level(const Event& event);
  Done file_report(const Event& event);
  Done propose_handover(const Event& event);
  Done accept_handover(const Event& event);
  Done stand_down(const Event& event);
  Done evaluate(const Event& event);
  Done open_feedback(const Event& event);
  Done handle_feedback(const Event& event);
  Done dispatch(const Event& event);

  client::Outcome<std::string> look_for_order(const Event& event);
  client::Outcome<std::string> look_for_step(const Event& event);

  const Scenario& scenario_;
  Stage& stage_;
  base::TimeUs start_;
  // By the file's names: orders, tasks, incidents, warnings, handovers, feedback, channels
  // ("#inc-a").
  std::map<std::string, std::uint64_t> ids_;
};

}  // namespace fenghuo::replay
