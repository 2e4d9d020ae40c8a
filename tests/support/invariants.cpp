// SPDX-License-Identifier: Apache-2.0
#include "tests/support/invariants.h"

#include "hub/core/decide.h"
#include "hub/core/kinds.h"
#include "hub/core/ladder.h"
#include "hub/core/order_change.h"
#include "hub/core/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fenghuo::testing {
namespace {

using base::EntityId;
using base::TimeUs;
using core::DeadlineKind;
using Key = core::Deadlines::Key;
using Rows = core::State::Rows;

// --- Orders at an instant ---

class OrderCheck {
 public:
  OrderCheck(const Rows& rows, const v1::Order& order, Violations& found)
      : rows_(rows), order_(order), found_(found) {}

  void run() {
    bool somebody = false;
    for (const v1::Addressee& one : order_.addressees()) {
      one_ = &one;
      check_timers();
      if (!core::is_open(order_)) continue;
      if (core::is_pending(one)) check_pending();
      if (core::is_accepted(one)) check_accepted();
      if (one.state() == v1::Addressee::STATE_DELEGATED) check_delegated();
      somebody |= core::is_pending(one) || core::is_accepted(one);
    }
    if (core::is_open(order_) && !somebody) {
      found_.push_back(fmt::format("order {}: open, and nobody is asked", order_.id()));
    }
  }

 private:
  void say(const char* what) {
    found_.push_back(fmt::format("order {}, addressee {} ({}): {}", order_.id(), one_->number(),
                                 v1::Addressee::State_Name(one_->state()), what));
  }
  TimeUs armed(DeadlineKind kind) const {
    return rows_.deadlines.at({kind, order_.id(), one_->number()}).value_or(0);
  }

  void check_timers() {
    const v1::Run& run = one_->run();
    if (armed(DeadlineKind::OrderRung) != run.due_us()) say("its rung's timer is another");
    if (armed(DeadlineKind::OrderRepeat) != run.repeat_due_us())
      say("its repeat's timer is another");
    if (armed(DeadlineKind::OrderMeans) != run.means_due_us()) say("its means' timer is another");
    if (armed(DeadlineKind::OrderProgress) != run.progress_due_us()) {
      say("its progress' timer is another");
    }
    if (core::is_open(order_)) return;
    const TimeUs any = run.due_us() + run.repeat_due_us() + run.means_due_us() +
                       run.progress_due_us() + armed(DeadlineKind::OrderDuty);
    if (any != 0) say("over, and something is still armed");
  }

  void check_pending() {
    const v1::Run& run = one_->run();
    if (run.exhausted_us() != 0) {
      if (run.repeat_due_us() == 0) say("exhausted, and not repeated");
      return;
    }
    if (run.due_us() == 0) say("silent: nobody has accepted and nothing is armed");
    const bool asks_gate = run.gate_since_us() != 0;
    if (!asks_gate && !somebody_informed() && armed(DeadlineKind::OrderDuty) == 0) {
      say("nobody who holds it has been told");
    }
  }

  // A person who was asked and not released since, or a contact.
  bool somebody_informed() const {
    const v1::Run& run = one_->run();
    const auto& released = run.released_account_ids();
    return std::any_of(run.notices().begin(), run.notices().end(), [&](const v1::Notice& notice) {
      const v1::Holder& whom = notice.whom();
      if (whom.contact_id() != 0) return true;
      return std::find(released.begin(), released.end(), whom.account_id()) == released.end();
    });
  }

  void check_accepted() {
    const v1::Answer& by = one_->accepted();
    if (by.account_id() == 0 && by.contact_id() == 0 && by.role_id() == 0) {
      say("accepted by nobody");
    }
    if (one_->run().due_us() != 0 || one_->run().exhausted_us() != 0) {
      say("accepted, and its ladder still runs");
    }
  }

  void check_delegated() {
    const auto& all = order_.addressees();
    const bool stands_in = std::any_of(all.begin(), all.end(), [&](const v1::Addressee& other) {
      return other.delegated_from() == one_->number();
    });
    if (!stands_in) say("delegated to nobody");
  }

