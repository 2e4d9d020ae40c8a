// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"

#include <filesystem>
#include <memory>

namespace fenghuo::storage {

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
