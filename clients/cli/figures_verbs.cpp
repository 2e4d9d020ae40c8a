// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/figures_verbs.h"

#include "clients/cli/figures_wording.h"
#include "clients/cli/finding.h"
#include "clients/cli/times.h"

#include <fmt/format.h>

#include <chrono>

namespace fenghuo::cli {
namespace {

client::Outcome<v1::QueryResult> ask_for(Opened& opened, const v1::Query& query) {
  auto result = opened.client->ask(query, patience);
  if (!result) return result.error();
  if (result->has_refused()) return client::Failure(result->refused());
  return *result;
}

std::int64_t now_us() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

}  // namespace

int run_figures(const Setting& setting, const FiguresArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  v1::Query query;
  query.mutable_figures()->set_from_position(arguments.from);
  query.mutable_figures()->set_to_position(arguments.to);
  if (!arguments.incident.empty()) {
    const auto incident = find_incident(*opened, arguments.incident);
    if (!incident) return report(incident.error());
    query.mutable_figures()->set_incident_id(incident->id());
  }
  const auto result = ask_for(*opened, query);
  if (!result) return report(result.error());
  if (setting.json) {
    fmt::print("{}\n", figures_json(result->figures()));
    return exit_done;
  }
  const client::State state = opened->client->state();
  for (const auto& line : figures_lines(result->figures(), state, setting.language)) {
    fmt::print("{}\n", line);
  }
  return exit_done;
}

int run_explain(const Setting& setting, const ExplainArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  const auto order = find_order(*opened, arguments.order);
  if (!order) return report(order.error());
  v1::Query query;
  query.mutable_explain()->set_order_id(order->id());
  if (!arguments.account.empty()) {
    const auto account = account_id(state, arguments.account);
    if (!account) return report(account.error());
    query.mutable_explain()->set_account_id(*account);
  }
  if (!arguments.role.empty()) {
    const auto role = role_id(state, arguments.role);
    if (!role) return report(role.error());
    query.mutable_explain()->set_role_id(*role);
  }
  const auto result = ask_for(*opened, query);
  if (!result) return report(result.error());
  if (!setting.json) {
    fmt::print("{}  {}\n", order->number(), printable(result->explain().ladder()));
  }
  for (const v1::ExplainResult::Line& line : result->explain().lines()) {
    fmt::print("{}\n",
               setting.json ? json_line(line) : explain_line(line, state, setting.language));
  }
  return exit_done;
}

int run_knew(const Setting& setting, const KnewArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  v1::Query query;
  v1::KnowledgeQuery& asked = *query.mutable_knowledge();
  asked.set_version(arguments.version);
  if (is_number(arguments.message)) {
    asked.set_message_id(std::stoull(arguments.message));
  } else {
    const auto order = find_order(*opened, arguments.message);
    if (!order) return report(order.error());
    asked.set_message_id(order->id());
  }
  if (!arguments.at.empty()) {
    const auto at = parse_time(arguments.at, now_us(), Side::Past);
    if (!at) return report(usage("--at is HH:MM, YYYY-MM-DDTHH:MM or -20m"));
    asked.set_at_us(*at);
  }
  const auto result = ask_for(*opened, query);
  if (!result) return report(result.error());
  if (setting.json) {
    fmt::print("{}\n", json_line(result->knowledge()));
    return exit_done;
  }
  const client::State state = opened->client->state();
  for (const auto& line : knowledge_lines(result->knowledge(), state, setting.language)) {
    fmt::print("{}\n", line);
  }
  return exit_done;
}

}  // namespace fenghuo::cli
