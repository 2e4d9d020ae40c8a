// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/call_desk.h"
#include "hub/core/duty.h"
#include "hub/core/kinds.h"
#include "hub/core/membership.h"
#include "hub/core/order.h"
#include "hub/core/outage.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using base::TimeUs;

// Which answer of which order, by whom.
struct Answering {
  const v1::Order* order = nullptr;
  std::uint32_t number = 0;
  Giver giver;

  const v1::Addressee& one() const { return addressee_at(*order, number); }
};

// `number` 0 = the only one the giver may answer for; of several, the only one still waiting.
base::Result<std::uint32_t> choose_addressee(const Context& context, const v1::Order& order,
                                             std::uint32_t number, const Giver& giver,
                                             const std::string& verb) {
  if (number > static_cast<std::uint32_t>(order.addressees_size())) {
    return not_found(verb + ".addressee");
  }
  if (number != 0) {
    if (may_answer(context.rows, addressee_at(order, number), giver, context.now)) return number;
    return forbidden(verb, "neither addressed nor reached by the ladder");
  }
  std::vector<std::uint32_t> mine;
  std::vector<std::uint32_t> waiting;
  for (const v1::Addressee& one : order.addressees()) {
    if (!may_answer(context.rows, one, giver, context.now)) continue;
    mine.push_back(one.number());
    if (is_pending(one)) waiting.push_back(one.number());
  }
  if (mine.empty()) return forbidden(verb, "neither addressed nor reached by the ladder");
  if (mine.size() == 1) return mine.front();
  if (waiting.size() == 1) return waiting.front();
  return bad_argument(verb + ".addressee", "for several: say for which");
}

template <typename T>
base::Result<Answering> find_answering(const Context& context, const T& command,
                                       const std::string& verb) {
  Answering found;
  found.order = visible_order(context, command.order_id());
  if (found.order == nullptr) return not_found(verb + ".order_id");
  found.giver = giver_of(context);
  const auto number =
      choose_addressee(context, *found.order, command.addressee(), found.giver, verb);
  if (!number) return number.error();
  found.number = *number;
  return found;
}

template <typename T>
Problem check_seen(const v1::Order& order, const T& command) {
  if (order.revision() == command.seen_revision()) return std::nullopt;
  return stale_revision(order.revision());
}

Problem check_words(const std::string& text, bool required, const std::string& field) {
  return check_text(text, required ? 1 : 0, limits::reason_bytes_max, field);
}

const v1::OnBehalf* said_of(const Context& context) {
  const v1::Command& command = context.envelope.command;
  return command.has_on_behalf() ? &command.on_behalf() : nullptr;
}

void say_answer(OrderDraft& work, std::uint32_t number, v1::OrderAnswered::Kind kind,
                v1::Answer answer, TimeUs progress_due = 0) {
  work.say([&](v1::Event& said) {
    v1::OrderAnswered& event = *said.mutable_order_answered();
    event.set_order_id(work.order.id());
    event.set_addressee(number);
    event.set_kind(kind);
    *event.mutable_answer() = std::move(answer);
    event.set_progress_due_us(progress_due);
  });
}

bool same_giver(const v1::Answer& answer, const Giver& giver) {
  return answer.account_id() == giver.account_id && answer.contact_id() == giver.contact_id &&
         (giver.role_id == 0 || answer.role_id() == giver.role_id);
}

// Whether a means was used by then that cannot say whether it arrived.
bool told_blindly(const v1::Addressee& one, TimeUs limit) {
  const auto& notices = one.run().notices();
  return std::any_of(notices.begin(), notices.end(), [limit](const v1::Notice& notice) {
    return notice.started_us() <= limit &&
           std::any_of(notice.means().begin(), notice.means().end(), [](int means) {
             return means != v1::MEANS_IN_APP && means != v1::MEANS_BELL;
           });
  });
}

