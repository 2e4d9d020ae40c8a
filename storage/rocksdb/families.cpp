// SPDX-License-Identifier: Apache-2.0
#include "storage/rocksdb/families.h"

#include "hub/base/check.h"

#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

namespace fenghuo::storage {

namespace {

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;

enum class Workload {
  // What the folder says about itself: a row or two. RocksDB insists that this family exists.
  Own,
  // Large values in ascending order, read in order, never changed.
  AppendAndScan,
  // Values in ascending order, read one by one, sometimes deleted.
  AppendAndGet,
  // Many small rows, read in stretches and by jumping.
  SmallRows,
  // Rows that are overwritten again and again.
  Overwrite,
  // Large values in files of their own, so that compaction does not copy them.
  LargeValues,
};

struct Entry {
  Cf cf;
  const char* name;
  Workload workload;
  std::size_t write_buffer_bytes;
  std::size_t block_bytes;
};

// The catalogue: what the store keeps, and how. Keys and values are in FORMAT.md.
constexpr std::array<Entry, cf_count> catalogue = {{
    {Cf::Default, "default", Workload::Own, 64 * kib, 4 * kib},
    {Cf::Log, "log", Workload::AppendAndScan, 32 * mib, 32 * kib},
    {Cf::Body, "body", Workload::AppendAndGet, 32 * mib, 16 * kib},
    {Cf::Timeline, "timeline", Workload::SmallRows, 8 * mib, 8 * kib},
    {Cf::Search, "search", Workload::SmallRows, 32 * mib, 8 * kib},
    {Cf::Entity, "entity", Workload::Overwrite, 16 * mib, 8 * kib},
    {Cf::Meta, "meta", Workload::Overwrite, 1 * mib, 4 * kib},
    {Cf::Blob, "blob", Workload::LargeValues, 32 * mib, 4 * kib},
}};

rocksdb::ColumnFamilyOptions options_of(const Entry& entry,
                                        const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = entry.write_buffer_bytes;
  options.max_write_buffer_number = 3;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  options.level_compaction_dynamic_level_bytes = true;
  // A stall would stop the log as well, since all families share one write path: let level 0 grow.
  options.level0_slowdown_writes_trigger = 40;
  options.level0_stop_writes_trigger = 80;

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = entry.block_bytes;
  table.format_version = 5;
  // Counted in the cache, so that memory is bounded.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  if (entry.workload == Workload::Overwrite) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  }
  if (entry.workload == Workload::LargeValues) {
    options.enable_blob_files = true;
    options.min_blob_size = 4 * kib;
    options.enable_blob_garbage_collection = true;
    // Pictures and documents are compressed already.
    options.compression = rocksdb::kNoCompression;
    options.bottommost_compression = rocksdb::kDisableCompressionOption;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

Cf cf_of(Family family) {
  switch (family) {
    case Family::Timeline: return Cf::Timeline;
    case Family::Search: return Cf::Search;
    case Family::Entity: return Cf::Entity;
    case Family::Meta: return Cf::Meta;
  }
  FENGHUO_CHECK(false);
}

const char* cf_name(Cf cf) { return catalogue[static_cast<std::size_t>(cf)].name; }

std::vector<rocksdb::ColumnFamilyDescriptor> describe_families(
    const std::shared_ptr<rocksdb::Cache>& cache) {
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const Entry& entry : catalogue) {
    FENGHUO_CHECK(static_cast<std::size_t>(entry.cf) == families.size());
    families.emplace_back(entry.name, options_of(entry, cache));
  }
  return families;
}

}  // namespace fenghuo::storage
