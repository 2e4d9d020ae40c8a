// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tools/admin/terminal.h"

#include <string>

namespace fenghuo::admin {

// Reaches the center of a running hub, with the token of an account that administers it.
// `ca_file`: PEM of the authorities behind its certificate; empty = the system's.
Access access_to_hub(const std::string& url, const std::string& token, const std::string& ca_file);

}  // namespace fenghuo::admin
