// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/core/access.h"
#include "hub/core/directory.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

constexpr auto administer = v1::Grant::VERB_ADMINISTER;

bool administers_center(const Context& context) {
  return allows(context.state, context.actor(), administer, {}).allowed;
}

bool holds_center_role(const Context& context, EntityId account_id) {
  const auto& all = context.rows.of(account_id).appointments;
  return std::any_of(all.begin(), all.end(), [&](const v1::Appointment& one) {
    return !one.ended() && reaches_center(*context.state.role(one.role_id()));
  });
}

// Whoever administers a department manages its accounts, but nobody whose roles reach beyond it:
// otherwise he could take those over.
Problem check_administers(const Context& context, const v1::Account& account) {
  if (administers_center(context)) return std::nullopt;
  const Verdict verdict = allows(context.state, context.actor(), administer,
                                 {.department_id = account.department_id()});
  if (!verdict.allowed) return forbidden(verb_name(administer), verdict.reason);
  if (account.id() != 0 && holds_center_role(context, account.id())) {
    return forbidden(verb_name(administer), "the account holds a role of the whole center");
  }
  return std::nullopt;
}

Problem check_account(const Context& context, const v1::Account& account) {
  const std::string at = "put_account.account.";
  if (auto problem = check_key(account.key(), at + "key", true)) return problem;
  if (auto problem = check_name(account.name(), at + "name")) return problem;
  if (auto problem = check_phones(account.phones(), at + "phones")) return problem;
  if (account.kind() != v1::Account::KIND_PERSON && account.kind() != v1::Account::KIND_BOT &&
      account.kind() != v1::Account::KIND_GUEST) {
    return bad_argument(at + "kind", "a person, a bot or a guest");
  }
  if (account.department_id() != 0 &&
      context.state.department(account.department_id()) == nullptr) {
    return not_found(at + "department_id");
  }
  if (account.access_until_us() < 0) return bad_argument(at + "access_until_us", "negative");
  const bool guest = account.kind() == v1::Account::KIND_GUEST;
  if (!guest && account.room_ids_size() != 0) {
    return bad_argument(at + "room_ids", "only guests have a room list");
  }
  if (auto problem =
          check_count(account.room_ids_size(), limits::member_entries_max, at + "room_ids")) {
    return problem;
  }
  for (EntityId room : account.room_ids()) {
    if (context.state.channel(room) == nullptr) return not_found(at + "room_ids");
  }
  return std::nullopt;
}

Problem check_appointments(const Context& context, const v1::PutAccount& command) {
  const std::string at = "put_account.appointments.items";
  const auto& items = command.appointments().items();
  if (auto problem = check_count(items.size(), limits::appointments_per_account_max, at)) {
    return problem;
  }
  if (!items.empty() && command.account().kind() == v1::Account::KIND_GUEST) {
    return bad_argument(at, "guests hold no role");
  }
  const bool center = administers_center(context);
  std::vector<EntityId> seen;
  for (const v1::Appointment& item : items) {
    const v1::Role* role = context.state.role(item.role_id());
    if (role == nullptr || role->retired()) return not_found(at + ".role_id");
    if (holds(seen, role->id())) return bad_argument(at, "the same role twice");
    insert_id(seen, role->id());
    if (!v1::Appointment::Standing_IsValid(item.standing())) {
      return bad_argument(at + ".standing", "unknown");
    }
    const v1::Appointment* old =
        command.account().id() == 0
            ? nullptr
            : find_appointment(context.rows.of(command.account().id()), item.role_id());
    if (center || (old != nullptr && !old->ended())) continue;
    const Verdict verdict = allows(context.state, context.actor(), administer,
                                   {.department_id = role->department_id()});
    if (!verdict.allowed) return forbidden(verb_name(administer), verdict.reason);
    if (reaches_center(*role)) {
      return forbidden(verb_name(administer), "the role reaches the whole center");
    }
  }
  return std::nullopt;
}

void draft_appointments(const Context& context, const v1::PutAccount& command, EntityId account_id,
                        Draft& draft) {
  const AccountRows none;
  const AccountRows& rows =
      command.account().id() == 0 ? none : context.rows.of(command.account().id());
  std::vector<EntityId> kept;
  for (v1::Appointment item : command.appointments().items()) {
    insert_id(kept, item.role_id());
    item.set_account_id(account_id);
    item.set_ended(false);
    if (item.standing() == v1::Appointment::STANDING_UNSPECIFIED) {
      item.set_standing(v1::Appointment::STANDING_MEMBER);
    }
    const v1::Appointment* old = find_appointment(rows, item.role_id());
    item.set_revision(old == nullptr ? 0 : old->revision());
    if (old != nullptr && same(*old, item)) continue;
    item.clear_revision();
    *draft.add().mutable_appointment_set()->mutable_appointment() = item;
  }
  for (v1::Appointment old : rows.appointments) {
    if (old.ended() || holds(kept, old.role_id())) continue;
    old.set_ended(true);
    old.clear_revision();
    *draft.add().mutable_appointment_set()->mutable_appointment() = old;
  }
}

