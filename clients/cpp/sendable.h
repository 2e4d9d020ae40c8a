// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/outcome.h"

#include <google/protobuf/message.h>

#include <cstddef>
#include <string_view>

namespace fenghuo::client {

// What a frame may have before a welcome has said it.
inline constexpr std::size_t frame_bytes_usual = 128 * 1024;

// Whether a hub could read the command or query. One that it cannot read costs the whole line, and
// kept in an outbox it would cost every later line too. Failure: Usage, naming the field.
Outcome<void> check_sendable(const google::protobuf::Message& message, std::size_t frame_bytes_max);

// As Unicode defines it: no surrogates, no overlong forms.
bool is_utf8(std::string_view bytes);

}  // namespace fenghuo::client
