// SPDX-License-Identifier: Apache-2.0
#include "storage/row_blob_store.h"

#include "hub/base/limits.h"
#include "hub/base/sha256.h"
#include "storage/bytes.h"

#include <fmt/format.h>

namespace fenghuo::storage {

namespace {

constexpr std::string_view size_prefix = "blob/size/";
constexpr std::string_view owner_prefix = "blob/owner/";
constexpr std::string_view referenced_prefix = "blob/ref/";

std::string key_of(std::string_view prefix, const base::Hash& hash) {
  return std::string(prefix) + base::to_bytes(hash);
}

std::string owner_key(const base::Hash& hash, base::EntityId owner) {
  std::string key = key_of(owner_prefix, hash);
  put_u64(key, owner);
  return key;
}

std::string number(std::uint64_t value) {
  std::string bytes;
  put_u64(bytes, value);
  return bytes;
}

}  // namespace

base::Result<base::Hash> RowBlobStore::put(std::string_view bytes, base::EntityId owner,
                                           base::TimeUs now) {
  if (bytes.size() > base::limits::blob_bytes_max) {
    return base::Error(base::ErrorCode::ERROR_CODE_TOO_LARGE,
                       fmt::format("a blob has at most {} bytes", base::limits::blob_bytes_max));
  }
  const base::Hash hash = base::sha256({bytes});
  const std::vector<Row> rows = {
      {Family::Meta, key_of(size_prefix, hash), number(bytes.size())},
      {Family::Meta, owner_key(hash, owner), number(static_cast<std::uint64_t>(now))},
  };
  const std::lock_guard lock(writing_);
  auto stored = medium_.store(hash, bytes, rows);
  if (!stored) return stored.error();
  return hash;
}

base::Result<std::optional<std::string>> RowBlobStore::get(const base::Hash& hash) const {
  return medium_.load(hash);
}

base::Result<std::optional<std::uint64_t>> RowBlobStore::size(const base::Hash& hash) const {
  auto row = rows_.get(Family::Meta, key_of(size_prefix, hash));
  if (!row) return row.error();
  if (!*row) return std::optional<std::uint64_t>();
  return std::optional(u64_at(**row, 0));
}

bool RowBlobStore::is_owner(const base::Hash& hash, base::EntityId owner) const {
  const auto row = rows_.get(Family::Meta, owner_key(hash, owner));
  return row.has_value() && row->has_value();
}

base::Result<void> RowBlobStore::mark_referenced(const base::Hash& hash) {
  const std::lock_guard lock(writing_);
  return rows_.write({{Family::Meta, key_of(referenced_prefix, hash), ""}});
}

// The rows to delete with the blob; none when it is referenced or was put again since.
base::Result<std::vector<Row>> RowBlobStore::forget_if_unused(const base::Hash& hash,
                                                              base::TimeUs before) const {
  auto referenced = rows_.get(Family::Meta, key_of(referenced_prefix, hash));
  if (!referenced) return referenced.error();
  if (*referenced) return std::vector<Row>();

  std::vector<Row> rows = {{Family::Meta, key_of(size_prefix, hash), std::nullopt}};
  bool put_since = false;
  const std::string owners = key_of(owner_prefix, hash);
  auto scanned = rows_.scan(Family::Meta, owners, after_prefix(owners), false,
                            [&](std::string_view key, std::string_view time) {
                              put_since = static_cast<base::TimeUs>(u64_at(time, 0)) >= before;
                              rows.push_back({Family::Meta, std::string(key), std::nullopt});
                              return !put_since;
                            });
  if (!scanned) return scanned.error();
  if (put_since) rows.clear();
  return rows;
}

base::Result<std::uint64_t> RowBlobStore::remove_unreferenced(base::TimeUs before) {
  std::vector<base::Hash> hashes;
  auto scanned = rows_.scan(Family::Meta, size_prefix, after_prefix(size_prefix), false,
                            [&](std::string_view key, std::string_view) {
                              key.remove_prefix(size_prefix.size());
                              hashes.push_back(base::hash_from_bytes(key));
                              return true;
                            });
  if (!scanned) return scanned.error();
  std::uint64_t removed = 0;
  for (const base::Hash& hash : hashes) {
    const std::lock_guard lock(writing_);
    auto rows = forget_if_unused(hash, before);
    if (!rows) return rows.error();
    if (rows->empty()) continue;
    auto written = medium_.remove(hash, *rows);
    if (!written) return written.error();
    ++removed;
  }
  return removed;
}

}  // namespace fenghuo::storage
