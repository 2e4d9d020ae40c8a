// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/plan/problem.h"

#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::roster {

struct CsvField {
  // Without quotes and without spaces around it.
  std::string text;
  plan::Place place;
};

using CsvRow = std::vector<CsvField>;

// Rows as spreadsheets write and copy them (RFC 4180): quoted fields, doubled quotes, line ends of
// any system, a byte order mark. Fields are parted by tabs when the first line has one, by
// semicolons when it has those and no comma, else by commas. Empty lines are left out. An open
// quote is a problem.
std::vector<CsvRow> parse_csv(std::string_view text, plan::Problems& problems);

}  // namespace fenghuo::roster
