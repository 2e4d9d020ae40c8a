// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "storage/ordered_store.h"
#include "storage/rocksdb/families.h"
#include "storage/rocksdb/rocksdb_store.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Inside this room only: the one header with RocksDB types that its files share.
namespace fenghuo::storage {

// As an error of ours: UNAVAILABLE for what may pass, else STORAGE_FAILED.
base::Error to_error(const rocksdb::Status& status, std::string_view doing);

// A view of nothing has no address, which RocksDB does not take.
inline rocksdb::Slice to_slice(std::string_view bytes) {
  return bytes.data() == nullptr ? rocksdb::Slice() : rocksdb::Slice(bytes);
}

// An open RocksDB with its families. Thread-safe.
class Database {
 public:
  // `env`: where files lie; tests give one that loses what was not synced.
  static base::Result<std::unique_ptr<Database>> open(const std::filesystem::path& folder,
                                                      const RocksdbOptions& options, bool create,
                                                      rocksdb::Env* env);
  static base::Result<std::unique_ptr<Database>> open_read_only(
      const std::filesystem::path& folder);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* cf(Cf cf) const { return handles_[static_cast<std::size_t>(cf)]; }

  base::Result<std::optional<std::string>> get(Cf cf, std::string_view key) const;
  std::unique_ptr<rocksdb::Iterator> iterate(Cf cf, const rocksdb::ReadOptions& options) const;

  void add(rocksdb::WriteBatch& batch, const std::vector<Row>& rows) const;
  // Fails closed: NO_SPACE with less than the reserve left (nothing is written); STORAGE_FAILED for
  // good after a write has failed.
  base::Result<void> write(const rocksdb::WriteOptions& options, rocksdb::WriteBatch& batch);

  bool has_failed() const { return failed_.load(); }
  bool has_room(std::uint64_t bytes) const;
  // 0 to 1.
  double free_share() const;

 private:
  Database(std::filesystem::path folder, std::uint64_t reserve_bytes)
      : folder_(std::move(folder)), reserve_bytes_(reserve_bytes) {}

  std::filesystem::path folder_;
  std::uint64_t reserve_bytes_;
  bool read_only_ = false;
  // Where a reader beside a hub keeps its own notes; removed at the end.
  std::filesystem::path scratch_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  std::atomic<bool> failed_ = false;
};

// As open_rocksdb_store, on the files of `env`.
base::Result<std::unique_ptr<Store>> open_rocksdb_store_on(const std::filesystem::path& folder,
                                                           const RocksdbOptions& options,
                                                           rocksdb::Env* env);

}  // namespace fenghuo::storage
