// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace fenghuo::storage {

// Files of which it is known how much was synced. After cut_power() nothing changes any more, and
// survivors() is what a disk would hold: of each file what was synced, and with a seed a random
// part of the rest. Thread-safe.
class UnsyncedDisk final : public rocksdb::FileSystemWrapper {
 public:
  UnsyncedDisk();

  const char* Name() const override { return "UnsyncedDisk"; }

  void cut_power();
  // From now on a sync fails, as of a disk that is going.
  void fail_syncs();
  // Copies the folder as it survives.
  void survivors(const std::filesystem::path& from, const std::filesystem::path& to,
                 std::optional<std::uint64_t> seed) const;

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

  // Of the files it made: whether a write may go through, and what is synced now.
  rocksdb::IOStatus may_write() const;
  rocksdb::IOStatus may_sync() const;
  void synced(const std::string& name, std::uint64_t size);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t> synced_;
  bool power_ = true;
  bool syncs_ = true;
};

// An Env on such a disk.
struct UnsyncedEnv {
  std::shared_ptr<UnsyncedDisk> disk = std::make_shared<UnsyncedDisk>();
  std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
};

}  // namespace fenghuo::storage
