// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/error.pb.h"

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenghuo::base {

using v1::ErrorCode;

// An operating error as a value: what a client will see, no more. Codes and their retry ranges are
// defined once, in proto/fenghuo/v1/error.proto.
class Error {
 public:
  // No error: boost::system::result makes one when error() is called on a value.
  Error() = default;
  explicit Error(ErrorCode code, std::string message = {}, std::string field = {})
      : code_(code), message_(std::move(message)), field_(std::move(field)) {}

  ErrorCode code() const { return code_; }
  // English, for logs and scripts.
  const std::string& message() const { return message_; }
  // Path of the field at fault, or empty.
  const std::string& field() const { return field_; }
  std::uint32_t retry_after_ms() const { return retry_after_ms_; }
  const std::vector<std::pair<std::string, std::string>>& params() const { return params_; }

  Error& retry_after(std::uint32_t ms) {
    retry_after_ms_ = ms;
    return *this;
  }
  // Facts for the wording by consoles, in a fixed order per code.
  Error& with(std::string name, std::string value) {
    params_.emplace_back(std::move(name), std::move(value));
    return *this;
  }

  // As it goes on the wire.
  v1::Error to_wire() const;
  // "not_found: no such channel (field post_message.channel_id)".
  std::string to_string() const;

 private:
  ErrorCode code_ = v1::ERROR_CODE_UNSPECIFIED;
  std::string message_;
  std::string field_;
  std::uint32_t retry_after_ms_ = 0;
  std::vector<std::pair<std::string, std::string>> params_;
};

// Found by boost::system::result when value() is called on an error: a programmer error, stops.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& at);

template <typename T>
using Result = boost::system::result<T, Error>;

// "not_found" for ERROR_CODE_NOT_FOUND.
std::string error_name(ErrorCode code);

// Whether sending the same again later can succeed (5000-5999).
bool is_retryable(ErrorCode code);

// 400, 401, 403, 404, 409, 410, 429, 500 or 503: the status of an HTTP answer with this error.
int http_status(ErrorCode code);

}  // namespace fenghuo::base
