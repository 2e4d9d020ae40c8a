// SPDX-License-Identifier: Apache-2.0
// Two people and a hub that is killed between them, as a newcomer tries it.
#include "fenghuo/v1/frame.pb.h"
#include "tests/integration/cli/terminal.h"
#include "tests/support/hub_process.h"
#include "tests/support/make_center.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;

class TwoTerminals : public ::testing::Test {
 protected:
  TwoTerminals() {
    std::string name = ::testing::TempDir() + "terminals-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    CenterMaker maker(folder_ + "/hub");
    for (const char* who : {"ann", "bob", "cat"}) tokens_[who] = maker.token(who);
    maker.set_password("ann", "correct horse");
  }
  ~TwoTerminals() override { std::filesystem::remove_all(folder_); }

  void start_hub() {
    // The second time where it was before: nobody tells the clients another address.
    const std::string listen = "127.0.0.1:" + std::to_string(port_);
    hub_ = std::make_unique<HubProcess>(
        std::vector<std::string>{"--data", folder_ + "/hub", "--listen", listen});
    ASSERT_TRUE(hub_->serves()) << hub_->log();
    port_ = hub_->port();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  Terminal::Environment as(const std::string& who) const {
    return {{"FENGHUO_HUB", url()},
            {"FENGHUO_TOKEN", tokens_.at(who)},
            {"XDG_STATE_HOME", folder_ + "/" + who},
            {"LC_ALL", "C.UTF-8"}};
  }
  int run(const std::string& who, const std::vector<std::string>& words) {
    Terminal terminal(words, as(who));
    const int code = terminal.wait();
    said_ = terminal.said();
    return code;
  }
  // The texts a JSON tail has shown up to this one.
  static std::vector<std::string> texts_until(Terminal& tail, const std::string& last) {
    std::vector<std::string> texts;
    while (const auto line = tail.line()) {
      if (!line->starts_with('{')) continue;
      v1::Message message;
      if (!google::protobuf::util::JsonStringToMessage(*line, &message).ok()) break;
      texts.push_back(message.text());
      if (texts.back() == last) break;
    }
    return texts;
  }

  std::string folder_;
  std::map<std::string, std::string> tokens_;
  std::uint16_t port_ = 0;
  std::unique_ptr<HubProcess> hub_;
  std::string said_;
};

TEST_F(TwoTerminals, TailsGoOnAfterAKilledHubWithoutGapOrDouble) {
  start_hub();
  Terminal bob({"tail", "ops", "--json"}, as("bob"));
  Terminal cat({"tail", "--json"}, as("cat"));
  ASSERT_TRUE(bob.wait_for("line: live")) << bob.said();
  ASSERT_TRUE(cat.wait_for("line: live")) << cat.said();
  for (const char* text : {"one", "two", "three"}) {
    ASSERT_EQ(run("ann", {"post", "ops", text}), 0) << said_;
  }

  hub_->kill();
  EXPECT_EQ(run("ann", {"post", "ops", "lost"}), 3) << said_;
  EXPECT_EQ(run("ann", {"post", "ops", "kept", "--queue"}), 3) << said_;

  start_hub();
  ASSERT_EQ(run("ann", {"post", "ops", "four"}), 0) << said_;
  ASSERT_EQ(run("ann", {"post", "ops", "last"}), 0) << said_;
  const auto all = ElementsAre("one", "two", "three", "kept", "four", "last");
  EXPECT_THAT(texts_until(bob, "last"), all) << bob.said();
  EXPECT_THAT(texts_until(cat, "last"), all) << cat.said();

  Terminal history({"history", "ops", "--json"}, as("bob"));
  EXPECT_THAT(texts_until(history, "last"), all);
  EXPECT_EQ(history.wait(), 0);
}

TEST_F(TwoTerminals, TailBeginsAfterThePositionAskedFor) {
  start_hub();
  ASSERT_EQ(run("ann", {"post", "ops", "before", "--json"}), 0) << said_;
  v1::Reply reply;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(said_, &reply).ok()) << said_;
  ASSERT_EQ(run("ann", {"post", "ops", "after"}), 0) << said_;
  Terminal bob({"tail", "--json", "--since", std::to_string(reply.done().id())}, as("bob"));
  EXPECT_THAT(texts_until(bob, "after"), ElementsAre("after")) << bob.said();
}

TEST_F(TwoTerminals, LogsInWithAPasswordTalksAndLogsOut) {
  start_hub();
  const Terminal::Environment ann = {{"XDG_STATE_HOME", folder_ + "/ann"}, {"LC_ALL", "C.UTF-8"}};
  Terminal wrong({"login", "--hub", url(), "--account", "ann", "--password-stdin"}, ann, "no\n");
  EXPECT_EQ(wrong.wait(), 1) << wrong.said();
  EXPECT_NE(wrong.said().find("bad_credentials (2004)"), std::string::npos) << wrong.said();
  Terminal login({"login", "--hub", url(), "--account", "ann", "--password-stdin"}, ann,
                 "correct horse\n");
  ASSERT_EQ(login.wait(), 0) << login.said();
  Terminal post({"post", "ops", "-", "--precedence", "immediate"}, ann, "from stdin\n");
  EXPECT_EQ(post.wait(), 0) << post.said();
  Terminal whoami({"whoami"}, ann);
  EXPECT_EQ(whoami.wait(), 0);
  EXPECT_NE(whoami.said().find("ann"), std::string::npos) << whoami.said();
  Terminal history({"history", "ops", "--lang", "zh"}, ann);
  EXPECT_EQ(history.wait(), 0);
  EXPECT_NE(history.said().find("‖特急‖  from stdin"), std::string::npos) << history.said();
  Terminal logout({"logout"}, ann);
  EXPECT_EQ(logout.wait(), 0) << logout.said();
  Terminal after({"whoami"}, ann);
  EXPECT_EQ(after.wait(), 2) << after.said();
}

TEST_F(TwoTerminals, ExitCodesSayWhatWentWrong) {
  start_hub();
  EXPECT_EQ(run("ann", {"post", "nowhere", "x"}), 1) << said_;
  EXPECT_NE(said_.find("not_found (3001)"), std::string::npos) << said_;
  EXPECT_EQ(run("ann", {"post", "ops"}), 2) << said_;
  EXPECT_EQ(run("ann", {"fly"}), 2) << said_;
  EXPECT_EQ(run("ann", {"call", "no_such_command", "{}"}), 2) << said_;
  EXPECT_EQ(run("ann", {"call", "retract_message", R"({"messageId": "999999", "reason": "x"})"}), 1)
      << said_;
  EXPECT_EQ(run("ann", {"post", "--help"}), 0);
  EXPECT_NE(said_.find("Example"), std::string::npos);
  tokens_["stranger"] = std::string(43, 'A');
  EXPECT_EQ(run("stranger", {"channels"}), 1) << said_;
  EXPECT_EQ(run("stranger", {"tail"}), 1) << said_;
  hub_->kill();
  EXPECT_EQ(run("ann", {"channels"}), 3) << said_;
}

}  // namespace
}  // namespace fenghuo::testing