  const Rows& rows_;
  const v1::Order& order_;
  Violations& found_;
  const v1::Addressee* one_ = nullptr;
};

// --- Records of the clock ---

// What must have been armed for the hub to say this by itself; nothing = needs no timer.
std::optional<Key> timer_of(const v1::Event& event) {
  const auto order = [](DeadlineKind kind, const auto& one) {
    return Key{kind, one.order_id(), one.addressee()};
  };
  switch (event.kind_case()) {
    case v1::Event::kLadderStepped: {
      const v1::Step::Cause cause = event.ladder_stepped().step().cause();
      if (cause == v1::Step::CAUSE_TIME) {
        return order(DeadlineKind::OrderRung, event.ladder_stepped());
      }
      if (cause != v1::Step::CAUSE_NO_PROGRESS) return std::nullopt;
      return order(DeadlineKind::OrderProgress, event.ladder_stepped());
    }
    case v1::Event::kGateClosed:
      // Closed by the duty chief has a reason.
      if (event.gate_closed().open() || !event.gate_closed().reason().empty()) return std::nullopt;
      return order(DeadlineKind::OrderRung, event.gate_closed());
    case v1::Event::kOrderRepeated: return order(DeadlineKind::OrderRepeat, event.order_repeated());
    case v1::Event::kNotifyStarted: return order(DeadlineKind::OrderMeans, event.notify_started());
    case v1::Event::kProgressAsked:
      return order(DeadlineKind::OrderProgress, event.progress_asked());
    case v1::Event::kLadderResolved: return order(DeadlineKind::OrderDuty, event.ladder_resolved());
    case v1::Event::kSpokenOverdue:
      return Key{DeadlineKind::SpokenUnsigned, event.spoken_overdue().spoken_id()};
    case v1::Event::kHandoverOverdue:
      return Key{DeadlineKind::HandoverOverdue, event.handover_overdue().handover_id()};
    case v1::Event::kRollCallEnded:
      return Key{DeadlineKind::RollCallEnds, event.roll_call_ended().roll_call_id()};
    case v1::Event::kRosterGapFound:
      return Key{DeadlineKind::RosterGap, event.roster_gap_found().role_id(),
                 static_cast<std::uint32_t>(event.roster_gap_found().standing())};
    case v1::Event::kLevelConfirmationOverdue:
      return Key{DeadlineKind::IncidentConfirm, event.level_confirmation_overdue().incident_id()};
    case v1::Event::kLevelReplyReminded:
      return Key{DeadlineKind::IncidentProposal, event.level_reply_reminded().incident_id(),
                 event.level_reply_reminded().proposal()};
    case v1::Event::kBreakGlassOverdue:
      return Key{DeadlineKind::IncidentProposal, event.break_glass_overdue().incident_id(),
                 event.break_glass_overdue().proposal()};
    case v1::Event::kReportReminded:
      return Key{DeadlineKind::ReportClock, event.report_reminded().report_id()};
    case v1::Event::kReportOverdue:
      return Key{DeadlineKind::ReportClock, event.report_overdue().report_id()};
    case v1::Event::kWarningExpired:
      return Key{DeadlineKind::WarningEnds, event.warning_expired().warning_id()};
    case v1::Event::kAccessExpired:
      return Key{DeadlineKind::AccessEnds, event.access_expired().account_id()};
    case v1::Event::kRedactionLapsed:
      return Key{DeadlineKind::RedactionLapses, event.redaction_lapsed().proposal_id()};
    default: return std::nullopt;
  }
}

// How late the record says the hub was; nothing = it does not say.
std::optional<TimeUs> lateness_in(const v1::Event& event) {
  if (event.has_ladder_stepped()) return event.ladder_stepped().step().late_by_us();
  if (event.has_order_repeated()) return event.order_repeated().late_by_us();
  if (event.has_progress_asked()) return event.progress_asked().late_by_us();
  return std::nullopt;
}

void check_clock(const Rows& rows, const core::Record& record, Violations& found) {
  const std::optional<Key> key = timer_of(record.event);
  if (!key) return;
  const std::string what =
      fmt::format("record {} ({})", record.position, static_cast<int>(record.event.kind_case()));
  const std::optional<TimeUs> at = rows.deadlines.at(*key);
  // No act of the clock but of duty: a hub that has loaded its rows looks again whom they ask, and
  // may see a shift's beginning before the record of it.
  if (!at && key->kind == DeadlineKind::OrderDuty) {
    const v1::Order* order = rows.orders.find(key->id);
    if (order != nullptr &&
        !core::duty_moves(rows, *order, core::addressee_at(*order, key->sub), record.time_us)
             .empty()) {
      return;
    }
  }
  if (!at) {
    found.push_back(what + " comes by the clock, and nothing was armed: twice, or by itself");
    return;
  }
  if (*at > record.time_us) {
    found.push_back(fmt::format("{} comes {} us early", what, *at - record.time_us));
  } else if (lateness_in(record.event).value_or(record.time_us - *at) != record.time_us - *at) {
    found.push_back(fmt::format("{} is {} us late and says otherwise", what, record.time_us - *at));
  }
}

// --- Steps into other organisations ---

// The department that answers for this one.
EntityId organisation(const Rows& rows, EntityId role_id) {
  const v1::Role* role = rows.roles.find(role_id);
  if (role == nullptr) return 0;
  const auto& named = rows.configuration().organisations();
  for (EntityId id = role->department_id(); id != 0; id = rows.departments.find(id)->parent_id()) {
    const std::string& key = rows.departments.find(id)->key();
    if (std::find(named.begin(), named.end(), key) != named.end()) return id;
  }
  return role->department_id();
}

// A person lets the rung be asked: by answering at the gate, or by escalating as who may.
bool opened_by_hand(const v1::Step& step) {
  return step.cause() == v1::Step::CAUSE_GATE_OPENED || step.cause() == v1::Step::CAUSE_BY_HAND;
}

bool was_opened(const v1::Run& run, std::uint32_t rung) {
  return std::any_of(run.steps().begin(), run.steps().end(), [&](const v1::Step& step) {
    return step.rung() == rung && opened_by_hand(step);
  });
}

void check_borders(const Rows& rows, const core::Record& record, Violations& found) {
  const v1::Event& event = record.event;
  if (!event.has_ladder_stepped() && !event.has_ladder_resolved()) return;
  const v1::Order* order = rows.orders.find(core::order_of(event));
  if (order == nullptr) return;
  const std::uint32_t number = event.has_ladder_stepped() ? event.ladder_stepped().addressee()
                                                          : event.ladder_resolved().addressee();
  const v1::Addressee& one = core::addressee_at(*order, number);
  if (one.role_id() == 0) return;
  if (opened_by_hand(event.ladder_stepped().step())) return;
  const EntityId own = organisation(rows, one.role_id());
  const auto& notices = event.has_ladder_stepped() ? event.ladder_stepped().notices()
                                                   : event.ladder_resolved().notices();
  for (const v1::Notice& notice : notices) {
    if (notice.rung() == 0 || notice.role_id() == 0) continue;
    if (organisation(rows, notice.role_id()) == own) continue;
    if (event.has_ladder_resolved() && was_opened(one.run(), notice.rung())) continue;
    found.push_back(fmt::format("record {}: rung {} of order {} steps into another organisation",
                                record.position, notice.rung(), order->id()));
  }
}

// Every row has its own kind's field in Update and Snapshot.
const google::protobuf::FieldDescriptor* row_field(const google::protobuf::Descriptor& in,
                                                   int number) {
  return number != 0 && v1::RowKind_IsValid(number) ? in.FindFieldByNumber(number) : nullptr;
}

EntityId id_of(const google::protobuf::Message& row) {
  return row.GetReflection()->GetUInt64(row, row.GetDescriptor()->FindFieldByName("id"));
}

// Why the account must not see it; nothing = it may. Of a while ago when `since` is not 0.
std::optional<std::string> hidden(const core::State& state, EntityId account_id,
                                  const core::RowRef& ref, base::Position since) {
  const Rows& rows = state.rows();
  const core::Viewers viewers = core::viewers_of(rows, ref);
  if (core::may_see(rows, account_id, viewers)) return std::nullopt;
  if (since != 0 && core::may_have_seen(rows, account_id, viewers, since)) return std::nullopt;
  return fmt::format("account {} was told of row {} of kind {}", account_id, ref.id,
                     v1::RowKind_Name(ref.kind));
}

}  // namespace

