// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/virtual_stage.h"

#include "hub/base/check.h"
#include "hub/core/decide.h"
#include "hub/core/figures.h"
#include "hub/core/listing.h"
#include "hub/core/project.h"

#include <algorithm>
#include <utility>

namespace fenghuo::replay {
namespace {

constexpr std::size_t salt_bytes = 16;
constexpr const char* center_key = "replay";

// Nothing here is secret: the record of a virtual run is the same every time.
std::string salt() { return std::string(salt_bytes, 's'); }

}  // namespace

VirtualStage::VirtualStage(base::TimeUs start) : now_(start) {
  append(core::genesis(std::string(32, 'a'), std::string(32, 'b'), center_key,
                       v1::WorldCreated::KIND_DRILL));
}

client::Outcome<std::uint64_t> VirtualStage::administer(const v1::Command& command) {
  return submit(0, command);
}

client::Outcome<client::State> VirtualStage::center() {
  v1::Snapshot all = core::list_all(state_);
  client::State center;
  center.reset(all, 0, state_.position());
  return center;
}

v1::Welcome VirtualStage::welcome() {
  v1::Welcome welcome;
  welcome.set_center_id(state_.center_id());
  welcome.mutable_center_name()->set_zh_hans("推演指挥中心");
  welcome.set_zone("Asia/Shanghai");
  welcome.set_hub_time_us(now_);
  return welcome;
}

client::Outcome<void> VirtualStage::enter(const std::string& actor, std::uint64_t account_id) {
  accounts_[actor] = account_id;
  return {};
}

client::Outcome<std::uint64_t> VirtualStage::act(const std::string& actor,
                                                 const v1::Command& command) {
  return submit(accounts_.at(actor), command);
}

client::Outcome<client::State> VirtualStage::sight(const std::string& actor) {
  const std::uint64_t account_id = accounts_.at(actor);
  client::State sight;
  sight.reset(core::snapshot_for(state_, account_id), account_id, state_.position());
  return sight;
}

client::Outcome<v1::QueryResult> VirtualStage::ask(const std::string& actor,
                                                   const v1::Query& query) {
  v1::QueryResult result;
  result.set_position(state_.position());
  if (query.has_figures()) {
    auto scope = core::figures_scope(state_, accounts_.at(actor), query.figures());
    if (!scope) return client::Failure(scope.error().to_wire());
    core::FiguresFold fold(*std::move(scope));
    for (const Recorded& one : log_) {
      if (one.position < fold.scope().from || one.position > fold.scope().through) continue;
      fold.add({one.position, one.time_us, one.event, one.body ? &*one.body : nullptr});
    }
    *result.mutable_figures() = fold.finish();
    return result;
  }
  FENGHUO_CHECK(query.has_open_items());
  const auto items =
      core::open_items_for(state_, accounts_.at(actor), query.open_items().role_id(), now_);
  if (!items) return client::Failure(items.error().to_wire());
  *result.mutable_open_items() = *items;
  return result;
}

void VirtualStage::wait_until(base::TimeUs at) {
  for (;;) {
    const auto next = core::next_deadline(state_);
    if (!next || *next > at) break;
    now_ = std::max(now_, *next);
    append(core::fire_deadline(state_, now_, salt()));
  }
  now_ = std::max(now_, at);
}

client::Outcome<bool> VirtualStage::comes_to_see(
    const std::string& actor, const std::function<bool(const client::State&)>& what) {
  const auto seen = sight(actor);
  if (!seen) return seen.error();
  return what(*seen);
}

client::Outcome<std::uint64_t> VirtualStage::submit(std::uint64_t account_id,
                                                    const v1::Command& command) {
  core::Envelope envelope;
  envelope.account_id = account_id;
  envelope.salt = salt();
  envelope.command = command;
  base::Result<core::Decision> decision = core::decide(state_, envelope, now_);
  if (!decision) return client::Failure(decision.error().to_wire());
  append(decision->events);
  // What follows at once (a template's orders) is done when the answer comes.
  wait_until(now_);
  return decision->done.id();
}

void VirtualStage::append(const std::vector<core::Drafted>& drafted) {
  for (const core::Drafted& one : drafted) {
    Recorded& recorded = log_.emplace_back();
    recorded.position = state_.position() + 1;
    recorded.time_us = now_;
    recorded.event = one.event;
    if (!one.body.empty()) {
      FENGHUO_CHECK(recorded.body.emplace().ParseFromString(one.body.substr(salt_bytes)));
    }
    core::apply(state_,
                {recorded.position, recorded.time_us, recorded.event,
                 recorded.body ? &*recorded.body : nullptr},
                effects_);
  }
}

}  // namespace fenghuo::replay
