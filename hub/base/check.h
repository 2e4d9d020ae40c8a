// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace fenghuo::base {

// Writes one line to stderr and aborts. Wrong state is worse than a second of absence: the log
// makes a restart cheap.
[[noreturn]] void check_failed(std::string_view what, const char* file, int line);

}  // namespace fenghuo::base

// Always on, in every build: a condition that only a programmer error can break.
#define FENGHUO_CHECK(condition)                                                     \
  do {                                                                               \
    if (!(condition)) ::fenghuo::base::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
