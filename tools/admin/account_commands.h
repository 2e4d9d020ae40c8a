// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/identity/password.h"
#include "tools/admin/terminal.h"

#include <string>
#include <vector>

namespace fenghuo::admin {

struct NewAccount {
  std::string key;
  std::string name_zh_hans;
  std::string name_zh_hant;
  std::string name_en;
  std::string kind = "person";
  std::string department;
  // "ROLE" or "ROLE STANDING".
  std::vector<std::string> roles;
  std::vector<std::string> phones;
  std::vector<std::string> rooms;
  std::string access_until;
  // Empty = one is made and printed (never for bots).
  std::string password;
  // Appoints to the role that administers the center, which is made when there is none.
  bool admin = false;
};

// Each returns the exit code. `center_id` names the center that an empty folder becomes.

int account_add(const Terminal& terminal, const Access& access, const std::string& center_id,
                const identity::HashingCost& cost, const NewAccount& account);

// Stores nothing while one row is wrong, or with `dry_run`. Accounts that exist are brought to what
// the list says; their passwords stay.
int account_import(const Terminal& terminal, const Access& access, const std::string& center_id,
                   const identity::HashingCost& cost, const std::string& file, bool dry_run);

// Nobody gets in with it any more, or again.
int account_disable(const Terminal& terminal, const Access& access, const std::string& key,
                    bool undo);

// A new password; an empty one is made and printed.
int account_reset(const Terminal& terminal, const Access& access, const identity::HashingCost& cost,
                  const std::string& key, const std::string& password);

// A token, printed once. `days` 0 = no end.
int account_token(const Terminal& terminal, const Access& access, const std::string& key,
                  const std::string& label, int days, base::TimeUs now);

}  // namespace fenghuo::admin
