// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/order_verbs.h"

#include "clients/cli/finding.h"
#include "clients/cli/order_wording.h"
#include "clients/cli/terms.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace fenghuo::cli {
namespace {

constexpr std::int64_t us_per_s = 1'000'000;

client::Outcome<v1::RaiseOrder::To> addressee_of(const client::State& state,
                                                 const std::string& word) {
  const auto found = party(state, word);
  if (!found) return found.error();
  v1::RaiseOrder::To to;
  if (found->account_id != 0) return usage("an order is addressed to a role or contact: " + word);
  if (found->role_id != 0) to.set_role_id(found->role_id);
  if (found->contact_id != 0) to.set_contact_id(found->contact_id);
  return to;
}

using Problem = std::optional<client::Failure>;

// The addressee an act is about: the one named, else the first at which `fits`; null = none.
template <typename Fits>
const v1::Addressee* addressee_at(const v1::Order& order, std::uint32_t number, Fits fits) {
  for (const v1::Addressee& one : order.addressees()) {
    if (number == 0 ? fits(one) : one.number() == number) return &one;
  }
  return nullptr;
}

void fill_gate(const v1::Order& order, const AnswerArguments& arguments, bool open,
               v1::AnswerGate& gate) {
  gate.set_order_id(order.id());
  gate.set_open(open);
  gate.set_reason(joined(arguments.words));
  gate.set_addressee(arguments.addressee);
  const auto* one = addressee_at(order, arguments.addressee, [](const v1::Addressee& asked) {
    return asked.run().gate_since_us() != 0;
  });
  if (one == nullptr) return;
  gate.set_addressee(one->number());
  gate.set_seen_rung(one->run().gate_rung());
}

// Acts of the issuer, the command seats and the duty chief.
void fill_control(OrderAct act, const v1::Order& order, const AnswerArguments& arguments,
                  v1::Command& command) {
  const std::string text = joined(arguments.words);
  if (act == OrderAct::Cancel) {
    command.mutable_cancel_order()->set_order_id(order.id());
    command.mutable_cancel_order()->set_seen_revision(order.revision());
    command.mutable_cancel_order()->set_reason(text);
  } else if (act == OrderAct::Close) {
    command.mutable_close_unaccepted()->set_order_id(order.id());
    command.mutable_close_unaccepted()->set_seen_revision(order.revision());
    command.mutable_close_unaccepted()->set_manual_action(text);
  } else if (act == OrderAct::ConfirmLate) {
    command.mutable_confirm_explanation()->set_order_id(order.id());
    command.mutable_confirm_explanation()->set_addressee(arguments.addressee);
  } else if (act == OrderAct::Escalate) {
    v1::EscalateOrder& escalate = *command.mutable_escalate_order();
    escalate.set_order_id(order.id());
    escalate.set_seen_revision(order.revision());
    escalate.set_addressee(arguments.addressee);
    escalate.set_reason(text);
    const auto* one =
        addressee_at(order, arguments.addressee, [](const v1::Addressee&) { return true; });
    if (one != nullptr) escalate.set_seen_rung(one->run().rung());
  } else {
    fill_gate(order, arguments, act == OrderAct::OpenGate, *command.mutable_answer_gate());
  }
}

// Acts of who is asked; the others are `fill_control`'s.
Problem fill_act(const client::State& state, OrderAct act, const v1::Order& order,
                 const AnswerArguments& arguments, v1::Command& command) {
  const std::string text = joined(arguments.words);
  const auto answer = [&](auto& one) {
    one.set_order_id(order.id());
    one.set_seen_revision(order.revision());
    one.set_addressee(arguments.addressee);
  };
  switch (act) {
    case OrderAct::Accept:
      answer(*command.mutable_accept_order());
      command.mutable_accept_order()->set_text(text);
      return std::nullopt;
    case OrderAct::Return:
      answer(*command.mutable_return_order());
      command.mutable_return_order()->set_reason(text);
      return std::nullopt;
    case OrderAct::Delegate: {
      answer(*command.mutable_delegate_order());
      command.mutable_delegate_order()->set_text(text);
      const auto to = addressee_of(state, arguments.to);
      if (!to) return to.error();
      *command.mutable_delegate_order()->mutable_to() = *to;
      return std::nullopt;
    }
    case OrderAct::Progress:
      command.mutable_report_progress()->set_order_id(order.id());
      command.mutable_report_progress()->set_addressee(arguments.addressee);
      command.mutable_report_progress()->set_text(text);
      return std::nullopt;
    case OrderAct::Done:
      answer(*command.mutable_finish_order());
      command.mutable_finish_order()->set_text(text);
      return std::nullopt;
    case OrderAct::Unable:
      answer(*command.mutable_unable_order());
      command.mutable_unable_order()->set_reason(text);
      return std::nullopt;
    case OrderAct::ExplainLate:
      command.mutable_explain_lateness()->set_order_id(order.id());
      command.mutable_explain_lateness()->set_addressee(arguments.addressee);
      command.mutable_explain_lateness()->set_text(text);
      return std::nullopt;
    default: fill_control(act, order, arguments, command); return std::nullopt;
  }
}

// How the order stands now; also one that was just made.
About about(const Setting& setting, Opened& opened, std::uint64_t order_id) {
  About about;
  about.now = [&setting, &opened, order_id](std::uint64_t id) {
    const auto order = find_order(opened, std::to_string(order_id != 0 ? order_id : id));
    if (!order) return std::vector<std::string>();
    const client::State state = opened.client->state();
    std::vector<std::string> lines{order_line(*order, state, setting.language)};
    for (const v1::Addressee& one : order->addressees()) {
      lines.push_back("  " + addressee_line(one, state, setting.language));
    }
    return lines;
  };
  return about;
}

}  // namespace

