// SPDX-License-Identifier: Apache-2.0
#include "storage/rocksdb/rocksdb_rows.h"

#include "hub/base/check.h"
#include "hub/base/sha256.h"

namespace fenghuo::storage {

namespace {

class RocksdbRowCursor final : public RowCursor {
 public:
  explicit RocksdbRowCursor(std::unique_ptr<rocksdb::Iterator> rows) : rows_(std::move(rows)) {}

  void seek(std::string_view key) override { rows_->Seek(to_slice(key)); }
  void next() override { rows_->Next(); }
  bool valid() const override { return rows_->Valid(); }
  std::string_view key() const override { return rows_->key().ToStringView(); }
  std::string_view value() const override { return rows_->value().ToStringView(); }
  base::Result<void> status() const override {
    if (!rows_->status().ok()) return to_error(rows_->status(), "cannot read rows");
    return {};
  }

 private:
  std::unique_ptr<rocksdb::Iterator> rows_;
};

}  // namespace

base::Result<std::optional<std::string>> RocksdbOrderedStore::get(Family family,
                                                                  std::string_view key) const {
  return database_.get(cf_of(family), key);
}

base::Result<void> RocksdbOrderedStore::scan(Family family, std::string_view from,
                                             std::string_view to, bool reverse,
                                             const Visitor& visit) const {
  if (!to.empty() && to <= from) return {};
  const rocksdb::Slice lower = to_slice(from);
  const rocksdb::Slice upper = to_slice(to);
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &lower;
  if (!to.empty()) options.iterate_upper_bound = &upper;
  const auto rows = database_.iterate(cf_of(family), options);
  if (reverse) {
    rows->SeekToLast();
  } else {
    rows->SeekToFirst();
  }
  while (rows->Valid() && visit(rows->key().ToStringView(), rows->value().ToStringView())) {
    if (reverse) {
      rows->Prev();
    } else {
      rows->Next();
    }
  }
  if (!rows->status().ok()) return to_error(rows->status(), "cannot read rows");
  return {};
}

std::unique_ptr<RowCursor> RocksdbOrderedStore::cursor(Family family) const {
  return std::make_unique<RocksdbRowCursor>(
      database_.iterate(cf_of(family), rocksdb::ReadOptions()));
}

base::Result<void> RocksdbOrderedStore::write(const std::vector<Row>& rows) {
  rocksdb::WriteBatch batch;
  database_.add(batch, rows);
  // Never low_pri: its limiter lets 1 MiB/s through once compaction is behind, and aborts on a
  // batch larger than a tenth of that (an assertion that Debian's build keeps).
  rocksdb::WriteOptions options;
  // Durable with the next flush of their family, which RocksDB syncs the logs of all others before.
  options.disableWAL = are_derived(rows);
  return database_.write(options, batch);
}

base::Result<std::optional<std::string>> RocksdbBlobMedium::load(const base::Hash& hash) const {
  return database_.get(Cf::Blob, base::to_bytes(hash));
}

base::Result<void> RocksdbBlobMedium::store(const base::Hash& hash, std::string_view bytes,
                                            const std::vector<Row>& rows) {
  rocksdb::WriteBatch batch;
  FENGHUO_CHECK(
      batch.Put(database_.cf(Cf::Blob), base::to_bytes(hash), rocksdb::Slice(bytes)).ok());
  database_.add(batch, rows);
  rocksdb::WriteOptions options;
  options.sync = true;
  return database_.write(options, batch);
}

base::Result<void> RocksdbBlobMedium::remove(const base::Hash& hash, const std::vector<Row>& rows) {
  rocksdb::WriteBatch batch;
  FENGHUO_CHECK(batch.Delete(database_.cf(Cf::Blob), base::to_bytes(hash)).ok());
  database_.add(batch, rows);
  return database_.write(rocksdb::WriteOptions(), batch);
}

}  // namespace fenghuo::storage
