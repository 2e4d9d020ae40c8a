// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/state.h"
#include "fenghuo/v1/frame.pb.h"
#include "fenghuo/v1/plan.pb.h"
#include "tools/replay/scenario.h"

#include <string>

namespace fenghuo::replay {

// The key of the account that plays an actor: the center's own account of the same name, else one
// made for the scenario.
std::string account_key(const Scenario::Actor& actor, const client::State& center);

// What the center lacks for the scenario: departments, one duty role each (its actors in the order
// of the file are primary, deputy, leader, members), accounts, and all channels but the incident's,
// which is opened when it is declared. The channels are open to everyone of the center, so that any
// seat can watch.
v1::Plan plan_for(const Scenario& scenario, const client::State& center,
                  const v1::Welcome& welcome);

// Opens the incident's channel, nothing else.
v1::Plan plan_for_incident(const Scenario::Channel& channel, const v1::Welcome& welcome);

// The message that tells one event; the channel is filled in by the player.
v1::PostMessage message_for(const Scenario::Event& event);

}  // namespace fenghuo::replay
