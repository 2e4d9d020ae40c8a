// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/roster/planned.h"

#include <string_view>
#include <vector>

namespace fenghuo::roster {

// The shifts of a table (see csv.h) in UTF-8, in its order, and every problem of every row. The
// first line names the columns, in any order: role, person, from, to, and if wanted standing and
// zone; or in Chinese 岗位, 人员, 开始, 结束, 席位, 时区. A row is left out of the result when
// something in it is wrong. Times are local: of the row's zone, else of `zone`. Limits:
// roster_table_bytes_max, shifts_per_command_max rows.
std::vector<Planned> read_table(std::string_view text, const Directory& directory, const Zone& zone,
                                plan::Problems& problems);

}  // namespace fenghuo::roster