v1::Addressee::LateCause late_cause(const v1::Addressee& one, TimeUs limit) {
  if (one.delivered_us() == 0 || one.delivered_us() > limit) {
    return told_blindly(one, limit) ? v1::Addressee::LATE_CAUSE_UNKNOWN_DELIVERY
                                    : v1::Addressee::LATE_CAUSE_NOT_DELIVERED;
  }
  if (one.seen_us() == 0 || one.seen_us() > limit) return v1::Addressee::LATE_CAUSE_NOT_SEEN;
  return v1::Addressee::LATE_CAUSE_SEEN;
}

// Lost the race: kept, not an error, and not twice.
void draft_also_confirmed(OrderDraft& work, std::uint32_t number, const Giver& giver,
                          const v1::OnBehalf* said, const std::string& text) {
  const v1::Addressee& one = work.at(number);
  if (one.has_accepted() && same_giver(one.accepted(), giver)) return;
  for (const v1::Answer& other : one.also_confirmed()) {
    if (same_giver(other, giver)) return;
  }
  say_answer(work, number, v1::OrderAnswered::KIND_ALSO_CONFIRMED,
             answer_of(work, number, giver, said, text));
}

base::Result<Decision> decide_accept(const Context& context, const v1::AcceptOrder& command) {
  const auto found = find_answering(context, command, "accept_order");
  if (!found) return found.error();
  if (auto problem = check_seen(*found->order, command)) return *problem;
  if (auto problem = check_words(command.text(), false, "accept_order.text")) return *problem;
  if (found->one().state() == v1::Addressee::STATE_DELEGATED) {
    return forbidden("accept_order", "it was delegated");
  }
  Draft draft(context);
  OrderDraft work(context, draft, *found->order);
  draft_acceptance(work, found->number, found->giver, said_of(context), command.text());
  return draft.finish();
}

base::Result<Decision> decide_return(const Context& context, const v1::ReturnOrder& command) {
  const auto found = find_answering(context, command, "return_order");
  if (!found) return found.error();
  if (auto problem = check_seen(*found->order, command)) return *problem;
  if (auto problem = check_words(command.reason(), true, "return_order.reason")) return *problem;
  if (!is_open(*found->order) || !is_pending(found->one())) {
    return forbidden("return_order", "nobody is asked for it any more");
  }
  Draft draft(context);
  OrderDraft work(context, draft, *found->order);
  draft_return(work, found->number, found->giver, said_of(context), command.reason());
  return draft.finish();
}

base::Result<Decision> decide_delegate(const Context& context, const v1::DelegateOrder& command) {
  const auto found = find_answering(context, command, "delegate_order");
  if (!found) return found.error();
  if (auto problem = check_seen(*found->order, command)) return *problem;
  if (auto problem = check_words(command.text(), false, "delegate_order.text")) return *problem;
  const EntityId role_id = command.to().role_id();
  if (!role_lives(context.rows, role_id)) return not_found("delegate_order.to");
  for (const v1::Addressee& other : found->order->addressees()) {
    if (other.role_id() == role_id) return bad_argument("delegate_order.to", "is asked already");
  }
  const v1::Addressee& one = found->one();
  if (!is_open(*found->order) || (!is_pending(one) && !is_accepted(one)) || one.has_done()) {
    return forbidden("delegate_order", "it is not with this addressee");
  }
  if (found->order->addressees_size() >= static_cast<int>(limits::addressees_max)) {
    return limit_reached("addressees", limits::addressees_max);
  }
  Draft draft(context);
  OrderDraft work(context, draft, *found->order);
  const auto number = static_cast<std::uint32_t>(found->order->addressees_size()) + 1;
  v1::Answer answer =
      answer_of(work, found->number, found->giver, said_of(context), command.text());
  work.say([&](v1::Event& said) {
    v1::OrderAnswered& event = *said.mutable_order_answered();
    event.set_order_id(work.order.id());
    event.set_addressee(found->number);
    event.set_kind(v1::OrderAnswered::KIND_DELEGATED);
    *event.mutable_answer() = std::move(answer);
    v1::Addressee& delegate = *event.mutable_delegate();
    delegate.set_number(number);
    delegate.set_role_id(role_id);
    delegate.set_state(v1::Addressee::STATE_QUEUED);
    delegate.set_queued_us(context.now);
    delegate.set_accept_by_us(context.now + accept_time_us(work.order.ladder()));
    delegate.set_delegated_from(found->number);
  });
  Stepping to;
  to.addressee = number;
  to.cause = v1::Step::CAUSE_RAISED;
  step_ladder(work, to);
  settle(work);
  return draft.finish();
}

