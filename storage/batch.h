// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "storage/event_log.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// What every EventLog does alike with a batch. The bytes are described in FORMAT.md.
namespace fenghuo::storage {

// A larger batch (events and bodies together) is TooLarge. Four times what the engine groups.
inline constexpr std::size_t batch_bytes_max = 16 * 1024 * 1024;

// A batch as a log keeps it, with its chain hash. Bodies are kept apart and are empty here.
struct StoredBatch {
  Batch batch;
  base::Hash hash{};
};

// The value of a log row: everything but the bodies. `hash` is batch_hash(batch).
std::string encode_batch(const Batch& batch, const base::Hash& hash);

// STORAGE_FAILED when the bytes are not such a value. The hash is not computed anew: see verify.h.
base::Result<StoredBatch> decode_batch(std::string_view value);

// The key of a log row (its first position) and of a body row (its position).
std::string position_key(base::Position position);

// The end of the log when `batch` is its last.
Head head_after(const Batch& batch, const base::Hash& hash);

// Why a log that ends at `head` does not take `batch`: TooLarge, Fenced or Conflict; nullopt = it
// does. A batch that contradicts its own `expected` (first position, previous hash, an id that does
// not ascend, no records) is a programmer error.
std::optional<AppendOutcome> refuse_append(const Head& head, const Batch& batch,
                                           const Head& expected);

}  // namespace fenghuo::storage
