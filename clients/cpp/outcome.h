// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/error.pb.h"

#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace fenghuo::client {

// Why something did not work, as a value.
class Failure {
 public:
  enum class Kind {
    // What the caller gave makes no sense; nothing was sent.
    Usage,
    // The hub could not be reached, or did not answer in time. What was sent may have been done.
    Unreachable,
    // The hub said no: error() has its words.
    Refused,
    // A local file could not be read or written.
    Local,
  };

  // boost::system::result wants one; means nothing.
  Failure() = default;
  Failure(Kind kind, std::string message) : kind_(kind), message_(std::move(message)) {}
  explicit Failure(v1::Error error)
      : kind_(Kind::Refused), message_(error.message()), error_(std::move(error)) {}

  Kind kind() const { return kind_; }
  // English, one line.
  const std::string& message() const { return message_; }
  // Only of Kind::Refused.
  const v1::Error& error() const { return error_; }

 private:
  Kind kind_ = Kind::Local;
  std::string message_;
  v1::Error error_;
};

// Found by boost::system::result when value() is called on a failure: a programmer error, stops.
[[noreturn]] void throw_exception_from_error(const Failure& failure,
                                             const boost::source_location& at);

template <typename T>
using Outcome = boost::system::result<T, Failure>;

}  // namespace fenghuo::client
