// SPDX-License-Identifier: Apache-2.0
#include "storage/rocksdb/rocksdb_store.h"

#include "hub/base/check.h"
#include "hub/base/log.h"
#include "storage/bytes.h"
#include "storage/rocksdb/database.h"
#include "storage/rocksdb/folder_lock.h"
#include "storage/rocksdb/head_file.h"
#include "storage/rocksdb/rocksdb_log.h"
#include "storage/rocksdb/rocksdb_rows.h"

#include <fmt/format.h>

namespace fenghuo::storage {

namespace {

// Raised when the layout of rows changes so that an older hub would misread it.
constexpr std::string_view layout_key = "layout";
constexpr std::uint64_t layout = 1;

base::Error storage_failed(std::string text) {
  return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED, std::move(text));
}

class RocksdbStore final : public Store {
 public:
  RocksdbStore(std::unique_ptr<FolderLock> lock, std::unique_ptr<HeadKeeper> keeper,
               std::unique_ptr<Database> database, std::unique_ptr<RocksdbEventLog> log)
      : lock_(std::move(lock)),
        keeper_(std::move(keeper)),
        database_(std::move(database)),
        rows_(*database_),
        medium_(*database_),
        blobs_(medium_, rows_),
        log_(std::move(log)) {}

  EventLog& log() override { return *log_; }
  OrderedStore& rows() override { return rows_; }
  BlobStore& blobs() override { return blobs_; }
  double free_share() const override { return database_->free_share(); }

 private:
  // In the order of their making: the log ends first, the lock is let go last.
  std::unique_ptr<FolderLock> lock_;
  std::unique_ptr<HeadKeeper> keeper_;
  std::unique_ptr<Database> database_;
  RocksdbOrderedStore rows_;
  RocksdbBlobMedium medium_;
  RowBlobStore blobs_;
  std::unique_ptr<RocksdbEventLog> log_;
};

base::Result<std::optional<std::uint64_t>> layout_of(const Database& database) {
  const auto value = database.get(Cf::Default, layout_key);
  if (!value) return value.error();
  if (!*value) return std::optional<std::uint64_t>();
  if ((*value)->size() != 8 || u64_at(**value, 0) != layout) {
    return storage_failed("the folder was written in another layout: use the hub that made it");
  }
  return std::optional(layout);
}

base::Result<void> write_layout(Database& database) {
  std::string value;
  put_u64(value, layout);
  rocksdb::WriteBatch batch;
  FENGHUO_CHECK(batch.Put(database.cf(Cf::Default), layout_key, value).ok());
  rocksdb::WriteOptions options;
  options.sync = true;
  return database.write(options, batch);
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_rocksdb_store_on(const std::filesystem::path& folder,
                                                           const RocksdbOptions& options,
                                                           rocksdb::Env* env) {
  if (auto made = make_folder(folder); !made) return made.error();
  auto lock = FolderLock::take(folder);
  if (!lock) return lock.error();
  const auto mark = read_head_file(folder);
  if (!mark) return mark.error();
  if (!*mark) {
    // Also inside a folder that others may look into.
    if (auto made = make_folder(folder / "db"); !made) return made.error();
  }
  // With a mark there was a database: a missing one is a loss, not a beginning.
  auto database = Database::open(folder, options, !mark->has_value(), env);
  if (!database) return database.error();
  const auto found = layout_of(**database);
  if (!found) return found.error();
  auto keeper = std::make_unique<HeadKeeper>(folder);
  auto log = RocksdbEventLog::open(**database, keeper.get());
  if (!log) return log.error();
  if (*mark) {
    if (auto sound = check_against_mark(**log, **mark); !sound) return sound.error();
  } else if ((*log)->head().position > 0) {
    base::log_warn("storage", "{} has no HEAD: what it should hold cannot be checked",
                   folder.string());
  }
  // Nothing is written before everything was found in order.
  if (!*found) {
    if (auto written = write_layout(**database); !written) return written.error();
  }
  const Head head = (*log)->head();
  if (auto written = write_head_file(folder, {head.position, head.hash}); !written) {
    return written.error();
  }
  return std::unique_ptr<Store>(std::make_unique<RocksdbStore>(
      std::move(*lock), std::move(keeper), std::move(*database), std::move(*log)));
}

base::Result<std::unique_ptr<Store>> open_rocksdb_store(const std::filesystem::path& folder,
                                                        const RocksdbOptions& options) {
  return open_rocksdb_store_on(folder, options, rocksdb::Env::Default());
}

base::Result<std::unique_ptr<Store>> open_rocksdb_read_only(const std::filesystem::path& folder) {
  auto database = Database::open_read_only(folder);
  if (!database) return database.error();
  if (const auto found = layout_of(**database); !found) return found.error();
  auto log = RocksdbEventLog::open(**database, nullptr);
  if (!log) return log.error();
  return std::unique_ptr<Store>(
      std::make_unique<RocksdbStore>(nullptr, nullptr, std::move(*database), std::move(*log)));
}

}  // namespace fenghuo::storage
