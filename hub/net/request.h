// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"

#include <google/protobuf/message.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::net {

// One HTTP request, without the machinery that read it.
struct Request {
  std::string method;
  // As sent: path and query.
  std::string target;
  // From `Authorization: Bearer`; empty = none.
  std::string token;
  std::string idempotency_key;
  std::string body;
  // The client's address.
  std::string address;
};

// Its answer.
struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  // What an error answer says, for the log.
  base::ErrorCode error = v1::ERROR_CODE_UNSPECIFIED;
};

// Called exactly once, on any thread.
using Respond = std::function<void(Answer)>;

// The error as JSON; its status follows the error's range, Retry-After its delay.
Answer error_answer(const base::Error& error);
Answer error_answer(const v1::Error& error);

// The message in the protobuf JSON mapping.
Answer json_answer(const google::protobuf::Message& message);
std::string to_json(const google::protobuf::Message& message);

// Reads a body in the protobuf JSON mapping: BAD_UTF8, BAD_FRAME, or UNKNOWN_KIND for fields this
// hub does not know.
base::Result<void> from_json(const std::string& body, google::protobuf::Message& message);

}  // namespace fenghuo::net
