// SPDX-License-Identifier: Apache-2.0
#include "storage/rocksdb/database.h"

#include "hub/base/check.h"

#include <fmt/format.h>

#include <sys/statvfs.h>

#include <cstdlib>
#include <system_error>
#include <thread>

namespace fenghuo::storage {

namespace {

constexpr std::uint64_t mib = 1024 * 1024;

rocksdb::DBOptions database_options(rocksdb::Env* env) {
  rocksdb::DBOptions options;
  options.env = env;
  options.create_missing_column_families = true;
  options.paranoid_checks = true;
  // What the log has lost must show. A WAL that is missing or shorter than when it was closed
  // refuses to open. In the last one, replay stops at the first damaged record: after a power
  // failure that is the unsynced tail, whose pages reach the disk in any order
  // (kTolerateCorruptedTailRecords takes only a cut-off tail, and would keep a hub down for a torn
  // write that nobody was told of). That nothing synced went with it is checked against HEAD.
  options.track_and_verify_wals_in_manifest = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.recycle_log_file_num = 0;
  // Bounds of what a restart replays, and of memory.
  options.max_total_wal_size = 64 * mib;
  options.db_write_buffer_size = 128 * mib;
  options.avoid_flush_during_recovery = true;
  options.skip_stats_update_on_db_open = true;
  options.max_open_files = 512;
  options.max_background_jobs = 2;
  options.bytes_per_sync = 1 * mib;
  // Its own notes: few and small.
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.keep_log_file_num = 4;
  options.max_log_file_size = 4 * mib;
  options.max_manifest_file_size = 64 * mib;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

base::Error failed_before() {
  return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED,
                     "a write to this store failed before, or it was opened for reading");
}

}  // namespace

base::Error to_error(const rocksdb::Status& status, std::string_view doing) {
  const bool may_pass = status.IsBusy() || status.IsTimedOut() || status.IsTryAgain();
  return base::Error(may_pass ? base::ErrorCode::ERROR_CODE_UNAVAILABLE
                              : base::ErrorCode::ERROR_CODE_STORAGE_FAILED,
                     fmt::format("{}: {}", doing, status.ToString()));
}

base::Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& folder,
                                                       const RocksdbOptions& options, bool create,
                                                       rocksdb::Env* env) {
  std::unique_ptr<Database> database(new Database(folder, options.reserve_bytes));
  rocksdb::DBOptions settings = database_options(env);
  settings.create_if_missing = create;
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(
      settings, (folder / "db").string(),
      describe_families(rocksdb::NewLRUCache(options.cache_bytes)), &database->handles_, &db);
  if (!status.ok()) return to_error(status, "cannot open the record");
  database->db_.reset(db);
  return database;
}

base::Result<std::unique_ptr<Database>> Database::open_read_only(
    const std::filesystem::path& folder) {
  std::unique_ptr<Database> database(new Database(folder, 0));
  database->read_only_ = true;
  std::string scratch = (std::filesystem::temp_directory_path() / "fenghuo-read-XXXXXX").string();
  if (mkdtemp(scratch.data()) == nullptr) {
    return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED, "no temporary folder");
  }
  database->scratch_ = scratch;
  rocksdb::DBOptions settings = database_options(rocksdb::Env::Default());
  settings.create_missing_column_families = false;
  settings.track_and_verify_wals_in_manifest = false;
  // Files that the hub deletes later stay readable through their open descriptors.
  settings.max_open_files = -1;
  const auto families = describe_families(rocksdb::NewLRUCache(RocksdbOptions().cache_bytes));
  rocksdb::Status status;
  // The hub may remove a file between our reading its name and opening it: look again.
  for (int attempt = 0; attempt < 10; ++attempt) {
    rocksdb::DB* db = nullptr;
    status = rocksdb::DB::OpenAsSecondary(settings, (folder / "db").string(), scratch, families,
                                          &database->handles_, &db);
    if (status.ok()) {
      database->db_.reset(db);
      return database;
    }
    std::this_thread::yield();
  }
  return to_error(status, "cannot read the record");
}

Database::~Database() {
  if (db_) {
    for (rocksdb::ColumnFamilyHandle* const handle : handles_) {
      db_->DestroyColumnFamilyHandle(handle);
    }
    db_->Close();
    db_.reset();
  }
  std::error_code ignored;
  if (!scratch_.empty()) std::filesystem::remove_all(scratch_, ignored);
}

base::Result<std::optional<std::string>> Database::get(Cf family, std::string_view key) const {
  std::string value;
  const auto status = db_->Get(rocksdb::ReadOptions(), cf(family), to_slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return to_error(status, "cannot read a row");
  return std::optional(std::move(value));
}

std::unique_ptr<rocksdb::Iterator> Database::iterate(Cf family,
                                                     const rocksdb::ReadOptions& options) const {
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, cf(family)));
}

void Database::add(rocksdb::WriteBatch& batch, const std::vector<Row>& rows) const {
  for (const Row& row : rows) {
    rocksdb::ColumnFamilyHandle* const family = cf(cf_of(row.family));
    const auto status =
        row.value ? batch.Put(family, row.key, *row.value) : batch.Delete(family, row.key);
    // Only a bound on the size of a batch could refuse it, and none is set.
    FENGHUO_CHECK(status.ok());
  }
}

base::Result<void> Database::write(const rocksdb::WriteOptions& options,
                                   rocksdb::WriteBatch& batch) {
  if (failed_ || read_only_) return failed_before();
  if (!has_room(batch.GetDataSize())) {
    return base::Error(base::ErrorCode::ERROR_CODE_NO_SPACE,
                       fmt::format("less than {} bytes are left on the disk", reserve_bytes_));
  }
  const auto status = db_->Write(options, &batch);
  if (!status.ok()) {
    failed_ = true;
    return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED,
                       fmt::format("cannot write: {}", status.ToString()));
  }
  return {};
}

bool Database::has_room(std::uint64_t bytes) const {
  struct statvfs disk{};
  if (statvfs(folder_.c_str(), &disk) != 0) return true;
  return disk.f_bavail * disk.f_frsize >= reserve_bytes_ + bytes;
}

double Database::free_share() const {
  struct statvfs disk{};
  if (statvfs(folder_.c_str(), &disk) != 0 || disk.f_blocks == 0) return 0;
  return static_cast<double>(disk.f_bavail) / static_cast<double>(disk.f_blocks);
}

}  // namespace fenghuo::storage
