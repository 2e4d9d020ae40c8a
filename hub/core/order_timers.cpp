// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"
#include "hub/core/call_desk.h"
#include "hub/core/kinds.h"
#include "hub/core/order.h"
#include "hub/core/outage.h"
#include "hub/core/rungs.h"

#include <algorithm>

// What an order does by itself, and what each record does to its row and its timers.
namespace fenghuo::core {
namespace {

using base::EntityId;
using base::TimeUs;

void fire_rung(OrderDraft& work, std::uint32_t number, TimeUs late_by) {
  if (work.at(number).run().gate_since_us() == 0) {
    step_on(work, number, v1::Step::CAUSE_TIME, late_by);
    return settle(work);
  }
  // Nobody answered at the gate: the clock does not go through it.
  work.say([&](v1::Event& said) {
    said.mutable_gate_closed()->set_order_id(work.order.id());
    said.mutable_gate_closed()->set_addressee(number);
  });
  exhaust(work, number, late_by);
  settle(work);
}

// How often he was told again since then, of all orders together.
std::uint32_t repeats_since(const State::Rows& rows, EntityId account_id, TimeUs since) {
  std::uint32_t count = 0;
  for (EntityId id : rows.open_orders) {
    for (const v1::Addressee& one : rows.orders.find(id)->addressees()) {
      for (const v1::Notice& notice : one.run().notices()) {
        if (notice.whom().account_id() != account_id) continue;
        for (TimeUs at : notice.repeated_us()) count += at > since ? 1 : 0;
      }
    }
  }
  return count;
}

// The people of the rung; the ceiling holds back the repeat, never the order.
void write_told(const OrderDraft& work, const v1::Run& run, v1::OrderRepeated& event) {
  const v1::Configuration& rules = work.context.rows.configuration();
  const auto& reached = run.reached_account_ids();
  for (const v1::Notice& notice : run.notices()) {
    const EntityId id = notice.whom().account_id();
    const bool asked = std::find(reached.begin(), reached.end(), id) != reached.end();
    if (notice.rung() != run.rung() || id == 0 || !asked) continue;
    const TimeUs since = work.context.now - rules.repeats_within_us();
    const bool enough = rules.repeats_per_person() != 0 &&
                        repeats_since(work.context.rows, id, since) >= rules.repeats_per_person();
    if (enough) {
      event.add_held_back_account_ids(id);
    } else {
      event.add_told_account_ids(id);
    }
  }
}

void fire_repeat(OrderDraft& work, std::uint32_t number, TimeUs late_by) {
  const v1::Run& run = work.at(number).run();
  const v1::Ladder& ladder = work.order.ladder();
  const std::uint32_t repeats = run.repeats() + 1;
  TimeUs every = ladder.exhausted_repeat_us();
  if (run.exhausted_us() == 0) {
    const int rung = std::min(static_cast<int>(run.rung()), ladder.rungs_size() - 1);
    const v1::Rung& defined = ladder.rungs(rung);
    every = defined.repeats() != 0 && repeats >= defined.repeats() ? 0 : defined.repeat_us();
  }
  work.say([&](v1::Event& said) {
    v1::OrderRepeated& event = *said.mutable_order_repeated();
    event.set_order_id(work.order.id());
    event.set_addressee(number);
    event.set_repeats(repeats);
    event.set_repeat_due_us(every == 0 ? 0 : work.context.now + every);
    event.set_late_by_us(late_by);
    // Exhausted, every command seat is told: no one person's ceiling.
    if (run.exhausted_us() == 0) write_told(work, run, event);
  });
}

// The accepter first, then the issuer, who decides; it climbs only if the ladder says so.
void fire_progress(OrderDraft& work, std::uint32_t number, TimeUs late_by) {
  const v1::Addressee& one = work.at(number);
  const v1::Ladder& ladder = work.order.ladder();
  const TimeUs now = work.context.now;
  const TimeUs done_by =
      limit_after_outages(work.context.rows, one.accepted().at_us(), work.order.done_by_us());
  const bool overdue = done_by != 0 && !one.overdue() && done_by <= now;
  const bool ask_accepter = overdue || !one.run().accepter_asked();
  if (!ask_accepter && one.run().issuer_asked()) {
    Stepping to;
    to.addressee = number;
    to.rung = one.run().rung() + 1;
    to.loop = one.run().loop();
    to.cause = v1::Step::CAUSE_NO_PROGRESS;
    to.late_by_us = late_by;
    to.asked_anew = true;
    to.accept_by_us = now + accept_time_us(ladder);
    step_ladder(work, to);
    return settle(work);
  }
  const TimeUs patience = ladder.no_progress_issuer_us();
  const bool ask_issuer = !ask_accepter || patience == 0;
  // What comes after: the issuer, the next rung, or a limit still ahead.
  TimeUs next = done_by > now ? done_by : 0;
  if (!ask_issuer) {
    next = now + patience;
  } else if (ladder.no_progress_climbs()) {
    next = now + std::max(patience, accept_time_us(ladder));
  }
  work.say([&](v1::Event& said) {
    v1::ProgressAsked& event = *said.mutable_progress_asked();
    event.set_order_id(work.order.id());
    event.set_addressee(number);
    event.set_accepter(ask_accepter);
    event.set_issuer(ask_issuer);
    event.set_overdue(overdue);
    event.set_next_due_us(next);
    event.set_late_by_us(late_by);
  });
}

// The addressee whose ladder, and nothing else of the order, the event changes; 0 = more.
std::uint32_t ladder_in(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kLadderStepped: return event.ladder_stepped().addressee();
    case v1::Event::kGateAsked: return event.gate_asked().addressee();
    case v1::Event::kGateClosed: return event.gate_closed().addressee();
    case v1::Event::kLadderExhausted: return event.ladder_exhausted().addressee();
    case v1::Event::kOrderRepeated: return event.order_repeated().addressee();
    case v1::Event::kLadderResolved: return event.ladder_resolved().addressee();
    case v1::Event::kProgressAsked: return event.progress_asked().addressee();
    case v1::Event::kNotifyStarted: return event.notify_started().addressee();
    default: return 0;
  }
}

void index_addressee(State::Rows& rows, const v1::Order& order, const v1::Addressee& one) {
  const auto set = [&](DeadlineKind kind, TimeUs at) {
    rows.deadlines.set({kind, order.id(), one.number()}, at,
                       static_cast<std::uint8_t>(order.precedence()));
  };
  const v1::Run& run = one.run();
  set(DeadlineKind::OrderRung, run.due_us());
  set(DeadlineKind::OrderRepeat, run.repeat_due_us());
  set(DeadlineKind::OrderMeans, run.means_due_us());
  set(DeadlineKind::OrderProgress, run.progress_due_us());
  const bool moved = !duty_moves(rows, order, one, rows.time_us).empty();
  set(DeadlineKind::OrderDuty, moved ? rows.time_us : 0);
  for (const v1::Step& step : run.steps()) {
    for (EntityId role_id : step.vacancy_told_role_ids()) {
      TimeUs& last = rows.vacancies_told[role_id];
      last = std::max(last, step.at_us());
    }
  }
}

}  // namespace

