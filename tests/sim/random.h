// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace fenghuo::sim {

// The one source of chance of a run: a seed is a complete reproduction.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // In [0, below); 0 when there is nothing to choose from.
  std::uint64_t pick(std::uint64_t below) { return below == 0 ? 0 : engine_() % below; }
  std::int64_t between(std::int64_t from, std::int64_t to) {
    return from + static_cast<std::int64_t>(pick(static_cast<std::uint64_t>(to - from + 1)));
  }
  // Once in `every` times.
  bool once_in(std::uint64_t every) { return pick(every) == 0; }
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  std::string bytes(std::size_t count) {
    std::string made(count, '\0');
    for (char& byte : made) byte = static_cast<char>(engine_());
    return made;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace fenghuo::sim
