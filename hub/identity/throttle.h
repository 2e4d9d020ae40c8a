// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/limits.h"
#include "hub/base/rate.h"
#include "hub/base/types.h"

#include <cstdint>
#include <list>
#include <map>
#include <string_view>
#include <utility>

namespace fenghuo::identity {

// The brake on login attempts, per account name and per address. Reads no clock. Not thread-safe:
// one owner. Memory is bounded: the longest unused name or address is forgotten, which takes more
// attempts than it frees.
class LoginThrottle {
 public:
  explicit LoginThrottle(std::size_t entries_max = base::limits::login_table_entries_max)
      : accounts_(entries_max, base::limits::login_burst, base::limits::login_per_s),
        addresses_(entries_max, base::limits::login_address_burst,
                   base::limits::login_address_per_s) {}

  // Before a password is looked at. 0 = go on, and the attempt is counted; else milliseconds until
  // the next one may come (RATE_LIMITED). `address` is an IPv4 address or the /64 of an IPv6 one.
  std::uint32_t attempt(std::string_view account, std::string_view address, base::TimeUs now);

  // The password was right: the account starts afresh and the address gets its attempt back, so a
  // whole shift can log in from behind one proxy.
  void succeeded(std::string_view account, std::string_view address);

  std::size_t entries() const { return accounts_.size() + addresses_.size(); }

 private:
  class Table {
   public:
    Table(std::size_t entries_max, double burst, double per_s)
        : entries_max_(entries_max), burst_(burst), per_s_(per_s) {}

    base::TokenBucket& of(std::string_view name);
    void forget(std::string_view name);
    void give_back(std::string_view name);
    std::size_t size() const { return buckets_.size(); }

   private:
    // Names are hashed: an entry has the same size whatever somebody types.
    using Entry = std::pair<base::Hash, base::TokenBucket>;

    std::size_t entries_max_;
    double burst_;
    double per_s_;
    // Most recently used first.
    std::list<Entry> order_;
    std::map<base::Hash, std::list<Entry>::iterator> buckets_;
  };

  Table accounts_;
  Table addresses_;
};

}  // namespace fenghuo::identity
