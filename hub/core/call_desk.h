// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/ladder.h"

namespace fenghuo::core {

// 电话席, and the means by which a holder is told. Private to this folder.

// Whom to dial, for the addressee: a new item, or one more order of a call to the same person that
// has only just begun and that nobody has made. Its id.
base::EntityId open_call(OrderDraft& work, std::uint32_t number, const v1::Holder& whom,
                         base::EntityId role_id);

// Closes the items of the addressees whose answer is not waited for any more.
void close_calls(OrderDraft& work);
// All items of one addressee.
void close_calls(OrderDraft& work, std::uint32_t number);
// Those to one person.
void close_calls_to(OrderDraft& work, std::uint32_t number, base::EntityId account_id);

// Whoever has had a notice for too long without any device that got it: the next means, at once.
void use_next_means(OrderDraft& work, std::uint32_t number);

base::Result<Decision> decide_call_result(const Context& context,
                                          const v1::RecordCallResult& command);
// The item an event is about; 0 = none.
base::EntityId call_in(const v1::Event& event);
void apply_call_desk(State::Rows& rows, const Record& record);

}  // namespace fenghuo::core
