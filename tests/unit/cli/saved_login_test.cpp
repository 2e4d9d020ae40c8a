// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/saved_login.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

namespace fenghuo::cli {
namespace {

class SavedLoginTest : public ::testing::Test {
 protected:
  SavedLoginTest() {
    std::string name = ::testing::TempDir() + "login-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    ::setenv("XDG_STATE_HOME", folder_.c_str(), 1);
    ::unsetenv("FENGHUO_HUB");
    ::unsetenv("FENGHUO_TOKEN");
  }
  ~SavedLoginTest() override { std::filesystem::remove_all(folder_); }

  const SavedLogin login_{"http://hub:8600", "secret", "zhang", 12};
  std::string folder_;
};

TEST_F(SavedLoginTest, IsKeptForItsOwnerOnlyUntilForgotten) {
  EXPECT_FALSE(find_login().has_value());
  ASSERT_TRUE(keep_login(login_).has_value());
  const auto found = find_login();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->token, "secret");
  EXPECT_EQ(found->token_id, 12U);
  struct stat about = {};
  ASSERT_EQ(::stat((folder_ + "/fenghuo/login").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  forget_login();
  EXPECT_FALSE(find_login().has_value());
}

TEST_F(SavedLoginTest, ShowsTheTokenToNoOtherHub) {
  ASSERT_TRUE(keep_login(login_).has_value());
  ::setenv("FENGHUO_HUB", "http://elsewhere:8600", 1);
  EXPECT_FALSE(find_login().has_value());
  ::setenv("FENGHUO_HUB", "http://hub:8600/", 1);
  EXPECT_TRUE(find_login().has_value());
}

TEST_F(SavedLoginTest, ATokenOfTheEnvironmentWins) {
  ASSERT_TRUE(keep_login(login_).has_value());
  ::setenv("FENGHUO_HUB", "http://elsewhere:8600", 1);
  ::setenv("FENGHUO_TOKEN", "bot", 1);
  const auto found = find_login();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->hub, "http://elsewhere:8600");
  EXPECT_EQ(found->token, "bot");
  EXPECT_EQ(found->account, "");
}

TEST_F(SavedLoginTest, HubsAndAccountsShareNoDevices) {
  SavedLogin other_hub = login_;
  other_hub.hub = "http://other:8600";
  SavedLogin other_account = login_;
  other_account.account = "li";
  SavedLogin new_token = login_;
  new_token.token = "newer";
  EXPECT_NE(folder_of(login_), folder_of(other_hub));
  EXPECT_NE(folder_of(login_), folder_of(other_account));
  EXPECT_EQ(folder_of(login_), folder_of(new_token));
}

}  // namespace
}  // namespace fenghuo::cli
