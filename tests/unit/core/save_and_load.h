// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/snapshot.h"
#include "tests/support/core_center.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A State as the store keeps it, and what brings it back: the rows saved last, and the records
// since.
namespace fenghuo::testing {

using SavedRows = std::map<std::string, std::string>;

inline void save(core::State& state, SavedRows& rows) {
  std::string last;
  core::save_changed(state, [&](std::string_view key, std::optional<std::string_view> value) {
    last = key;
    if (value) {
      rows[std::string(key)] = std::string(*value);
    } else {
      rows.erase(std::string(key));
    }
  });
  EXPECT_EQ(last, "position");
  EXPECT_EQ(core::unsaved_bytes(state), 0u);
}

inline base::Result<core::State> load(const SavedRows& rows) {
  return core::load([&rows](const auto& visit) {
    for (const auto& [key, value] : rows) visit(key, value);
  });
}

inline void replay(core::State& state, const std::vector<CoreCenter::Stored>& log) {
  core::Effects effects;
  for (std::size_t i = state.position(); i < log.size(); ++i) {
    core::apply(state, CoreCenter::decode(log[i]).record(), effects);
  }
}

}  // namespace fenghuo::testing
