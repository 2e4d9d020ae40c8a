// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/outcome.h"

#include <cstdio>
#include <cstdlib>

namespace fenghuo::client {

void throw_exception_from_error(const Failure& failure, const boost::source_location& at) {
  std::fprintf(stderr, "value of a failed outcome at %s:%u: %s\n", at.file_name(),
               static_cast<unsigned>(at.line()), failure.message().c_str());
  std::abort();
}

}  // namespace fenghuo::client
