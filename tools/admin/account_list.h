// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/plan.pb.h"
#include "hub/plan/problem.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::admin {

// People from a spreadsheet, by key like a plan.
struct AccountList {
  std::vector<v1::PlanAccount> accounts;
  // By account; only those that the list has one for.
  std::map<std::string, std::string> passwords;
  // In the order of the file. Nothing may be stored while there is one.
  std::vector<plan::Problem> problems;
};

// Reads a list whose first line names the columns: account, name_zh_hans and name_en are needed,
// name_zh_hant, kind, department, role, standing, phone, rooms, access_until and password may be
// there, in any order. A further line with an account seen before and no name adds an appointment.
// Several phones or rooms stand in one field, separated by ";"; a phone may begin with its kind
// ("radio: 01"), else it is a mobile one. Departments, roles and rooms must be in `center`,
// which holds all channels or, without `all_channels`, those that the operator's account sees.
AccountList read_account_list(std::string_view csv, const v1::Plan& center,
                              bool all_channels = true);

}  // namespace fenghuo::admin
