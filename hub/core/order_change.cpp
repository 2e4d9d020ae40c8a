// SPDX-License-Identifier: Apache-2.0
#include "hub/core/order_change.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"

#include <algorithm>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using base::TimeUs;
using Ids = google::protobuf::RepeatedField<std::uint64_t>;

bool lists(const Ids& ids, EntityId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

void erase(Ids& ids, EntityId id) {
  const auto it = std::find(ids.begin(), ids.end(), id);
  if (it != ids.end()) ids.erase(it);
}

// The next means is used when the earliest of all notices says so.
void set_means_due(v1::Run& run) {
  TimeUs due = 0;
  for (const v1::Notice& one : run.notices()) {
    if (one.due_us() != 0 && (due == 0 || one.due_us() < due)) due = one.due_us();
  }
  run.set_means_due_us(due);
}

// Nobody is asked any more; what was asked stays readable.
void stop(v1::Run& run) {
  run.clear_due_us();
  run.clear_gate_since_us();
  run.clear_exhausted_us();
  run.clear_repeat_due_us();
  run.clear_progress_due_us();
  for (v1::Notice& one : *run.mutable_notices()) one.clear_due_us();
  set_means_due(run);
}

void add_notices(v1::Run& run, const google::protobuf::RepeatedPtrField<v1::Notice>& notices) {
  for (const v1::Notice& one : notices) {
    *run.add_notices() = one;
    const EntityId id = one.whom().account_id();
    if (id == 0) continue;
    erase(*run.mutable_released_account_ids(), id);
    if (!lists(run.reached_account_ids(), id)) run.add_reached_account_ids(id);
  }
  set_means_due(run);
}

// Accepted, and nothing came of it: whoever takes it now accepts it again.
void void_acceptance(v1::Addressee& one) {
  one.mutable_run()->clear_progress_due_us();
  if (!is_accepted(one)) return;
  *one.add_voided() = one.accepted();
  one.clear_accepted();
  one.set_state(v1::Addressee::STATE_QUEUED);
}

void ask_anew(v1::Addressee& one, const v1::LadderStepped& event, TimeUs at) {
  if (one.has_accepted()) *one.add_voided() = one.accepted();
  one.clear_accepted();
  one.clear_unable();
  one.clear_done();
  one.clear_late_by_us();
  one.clear_late_cause();
  one.clear_late_explanation();
  one.clear_late_explained_by_id();
  one.clear_late_confirmed_by_id();
  one.clear_overdue();
  one.clear_delivered_us();
  one.clear_seen_us();
  one.set_state(v1::Addressee::STATE_QUEUED);
  one.set_queued_us(at);
  one.set_accept_by_us(event.accept_by_us());
  v1::Run& run = *one.mutable_run();
  stop(run);
  run.clear_notices();
  run.clear_accepter_asked();
  run.clear_issuer_asked();
}

void step(v1::Addressee& one, const v1::LadderStepped& event, TimeUs at) {
  if (event.asked_anew()) ask_anew(one, event, at);
  v1::Run& run = *one.mutable_run();
  *run.add_steps() = event.step();
  run.set_rung(event.step().rung());
  run.set_loop(event.step().loop());
  run.set_last_step_us(at);
  run.set_due_us(event.due_us());
  run.set_repeat_due_us(event.repeat_due_us());
  run.clear_repeats();
  run.clear_gate_since_us();
  run.clear_exhausted_us();
  run.clear_progress_due_us();
  add_notices(run, event.notices());
}

void observe(v1::Addressee& one, const v1::OrderObserved& event, TimeUs at) {
  bool found = false;
  for (v1::Notice& notice : *one.mutable_run()->mutable_notices()) {
    if (notice.whom().account_id() != event.account_id()) continue;
    found = true;
    if (notice.delivered_us() == 0) notice.set_delivered_us(at);
    if (event.seen() && notice.seen_us() == 0) notice.set_seen_us(at);
    notice.clear_due_us();
  }
  if (!found) return;
  set_means_due(*one.mutable_run());
  if (one.delivered_us() == 0) one.set_delivered_us(at);
  if (event.seen() && one.seen_us() == 0) one.set_seen_us(at);
  if (one.state() == v1::Addressee::STATE_QUEUED) one.set_state(v1::Addressee::STATE_DELIVERED);
  if (event.seen() && one.state() == v1::Addressee::STATE_DELIVERED) {
    one.set_state(v1::Addressee::STATE_SEEN);
  }
}

void progress(v1::Addressee& one, const v1::OrderAnswered& event) {
  stop(*one.mutable_run());
  *one.mutable_progress() = event.answer();
  if (one.state() == v1::Addressee::STATE_ACCEPTED) one.set_state(v1::Addressee::STATE_UNDER_WAY);
  one.mutable_run()->set_progress_due_us(event.progress_due_us());
  one.mutable_run()->clear_accepter_asked();
  one.mutable_run()->clear_issuer_asked();
}

void answer(v1::Order& order, const v1::OrderAnswered& event) {
  v1::Addressee& one = addressee_at(order, event.addressee());
  switch (event.kind()) {
    case v1::OrderAnswered::KIND_ACCEPTED:
      *one.mutable_accepted() = event.answer();
      one.set_late_by_us(event.late_by_us());
      one.set_late_cause(event.late_cause());
      one.set_state(v1::Addressee::STATE_ACCEPTED);
      stop(*one.mutable_run());
      one.mutable_run()->set_progress_due_us(event.progress_due_us());
      return;
    case v1::OrderAnswered::KIND_ALSO_CONFIRMED: *one.add_also_confirmed() = event.answer(); return;
    case v1::OrderAnswered::KIND_RETURNED:
      *one.add_returned() = event.answer();
      one.set_state(v1::Addressee::STATE_RETURNED);
      return;
    case v1::OrderAnswered::KIND_DELEGATED:
      one.set_state(v1::Addressee::STATE_DELEGATED);
      one.set_delegated_to_role_id(event.delegate().role_id());
      stop(*one.mutable_run());
      *order.add_addressees() = event.delegate();
      order.set_revision(order.revision() + 1);
      return;
    case v1::OrderAnswered::KIND_PROGRESS: progress(one, event); return;
    case v1::OrderAnswered::KIND_DONE:
      *one.mutable_done() = event.answer();
      one.set_state(v1::Addressee::STATE_DONE);
      stop(*one.mutable_run());
      return;
    case v1::OrderAnswered::KIND_UNABLE:
      *one.mutable_unable() = event.answer();
      if (one.has_accepted()) *one.add_voided() = one.accepted();
      one.clear_accepted();
      one.set_state(v1::Addressee::STATE_UNABLE);
      one.mutable_run()->clear_progress_due_us();
      return;
    case v1::OrderAnswered::KIND_UNSPECIFIED:
    case v1::OrderAnswered_Kind_OrderAnswered_Kind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::OrderAnswered_Kind_OrderAnswered_Kind_INT_MAX_SENTINEL_DO_NOT_USE_: return;
  }
}

void turn(v1::Order& order, const v1::OrderTurned& event, TimeUs at) {
  order.set_state(event.state());
  for (std::uint32_t number : event.not_needed()) {
    v1::Addressee& one = addressee_at(order, number);
    one.set_state(v1::Addressee::STATE_NOT_NEEDED);
    stop(*one.mutable_run());
  }
  if (is_open(order)) return;
  order.set_ended_us(at);
  for (v1::Addressee& one : *order.mutable_addressees()) stop(*one.mutable_run());
}

void change_asked(v1::Order& order, const v1::OrderChanged& event) {
  order.set_revision(order.revision() + 1);
  order.set_text_version(event.text_version());
  order.set_accept_by_us(event.accept_by_us());
  order.set_done_by_us(event.done_by_us());
  for (const v1::Addressee& one : event.added()) *order.add_addressees() = one;
}

void end(v1::Order& order, const v1::Event& event, TimeUs at) {
  const v1::OrderEnded& ended = event.order_ended();
  order.set_state(ended.state());
  order.set_reason(ended.reason());
  order.set_manual_action(ended.manual_action());
  order.set_ended_us(at);
  order.set_ended_by_id(event.account_id());
  order.set_revision(order.revision() + 1);
  for (v1::Addressee& one : *order.mutable_addressees()) stop(*one.mutable_run());
}

void retime(v1::Order& order, const v1::OrderRetimed& event) {
  *order.mutable_ladder() = event.ladder();
  order.set_accept_by_us(event.accept_by_us());
  order.set_revision(order.revision() + 1);
  for (const auto& due : event.dues()) {
    addressee_at(order, due.addressee()).mutable_run()->set_due_us(due.due_us());
  }
}

void ask_progress(v1::Addressee& one, const v1::ProgressAsked& event) {
  v1::Run& run = *one.mutable_run();
  if (event.accepter()) run.set_accepter_asked(true);
  if (event.issuer()) run.set_issuer_asked(true);
  if (event.overdue()) one.set_overdue(true);
  run.set_progress_due_us(event.next_due_us());
}

void notify(v1::Addressee& one, const v1::NotifyStarted& event, TimeUs at) {
  v1::Notice& notice = *one.mutable_run()->mutable_notices(static_cast<int>(event.notice()));
  notice.add_means(event.means());
  if (!notice.left().empty()) notice.mutable_left()->erase(notice.left().begin());
  notice.set_started_us(at);
  notice.set_due_us(event.due_us());
  if (event.call_item_id() != 0) notice.set_call_item_id(event.call_item_id());
  set_means_due(*one.mutable_run());
}

// The latest of each notice: enough for any ceiling.
void repeat(v1::Run& run, const v1::OrderRepeated& event, TimeUs at) {
  run.set_repeats(event.repeats());
  run.set_repeat_due_us(event.repeat_due_us());
  for (v1::Notice& notice : *run.mutable_notices()) {
    const auto& told = event.told_account_ids();
    const EntityId id = notice.whom().account_id();
    const bool is_told = std::find(told.begin(), told.end(), id) != told.end();
    if (id == 0 || notice.rung() != run.rung() || !is_told) continue;
    auto& times = *notice.mutable_repeated_us();
    times.Add(at);
    if (times.size() > static_cast<int>(limits::repeats_per_person_max)) times.erase(times.begin());
  }
}

void resolve(v1::Addressee& one, const v1::LadderResolved& event) {
  v1::Run& run = *one.mutable_run();
  for (EntityId id : event.released_account_ids()) {
    erase(*run.mutable_reached_account_ids(), id);
    if (!lists(run.released_account_ids(), id)) run.add_released_account_ids(id);
    for (v1::Notice& notice : *run.mutable_notices()) {
      if (notice.whom().account_id() == id) notice.clear_due_us();
    }
  }
  add_notices(run, event.notices());
}

// Events about one addressee's ladder.
void change_run(v1::Order& order, const v1::Event& event, TimeUs at) {
  if (event.has_ladder_stepped()) {
    return step(addressee_at(order, event.ladder_stepped().addressee()), event.ladder_stepped(),
                at);
  }
  if (event.has_gate_asked()) {
    void_acceptance(addressee_at(order, event.gate_asked().addressee()));
    v1::Run& run = *addressee_at(order, event.gate_asked().addressee()).mutable_run();
    run.set_gate_since_us(at);
    run.set_gate_rung(event.gate_asked().rung());
    run.set_gate_loop(event.gate_asked().loop());
    run.set_due_us(event.gate_asked().until_us());
  } else if (event.has_gate_closed()) {
    v1::Run& run = *addressee_at(order, event.gate_closed().addressee()).mutable_run();
    run.clear_gate_since_us();
    run.clear_due_us();
  } else if (event.has_ladder_exhausted()) {
    void_acceptance(addressee_at(order, event.ladder_exhausted().addressee()));
    v1::Run& run = *addressee_at(order, event.ladder_exhausted().addressee()).mutable_run();
    run.set_exhausted_us(at);
    run.clear_due_us();
    run.clear_gate_since_us();
    run.clear_repeats();
    run.set_repeat_due_us(event.ladder_exhausted().repeat_due_us());
  } else if (event.has_order_repeated()) {
    repeat(*addressee_at(order, event.order_repeated().addressee()).mutable_run(),
           event.order_repeated(), at);
  } else if (event.has_ladder_resolved()) {
    resolve(addressee_at(order, event.ladder_resolved().addressee()), event.ladder_resolved());
  } else if (event.has_progress_asked()) {
    ask_progress(addressee_at(order, event.progress_asked().addressee()), event.progress_asked());
  } else if (event.has_notify_started()) {
    notify(addressee_at(order, event.notify_started().addressee()), event.notify_started(), at);
  }
}

}  // namespace

