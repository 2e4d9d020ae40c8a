// SPDX-License-Identifier: Apache-2.0
#include "hub/core/feedback.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/incident_rules.h"
#include "hub/core/kinds.h"
#include "hub/core/membership.h"
#include "hub/core/order.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using base::TimeUs;

// A thread as one command finds it.
struct Found {
  const v1::Feedback* row = nullptr;
  // The giver speaks for the owner role or a command seat.
  bool answers = false;
  bool asks = false;
};

base::Result<Found> find(const Context& context, EntityId id, const std::string& field) {
  const v1::Feedback* row = context.rows.feedbacks.find(id);
  if (row == nullptr) return not_found(field);
  if (!context.is_hub() &&
      !may_see(context.rows, context.actor(), viewers_of(context.rows, *row))) {
    return not_found(field);
  }
  const bool as_hub = context.is_hub() && !context.envelope.command.has_on_behalf();
  Found found{row};
  found.answers = as_hub || has_command_seat(context.rows, giver_of(context)) ||
                  gives_as(context, row->owner_role_id());
  found.asks = as_hub || is_asker(*row, context.actor());
  return found;
}

// The same at the revision seen, and open.
base::Result<Found> find_at(const Context& context, EntityId id, std::uint64_t seen_revision,
                            const std::string& field) {
  const auto found = find(context, id, field);
  if (!found) return found;
  const v1::Feedback& row = *found->row;
  if (row.revision() != seen_revision) return stale_revision(row.revision());
  if (!is_open(context.rows, row)) {
    return bad_argument(field, row.state() == v1::Feedback::STATE_MERGED
                                   ? "it goes on in " + std::to_string(row.merged_into_id())
                                   : "it is closed: open a new one");
  }
  return found;
}

Problem check_answers(const Found& found, const std::string& verb) {
  if (found.answers) return std::nullopt;
  return forbidden(verb, "only for its owner role and the command seats");
}

Problem check_room_for_entry(const v1::Feedback& row) {
  if (row.entries_size() < limits::feedback_entries_max) return std::nullopt;
  return limit_reached("entries", limits::feedback_entries_max);
}

void set_words(const std::string& text, Draft& draft) {
  if (text.empty()) return;
  v1::Body body;
  body.set_text(text);
  draft.set_body(body);
}

base::Result<Decision> decide_triage(const Context& context, const v1::TriageFeedback& command) {
  const std::string field = "triage_feedback.feedback_id";
  const auto found = find_at(context, command.feedback_id(), command.seen_revision(), field);
  if (!found) return found.error();
  if (auto problem = check_answers(*found, "triage")) return *problem;
  const v1::Feedback& row = *found->row;
  if (row.handled_us() != 0) return bad_argument(field, "it is decided already");
  if (context.rows.roles.find(command.owner_role_id()) == nullptr ||
      !role_lives(context.rows, command.owner_role_id())) {
    return not_found("triage_feedback.owner_role_id");
  }
  if (!v1::FeedbackSeverity_IsValid(command.severity())) {
    return bad_argument("triage_feedback.severity", "danger to life, urgent or routine");
  }
  if (auto problem =
          check_text(command.text(), 0, limits::reason_bytes_max, "triage_feedback.text")) {
    return *problem;
  }
  if (auto problem = check_room_for_entry(row)) return *problem;
  const v1::FeedbackSeverity severity =
      command.severity() == v1::FEEDBACK_SEVERITY_UNSPECIFIED ? row.severity() : command.severity();
  // Milder or not, what was promised first stays the stricter.
  const TimeUs due = answer_due_us(context.rows, row.incident_id(), severity, row.opened_us());
  const bool keeps = due == 0 || (row.answer_by_us() != 0 && row.answer_by_us() < due);
  Draft draft(context);
  v1::FeedbackTriaged& event = *draft.add().mutable_feedback_triaged();
  event.set_feedback_id(row.id());
  event.set_owner_role_id(command.owner_role_id());
  event.set_severity(severity);
  event.set_answer_by_us(keeps ? row.answer_by_us() : due);
  set_words(command.text(), draft);
  if (severity == v1::FEEDBACK_SEVERITY_LIFE && row.severity() != severity) {
    draft_urgent_order(context, row.id(), row.incident_id(),
                       "意见建议 " + std::to_string(row.id()) + " " + command.text(), draft);
  }
  return draft.finish();
}

