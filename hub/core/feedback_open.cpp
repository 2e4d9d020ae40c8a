// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/channels.h"
#include "hub/core/feedback.h"
#include "hub/core/incident_rules.h"
#include "hub/core/kinds.h"
#include "hub/core/membership.h"
#include "hub/core/messaging.h"
#include "hub/core/order.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using base::TimeUs;

constexpr TimeUs hour_us = 3'600 * base::us_per_s;

// Nobody's command: no account, device, number or role that an event could carry.
Envelope nobody(const Context& context) {
  Envelope envelope;
  envelope.salt = context.envelope.salt;
  return envelope;
}

bool is_staff(const Context& context) {
  if (context.is_hub()) return true;
  const v1::Account& account = *context.state.account(context.actor());
  return account.kind() != v1::Account::KIND_BOT && account.kind() != v1::Account::KIND_GUEST;
}

Problem check_may_open(const Context& context, const v1::OpenFeedback& command) {
  if (!command.from_public()) {
    if (is_staff(context)) return std::nullopt;
    return forbidden(verb_name(v1::Grant::VERB_FEEDBACK), "bots and guests open none of their own");
  }
  Object object;
  const v1::Role* role = context.state.role(context.envelope.command.acting_role_id());
  if (role != nullptr) object.department_id = role->department_id();
  const Verdict verdict = allows(context.state, context.actor(), v1::Grant::VERB_FEEDBACK, object);
  if (verdict.allowed) return std::nullopt;
  return forbidden(verb_name(v1::Grant::VERB_FEEDBACK), verdict.reason);
}

Problem check_public(const v1::OpenFeedback& command) {
  const v1::Caller& caller = command.caller();
  if (!command.from_public() && (command.has_caller() || command.similar() != 0)) {
    return bad_argument("open_feedback.from_public", "a caller and a count belong to the public");
  }
  for (const std::string* text : {&caller.name(), &caller.unit()}) {
    if (auto problem = check_text(*text, 0, limits::name_bytes_max, "open_feedback.caller")) {
      return problem;
    }
  }
  if (command.similar() > limits::feedback_similar_max) {
    return bad_argument("open_feedback.similar", "more than can be");
  }
  return check_text(caller.number(), 0, limits::phone_bytes_max, "open_feedback.caller.number");
}

Problem check_words(const v1::OpenFeedback& command) {
  if (command.kind() == v1::FEEDBACK_KIND_UNSPECIFIED ||
      !v1::FeedbackKind_IsValid(command.kind())) {
    return bad_argument("open_feedback.kind", "a problem, suggestion, correction or praise");
  }
  if (command.severity() == v1::FEEDBACK_SEVERITY_UNSPECIFIED ||
      !v1::FeedbackSeverity_IsValid(command.severity())) {
    return bad_argument("open_feedback.severity", "danger to life, urgent or routine");
  }
  const std::string& hash = command.receipt_hash();
  if (!hash.empty() && hash.size() != sizeof(base::Hash)) {
    return bad_argument("open_feedback.receipt_hash", "SHA-256 of the receipt code: 32 bytes");
  }
  if (!hash.empty() && command.from_public()) {
    return bad_argument("open_feedback.receipt_hash",
                        "for the public leave out the caller instead");
  }
  if (auto problem = check_public(command)) return problem;
  return check_text(command.text(), 1, limits::feedback_text_bytes_max, "open_feedback.text");
}

// The incident whose room the channel is; 0 = none.
EntityId incident_of_channel(const State::Rows& rows, EntityId channel_id) {
  for (const auto& entry : rows.incidents) {
    const v1::Incident& incident = *entry.row;
    if (incident.channel_id() == channel_id) return entry.id;
    for (const v1::Group& group : incident.groups()) {
      if (group.channel_id() == channel_id) return entry.id;
    }
  }
  return 0;
}

