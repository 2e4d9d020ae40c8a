// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/state.h"

#include <string>

namespace fenghuo::sim {

// The first thing in which two clients' states differ, for people; empty = none. Receipts are
// compared only where both have them: a snapshot leaves old ones out.
std::string difference_of(const client::State& stream, const client::State& snapshot);

}  // namespace fenghuo::sim
