// SPDX-License-Identifier: Apache-2.0
#include "storage/rocksdb/backup.h"

#include "hub/base/check.h"
#include "storage/rocksdb/database.h"
#include "storage/rocksdb/folder_lock.h"
#include "storage/rocksdb/head_file.h"
#include "storage/rocksdb/rocksdb_log.h"

#include <fmt/format.h>

#include <system_error>

namespace fenghuo::storage {

namespace {

constexpr std::size_t chunk_bytes = 4 * 1024 * 1024;

base::Error storage_failed(std::string text) {
  return base::Error(base::ErrorCode::ERROR_CODE_STORAGE_FAILED, std::move(text));
}

// No WAL: the copy is worth nothing before its end, where everything is flushed.
base::Result<void> write_chunk(Database& to, rocksdb::WriteBatch& chunk) {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  auto written = to.write(options, chunk);
  chunk.Clear();
  return written;
}

base::Result<void> copy_family(const Database& from, Database& to, Cf family) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const auto rows = from.iterate(family, options);
  rocksdb::WriteBatch chunk;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    FENGHUO_CHECK(chunk.Put(to.cf(family), rows->key(), rows->value()).ok());
    if (chunk.GetDataSize() < chunk_bytes) continue;
    if (auto written = write_chunk(to, chunk); !written) return written;
  }
  if (!rows->status().ok()) {
    return base::Error(base::ErrorCode::ERROR_CODE_UNAVAILABLE,
                       fmt::format("cannot read the record: {}", rows->status().ToString()));
  }
  return write_chunk(to, chunk);
}

base::Result<void> copy_all(const Database& from, Database& to) {
  for (std::size_t family = 0; family < cf_count; ++family) {
    if (auto copied = copy_family(from, to, static_cast<Cf>(family)); !copied) return copied;
    const auto status = to.db().Flush(rocksdb::FlushOptions(), to.cf(static_cast<Cf>(family)));
    if (!status.ok()) return to_error(status, "cannot finish the copy");
  }
  return {};
}

base::Result<Head> finish(Database& to, const std::filesystem::path& folder) {
  auto log = RocksdbEventLog::open(to, nullptr);
  if (!log) return log.error();
  const Head head = (*log)->head();
  auto written = write_head_file(folder, {head.position, head.hash});
  if (!written) return written.error();
  return head;
}

}  // namespace

base::Result<Head> copy_rocksdb_store(const std::filesystem::path& from,
                                      const std::filesystem::path& to) {
  if (auto made = make_folder(to); !made) return made.error();
  std::error_code error;
  if (!std::filesystem::is_empty(to, error) || error) {
    return storage_failed(fmt::format("{} is not an empty folder that can be used", to.string()));
  }
  auto lock = FolderLock::take(to);
  if (!lock) return lock.error();
  if (auto made = make_folder(to / "db"); !made) return made.error();
  // Opened once: the copy is of that moment, whatever the hub writes meanwhile.
  const auto source = Database::open_read_only(from);
  if (!source) return source.error();
  auto target = Database::open(to, {}, true, rocksdb::Env::Default());
  if (!target) return target.error();
  if (auto copied = copy_all(**source, **target); !copied) return copied.error();
  return finish(**target, to);
}

base::Result<void> check_head_file(const std::filesystem::path& folder, const EventLog& log) {
  const auto mark = read_head_file(folder);
  if (!mark) return mark.error();
  if (!*mark) return {};
  return check_against_mark(log, **mark);
}

}  // namespace fenghuo::storage