// Only of what has been accepted and is not done.
Problem check_at_work(const Answering& found, const std::string& verb) {
  if (found.order->kind() != v1::Order::KIND_TASK) return forbidden(verb, "only of a task");
  if (!is_open(*found.order)) return forbidden(verb, "the order is over");
  if (!is_accepted(found.one()) || found.one().has_done()) {
    return forbidden(verb, "only after it was accepted, and before it is done");
  }
  return std::nullopt;
}

base::Result<Decision> decide_progress(const Context& context, const v1::ReportProgress& command) {
  const auto found = find_answering(context, command, "report_progress");
  if (!found) return found.error();
  if (auto problem = check_words(command.text(), false, "report_progress.text")) return *problem;
  if (auto problem = check_at_work(*found, "report_progress")) return *problem;
  Draft draft(context);
  OrderDraft work(context, draft, *found->order);
  say_answer(work, found->number, v1::OrderAnswered::KIND_PROGRESS,
             answer_of(work, found->number, found->giver, said_of(context), command.text()),
             progress_due_us(work.order, found->one(), context.now));
  return draft.finish();
}

base::Result<Decision> decide_finish(const Context& context, const v1::FinishOrder& command) {
  const auto found = find_answering(context, command, "finish_order");
  if (!found) return found.error();
  if (auto problem = check_seen(*found->order, command)) return *problem;
  if (auto problem = check_words(command.text(), false, "finish_order.text")) return *problem;
  Draft draft(context);
  OrderDraft work(context, draft, *found->order);
  const bool task = found->order->kind() == v1::Order::KIND_TASK && is_open(*found->order);
  if (task && is_pending(found->one())) {
    // Done implies that it was accepted.
    draft_acceptance(work, found->number, found->giver, said_of(context), "");
  } else if (auto problem = check_at_work(*found, "finish_order")) {
    return *problem;
  }
  say_answer(work, found->number, v1::OrderAnswered::KIND_DONE,
             answer_of(work, found->number, found->giver, said_of(context), command.text()));
  settle(work);
  return draft.finish();
}

base::Result<Decision> decide_unable(const Context& context, const v1::UnableOrder& command) {
  const auto found = find_answering(context, command, "unable_order");
  if (!found) return found.error();
  if (auto problem = check_seen(*found->order, command)) return *problem;
  if (auto problem = check_words(command.reason(), true, "unable_order.reason")) return *problem;
  if (auto problem = check_at_work(*found, "unable_order")) return *problem;
  Draft draft(context);
  OrderDraft work(context, draft, *found->order);
  say_answer(work, found->number, v1::OrderAnswered::KIND_UNABLE,
             answer_of(work, found->number, found->giver, said_of(context), command.reason()));
  // Somebody above may be able; it never lies still.
  step_on(work, found->number, v1::Step::CAUSE_UNABLE);
  settle(work);
  return draft.finish();
}

base::Result<std::uint32_t> pending_number(const v1::Order& order, std::uint32_t number,
                                           const std::string& verb) {
  if (number > static_cast<std::uint32_t>(order.addressees_size())) {
    return not_found(verb + ".addressee");
  }
  if (number == 0 && order.addressees_size() == 1) number = 1;
  if (number == 0) return bad_argument(verb + ".addressee", "say for which");
  if (!is_open(order) || !is_pending(addressee_at(order, number))) {
    return forbidden(verb, "nobody is asked for it any more");
  }
  return number;
}

