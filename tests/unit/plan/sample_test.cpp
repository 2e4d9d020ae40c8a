// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace fenghuo::plan {
namespace {

// The plan that newcomers start from.
class Sample : public testing::Test {
 protected:
  Sample()
      : file_(read_plan_file(std::string(FENGHUO_SOURCE) +
                             "/deploy/plans/city-command-center.toml")) {}

  void SetUp() override { ASSERT_TRUE(file_.plan) << file_.problem_text(); }
  const v1::Plan& plan() { return file_.plan.value(); }

  PlanFile file_;
};

bool is_trilingual(const v1::LocalizedText& name) {
  return !name.zh_hans().empty() && !name.zh_hant().empty() && !name.en().empty();
}

TEST_F(Sample, SpeaksAllThreeLanguages) {
  EXPECT_TRUE(is_trilingual(plan().name()));
  for (const auto& x : plan().departments()) EXPECT_TRUE(is_trilingual(x.name())) << x.key();
  for (const auto& x : plan().roles()) EXPECT_TRUE(is_trilingual(x.name())) << x.key();
  for (const auto& x : plan().contacts()) EXPECT_TRUE(is_trilingual(x.name())) << x.key();
  for (const auto& x : plan().contacts()) EXPECT_TRUE(is_trilingual(x.unit())) << x.key();
  for (const auto& x : plan().channels()) EXPECT_TRUE(is_trilingual(x.name())) << x.key();
}

TEST_F(Sample, HasNobodyInIt) { EXPECT_EQ(plan().accounts_size(), 0); }

TEST_F(Sample, EveryDepartmentOfTheCityHasALiaison) {
  std::set<std::string> roles;
  for (const auto& role : plan().roles()) roles.insert(role.key());
  for (const auto& department : plan().departments()) {
    if (department.key() == "eoc" || department.key() == "bots") continue;
    EXPECT_EQ(roles.count(department.key() + "/liaison"), 1U) << department.key();
  }
}

TEST_F(Sample, ErasingATextTakesTwoRoles) {
  std::map<v1::Grant::Verb, int> holders;
  for (const auto& role : plan().roles()) {
    for (const auto& grant : role.grants()) ++holders[grant.verb()];
  }
  EXPECT_EQ(holders[v1::Grant::VERB_REDACT], 2);
  EXPECT_EQ(holders[v1::Grant::VERB_ADMINISTER], 1);
  for (const auto verb :
       {v1::Grant::VERB_ANNOUNCE, v1::Grant::VERB_FLASH, v1::Grant::VERB_MODERATE,
        v1::Grant::VERB_MANAGE_CHANNELS, v1::Grant::VERB_HOLD, v1::Grant::VERB_AUDIT}) {
    EXPECT_GE(holders[verb], 1) << v1::Grant::Verb_Name(verb);
  }
}

TEST_F(Sample, HasTheChannelsOfTheScenario) {
  std::set<std::string> channels;
  for (const auto& channel : plan().channels()) channels.insert(channel.key());
  for (const char* key : {"announcements", "ops-watch", "grp-rescue", "grp-press", "grp-env"}) {
    EXPECT_EQ(channels.count(key), 1U) << key;
  }
}

}  // namespace
}  // namespace fenghuo::plan
