// SPDX-License-Identifier: Apache-2.0
#include "hub/identity/random.h"

#include "hub/base/check.h"
#include "hub/base/sha256.h"

#include <sodium.h>

#include <cstdint>

namespace fenghuo::identity {

namespace {

// sodium_init is idempotent and thread-safe; a static makes it once.
void ensure_sodium() {
  static const bool ready = sodium_init() >= 0;
  FENGHUO_CHECK(ready);
}

}  // namespace

std::string random_bytes(std::size_t n) {
  ensure_sodium();
  std::string bytes(n, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::string random_hex(std::size_t n) { return base::to_hex(random_bytes(n)); }

std::size_t random_below(std::size_t below) {
  ensure_sodium();
  FENGHUO_CHECK(below >= 1 && below <= UINT32_MAX);
  return randombytes_uniform(static_cast<std::uint32_t>(below));
}

}  // namespace fenghuo::identity
