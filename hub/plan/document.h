// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"
#include "hub/plan/problem.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::plan {

struct Member;

// A value of a TOML document with its place.
struct Node {
  enum class Kind { Text, Integer, Fraction, Truth, Instant, List, Table, Other };

  Kind kind = Kind::Other;
  Place place;
  // "text", "a whole number", "a number with fraction", "true or false", "a date and time with
  // offset", "a list", "a table", or what else TOML knows.
  std::string_view kind_name;
  // Fraction: the shortest decimal that means the same, "0.45".
  std::string text;
  // Integer; Instant: microseconds since 1970, UTC.
  std::int64_t integer = 0;
  bool truth = false;
  std::vector<Node> items;
  std::vector<Member> members;
};

struct Member {
  std::string key;
  Place place;
  Node value;
};

// The document's root table; nullopt when it is not TOML, then `problems` says where.
std::optional<Node> parse_document(std::string_view text, Problems& problems);

}  // namespace fenghuo::plan
