// SPDX-License-Identifier: Apache-2.0
#include "hub/core/order.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/call_desk.h"
#include "hub/core/channels.h"
#include "hub/core/duty.h"
#include "hub/core/incident.h"
#include "hub/core/kinds.h"
#include "hub/core/membership.h"
#include "hub/core/messaging.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;
using base::TimeUs;

Problem check_to(const Context& context, const v1::RaiseOrder::To& to, const std::string& field) {
  switch (to.who_case()) {
    case v1::RaiseOrder::To::kRoleId:
      if (!role_lives(context.rows, to.role_id())) return not_found(field);
      return std::nullopt;
    case v1::RaiseOrder::To::kContactId: {
      const v1::Contact* contact = context.rows.contacts.find(to.contact_id());
      if (contact == nullptr || contact->retired()) return not_found(field);
      return std::nullopt;
    }
    case v1::RaiseOrder::To::WHO_NOT_SET: break;
  }
  return bad_argument(field, "a role or a contact");
}

bool same_to(const v1::RaiseOrder::To& a, const v1::RaiseOrder::To& b) {
  return a.role_id() == b.role_id() && a.contact_id() == b.contact_id();
}

Problem check_addressees(const Context& context, const v1::RaiseOrder& request) {
  const std::string field = "raise_order.to";
  if (request.to().empty()) return bad_argument(field, "at least one");
  if (auto problem =
          check_count(static_cast<std::size_t>(request.to_size()), limits::addressees_max, field)) {
    return problem;
  }
  for (int i = 0; i < request.to_size(); ++i) {
    if (auto problem = check_to(context, request.to(i), field)) return problem;
    for (int j = 0; j < i; ++j) {
      if (same_to(request.to(i), request.to(j))) return bad_argument(field, "named twice");
    }
  }
  return std::nullopt;
}

Problem check_terms(const Context& context, const v1::RaiseOrder& request) {
  if (request.kind() != v1::Order::KIND_NOTICE && request.kind() != v1::Order::KIND_TASK) {
    return bad_argument("raise_order.kind", "a notice or a task");
  }
  if (!v1::Precedence_IsValid(request.precedence())) {
    return bad_argument("raise_order.precedence", "unknown");
  }
  if (request.accept_by_us() != 0 && request.accept_by_us() <= context.now) {
    return bad_argument("raise_order.accept_by_us", "has passed");
  }
  if (request.done_by_us() != 0 &&
      (request.done_by_us() <= context.now || request.kind() != v1::Order::KIND_TASK)) {
    return bad_argument("raise_order.done_by_us", "a later instant, and of a task");
  }
  if (!v1::Order::Aggregate_IsValid(request.aggregate())) {
    return bad_argument("raise_order.aggregate", "unknown");
  }
  const bool counts = request.aggregate() == v1::Order::AGGREGATE_AT_LEAST;
  if (counts &&
      (request.quota() == 0 || request.quota() > static_cast<std::uint32_t>(request.to_size()))) {
    return bad_argument("raise_order.quota", "1 to as many as are asked");
  }
  return std::nullopt;
}

v1::PostMessage message_of(const v1::RaiseOrder& request) {
  v1::PostMessage post;
  post.set_channel_id(request.channel_id());
  post.set_text(request.text());
  post.set_precedence(request.precedence());
  *post.mutable_attachments() = request.attachments();
  post.set_ask_receipt(true);
  for (const v1::RaiseOrder::To& to : request.to()) {
    if (to.role_id() != 0) post.add_mentions()->set_role_id(to.role_id());
  }
  return post;
}

// Counts all orders of the world, those drafted here too.
std::string next_number(const State::Rows& rows, const Draft& draft) {
  std::size_t count = rows.orders.size() + 1;
  for (const Drafted& one : draft.events()) count += one.event.has_order_raised() ? 1 : 0;
  return "A-" + std::to_string(count);
}

v1::Addressee new_addressee(const v1::RaiseOrder::To& to, std::uint32_t number, TimeUs now,
                            TimeUs accept_by) {
  v1::Addressee one;
  one.set_number(number);
  if (to.role_id() != 0) one.set_role_id(to.role_id());
  if (to.contact_id() != 0) one.set_contact_id(to.contact_id());
  one.set_state(v1::Addressee::STATE_QUEUED);
  one.set_queued_us(now);
  one.set_accept_by_us(accept_by);
  return one;
}

