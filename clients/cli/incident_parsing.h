// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/parsing.h"

namespace fenghuo::cli {

// `incident` with its own verbs.
void add_incident_verbs(CLI::App& app, Chosen& chosen);

}  // namespace fenghuo::cli
