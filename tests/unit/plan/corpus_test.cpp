// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace fenghuo::plan {
namespace {

namespace fs = std::filesystem;

const fs::path corpus = fs::path(FENGHUO_SOURCE) / "tests/golden/plan";

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string name_of(const testing::TestParamInfo<std::string>& info) { return info.param; }

class BadPlan : public testing::TestWithParam<std::string> {};

TEST_P(BadPlan, SaysEverythingThatIsWrong) {
  const std::string file = GetParam() + ".toml";
  const PlanFile read = read_plan(text_of(corpus / "bad" / file), file);
  EXPECT_FALSE(read.plan);
  EXPECT_FALSE(read.problems.empty());
  EXPECT_EQ(read.problem_text(), text_of(corpus / "bad" / (GetParam() + ".txt")));
}

INSTANTIATE_TEST_SUITE_P(Corpus, BadPlan, testing::ValuesIn(names_in(corpus / "bad")), name_of);

class GoodPlan : public testing::TestWithParam<std::string> {};

TEST_P(GoodPlan, HasNoProblem) {
  const std::string file = GetParam() + ".toml";
  const PlanFile read = read_plan(text_of(corpus / "good" / file), file);
  EXPECT_TRUE(read.plan);
  EXPECT_EQ(read.problem_text(), "");
}

INSTANTIATE_TEST_SUITE_P(Corpus, GoodPlan, testing::ValuesIn(names_in(corpus / "good")), name_of);

}  // namespace
}  // namespace fenghuo::plan