Violations invariants(const core::State& state) {
  Violations found;
  const Rows& rows = state.rows();
  for (const auto& entry : rows.orders) OrderCheck(rows, *entry.row, found).run();
  return found;
}

Violations nothing_overdue(const core::State& state, TimeUs now) {
  const std::optional<TimeUs> next = core::next_deadline(state);
  if (!next || *next > now) return {};
  return {fmt::format("something was due {} us ago and has not fired", now - *next)};
}

Violations check_record(const core::State& state, const core::Record& record) {
  Violations found;
  check_clock(state.rows(), record, found);
  check_borders(state.rows(), record, found);
  return found;
}

std::optional<std::string> told_wrongly(const core::State& state, EntityId account_id,
                                        const v1::Update& update, bool later) {
  const int number = static_cast<int>(update.kind_case());
  const auto* field = row_field(*v1::Update::descriptor(), number);
  if (field == nullptr) return std::nullopt;
  const core::RowRef ref{static_cast<v1::RowKind>(number),
                         id_of(update.GetReflection()->GetMessage(update, field))};
  return hidden(state, account_id, ref, later ? update.position() : 0);
}

std::optional<std::string> shown_wrongly(const core::State& state, EntityId account_id,
                                         const v1::Snapshot& snapshot) {
  const google::protobuf::Reflection& reflection = *snapshot.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(snapshot, &fields);
  for (const auto* filled : fields) {
    const auto* field = row_field(*v1::Snapshot::descriptor(), filled->number());
    if (field == nullptr) continue;
    for (int i = 0; i < reflection.FieldSize(snapshot, field); ++i) {
      const core::RowRef ref{static_cast<v1::RowKind>(field->number()),
                             id_of(reflection.GetRepeatedMessage(snapshot, field, i))};
      if (auto wrong = hidden(state, account_id, ref, 1)) return wrong;
    }
  }
  return std::nullopt;
}

}  // namespace fenghuo::testing