bool is_open(const v1::Order& order) {
  return order.state() == v1::Order::STATE_OPEN || order.state() == v1::Order::STATE_MET;
}

bool is_pending(const v1::Addressee& one) {
  return one.state() == v1::Addressee::STATE_QUEUED ||
         one.state() == v1::Addressee::STATE_DELIVERED ||
         one.state() == v1::Addressee::STATE_SEEN || one.state() == v1::Addressee::STATE_RETURNED ||
         one.state() == v1::Addressee::STATE_UNABLE;
}

bool is_accepted(const v1::Addressee& one) {
  return one.state() == v1::Addressee::STATE_ACCEPTED ||
         one.state() == v1::Addressee::STATE_UNDER_WAY || one.state() == v1::Addressee::STATE_DONE;
}

v1::Addressee& addressee_at(v1::Order& order, std::uint32_t number) {
  FENGHUO_CHECK(number >= 1 && number <= static_cast<std::uint32_t>(order.addressees_size()));
  return *order.mutable_addressees(static_cast<int>(number) - 1);
}

const v1::Addressee& addressee_at(const v1::Order& order, std::uint32_t number) {
  FENGHUO_CHECK(number >= 1 && number <= static_cast<std::uint32_t>(order.addressees_size()));
  return order.addressees(static_cast<int>(number) - 1);
}

