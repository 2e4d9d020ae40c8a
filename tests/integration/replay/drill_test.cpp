// SPDX-License-Identifier: Apache-2.0
// A recorded night, played into the real daemon by its people, on a clock that runs faster.
#include "clients/cpp/device_store.h"
#include "tests/contract/temporary_folder.h"
#include "tests/support/hub_process.h"
#include "tests/support/make_center.h"
#include "tools/replay/play.h"
#include "tools/replay/socket_stage.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace fenghuo::replay {
namespace {

constexpr int speed = 300;

class Drill : public ::testing::Test {
 protected:
  void start() {
    {
      testing::CenterMaker maker(folder_.path(), v1::WorldCreated::KIND_DRILL);
      options_.admin_token = maker.token("root");
    }
    hub_ =
        testing::HubProcess::on(folder_.path().string(), {"--clock-speed", std::to_string(speed)});
    ASSERT_TRUE(hub_->serves()) << hub_->log();
    options_.address =
        client::parse_address("http://127.0.0.1:" + std::to_string(hub_->port())).value();
    options_.speed = speed;
    options_.label = "drill";
  }

  storage::TemporaryFolder folder_;
  std::unique_ptr<testing::HubProcess> hub_;
  SocketStage::Options options_;
};

// The first 26 minutes: an order of the combination rule, and three steps of ladders that nobody
// sends.
TEST_F(Drill, TheHubKeepsTheRecordedTimesByItself) {
  start();
  const auto text = client::read_file(FENGHUO_SCENARIOS "/chemical_plant.json");
  ASSERT_TRUE(text.has_value());
  const auto scenario = parse_scenario(*text);
  ASSERT_TRUE(scenario.has_value());
  SocketStage stage(options_);
  const auto open = stage.open();
  ASSERT_TRUE(open.has_value()) << open.error().message();
  ASSERT_TRUE(stage.keeps_time());
  Play play(*scenario, stage);
  const auto ready = play.prepare();
  ASSERT_TRUE(ready.has_value()) << ready.error().message();
  const auto played = play.play(1'561, [](const Play::Outcome& one) {
    EXPECT_EQ(one.otherwise, "") << one.event->seq << " " << one.event->action;
  });
  ASSERT_TRUE(played.has_value()) << played.error().message();
  EXPECT_EQ(play.figures().events, 26u);
  EXPECT_EQ(play.figures().own, 4u);
  EXPECT_EQ(play.figures().unexpected, 0u);
}

}  // namespace
}  // namespace fenghuo::replay
