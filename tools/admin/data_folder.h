// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/store.h"
#include "tools/admin/center.h"
#include "tools/admin/terminal.h"

#include <filesystem>
#include <memory>
#include <string>

namespace fenghuo::admin {

// Reaches the center in a data folder; changing it needs that no hub runs on it.
Access access_to_folder(const std::filesystem::path& folder);

// For reading, also while a hub runs on it. UNAVAILABLE when there is no record.
base::Result<std::unique_ptr<storage::Store>> open_to_read(const std::filesystem::path& folder);

// Copies the record of a folder, which a hub may be running on, into a new folder. Half a copy
// never has the target's name. Returns the exit code.
int backup_folder(const Terminal& terminal, const std::filesystem::path& from,
                  const std::filesystem::path& to);

// Makes a data folder of a backup: the same record, and a new epoch.
int restore_folder(const Terminal& terminal, const std::filesystem::path& from,
                   const std::filesystem::path& to);

}  // namespace fenghuo::admin
