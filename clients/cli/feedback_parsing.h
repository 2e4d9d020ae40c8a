// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/parsing.h"

namespace fenghuo::cli {

// `feedback` with its own verbs.
void add_feedback_verbs(CLI::App& app, Chosen& chosen);

}  // namespace fenghuo::cli