v1::Order new_order(const Context& context, const v1::RaiseOrder& request,
                    const v1::Ladder& ladder) {
  v1::Order order;
  order.set_channel_id(request.channel_id());
  order.set_incident_id(request.incident_id());
  order.set_kind(request.kind());
  order.set_precedence(request.precedence() == v1::PRECEDENCE_UNSPECIFIED ? v1::PRECEDENCE_ROUTINE
                                                                          : request.precedence());
  const Giver giver = giver_of(context);
  order.set_issuer_id(giver.account_id);
  order.set_issuer_role_id(giver.role_id != 0 ? giver.role_id
                                              : context.envelope.command.acting_role_id());
  order.set_raised_us(context.now);
  order.set_accept_by_us(request.accept_by_us() != 0 ? request.accept_by_us()
                                                     : context.now + accept_time_us(ladder));
  order.set_done_by_us(request.done_by_us());
  order.set_aggregate(request.aggregate() == v1::Order::AGGREGATE_UNSPECIFIED
                          ? v1::Order::AGGREGATE_ALL
                          : request.aggregate());
  order.set_quota(request.quota());
  *order.mutable_ladder() = ladder;
  order.set_state(v1::Order::STATE_OPEN);
  order.set_text_version(1);
  order.set_revision(1);
  for (const v1::RaiseOrder::To& to : request.to()) {
    const auto number = static_cast<std::uint32_t>(order.addressees_size()) + 1;
    *order.add_addressees() = new_addressee(to, number, context.now, order.accept_by_us());
  }
  return order;
}

void first_call(OrderDraft& work, std::uint32_t number, TimeUs first_due) {
  Stepping to;
  to.addressee = number;
  to.cause = v1::Step::CAUSE_RAISED;
  to.first_due_us = first_due;
  step_ladder(work, to);
}

// The giver's right to raise orders in this channel.
Problem check_may_order(const Context& context, const v1::Channel& channel) {
  const Giver giver = giver_of(context);
  if (context.is_hub() && !context.envelope.command.has_on_behalf()) return std::nullopt;
  if (has_command_seat(context.rows, giver)) return std::nullopt;
  if (giver.role_id != 0) {
    const auto& grants = context.rows.roles.find(giver.role_id)->grants();
    const bool has = std::any_of(grants.begin(), grants.end(), [](const v1::Grant& grant) {
      return grant.verb() == v1::Grant::VERB_ORDER;
    });
    if (has) return std::nullopt;
    return forbidden(verb_name(v1::Grant::VERB_ORDER), "no role grants it");
  }
  const Verdict verdict = allows(context.state, giver.account_id, v1::Grant::VERB_ORDER,
                                 object_of(context.state, channel));
  if (giver.account_id != 0 && verdict.allowed) return std::nullopt;
  return forbidden(verb_name(v1::Grant::VERB_ORDER), verdict.reason);
}

base::Result<Decision> decide_raise(const Context& context, const v1::RaiseOrder& request) {
  const ChannelRows* channel = visible_channel(context, request.channel_id());
  if (channel == nullptr) return not_found("raise_order.channel_id");
  if (auto problem = check_may_order(context, channel->channel)) return *problem;
  if (auto problem = check_may_post(context, channel->channel, request.precedence())) {
    return *problem;
  }
  if (request.incident_id() != 0) {
    const v1::Incident* incident = context.rows.incidents.find(request.incident_id());
    const bool seen = incident != nullptr &&
                      (context.is_hub() ||
                       may_see(context.rows, context.actor(), viewers_of(context.rows, *incident)));
    if (!seen) return not_found("raise_order.incident_id");
  }
  Draft draft(context);
  const base::Result<EntityId> id = draft_order(context, request, draft);
  if (!id) return id.error();
  v1::Reply::Done done;
  done.set_seq(channel->last_seq() + std::uint64_t{1});
  done.set_version(1);
  return draft.finish(std::move(done));
}

// The order to act on as its issuer, at the revision seen.
base::Result<const v1::Order*> issued(const Context& context, EntityId order_id,
                                      std::uint64_t seen_revision, const std::string& verb) {
  const v1::Order* order = visible_order(context, order_id);
  if (order == nullptr) return not_found(verb + ".order_id");
  if (!is_issuer(context, *order, giver_of(context))) return forbidden(verb, "only its issuer");
  if (order->revision() != seen_revision) return stale_revision(order->revision());
  if (!is_open(*order)) return bad_argument(verb + ".order_id", "the order is over");
  return order;
}

void say_end(OrderDraft& work, v1::Order::State state, const std::string& reason,
             const std::string& manual_action) {
  work.say([&](v1::Event& said) {
    v1::OrderEnded& event = *said.mutable_order_ended();
    event.set_order_id(work.order.id());
    event.set_state(state);
    event.set_reason(reason);
    event.set_manual_action(manual_action);
  });
  close_calls(work);
}