// A token for an account that has its full number: the one issued first goes, so that nobody is
// locked out by his own old logins.
void draft_oldest_token_ended(const Context& context, EntityId account_id, Draft& draft) {
  const auto& tokens = context.rows.of(account_id).tokens;
  if (tokens.size() < limits::tokens_per_account_max) return;
  EntityId oldest = tokens.front();
  for (EntityId id : tokens) {
    const base::TimeUs expires = context.state.token(id)->expires_us;
    if (expires == 0 || expires > context.now) continue;
    oldest = id;
    break;
  }
  draft.add().mutable_token_revoked()->set_token_id(oldest);
}

}  // namespace

base::Result<Decision> decide_put_account(const Context& context, const v1::PutAccount& command) {
  v1::Account account = command.account();
  const v1::Account* old = context.state.account(account.id());
  if (account.id() != 0 && old == nullptr) return not_found("put_account.account.id");
  if (old != nullptr) {
    if (auto problem = check_administers(context, *old)) return *problem;
    if (account.key().empty()) account.set_key(old->key());
    if (account.kind() == v1::Account::KIND_UNSPECIFIED) account.set_kind(old->kind());
    if (account.key() != old->key() || account.kind() != old->kind()) {
      return bad_argument("put_account.account.key", "key and kind of an account never change");
    }
    if (account.revision() != 0 && account.revision() != old->revision()) {
      return base::Error(v1::ERROR_CODE_STALE_REVISION, "the account has changed since",
                         "put_account.account.revision")
          .with("current", std::to_string(old->revision()));
    }
  }
  if (auto problem = check_administers(context, account)) return *problem;
  if (auto problem = check_account(context, account)) return *problem;
  if (auto problem = check_appointments(context, command)) return *problem;
  if (old == nullptr) {
    if (context.state.account_by_key(account.key()) != nullptr) {
      return base::Error(v1::ERROR_CODE_ALREADY_EXISTS, "an account with this key exists",
                         "put_account.account.key");
    }
    if (context.state.account_count() >= limits::accounts_max) {
      return limit_reached("accounts", limits::accounts_max);
    }
  }
  Draft draft(context);
  const EntityId id = old == nullptr ? draft.next() : old->id();
  account.set_revision(old == nullptr ? 0 : old->revision());
  if (old == nullptr || !same(*old, account)) {
    account.clear_revision();
    *draft.add().mutable_account_set()->mutable_account() = std::move(account);
  }
  if (command.has_appointments()) draft_appointments(context, command, id, draft);
  return draft.finish();
}

base::Result<Decision> decide_set_credential(const Context& context,
                                             const v1::SetCredential& command) {
  const v1::Account* account = context.state.account(command.account_id());
  if (account == nullptr) return not_found("set_credential.account_id");
  if (account->id() != context.actor()) {
    if (auto problem = check_administers(context, *account)) return *problem;
  }
  const std::string field = "set_credential.password_hash";
  if (auto problem = check_text(command.password_hash(), 0, limits::password_bytes_max, field)) {
    return *problem;
  }
  if (!command.password_hash().empty() && !command.password_hash().starts_with("$argon2id$")) {
    return bad_argument(field, "not an argon2id hash");
  }
  Draft draft(context);
  if (context.state.password_hash(account->id()) != command.password_hash()) {
    v1::CredentialSet& event = *draft.add().mutable_credential_set();
    event.set_account_id(account->id());
    event.set_password_hash(command.password_hash());
  }
  return draft.finish();
}

base::Result<Decision> decide_issue_token(const Context& context, const v1::IssueToken& command) {
  const v1::Account* account = context.state.account(command.account_id());
  if (account == nullptr) return not_found("issue_token.account_id");
  if (account->id() != context.actor()) {
    if (auto problem = check_administers(context, *account)) return *problem;
  }
  if (account->disabled()) return base::Error(v1::ERROR_CODE_ACCOUNT_DISABLED);
  if (!context.state.is_active(account->id(), context.now)) {
    return base::Error(v1::ERROR_CODE_ACCESS_EXPIRED);
  }
  if (command.token_hash().size() != 32) {
    return bad_argument("issue_token.token_hash", "32 bytes of SHA-256");
  }
  if (context.state.token_by_hash(command.token_hash()) != nullptr) {
    return base::Error(v1::ERROR_CODE_ALREADY_EXISTS, "this token exists",
                       "issue_token.token_hash");
  }
  if (command.expires_us() != 0 && command.expires_us() <= context.now) {
    return bad_argument("issue_token.expires_us", "in the past");
  }
  if (auto problem =
          check_text(command.label(), 0, limits::token_label_bytes_max, "issue_token.label")) {
    return *problem;
  }
  Draft draft(context);
  v1::TokenIssued& event = *draft.add().mutable_token_issued();
  event.set_account_id(account->id());
  event.set_token_hash(command.token_hash());
  event.set_expires_us(command.expires_us());
  event.set_label(command.label());
  draft_oldest_token_ended(context, account->id(), draft);
  return draft.finish();
}

base::Result<Decision> decide_revoke_token(const Context& context, const v1::RevokeToken& command) {
  const TokenRow* token = context.state.token(command.token_id());
  if (token == nullptr) return not_found("revoke_token.token_id");
  if (token->account_id != context.actor() &&
      check_administers(context, *context.state.account(token->account_id)).has_value()) {
    return not_found("revoke_token.token_id");
  }
  Draft draft(context);
  draft.add().mutable_token_revoked()->set_token_id(token->id);
  return draft.finish();
}

}  // namespace fenghuo::core