base::Result<Decision> decide_escalate(const Context& context, const v1::EscalateOrder& command) {
  const v1::Order* order = visible_order(context, command.order_id());
  if (order == nullptr) return not_found("escalate_order.order_id");
  const auto number = pending_number(*order, command.addressee(), "escalate_order");
  if (!number) return number.error();
  const Giver giver = giver_of(context);
  const v1::Addressee& one = addressee_at(*order, *number);
  if (!is_issuer(context, *order, giver) && !has_command_seat(context.rows, giver) &&
      !may_answer(context.rows, one, giver, context.now)) {
    return forbidden("escalate_order", "not its issuer, nor asked, nor at a command seat");
  }
  if (auto problem = check_seen(*order, command)) return *problem;
  if (one.run().rung() != command.seen_rung()) return stale_revision(order->revision());
  if (auto problem = check_words(command.reason(), false, "escalate_order.reason")) {
    return *problem;
  }
  if (one.run().exhausted_us() != 0) {
    return bad_argument("escalate_order.addressee", "everybody has been asked");
  }
  if (one.run().gate_since_us() != 0) {
    return bad_argument("escalate_order.addressee", "the duty chief is being asked");
  }
  Draft draft(context);
  OrderDraft work(context, draft, *order);
  Stepping to;
  to.addressee = *number;
  to.rung = one.run().rung() + 1;
  to.loop = one.run().loop();
  to.cause = v1::Step::CAUSE_BY_HAND;
  // He who answers at gates need not ask himself.
  to.gate_open = may_answer_gate(context.rows, giver.account_id, context.now);
  step_ladder(work, to);
  return draft.finish();
}

base::Result<Decision> decide_gate(const Context& context, const v1::AnswerGate& command) {
  const v1::Order* order = visible_order(context, command.order_id());
  if (order == nullptr) return not_found("answer_gate.order_id");
  const auto number = pending_number(*order, command.addressee(), "answer_gate");
  if (!number) return number.error();
  const Giver giver = giver_of(context);
  const auto chief = context.rows.role_keys.find(context.rows.configuration().duty_chief());
  const bool as_role =
      giver.role_id != 0 && chief != context.rows.role_keys.end() && chief->second == giver.role_id;
  const bool hub = context.is_hub() && !context.envelope.command.has_on_behalf();
  if (!hub && !as_role && !may_answer_gate(context.rows, giver.account_id, context.now)) {
    return forbidden("answer_gate", "only the duty chief");
  }
  const v1::Run run = addressee_at(*order, *number).run();
  if (run.gate_since_us() == 0 || run.gate_rung() != command.seen_rung()) {
    return stale_revision(order->revision());
  }
  if (auto problem = check_words(command.reason(), !command.open(), "answer_gate.reason")) {
    return *problem;
  }
  Draft draft(context);
  OrderDraft work(context, draft, *order);
  work.say([&](v1::Event& said) {
    v1::GateClosed& event = *said.mutable_gate_closed();
    event.set_order_id(order->id());
    event.set_addressee(*number);
    event.set_open(command.open());
    event.set_reason(command.reason());
  });
  if (command.open()) {
    Stepping to;
    to.addressee = *number;
    to.rung = run.gate_rung();
    to.loop = run.gate_loop();
    to.cause = v1::Step::CAUSE_GATE_OPENED;
    to.gate_open = true;
    step_ladder(work, to);
  } else {
    exhaust(work, *number);
  }
  return draft.finish();
}

base::Result<Decision> decide_explain(const Context& context, const v1::ExplainLateness& command) {
  const auto found = find_answering(context, command, "explain_lateness");
  if (!found) return found.error();
  if (auto problem = check_words(command.text(), true, "explain_lateness.text")) return *problem;
  if (found->one().late_by_us() == 0) {
    return bad_argument("explain_lateness.addressee", "it was not late");
  }
  Draft draft(context);
  v1::LatenessExplained& event = *draft.add().mutable_lateness_explained();
  event.set_order_id(command.order_id());
  event.set_addressee(found->number);
  event.set_text(command.text());
  return draft.finish();
}

