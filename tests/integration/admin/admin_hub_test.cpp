// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/temporary_folder.h"
#include "tests/support/hub_process.h"
#include "tools/admin/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace fenghuo::admin {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string sample = std::string(FENGHUO_SOURCE) + "/deploy/plans/city-command-center.toml";

// The operator's tool on a hub that runs, with the token of an administrator made before.
class AdminHub : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(call({"--data", data(), "plan", "apply", sample}), 0) << err_;
    ASSERT_EQ(call({"--data", data(), "account", "add", "zheng.yu", "--admin"}), 0) << err_;
    ASSERT_EQ(call({"--data", data(), "account", "token", "zheng.yu"}), 0) << err_;
    keep_token("admin.token", out_);
    hub_ = fenghuo::testing::HubProcess::on(data());
    ASSERT_TRUE(hub_->serves()) << hub_->log();
  }

  // On the running hub.
  int hub(const std::vector<std::string>& command, const std::string& token = "admin.token") {
    std::vector<std::string> arguments{"--hub", "http://127.0.0.1:" + std::to_string(hub_->port()),
                                       "--token-file", file(token)};
    arguments.insert(arguments.end(), command.begin(), command.end());
    return call(arguments);
  }
  int call(const std::vector<std::string>& arguments) {
    std::vector<const char*> argv{"fenghuo-admin"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    std::ostringstream out;
    std::ostringstream err;
    const int code = run(static_cast<int>(argv.size()), argv.data(), out, err);
    out_ = out.str();
    err_ = err.str();
    return code;
  }
  void keep_token(const std::string& name, const std::string& text) {
    std::ofstream(file(name)) << text;
  }
  std::string data() const { return file("world"); }
  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }

  storage::TemporaryFolder folder_;
  std::unique_ptr<fenghuo::testing::HubProcess> hub_;
  std::string out_;
  std::string err_;
};

TEST_F(AdminHub, ApplyingTheSamePlanChangesNothing) {
  EXPECT_EQ(hub({"plan", "apply", sample}), 0) << err_;
  EXPECT_EQ(out_, "nothing to change\n");
}

TEST_F(AdminHub, DiffTellsChannelsOutOfSightTogether) {
  EXPECT_EQ(hub({"plan", "diff", sample}), 0) << err_;
  EXPECT_THAT(out_, StartsWith("? channels new, or not seen by this account: "));
}

TEST_F(AdminHub, AccountsComeAndGo) {
  std::ofstream(file("people.csv")) << "account,name_zh_hans,name_en,department,role,standing\n"
                                       "li.wan,李婉,Li Wan,eoc,eoc/duty-operator,primary\n"
                                       "wang.lei,王磊,Wang Lei,fire,fire/liaison,leader\n";
  EXPECT_EQ(hub({"account", "import", file("people.csv")}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("2 accounts stored"));
  EXPECT_EQ(hub({"account", "import", file("people.csv")}), 0) << err_;
  EXPECT_EQ(out_, "nothing to change\n");
  EXPECT_EQ(hub({"account", "disable", "li.wan"}), 0) << err_;
  EXPECT_EQ(hub({"account", "reset", "wang.lei"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("shown only now: "));
}

TEST_F(AdminHub, WhoDoesNotAdministerIsRefused) {
  ASSERT_EQ(hub({"account", "add", "bot.gds", "--kind", "bot"}), 0) << err_;
  ASSERT_EQ(hub({"account", "token", "bot.gds"}), 0) << err_;
  keep_token("bot.token", out_);
  EXPECT_EQ(hub({"account", "add", "friend"}, "bot.token"), 1);
  EXPECT_THAT(err_, HasSubstr("forbidden"));
  EXPECT_EQ(hub({"account", "disable", "zheng.yu"}, "bot.token"), 1);
}

TEST_F(AdminHub, ATokenNobodyKnowsIsRefused) {
  keep_token("foreign.token", std::string(43, 'A') + "\n");
  EXPECT_EQ(hub({"plan", "apply", sample}, "foreign.token"), 1);
  EXPECT_THAT(err_, HasSubstr("unauthenticated"));
}

TEST_F(AdminHub, TheFolderOfARunningHubCanBeReadAndCopiedButNotChanged) {
  EXPECT_EQ(call({"--data", data(), "account", "add", "sneak"}), 3);
  EXPECT_EQ(call({"--data", data(), "plan", "diff", sample}), 0) << err_;
  EXPECT_EQ(out_, "nothing to change\n");
  EXPECT_EQ(hub({"account", "add", "li.wan"}), 0) << err_;
  EXPECT_EQ(call({"backup", data(), file("copy")}), 0) << err_;
  EXPECT_EQ(call({"restore", file("copy"), file("again")}), 0) << err_;
  hub_->signal(SIGTERM);
  EXPECT_EQ(hub_->wait(), 0) << hub_->log();
  EXPECT_EQ(call({"verify", data()}), 0) << err_;

  hub_ = fenghuo::testing::HubProcess::on(file("again"));
  ASSERT_TRUE(hub_->serves()) << hub_->log();
  EXPECT_EQ(hub({"account", "disable", "li.wan"}), 0) << err_;
}

}  // namespace
}  // namespace fenghuo::admin
