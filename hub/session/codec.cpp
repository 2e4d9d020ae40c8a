// SPDX-License-Identifier: Apache-2.0
#include "hub/session/codec.h"

#include "hub/base/log.h"
#include "hub/base/sha256.h"
#include "hub/session/decode.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>

namespace fenghuo::session {

namespace {

namespace limits = base::limits;

// Field tags of frame.proto: ServerFrame.batch = 2, Batch.after = 1, through = 2, updates = 15.
constexpr char batch_tag = 0x12;
constexpr char after_tag = 0x08;
constexpr char through_tag = 0x10;
constexpr char updates_tag = 0x7A;

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>((value & 0x7F) | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void append_field(std::string& out, char tag, std::uint64_t value) {
  if (value == 0) return;
  out.push_back(tag);
  append_varint(out, value);
}

// protobuf prints a line for each text that is not UTF-8; a stranger could fill the disk with them.
void quiet_protobuf() {
  static const bool once = [] {
    google::protobuf::SetLogHandler(
        [](google::protobuf::LogLevel level, const char*, int, const std::string& text) {
          if (level == google::protobuf::LOGLEVEL_FATAL) base::log_error("session", "{}", text);
        });
    return true;
  }();
  static_cast<void>(once);
}

std::string binary_batch(base::Position after, base::Position through,
                         const std::vector<std::string_view>& updates) {
  std::string head;
  append_field(head, after_tag, after);
  append_field(head, through_tag, through);
  std::size_t batch_bytes = head.size();
  for (const std::string_view update : updates) batch_bytes += update.size();
  std::string tag(1, batch_tag);
  append_varint(tag, batch_bytes);

  std::string frame;
  frame.reserve(16 + batch_bytes);
  append_varint(frame, tag.size() + batch_bytes);
  frame += tag;
  frame += head;
  for (const std::string_view update : updates) frame += update;
  return frame;
}

std::string json_batch(base::Position after, base::Position through,
                       const std::vector<std::string_view>& updates) {
  std::string frame = R"({"batch":{)";
  std::string_view between;
  if (after != 0) {
    frame += R"("after":")" + std::to_string(after) + '"';
    between = ",";
  }
  if (through != 0) {
    frame += between;
    frame += R"("through":")" + std::to_string(through) + '"';
    between = ",";
  }
  if (!updates.empty()) {
    frame += between;
    frame += R"("updates":[)";
    for (std::size_t i = 0; i < updates.size(); ++i) {
      if (i != 0) frame += ',';
      frame += updates[i];
    }
    frame += ']';
  }
  frame += "}}";
  return frame;
}

}  // namespace

std::string_view subprotocol(Format format) {
  return format == Format::Binary ? "fenghuo.v1.proto" : "fenghuo.v1.json";
}

base::Result<std::vector<v1::ClientFrame>> decode(Format format, std::string_view message) {
  quiet_protobuf();
  if (message.empty()) return base::Error(v1::ERROR_CODE_BAD_FRAME, "a message without a frame");
  if (message.size() > message_bytes_max) {
    return base::Error(v1::ERROR_CODE_TOO_LARGE, "a message above its limit")
        .with("bytes_max", std::to_string(message_bytes_max));
  }
  return format == Format::Binary ? decode_binary(message) : decode_json(message);
}

std::string encode(Format format, const v1::ServerFrame& frame) {
  if (format == Format::Json) return to_json(frame);
  std::string out;
  const std::size_t bytes = frame.ByteSizeLong();
  out.reserve(bytes + 5);
  append_varint(out, bytes);
  frame.AppendToString(&out);
  return out;
}

std::string encode_update(Format format, const v1::Update& update) {
  if (format == Format::Json) return to_json(update);
  std::string out(1, updates_tag);
  const std::size_t bytes = update.ByteSizeLong();
  out.reserve(bytes + 6);
  append_varint(out, bytes);
  update.AppendToString(&out);
  return out;
}

std::string encode_batch(Format format, base::Position after, base::Position through,
                         const std::vector<std::string_view>& updates) {
  return format == Format::Binary ? binary_batch(after, through, updates)
                                  : json_batch(after, through, updates);
}

std::uint64_t command_digest(const v1::Command& command) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    command.SerializeToCodedStream(&coded);
  }
  const base::Hash hash = base::sha256({bytes});
  std::uint64_t digest = 0;
  for (std::size_t i = 0; i < 8; ++i) digest = digest << 8 | hash[i];
  return digest;
}

}  // namespace fenghuo::session