base::Result<Decision> decide_confirm(const Context& context,
                                      const v1::ConfirmExplanation& command) {
  const v1::Order* order = visible_order(context, command.order_id());
  if (order == nullptr) return not_found("confirm_explanation.order_id");
  if (command.addressee() == 0 ||
      command.addressee() > static_cast<std::uint32_t>(order->addressees_size())) {
    return not_found("confirm_explanation.addressee");
  }
  const Giver giver = giver_of(context);
  if (!is_issuer(context, *order, giver) && !has_command_seat(context.rows, giver)) {
    return forbidden("confirm_explanation", "only its issuer or a command seat");
  }
  const v1::Addressee& one = addressee_at(*order, command.addressee());
  if (one.late_explanation().empty()) {
    return bad_argument("confirm_explanation.addressee", "nothing was explained");
  }
  if (one.late_explained_by_id() == context.actor()) {
    return base::Error(v1::ERROR_CODE_SAME_PERSON, "the second person must be another one");
  }
  Draft draft(context);
  v1::ExplanationConfirmed& event = *draft.add().mutable_explanation_confirmed();
  event.set_order_id(command.order_id());
  event.set_addressee(command.addressee());
  return draft.finish();
}

// Nothing to record when nobody waits for it.
base::Result<Decision> decide_observe(const Context& context, const v1::ObserveOrder& command) {
  const v1::Order* order = visible_order(context, command.order_id());
  if (order == nullptr) return not_found("observe_order.order_id");
  bool news = false;
  for (const v1::Addressee& one : order->addressees()) {
    for (const v1::Notice& notice : one.run().notices()) {
      if (notice.whom().account_id() != context.actor() || context.is_hub()) continue;
      news |= notice.delivered_us() == 0 || (command.seen() && notice.seen_us() == 0);
    }
  }
  Draft draft(context);
  if (news) {
    v1::OrderObserved& event = *draft.add().mutable_order_observed();
    event.set_order_id(command.order_id());
    event.set_account_id(context.actor());
    event.set_seen(command.seen());
  }
  return draft.finish();
}

std::uint32_t count_if(const v1::Order& order, bool (*holds_for)(const v1::Addressee&)) {
  return static_cast<std::uint32_t>(
      std::count_if(order.addressees().begin(), order.addressees().end(), holds_for));
}

// How many acceptances the order asks for.
std::uint32_t needed(const v1::Order& order) {
  const std::uint32_t asked = count_if(order, [](const v1::Addressee& one) {
    return one.state() != v1::Addressee::STATE_DELEGATED;
  });
  switch (order.aggregate()) {
    case v1::Order::AGGREGATE_ANY: return 1;
    case v1::Order::AGGREGATE_AT_LEAST: return std::min(order.quota(), asked);
    default: return asked;
  }
}

v1::Order::State state_by_answers(const v1::Order& order) {
  const std::uint32_t want = needed(order);
  const std::uint32_t accepted = count_if(order, is_accepted);
  if (accepted < want) return v1::Order::STATE_OPEN;
  if (order.kind() == v1::Order::KIND_NOTICE) return v1::Order::STATE_DONE;
  const std::uint32_t done = count_if(
      order, [](const v1::Addressee& one) { return one.state() == v1::Addressee::STATE_DONE; });
  return done == accepted ? v1::Order::STATE_DONE : v1::Order::STATE_MET;
}

// Asked, and nothing speaks against it yet that he accepts.
bool is_hopeful(const v1::Addressee& one) {
  const bool waits = one.state() == v1::Addressee::STATE_QUEUED ||
                     one.state() == v1::Addressee::STATE_DELIVERED ||
                     one.state() == v1::Addressee::STATE_SEEN;
  return waits && one.run().exhausted_us() == 0;
}

bool lacks_people(const v1::Order& order) {
  return count_if(order, is_accepted) + count_if(order, is_hopeful) < needed(order);
}

