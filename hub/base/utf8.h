// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace fenghuo::base {

// Whether the bytes are UTF-8 as Unicode defines it (no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes);

}  // namespace fenghuo::base