base::Result<Decision> decide_cancel(const Context& context, const v1::CancelOrder& command) {
  const auto order = issued(context, command.order_id(), command.seen_revision(), "cancel_order");
  if (!order) return order.error();
  if (auto problem =
          check_text(command.reason(), 1, limits::reason_bytes_max, "cancel_order.reason")) {
    return *problem;
  }
  Draft draft(context);
  OrderDraft work(context, draft, **order);
  say_end(work, v1::Order::STATE_CANCELLED, command.reason(), "");
  return draft.finish();
}

base::Result<Decision> decide_close(const Context& context, const v1::CloseUnaccepted& command) {
  const v1::Order* order = visible_order(context, command.order_id());
  if (order == nullptr) return not_found("close_unaccepted.order_id");
  const Giver giver = giver_of(context);
  if (!is_issuer(context, *order, giver) && !has_command_seat(context.rows, giver)) {
    return forbidden("close_unaccepted", "only its issuer or a command seat");
  }
  if (order->revision() != command.seen_revision()) return stale_revision(order->revision());
  const auto& all = order->addressees();
  const bool exhausted = std::any_of(all.begin(), all.end(), [](const v1::Addressee& one) {
    return one.run().exhausted_us() != 0;
  });
  if (!is_open(*order) || !exhausted) {
    return bad_argument("close_unaccepted.order_id", "its ladder is not exhausted");
  }
  if (auto problem = check_text(command.manual_action(), 1, limits::reason_bytes_max,
                                "close_unaccepted.manual_action")) {
    return *problem;
  }
  Draft draft(context);
  OrderDraft work(context, draft, *order);
  say_end(work, v1::Order::STATE_CLOSED_UNACCEPTED, "", command.manual_action());
  return draft.finish();
}

// What a change asks must itself be sensible.
Problem check_change(const Context& context, const v1::Order& order,
                     const v1::ChangeOrder& command) {
  const bool limits_change = command.accept_by_us() != 0 || command.done_by_us() != 0;
  if (!command.has_text() && !limits_change && command.add().empty()) {
    return bad_argument("change_order", "nothing to change");
  }
  if (limits_change && command.kind() == v1::EDIT_KIND_CORRECTION) {
    return bad_argument("change_order.kind", "new limits are a change");
  }
  if (command.accept_by_us() != 0 && command.accept_by_us() <= context.now) {
    return bad_argument("change_order.accept_by_us", "has passed");
  }
  if (command.done_by_us() != 0 &&
      (command.done_by_us() <= context.now || order.kind() != v1::Order::KIND_TASK)) {
    return bad_argument("change_order.done_by_us", "a later instant, and of a task");
  }
  if (order.addressees_size() + command.add_size() > static_cast<int>(limits::addressees_max)) {
    return limit_reached("addressees", limits::addressees_max);
  }
  for (const v1::RaiseOrder::To& to : command.add()) {
    if (auto problem = check_to(context, to, "change_order.add")) return problem;
    for (const v1::Addressee& one : order.addressees()) {
      const bool there = one.role_id() == to.role_id() && one.contact_id() == to.contact_id();
      if (there) return bad_argument("change_order.add", "is asked already");
    }
  }
  return std::nullopt;
}

Problem draft_text(const Context& context, const v1::Order& order, const v1::ChangeOrder& command,
                   v1::EditKind kind, Draft& draft) {
  const auto* place = context.rows.place(order.id());
  const MessageRow& row = context.rows.channel_at(*place).at(place->seq);
  if (row.has(MessageRow::is_stone)) {
    return base::Error(v1::ERROR_CODE_RETRACTED, "the message is a stone");
  }
  if (row.version >= limits::versions_max) return limit_reached("versions", limits::versions_max);
  v1::RaiseOrder like;
  like.set_channel_id(order.channel_id());
  like.set_text(command.text());
  *like.mutable_attachments() = command.attachments();
  for (const v1::Addressee& one : order.addressees()) {
    if (one.role_id() != 0) like.add_to()->set_role_id(one.role_id());
  }
  const v1::PostMessage post = message_of(like);
  if (auto problem = check_message(context, post, "change_order")) return problem;
  v1::EditMessage edit;
  edit.set_message_id(order.id());
  edit.set_kind(kind);
  edit.set_text(post.text());
  *edit.mutable_mentions() = post.mentions();
  *edit.mutable_attachments() = post.attachments();
  draft_edit(row, edit, draft);
  return std::nullopt;
}

