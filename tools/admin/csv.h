// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/plan/problem.h"

#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::admin {

struct CsvField {
  // Without quotes and without spaces around it.
  std::string text;
  plan::Place place;
};

using CsvRow = std::vector<CsvField>;

// Comma-separated rows as spreadsheets write them: quoted fields, doubled quotes, line ends of any
// system, a byte order mark. Empty lines are left out. An open quote is a problem.
std::vector<CsvRow> parse_csv(std::string_view text, plan::Problems& problems);

}  // namespace fenghuo::admin
