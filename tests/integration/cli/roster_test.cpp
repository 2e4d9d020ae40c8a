// SPDX-License-Identifier: Apache-2.0
// A month of duty from a spreadsheet, as its planner tries it.
#include "tests/integration/cli/terminal.h"
#include "tests/support/hub_process.h"
#include "tests/support/make_center.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace fenghuo::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RosterFromATable : public ::testing::Test {
 protected:
  RosterFromATable() {
    std::string name = ::testing::TempDir() + "roster-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    {
      CenterMaker maker(folder_ + "/hub");
      planner_ = maker.token("root");
      other_ = maker.token("bob");
    }
    hub_ = std::make_unique<HubProcess>(
        std::vector<std::string>{"--data", folder_ + "/hub", "--listen", "127.0.0.1:0"});
  }
  ~RosterFromATable() override { std::filesystem::remove_all(folder_); }

  void SetUp() override { ASSERT_TRUE(hub_->serves()) << hub_->log(); }

  int run(const std::vector<std::string>& words, const std::string& input = {},
          bool as_planner = true) {
    Terminal terminal(words,
                      {{"FENGHUO_HUB", "http://127.0.0.1:" + std::to_string(hub_->port())},
                       {"FENGHUO_TOKEN", as_planner ? planner_ : other_},
                       {"XDG_STATE_HOME", folder_ + (as_planner ? "/root" : "/bob")},
                       {"LC_ALL", "C.UTF-8"}},
                      input);
    const int code = terminal.wait();
    said_ = terminal.said();
    return code;
  }

  std::string folder_;
  std::string planner_;
  std::string other_;
  std::unique_ptr<HubProcess> hub_;
  std::string said_;
};

TEST_F(RosterFromATable, IsStoredWholeOnceItIsClean) {
  const std::string header = "role,standing,person,from,to\n";
  const std::string day = "eoc/bob,primary,bob,2099-11-30 08:00,2099-11-30 20:00\n";
  const std::string wrong = "eoc/bob,primary,bbo,2099-02-30 08:00,2099-12-01 08:00\n";
  EXPECT_EQ(run({"duty", "import", "-"}, header + day + wrong), 1) << said_;
  EXPECT_THAT(said_, HasSubstr("-:3:17: \"bbo\" is not in this center; did you mean \"bob\"?"));
  EXPECT_THAT(said_, HasSubstr("-:3:21: 2099-02-30 is not in the calendar"));
  EXPECT_THAT(said_, HasSubstr("2 problems; nothing was stored"));

  EXPECT_EQ(run({"duty", "import", "-", "--preview"}, header + day), 0) << said_;
  EXPECT_THAT(said_, HasSubstr("+ 2099-11-30 08:00 – 2099-11-30 20:00  eoc/bob  primary  bob"));
  EXPECT_THAT(said_, Not(HasSubstr("stored")));

  EXPECT_EQ(run({"duty", "import", "-"}, header + day), 0) << said_;
  EXPECT_THAT(said_, HasSubstr("1 new, 0 dropped, 0 planned already"))
      << "neither the wrong table nor the preview had stored anything";
  EXPECT_THAT(said_, HasSubstr("stored (position"));
  EXPECT_EQ(run({"duty", "import", "-"}, header + day), 0) << said_;
  EXPECT_THAT(said_, HasSubstr("0 new, 0 dropped, 1 planned already"));
  EXPECT_EQ(run({"duty", "show", "eoc/bob", "--at", "2099-11-30T12:00"}), 0) << said_;
  EXPECT_THAT(said_, HasSubstr("bob"));
}

TEST_F(RosterFromATable, ARotationIsPlannedAndPreviewed) {
  // Everybody's own desk has one person: he follows himself, and the vacancy after him is told.
  EXPECT_EQ(run({"duty", "rotate", "eoc/bob", "--people", "bob,bob", "--first", "2099-11-30 08:00",
                 "--every", "12h", "--until", "2099-12-01 08:00", "--key", "desk"}),
            0)
      << said_;
  EXPECT_THAT(said_, HasSubstr("+ 2099-11-30 20:00 – 2099-12-01 08:00  eoc/bob  primary  bob"));
  EXPECT_EQ(run({"duty", "preview", "eoc/bob", "--days", "3"}), 0) << said_;
  EXPECT_THAT(said_, HasSubstr("nobody changes"));
  EXPECT_EQ(run({"duty", "rotate", "eoc/bob", "--people", "bob", "--first", "2099-11-30 08:00",
                 "--every", "often", "--until", "2099-12-01 08:00"}),
            1);
  EXPECT_THAT(said_, HasSubstr("rotation: \"often\" is no length of a turn"));
}

TEST_F(RosterFromATable, IsPlannedOnlyByThoseWhoMay) {
  EXPECT_EQ(run({"duty", "import", "-"}, "role,person,from,to\n", false), 1);
  EXPECT_THAT(said_, HasSubstr("forbidden"));
  EXPECT_EQ(run({"duty", "import", folder_ + "/none.csv"}), 2);
}

}  // namespace
}  // namespace fenghuo::testing
