// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/config.h"

namespace fenghuo::hub {

// The documented exit codes.
inline constexpr int exit_clean = 0;
inline constexpr int exit_bad_usage = 2;
inline constexpr int exit_bad_folder = 3;
inline constexpr int exit_storage_failed = 4;

// Runs the hub until SIGTERM or SIGINT, and returns its exit code; when storage fails the process
// ends from within, at once. Once a process, from main, before any thread is started.
int run_server(const Config& config);

}  // namespace fenghuo::hub