// Below the quota again: of those told "no longer needed" first the ones who had offered, as many
// as are lacking; then all others.
void reopen(OrderDraft& work) {
  for (const bool offered : {true, false}) {
    // Offers are asked one by one until there are enough; the others all at once.
    if (!lacks_people(work.order)) return;
    for (int i = 0; i < work.order.addressees_size(); ++i) {
      const v1::Addressee& one = work.order.addressees(i);
      if (offered && !lacks_people(work.order)) break;
      const bool has_offered = one.also_confirmed_size() > 0;
      if (one.state() != v1::Addressee::STATE_NOT_NEEDED || has_offered != offered) continue;
      ask_from_start(work, one.number(), v1::Step::CAUSE_REOPENED);
    }
  }
}

}  // namespace

v1::Answer answer_of(const OrderDraft& work, std::uint32_t number, const Giver& giver,
                     const v1::OnBehalf* said, const std::string& text) {
  const State::Rows& rows = work.context.rows;
  const v1::Addressee& one = work.at(number);
  v1::Answer answer;
  answer.set_account_id(giver.account_id);
  answer.set_contact_id(giver.contact_id);
  answer.set_role_id(giver.role_id != 0 ? giver.role_id
                                        : work.context.envelope.command.acting_role_id());
  answer.set_at_us(work.context.now);
  answer.set_text(text);
  if (said != nullptr) {
    *answer.mutable_on_behalf() = *said;
    answer.set_recorded_by_id(work.context.actor());
  }
  bool own = giver.contact_id != 0 && giver.contact_id == one.contact_id();
  own |= giver.role_id != 0 && giver.role_id == one.role_id();
  if (one.role_id() != 0) {
    for (const v1::Holder& holder :
         holders(rows, one.role_id(), v1::Appointment::STANDING_PRIMARY, work.context.now)) {
      own |= giver.account_id != 0 && holder.account_id() == giver.account_id;
      own |= giver.contact_id != 0 && holder.contact_id() == giver.contact_id;
    }
  }
  answer.set_by_substitute(!own);
  return answer;
}

void draft_acceptance(OrderDraft& work, std::uint32_t number, const Giver& giver,
                      const v1::OnBehalf* said, const std::string& text) {
  const v1::Addressee& one = work.at(number);
  const bool ended = !is_open(work.order) && work.order.state() != v1::Order::STATE_DONE;
  if (ended) return;
  if (!is_pending(one)) return draft_also_confirmed(work, number, giver, said, text);
  const TimeUs now = work.context.now;
  v1::OrderAnswered event;
  event.set_order_id(work.order.id());
  event.set_addressee(number);
  event.set_kind(v1::OrderAnswered::KIND_ACCEPTED);
  *event.mutable_answer() = answer_of(work, number, giver, said, text);
  if (one.accept_by_us() != 0 && now > one.accept_by_us()) {
    const TimeUs limit =
        limit_after_outages(work.context.rows, one.queued_us(), one.accept_by_us());
    event.set_late_by_us(std::max<TimeUs>(now - limit, 0));
    event.set_late_cause(now > limit ? late_cause(one, limit) : v1::Addressee::LATE_CAUSE_OUTAGE);
  }
  if (work.order.kind() == v1::Order::KIND_TASK) {
    event.set_progress_due_us(progress_due_us(work.order, one, now));
  }
  work.say([&](v1::Event& out) { *out.mutable_order_answered() = std::move(event); });
  settle(work);
}

void draft_return(OrderDraft& work, std::uint32_t number, const Giver& giver,
                  const v1::OnBehalf* said, const std::string& text) {
  if (!is_open(work.order) || !is_pending(work.at(number))) return;
  say_answer(work, number, v1::OrderAnswered::KIND_RETURNED,
             answer_of(work, number, giver, said, text));
  step_on(work, number, v1::Step::CAUSE_RETURN);
  settle(work);
}

void settle(OrderDraft& work) {
  const v1::Order::State after = state_by_answers(work.order);
  const v1::Order::State before = work.order.state();
  if (after != before) {
    work.say([&](v1::Event& said) {
      v1::OrderTurned& event = *said.mutable_order_turned();
      event.set_order_id(work.order.id());
      event.set_state(after);
      if (before != v1::Order::STATE_OPEN) return;
      for (const v1::Addressee& one : work.order.addressees()) {
        if (is_pending(one)) event.add_not_needed(one.number());
      }
    });
  }
  if (after == v1::Order::STATE_OPEN) reopen(work);
  close_calls(work);
}

