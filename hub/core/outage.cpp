// SPDX-License-Identifier: Apache-2.0
#include "hub/core/outage.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/kinds.h"
#include "hub/core/order.h"
#include "hub/core/slips.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using base::TimeUs;

base::Result<Decision> decide_close(const Context& context, const v1::CloseOutage& command) {
  const v1::Outage* outage = visible_outage(context, command.outage_id());
  if (outage == nullptr) return not_found("close_outage.outage_id");
  if (!context.is_hub() && !has_command_seat(context.rows, giver_of(context))) {
    return forbidden("close_outage", "only from a command seat");
  }
  if (outage->closed_us() != 0) return stale_revision(outage->revision());
  if (auto problem = check_text(command.note(), 1, limits::reason_bytes_max, "close_outage.note")) {
    return *problem;
  }
  Draft draft(context);
  v1::OutageClosed& event = *draft.add().mutable_outage_closed();
  event.set_outage_id(command.outage_id());
  event.set_note(command.note());
  return draft.finish();
}

}  // namespace

const v1::Outage* visible_outage(const Context& context, EntityId outage_id) {
  const v1::Outage* row = context.rows.outages.find(outage_id);
  const bool sees = row != nullptr && (context.is_hub() || may_see(context.rows, context.actor(),
                                                                   viewers_of(context.rows, *row)));
  return sees ? row : nullptr;
}

TimeUs limit_after_outages(const State::Rows& rows, TimeUs from, TimeUs limit) {
  if (limit == 0) return 0;
  // In order of time: hub time only goes on.
  for (const auto& entry : rows.outages) {
    const v1::Outage& one = *entry.row;
    if (one.to_us() <= from || one.from_us() > limit) continue;
    limit += one.to_us() - std::max(one.from_us(), from);
  }
  return limit;
}

base::Result<Decision> decide_outage(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_close_outage()) return decide_close(context, command.close_outage());
  FENGHUO_CHECK(command.has_enter_slips());
  return decide_slips(context, command.enter_slips());
}

EntityId outage_in(const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_outage_recorded()) return record.position;
  if (event.has_outage_closed()) return event.outage_closed().outage_id();
  return event.has_slips_entered() ? event.slips_entered().outage_id() : 0;
}

void apply_outage(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  v1::Outage after;
  if (event.has_outage_recorded()) {
    after.set_id(record.position);
    after.set_from_us(event.outage_recorded().from_us());
    after.set_to_us(event.outage_recorded().to_us());
    after.set_cause(event.outage_recorded().cause());
  } else {
    after = *rows.outages.find(outage_in(record));
    if (event.has_outage_closed()) {
      after.set_closed_by_id(event.account_id());
      after.set_closed_us(record.time_us);
      after.set_note(event.outage_closed().note());
    } else {
      after.set_slips(after.slips() + event.slips_entered().slips());
    }
  }
  after.set_revision(record.position);
  rows.unsaved_bytes += after.ByteSizeLong();
  rows.outages.put(after.id(), std::move(after));
}

bool is_open(const State::Rows&, const v1::Outage& row) { return row.closed_us() == 0; }

}  // namespace fenghuo::core
