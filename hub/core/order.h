// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/ladder.h"
#include "hub/core/spoken.h"

#include <cstdint>
#include <string>

namespace fenghuo::core {

// 指令: raised, answered, changed, ended. Private to this folder.

// For other areas, inside their own decisions and deadlines (where the actor is the hub). Who may
// is theirs to check; everything else is checked here, and after a refusal nothing has been
// drafted. Each works on the State's row, so a decision says at most one of the last four about one
// order.

// An order (its message, its record, its first calls) from whoever acts: its id.
base::Result<base::EntityId> draft_order(const Context& context, const v1::RaiseOrder& request,
                                         Draft& draft);
// Ends an open order: STATE_ENDED by a stand-down, STATE_CANCELLED by a void incident.
void draft_order_end(const Context& context, base::EntityId order_id, v1::Order::State state,
                     const std::string& reason, Draft& draft);
// Another ladder, because the level changed. Raising: due = max(now, last step + new time);
// otherwise whatever comes first stays. Nothing when the order is over.
void draft_retime(const Context& context, base::EntityId order_id, const v1::Ladder& ladder,
                  Draft& draft);
// An alarm that joins as evidence and voids nothing.
void draft_evidence(const Context& context, base::EntityId order_id, base::EntityId evidence_id,
                    Draft& draft);
// Any sign of work (a post, a phone note in the incident) of one who has accepted: asks him later.
// Nothing when he has not.
void draft_progress(const Context& context, base::EntityId order_id, base::EntityId account_id,
                    const std::string& text, Draft& draft);

// A post of the actor in a room of an incident: a sign of work on its orders that he has accepted.
void draft_sign_of_work(const Context& context, base::EntityId channel_id, Draft& draft);

// The ladder for an order: by key, else the first for the precedence; null = none.
const v1::Ladder* choose_ladder(const v1::Configuration& configuration, const std::string& key,
                                v1::Precedence precedence);

// Who spoke (recorded or not) for the addressee; `said` null = himself, on the line.
v1::Answer answer_of(const OrderDraft& work, std::uint32_t number, const Giver& giver,
                     const v1::OnBehalf* said, const std::string& text);
// The facts of these answers and what follows from them. Who may is checked by the caller.
void draft_acceptance(OrderDraft& work, std::uint32_t number, const Giver& giver,
                      const v1::OnBehalf* said, const std::string& text);
void draft_return(OrderDraft& work, std::uint32_t number, const Giver& giver,
                  const v1::OnBehalf* said, const std::string& text);
// What all answers together mean now: met, done, open again; closes calls that are not needed.
void settle(OrderDraft& work);
// When progress is asked for, or done is due; 0 = never.
base::TimeUs progress_due_us(const v1::Order& order, const v1::Addressee& one, base::TimeUs now);

// The order if the actor may see it, else null.
const v1::Order* visible_order(const Context& context, base::EntityId order_id);
// Whether the giver is its issuer: the account, who stands on the issuing role, or for the hub's
// own orders a command seat.
bool is_issuer(const Context& context, const v1::Order& order, const Giver& giver);
bool has_command_seat(const State::Rows& rows, const Giver& giver);
bool stands_on(const State::Rows& rows, const Giver& giver, base::EntityId role_id,
               base::TimeUs at);
bool may_answer(const State::Rows& rows, const v1::Addressee& one, const Giver& giver,
                base::TimeUs at);

base::Result<Decision> decide_order(const Context& context);
// Those about one addressee's answer; see order_answers.cpp.
base::Result<Decision> decide_answer(const Context& context);
void fire_order(const Context& context, const Deadlines::Due& due, Draft& draft);
void apply_order(State::Rows& rows, const Record& record);

// After records that change who holds a role (0 = perhaps any): orders whose ladders are concerned
// are due at once.
void refresh_orders(State::Rows& rows, base::EntityId role_id);

}  // namespace fenghuo::core
