// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/opening.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fenghuo::cli {

// What people type, found in what they see. All failures are Usage and say what was not found.
client::Failure usage(std::string what);
bool is_number(const std::string& text);

client::Outcome<std::uint64_t> role_id(const client::State& state, const std::string& key);
// By key; an id is not taken, since people do not know it.
client::Outcome<std::uint64_t> account_id(const client::State& state, const std::string& key);
client::Outcome<std::uint64_t> contact_id(const client::State& state, const std::string& key);

// A role, or "contact:KEY", or "account:KEY" (also a bare key of an account that is no role).
struct Party {
  std::uint64_t role_id = 0;
  std::uint64_t contact_id = 0;
  std::uint64_t account_id = 0;
};
client::Outcome<Party> party(const client::State& state, const std::string& word);

// Rows of one kind, newest first, ended ones too; id 0 = the newest 200, else only that one.
client::Outcome<v1::Snapshot> list(Opened& opened, v1::RowKind kind, std::uint64_t id,
                                   std::uint64_t before_id = 0);

// By number ("A-7", "I-7") or id, ended ones too.
client::Outcome<v1::Order> find_order(Opened& opened, const std::string& name);
client::Outcome<v1::Incident> find_incident(Opened& opened, const std::string& name);

// By id.
client::Outcome<v1::Report> find_report(Opened& opened, std::uint64_t id);
client::Outcome<v1::Alarm> find_alarm(Opened& opened, std::uint64_t id);
client::Outcome<v1::Warning> find_warning(Opened& opened, std::uint64_t id);
client::Outcome<v1::Intake> find_intake(Opened& opened, std::uint64_t id);
client::Outcome<v1::Spoken> find_spoken(Opened& opened, std::uint64_t id);
client::Outcome<v1::Handover> find_handover(Opened& opened, std::uint64_t id);
client::Outcome<v1::RollCall> find_roll_call(Opened& opened, std::uint64_t id);

// A message by id; an empty one when it may not be read.
v1::Message find_message(Opened& opened, std::uint64_t id);

// "a", "b" = "a b".
std::string joined(const std::vector<std::string>& words);

}  // namespace fenghuo::cli
