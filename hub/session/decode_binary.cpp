// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "hub/base/utf8.h"
#include "hub/session/decode.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <optional>

namespace fenghuo::session {

namespace {

namespace limits = base::limits;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// A length of at most five bytes; nullopt = cut off or longer.
std::optional<std::uint64_t> take_length(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 5 && i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      bytes.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

// protobuf only says "no". Whether a text is to blame is found by walking the frame along the
// schema: the first fault met decides.
enum class Fault { None, Structure, Text };

Fault first_fault(const Descriptor& type, std::string_view bytes, int depth) {
  if (depth > limits::json_depth_max) return Fault::Structure;
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  while (in.CurrentPosition() < static_cast<int>(bytes.size())) {
    const std::uint32_t tag = in.ReadTag();
    if (tag == 0) return Fault::Structure;
    const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    const bool is_bytes =
        WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    if (field == nullptr || !is_bytes) {
      if (!WireFormatLite::SkipField(&in, tag)) return Fault::Structure;
      continue;
    }
    std::uint32_t length = 0;
    if (!in.ReadVarint32(&length)) return Fault::Structure;
    const auto at = static_cast<std::size_t>(in.CurrentPosition());
    if (length > bytes.size() - at) return Fault::Structure;
    const std::string_view inner = bytes.substr(at, length);
    if (!in.Skip(static_cast<int>(length))) return Fault::Structure;
    if (field->type() == FieldDescriptor::TYPE_STRING && !base::is_utf8(inner)) return Fault::Text;
    if (field->type() == FieldDescriptor::TYPE_MESSAGE) {
      const Fault fault = first_fault(*field->message_type(), inner, depth + 1);
      if (fault != Fault::None) return fault;
    }
  }
  return Fault::None;
}

base::Error why_not(std::string_view bytes) {
  if (first_fault(*v1::ClientFrame::descriptor(), bytes, 0) == Fault::Text) {
    return base::Error(v1::ERROR_CODE_BAD_UTF8, "a text that is not UTF-8");
  }
  return base::Error(v1::ERROR_CODE_BAD_FRAME, "bytes that are not a frame");
}

}  // namespace

base::Result<std::vector<v1::ClientFrame>> decode_binary(std::string_view message) {
  std::vector<v1::ClientFrame> frames;
  while (!message.empty()) {
    if (frames.size() == limits::frames_per_message_max) {
      return base::Error(v1::ERROR_CODE_BAD_FRAME, "too many frames in one message");
    }
    const std::optional<std::uint64_t> length = take_length(message);
    if (!length) return base::Error(v1::ERROR_CODE_BAD_FRAME, "not a varint length");
    if (*length > limits::frame_bytes_max) {
      return base::Error(v1::ERROR_CODE_TOO_LARGE, "a frame above its limit")
          .with("bytes_max", std::to_string(limits::frame_bytes_max));
    }
    if (*length > message.size()) return base::Error(v1::ERROR_CODE_BAD_FRAME, "a frame cut off");
    const std::string_view bytes = message.substr(0, *length);
    message.remove_prefix(*length);
    v1::ClientFrame& frame = frames.emplace_back();
    if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return why_not(bytes);
    if (frame.kind_case() == v1::ClientFrame::KIND_NOT_SET) {
      return base::Error(v1::ERROR_CODE_UNKNOWN_KIND, "a frame of a kind this hub does not know");
    }
  }
  return frames;
}

}  // namespace fenghuo::session
