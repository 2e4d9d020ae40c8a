// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/account_commands.h"

#include "hub/base/sha256.h"
#include "hub/core/state.h"
#include "hub/engine/recovery.h"
#include "hub/identity/token.h"
#include "tests/unit/admin/center_fixture.h"
#include "tools/admin/plan_commands.h"

#include <gmock/gmock.h>

namespace fenghuo::admin {
namespace {

using testing::HasSubstr;

const identity::HashingCost cheap{8 * 1024, 1};
const std::string demo = std::string(FENGHUO_SOURCE) + "/deploy/plans/demo-accounts.csv";

class AccountCommands : public CenterTest {
 protected:
  void apply_sample() {
    ASSERT_EQ(plan_apply(terminal(), access(), sample()), exit_done) << complained();
    said();
  }
  int add(const NewAccount& account) {
    return account_add(terminal(), access(), "center", cheap, account);
  }
  int import(const std::string& file, bool dry_run = false) {
    return account_import(terminal(), access(), "center", cheap, file, dry_run);
  }
  core::State state() { return engine::reload(store()).value(); }
  bool logs_in(const std::string& key, const std::string& password) {
    const core::State now = state();
    const v1::Account* account = now.account_by_key(key);
    return account != nullptr && identity::PasswordHasher(cheap).verify(
                                     std::string(now.password_hash(account->id())), password);
  }
  // The password that a command has just shown.
  static std::string shown_password(const std::string& text) {
    const std::string before = "shown only now: ";
    const std::size_t at = text.find(before);
    return at == std::string::npos ? "" : text.substr(at + before.size(), 19);
  }
};

TEST_F(AccountCommands, TheFirstAdministratorOnAnEmptyFolder) {
  NewAccount first;
  first.key = "zheng.yu";
  first.admin = true;
  EXPECT_EQ(add(first), exit_done) << complained();
  EXPECT_TRUE(logs_in("zheng.yu", shown_password(said())));
  const Center::Directory now = directory();
  ASSERT_EQ(now.snapshot.appointments_size(), 1);
  ASSERT_EQ(now.snapshot.roles_size(), 1);
  EXPECT_EQ(now.snapshot.roles(0).key(), "eoc/administrator");
  EXPECT_EQ(now.snapshot.appointments(0).role_id(), now.snapshot.roles(0).id());
}

TEST_F(AccountCommands, TheAdministratorOfASampleTakesItsRole) {
  apply_sample();
  NewAccount first;
  first.key = "admin";
  first.password = "a long password";
  first.admin = true;
  EXPECT_EQ(add(first), exit_done) << complained();
  EXPECT_TRUE(logs_in("admin", "a long password"));
  EXPECT_EQ(said().find("shown only now"), std::string::npos);
  EXPECT_EQ(directory().snapshot.roles_size(), 47);
}

TEST_F(AccountCommands, AddSaysWhatIsWrong) {
  apply_sample();
  NewAccount account;
  account.key = "li.wan";
  account.roles = {"eoc/duty-operater primary"};
  account.department = "eok";
  EXPECT_EQ(add(account), exit_refused);
  const std::string text = complained();
  EXPECT_THAT(text, HasSubstr("did you mean \"eoc/duty-operator\"?"));
  EXPECT_THAT(text, HasSubstr("did you mean \"eoc\"?"));
  EXPECT_EQ(directory().snapshot.accounts_size(), 0);
}

TEST_F(AccountCommands, AddTwiceIsRefused) {
  NewAccount account;
  account.key = "li.wan";
  account.password = "a long password";
  EXPECT_EQ(add(account), exit_done) << complained();
  EXPECT_EQ(add(account), exit_refused);
  EXPECT_THAT(complained(), HasSubstr("already_exists"));
}

TEST_F(AccountCommands, ImportOfTheDemoPeople) {
  apply_sample();
  EXPECT_EQ(import(demo), exit_done) << complained();
  EXPECT_THAT(said(), HasSubstr("49 accounts stored"));
  EXPECT_TRUE(logs_in("zhang.qiming", "fenghuo-demo"));
  EXPECT_FALSE(logs_in("bot.gds", "fenghuo-demo"));
  const core::State now = state();
  const v1::Channel* watch = now.channel_by_key("ops-watch");
  ASSERT_NE(watch, nullptr);
  for (const char* member : {"zhang.qiming", "wang.lei", "bot.gds"}) {
    EXPECT_TRUE(now.is_member(now.account_by_key(member)->id(), watch->id())) << member;
  }
  EXPECT_FALSE(now.is_member(now.account_by_key("xu.hong")->id(), watch->id()));
  EXPECT_TRUE(
      now.is_member(now.account_by_key("xu.hong")->id(), now.channel_by_key("grp-expert")->id()));
}

TEST_F(AccountCommands, ImportTwiceChangesNothing) {
  apply_sample();
  EXPECT_EQ(import(demo), exit_done) << complained();
  const storage::Head head = store().log().head();
  said();
  EXPECT_EQ(import(demo), exit_done) << complained();
  EXPECT_EQ(said(), "nothing to change\n");
  EXPECT_EQ(store().log().head(), head);
}

TEST_F(AccountCommands, ImportKeepsPasswordsThatPeopleChanged) {
  apply_sample();
  EXPECT_EQ(import(demo), exit_done) << complained();
  EXPECT_EQ(account_reset(terminal(), access(), cheap, "li.wan", "changed since"), exit_done);
  EXPECT_EQ(import(demo), exit_done) << complained();
  EXPECT_TRUE(logs_in("li.wan", "changed since"));
}

TEST_F(AccountCommands, DryRunStoresNothing) {
  apply_sample();
  const storage::Head head = store().log().head();
  EXPECT_EQ(import(demo, true), exit_done) << complained();
  const std::string text = said();
  EXPECT_THAT(text, HasSubstr("+ account \"zhang.qiming\" (张启明)"));
  EXPECT_THAT(text, HasSubstr("nothing stored: a preview of 49 accounts"));
  EXPECT_EQ(store().log().head(), head);
}

TEST_F(AccountCommands, OneBadRowStoresNothing) {
  // Without the sample plan no department or role of the list is there.
  EXPECT_EQ(import(demo), exit_refused);
  EXPECT_THAT(complained(), HasSubstr("nothing stored: "));
  EXPECT_EQ(store().log().head().position, 0U);
}

TEST_F(AccountCommands, DisableAndBack) {
  NewAccount account;
  account.key = "li.wan";
  EXPECT_EQ(add(account), exit_done) << complained();
  EXPECT_EQ(account_disable(terminal(), access(), "li.wan", false), exit_done) << complained();
  EXPECT_TRUE(directory().snapshot.accounts(0).disabled());
  said();
  EXPECT_EQ(account_disable(terminal(), access(), "li.wan", false), exit_done);
  EXPECT_EQ(said(), "nothing to change\n");
  EXPECT_EQ(account_disable(terminal(), access(), "li.wan", true), exit_done);
  EXPECT_FALSE(directory().snapshot.accounts(0).disabled());
}

TEST_F(AccountCommands, ResetShowsANewPassword) {
  NewAccount account;
  account.key = "li.wan";
  account.password = "the old password";
  EXPECT_EQ(add(account), exit_done) << complained();
  said();
  EXPECT_EQ(account_reset(terminal(), access(), cheap, "li.wan", ""), exit_done) << complained();
  EXPECT_TRUE(logs_in("li.wan", shown_password(said())));
  EXPECT_FALSE(logs_in("li.wan", "the old password"));
}

TEST_F(AccountCommands, TokenIsShownOnceAndStoredAsItsHash) {
  NewAccount account;
  account.key = "bot.gds";
  account.kind = "bot";
  EXPECT_EQ(add(account), exit_done) << complained();
  said();
  EXPECT_EQ(account_token(terminal(), access(), "bot.gds", "sensors", 0, start), exit_done)
      << complained();
  std::string token = said();
  token.pop_back();
  ASSERT_TRUE(identity::is_token(token)) << token;
  const core::State now = state();
  const core::TokenRow* row = now.token_by_hash(base::to_bytes(identity::token_hash(token)));
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->label, "sensors");
  EXPECT_EQ(row->account_id, now.account_by_key("bot.gds")->id());
}

TEST_F(AccountCommands, UnknownNames) {
  ASSERT_TRUE(access().open("center"));
  EXPECT_EQ(account_disable(terminal(), access(), "nobody", false), exit_refused);
  EXPECT_EQ(account_reset(terminal(), access(), cheap, "nobody", ""), exit_refused);
  EXPECT_EQ(account_token(terminal(), access(), "nobody", "x", 0, start), exit_refused);
  EXPECT_THAT(complained(), HasSubstr("no account \"nobody\""));
}

}  // namespace
}  // namespace fenghuo::admin
