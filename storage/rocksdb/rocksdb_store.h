// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "storage/store.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace fenghuo::storage {

struct RocksdbOptions {
  // Blocks kept in memory, indexes included.
  std::size_t cache_bytes = 64 * 1024 * 1024;
  // With less than this free on the disk every write ends as NoSpace and nothing is written: the
  // engine of RocksDB itself must never run into a full disk, where it could not say what it kept.
  std::uint64_t reserve_bytes = 256 * 1024 * 1024;
};

// Opens the data folder for one hub, and makes it when it is missing or empty:
//
//   lock   held while open; UNAVAILABLE "locked by another hub (process N)" when somebody has it
//   HEAD   the durable head, written each second; see FORMAT.md
//   db/    RocksDB, one column family per kind of row; see FORMAT.md
//
// STORAGE_FAILED when the folder cannot be used: damaged, made by a newer hub, or with a log that
// ends below its HEAD or passes it with another hash (acknowledged records are missing). The caller
// ends with exit code 3.
//
// The store has a thread that writes the log and one that writes HEAD. Destroying it completes the
// appends asked for, then closes.
base::Result<std::unique_ptr<Store>> open_rocksdb_store(const std::filesystem::path& folder,
                                                        const RocksdbOptions& options = {});

// Opens the folder for reading, also while a hub runs on it: sees what that had written at the time
// of opening, no more. Appends end as Failed, writes of rows and blobs as STORAGE_FAILED. For
// tools.
base::Result<std::unique_ptr<Store>> open_rocksdb_read_only(const std::filesystem::path& folder);

}  // namespace fenghuo::storage
