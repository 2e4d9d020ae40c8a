// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/core/state.h"
#include "storage/store.h"

#include <string>

namespace fenghuo::engine {

// How an empty data folder begins.
struct Genesis {
  std::string world_id;  // random, 16 bytes as hex
  std::string epoch;     // random, 16 bytes as hex
  std::string center_id = "center";
  v1::WorldCreated::Kind kind = v1::WorldCreated::KIND_REAL;
};

// Brings a State to the log's head: saved rows, then the records after them (all of them when the
// rows cannot be used). An empty log is given its first batch. Refuses a log of a newer format, and
// one whose saved rows are ahead of it. Start-up only; blocks.
base::Result<core::State> recover(storage::Store& store, const Genesis& genesis, base::TimeUs now);

// The same for a log that has its beginning: a State at its head.
base::Result<core::State> reload(storage::Store& store);

// Appends the first batch to an empty log; for a log whose completions somebody else pumps.
void begin(storage::EventLog& log, const Genesis& genesis, base::TimeUs now,
           storage::EventLog::Completion done);

}  // namespace fenghuo::engine
