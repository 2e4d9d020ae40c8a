// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "storage/event_log.h"

#include <filesystem>

namespace fenghuo::storage {

// Copies the data folder `from` to `to`, which must not exist or be empty, also while a hub runs on
// `from`: one consistent cut, from its last moments. The copy is complete, synced and has a HEAD of
// its own when this returns; its head is given back. The hub is not asked and not stopped.
//
// UNAVAILABLE when files were removed under our hands each time: try again. STORAGE_FAILED
// otherwise. The caller verifies the copy (verify.h), and starts a new epoch in it before it
// serves.
base::Result<Head> copy_rocksdb_store(const std::filesystem::path& from,
                                      const std::filesystem::path& to);

// STORAGE_FAILED when the log of the folder lacks what its file HEAD says was durable. For tools: a
// store that opens was checked.
base::Result<void> check_head_file(const std::filesystem::path& folder, const EventLog& log);

}  // namespace fenghuo::storage
