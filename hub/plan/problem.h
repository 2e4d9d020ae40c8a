// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::plan {

// Both from 1; columns count characters. 0 = the file as a whole.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  auto operator<=>(const Place&) const = default;
};

// One thing that is wrong in a file, in words for whoever wrote it.
struct Problem {
  Place place;
  // What is wrong: `department "fir" is not in this plan`.
  std::string what;
  // What to write instead: `did you mean "fire"?`. May be empty.
  std::string fix;
};

// Problems are collected, never thrown: one reading finds them all.
class Problems {
 public:
  void add(Place place, std::string what, std::string fix = {});
  bool empty() const { return list_.empty(); }
  // In the order of the file.
  std::vector<Problem> take_sorted();

 private:
  std::vector<Problem> list_;
};

// "plan.toml:12:8: what; fix".
std::string to_string(const std::string& file, const Problem& problem);

// The candidate that somebody probably meant, or empty. Ties go to the first.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// `did you mean "x"?` when there is a nearest one, else `otherwise`.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         std::string otherwise);

// "a, b or c".
std::string one_of(const std::vector<std::string>& words);

}  // namespace fenghuo::plan
