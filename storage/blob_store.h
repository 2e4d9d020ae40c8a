// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/base/types.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fenghuo::storage {

// Files by content hash. Who may read one is not decided here (see hub/view). Thread-safe.
class BlobStore {
 public:
  virtual ~BlobStore() = default;

  // Stores `bytes` durably under its SHA-256 and remembers `owner` (an account id) and the time;
  // storing the same again adds the owner. TOO_LARGE above limits::blob_bytes_max.
  virtual base::Result<base::Hash> put(std::string_view bytes, base::EntityId owner,
                                       base::TimeUs now) = 0;

  // nullopt = not there.
  virtual base::Result<std::optional<std::string>> get(const base::Hash& hash) const = 0;

  // Size in bytes, nullopt = not there.
  virtual base::Result<std::optional<std::uint64_t>> size(const base::Hash& hash) const = 0;

  // Whether `owner` has put it.
  virtual bool is_owner(const base::Hash& hash, base::EntityId owner) const = 0;

  // A message refers to it: kept for ever.
  virtual base::Result<void> mark_referenced(const base::Hash& hash) = 0;

  // Removes what was put before `before` and is not referenced. Returns how many.
  virtual base::Result<std::uint64_t> remove_unreferenced(base::TimeUs before) = 0;
};

}  // namespace fenghuo::storage
