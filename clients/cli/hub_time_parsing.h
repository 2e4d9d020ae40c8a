// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/parsing.h"

namespace fenghuo::cli {

// `outage` and `clock` with their own verbs.
void add_hub_time_verbs(CLI::App& app, Chosen& chosen);

}  // namespace fenghuo::cli
