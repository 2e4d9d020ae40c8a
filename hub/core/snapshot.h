// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/result.h"
#include "hub/core/state.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace fenghuo::core {

// A State as rows of (key, value), so that a restart need not replay everything and saving never
// pauses: only rows touched since the last save are written. Bulk facts (messages, cursors,
// receipts, intervals) are saved in small chunks of fixed rows.
//
// `put` gets a value, or nullopt to delete. Clears the marks. The row "position" says where the
// State stands and is always the last one put.
using RowSink = std::function<void(std::string_view key, std::optional<std::string_view> value)>;
void save_changed(State& state, const RowSink& put);

// Whether anything is unsaved, and roughly how many bytes a save would write.
std::size_t unsaved_bytes(const State& state);

// The State saved last. `scan` visits all rows in key order. An empty store gives an empty State;
// rows of an unknown version or a damaged row are an error (then: replay from the start).
using RowScan =
    std::function<void(const std::function<void(std::string_view key, std::string_view value)>&)>;
base::Result<State> load(const RowScan& scan);

// A second, equal State (engine and view start from one load).
State clone(const State& state);

}  // namespace fenghuo::core
