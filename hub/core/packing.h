// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace fenghuo::core {

// Whole numbers and strings as bytes, the same on every machine. Private to this folder.
class PackWriter {
 public:
  template <typename T>
  PackWriter& number(T value) {
    auto bits = static_cast<std::uint64_t>(value);
    char bytes[8];
    for (char& one : bytes) {
      one = static_cast<char>(bits & 0xff);
      bits >>= 8;
    }
    bytes_.append(bytes, sizeof(T));
    return *this;
  }
  PackWriter& text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_.append(value);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Reads them back. Reading past the end gives zeros and makes ok() false.
class PackReader {
 public:
  explicit PackReader(std::string_view bytes) : rest_(bytes) {}

  template <typename T>
  T number() {
    if (rest_.size() < sizeof(T)) return fail(), T{};
    std::uint64_t bits = 0;
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(&bits, rest_.data(), sizeof(T));
    } else {
      for (std::size_t i = sizeof(T); i-- > 0;) {
        bits = bits << 8 | static_cast<unsigned char>(rest_[i]);
      }
    }
    rest_.remove_prefix(sizeof(T));
    return static_cast<T>(bits);
  }
  template <typename T>
  void number(T& to) {
    to = number<T>();
  }
  std::string text() {
    const auto size = number<std::uint32_t>();
    if (rest_.size() < size) return fail(), std::string();
    std::string value(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return value;
  }
  bool ok() const { return ok_; }
  // Everything was read, and nothing was missing.
  bool done() const { return ok_ && rest_.empty(); }
  bool empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  void fail() {
    ok_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool ok_ = true;
};

// Quick mixing of numbers into 64 bits: finds defects, not forgers.
class Mixer {
 public:
  template <typename T>
  Mixer& add(T value) {
    hash_ = (hash_ ^ static_cast<std::uint64_t>(value)) * 0x9e3779b97f4a7c15ULL;
    hash_ ^= hash_ >> 29;
    return *this;
  }
  Mixer& add_text(std::string_view text) {
    add(text.size());
    while (text.size() >= 8) {
      add(PackReader(text.substr(0, 8)).number<std::uint64_t>());
      text.remove_prefix(8);
    }
    for (const char c : text) add(static_cast<unsigned char>(c));
    return *this;
  }
  // Never 0, which stands for "not known".
  std::uint64_t value() const { return hash_ == 0 ? 1 : hash_; }

 private:
  std::uint64_t hash_ = 0x243f6a8885a308d3ULL;
};

}  // namespace fenghuo::core