// The incident that the subject belongs to, 0 = none. What the actor does not see is not there.
base::Result<EntityId> incident_of(const Context& context, const v1::FeedbackSubject& subject) {
  switch (subject.about_case()) {
    case v1::FeedbackSubject::kChannelId:
      if (visible_channel(context, subject.channel_id()) == nullptr) {
        return not_found("open_feedback.subject.channel_id");
      }
      return incident_of_channel(context.rows, subject.channel_id());
    case v1::FeedbackSubject::kMessageId: {
      const SeenMessage seen = visible_message(context, subject.message_id());
      if (seen.channel == nullptr) return not_found("open_feedback.subject.message_id");
      return incident_of_channel(context.rows, seen.channel->channel.id());
    }
    case v1::FeedbackSubject::kIncidentId: {
      const auto found =
          find_incident(context, subject.incident_id(), "open_feedback.subject.incident_id", true);
      if (!found) return found.error();
      return (*found)->id();
    }
    case v1::FeedbackSubject::kOrderId: {
      const v1::Order* order = visible_order(context, subject.order_id());
      if (order == nullptr) return not_found("open_feedback.subject.order_id");
      return order->incident_id();
    }
    case v1::FeedbackSubject::ABOUT_NOT_SET: break;
  }
  return EntityId{0};
}

// Who said his opinion by name is no longer asked for it.
void draft_ask_ends(const Context& context, EntityId feedback_id, EntityId incident_id,
                    Draft& draft) {
  for (EntityId id : ids_under(context.rows.open_feedback_asks, context.actor())) {
    if (context.rows.feedback_asks.find(id)->incident_id() != incident_id) continue;
    v1::FeedbackAskEnded& event = *draft.add().mutable_feedback_ask_ended();
    event.set_ask_id(id);
    event.set_feedback_id(feedback_id);
  }
}

EntityId channel_for(const Context& context, const v1::FeedbackRules::Call& call,
                     EntityId incident_id) {
  const v1::Channel* named = context.state.channel_by_key(call.channel());
  if (named != nullptr && !named->archived()) return named->id();
  const v1::Incident* incident = context.rows.incidents.find(incident_id);
  return incident == nullptr ? 0 : incident->channel_id();
}

const std::string& words_of(const v1::LocalizedText& text) {
  if (!text.zh_hans().empty()) return text.zh_hans();
  return text.zh_hant().empty() ? text.en() : text.zh_hant();
}

v1::RaiseOrder request_for(const Context& context, const v1::FeedbackRules::Call& call,
                           EntityId incident_id, const std::vector<EntityId>& role_ids) {
  v1::RaiseOrder request;
  request.set_channel_id(channel_for(context, call, incident_id));
  request.set_incident_id(incident_id);
  request.set_text(words_of(call.text()));
  request.set_ladder(call.ladder());
  request.set_aggregate(call.aggregate());
  for (EntityId id : role_ids) request.add_to()->set_role_id(id);
  return request;
}

}  // namespace

TimeUs answer_due_us(const State::Rows& rows, EntityId incident_id, v1::FeedbackSeverity severity,
                     TimeUs from) {
  const v1::Incident* incident = rows.incidents.find(incident_id);
  const v1::Level level = incident == nullptr ? v1::LEVEL_UNSPECIFIED : ruling_level(*incident);
  for (const v1::FeedbackRules::Answer& one : rows.configuration().feedback().answers()) {
    const bool fits =
        (one.level() == v1::LEVEL_UNSPECIFIED || one.level() == level) &&
        (one.severity() == v1::FEEDBACK_SEVERITY_UNSPECIFIED || one.severity() == severity);
    if (fits) return one.within_us() <= 0 ? 0 : from + one.within_us();
  }
  return 0;
}

std::vector<EntityId> called_roles(const State::Rows& rows,
                                   const google::protobuf::RepeatedPtrField<std::string>& keys) {
  std::vector<EntityId> found;
  const auto add = [&](EntityId id) {
    const bool known = std::find(found.begin(), found.end(), id) != found.end();
    if (id != 0 && !known && role_lives(rows, id)) found.push_back(id);
  };
  for (const std::string& key : keys) add(role_of_key(rows, key));
  if (found.empty()) add(role_of_key(rows, rows.configuration().duty_chief()));
  if (!found.empty()) return found;
  for (const auto& entry : rows.roles) {
    if (entry.row->command_seat() && found.size() < limits::addressees_max) add(entry.id);
  }
  return found;
}