bool same_who(const v1::Holder& a, const v1::Holder& b) {
  return a.account_id() == b.account_id() && a.contact_id() == b.contact_id();
}

EntityId order_of(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kOrderRaised: return event.order_raised().order().id();
    case v1::Event::kLadderStepped: return event.ladder_stepped().order_id();
    case v1::Event::kGateAsked: return event.gate_asked().order_id();
    case v1::Event::kGateClosed: return event.gate_closed().order_id();
    case v1::Event::kLadderExhausted: return event.ladder_exhausted().order_id();
    case v1::Event::kOrderRepeated: return event.order_repeated().order_id();
    case v1::Event::kLadderResolved: return event.ladder_resolved().order_id();
    case v1::Event::kOrderObserved: return event.order_observed().order_id();
    case v1::Event::kOrderAnswered: return event.order_answered().order_id();
    case v1::Event::kOrderTurned: return event.order_turned().order_id();
    case v1::Event::kOrderChanged: return event.order_changed().order_id();
    case v1::Event::kOrderEnded: return event.order_ended().order_id();
    case v1::Event::kOrderRetimed: return event.order_retimed().order_id();
    case v1::Event::kEvidenceJoined: return event.evidence_joined().order_id();
    case v1::Event::kProgressAsked: return event.progress_asked().order_id();
    case v1::Event::kNotifyStarted: return event.notify_started().order_id();
    case v1::Event::kLatenessExplained: return event.lateness_explained().order_id();
    case v1::Event::kExplanationConfirmed: return event.explanation_confirmed().order_id();
    default: return 0;
  }
}

