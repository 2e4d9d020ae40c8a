// SPDX-License-Identifier: Apache-2.0
#include "hub/core/handover.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/duty.h"
#include "hub/core/kinds.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using Standing = v1::Appointment::Standing;

const v1::Handover* open_one(const State::Rows& rows, EntityId role_id, Standing standing) {
  for (EntityId id : ids_under(rows.role_handovers, role_id)) {
    const v1::Handover* one = rows.handovers.find(id);
    if (one->standing() == standing && one->state() == v1::Handover::STATE_PROPOSED) return one;
  }
  return nullptr;
}

Problem check_incoming(const Context& context, EntityId account_id, EntityId role_id,
                       const std::string& field) {
  const v1::Account* account = context.state.account(account_id);
  if (account == nullptr) return not_found(field);
  if (!counts_as_member(context.rows, *account) || account->kind() != v1::Account::KIND_PERSON) {
    return bad_argument(field, "only a person who may log in takes a duty over");
  }
  if (!is_appointed(context.state, account_id, role_id)) {
    return bad_argument(field, "not appointed to this role");
  }
  return std::nullopt;
}

// The configuration as it is now goes into the row: a later change does not touch it.
v1::Handover proposal(const Context& context, EntityId role_id, Standing standing,
                      EntityId from_account_id, EntityId to_account_id, base::TimeUs due) {
  v1::Handover handover;
  handover.set_role_id(role_id);
  handover.set_standing(standing);
  handover.set_from_account_id(from_account_id);
  handover.set_to_account_id(to_account_id);
  handover.set_due_us(due);
  const base::TimeUs overdue = context.rows.configuration().duty().handover_overdue_us();
  if (overdue > 0) handover.set_overdue_us(std::max(due, context.now) + overdue);
  return handover;
}

// When the shift he stands on ends; without one, now.
base::TimeUs due_of(const Context& context, const v1::Holder& holder) {
  const v1::Shift* shift = context.rows.shifts.find(holder.source_id());
  return shift == nullptr ? context.now : shift->end_us();
}

base::Result<Decision> decide_propose(const Context& context, const v1::ProposeHandover& command) {
  const std::string at = "propose_handover.";
  if (context.state.role(command.role_id()) == nullptr) return not_found(at + "role_id");
  if (auto problem = check_standing(command.standing(), at + "standing")) return *problem;
  if (!context.is_hub() &&
      !is_on_duty(context.rows, context.actor(), command.role_id(), context.now)) {
    return forbidden("hand-over", "only for who is on duty for the role");
  }
  if (const v1::Handover* open = open_one(context.rows, command.role_id(), command.standing())) {
    return base::Error(v1::ERROR_CODE_ALREADY_EXISTS, "a handover of this duty is open")
        .with("handover", std::to_string(open->id()));
  }
  const std::vector<v1::Holder> held =
      holders(context.rows, command.role_id(), command.standing(), context.now);
  auto from = std::find_if(held.begin(), held.end(), [&](const v1::Holder& one) {
    return one.account_id() == context.actor() && context.actor() != 0;
  });
  if (from == held.end()) from = held.begin();
  if (from->account_id() == 0) {
    return bad_argument(at + "standing", "nobody with an account holds it now");
  }
  const std::string to = at + "to_account_id";
  if (auto problem = check_incoming(context, command.to_account_id(), command.role_id(), to)) {
    return *problem;
  }
  if (command.to_account_id() == from->account_id()) return bad_argument(to, "holds it already");
  if (command.due_us() < 0) return bad_argument(at + "due_us", "not an instant");
  if (auto problem = check_text(command.note(), 0, limits::reason_bytes_max, at + "note")) {
    return *problem;
  }
  Draft draft(context);
  v1::Handover& handover = *draft.add().mutable_handover_proposed()->mutable_handover();
  handover = proposal(context, command.role_id(), command.standing(), from->account_id(),
                      command.to_account_id(),
                      command.due_us() == 0 ? due_of(context, *from) : command.due_us());
  handover.set_note(command.note());
  return draft.finish();
}

