// SPDX-License-Identifier: Apache-2.0
#include "hub/core/clock_doubt.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/kinds.h"
#include "hub/core/order.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using base::TimeUs;

base::Result<Decision> decide_accept(const Context& context, const v1::AcceptClock& command) {
  const v1::ClockDoubt* doubt = context.rows.clock_doubts.find(command.doubt_id());
  const bool sees = doubt != nullptr &&
                    (context.is_hub() ||
                     may_see(context.rows, context.actor(), viewers_of(context.rows, *doubt)));
  if (!sees) return not_found("accept_clock.doubt_id");
  if (!context.is_hub() && !has_command_seat(context.rows, giver_of(context))) {
    return forbidden("accept_clock", "only from a command seat, or at the machine");
  }
  if (doubt->accepted_us() != 0) return stale_revision(doubt->revision());
  if (auto problem = check_text(command.note(), 0, limits::reason_bytes_max, "accept_clock.note")) {
    return *problem;
  }
  Draft draft(context);
  const TimeUs wall = command.wall_us() == 0 ? context.now : command.wall_us();
  const TimeUs step_to = wall - context.now > limits::clock_disagrees_us ? wall : 0;
  v1::ClockAccepted& event = *draft.add().mutable_clock_accepted();
  for (EntityId id : context.rows.open_clock_doubts) event.add_doubt_ids(id);
  event.set_wall_us(wall);
  event.set_step_to_us(step_to);
  event.set_note(command.note());
  if (step_to != 0) {
    // The hub was away longer than it knew: that time is nobody's.
    v1::OutageRecorded& outage = *draft.add().mutable_outage_recorded();
    outage.set_from_us(context.now);
    outage.set_to_us(step_to);
    outage.set_cause(v1::Outage::CAUSE_CLOCK);
  }
  return draft.finish();
}

base::Result<Decision> decide_doubt(const Context& context, const v1::DoubtClock& command) {
  if (!context.is_hub()) return forbidden("doubt_clock", "only the hub itself");
  Draft draft(context);
  // The operator is being asked already.
  if (!context.rows.open_clock_doubts.empty()) return draft.finish();
  v1::ClockDoubted& event = *draft.add().mutable_clock_doubted();
  event.set_kind(command.kind());
  event.set_hub_us(context.now);
  event.set_wall_us(command.wall_us());
  return draft.finish();
}

void put(State::Rows& rows, v1::ClockDoubt row, base::Position position) {
  row.set_revision(position);
  rows.unsaved_bytes += row.ByteSizeLong();
  const EntityId id = row.id();
  index_row(rows, rows.clock_doubts.put(id, std::move(row)));
}

}  // namespace

bool clock_is_unconfirmed(const State::Rows& rows) {
  const auto& open = rows.open_clock_doubts;
  return std::any_of(open.begin(), open.end(), [&](EntityId id) {
    return rows.clock_doubts.find(id)->kind() != v1::ClockDoubt::KIND_DISAGREES;
  });
}

base::Result<Decision> decide_clock(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_accept_clock()) return decide_accept(context, command.accept_clock());
  FENGHUO_CHECK(command.has_doubt_clock());
  return decide_doubt(context, command.doubt_clock());
}

std::vector<EntityId> clock_doubts_in(const Record& record) {
  if (record.event.has_clock_doubted()) return {record.position};
  const auto& ids = record.event.clock_accepted().doubt_ids();
  return {ids.begin(), ids.end()};
}

void apply_clock(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_clock_doubted()) {
    v1::ClockDoubt row;
    row.set_id(record.position);
    row.set_kind(event.clock_doubted().kind());
    row.set_hub_us(event.clock_doubted().hub_us());
    row.set_wall_us(event.clock_doubted().wall_us());
    return put(rows, std::move(row), record.position);
  }
  for (EntityId id : event.clock_accepted().doubt_ids()) {
    v1::ClockDoubt row = *rows.clock_doubts.find(id);
    row.set_accepted_by_id(event.account_id());
    row.set_accepted_us(record.time_us);
    row.set_accepted_wall_us(event.clock_accepted().wall_us());
    row.set_note(event.clock_accepted().note());
    put(rows, std::move(row), record.position);
  }
}

bool is_open(const State::Rows&, const v1::ClockDoubt& row) { return row.accepted_us() == 0; }

void index_row(State::Rows& rows, const v1::ClockDoubt& row) {
  if (is_open(rows, row)) {
    rows.open_clock_doubts.insert(row.id());
  } else {
    rows.open_clock_doubts.erase(row.id());
  }
}

}  // namespace fenghuo::core
