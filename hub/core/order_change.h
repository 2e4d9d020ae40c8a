// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/event.pb.h"
#include "hub/base/types.h"

namespace fenghuo::core {

// What an event does to the order it names: the only place where an order's row changes. Sets what
// the event says, decides nothing. `decide` uses it on a copy while it drafts several events,
// `apply` on the row itself. Private to this folder.
void change(v1::Order& order, const v1::Event& event, base::TimeUs at);

// The order an event changes; 0 = none.
base::EntityId order_of(const v1::Event& event);

// OPEN or MET.
bool is_open(const v1::Order& order);
// Somebody is still to accept for it: its ladder runs.
bool is_pending(const v1::Addressee& addressee);
// Accepted, under way or done.
bool is_accepted(const v1::Addressee& addressee);

// By number; it must be there.
v1::Addressee& addressee_at(v1::Order& order, std::uint32_t number);
const v1::Addressee& addressee_at(const v1::Order& order, std::uint32_t number);

bool same_who(const v1::Holder& a, const v1::Holder& b);

}  // namespace fenghuo::core
