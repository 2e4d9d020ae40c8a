// SPDX-License-Identifier: Apache-2.0
#include "hub/core/ladder.h"

#include "hub/base/limits.h"
#include "hub/core/call_desk.h"
#include "hub/core/clock_doubt.h"
#include "hub/core/duty.h"
#include "hub/core/rungs.h"

#include <algorithm>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using base::TimeUs;

std::uint32_t rung_count(const v1::Order& order) {
  return static_cast<std::uint32_t>(order.ladder().rungs_size());
}

const v1::Rung& rung_at(const v1::Order& order, std::uint32_t rung) {
  return order.ladder().rungs(static_cast<int>(rung));
}

// Until the next rung, the next loop, or the end.
TimeUs wait_after(const v1::Order& order, std::uint32_t rung) {
  return rung + 1 < rung_count(order) ? rung_at(order, rung + 1).after_us()
                                      : order.ladder().last_wait_us();
}

// Told to every command seat once per role and hour, whatever order finds it vacant.
bool vacancy_told(const OrderDraft& work, EntityId role_id) {
  const TimeUs since = work.context.now - limits::vacancy_notice_us;
  const auto known = work.context.rows.vacancies_told.find(role_id);
  if (known != work.context.rows.vacancies_told.end() && known->second > since) return true;
  for (const v1::Addressee& one : work.order.addressees()) {
    for (const v1::Step& step : one.run().steps()) {
      const auto& told = step.vacancy_told_role_ids();
      if (step.at_us() > since && std::find(told.begin(), told.end(), role_id) != told.end()) {
        return true;
      }
    }
  }
  return false;
}

// A returned order is not offered to the same person again.
bool has_returned(const v1::Addressee& one, const v1::Holder& holder) {
  return std::any_of(one.returned().begin(), one.returned().end(), [&](const v1::Answer& answer) {
    return answer.account_id() == holder.account_id() && answer.contact_id() == holder.contact_id();
  });
}

// A contact, or a person not released since.
bool somebody_told(const v1::Run& run) {
  const auto& released = run.released_account_ids();
  return std::any_of(run.notices().begin(), run.notices().end(), [&](const v1::Notice& notice) {
    const EntityId id = notice.whom().account_id();
    return id == 0 || std::find(released.begin(), released.end(), id) == released.end();
  });
}

v1::Notice begin_notice(OrderDraft& work, std::uint32_t number, std::uint32_t rung,
                        EntityId role_id, const v1::Holder& whom) {
  const v1::Rung& defined = rung_at(work.order, rung);
  const bool off = is_off_hours(work.context.rows.configuration(), work.context.now);
  v1::Notice notice;
  notice.set_rung(rung);
  notice.set_role_id(role_id);
  *notice.mutable_whom() = whom;
  notice.set_started_us(work.context.now);
  auto means =
      off && !defined.means_off_hours().empty() ? defined.means_off_hours() : defined.means();
  // A contact has no device: somebody dials at once.
  if (whom.contact_id() != 0) {
    means.Clear();
    means.Add(v1::MEANS_CALL);
  }
  if (means.empty()) means.Add(v1::MEANS_IN_APP);
  notice.add_means(static_cast<v1::Means>(means.Get(0)));
  for (int i = 1; i < means.size(); ++i) notice.add_left(static_cast<v1::Means>(means.Get(i)));
  const TimeUs undelivered = work.order.ladder().undelivered_us();
  if (notice.left_size() > 0 && undelivered > 0) notice.set_due_us(work.context.now + undelivered);
  if (notice.means(0) == v1::MEANS_CALL) {
    notice.set_call_item_id(open_call(work, number, whom, role_id));
  }
  return notice;
}

void tell_roles(const State::Rows& rows, const v1::Rung& rung, v1::Step& step) {
  for (const std::string& key : rung.tell_roles()) {
    const auto found = rows.role_keys.find(key);
    if (found != rows.role_keys.end()) step.add_told_role_ids(found->second);
  }
}

