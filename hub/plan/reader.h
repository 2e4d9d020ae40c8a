// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/plan.pb.h"
#include "hub/plan/problem.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::plan {

// A plan file: the plan, or everything that is wrong with it.
struct PlanFile {
  // As given, for messages.
  std::string file;
  // Set when there is no problem.
  std::optional<v1::Plan> plan;
  // In the order of the file.
  std::vector<Problem> problems;

  // One problem a line.
  std::string problem_text() const;
};

// Reads TOML text. Pure but for the machine's time zone names.
PlanFile read_plan(std::string_view text, const std::string& file);

// The same from a file; one that cannot be read is a problem without a place.
PlanFile read_plan_file(const std::string& path);

}  // namespace fenghuo::plan
