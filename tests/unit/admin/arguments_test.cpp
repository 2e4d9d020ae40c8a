// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/arguments.h"

#include "tests/contract/temporary_folder.h"
#include "tools/admin/data_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace fenghuo::admin {
namespace {

using testing::HasSubstr;

const std::string sample = std::string(FENGHUO_SOURCE) + "/deploy/plans/city-command-center.toml";

// The program as a script calls it, on real folders.
class AdminProgram : public testing::Test {
 protected:
  int call(std::vector<std::string> arguments) {
    std::vector<const char*> argv{"fenghuo-admin"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    std::ostringstream out;
    std::ostringstream err;
    const int code = run(static_cast<int>(argv.size()), argv.data(), out, err);
    out_ = out.str();
    err_ = err.str();
    return code;
  }
  std::string folder(const std::string& name) { return (temporary_.path() / name).string(); }

  storage::TemporaryFolder temporary_;
  std::string out_;
  std::string err_;
};

TEST_F(AdminProgram, BadUsageIsTwo) {
  EXPECT_EQ(call({}), 2);
  EXPECT_EQ(call({"plan"}), 2);
  EXPECT_EQ(call({"plan", "check"}), 2);
  EXPECT_EQ(call({"plan", "burn", "x"}), 2);
  EXPECT_EQ(call({"account", "token", "x", "--days", "-1", "--data", "y"}), 2);
  EXPECT_EQ(call({"--data", "a", "--hub", "http://b", "plan", "diff", "c"}), 2);
}

TEST_F(AdminProgram, AskingWhereIsBadUsageToo) {
  EXPECT_EQ(call({"plan", "apply", sample}), 2);
  EXPECT_THAT(err_, HasSubstr("add --data DIR, or --hub URL"));
  EXPECT_EQ(call({"--hub", "http://127.0.0.1:1", "plan", "apply", sample}), 2);
  EXPECT_THAT(err_, HasSubstr("--token-file"));
}

TEST_F(AdminProgram, AVariableOfTheOtherProgramsDoesNotChooseTheCenter) {
  ASSERT_EQ(::setenv("FENGHUO_HUB", "http://127.0.0.1:1", 1), 0);
  EXPECT_EQ(call({"--data", folder("new"), "plan", "apply", sample}), 0) << err_;
  EXPECT_EQ(call({"plan", "diff", sample}), 2);
  ASSERT_EQ(::unsetenv("FENGHUO_HUB"), 0);
}

TEST_F(AdminProgram, AFolderOfSomethingElseHasNoRecord) {
  std::ofstream(folder("note")) << "x";
  for (const char* verb : {"verify", "stats", "dump", "doctor"}) {
    EXPECT_EQ(call({verb, temporary_.path().string()}), 3) << verb;
    EXPECT_THAT(err_, HasSubstr("there is no record in")) << verb;
  }
  EXPECT_EQ(call({"backup", temporary_.path().string(), folder("copy")}), 3);
  EXPECT_THAT(err_, HasSubstr("there is no record in"));
  EXPECT_EQ(call({"plan", "check", temporary_.path().string()}), 1);
  EXPECT_THAT(err_, HasSubstr("give the path of a plan file"));
}

TEST_F(AdminProgram, HelpHasExamplesEverywhere) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"--help"},
                                                  {"plan", "--help"},
                                                  {"account", "--help"},
                                                  {"plan", "check", "--help"},
                                                  {"plan", "diff", "--help"},
                                                  {"plan", "apply", "--help"},
                                                  {"account", "add", "--help"},
                                                  {"account", "import", "--help"},
                                                  {"account", "disable", "--help"},
                                                  {"account", "reset", "--help"},
                                                  {"account", "token", "--help"},
                                                  {"verify", "--help"},
                                                  {"dump", "--help"},
                                                  {"stats", "--help"},
                                                  {"doctor", "--help"},
                                                  {"backup", "--help"},
                                                  {"restore", "--help"}}) {
    EXPECT_EQ(call(command), 0);
    EXPECT_THAT(out_, HasSubstr("Example")) << command[0];
  }
}

TEST_F(AdminProgram, ApplyBackupRestoreVerify) {
  EXPECT_EQ(call({"--data", folder("world"), "plan", "apply", sample}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("applied as record"));
  EXPECT_EQ(call({"plan", "apply", sample, "--data", folder("world")}), 0) << err_;
  EXPECT_EQ(out_, "nothing to change\n");

  EXPECT_EQ(call({"backup", folder("world"), folder("copy/")}), 0) << err_;
  EXPECT_EQ(call({"verify", folder("copy")}), 0) << err_;
  EXPECT_EQ(call({"restore", folder("copy"), folder("again")}), 0) << err_;
  EXPECT_EQ(call({"verify", folder("again")}), 0) << err_;
  EXPECT_EQ(call({"stats", folder("again")}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("records.epoch_started 2\n"));
  EXPECT_EQ(call({"--data", folder("again"), "plan", "diff", sample}), 0) << err_;
  EXPECT_EQ(out_, "nothing to change\n");

  EXPECT_EQ(call({"backup", folder("world"), folder("again")}), 1) << "never over something";
  EXPECT_THAT(err_, HasSubstr("is not empty"));
}

TEST_F(AdminProgram, DiffOfNothingLeavesNothingBehind) {
  EXPECT_EQ(call({"--data", folder("world"), "plan", "diff", sample}), 0) << err_;
  EXPECT_FALSE(std::filesystem::exists(folder("world")));
}

TEST_F(AdminProgram, AFolderInUseIsThree) {
  ASSERT_EQ(call({"--data", folder("world"), "plan", "apply", sample}), 0) << err_;
  const Access access = access_to_folder(folder("world"));
  const auto center = access.open("lanjiang");
  ASSERT_TRUE(center) << center.error().to_string();
  EXPECT_EQ(call({"--data", folder("world"), "plan", "apply", sample}), 3);
  EXPECT_THAT(err_, HasSubstr("lock"));
  EXPECT_EQ(call({"--data", folder("world"), "plan", "diff", sample}), 0)
      << "looking is possible: " << err_;
}

TEST_F(AdminProgram, NothingThereIsThree) {
  EXPECT_EQ(call({"verify", folder("nowhere")}), 3);
  EXPECT_EQ(call({"--data", folder("nowhere"), "account", "disable", "li.wan"}), 3);
  EXPECT_FALSE(std::filesystem::exists(folder("nowhere")));
  EXPECT_EQ(call({"restore", folder("nowhere"), folder("target")}), 3);
}

TEST_F(AdminProgram, AHubThatIsNotThereIsThree) {
  const std::string token = folder("token");
  std::ofstream(token) << "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
  EXPECT_EQ(call({"--hub", "http://127.0.0.1:1", "--token-file", token, "account", "disable", "x"}),
            3);
  EXPECT_EQ(call({"--hub", "nonsense://", "--token-file", token, "account", "disable", "x"}), 3);
}

}  // namespace
}  // namespace fenghuo::admin
