// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"
#include "hub/core/feedback.h"
#include "hub/core/kinds.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;

v1::Feedback& row_of(State::Rows& rows, EntityId id) {
  v1::Feedback* row = rows.feedbacks.find(id);
  FENGHUO_CHECK(row != nullptr);
  return *row;
}

void add_entry(v1::Feedback& row, v1::FeedbackEntry::What what, const Record& record) {
  v1::FeedbackEntry& entry = *row.add_entries();
  entry.set_what(what);
  entry.set_at_us(record.time_us);
  entry.set_by_id(record.event.account_id());
  entry.set_role_id(record.event.role_id());
  if (!record.event.body_hash().empty()) entry.set_text_position(record.position);
  if (record.event.has_on_behalf()) *entry.mutable_on_behalf() = record.event.on_behalf();
}

// What was asked or decided has changed: a command that saw less is stale.
void revise(v1::Feedback& row, const Record& record) { row.set_revision(record.position); }

void open(v1::Feedback& row, const Record& record) {
  const v1::FeedbackOpened& event = record.event.feedback_opened();
  row.set_id(record.position);
  row.set_origin(event.origin());
  row.set_kind(event.kind());
  row.set_severity(event.severity());
  row.set_asker_id(record.event.account_id());
  row.set_asker_role_id(record.event.role_id());
  *row.mutable_subject() = event.subject();
  row.set_incident_id(event.incident_id());
  row.set_similar(event.similar());
  row.set_receipt_hash(event.receipt_hash());
  row.set_state(v1::Feedback::STATE_OPEN);
  row.set_opened_us(record.time_us);
  row.set_shown_us(event.shown_us());
  row.set_answer_by_us(event.answer_by_us());
  add_entry(row, v1::FeedbackEntry::WHAT_OPENED, record);
  revise(row, record);
}

void add_role(v1::Feedback& row, EntityId role_id) {
  const auto& all = row.also_role_ids();
  if (role_id == 0 || std::find(all.begin(), all.end(), role_id) != all.end()) return;
  row.add_also_role_ids(role_id);
}

void triage(v1::Feedback& row, const Record& record) {
  const v1::FeedbackTriaged& event = record.event.feedback_triaged();
  if (row.owner_role_id() != event.owner_role_id()) add_role(row, row.owner_role_id());
  row.set_owner_role_id(event.owner_role_id());
  row.set_severity(event.severity());
  row.set_answer_by_us(event.answer_by_us());
  if (row.state() == v1::Feedback::STATE_OPEN) row.set_state(v1::Feedback::STATE_TRIAGED);
  add_entry(row, v1::FeedbackEntry::WHAT_TRIAGED, record);
  revise(row, record);
}

void reply(v1::Feedback& row, const Record& record) {
  if (record.event.feedback_replied().by_asker()) {
    return add_entry(row, v1::FeedbackEntry::WHAT_ADDED, record);
  }
  add_entry(row, v1::FeedbackEntry::WHAT_ANSWERED, record);
  if (row.answered_us() == 0) row.set_answered_us(record.time_us);
  if (row.state() == v1::Feedback::STATE_TRIAGED) row.set_state(v1::Feedback::STATE_ANSWERED);
}

void handle(v1::Feedback& row, v1::Feedback::State state, v1::FeedbackEntry::What what,
            base::TimeUs close_us, const Record& record) {
  row.set_state(state);
  row.set_handled_us(record.time_us);
  row.set_handled_by_id(record.event.account_id());
  row.set_handled_role_id(record.event.role_id());
  row.set_close_us(close_us);
  add_entry(row, what, record);
  revise(row, record);
}

void close(v1::Feedback& row, const Record& record) {
  row.set_state(v1::Feedback::STATE_CLOSED);
  row.set_closed_us(record.time_us);
  row.set_closed_by_id(record.event.account_id());
  add_entry(row, v1::FeedbackEntry::WHAT_CLOSED, record);
  revise(row, record);
}

