// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "storage/store.h"
#include "tools/admin/terminal.h"

#include <cstdint>

namespace fenghuo::admin {

// All read only; each returns the exit code.

// Reads everything and believes nothing; says the first bad place.
int verify_record(const Terminal& terminal, storage::Store& store);

// Records from `from` on as JSON, one a line: position, time, event, body. Password
// hashes are left out. `count` 0 = all.
int dump_record(const Terminal& terminal, storage::Store& store, base::Position from,
                std::uint64_t count);

// How much there is of what.
int record_stats(const Terminal& terminal, storage::Store& store);

}  // namespace fenghuo::admin
