// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/play.h"

#include "hub/base/result.h"
#include "tools/replay/casting.h"

#include <utility>

namespace fenghuo::replay {

Play::Play(const Scenario& scenario, Stage& stage) : scenario_(scenario), stage_(stage) {}

client::Outcome<void> Play::prepare() {
  const auto before = stage_.center();
  if (!before) return before.error();
  v1::Command command;
  *command.mutable_apply_plan()->mutable_plan() = plan_for(scenario_, *before, stage_.welcome());
  if (const auto applied = stage_.administer(command); !applied) return applied.error();
  const auto center = stage_.center();
  if (!center) return center.error();
  for (const auto& actor : scenario_.actors) {
    if (actor.kind == "system") continue;
    const v1::Account* account = center->find_account(account_key(actor, *center));
    if (account == nullptr) {
      return client::Failure(client::Failure::Kind::Local,
                             "the hub shows no account of " + actor.id);
    }
    if (const auto entered = stage_.enter(actor.id, account->id()); !entered) {
      return entered.error();
    }
  }
  const base::TimeUs start = stage_.now();
  acting_.emplace(scenario_, stage_, start);
  begun_ = stage_.position();
  v1::Command roster;
  *roster.mutable_put_shifts() = shifts_for(scenario_, *center, start);
  if (roster.put_shifts().shifts().empty()) return {};
  const auto planned = stage_.act(scenario_.first("handover.propose")->actor, roster);
  if (!planned) return planned.error();
  return {};
}

client::Outcome<void> Play::play(double until, const Watcher& watcher) {
  for (; next_ < scenario_.events.size() && scenario_.events[next_].t <= until; ++next_) {
    const Scenario::Event& event = scenario_.events[next_];
    stage_.wait_until(acting_->instant(event.t));
    ++figures_.events;
    const bool own = scenario_.actor(event.actor)->kind == "system";
    if (own && !stage_.keeps_time()) continue;
    const auto done = perform(event);
    if (!done) return done.error();
    if (own) ++figures_.own;
    if (!done->empty()) ++figures_.unexpected;
    if (watcher) watcher({&event, *done});
  }
  return {};
}

client::Outcome<v1::Figures> Play::hub_figures() {
  const auto* declared = scenario_.first("incident.declare");
  if (declared == nullptr) return v1::Figures();
  v1::Query query;
  query.mutable_figures()->set_from_position(begun_ + 1);
  const auto result = stage_.ask(declared->actor, query);
  if (!result) return result.error();
  return result->figures();
}

client::Outcome<std::string> Play::perform(const Scenario::Event& event) {
  const Scenario::Actor* actor = scenario_.actor(event.actor);
  if (actor->kind == "system") return acting_->look_for(event);
  const auto done = acting_->perform(event);
  if (done) {
    if (event.expect_refused.empty()) return std::string();
    return "passed, and should be refused: " + event.expect_refused;
  }
  const client::Failure& failure = done.error();
  if (failure.kind() == client::Failure::Kind::Refused) {
    if (failure.error().name() == event.expect_refused) return std::string();
    return "refused: " + failure.error().name() + " " + failure.message() + " " +
           failure.error().field();
  }
  // What the actor does not see is a finding; a line that is gone is the end.
  if (failure.kind() == client::Failure::Kind::Local) return failure.message();
  return failure;
}

}  // namespace fenghuo::replay
