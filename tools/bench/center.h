// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/plan.pb.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fenghuo::bench {

// A center made for measuring: accounts "a0", "a1", ... with a token each, and channels.
struct Center {
  std::vector<std::string> tokens;
  // In the order of the plan given.
  std::vector<std::uint64_t> channel_ids;
};

// `accounts` persons, each member of what `channels` says by key "a<i>" or by everyone.
v1::Plan make_plan(std::size_t accounts, const std::vector<v1::PlanChannel>& channels);

// Writes the center into an empty data folder, no hub running. Throws on any failure.
Center create_center(const std::string& data, const v1::Plan& plan);

// One channel that everyone belongs to.
v1::PlanChannel everyone_channel(const std::string& key);
// One channel of accounts [from, from + count).
v1::PlanChannel members_channel(const std::string& key, std::size_t from, std::size_t count);

}  // namespace fenghuo::bench
