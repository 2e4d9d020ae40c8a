// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/feedback.pb.h"
#include "hub/core/context.h"

#include <string>
#include <vector>

namespace fenghuo::core {

// 意见建议: opened by the staff, by name or without, or for the public; it has an owner role, a
// clock for the first answer, and ends adopted, declined, closed or merged. After an incident
// everybody who took part is asked once. Private to this folder.

base::Result<Decision> decide_feedback(const Context& context);
void fire_feedback(const Context& context, const Deadlines::Due& due, Draft& draft);
void apply_feedback(State::Rows& rows, const Record& record);

// Asks everybody who took part in the incident, and in those merged into it: accounts that can
// still log in and are no bots, who wrote in one of its rooms or accepted one of its orders. In
// order of account; of more than the limit the rest is not asked.
void draft_feedback_asks(const Context& context, const v1::Incident& incident, Draft& draft);

// What a record changes: threads; an ask, 0 = none.
std::vector<base::EntityId> feedbacks_in(const Record& record);
base::EntityId feedback_ask_in(const Record& record);

// Built again by load().
void index_row(State::Rows& rows, const v1::Feedback& row);
void index_row(State::Rows& rows, const v1::FeedbackAsk& row);

// --- Shared by hub/core/feedback*.cpp ---

// By when the first answer is due; 0 = no clock.
base::TimeUs answer_due_us(const State::Rows& rows, base::EntityId incident_id,
                           v1::FeedbackSeverity severity, base::TimeUs from);
// The order of a life-threatening thread, and what came of raising it. In the hub's name.
void draft_urgent_order(const Context& context, base::EntityId feedback_id,
                        base::EntityId incident_id, const std::string& words, Draft& draft);
// The notice that nobody has answered, if the configuration wants one. In the hub's name.
void draft_overdue_notice(const Context& context, const v1::Feedback& row,
                          const std::vector<base::EntityId>& role_ids, Draft& draft);
// The roles of these keys that live; else the duty chief's; else every command seat.
std::vector<base::EntityId> called_roles(
    const State::Rows& rows, const google::protobuf::RepeatedPtrField<std::string>& keys);

base::Result<Decision> decide_open_feedback(const Context& context,
                                            const v1::OpenFeedback& command);

bool is_asker(const v1::Feedback& row, base::EntityId account_id);

}  // namespace fenghuo::core
