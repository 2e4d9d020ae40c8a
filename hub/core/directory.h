// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/apply.h"
#include "hub/core/context.h"

namespace fenghuo::core {

// World, departments, roles, accounts, contacts, appointments, credentials and tokens.

base::Result<Decision> decide_put_account(const Context& context, const v1::PutAccount& command);
base::Result<Decision> decide_set_credential(const Context& context,
                                             const v1::SetCredential& command);
base::Result<Decision> decide_issue_token(const Context& context, const v1::IssueToken& command);
base::Result<Decision> decide_revoke_token(const Context& context, const v1::RevokeToken& command);

void apply_plan_applied(State::Rows& rows, const v1::PlanApplied& event);
void apply_configuration_set(State::Rows& rows, const Record& record);
void apply_department_set(State::Rows& rows, const Record& record, Effects& effects);
void apply_role_set(State::Rows& rows, const Record& record, Effects& effects);
void apply_account_set(State::Rows& rows, const Record& record, Effects& effects);
void apply_contact_set(State::Rows& rows, const Record& record);
void apply_appointment_set(State::Rows& rows, const Record& record, Effects& effects);
void apply_credential_set(State::Rows& rows, const v1::CredentialSet& event);
void apply_token_issued(State::Rows& rows, const Record& record);
void apply_token_revoked(State::Rows& rows, const v1::TokenRevoked& event, Effects& effects);
void apply_access_expired(State::Rows& rows, const Record& record, Effects& effects);

// The appointment row of an account, ended ones included; null = none.
const v1::Appointment* find_appointment(const AccountRows& account, base::EntityId role_id);

// Indexes of directory rows, built again by load().
void index_role(State::Rows& rows, const v1::Role& role);
void index_account(State::Rows& rows, const v1::Account& account);
void index_token(State::Rows& rows, const TokenRow& token, const std::string& hash);

}  // namespace fenghuo::core