// An open handover as its sender saw it.
base::Result<const v1::Handover*> seen_handover(const Context& context, EntityId id,
                                                std::uint64_t seen_revision,
                                                const std::string& field) {
  const v1::Handover* handover = context.rows.handovers.find(id);
  if (handover == nullptr) return not_found(field);
  if (handover->revision() != seen_revision) return stale_revision(handover->revision());
  if (handover->state() != v1::Handover::STATE_PROPOSED) {
    return bad_argument(field, "the handover is over");
  }
  return handover;
}

std::string listed(const std::vector<EntityId>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size() && i < limits::ids_in_error_max; ++i) {
    text += (text.empty() ? "" : ",") + std::to_string(ids[i]);
  }
  return text;
}

std::vector<EntityId> unread_items(const Context& context, EntityId role_id,
                                   base::Position read_through) {
  std::vector<EntityId> unread;
  for (const v1::OpenItem& item : open_items(context.rows, role_id, context.now)) {
    if (item.changed() > read_through) unread.push_back(item.id());
  }
  std::sort(unread.begin(), unread.end());
  unread.erase(std::unique(unread.begin(), unread.end()), unread.end());
  return unread;
}

base::Result<Decision> decide_accept(const Context& context, const v1::AcceptHandover& command) {
  const auto seen = seen_handover(context, command.handover_id(), command.seen_revision(),
                                  "accept_handover.handover_id");
  if (!seen) return seen.error();
  const v1::Handover& handover = **seen;
  if (handover.to_account_id() != context.actor()) {
    return forbidden("accept", "only for the incoming");
  }
  if (auto problem = check_incoming(context, context.actor(), handover.role_id(),
                                    "accept_handover.handover_id")) {
    return *problem;
  }
  if (command.read_through() > context.state.position()) {
    return bad_argument("accept_handover.read_through", "not in the record yet");
  }
  const std::vector<EntityId> unread =
      unread_items(context, handover.role_id(), command.read_through());
  if (!unread.empty()) {
    return base::Error(v1::ERROR_CODE_STALE_REVISION, "items appeared or changed since",
                       "accept_handover.read_through")
        .with("current", std::to_string(context.state.position()))
        .with("items", listed(unread));
  }
  std::vector<EntityId> unnamed;
  const auto& named = command.red_item_ids();
  for (const v1::OpenItem& item : open_items(context.rows, handover.role_id(), context.now)) {
    if (item.red() && std::find(named.begin(), named.end(), item.id()) == named.end()) {
      unnamed.push_back(item.id());
    }
  }
  if (!unnamed.empty()) {
    return base::Error(v1::ERROR_CODE_BAD_ARGUMENT, "each red item is accepted singly",
                       "accept_handover.red_item_ids")
        .with("items", listed(unnamed));
  }
  Draft draft(context);
  v1::HandoverAccepted& event = *draft.add().mutable_handover_accepted();
  event.set_handover_id(handover.id());
  event.set_read_through(command.read_through());
  draft.add().mutable_duty_changed()->set_role_id(handover.role_id());
  return draft.finish();
}

base::Result<Decision> decide_withdraw(const Context& context,
                                       const v1::WithdrawHandover& command) {
  const auto seen = seen_handover(context, command.handover_id(), command.seen_revision(),
                                  "withdraw_handover.handover_id");
  if (!seen) return seen.error();
  const v1::Handover& handover = **seen;
  const EntityId actor = context.actor();
  if (!context.is_hub() && actor != handover.from_account_id() &&
      actor != handover.proposed_by_id() &&
      !is_on_duty(context.rows, actor, handover.role_id(), context.now)) {
    return forbidden("withdraw", "only for the outgoing and who is on duty for the role");
  }
  if (auto problem =
          check_text(command.reason(), 1, limits::reason_bytes_max, "withdraw_handover.reason")) {
    return *problem;
  }
  Draft draft(context);
  v1::HandoverWithdrawn& event = *draft.add().mutable_handover_withdrawn();
  event.set_handover_id(handover.id());
  event.set_reason(command.reason());
  draft.add().mutable_duty_changed()->set_role_id(handover.role_id());
  return draft.finish();
}

// The leader on duty orders it; where that post is vacant, a command seat on duty does.
bool may_take_over(const Context& context, EntityId role_id) {
  if (context.is_hub()) return true;
  const std::vector<v1::Holder> leaders =
      holders(context.rows, role_id, v1::Appointment::STANDING_LEADER, context.now);
  bool vacant = true;
  for (const v1::Holder& one : leaders) {
    if (one.account_id() == context.actor()) return true;
    vacant = vacant && one.account_id() == 0;
  }
  return vacant && is_on_command_seat(context.rows, context.actor(), context.now);
}

