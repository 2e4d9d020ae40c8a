// SPDX-License-Identifier: Apache-2.0
#include "storage/ordered_store.h"

#include "hub/base/check.h"

#include <algorithm>

namespace fenghuo::storage {

bool are_derived(const std::vector<Row>& rows) {
  const auto derived = std::ranges::count(rows, Family::Search, &Row::family);
  FENGHUO_CHECK(derived == 0 || derived == std::ssize(rows));
  return derived > 0;
}

}  // namespace fenghuo::storage
