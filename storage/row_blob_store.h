// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/blob_store.h"
#include "storage/ordered_store.h"

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::storage {

// Where the bytes of blobs lie, and the rows about them (in Family::Meta, under "blob/").
// Thread-safe.
class BlobMedium {
 public:
  virtual ~BlobMedium() = default;
  // nullopt = not there.
  virtual base::Result<std::optional<std::string>> load(const base::Hash& hash) const = 0;
  // Bytes and rows in one synced write.
  virtual base::Result<void> store(const base::Hash& hash, std::string_view bytes,
                                   const std::vector<Row>& rows) = 0;
  // The bytes and the rows in one write, not synced.
  virtual base::Result<void> remove(const base::Hash& hash, const std::vector<Row>& rows) = 0;
};

// The rules of BlobStore, written once for every medium. Thread-safe. Keeps references: both
// outlive it.
class RowBlobStore final : public BlobStore {
 public:
  RowBlobStore(BlobMedium& medium, OrderedStore& rows) : medium_(medium), rows_(rows) {}

  base::Result<base::Hash> put(std::string_view bytes, base::EntityId owner,
                               base::TimeUs now) override;
  base::Result<std::optional<std::string>> get(const base::Hash& hash) const override;
  base::Result<std::optional<std::uint64_t>> size(const base::Hash& hash) const override;
  bool is_owner(const base::Hash& hash, base::EntityId owner) const override;
  base::Result<void> mark_referenced(const base::Hash& hash) override;
  base::Result<std::uint64_t> remove_unreferenced(base::TimeUs before) override;

 private:
  base::Result<std::vector<Row>> forget_if_unused(const base::Hash& hash,
                                                  base::TimeUs before) const;

  BlobMedium& medium_;
  OrderedStore& rows_;
  // One writer: a blob must not be removed while it is put or referred to.
  std::mutex writing_;
};

}  // namespace fenghuo::storage
