// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cpp/state.h"

#include <string_view>
#include <vector>

namespace fenghuo::cli {

// The people, roles and "everyone" that a text addresses: @zhang.qiming, @fire/liaison, @all. Words
// that name nobody stay words. Each is named once.
std::vector<v1::Mention> find_mentions(std::string_view text, const client::State& state);

}  // namespace fenghuo::cli