int run_order_raise(const Setting& setting, const RaiseArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  v1::Command command;
  v1::RaiseOrder& order = *command.mutable_raise_order();
  const auto channel = channel_id(state, arguments.channel);
  if (!channel) return report(channel.error());
  order.set_channel_id(*channel);
  if (!arguments.incident.empty()) {
    const auto incident = find_incident(*opened, arguments.incident);
    if (!incident) return report(incident.error());
    order.set_incident_id(incident->id());
  }
  order.set_text(joined(arguments.words));
  order.set_kind(arguments.notice ? v1::Order::KIND_NOTICE : v1::Order::KIND_TASK);
  order.set_precedence(
      value_of(precedences, arguments.precedence).value_or(v1::PRECEDENCE_PRIORITY));
  order.set_ladder(arguments.ladder);
  order.set_aggregate(arguments.any             ? v1::Order::AGGREGATE_ANY
                      : arguments.at_least != 0 ? v1::Order::AGGREGATE_AT_LEAST
                                                : v1::Order::AGGREGATE_ALL);
  order.set_quota(arguments.at_least);
  if (arguments.accept_within_s != 0) {
    order.set_accept_by_us(hub_now_us(*opened) + arguments.accept_within_s * us_per_s);
  }
  if (arguments.done_within_s != 0) {
    order.set_done_by_us(hub_now_us(*opened) + arguments.done_within_s * us_per_s);
  }
  for (const std::string& word : arguments.to) {
    const auto to = addressee_of(state, word);
    if (!to) return report(to.error());
    *order.add_to() = *to;
  }
  return send(setting, *opened, arguments.signature, command, about(setting, *opened, 0));
}

int run_order_list(const Setting& setting, bool all) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  std::vector<v1::Order> orders;
  if (all) {
    const auto found = list(*opened, v1::ROW_KIND_ORDER, 0);
    if (!found) return report(found.error());
    orders.assign(found->orders().begin(), found->orders().end());
  } else {
    for (const auto& [key, update] : state.rows()) {
      if (update.has_order()) orders.push_back(update.order());
    }
    std::stable_sort(orders.begin(), orders.end(), [](const v1::Order& a, const v1::Order& b) {
      return a.precedence() > b.precedence();
    });
  }
  for (const v1::Order& order : orders) {
    fmt::print("{}\n",
               setting.json ? json_line(order) : order_line(order, state, setting.language));
  }
  return exit_done;
}

int run_order_show(const Setting& setting, const std::string& name) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto order = find_order(*opened, name);
  if (!order) return report(order.error());
  if (setting.json) {
    fmt::print("{}\n", json_line(*order));
    return exit_done;
  }
  const client::State state = opened->client->state();
  fmt::print("{}\n", order_line(*order, state, setting.language));
  fmt::print("    {}\n", printable(find_message(*opened, order->id()).text()));
  for (const v1::Addressee& one : order->addressees()) {
    fmt::print("  {}\n", addressee_line(one, state, setting.language));
  }
  return exit_done;
}

int run_order_answer(const Setting& setting, OrderAct act, const AnswerArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  const auto order = find_order(*opened, arguments.order);
  if (!order) return report(order.error());
  v1::Command command;
  if (const auto failure = fill_act(state, act, *order, arguments, command)) {
    return report(*failure);
  }
  About shown = about(setting, *opened, order->id());
  shown.before = {order_line(*order, state, setting.language)};
  return send(setting, *opened, arguments.signature, command, shown);
}

