// SPDX-License-Identifier: Apache-2.0
#include "hub/identity/throttle.h"

#include "hub/base/sha256.h"

#include <algorithm>

namespace fenghuo::identity {

std::uint32_t LoginThrottle::attempt(std::string_view account, std::string_view address,
                                     base::TimeUs now) {
  base::TokenBucket& by_account = accounts_.of(account);
  base::TokenBucket& by_address = addresses_.of(address);
  // Both are asked before either is charged: a refused attempt costs nothing.
  const std::uint32_t wait_ms = std::max(by_account.wait_ms(now), by_address.wait_ms(now));
  if (wait_ms > 0) return wait_ms;
  by_account.take(now);
  by_address.take(now);
  return 0;
}

void LoginThrottle::succeeded(std::string_view account, std::string_view address) {
  accounts_.forget(account);
  addresses_.give_back(address);
}

base::TokenBucket& LoginThrottle::Table::of(std::string_view name) {
  const base::Hash key = base::sha256({name});
  if (const auto found = buckets_.find(key); found != buckets_.end()) {
    order_.splice(order_.begin(), order_, found->second);
    return found->second->second;
  }
  if (buckets_.size() >= entries_max_) {
    buckets_.erase(order_.back().first);
    order_.pop_back();
  }
  order_.emplace_front(key, base::TokenBucket(burst_, per_s_));
  buckets_.emplace(key, order_.begin());
  return order_.front().second;
}

void LoginThrottle::Table::forget(std::string_view name) {
  const auto found = buckets_.find(base::sha256({name}));
  if (found == buckets_.end()) return;
  order_.erase(found->second);
  buckets_.erase(found);
}

void LoginThrottle::Table::give_back(std::string_view name) {
  const auto found = buckets_.find(base::sha256({name}));
  if (found != buckets_.end()) found->second->second.give_back();
}

}  // namespace fenghuo::identity