// Whether anybody holds the rung.
bool fire_rung(OrderDraft& work, const Stepping& to) {
  const Context& context = work.context;
  const v1::Addressee& one = work.at(to.addressee);
  const Asked asked =
      asked_by_rung(context.rows, work.order, one, to.rung, context.now, context.now);
  v1::LadderStepped event;
  event.set_order_id(work.order.id());
  event.set_addressee(to.addressee);
  event.set_asked_anew(to.asked_anew);
  event.set_accept_by_us(to.accept_by_us);
  v1::Step& step = *event.mutable_step();
  step.set_rung(to.rung);
  step.set_loop(to.loop);
  step.set_at_us(context.now);
  step.set_late_by_us(to.late_by_us);
  step.set_cause(to.cause);
  step.set_clock_unconfirmed(context.is_hub() && clock_is_unconfirmed(context.rows));
  for (EntityId role_id : asked.vacant_role_ids) {
    step.add_vacant_role_ids(role_id);
    if (!vacancy_told(work, role_id)) step.add_vacancy_told_role_ids(role_id);
  }
  for (const Asked::One& person : asked.people) {
    if (!to.another_order && has_returned(one, person.whom)) continue;
    *step.add_holders() = person.whom;
    *event.add_notices() = begin_notice(work, to.addressee, to.rung, person.role_id, person.whom);
  }
  const bool held = step.holders_size() > 0;
  if (held) {
    const v1::Rung& defined = rung_at(work.order, to.rung);
    tell_roles(context.rows, defined, step);
    TimeUs due = context.now + wait_after(work.order, to.rung);
    if (to.rung == 0 && to.first_due_us > context.now) due = to.first_due_us;
    event.set_due_us(due);
    if (defined.repeat_us() > 0) event.set_repeat_due_us(context.now + defined.repeat_us());
  }
  work.say([&](v1::Event& said) { *said.mutable_ladder_stepped() = std::move(event); });
  return held;
}

void ask_gate(OrderDraft& work, const Stepping& to) {
  const Context& context = work.context;
  work.say([&](v1::Event& said) {
    v1::GateAsked& event = *said.mutable_gate_asked();
    event.set_order_id(work.order.id());
    event.set_addressee(to.addressee);
    event.set_rung(to.rung);
    event.set_loop(to.loop);
    event.set_until_us(context.now + work.order.ladder().gate_wait_us());
    event.set_late_by_us(to.late_by_us);
    const auto chief = context.rows.role_keys.find(context.rows.configuration().duty_chief());
    if (chief == context.rows.role_keys.end()) return;
    for (const v1::Holder& one : holders(context.rows, chief->second, context.now)) {
      if (one.who_case() != v1::Holder::kVacant) *event.add_holders() = one;
    }
  });
}

bool is_at_least_a_second(TimeUs time) { return time >= base::us_per_s; }

Problem check_rung(const v1::Rung& rung, bool first, const std::string& field) {
  if (rung.targets().empty() || rung.targets_size() > static_cast<int>(limits::rung_targets_max)) {
    return bad_argument(field, "a rung asks 1 to 16");
  }
  if (!first && !is_at_least_a_second(rung.after_us())) {
    return bad_argument(field, "a rung comes a second or more after the one before it");
  }
  if (first && rung.gate()) return bad_argument(field, "the first call has no gate");
  if (rung.repeat_us() != 0 && !is_at_least_a_second(rung.repeat_us())) {
    return bad_argument(field, "repeats are a second or more apart");
  }
  return std::nullopt;
}

