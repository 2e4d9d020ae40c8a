// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/limits.h"
#include "hub/base/result.h"
#include "hub/base/types.h"

#include <google/protobuf/message.h>

#include <cstdint>
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

// One WebSocket message from a client: a whole window of commands fits. Each frame is at most
// limits::frame_bytes_max.
inline constexpr std::size_t message_bytes_max =
    base::limits::inflight_bytes_max + base::limits::frame_bytes_max;

// All frames of one WebSocket message, at least one. Pure. BAD_FRAME, TOO_LARGE, BAD_UTF8 or
// UNKNOWN_KIND for the whole message: nothing of it is used. Unknown fields are ignored, so that a
// newer client can talk to an older hub; a frame whose kind is unknown is not.
base::Result<std::vector<v1::ClientFrame>> decode(Format format, std::string_view message);

// One frame as it is sent: binary with its varint length in front (may be joined with others), JSON
// as one object (others are joined by the writer into an array).
std::string encode(Format format, const v1::ServerFrame& frame);

// Parts of a Batch frame, so that updates are encoded once and shared by all who see them.
//
// Binary: an update is the bytes of `updates` field entries (tag, length, Update), to be appended
// to each other; JSON: objects to be joined by commas.
std::string encode_update(Format format, const v1::Update& update);
// A whole Batch frame from already encoded updates. Binary: one string_view may hold several
// updates that follow each other.
std::string encode_batch(Format format, base::Position after, base::Position through,
                         const std::vector<std::string_view>& updates);

// The JSON mapping used everywhere: fields by their proto names, enumerators by name, 64-bit
// numbers as decimal strings, fields with default values left out.
std::string to_json(const google::protobuf::Message& message);
// Replaces `message`. Strict JSON only; camel-case names are understood, unknown fields ignored.
// BAD_UTF8, or BAD_FRAME (not JSON, too deep, a value of a wrong type); `message` is unspecified
// then.
[[nodiscard]] base::Result<void> from_json(std::string_view text,
                                           google::protobuf::Message& message);

// First 8 bytes (big-endian) of SHA-256 over the command's deterministic serialisation: the same
// whether it came as binary, JSON or over HTTP. See core::Envelope.
std::uint64_t command_digest(const v1::Command& command);

}  // namespace fenghuo::session
