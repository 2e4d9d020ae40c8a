// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/plan/diff.h"
#include "tools/admin/terminal.h"

#include <string>

namespace fenghuo::admin {

// Each returns the exit code.

// Says every mistake of the file.
int plan_check(const Terminal& terminal, const std::string& file);

// Says what applying would change.
int plan_diff(const Terminal& terminal, const Access& access, const std::string& file);

// Applies it and says what changed; the same plan again changes nothing.
int plan_apply(const Terminal& terminal, const Access& access, const std::string& file);

// The directory in the words of a plan.
v1::Plan plan_of(const Center::Directory& directory);

}  // namespace fenghuo::admin