base::Result<Decision> decide_reply(const Context& context, const v1::ReplyFeedback& command) {
  const std::string field = "reply_feedback.feedback_id";
  const auto found = find_at(context, command.feedback_id(), command.seen_revision(), field);
  if (!found) return found.error();
  const v1::Feedback& row = *found->row;
  // Nobody answers his own question; a desk that asked for the public may.
  const bool own = is_asker(row, context.actor()) && row.origin() != v1::Feedback::ORIGIN_PUBLIC;
  const bool answers = found->answers && !own;
  if (!answers && !found->asks) return *check_answers(Found{}, "reply");
  if (answers && row.state() == v1::Feedback::STATE_OPEN) {
    return bad_argument(field, "it has no owner yet: triage it first");
  }
  if (auto problem =
          check_text(command.text(), 1, limits::feedback_text_bytes_max, "reply_feedback.text")) {
    return *problem;
  }
  if (auto problem = check_room_for_entry(row)) return *problem;
  Draft draft(context);
  v1::FeedbackReplied& event = *draft.add().mutable_feedback_replied();
  event.set_feedback_id(row.id());
  event.set_by_asker(!answers);
  set_words(command.text(), draft);
  return draft.finish();
}

TimeUs close_due_us(const Context& context) {
  const TimeUs after = context.rows.configuration().feedback().close_after_us();
  return after <= 0 ? 0 : context.now + after;
}

// It may be adopted or declined now, and by the actor.
Problem check_decides(const Found& found, const std::string& verb, const std::string& field) {
  if (auto problem = check_answers(found, verb)) return problem;
  if (found.row->handled_us() != 0) return bad_argument(field, "it is decided already");
  if (found.row->state() != v1::Feedback::STATE_ANSWERED) {
    return bad_argument(field, "its asker has no answer yet: reply first");
  }
  return std::nullopt;
}

base::Result<Decision> decide_adopt(const Context& context, const v1::AdoptFeedback& command) {
  const std::string field = "adopt_feedback.feedback_id";
  const auto found = find_at(context, command.feedback_id(), command.seen_revision(), field);
  if (!found) return found.error();
  if (auto problem = check_decides(*found, "adopt", field)) return *problem;
  if (command.order_id() == 0 && command.change().empty()) {
    return bad_argument("adopt_feedback.change", "the order that came of it, or what changes");
  }
  if (command.order_id() != 0 && visible_order(context, command.order_id()) == nullptr) {
    return not_found("adopt_feedback.order_id");
  }
  if (auto problem = check_text(command.change(), 0, limits::feedback_text_bytes_max,
                                "adopt_feedback.change")) {
    return *problem;
  }
  Draft draft(context);
  v1::FeedbackAdopted& event = *draft.add().mutable_feedback_adopted();
  event.set_feedback_id(command.feedback_id());
  event.set_order_id(command.order_id());
  event.set_close_us(close_due_us(context));
  set_words(command.change(), draft);
  return draft.finish();
}

base::Result<Decision> decide_decline(const Context& context, const v1::DeclineFeedback& command) {
  const std::string field = "decline_feedback.feedback_id";
  const auto found = find_at(context, command.feedback_id(), command.seen_revision(), field);
  if (!found) return found.error();
  if (auto problem = check_decides(*found, "decline", field)) return *problem;
  if (auto problem = check_text(command.reason(), 1, limits::feedback_text_bytes_max,
                                "decline_feedback.reason")) {
    return *problem;
  }
  Draft draft(context);
  v1::FeedbackDeclined& event = *draft.add().mutable_feedback_declined();
  event.set_feedback_id(command.feedback_id());
  event.set_close_us(close_due_us(context));
  set_words(command.reason(), draft);
  return draft.finish();
}

base::Result<Decision> decide_close(const Context& context, const v1::CloseFeedback& command) {
  const std::string field = "close_feedback.feedback_id";
  const auto found = find_at(context, command.feedback_id(), command.seen_revision(), field);
  if (!found) return found.error();
  // One of several askers does not end it for the others.
  const bool first = context.is_hub() || found->row->asker_id() == context.actor();
  if (!first) return forbidden("close", "only for its asker: adopt or decline it");
  if (auto problem =
          check_text(command.text(), 0, limits::reason_bytes_max, "close_feedback.text")) {
    return *problem;
  }
  Draft draft(context);
  draft.add().mutable_feedback_closed()->set_feedback_id(command.feedback_id());
  set_words(command.text(), draft);
  return draft.finish();
}

