// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/device_store.h"
#include "tools/replay/comparison.h"
#include "tools/replay/play.h"
#include "tools/replay/virtual_stage.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace fenghuo::replay {
namespace {

TEST(Figures, OfTheChemicalPlantAreTheRecordedOnes) {
  const auto text = client::read_file(FENGHUO_SCENARIOS "/chemical_plant.json");
  ASSERT_TRUE(text.has_value());
  const Scenario scenario = parse_scenario(*text).value();
  VirtualStage stage(scenario.start_us);
  Play play(scenario, stage);
  ASSERT_TRUE(play.prepare().has_value());
  ASSERT_TRUE(play.play(std::numeric_limits<double>::infinity()).has_value());
  const auto figures = play.hub_figures();
  ASSERT_TRUE(figures.has_value()) << figures.error().message();
  EXPECT_EQ(differences(scenario.expected, *figures, 0), std::vector<std::string>());
  v1::Figures other = *figures;
  other.set_acked_late(3);
  EXPECT_EQ(differences(scenario.expected, other, 0),
            std::vector<std::string>{"acked_late: recorded 2, computed 3"});
}

}  // namespace
}  // namespace fenghuo::replay