void change(v1::Order& order, const v1::Event& event, TimeUs at) {
  if (event.has_order_raised()) {
    order = event.order_raised().order();
  } else if (event.has_order_observed()) {
    for (v1::Addressee& one : *order.mutable_addressees()) {
      observe(one, event.order_observed(), at);
    }
  } else if (event.has_order_answered()) {
    answer(order, event.order_answered());
  } else if (event.has_order_turned()) {
    turn(order, event.order_turned(), at);
  } else if (event.has_order_changed()) {
    change_asked(order, event.order_changed());
  } else if (event.has_order_ended()) {
    end(order, event, at);
  } else if (event.has_order_retimed()) {
    retime(order, event.order_retimed());
  } else if (event.has_evidence_joined()) {
    order.add_evidence_ids(event.evidence_joined().evidence_id());
  } else if (event.has_lateness_explained()) {
    v1::Addressee& one = addressee_at(order, event.lateness_explained().addressee());
    one.set_late_explanation(event.lateness_explained().text());
    one.set_late_explained_by_id(event.account_id());
    one.clear_late_confirmed_by_id();
  } else if (event.has_explanation_confirmed()) {
    addressee_at(order, event.explanation_confirmed().addressee())
        .set_late_confirmed_by_id(event.account_id());
  } else {
    change_run(order, event, at);
  }
}

}  // namespace fenghuo::core
