// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/ordered_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace fenghuo::storage {

// The column families, in the order in which they are opened.
enum class Cf : std::size_t { Default, Log, Body, Timeline, Search, Entity, Meta, Blob };
inline constexpr std::size_t cf_count = 8;

// Where the rows of a contract's family lie.
Cf cf_of(Family family);

const char* cf_name(Cf cf);

// Names and settings of all column families, by their workload.
std::vector<rocksdb::ColumnFamilyDescriptor> describe_families(
    const std::shared_ptr<rocksdb::Cache>& cache);

}  // namespace fenghuo::storage
