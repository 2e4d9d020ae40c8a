// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace fenghuo::net {

// Files of this folder that the binary carries with it.
extern const std::string_view openapi_json;
extern const std::string_view home_html;

}  // namespace fenghuo::net
