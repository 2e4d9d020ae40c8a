// SPDX-License-Identifier: Apache-2.0
#include "storage/rocksdb/folder_lock.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

namespace fenghuo::storage {

namespace {

std::string holder(int file) {
  std::array<char, 32> text{};
  const ssize_t read = ::pread(file, text.data(), text.size() - 1, 0);
  std::string process(text.data(), read > 0 ? static_cast<std::size_t>(read) : 0);
  while (!process.empty() && process.back() == '\n') process.pop_back();
  return process.empty() ? "unknown" : process;
}

}  // namespace

base::Result<void> make_folder(const std::filesystem::path& folder) {
  // "data/" names the folder before the slash.
  const auto path = folder.has_filename() ? folder : folder.parent_path();
  std::error_code failed;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), failed);
  if (!failed && ::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    failed = std::error_code(errno, std::generic_category());
  }
  std::error_code ignored;
  if (!failed && !std::filesystem::is_directory(path, ignored)) {
    failed = std::make_error_code(std::errc::not_a_directory);
  }
  if (!failed) return {};
  return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED,
                     fmt::format("cannot make {}: {}", path.string(), failed.message()));
}

base::Result<std::unique_ptr<FolderLock>> FolderLock::take(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return base::Error(
        base::ErrorCode::ERROR_CODE_STORAGE_FAILED,
        fmt::format("cannot use {}: {}", path.string(), std::generic_category().message(errno)));
  }
  std::unique_ptr<FolderLock> lock(new FolderLock(file));
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return base::Error(
        base::ErrorCode::ERROR_CODE_UNAVAILABLE,
        fmt::format("{} is locked by another hub (process {})", folder.string(), holder(file)));
  }
  const std::string process = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, process.data(), process.size(), 0) < 0) {
    return base::Error(
        base::ErrorCode::ERROR_CODE_STORAGE_FAILED,
        fmt::format("cannot write {}: {}", path.string(), std::generic_category().message(errno)));
  }
  return lock;
}

FolderLock::~FolderLock() { ::close(file_); }

}  // namespace fenghuo::storage