void put_changed(State::Rows& rows, v1::Feedback& row, const Record& record) {
  row.set_changed(record.position);
  rows.feedbacks.touch(row.id());
  rows.unsaved_bytes += row.ByteSizeLong();
  index_row(rows, row);
}

// Every asker of the one is from now on an asker of the other, whose clock is the stricter.
void merge(State::Rows& rows, v1::Feedback& from, const Record& record) {
  v1::Feedback& into = row_of(rows, record.event.feedback_merged().into_id());
  const auto add_asker = [&](EntityId id) {
    if (id != 0 && !is_asker(into, id)) into.add_merged_asker_ids(id);
  };
  add_asker(from.asker_id());
  for (EntityId id : from.merged_asker_ids()) add_asker(id);
  into.set_similar(into.similar() + from.similar() + 1);
  into.add_merged_ids(from.id());
  if (from.answered_us() == 0 && from.answer_by_us() != 0) {
    const base::TimeUs due = into.answer_by_us();
    into.set_answer_by_us(due == 0 ? from.answer_by_us() : std::min(due, from.answer_by_us()));
  }
  add_entry(into, v1::FeedbackEntry::WHAT_MERGED, record);
  put_changed(rows, into, record);
  from.set_state(v1::Feedback::STATE_MERGED);
  from.set_merged_into_id(into.id());
  add_entry(from, v1::FeedbackEntry::WHAT_MERGED, record);
  revise(from, record);
}

void apply_to(State::Rows& rows, v1::Feedback& row, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_feedback_opened()) return open(row, record);
  if (event.has_feedback_triaged()) return triage(row, record);
  if (event.has_feedback_replied()) return reply(row, record);
  if (event.has_feedback_merged()) return merge(rows, row, record);
  if (event.has_feedback_closed()) return close(row, record);
  if (event.has_feedback_made_urgent()) {
    row.set_urgent_order_id(event.feedback_made_urgent().order_id());
    row.set_urgent_refused(event.feedback_made_urgent().refused());
    return;
  }
  if (event.has_feedback_overdue()) {
    row.set_overdue(true);
    for (EntityId id : event.feedback_overdue().told_role_ids()) add_role(row, id);
    return add_entry(row, v1::FeedbackEntry::WHAT_OVERDUE, record);
  }
  if (event.has_feedback_adopted()) {
    row.set_linked_order_id(event.feedback_adopted().order_id());
    return handle(row, v1::Feedback::STATE_ADOPTED, v1::FeedbackEntry::WHAT_ADOPTED,
                  event.feedback_adopted().close_us(), record);
  }
  FENGHUO_CHECK(event.has_feedback_declined());
  handle(row, v1::Feedback::STATE_DECLINED, v1::FeedbackEntry::WHAT_DECLINED,
         event.feedback_declined().close_us(), record);
}

void apply_ask(State::Rows& rows, const Record& record) {
  const EntityId id = feedback_ask_in(record);
  v1::FeedbackAsk ask;
  if (record.event.has_feedback_asked()) {
    const v1::FeedbackAsked& event = record.event.feedback_asked();
    ask.set_id(id);
    ask.set_incident_id(event.incident_id());
    ask.set_account_id(event.account_id());
    ask.set_asked_us(record.time_us);
    ask.set_until_us(event.until_us());
  } else {
    const v1::FeedbackAsk* known = rows.feedback_asks.find(id);
    FENGHUO_CHECK(known != nullptr);
    ask = *known;
    ask.set_ended(true);
  }
  ask.set_revision(record.position);
  rows.unsaved_bytes += ask.ByteSizeLong();
  index_row(rows, rows.feedback_asks.put(id, std::move(ask)));
}

}  // namespace

void apply_feedback(State::Rows& rows, const Record& record) {
  const v1::Event& event = record.event;
  if (event.has_feedback_asked() || event.has_feedback_ask_ended()) return apply_ask(rows, record);
  if (event.has_feedback_shown()) {
    for (EntityId id : event.feedback_shown().feedback_ids()) {
      v1::Feedback& row = row_of(rows, id);
      row.set_shown_us(0);
      put_changed(rows, row, record);
    }
    return;
  }
  const EntityId id = feedbacks_in(record).front();
  if (event.has_feedback_opened()) rows.feedbacks.put(id, v1::Feedback());
  v1::Feedback& row = row_of(rows, id);
  apply_to(rows, row, record);
  put_changed(rows, row, record);
}