Problem check_ladder(const v1::Ladder& ladder) {
  const std::string field = "configuration.ladders." + ladder.key();
  if (auto problem = check_key(ladder.key(), "configuration.ladders.key")) return problem;
  if (ladder.rungs().empty() || ladder.rungs_size() > static_cast<int>(limits::rungs_max)) {
    return bad_argument(field, "a ladder has 1 to 16 rungs");
  }
  for (int i = 0; i < ladder.rungs_size(); ++i) {
    if (auto problem = check_rung(ladder.rungs(i), i == 0, field)) return problem;
  }
  for (TimeUs time : {ladder.exhausted_repeat_us(), ladder.last_wait_us(), ladder.gate_wait_us()}) {
    if (!is_at_least_a_second(time)) {
      return bad_argument(field, "exhausted_repeat, last_wait and gate_wait: a second or more");
    }
  }
  for (TimeUs time : {ladder.accept_within_us(), ladder.no_progress_us(),
                      ladder.no_progress_issuer_us(), ladder.undelivered_us()}) {
    if (time != 0 && !is_at_least_a_second(time)) {
      return bad_argument(field, "times are a second or more");
    }
  }
  if (ladder.loops() > limits::ladder_loops_max) return bad_argument(field, "too many loops");
  return std::nullopt;
}

}  // namespace

TimeUs accept_time_us(const v1::Ladder& ladder) {
  if (ladder.accept_within_us() != 0) return ladder.accept_within_us();
  return ladder.rungs_size() > 1 ? ladder.rungs(1).after_us() : ladder.last_wait_us();
}

void step_ladder(OrderDraft& work, Stepping to) {
  const std::uint32_t rungs = rung_count(work.order);
  const std::uint32_t loops = std::max(work.order.ladder().loops(), 1U);
  for (std::uint32_t tried = 0; tried < rungs; ++tried) {
    if (to.rung >= rungs) {
      if (to.loop + 1 >= loops) break;
      to.rung = 0;
      ++to.loop;
    }
    if (!to.gate_open &&
        is_gate(work.context.rows, work.order, work.at(to.addressee), to.rung, work.context.now)) {
      return ask_gate(work, to);
    }
    if (fire_rung(work, to)) return;
    ++to.rung;
    to.cause = v1::Step::CAUSE_VACANCY;
    to.gate_open = false;
    to.late_by_us = 0;
    to.asked_anew = false;
    to.accept_by_us = 0;
  }
  exhaust(work, to.addressee, to.late_by_us);
}

void step_on(OrderDraft& work, std::uint32_t number, v1::Step::Cause cause, TimeUs late_by_us) {
  const v1::Run& run = work.at(number).run();
  // The duty chief is being asked already, or everybody has been.
  if (run.gate_since_us() != 0 || run.exhausted_us() != 0) return;
  Stepping to;
  to.addressee = number;
  to.rung = run.rung() + 1;
  to.loop = run.loop();
  to.cause = cause;
  to.late_by_us = late_by_us;
  step_ladder(work, to);
}

void ask_from_start(OrderDraft& work, std::uint32_t number, v1::Step::Cause cause,
                    TimeUs accept_by_us) {
  Stepping to;
  to.addressee = number;
  to.cause = cause;
  to.asked_anew = true;
  to.another_order = cause == v1::Step::CAUSE_CHANGED;
  to.first_due_us = accept_by_us;
  to.accept_by_us =
      accept_by_us != 0 ? accept_by_us : work.context.now + accept_time_us(work.order.ladder());
  step_ladder(work, to);
}

void exhaust(OrderDraft& work, std::uint32_t number, TimeUs late_by_us) {
  work.say([&](v1::Event& said) {
    v1::LadderExhausted& event = *said.mutable_ladder_exhausted();
    event.set_order_id(work.order.id());
    event.set_addressee(number);
    event.set_repeat_due_us(work.context.now + work.order.ladder().exhausted_repeat_us());
    event.set_late_by_us(late_by_us);
  });
}