void fire_order(const Context& context, const Deadlines::Due& due, Draft& draft) {
  OrderDraft work(context, draft, *context.rows.orders.find(due.key.id));
  const std::uint32_t number = due.key.sub;
  const TimeUs late_by = context.now - due.at;
  switch (due.key.kind) {
    case DeadlineKind::OrderRung: return fire_rung(work, number, late_by);
    case DeadlineKind::OrderRepeat: return fire_repeat(work, number, late_by);
    case DeadlineKind::OrderMeans: return use_next_means(work, number);
    case DeadlineKind::OrderProgress: return fire_progress(work, number, late_by);
    default: return resolve_again(work, number);
  }
}

void apply_order(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  const EntityId id = order_of(event);
  if (event.has_order_raised()) rows.orders.put(id, v1::Order());
  v1::Order& order = *rows.orders.find(id);
  change(order, event, record.time_us);
  order.set_changed(record.position);
  rows.orders.touch(id);
  // An order may have many addressees, and each step of each ladder is an event.
  if (const std::uint32_t number = ladder_in(event); number != 0) {
    const v1::Addressee& one = addressee_at(order, number);
    rows.unsaved_bytes += one.ByteSizeLong();
    return index_addressee(rows, order, one);
  }
  rows.unsaved_bytes += order.ByteSizeLong();
  index_row(rows, order);
}

void refresh_orders(State::Rows& rows, EntityId role_id) {
  const std::set<EntityId> open = rows.open_orders;
  for (EntityId id : open) {
    const v1::Order& order = *rows.orders.find(id);
    if (role_id == 0 || may_ask(rows, order, role_id)) index_row(rows, order);
  }
}

bool is_open(const State::Rows&, const v1::Order& row) { return is_open(row); }

Viewers viewers_of(const State::Rows&, const v1::Order& row) {
  Viewers viewers;
  viewers.command_seats = true;
  viewers.channels.push_back(row.channel_id());
  if (row.issuer_id() != 0) viewers.accounts.push_back(row.issuer_id());
  if (row.issuer_role_id() != 0) viewers.roles.push_back(row.issuer_role_id());
  for (const v1::Addressee& one : row.addressees()) {
    if (one.role_id() != 0) viewers.roles.push_back(one.role_id());
    for (EntityId id : one.run().reached_account_ids()) viewers.accounts.push_back(id);
    // Released: need not act, and may still look.
    for (EntityId id : one.run().released_account_ids()) viewers.accounts.push_back(id);
  }
  return viewers;
}

void index_row(State::Rows& rows, const v1::Order& row) {
  for (const v1::Addressee& one : row.addressees()) index_addressee(rows, row, one);
  if (is_open(row)) {
    rows.open_orders.insert(row.id());
  } else {
    rows.open_orders.erase(row.id());
  }
}

}  // namespace fenghuo::core
