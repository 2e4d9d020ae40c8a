// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/limits.h"
#include "hub/plan/references.h"

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace fenghuo::plan {

// What a plan file may say in a field of the protocol.
struct FieldRule {
  // Within the package: "ReportRule.clock".
  std::string_view field;
  // How it is written where it must not be left out; empty = it may be.
  std::string_view required = {};
  // Texts: a key of this kind, defined in the same plan.
  std::optional<References::Kind> refers = std::nullopt;
  // Whole numbers.
  std::int64_t min = 1;
  std::int64_t max = 1'000'000;
  // Texts.
  std::size_t bytes_max = base::limits::name_bytes_max;
};

// The rule of the field, or the one for fields that have none of their own.
FieldRule rule_of(const google::protobuf::FieldDescriptor& field);

// Times are from a second to this.
inline constexpr std::int64_t duration_us_max = 31LL * 24 * 3'600 * base::us_per_s;

}  // namespace fenghuo::plan
