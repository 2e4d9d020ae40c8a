// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace fenghuo::base {

void check_failed(std::string_view what, const char* file, int line) {
  std::fprintf(stderr, "fenghuo: check failed: %.*s (%s:%d)\n", static_cast<int>(what.size()),
               what.data(), file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace fenghuo::base
