// SPDX-License-Identifier: Apache-2.0
// boost::json checks (protobuf's reader takes single quotes, bare keys and other things that are
// not JSON), protobuf maps.
#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/base/utf8.h"
#include "hub/session/codec.h"
#include "hub/session/decode.h"

#include <boost/json.hpp>
#include <google/protobuf/util/json_util.h>

namespace fenghuo::session {

namespace {

namespace json = boost::json;
namespace limits = base::limits;

base::Result<json::value> parse(std::string_view text) {
  if (!base::is_utf8(text)) {
    return base::Error(v1::ERROR_CODE_BAD_UTF8, "a text that is not UTF-8");
  }
  json::parse_options options;
  options.max_depth = limits::json_depth_max;
  boost::system::error_code failed;
  json::value value = json::parse({text.data(), text.size()}, failed, {}, options);
  if (failed) return base::Error(v1::ERROR_CODE_BAD_FRAME, "not JSON: " + failed.message());
  return value;
}

// Why protobuf refused, short enough for an answer.
std::string reason(std::string_view text) {
  constexpr std::size_t bytes_max = 200;
  std::size_t end = std::min(text.size(), bytes_max);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return std::string(text.substr(0, end));
}

base::Result<void> map(const json::value& value, google::protobuf::Message& message) {
  if (!value.is_object()) return base::Error(v1::ERROR_CODE_BAD_FRAME, "not a JSON object");
  const std::string text = json::serialize(value);
  if (text.size() > limits::http_body_bytes_max) {
    return base::Error(v1::ERROR_CODE_TOO_LARGE, "JSON above its limit")
        .with("bytes_max", std::to_string(limits::http_body_bytes_max));
  }
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  message.Clear();
  const auto status = google::protobuf::util::JsonStringToMessage(text, &message, options);
  if (!status.ok()) {
    const std::string why(status.message().data(), status.message().size());
    return base::Error(v1::ERROR_CODE_BAD_FRAME, "JSON that does not fit: " + reason(why));
  }
  return {};
}

base::Result<v1::ClientFrame> to_frame(const json::value& value) {
  v1::ClientFrame frame;
  const base::Result<void> mapped = map(value, frame);
  if (!mapped) return mapped.error();
  if (frame.ByteSizeLong() > limits::frame_bytes_max) {
    return base::Error(v1::ERROR_CODE_TOO_LARGE, "a frame above its limit")
        .with("bytes_max", std::to_string(limits::frame_bytes_max));
  }
  if (frame.kind_case() == v1::ClientFrame::KIND_NOT_SET) {
    return base::Error(v1::ERROR_CODE_UNKNOWN_KIND, "a frame of a kind this hub does not know");
  }
  return frame;
}

}  // namespace

base::Result<std::vector<v1::ClientFrame>> decode_json(std::string_view message) {
  const base::Result<json::value> parsed = parse(message);
  if (!parsed) return parsed.error();
  std::vector<v1::ClientFrame> frames;
  if (!parsed->is_array()) {
    base::Result<v1::ClientFrame> frame = to_frame(*parsed);
    if (!frame) return frame.error();
    frames.push_back(std::move(*frame));
    return frames;
  }
  const json::array& items = parsed->get_array();
  if (items.empty()) return base::Error(v1::ERROR_CODE_BAD_FRAME, "a message without a frame");
  if (items.size() > limits::frames_per_message_max) {
    return base::Error(v1::ERROR_CODE_BAD_FRAME, "too many frames in one message");
  }
  frames.reserve(items.size());
  for (const json::value& item : items) {
    base::Result<v1::ClientFrame> frame = to_frame(item);
    if (!frame) return frame.error();
    frames.push_back(std::move(*frame));
  }
  return frames;
}

std::string to_json(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  FENGHUO_CHECK(status.ok());
  return text;
}

base::Result<void> from_json(std::string_view text, google::protobuf::Message& message) {
  const base::Result<json::value> parsed = parse(text);
  if (!parsed) return parsed.error();
  return map(*parsed, message);
}

}  // namespace fenghuo::session
