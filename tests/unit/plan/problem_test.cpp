// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/problem.h"

#include <gtest/gtest.h>

namespace fenghuo::plan {
namespace {

TEST(Nearest, FindsMisspellings) {
  const std::vector<std::string> words{"department", "role", "channel"};
  EXPECT_EQ(nearest("departement", words), "department");
  EXPECT_EQ(nearest("chanel", words), "channel");
  EXPECT_EQ(nearest("chnanel", words), "channel") << "neighbours swapped";
  EXPECT_EQ(nearest("rolle", words), "role");
}

TEST(Nearest, OtherWordsAreNoMisspellings) {
  const std::vector<std::string> words{"department", "role", "channel"};
  EXPECT_EQ(nearest("account", words), "");
  EXPECT_EQ(nearest("", words), "");
  EXPECT_EQ(nearest("role", {}), "");
  EXPECT_EQ(nearest(std::string(1'000'000, 'x'), words), "");
}

TEST(Problems, AreInTheOrderOfTheFile) {
  Problems problems;
  problems.add({2, 1}, "c");
  problems.add({1, 9}, "b", "do b");
  problems.add({1, 2}, "a");
  problems.add({}, "whole");
  const std::vector<Problem> sorted = problems.take_sorted();
  ASSERT_EQ(sorted.size(), 4U);
  EXPECT_EQ(to_string("f", sorted[0]), "f: whole");
  EXPECT_EQ(to_string("f", sorted[1]), "f:1:2: a");
  EXPECT_EQ(to_string("f", sorted[2]), "f:1:9: b; do b");
  EXPECT_EQ(to_string("f", sorted[3]), "f:2:1: c");
}

}  // namespace
}  // namespace fenghuo::plan
