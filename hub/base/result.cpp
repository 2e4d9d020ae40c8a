// SPDX-License-Identifier: Apache-2.0
#include "hub/base/result.h"

#include "hub/base/check.h"

#include <algorithm>
#include <cctype>

namespace fenghuo::base {

v1::Error Error::to_wire() const {
  v1::Error wire;
  wire.set_code(code_);
  wire.set_name(error_name(code_));
  wire.set_message(message_.empty() ? error_name(code_) : message_);
  wire.set_field(field_);
  wire.set_retry_after_ms(retry_after_ms_);
  for (const auto& [name, value] : params_) {
    auto* param = wire.add_params();
    param->set_name(name);
    param->set_value(value);
  }
  return wire;
}

std::string Error::to_string() const {
  std::string text = error_name(code_);
  if (!message_.empty()) text += ": " + message_;
  if (!field_.empty()) text += " (field " + field_ + ")";
  for (const auto& [name, value] : params_) text += " " + name + "=" + value;
  return text;
}

void throw_exception_from_error(const Error& error, const boost::source_location& at) {
  check_failed("a result was taken that is an error: " + error.to_string(), at.file_name(),
               static_cast<int>(at.line()));
}

std::string error_name(ErrorCode code) {
  constexpr std::string_view prefix = "ERROR_CODE_";
  std::string name = v1::ErrorCode_Name(code);
  if (name.starts_with(prefix)) name.erase(0, prefix.size());
  if (name.empty()) name = "error_" + std::to_string(static_cast<int>(code));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

bool is_retryable(ErrorCode code) { return code >= 5000 && code < 6000; }

int http_status(ErrorCode code) {
  if (code == v1::ERROR_CODE_TOO_LARGE) return 413;
  if (code < 2000) return 400;
  if (code == v1::ERROR_CODE_ACCOUNT_DISABLED || code == v1::ERROR_CODE_ACCESS_EXPIRED) return 403;
  if (code < 3000) return 401;
  if (code == v1::ERROR_CODE_NOT_FOUND) return 404;
  if (code < 4000) return 403;
  if (code < 5000) return 409;
  if (code == v1::ERROR_CODE_RATE_LIMITED || code == v1::ERROR_CODE_WINDOW_EXCEEDED) return 429;
  if (code < 6000) return 503;
  if (code < 7000) return 410;
  return 500;
}

}  // namespace fenghuo::base
