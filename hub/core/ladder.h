// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/context.h"
#include "hub/core/order_change.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace fenghuo::core {

// 呼叫链: who is asked when, until somebody takes the order. Private to this folder.

// An order while events about it are drafted: a copy that already shows what they do.
class OrderDraft {
 public:
  OrderDraft(const Context& where, Draft& events, v1::Order row)
      : context(where), draft(events), order(std::move(row)) {}

  // A further event about this order: `fill` writes its kind.
  template <typename Fill>
  void say(Fill fill) {
    v1::Event& event = draft.add();
    fill(event);
    change(order, event, context.now);
  }

  const v1::Addressee& at(std::uint32_t number) const { return addressee_at(order, number); }

  const Context& context;
  Draft& draft;
  v1::Order order;
  // Items of the call desk closed here.
  std::vector<base::EntityId> closed_calls;
};

// Where a ladder goes on, and why.
struct Stepping {
  std::uint32_t addressee = 0;
  std::uint32_t rung = 0;
  std::uint32_t loop = 0;
  v1::Step::Cause cause = v1::Step::CAUSE_UNSPECIFIED;
  // The duty chief has said yes to this rung.
  bool gate_open = false;
  base::TimeUs late_by_us = 0;
  // It asks something else now: also those who have returned it are asked.
  bool another_order = false;
  // Asked anew: the clock starts here and must be answered by then.
  bool asked_anew = false;
  base::TimeUs accept_by_us = 0;
  // Rung 1 fires then, instead of after its own time.
  base::TimeUs first_due_us = 0;
};

// Fires the rung; vacant ones are recorded and skipped at once up to the first one held, a gate, or
// the end (exhausted). Arms what follows.
void step_ladder(OrderDraft& work, Stepping to);
// The rung after the last one fired.
void step_on(OrderDraft& work, std::uint32_t number, v1::Step::Cause cause,
             base::TimeUs late_by_us = 0);
// Asks the addressee from the first call again. accept_by 0 = as the ladder says, from now.
void ask_from_start(OrderDraft& work, std::uint32_t number, v1::Step::Cause cause,
                    base::TimeUs accept_by_us = 0);

// 全链无人签收.
void exhaust(OrderDraft& work, std::uint32_t number, base::TimeUs late_by_us = 0);

// How long the ladder gives to accept, from the first call.
base::TimeUs accept_time_us(const v1::Ladder& ladder);

// Those whom the rungs fired so far ask at `at`, compared with those asked before.
struct DutyMoves {
  struct Newcomer {
    std::uint32_t rung = 0;
    base::EntityId role_id = 0;
    v1::Holder whom;
  };
  std::vector<Newcomer> newcomers;
  std::vector<base::EntityId> leavers;
  bool empty() const { return newcomers.empty() && leavers.empty(); }
};
DutyMoves duty_moves(const State::Rows& rows, const v1::Order& order, const v1::Addressee& one,
                     base::TimeUs at);
// Tells the newcomers and releases the leavers.
void resolve_again(OrderDraft& work, std::uint32_t number);

// Whoever holds the role asked at gates; every command seat when there is none.
bool may_answer_gate(const State::Rows& rows, base::EntityId account_id, base::TimeUs at);

// Whether the numbers of the configuration make sense: what a plan brings.
Problem check_ladders(const v1::Configuration& configuration);

}  // namespace fenghuo::core