void say_changed(OrderDraft& work, const v1::ChangeOrder& command, v1::EditKind kind) {
  v1::OrderChanged event;
  event.set_order_id(work.order.id());
  event.set_kind(kind);
  event.set_text_version(work.order.text_version() + (command.has_text() ? 1 : 0));
  event.set_accept_by_us(command.accept_by_us() != 0 ? command.accept_by_us()
                                                     : work.order.accept_by_us());
  event.set_done_by_us(command.done_by_us() != 0 ? command.done_by_us() : work.order.done_by_us());
  // A late group's clock starts when it is asked.
  const TimeUs accept_by = command.accept_by_us() != 0
                               ? command.accept_by_us()
                               : work.context.now + accept_time_us(work.order.ladder());
  auto number = static_cast<std::uint32_t>(work.order.addressees_size());
  for (const v1::RaiseOrder::To& to : command.add()) {
    *event.add_added() = new_addressee(to, ++number, work.context.now, accept_by);
  }
  work.say([&](v1::Event& said) { *said.mutable_order_changed() = std::move(event); });
}

base::Result<Decision> decide_change(const Context& context, const v1::ChangeOrder& command) {
  const auto found = issued(context, command.order_id(), command.seen_revision(), "change_order");
  if (!found) return found.error();
  const v1::Order& order = **found;
  if (auto problem = check_change(context, order, command)) return *problem;
  const bool only_adds =
      !command.has_text() && command.accept_by_us() == 0 && command.done_by_us() == 0;
  const bool corrects = command.kind() == v1::EDIT_KIND_CORRECTION || only_adds;
  const v1::EditKind kind = corrects ? v1::EDIT_KIND_CORRECTION : v1::EDIT_KIND_CHANGE;
  Draft draft(context);
  if (command.has_text()) {
    if (auto problem = draft_text(context, order, command, kind, draft)) return *problem;
  }
  OrderDraft work(context, draft, order);
  say_changed(work, command, kind);
  const auto before = static_cast<std::uint32_t>(order.addressees_size());
  for (std::uint32_t number = 1; number <= before && !corrects; ++number) {
    if (work.at(number).state() == v1::Addressee::STATE_DELEGATED) continue;
    close_calls(work, number);
    ask_from_start(work, number, v1::Step::CAUSE_CHANGED, command.accept_by_us());
  }
  for (int i = 1; i <= command.add_size(); ++i) {
    first_call(work, before + static_cast<std::uint32_t>(i), command.accept_by_us());
  }
  settle(work);
  return draft.finish();
}

}  // namespace

const v1::Ladder* choose_ladder(const v1::Configuration& configuration, const std::string& key,
                                v1::Precedence precedence) {
  for (const v1::Ladder& ladder : configuration.ladders()) {
    const auto& all = ladder.precedences();
    const bool fits = key.empty() ? std::find(all.begin(), all.end(), precedence) != all.end()
                                  : ladder.key() == key;
    if (fits) return &ladder;
  }
  return nullptr;
}

base::Result<EntityId> draft_order(const Context& context, const v1::RaiseOrder& request,
                                   Draft& draft) {
  const ChannelRows* channel = context.rows.channels.find(request.channel_id());
  if (channel == nullptr) return not_found("raise_order.channel_id");
  if (auto problem = check_terms(context, request)) return *problem;
  if (auto problem = check_addressees(context, request)) return *problem;
  const v1::PostMessage post = message_of(request);
  if (auto problem = check_message(context, post, "raise_order")) return *problem;
  const v1::Precedence precedence = request.precedence() == v1::PRECEDENCE_UNSPECIFIED
                                        ? v1::PRECEDENCE_ROUTINE
                                        : request.precedence();
  const std::string key = request.ladder().empty()
                              ? ladder_for_incident(context.rows, request.incident_id(), precedence)
                              : request.ladder();
  const v1::Ladder* ladder = choose_ladder(context.rows.configuration(), key, precedence);
  if (ladder == nullptr) {
    return bad_argument("raise_order.ladder",
                        "the configuration has no such ladder, nor one for this precedence");
  }
  const EntityId id = draft.next();
  draft_posted(context, *channel, post, draft);
  v1::Order order = new_order(context, request, *ladder);
  order.set_id(id);
  order.set_number(next_number(context.rows, draft));
  OrderDraft work(context, draft, order);
  work.say([&](v1::Event& said) { *said.mutable_order_raised()->mutable_order() = order; });
  for (int i = 1; i <= order.addressees_size(); ++i) {
    first_call(work, static_cast<std::uint32_t>(i), request.accept_by_us());
  }
  return id;
}