base::Result<Decision> decide_merge(const Context& context, const v1::MergeFeedback& command) {
  const auto from = find_at(context, command.feedback_id(), command.seen_revision(),
                            "merge_feedback.feedback_id");
  if (!from) return from.error();
  const auto into = find(context, command.into_id(), "merge_feedback.into_id");
  if (!into) return into.error();
  if (auto problem = check_answers(*from, "merge")) return *problem;
  if (auto problem = check_answers(*into, "merge")) return *problem;
  if (command.into_id() == command.feedback_id()) {
    return bad_argument("merge_feedback.into_id", "another thread");
  }
  if (!is_open(context.rows, *into->row)) {
    return bad_argument("merge_feedback.into_id", "that one is over: merge into an open one");
  }
  const auto askers = static_cast<std::size_t>(into->row->merged_asker_ids_size() +
                                               from->row->merged_asker_ids_size() + 1);
  const auto merged = static_cast<std::size_t>(into->row->merged_ids_size());
  if (askers > limits::feedback_merged_max || merged >= limits::feedback_merged_max) {
    return limit_reached("merged threads", limits::feedback_merged_max);
  }
  Draft draft(context);
  v1::FeedbackMerged& event = *draft.add().mutable_feedback_merged();
  event.set_feedback_id(command.feedback_id());
  event.set_into_id(command.into_id());
  return draft.finish();
}

base::Result<Decision> decide_ask_answer(const Context& context,
                                         const v1::AnswerFeedbackAsk& command) {
  const v1::FeedbackAsk* ask = context.rows.feedback_asks.find(command.ask_id());
  const bool his = ask != nullptr && (context.is_hub() || ask->account_id() == context.actor());
  if (!his) return not_found("answer_feedback_ask.ask_id");
  if (ask->ended()) return bad_argument("answer_feedback_ask.ask_id", "it is answered already");
  Draft draft(context);
  draft.add().mutable_feedback_ask_ended()->set_ask_id(ask->id());
  return draft.finish();
}

void fire_overdue(const Context& context, const v1::Feedback& row, Draft& draft) {
  std::vector<EntityId> told;
  if (row.owner_role_id() != 0 && role_lives(context.rows, row.owner_role_id())) {
    told.push_back(row.owner_role_id());
  } else {
    told = called_roles(context.rows, context.rows.configuration().feedback().overdue().roles());
  }
  v1::FeedbackOverdue& event = *draft.add().mutable_feedback_overdue();
  event.set_feedback_id(row.id());
  event.mutable_told_role_ids()->Assign(told.begin(), told.end());
  draft_overdue_notice(context, row, told, draft);
}

// All of the hour together, in an order that says nothing about when they came.
void fire_shown(const Context& context, Draft& draft) {
  std::vector<std::pair<std::string, EntityId>> due;
  for (const auto& entry : context.rows.feedbacks) {
    const TimeUs at = entry.row->shown_us();
    if (at != 0 && at <= context.now) due.emplace_back(entry.row->receipt_hash(), entry.id);
  }
  std::sort(due.begin(), due.end());
  v1::FeedbackShown& event = *draft.add().mutable_feedback_shown();
  for (const auto& [hash, id] : due) event.add_feedback_ids(id);
}

}  // namespace

bool is_asker(const v1::Feedback& row, EntityId account_id) {
  if (account_id == 0) return false;
  const auto& merged = row.merged_asker_ids();
  return row.asker_id() == account_id ||
         std::find(merged.begin(), merged.end(), account_id) != merged.end();
}

base::Result<Decision> decide_feedback(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_open_feedback()) return decide_open_feedback(context, command.open_feedback());
  if (command.has_triage_feedback()) return decide_triage(context, command.triage_feedback());
  if (command.has_reply_feedback()) return decide_reply(context, command.reply_feedback());
  if (command.has_adopt_feedback()) return decide_adopt(context, command.adopt_feedback());
  if (command.has_decline_feedback()) return decide_decline(context, command.decline_feedback());
  if (command.has_close_feedback()) return decide_close(context, command.close_feedback());
  if (command.has_merge_feedback()) return decide_merge(context, command.merge_feedback());
  FENGHUO_CHECK(command.has_answer_feedback_ask());
  return decide_ask_answer(context, command.answer_feedback_ask());
}

void fire_feedback(const Context& context, const Deadlines::Due& due, Draft& draft) {
  if (due.key.kind == DeadlineKind::FeedbackShown) return fire_shown(context, draft);
  if (due.key.kind == DeadlineKind::FeedbackAskEnds) {
    draft.add().mutable_feedback_ask_ended()->set_ask_id(due.key.id);
    return;
  }
  const v1::Feedback* row = context.rows.feedbacks.find(due.key.id);
  FENGHUO_CHECK(row != nullptr);
  if (due.key.kind == DeadlineKind::FeedbackAnswer) return fire_overdue(context, *row, draft);
  draft.add().mutable_feedback_closed()->set_feedback_id(row->id());
}

}  // namespace fenghuo::core
