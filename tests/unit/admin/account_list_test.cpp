// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/account_list.h"

#include "hub/plan/reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace fenghuo::admin {
namespace {

namespace fs = std::filesystem;

const fs::path source = FENGHUO_SOURCE;
const fs::path corpus = source / "tests/golden/plan_accounts/bad";

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

const v1::Plan& city() {
  static const v1::Plan plan =
      plan::read_plan_file((source / "deploy/plans/city-command-center.toml").string())
          .plan.value();
  return plan;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".csv") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class BadList : public testing::TestWithParam<std::string> {};

TEST_P(BadList, SaysEverythingThatIsWrong) {
  const std::string file = GetParam() + ".csv";
  std::string said;
  for (const plan::Problem& problem : read_account_list(text_of(corpus / file), city()).problems) {
    said += plan::to_string(file, problem) + "\n";
  }
  EXPECT_FALSE(said.empty());
  EXPECT_EQ(said, text_of(corpus / (GetParam() + ".txt")));
}

INSTANTIATE_TEST_SUITE_P(Corpus, BadList, testing::ValuesIn(names_in(corpus)),
                         [](const auto& test) { return test.param; });

TEST(AccountList, ReadsEveryColumn) {
  const AccountList list = read_account_list(
      "password,account,name_en,name_zh_hans,name_zh_hant,department,role,standing,phone\n"
      "beacon tower,wang.lei,Wang Lei,王磊,王磊,fire,fire/liaison,leader,"
      "13800000000; radio: 澜江119\n"
      ",wang.lei,,,,,eoc/on-scene-commander,,\n",
      city());
  ASSERT_TRUE(list.problems.empty()) << plan::to_string("list", list.problems[0]);
  ASSERT_EQ(list.accounts.size(), 1U);
  const v1::PlanAccount& account = list.accounts[0];
  EXPECT_EQ(account.key(), "wang.lei");
  EXPECT_EQ(account.name().zh_hant(), "王磊");
  EXPECT_EQ(account.kind(), v1::Account::KIND_PERSON);
  EXPECT_EQ(account.department(), "fire");
  ASSERT_EQ(account.phones_size(), 2);
  EXPECT_EQ(account.phones(0).kind(), v1::Phone::KIND_MOBILE);
  EXPECT_EQ(account.phones(1).kind(), v1::Phone::KIND_RADIO);
  EXPECT_EQ(account.phones(1).number(), "澜江119");
  ASSERT_EQ(account.appointments_size(), 2);
  EXPECT_EQ(account.appointments(0).standing(), v1::Appointment::STANDING_LEADER);
  EXPECT_EQ(account.appointments(1).role(), "eoc/on-scene-commander");
  EXPECT_EQ(account.appointments(1).standing(), v1::Appointment::STANDING_MEMBER);
  EXPECT_EQ(list.passwords.at("wang.lei"), "beacon tower");
}

TEST(AccountList, Guests) {
  const AccountList list = read_account_list(
      "account,name_zh_hans,name_en,kind,rooms,access_until\n"
      "xu.hong,徐宏,Xu Hong,guest,grp-expert;grp-env,2026-12-31T18:00:00+08:00\n",
      city());
  ASSERT_TRUE(list.problems.empty());
  EXPECT_EQ(list.accounts[0].rooms_size(), 2);
  EXPECT_EQ(list.accounts[0].access_until_us(), 1'798'711'200'000'000);
}

TEST(AccountList, ARoomOutOfSightIsToldSo) {
  const AccountList list = read_account_list(
      "account,name_zh_hans,name_en,kind,rooms,access_until\n"
      "xu.hong,徐宏,Xu Hong,guest,secret,2026-12-31T18:00:00+08:00\n",
      city(), false);
  ASSERT_EQ(list.problems.size(), 1U);
  EXPECT_EQ(list.problems[0].what, "channel \"secret\" is not seen by your account");
}

// The demo people fit the sample plan, and leave exactly two roles vacant.
TEST(AccountList, DemoPeopleLeaveTwoHoles) {
  const AccountList list =
      read_account_list(text_of(source / "deploy/plans/demo-accounts.csv"), city());
  ASSERT_TRUE(list.problems.empty()) << plan::to_string("demo", list.problems[0]);
  std::set<std::string> vacant;
  for (const v1::PlanRole& role : city().roles()) vacant.insert(role.key());
  int bots = 0;
  int guests = 0;
  for (const v1::PlanAccount& account : list.accounts) {
    bots += account.kind() == v1::Account::KIND_BOT ? 1 : 0;
    guests += account.kind() == v1::Account::KIND_GUEST ? 1 : 0;
    EXPECT_FALSE(account.name().zh_hant().empty()) << account.key();
    for (const auto& held : account.appointments()) vacant.erase(held.role());
  }
  EXPECT_EQ(vacant, (std::set<std::string>{"airdef/liaison", "gas/liaison"}));
  EXPECT_EQ(bots, 2);
  EXPECT_GE(guests, 1);
}

}  // namespace
}  // namespace fenghuo::admin