DutyMoves duty_moves(const State::Rows& rows, const v1::Order& order, const v1::Addressee& one,
                     TimeUs at) {
  DutyMoves moves;
  const v1::Run& run = one.run();
  if (!is_open(order) || !is_pending(one) || run.steps().empty()) return moves;
  const auto& released = run.released_account_ids();
  std::vector<v1::Holder> known;
  for (const v1::Notice& notice : run.notices()) {
    const EntityId id = notice.whom().account_id();
    if (id != 0 && std::find(released.begin(), released.end(), id) != released.end()) continue;
    known.push_back(notice.whom());
  }
  const auto has = [](const std::vector<v1::Holder>& list, const v1::Holder& whom) {
    return std::any_of(list.begin(), list.end(),
                       [&](const v1::Holder& other) { return same_who(other, whom); });
  };
  std::vector<v1::Holder> wanted;
  const std::uint32_t fired = run.loop() > 0 ? rung_count(order) : run.rung() + 1;
  for (std::uint32_t rung = 0; rung < std::min(fired, rung_count(order)); ++rung) {
    for (const Asked::One& person :
         asked_by_rung(rows, order, one, rung, at, fired_at(one, rung, at)).people) {
      if (has(wanted, person.whom)) continue;
      wanted.push_back(person.whom);
      if (!has(known, person.whom)) moves.newcomers.push_back({rung, person.role_id, person.whom});
    }
  }
  for (const v1::Holder& whom : known) {
    const EntityId id = whom.account_id();
    if (id == 0 || has(wanted, whom)) continue;
    if (std::find(moves.leavers.begin(), moves.leavers.end(), id) == moves.leavers.end()) {
      moves.leavers.push_back(id);
    }
  }
  return moves;
}

void resolve_again(OrderDraft& work, std::uint32_t number) {
  const DutyMoves moves =
      duty_moves(work.context.rows, work.order, work.at(number), work.context.now);
  for (EntityId id : moves.leavers) close_calls_to(work, number, id);
  v1::LadderResolved event;
  event.set_order_id(work.order.id());
  event.set_addressee(number);
  for (EntityId id : moves.leavers) event.add_released_account_ids(id);
  for (const DutyMoves::Newcomer& one : moves.newcomers) {
    *event.add_notices() = begin_notice(work, number, one.rung, one.role_id, one.whom);
  }
  work.say([&](v1::Event& said) { *said.mutable_ladder_resolved() = std::move(event); });
  // All who were asked are gone: like an empty rung, it does not wait.
  if (!somebody_told(work.at(number).run())) step_on(work, number, v1::Step::CAUSE_VACANCY);
}

bool may_answer_gate(const State::Rows& rows, EntityId account_id, TimeUs at) {
  const auto chief = rows.role_keys.find(rows.configuration().duty_chief());
  if (chief != rows.role_keys.end()) {
    const auto all = holders(rows, chief->second, at);
    const bool held = std::any_of(all.begin(), all.end(), [](const v1::Holder& one) {
      return one.who_case() != v1::Holder::kVacant;
    });
    if (held) return is_on_duty(rows, account_id, chief->second, at);
  }
  return is_on_command_seat(rows, account_id, at);
}

Problem check_ladders(const v1::Configuration& configuration) {
  if (auto problem = check_count(static_cast<std::size_t>(configuration.ladders_size()),
                                 limits::ladders_max, "configuration.ladders")) {
    return problem;
  }
  if (configuration.repeats_per_person() > limits::repeats_per_person_max) {
    return bad_argument("configuration.repeats_per_person", "0 (no ceiling) to 16");
  }
  if (configuration.repeats_per_person() != 0 &&
      !is_at_least_a_second(configuration.repeats_within_us())) {
    return bad_argument("configuration.repeats_within_us", "a second or more, with a ceiling");
  }
  if (configuration.group_calls_us() < 0) {
    return bad_argument("configuration.group_calls_us", "not before the first call");
  }
  for (const v1::Ladder& ladder : configuration.ladders()) {
    if (auto problem = check_ladder(ladder)) return problem;
  }
  return std::nullopt;
}

}  // namespace fenghuo::core
