// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/parsing.h"

namespace fenghuo::cli {

// `intake`, `alarm`, `warning` and `spoken` with their own verbs.
void add_watch_verbs(CLI::App& app, Chosen& chosen);

}  // namespace fenghuo::cli
