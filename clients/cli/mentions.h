// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/state.h"

#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::cli {

struct Mentions {
  // The people, roles and "everyone" that a text addresses: @zhang.qiming, @fire/liaison, @all.
  // Each is named once.
  std::vector<v1::Mention> found;
  // Words that look like one and name nobody: they stay words.
  std::vector<std::string> unknown;
};
Mentions find_mentions(std::string_view text, const client::State& state);

}  // namespace fenghuo::cli
