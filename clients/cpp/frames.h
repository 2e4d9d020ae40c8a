// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::client {

// Sub-protocol fenghuo.v1.proto: each frame stands behind its varint length.

// Appends the frame to `out`.
void append_frame(const v1::ClientFrame& frame, std::string& out);

// All frames of one WebSocket message, in order; nothing when the bytes are not that.
std::optional<std::vector<v1::ServerFrame>> read_frames(std::string_view message);

}  // namespace fenghuo::client
