// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/store.h"

#include <cstdint>
#include <optional>
#include <string>

namespace fenghuo::storage {

struct VerifyReport {
  Head head;
  std::uint64_t batches = 0;
  std::uint64_t records = 0;
  std::uint64_t bodies = 0;
  // Bodies that the record itself says were erased.
  std::uint64_t erased = 0;
  // The first bad place, in English; nullopt = all is in order.
  std::optional<std::string> first_bad;
};

// Reads everything and believes nothing: that batches follow each other, in position and in id;
// that each has the hash of its bytes and names the hash before; that times do not go back; that
// every body has its hash, or was erased by a record; that every message stands in its timeline,
// and nothing else does; that the search index is not ahead of the log. Stops at the first bad
// place.
VerifyReport verify(Store& store);

}  // namespace fenghuo::storage
