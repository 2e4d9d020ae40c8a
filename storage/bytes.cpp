// SPDX-License-Identifier: Apache-2.0
#include "storage/bytes.h"

#include <algorithm>

namespace fenghuo::storage {

namespace {

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<std::uint8_t>(byte);
  return number;
}

void put(std::string& out, std::uint64_t number, int width) {
  for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(number >> shift & 0xff));
  }
}

}  // namespace

void put_u32(std::string& out, std::uint32_t number) { put(out, number, 4); }

void put_u64(std::string& out, std::uint64_t number) { put(out, number, 8); }

std::uint64_t u64_at(std::string_view bytes, std::size_t offset) {
  return big_endian(bytes.substr(offset, 8));
}

std::string after_prefix(std::string_view prefix) {
  std::string key(prefix);
  while (!key.empty()) {
    const auto last = static_cast<std::uint8_t>(key.back());
    if (last != 0xff) {
      key.back() = static_cast<char>(last + 1);
      return key;
    }
    key.pop_back();
  }
  return key;
}

std::string_view ByteReader::take(std::size_t count) {
  if (count > bytes_.size()) {
    ok_ = false;
    bytes_ = {};
    return {};
  }
  const std::string_view taken = bytes_.substr(0, count);
  bytes_.remove_prefix(count);
  return taken;
}

std::uint8_t ByteReader::u8() { return static_cast<std::uint8_t>(big_endian(take(1))); }

std::uint32_t ByteReader::u32() { return static_cast<std::uint32_t>(big_endian(take(4))); }

std::uint64_t ByteReader::u64() { return big_endian(take(8)); }

base::Hash ByteReader::hash() {
  base::Hash hash{};
  const std::string_view bytes = take(hash.size());
  std::ranges::transform(bytes, hash.begin(),
                         [](char byte) { return static_cast<std::uint8_t>(byte); });
  return hash;
}

}  // namespace fenghuo::storage