base::Result<Decision> decide_take_over(const Context& context, const v1::TakeOver& command) {
  if (context.state.role(command.role_id()) == nullptr) return not_found("take_over.role_id");
  if (auto problem = check_standing(command.standing(), "take_over.standing")) return *problem;
  if (!may_take_over(context, command.role_id())) {
    return forbidden("take-over", "only for the leader of the role");
  }
  const EntityId to = command.to_account_id() == 0 ? context.actor() : command.to_account_id();
  if (auto problem = check_incoming(context, to, command.role_id(), "take_over.to_account_id")) {
    return *problem;
  }
  if (auto problem =
          check_text(command.reason(), 1, limits::reason_bytes_max, "take_over.reason")) {
    return *problem;
  }
  if (command.read_through() > context.state.position()) {
    return bad_argument("take_over.read_through", "not in the record yet");
  }
  Draft draft(context);
  v1::DutyTakenOver& event = *draft.add().mutable_duty_taken_over();
  if (const v1::Handover* open = open_one(context.rows, command.role_id(), command.standing())) {
    event.set_handover_id(open->id());
  }
  event.set_role_id(command.role_id());
  event.set_standing(command.standing());
  event.set_from_account_id(
      holders(context.rows, command.role_id(), command.standing(), context.now)
          .front()
          .account_id());
  event.set_to_account_id(to);
  event.set_reason(command.reason());
  event.set_read_through(command.read_through());
  for (EntityId id : unread_items(context, command.role_id(), command.read_through())) {
    event.add_unread_item_ids(id);
  }
  draft.add().mutable_duty_changed()->set_role_id(command.role_id());
  return draft.finish();
}

v1::Handover& handover_of(State::Rows& rows, EntityId id) {
  v1::Handover* handover = rows.handovers.find(id);
  FENGHUO_CHECK(handover != nullptr);
  rows.handovers.touch(id);
  return *handover;
}

void end_handover(v1::Handover& handover, v1::Handover::State state, const Record& record) {
  handover.set_state(state);
  handover.set_ended_us(record.time_us);
  handover.set_ended_by_id(record.event.account_id());
}

v1::Handover& taken_over(State::Rows& rows, const Record& record) {
  const v1::DutyTakenOver& event = record.event.duty_taken_over();
  if (event.handover_id() == 0) {
    v1::Handover made;
    made.set_id(record.position);
    made.set_role_id(event.role_id());
    made.set_standing(event.standing());
    made.set_proposed_us(record.time_us);
    made.set_due_us(record.time_us);
    rows.handovers.put(record.position, std::move(made));
  }
  v1::Handover& handover = handover_of(rows, handover_in(record));
  handover.set_from_account_id(event.from_account_id());
  handover.set_to_account_id(event.to_account_id());
  handover.set_ordered_by_id(record.event.account_id());
  handover.set_reason(event.reason());
  handover.set_read_through(event.read_through());
  *handover.mutable_unread_item_ids() = event.unread_item_ids();
  end_handover(handover, v1::Handover::STATE_TAKEN_OVER, record);
  return handover;
}

v1::Handover& change(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_handover_proposed()) {
    v1::Handover made = event.handover_proposed().handover();
    made.set_id(record.position);
    made.set_state(v1::Handover::STATE_PROPOSED);
    made.set_proposed_us(record.time_us);
    made.set_proposed_by_id(event.account_id());
    return rows.handovers.put(record.position, std::move(made));
  }
  if (event.has_duty_taken_over()) return taken_over(rows, record);
  v1::Handover& handover = handover_of(rows, handover_in(record));
  if (event.has_handover_accepted()) {
    handover.set_read_through(event.handover_accepted().read_through());
    end_handover(handover, v1::Handover::STATE_ACCEPTED, record);
  } else if (event.has_handover_withdrawn()) {
    handover.set_reason(event.handover_withdrawn().reason());
    end_handover(handover, v1::Handover::STATE_WITHDRAWN, record);
  } else {
    FENGHUO_CHECK(event.has_handover_overdue());
    handover.set_overdue_told(true);
    *handover.mutable_told_account_ids() = event.handover_overdue().told_account_ids();
  }
  return handover;
}

}  // namespace