TimeUs progress_due_us(const v1::Order& order, const v1::Addressee& one, TimeUs now) {
  TimeUs due = order.ladder().no_progress_us() > 0 ? now + order.ladder().no_progress_us() : 0;
  if (order.done_by_us() != 0 && !one.overdue() && (due == 0 || order.done_by_us() < due)) {
    due = order.done_by_us();
  }
  return due;
}

void draft_progress(const Context& context, EntityId order_id, EntityId account_id,
                    const std::string& text, Draft& draft) {
  const v1::Order* order = context.rows.orders.find(order_id);
  if (order == nullptr || !is_open(*order)) return;
  OrderDraft work(context, draft, *order);
  for (const v1::Addressee& one : order->addressees()) {
    if (!is_accepted(one) || one.has_done() || one.accepted().account_id() != account_id) continue;
    // Nobody will ask him, or he has only just said so.
    const TimeUs last = std::max(one.progress().at_us(), one.accepted().at_us());
    const bool fresh = context.now - last < limits::progress_note_us && !one.run().accepter_asked();
    if (one.run().progress_due_us() == 0 || fresh) continue;
    Giver giver;
    giver.account_id = account_id;
    say_answer(work, one.number(), v1::OrderAnswered::KIND_PROGRESS,
               answer_of(work, one.number(), giver, nullptr, text),
               progress_due_us(work.order, one, context.now));
  }
}

void draft_sign_of_work(const Context& context, EntityId channel_id, Draft& draft) {
  for (EntityId order_id : context.rows.open_orders) {
    const v1::Order& order = *context.rows.orders.find(order_id);
    const v1::Incident* incident = context.rows.incidents.find(order.incident_id());
    if (incident == nullptr) continue;
    const auto& groups = incident->groups();
    const bool here = incident->channel_id() == channel_id ||
                      std::any_of(groups.begin(), groups.end(), [&](const v1::Group& group) {
                        return group.channel_id() == channel_id;
                      });
    if (here) draft_progress(context, order_id, context.actor(), "", draft);
  }
}

bool may_answer(const State::Rows& rows, const v1::Addressee& one, const Giver& giver, TimeUs at) {
  if (giver.contact_id != 0 && one.contact_id() == giver.contact_id) return true;
  if (stands_on(rows, giver, one.role_id(), at)) return true;
  if (giver.account_id != 0 && one.accepted().account_id() == giver.account_id) return true;
  const auto& released = one.run().released_account_ids();
  if (giver.account_id != 0 &&
      std::find(released.begin(), released.end(), giver.account_id) != released.end()) {
    return false;
  }
  const auto& reached = one.run().notices();
  return std::any_of(reached.begin(), reached.end(), [&](const v1::Notice& notice) {
    if (giver.role_id != 0) return notice.role_id() == giver.role_id;
    if (giver.contact_id != 0) return notice.whom().contact_id() == giver.contact_id;
    return giver.account_id != 0 && notice.whom().account_id() == giver.account_id;
  });
}

base::Result<Decision> decide_answer(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_accept_order()) return decide_accept(context, command.accept_order());
  if (command.has_return_order()) return decide_return(context, command.return_order());
  if (command.has_delegate_order()) return decide_delegate(context, command.delegate_order());
  if (command.has_report_progress()) return decide_progress(context, command.report_progress());
  if (command.has_finish_order()) return decide_finish(context, command.finish_order());
  if (command.has_unable_order()) return decide_unable(context, command.unable_order());
  if (command.has_escalate_order()) return decide_escalate(context, command.escalate_order());
  if (command.has_answer_gate()) return decide_gate(context, command.answer_gate());
  if (command.has_explain_lateness()) return decide_explain(context, command.explain_lateness());
  if (command.has_confirm_explanation()) {
    return decide_confirm(context, command.confirm_explanation());
  }
  FENGHUO_CHECK(command.has_observe_order());
  return decide_observe(context, command.observe_order());
}

}  // namespace fenghuo::core
