// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace fenghuo::identity {

// What one hash costs. The defaults take about 0.1 s on one core; tests use less.
struct HashingCost {
  std::size_t memory_bytes = 64 * 1024 * 1024;
  unsigned passes = 2;
};

// argon2id of libsodium, as PHC strings ("$argon2id$v=19$m=...,t=...,p=1$salt$hash"). Thread-safe;
// each call blocks for the whole cost and takes its memory: never on a shard's thread, see
// HashingPool.
class PasswordHasher {
 public:
  explicit PasswordHasher(HashingCost cost = {}) : cost_(cost) {}

  // BAD_ARGUMENT when the password is shorter or longer than the limits, OVERLOADED when the memory
  // is not there now.
  base::Result<std::string> hash(std::string_view password) const;

  // Whether `password` belongs to the PHC string. An empty or broken PHC string belongs to nothing
  // and takes as long as a good one.
  bool verify(const std::string& phc, std::string_view password) const;

  // For accounts that do not exist or have no password: the same work, always false, so that the
  // time of an answer says nothing.
  bool verify_unknown(std::string_view password) const;

  // The PHC string was made at another cost: hash again at the next successful login.
  bool needs_rehash(const std::string& phc) const;

 private:
  HashingCost cost_;
};

// Whether the text is an argon2id PHC string this hub would verify (costing at most 1 GiB and 16
// passes): asked before one is recorded that was made elsewhere.
bool is_password_hash(const std::string& text);

// A random password for somebody to be told: four groups of four, no letters that look alike, about
// 73 bits.
std::string new_password();

}  // namespace fenghuo::identity
