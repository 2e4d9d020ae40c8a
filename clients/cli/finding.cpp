// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/finding.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace fenghuo::cli {
namespace {

constexpr std::uint32_t page = 200;

template <typename Row>
using Rows = const google::protobuf::RepeatedPtrField<Row>& (v1::Snapshot::*)() const;

template <typename Row>
client::Outcome<Row> row_by_id(Opened& opened, v1::RowKind kind, Rows<Row> rows, std::uint64_t id,
                               const char* what) {
  const auto found = list(opened, kind, id);
  if (!found) return found.error();
  const auto& all = ((*found).*rows)();
  if (id == 0 || all.empty()) return usage(fmt::format("no {} {} that you may see", what, id));
  return all.Get(0);
}

// Numbers are not in any index: pages back from the newest, where nearly everything asked for is.
template <typename Row>
client::Outcome<Row> row_by_name(Opened& opened, v1::RowKind kind, Rows<Row> rows,
                                 const std::string& name, const char* what) {
  if (is_number(name)) return row_by_id(opened, kind, rows, std::stoull(name), what);
  for (std::uint64_t before = 0;;) {
    const auto found = list(opened, kind, 0, before);
    if (!found) return found.error();
    const auto& all = ((*found).*rows)();
    for (const Row& row : all) {
      if (row.number() == name) return row;
    }
    if (all.size() < static_cast<int>(page)) break;
    before = all.Get(all.size() - 1).id();
  }
  return usage(fmt::format("no {} {} that you may see", what, name));
}

}  // namespace

client::Failure usage(std::string what) { return {client::Failure::Kind::Usage, std::move(what)}; }

bool is_number(const std::string& text) {
  // Longer ones are no ids.
  return !text.empty() && text.size() < 19 &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

client::Outcome<std::uint64_t> role_id(const client::State& state, const std::string& key) {
  const v1::Role* role = state.find_role(key);
  if (role == nullptr) return usage("no role " + key + " (fenghuo duty show lists them)");
  return role->id();
}

client::Outcome<std::uint64_t> account_id(const client::State& state, const std::string& key) {
  const v1::Account* account = state.find_account(key);
  if (account == nullptr) return usage("no account " + key);
  return account->id();
}

client::Outcome<std::uint64_t> contact_id(const client::State& state, const std::string& key) {
  for (const auto& [id, contact] : state.contacts()) {
    if (contact.key() == key) return id;
  }
  return usage("no contact " + key);
}

client::Outcome<Party> party(const client::State& state, const std::string& word) {
  constexpr std::string_view contact = "contact:";
  constexpr std::string_view account = "account:";
  Party found;
  if (word.starts_with(contact)) {
    const auto id = contact_id(state, word.substr(contact.size()));
    if (!id) return id.error();
    found.contact_id = *id;
  } else if (word.starts_with(account)) {
    const auto id = account_id(state, word.substr(account.size()));
    if (!id) return id.error();
    found.account_id = *id;
  } else if (const v1::Role* role = state.find_role(word)) {
    found.role_id = role->id();
  } else if (const v1::Account* person = state.find_account(word)) {
    found.account_id = person->id();
  } else if (const auto id = contact_id(state, word)) {
    found.contact_id = *id;
  } else {
    return usage("no role, account or contact " + word);
  }
  return found;
}

client::Outcome<v1::Snapshot> list(Opened& opened, v1::RowKind kind, std::uint64_t id,
                                   std::uint64_t before_id) {
  v1::Query query;
  v1::ListQuery& wanted = *query.mutable_list();
  wanted.set_kind(kind);
  wanted.set_id(id);
  wanted.set_before_id(before_id);
  wanted.set_limit(page);
  const auto result = opened.client->ask(query, patience);
  if (!result) return result.error();
  if (result->has_refused()) return client::Failure(result->refused());
  return result->list();
}

client::Outcome<v1::Order> find_order(Opened& opened, const std::string& name) {
  return row_by_name<v1::Order>(opened, v1::ROW_KIND_ORDER, &v1::Snapshot::orders, name, "order");
}

client::Outcome<v1::Incident> find_incident(Opened& opened, const std::string& name) {
  return row_by_name<v1::Incident>(opened, v1::ROW_KIND_INCIDENT, &v1::Snapshot::incidents, name,
                                   "incident");
}

client::Outcome<v1::Report> find_report(Opened& opened, std::uint64_t id) {
  return row_by_id<v1::Report>(opened, v1::ROW_KIND_REPORT, &v1::Snapshot::reports, id, "report");
}

client::Outcome<v1::Alarm> find_alarm(Opened& opened, std::uint64_t id) {
  return row_by_id<v1::Alarm>(opened, v1::ROW_KIND_ALARM, &v1::Snapshot::alarms, id, "alarm");
}

client::Outcome<v1::Warning> find_warning(Opened& opened, std::uint64_t id) {
  return row_by_id<v1::Warning>(opened, v1::ROW_KIND_WARNING, &v1::Snapshot::warnings, id,
                                "warning");
}

client::Outcome<v1::Intake> find_intake(Opened& opened, std::uint64_t id) {
  return row_by_id<v1::Intake>(opened, v1::ROW_KIND_INTAKE, &v1::Snapshot::intakes, id, "intake");
}

client::Outcome<v1::Spoken> find_spoken(Opened& opened, std::uint64_t id) {
  return row_by_id<v1::Spoken>(opened, v1::ROW_KIND_SPOKEN, &v1::Snapshot::spoken, id, "record");
}

client::Outcome<v1::Handover> find_handover(Opened& opened, std::uint64_t id) {
  return row_by_id<v1::Handover>(opened, v1::ROW_KIND_HANDOVER, &v1::Snapshot::handovers, id,
                                 "handover");
}

client::Outcome<v1::RollCall> find_roll_call(Opened& opened, std::uint64_t id) {
  return row_by_id<v1::RollCall>(opened, v1::ROW_KIND_ROLL_CALL, &v1::Snapshot::roll_calls, id,
                                 "roll-call");
}

v1::Message find_message(Opened& opened, std::uint64_t id) {
  v1::Query query;
  query.mutable_message()->set_message_id(id);
  const auto result = opened.client->ask(query, patience);
  return result && result->has_message() ? result->message().message() : v1::Message();
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace fenghuo::cli
