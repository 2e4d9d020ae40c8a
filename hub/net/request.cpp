// SPDX-License-Identifier: Apache-2.0
#include "hub/net/request.h"

#include "hub/base/limits.h"
#include "hub/base/utf8.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>

namespace fenghuo::net {
namespace {

// The protobuf parser recurses: bounded before it starts.
bool too_deep(const std::string& body) {
  int depth = 0;
  int deepest = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest > base::limits::json_depth_max;
}

}  // namespace

Answer error_answer(const v1::Error& error) {
  Answer answer = json_answer(error);
  answer.status = base::http_status(error.code());
  answer.error = error.code();
  if (error.retry_after_ms() > 0) {
    answer.headers.emplace_back("Retry-After",
                                std::to_string((error.retry_after_ms() + 999) / 1000));
  }
  if (answer.status == 401) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  return answer;
}

Answer error_answer(const base::Error& error) { return error_answer(error.to_wire()); }

std::string to_json(const google::protobuf::Message& message) {
  std::string text;
  // Fails only for messages with unknown Any types, which we have none of.
  const auto status = google::protobuf::util::MessageToJsonString(message, &text);
  if (!status.ok()) return "{}";
  return text;
}

Answer json_answer(const google::protobuf::Message& message) {
  Answer answer;
  answer.body = to_json(message);
  return answer;
}

base::Result<void> from_json(const std::string& body, google::protobuf::Message& message) {
  if (!base::is_utf8(body)) return base::Error(v1::ERROR_CODE_BAD_UTF8, "the body is not UTF-8");
  if (too_deep(body)) return base::Error(v1::ERROR_CODE_BAD_FRAME, "nested too deeply");
  const auto status = google::protobuf::util::JsonStringToMessage(body, &message);
  if (status.ok()) return {};
  const std::string why(status.message());
  // The only way the JSON mapping tells a name it does not know.
  const bool unknown = why.find("Cannot find field") != std::string::npos;
  return base::Error(unknown ? v1::ERROR_CODE_UNKNOWN_KIND : v1::ERROR_CODE_BAD_FRAME, why);
}

}  // namespace fenghuo::net
