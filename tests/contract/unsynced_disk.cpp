// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/unsynced_disk.h"

#include <random>

namespace fenghuo::storage {

namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

class WatchedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WatchedFile(std::unique_ptr<rocksdb::FSWritableFile> file, UnsyncedDisk& disk, std::string name)
      : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), name_(std::move(name)) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    if (auto may = disk_.may_write(); !may.ok()) return may;
    size_ += data.size();
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    if (auto may = disk_.may_write(); !may.ok()) return may;
    size_ = size;
    return FSWritableFileOwnerWrapper::Truncate(size, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return sync(FSWritableFileOwnerWrapper::Sync(options, debug));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return sync(FSWritableFileOwnerWrapper::Fsync(options, debug));
  }

 private:
  IOStatus sync(IOStatus status) {
    if (auto may = disk_.may_sync(); !may.ok()) return may;
    if (status.ok()) disk_.synced(name_, size_);
    return status;
  }

  UnsyncedDisk& disk_;
  std::string name_;
  std::uint64_t size_ = 0;
};

IOStatus no_power() { return IOStatus::IOError("the power is off"); }

}  // namespace

UnsyncedDisk::UnsyncedDisk() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

void UnsyncedDisk::cut_power() {
  const std::lock_guard lock(mutex_);
  power_ = false;
}

void UnsyncedDisk::fail_syncs() {
  const std::lock_guard lock(mutex_);
  syncs_ = false;
}

IOStatus UnsyncedDisk::may_write() const {
  const std::lock_guard lock(mutex_);
  return power_ ? IOStatus::OK() : no_power();
}

IOStatus UnsyncedDisk::may_sync() const {
  const std::lock_guard lock(mutex_);
  return power_ && syncs_ ? IOStatus::OK() : IOStatus::IOError("the sync fails");
}

void UnsyncedDisk::synced(const std::string& name, std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  synced_[name] = size;
}

IOStatus UnsyncedDisk::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       IODebugContext* debug) {
  if (auto may = may_write(); !may.ok()) return may;
  std::unique_ptr<rocksdb::FSWritableFile> made;
  const IOStatus status = FileSystemWrapper::NewWritableFile(name, options, &made, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<WatchedFile>(std::move(made), *this, name);
  synced(name, 0);
  return status;
}

IOStatus UnsyncedDisk::RenameFile(const std::string& from, const std::string& to,
                                  const IOOptions& options, IODebugContext* debug) {
  if (auto may = may_write(); !may.ok()) return may;
  const IOStatus status = FileSystemWrapper::RenameFile(from, to, options, debug);
  const std::lock_guard lock(mutex_);
  if (auto known = synced_.extract(from); status.ok() && known) synced_[to] = known.mapped();
  return status;
}

IOStatus UnsyncedDisk::DeleteFile(const std::string& name, const IOOptions& options,
                                  IODebugContext* debug) {
  if (auto may = may_write(); !may.ok()) return may;
  return FileSystemWrapper::DeleteFile(name, options, debug);
}

void UnsyncedDisk::survivors(const std::filesystem::path& from, const std::filesystem::path& to,
                             std::optional<std::uint64_t> seed) const {
  const std::lock_guard lock(mutex_);
  std::mt19937_64 random(seed.value_or(0));
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(to)) {
    if (!entry.is_regular_file()) continue;
    const auto original = from / std::filesystem::relative(entry.path(), to);
    const auto known = synced_.find(original.string());
    if (known == synced_.end() || entry.file_size() <= known->second) continue;
    const std::uint64_t unsynced = entry.file_size() - known->second;
    const std::uint64_t kept = seed ? random() % (unsynced + 1) : 0;
    std::filesystem::resize_file(entry.path(), known->second + kept);
  }
}

}  // namespace fenghuo::storage