void draft_order_end(const Context& context, EntityId order_id, v1::Order::State state,
                     const std::string& reason, Draft& draft) {
  const v1::Order* order = context.rows.orders.find(order_id);
  if (order == nullptr || !is_open(*order)) return;
  OrderDraft work(context, draft, *order);
  say_end(work, state, reason, "");
}

void draft_retime(const Context& context, EntityId order_id, const v1::Ladder& ladder,
                  Draft& draft) {
  const v1::Order* order = context.rows.orders.find(order_id);
  if (order == nullptr || !is_open(*order)) return;
  v1::OrderRetimed& event = *draft.add().mutable_order_retimed();
  event.set_order_id(order_id);
  *event.mutable_ladder() = ladder;
  const TimeUs accept_by = order->raised_us() + accept_time_us(ladder);
  event.set_accept_by_us(std::min(order->accept_by_us(), std::max(context.now, accept_by)));
  for (const v1::Addressee& one : order->addressees()) {
    const v1::Run& run = one.run();
    if (!is_pending(one) || run.due_us() == 0 || run.gate_since_us() != 0) continue;
    const int next = static_cast<int>(run.rung()) + 1;
    const TimeUs wait =
        next < ladder.rungs_size() ? ladder.rungs(next).after_us() : ladder.last_wait_us();
    v1::OrderRetimed::Due& due = *event.add_dues();
    due.set_addressee(one.number());
    // Never later than it was: lowering keeps the stricter.
    due.set_due_us(std::min(run.due_us(), std::max(context.now, run.last_step_us() + wait)));
  }
}

void draft_evidence(const Context& context, EntityId order_id, EntityId evidence_id, Draft& draft) {
  const v1::Order* order = context.rows.orders.find(order_id);
  if (order == nullptr) return;
  v1::EvidenceJoined& event = *draft.add().mutable_evidence_joined();
  event.set_order_id(order_id);
  event.set_evidence_id(evidence_id);
}

const v1::Order* visible_order(const Context& context, EntityId order_id) {
  const v1::Order* order = context.rows.orders.find(order_id);
  if (order == nullptr) return nullptr;
  if (context.earlier != nullptr) {
    const auto changed = context.earlier->orders.find(order_id);
    if (changed != context.earlier->orders.end()) order = &changed->second;
  }
  if (!context.is_hub() &&
      !may_see(context.rows, context.actor(), viewers_of(context.rows, *order))) {
    return nullptr;
  }
  return order;
}

bool has_command_seat(const State::Rows& rows, const Giver& giver) {
  if (giver.role_id != 0) return rows.roles.find(giver.role_id)->command_seat();
  if (giver.account_id == 0) return false;
  Viewers seats;
  seats.command_seats = true;
  return may_see(rows, giver.account_id, seats);
}

bool stands_on(const State::Rows& rows, const Giver& giver, EntityId role_id, TimeUs at) {
  if (role_id == 0) return false;
  if (giver.role_id != 0) return giver.role_id == role_id;
  if (giver.account_id != 0) return is_on_duty(rows, giver.account_id, role_id, at);
  const std::vector<v1::Holder> all = holders(rows, role_id, at);
  return std::any_of(all.begin(), all.end(), [&](const v1::Holder& one) {
    return giver.contact_id != 0 && one.contact_id() == giver.contact_id;
  });
}

bool is_issuer(const Context& context, const v1::Order& order, const Giver& giver) {
  if (context.is_hub() && !context.envelope.command.has_on_behalf()) return true;
  if (order.issuer_id() != 0 && order.issuer_id() == giver.account_id) return true;
  if (stands_on(context.rows, giver, order.issuer_role_id(), context.now)) return true;
  return order.issuer_id() == 0 && order.issuer_role_id() == 0 &&
         has_command_seat(context.rows, giver);
}

base::Result<Decision> decide_order(const Context& context) {
  const v1::Command& command = context.envelope.command;
  if (command.has_raise_order()) return decide_raise(context, command.raise_order());
  if (command.has_cancel_order()) return decide_cancel(context, command.cancel_order());
  if (command.has_change_order()) return decide_change(context, command.change_order());
  if (command.has_close_unaccepted()) return decide_close(context, command.close_unaccepted());
  if (command.has_record_call_result()) {
    return decide_call_result(context, command.record_call_result());
  }
  return decide_answer(context);
}

}  // namespace fenghuo::core
