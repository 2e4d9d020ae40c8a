// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>

namespace fenghuo::admin {

// The whole program behind its command line: reads the arguments, does what they say, returns the
// exit code.
int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace fenghuo::admin
