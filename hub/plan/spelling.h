// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fenghuo::plan {

// How plan files spell what the protocol calls otherwise.

// A length of time in microseconds ("silent_after_us"), not an instant.
bool is_duration(const google::protobuf::FieldDescriptor& field);

// "silent_after_us" -> "silent-after", "report_rules" -> "report-rules".
std::string key_of(const google::protobuf::FieldDescriptor& field);

// One of several: "report-rules" -> "report-rule", "authorities" -> "authority".
std::string singular(std::string key);

// INCIDENT_CATEGORY_PUBLIC_HEALTH -> "public-health"; UNSPECIFIED is no word of a plan.
std::string word_of(const google::protobuf::EnumValueDescriptor& value);

// "25 s", "5 min", "2 h", "1 d", or several, the larger first: "1 h 30 min". Nullopt: none, or more
// than 64 bits of microseconds.
std::optional<base::TimeUs> parse_duration(std::string_view text);
// The same text for whole seconds; less is said in "us".
std::string duration_text(base::TimeUs us);

// digits x 10^exponent.
struct Decimal {
  std::int64_t digits = 0;
  std::int32_t exponent = 0;
};

// "85", "-0.45", "1e-05": exactly, without trailing zeros. Nullopt: none, more than 18 digits, or
// an exponent beyond 12 either way.
std::optional<Decimal> parse_decimal(std::string_view text);
std::string decimal_text(Decimal value);

// What tells an entry of a list from the others: `"dcs"` by its key, else by the grading it is for:
// `level iii`, `level i, precedence flash`, `stage 2`. Empty = nothing does.
std::string entry_name(const google::protobuf::Message& entry);

}  // namespace fenghuo::plan
