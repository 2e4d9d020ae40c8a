// SPDX-License-Identifier: Apache-2.0
// How the daemon starts, refuses to start, and ends.
#include "tests/integration/real_hub.h"

#include <signal.h>
#include <sys/resource.h>

#include <fstream>

namespace fenghuo::testing {
namespace {

class Life : public RealHub {
 protected:
  std::string write_file(const std::string& name, const std::string& text) {
    const auto path = files_.path() / name;
    std::ofstream(path) << text;
    return path.string();
  }
  void expect_said(const HubProcess& hub, const std::string& part) {
    EXPECT_NE(hub.log().find(part), std::string::npos) << hub.log();
  }

  storage::TemporaryFolder files_;
};

TEST_F(Life, EndsCleanlyOnTheTermSignalAndTellsItsClients) {
  start();
  const auto ann = session("ann", json);
  ann->submit(1, post("last words"));
  ASSERT_TRUE(ann->reply(1)->has_done());
  hub_->signal(SIGTERM);
  EXPECT_EQ(ann->close_code(), v1::CLOSE_CODE_RESTART);
  EXPECT_EQ(ann->close_reason().substr(0, 15), "retry_after_ms=");
  EXPECT_EQ(hub_->wait(), 0) << hub_->log();
  expect_said(*hub_, "stopped");

  start();
  const auto history = http_as(tokens_.at("bob"), port(), "GET",
                               "/v1/channels/" + std::to_string(ops_) + "/messages");
  EXPECT_NE(history.body.find("last words"), std::string::npos) << history.body;
}

TEST_F(Life, ASecondHubOnTheFolderIsRefused) {
  start();
  const auto second = HubProcess::on(folder_.path().string());
  EXPECT_FALSE(second->serves());
  EXPECT_EQ(second->wait(), 3);
  expect_said(*second, "locked by another hub");
  // The first one does not mind.
  EXPECT_EQ(http(port(), "GET", "/readyz").status, 200);
}

TEST_F(Life, AUsedPortIsRefused) {
  start();
  const storage::TemporaryFolder other;
  HubProcess second(
      {"--data", other.path().string(), "--listen", "127.0.0.1:" + std::to_string(port())});
  EXPECT_EQ(second.wait(), 2);
  expect_said(second, "cannot listen on 127.0.0.1:" + std::to_string(port()));
}

TEST_F(Life, AFolderThatCannotBeUsedIsRefused) {
  const std::string file = write_file("a-file", "not a folder");
  const auto hub = HubProcess::on(file);
  EXPECT_EQ(hub->wait(), 3);
  expect_said(*hub, file);
}

TEST_F(Life, BadUsageIsRefusedWithTheFix) {
  HubProcess nothing({});
  EXPECT_EQ(nothing.wait(), 2);
  expect_said(nothing, "write --data DIR");
  const std::string toml = write_file("hub.toml", "data = \"/nowhere\"\nlisten = \"here\"\n");
  HubProcess config({"--config", toml});
  EXPECT_EQ(config.wait(), 2);
  expect_said(config, toml + ":2:1");
  HubProcess version({"--version"});
  EXPECT_EQ(version.wait(), 0);
  expect_said(version, "fenghuo-hub ");
}

TEST_F(Life, AnUnreadablePlanIsRefusedWithItsPlace) {
  const std::string plan = write_file("plan.toml", "[center]\nid = \"x\"\nnonsense = 1\n");
  const auto hub = HubProcess::on(folder_.path().string(), {"--plan", plan});
  EXPECT_EQ(hub->wait(), 2);
  expect_said(*hub, plan + ":3");
  const auto missing = HubProcess::on(folder_.path().string(), {"--plan", "/no/such/plan.toml"});
  EXPECT_EQ(missing->wait(), 2);
  expect_said(*missing, "/no/such/plan.toml");
}

TEST_F(Life, APlanIsAppliedAtStart) {
  const storage::TemporaryFolder empty;
  const std::string plan = write_file("plan.toml", R"([center]
id = "test"
name = { zh-Hans = "测试中心", en = "Planned center" }
zone = "Asia/Shanghai"

[[department]]
key = "eoc"
name = { zh-Hans = "指挥中心", en = "Center" }

[[channel]]
key = "eoc"
kind = "department"
department = "eoc"
name = { zh-Hans = "指挥中心", en = "Center" }
)");

  for (int life = 0; life < 2; ++life) {
    const auto hub = HubProcess::on(empty.path().string(), {"--plan", plan});
    ASSERT_TRUE(hub->serves()) << hub->log();
    hub->signal(SIGTERM);
    EXPECT_EQ(hub->wait(), 0);
  }
}

TEST_F(Life, AFastClockIsForDrillsOnly) {
  const auto real = HubProcess::on(folder_.path().string(), {"--clock-speed", "60"});
  EXPECT_EQ(real->wait(), 2);
  expect_said(*real, "--clock-speed is for drills");
  const storage::TemporaryFolder empty;
  const auto drill = HubProcess::on(empty.path().string(), {"--clock-speed", "60"});
  EXPECT_TRUE(drill->serves()) << drill->log();
}

TEST_F(Life, AFailedWriteStopsTheHubAndLosesNothing) {
  // What is ignored here is ignored by the hub too: the write fails instead of killing it.
  const auto before = signal(SIGXFSZ, SIG_IGN);
  start();
  signal(SIGXFSZ, before);
  const auto ann = session("ann");
  ann->submit(1, post("kept"));
  ASSERT_TRUE(ann->reply(1)->has_done());
  const rlimit no_more{1, RLIM_INFINITY};
  ASSERT_EQ(prlimit(hub_->pid(), RLIMIT_FSIZE, &no_more, nullptr), 0);
  ann->submit(2, post("never confirmed"));
  EXPECT_FALSE(ann->reply(2));
  EXPECT_EQ(hub_->wait(), 4);
  expect_said(*hub_, "storage failed");

  start();
  const auto history = http_as(tokens_.at("bob"), port(), "GET",
                               "/v1/channels/" + std::to_string(ops_) + "/messages");
  EXPECT_NE(history.body.find("kept"), std::string::npos) << history.body;
}

TEST_F(Life, LogLinesAreJsonWhenAsked) {
  start({"--log-format", "json"});
  const std::string log = hub_->log();
  EXPECT_EQ(log.front(), '{');
  EXPECT_NE(log.find(R"("room":"hub","message":"ready on http://127.0.0.1:)"), std::string::npos)
      << log;
}

TEST_F(Life, ExpiredTokensEndTheirSessions) {
  std::string token;
  {
    CenterMaker maker(folder_.path());
    token = maker.token("ann", maker.now() + 4 * base::us_per_s);
    tokens_["ann"] = token;
  }
  start();
  Line line(port(), binary);
  line.hello(token, "d");
  // Either it still opens, and is ended while open, or it is refused at the door: both say so.
  EXPECT_EQ(line.close_code(), v1::CLOSE_CODE_TOKEN_ENDED);
  EXPECT_EQ(http_as(token, port(), "GET", "/v1/search?q=a").status, 401);
}

}  // namespace
}  // namespace fenghuo::testing