int run_order_change(const Setting& setting, const ChangeArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  const auto order = find_order(*opened, arguments.order);
  if (!order) return report(order.error());
  v1::Command command;
  v1::ChangeOrder& change = *command.mutable_change_order();
  change.set_order_id(order->id());
  change.set_seen_revision(order->revision());
  change.set_kind(arguments.correction ? v1::EDIT_KIND_CORRECTION : v1::EDIT_KIND_CHANGE);
  if (!arguments.words.empty()) change.set_text(joined(arguments.words));
  const auto accept_by = time_of(*opened, arguments.accept_by, Side::Future, "--accept-by");
  if (!accept_by) return report(accept_by.error());
  const auto done_by = time_of(*opened, arguments.done_by, Side::Future, "--done-by");
  if (!done_by) return report(done_by.error());
  change.set_accept_by_us(*accept_by);
  change.set_done_by_us(*done_by);
  for (const std::string& word : arguments.add) {
    const auto to = addressee_of(state, word);
    if (!to) return report(to.error());
    *change.add_add() = *to;
  }
  About shown = about(setting, *opened, order->id());
  shown.before = {order_line(*order, state, setting.language)};
  return send(setting, *opened, arguments.signature, command, shown);
}

int run_call_desk_list(const Setting& setting) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  for (const auto& [key, update] : state.rows()) {
    if (!update.has_call_item()) continue;
    fmt::print("{}\n", setting.json ? json_line(update.call_item())
                                    : call_line(update.call_item(), state, setting.language));
  }
  return exit_done;
}

namespace {

// The order of the call by its number; without one, the only order still open. 0 = not clear.
std::uint64_t called_order(const v1::CallItem& item, const std::string& number) {
  std::vector<std::uint64_t> fitting;
  const auto look = [&](std::uint64_t order_id, const std::string& script, bool closed) {
    if (closed || (!number.empty() && script != number)) return;
    fitting.push_back(order_id);
  };
  look(item.order_id(), item.script(), item.first_closed());
  for (const auto& more : item.more()) look(more.order_id(), more.script(), more.closed());
  return fitting.size() == 1 ? fitting.front() : 0;
}

}  // namespace

int run_call_desk_result(const Setting& setting, const CallResultArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto found = list(*opened, v1::ROW_KIND_CALL_ITEM, arguments.item);
  if (!found) return report(found.error());
  if (found->call_items().empty()) {
    return report(usage(fmt::format("no call {} at this desk", arguments.item)));
  }
  v1::Command command;
  v1::RecordCallResult& result = *command.mutable_record_call_result();
  result.set_call_item_id(arguments.item);
  result.set_kind(call_result_of(arguments.result));
  result.set_note(arguments.note);
  const std::uint64_t order_id = called_order(found->call_items(0), arguments.order);
  if (order_id == 0 && !arguments.order.empty()) {
    return report(usage(fmt::format("call {} is not about {}", arguments.item, arguments.order)));
  }
  // Of several and none named: the hub says so, unless nobody answered.
  if (order_id == 0) return send(setting, *opened, Signature(), command);
  result.set_order_id(order_id);
  const auto orders = list(*opened, v1::ROW_KIND_ORDER, order_id);
  if (!orders) return report(orders.error());
  if (!orders->orders().empty()) result.set_seen_revision(orders->orders(0).revision());
  return send(setting, *opened, Signature(), command, about(setting, *opened, order_id));
}

int run_duty_show(const Setting& setting, const std::string& role, const std::string& at) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  v1::Query query;
  query.mutable_duty();
  if (!at.empty()) {
    const auto instant = time_of(*opened, at, Side::Future, "--at");
    if (!instant) return report(instant.error());
    query.mutable_duty()->set_at_us(*instant);
  }
  if (!role.empty()) {
    const auto* found = state.find_role(role);
    if (found == nullptr) return report(usage("no role " + role));
    query.mutable_duty()->set_role_id(found->id());
  }
  const auto result = opened->client->ask(query, patience);
  if (!result) return report(result.error());
  if (result->has_refused()) return report(client::Failure(result->refused()));
  for (const v1::DutyResult::Row& row : result->duty().rows()) {
    if (setting.json) {
      fmt::print("{}\n", json_line(row));
      continue;
    }
    for (const std::string& line : duty_lines(row, state, setting.language)) {
      fmt::print("{}\n", line);
    }
  }
  return exit_done;
}

}  // namespace fenghuo::cli