void draft_urgent_order(const Context& context, EntityId feedback_id, EntityId incident_id,
                        const std::string& words, Draft& draft) {
  const Envelope envelope = nobody(context);
  const Context hub{context.state, context.rows, envelope, context.now};
  const v1::FeedbackRules::Call& call = context.rows.configuration().feedback().urgent();
  v1::RaiseOrder request =
      request_for(hub, call, incident_id, called_roles(context.rows, call.roles()));
  request.set_text(request.text() + (request.text().empty() ? "" : "\n") + words);
  request.set_kind(v1::Order::KIND_TASK);
  request.set_precedence(call.precedence() == v1::PRECEDENCE_UNSPECIFIED ? v1::PRECEDENCE_FLASH
                                                                         : call.precedence());
  draft.hub_speaks(true);
  const base::Result<EntityId> order_id = draft_order(hub, request, draft);
  v1::FeedbackMadeUrgent& event = *draft.add().mutable_feedback_made_urgent();
  draft.hub_speaks(false);
  event.set_feedback_id(feedback_id);
  if (order_id) {
    event.set_order_id(*order_id);
  } else {
    event.set_refused(order_id.error().to_string());
  }
}

void draft_overdue_notice(const Context& context, const v1::Feedback& row,
                          const std::vector<EntityId>& role_ids, Draft& draft) {
  const v1::FeedbackRules& rules = context.rows.configuration().feedback();
  if (!rules.has_overdue() || role_ids.empty()) return;
  v1::RaiseOrder request = request_for(context, rules.overdue(), row.incident_id(), role_ids);
  request.set_text(request.text() + "意见建议 " + std::to_string(row.id()) + " 逾期未答复");
  request.set_kind(v1::Order::KIND_NOTICE);
  request.set_precedence(rules.overdue().precedence() == v1::PRECEDENCE_UNSPECIFIED
                             ? v1::PRECEDENCE_PRIORITY
                             : rules.overdue().precedence());
  // Without a channel or a ladder it is only shown.
  (void)draft_order(context, request, draft);
}

base::Result<Decision> decide_open_feedback(const Context& context,
                                            const v1::OpenFeedback& command) {
  if (auto problem = check_may_open(context, command)) return *problem;
  if (auto problem = check_words(command)) return *problem;
  const bool anonymous = !command.receipt_hash().empty();
  if (anonymous) {
    const auto known = context.rows.feedback_receipts.find(command.receipt_hash());
    if (known != context.rows.feedback_receipts.end()) {
      Decision decision;
      decision.done.set_id(known->second);
      decision.done.set_repeated(true);
      return decision;
    }
  }
  const auto incident_id = incident_of(context, command.subject());
  if (!incident_id) return incident_id.error();
  const Envelope no_envelope = nobody(context);
  const Context unnamed{context.state, context.rows, no_envelope, context.now};
  Draft draft(anonymous ? unnamed : context);
  const EntityId id = draft.next();
  const bool about_life = command.severity() == v1::FEEDBACK_SEVERITY_LIFE;
  v1::FeedbackOpened& event = *draft.add().mutable_feedback_opened();
  event.set_origin(anonymous               ? v1::Feedback::ORIGIN_ANONYMOUS
                   : command.from_public() ? v1::Feedback::ORIGIN_PUBLIC
                                           : v1::Feedback::ORIGIN_STAFF);
  event.set_kind(command.kind());
  event.set_severity(command.severity());
  *event.mutable_subject() = command.subject();
  event.set_incident_id(*incident_id);
  event.set_similar(command.similar());
  event.set_receipt_hash(command.receipt_hash());
  if (anonymous && !about_life) event.set_shown_us((context.now / hour_us + 1) * hour_us);
  // From the hour on: a limit to the microsecond would say when it came.
  event.set_answer_by_us(answer_due_us(context.rows, *incident_id, command.severity(),
                                       std::max(context.now, event.shown_us())));
  v1::Body body;
  body.set_text(command.text());
  if (command.has_caller()) *body.mutable_caller() = command.caller();
  draft.set_body(body);
  if (about_life) draft_urgent_order(context, id, *incident_id, command.text(), draft);
  if (!anonymous && *incident_id != 0) draft_ask_ends(context, id, *incident_id, draft);
  return draft.finish();
}

}  // namespace fenghuo::core
