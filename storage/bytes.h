// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fenghuo::storage {

// Fixed-width numbers in keys and values: always big-endian, so that the order of the bytes is the
// order of the numbers.
void put_u32(std::string& out, std::uint32_t number);
void put_u64(std::string& out, std::uint64_t number);

// The eight bytes at `offset`; the caller has checked that they are there.
std::uint64_t u64_at(std::string_view bytes, std::size_t offset);

// The smallest key greater than every key that starts with `prefix`: the `to` of a scan over it.
// Empty (no bound) when there is none.
std::string after_prefix(std::string_view prefix);

// Reads a value from front to back. Reading past the end makes it !ok() and gives zeros, so that a
// decoder checks once, at its end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t u8();
  std::uint32_t u32();
  std::uint64_t u64();
  base::Hash hash();
  std::string_view take(std::size_t count);

  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace fenghuo::storage
