// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"

#include <filesystem>
#include <memory>

namespace fenghuo::storage {

// Makes the folder, for its owner alone (0700), with what is missing above it. One that is there
// stays as it is. STORAGE_FAILED when that cannot be.
base::Result<void> make_folder(const std::filesystem::path& folder);

// Holds the file `lock` of a data folder, which names the process that has it. The operating system
// lets go of it when that process ends, however it ends.
class FolderLock {
 public:
  // UNAVAILABLE when another has it, STORAGE_FAILED when the file cannot be made.
  static base::Result<std::unique_ptr<FolderLock>> take(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

}  // namespace fenghuo::storage
