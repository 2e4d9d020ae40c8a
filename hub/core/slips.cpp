// SPDX-License-Identifier: Apache-2.0
#include "hub/core/slips.h"

#include "hub/base/limits.h"
#include "hub/core/duty.h"
#include "hub/core/order.h"
#include "hub/core/order_change.h"
#include "hub/core/outage.h"
#include "hub/core/spoken.h"

#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;

std::string name_of(int index) { return "enter_slips.slips[" + std::to_string(index) + "]"; }

base::Error at_slip(int index, const base::Error& error) {
  const std::string field =
      error.field().empty() ? name_of(index) : name_of(index) + "." + error.field();
  base::Error named(error.code(), error.message(), field);
  for (const auto& [name, value] : error.params()) named.with(name, value);
  return named.with("slip", std::to_string(index + 1));
}

// False when the slip says nothing.
bool write_command(const v1::EnterSlips::Slip& slip, v1::Command& command) {
  switch (slip.what_case()) {
    case v1::EnterSlips::Slip::kAcceptOrder:
      *command.mutable_accept_order() = slip.accept_order();
      break;
    case v1::EnterSlips::Slip::kReturnOrder:
      *command.mutable_return_order() = slip.return_order();
      break;
    case v1::EnterSlips::Slip::kReportProgress:
      *command.mutable_report_progress() = slip.report_progress();
      break;
    case v1::EnterSlips::Slip::kFinishOrder:
      *command.mutable_finish_order() = slip.finish_order();
      break;
    case v1::EnterSlips::Slip::kUnableOrder:
      *command.mutable_unable_order() = slip.unable_order();
      break;
    case v1::EnterSlips::Slip::WHAT_NOT_SET: return false;
  }
  *command.mutable_on_behalf() = slip.on_behalf();
  return true;
}

Problem check_slip(const v1::EnterSlips::Slip& slip, const v1::Outage& outage) {
  if (!slip.has_on_behalf()) return bad_argument("on_behalf", "who said it, how and when");
  if (slip.on_behalf().stated_at_us() < outage.from_us()) {
    return bad_argument("on_behalf.stated_at_us", "before the outage: record it by itself");
  }
  return std::nullopt;
}

// One slip, decided after the earlier ones and added to what they did.
Problem enter(const Context& context, const v1::EnterSlips::Slip& slip, Earlier& earlier,
              Draft& batch) {
  Envelope envelope = context.envelope;
  envelope.command.Clear();
  envelope.command.set_acting_role_id(context.envelope.command.acting_role_id());
  envelope.device.clear();
  if (!write_command(slip, envelope.command)) return bad_argument("what", "the slip says nothing");
  earlier.events = batch.size();
  const Context one{context.state, context.rows, envelope, context.now, &earlier};
  if (auto problem = check_on_behalf(one)) return problem;
  base::Result<Decision> decision = decide_answer(one);
  if (!decision) return decision.error();
  for (Drafted& drafted : decision->events) {
    const base::EntityId id = order_of(drafted.event);
    if (id != 0) {
      const auto known = earlier.orders.try_emplace(id, *context.rows.orders.find(id)).first;
      change(known->second, drafted.event, context.now);
    }
    batch.absorb(std::move(drafted));
  }
  return std::nullopt;
}

}  // namespace

base::Result<Decision> decide_slips(const Context& context, const v1::EnterSlips& command) {
  const v1::Outage* outage = visible_outage(context, command.outage_id());
  if (outage == nullptr) return not_found("enter_slips.outage_id");
  if (context.is_hub() || !is_on_command_seat(context.rows, context.actor(), context.now)) {
    return forbidden("enter_slips", "only on duty at a command seat");
  }
  if (outage->closed_us() != 0) return stale_revision(outage->revision());
  if (command.slips().empty()) return bad_argument("enter_slips.slips", "at least one");
  if (auto problem = check_count(static_cast<std::size_t>(command.slips_size()), limits::slips_max,
                                 "enter_slips.slips")) {
    return *problem;
  }
  Draft batch(context);
  v1::SlipsEntered& event = *batch.add().mutable_slips_entered();
  event.set_outage_id(command.outage_id());
  event.set_slips(static_cast<std::uint32_t>(command.slips_size()));
  Earlier earlier;
  for (int i = 0; i < command.slips_size(); ++i) {
    if (auto problem = check_slip(command.slips(i), *outage)) return at_slip(i, *problem);
    if (auto problem = enter(context, command.slips(i), earlier, batch)) {
      return at_slip(i, *problem);
    }
  }
  return batch.finish();
}

}  // namespace fenghuo::core
