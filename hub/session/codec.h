// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::session {

// The sub-protocol of a connection.
enum class Format {
  // fenghuo.v1.proto: binary messages, frames behind varint lengths.
  Binary,
  // fenghuo.v1.json: text messages, one frame or an array of frames.
  Json,
};

// "fenghuo.v1.proto" / "fenghuo.v1.json".
std::string_view subprotocol(Format format);

// All frames of one WebSocket message. Pure. BAD_FRAME, TOO_LARGE, BAD_UTF8 or UNKNOWN_KIND for the
// whole message: nothing of it is used.
base::Result<std::vector<v1::ClientFrame>> decode(Format format, std::string_view message);

// One frame as it is sent: binary with its varint length in front (may be joined with others), JSON
// as one object (others are joined by the writer into an array).
std::string encode(Format format, const v1::ServerFrame& frame);

// Parts of a Batch frame, so that updates are encoded once and shared by all who see them.
//
// Binary: an update is the bytes of `updates` field entries (tag, length, Update), to be appended
// to each other; JSON: objects to be joined by commas.
std::string encode_update(Format format, const v1::Update& update);
// A whole Batch frame from already encoded updates.
std::string encode_batch(Format format, base::Position after, base::Position through,
                         const std::vector<std::string_view>& updates);

}  // namespace fenghuo::session
