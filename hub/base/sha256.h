// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace fenghuo::base {

// SHA-256 over the parts one after another (no separators).
Hash sha256(std::initializer_list<std::string_view> parts);

std::string to_hex(std::string_view bytes);
std::string to_hex(const Hash& hash);
// Empty when the text is not an even number of hex digits.
std::string from_hex(std::string_view text);

// The 32 bytes as a string, and back; from_bytes of another length gives all zeros.
std::string to_bytes(const Hash& hash);
Hash hash_from_bytes(std::string_view bytes);

}  // namespace fenghuo::base