std::vector<EntityId> feedbacks_in(const Record& record) {
  const v1::Event& event = record.event;
  switch (event.kind_case()) {
    case v1::Event::kFeedbackOpened: return {record.position};
    case v1::Event::kFeedbackMadeUrgent: return {event.feedback_made_urgent().feedback_id()};
    case v1::Event::kFeedbackShown: {
      const auto& ids = event.feedback_shown().feedback_ids();
      return {ids.begin(), ids.end()};
    }
    case v1::Event::kFeedbackTriaged: return {event.feedback_triaged().feedback_id()};
    case v1::Event::kFeedbackReplied: return {event.feedback_replied().feedback_id()};
    case v1::Event::kFeedbackOverdue: return {event.feedback_overdue().feedback_id()};
    case v1::Event::kFeedbackAdopted: return {event.feedback_adopted().feedback_id()};
    case v1::Event::kFeedbackDeclined: return {event.feedback_declined().feedback_id()};
    case v1::Event::kFeedbackClosed: return {event.feedback_closed().feedback_id()};
    case v1::Event::kFeedbackMerged:
      return {event.feedback_merged().feedback_id(), event.feedback_merged().into_id()};
    default: return {};
  }
}

EntityId feedback_ask_in(const Record& record) {
  if (record.event.has_feedback_asked()) return record.position;
  return record.event.has_feedback_ask_ended() ? record.event.feedback_ask_ended().ask_id() : 0;
}

bool is_open(const State::Rows&, const v1::Feedback& row) {
  return row.state() != v1::Feedback::STATE_CLOSED && row.state() != v1::Feedback::STATE_MERGED;
}

// Held back: nobody, so that the hour tells nobody who sat at which desk.
Viewers viewers_of(const State::Rows&, const v1::Feedback& row) {
  Viewers viewers;
  if (row.shown_us() != 0) return viewers;
  viewers.command_seats = true;
  if (row.asker_id() != 0) viewers.accounts.push_back(row.asker_id());
  for (EntityId id : row.merged_asker_ids()) viewers.accounts.push_back(id);
  if (row.owner_role_id() != 0) viewers.roles.push_back(row.owner_role_id());
  for (EntityId id : row.also_role_ids()) viewers.roles.push_back(id);
  return viewers;
}

Viewers viewers_of(const State::Rows&, const v1::FeedbackAsk& row) {
  Viewers viewers;
  viewers.accounts.push_back(row.account_id());
  return viewers;
}

void index_row(State::Rows& rows, const v1::Feedback& row) {
  const bool open = is_open(rows, row);
  const bool waits = open && row.answered_us() == 0 && !row.overdue();
  const bool handled =
      row.state() == v1::Feedback::STATE_ADOPTED || row.state() == v1::Feedback::STATE_DECLINED;
  rows.deadlines.set({DeadlineKind::FeedbackAnswer, row.id()}, waits ? row.answer_by_us() : 0);
  rows.deadlines.set({DeadlineKind::FeedbackShown, row.id()}, row.shown_us());
  rows.deadlines.set({DeadlineKind::FeedbackCloses, row.id()}, handled ? row.close_us() : 0);
  if (!row.receipt_hash().empty()) rows.feedback_receipts[row.receipt_hash()] = row.id();
}

void index_row(State::Rows& rows, const v1::FeedbackAsk& row) {
  rows.deadlines.set({DeadlineKind::FeedbackAskEnds, row.id()}, row.ended() ? 0 : row.until_us());
  auto& open = rows.open_feedback_asks[row.account_id()];
  if (row.ended()) {
    erase_id(open, row.id());
  } else {
    insert_id(open, row.id());
  }
}

}  // namespace fenghuo::core