base::Result<Decision> decide_handover(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_propose_handover()) return decide_propose(context, command.propose_handover());
  if (command.has_accept_handover()) return decide_accept(context, command.accept_handover());
  if (command.has_withdraw_handover()) {
    return decide_withdraw(context, command.withdraw_handover());
  }
  FENGHUO_CHECK(command.has_take_over());
  return decide_take_over(context, command.take_over());
}

void fire_handover(const Context& context, const Deadlines::Due& due, Draft& draft) {
  const v1::Handover& handover = *context.rows.handovers.find(due.key.id);
  std::vector<EntityId> told{handover.from_account_id(), handover.to_account_id()};
  for (const v1::Holder& one :
       holders(context.rows, handover.role_id(), v1::Appointment::STANDING_LEADER, context.now)) {
    if (one.account_id() != 0) told.push_back(one.account_id());
  }
  std::sort(told.begin(), told.end());
  told.erase(std::unique(told.begin(), told.end()), told.end());
  v1::HandoverOverdue& event = *draft.add().mutable_handover_overdue();
  event.set_handover_id(handover.id());
  for (EntityId id : told) event.add_told_account_ids(id);
}

void open_handovers(const Context& context, EntityId role_id, base::TimeUs boundary, Draft& draft) {
  if (!context.rows.configuration().duty().handover_at_shift_end()) return;
  for (const Standing standing : standings) {
    if (open_one(context.rows, role_id, standing) != nullptr) continue;
    const std::vector<v1::Holder> before = holders(context.rows, role_id, standing, boundary - 1);
    const std::vector<v1::Holder> after = holders(context.rows, role_id, standing, context.now);
    if (before.size() != 1 || after.size() != 1) continue;
    const EntityId from = before.front().account_id();
    const EntityId to = after.front().account_id();
    if (from == 0 || to == 0 || from == to) continue;
    // What an override gives or ends is ordered already.
    const bool by_shift = context.rows.shifts.find(after.front().source_id()) != nullptr;
    if (!by_shift || context.rows.overrides.find(before.front().source_id()) != nullptr) continue;
    *draft.add().mutable_handover_proposed()->mutable_handover() =
        proposal(context, role_id, standing, from, to, boundary);
  }
}

void apply_handover(State::Rows& rows, const Record& record) {
  v1::Handover& handover = change(rows, record);
  handover.set_revision(record.position);
  rows.unsaved_bytes += handover.ByteSizeLong();
  index_row(rows, handover);
}

EntityId handover_in(const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_handover_proposed()) return record.position;
  if (event.has_handover_accepted()) return event.handover_accepted().handover_id();
  if (event.has_handover_withdrawn()) return event.handover_withdrawn().handover_id();
  if (event.has_handover_overdue()) return event.handover_overdue().handover_id();
  if (!event.has_duty_taken_over()) return 0;
  const EntityId id = event.duty_taken_over().handover_id();
  return id == 0 ? record.position : id;
}

void index_row(State::Rows& rows, const v1::Handover& handover) {
  std::vector<EntityId>& ids = rows.role_handovers[handover.role_id()];
  const bool open = handover.state() == v1::Handover::STATE_PROPOSED;
  if (handover.state() == v1::Handover::STATE_WITHDRAWN) {
    erase_id(ids, handover.id());
  } else {
    // One that ended later than the others of its standing replaces them.
    std::erase_if(ids, [&](EntityId id) {
      const v1::Handover& other = *rows.handovers.find(id);
      return !open && id < handover.id() && other.standing() == handover.standing() &&
             other.state() != v1::Handover::STATE_PROPOSED;
    });
    insert_id(ids, handover.id());
  }
  const bool waits = open && !handover.overdue_told();
  rows.deadlines.set({DeadlineKind::HandoverOverdue, handover.id()},
                     waits ? handover.overdue_us() : 0);
}

bool is_open(const State::Rows&, const v1::Handover& row) {
  return row.state() == v1::Handover::STATE_PROPOSED;
}
Viewers viewers_of(const State::Rows&, const v1::Handover&) { return seen_by_staff(); }

}  // namespace fenghuo::core
