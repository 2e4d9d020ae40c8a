// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace fenghuo::identity {

// The hub's only source of random: from the operating system, for salts, tokens, world and epoch
// names. What the core needs comes to it in command envelopes. Thread-safe; stops the process when
// the system has no random to give.
std::string random_bytes(std::size_t n);

// `n` random bytes as 2n hex digits.
std::string random_hex(std::size_t n);

// Uniform in [0, below); `below` is at least 1.
std::size_t random_below(std::size_t below);

}  // namespace fenghuo::identity
