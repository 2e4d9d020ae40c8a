// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/device_store.h"
#include "hub/core/rows.h"
#include "tools/replay/play.h"
#include "tools/replay/virtual_stage.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fenghuo::replay {
namespace {

Scenario chemical_plant() {
  const auto text = client::read_file(FENGHUO_SCENARIOS "/chemical_plant.json");
  EXPECT_TRUE(text.has_value());
  return parse_scenario(*text).value();
}

// The day of the chemical plant, in the core itself.
class ChemicalPlant : public ::testing::Test {
 protected:
  ChemicalPlant() : scenario(chemical_plant()), stage(scenario.start_us), play(scenario, stage) {
    const auto ready = play.prepare();
    EXPECT_TRUE(ready.has_value()) << (ready ? "" : ready.error().message());
  }

  // Everything up to `until`; what went otherwise fails the test.
  void run(double until) {
    const auto done = play.play(until, [](const Play::Outcome& one) {
      EXPECT_EQ(one.otherwise, "")
          << one.event->seq << " " << one.event->action << " at " << one.event->t;
    });
    ASSERT_TRUE(done.has_value()) << done.error().message();
  }
  // Seconds after the start.
  double at(base::TimeUs instant) const {
    return static_cast<double>(instant - scenario.start_us) / 1e6;
  }
  const v1::Order& order(const std::string& name) const {
    return *stage.state().rows().orders.find(play.acting().id_of(name));
  }

  const Scenario scenario;
  VirtualStage stage;
  Play play;
};

TEST_F(ChemicalPlant, TheHubOrdersByItselfWhenTwoPointsHaveAlarmed) {
  run(69);
  EXPECT_TRUE(stage.state().rows().orders.empty());
  run(70);
  ASSERT_EQ(stage.state().rows().orders.size(), 1u);
  EXPECT_EQ(order("AL-A01").issuer_id(), 0u);
  EXPECT_EQ(at(order("AL-A01").raised_us()), 70);
}

TEST_F(ChemicalPlant, TheWholeDayGoesAsRecorded) {
  run(1e9);
  EXPECT_EQ(play.figures().events, 60u);
  EXPECT_EQ(play.figures().own, 4u);
  EXPECT_EQ(play.figures().unexpected, 0u);
}

TEST_F(ChemicalPlant, LaddersStepAtTheRecordedTimesAndAtNoOthers) {
  run(1e9);
  std::map<std::string, std::vector<double>> steps;
  for (const char* name : {"AL-A01", "AL-A02", "AL-A03", "AL-A04"}) {
    for (const auto& one : order(name).addressees()) {
      for (const auto& step : one.run().steps()) {
        if (step.cause() != v1::Step::CAUSE_RAISED) steps[name].push_back(at(step.at_us()));
      }
    }
  }
  const std::map<std::string, std::vector<double>> recorded{{"AL-A02", {800}},
                                                            {"AL-A03", {1200, 1500}}};
  EXPECT_EQ(steps, recorded);
}

TEST_F(ChemicalPlant, ReportsAreDueWhenTheFileSays) {
  run(1e9);
  std::vector<double> due;
  for (const auto& entry : stage.state().rows().reports) {
    if (entry.row->state() != v1::Report::STATE_FILED) continue;
    EXPECT_FALSE(entry.row->overdue());
    due.push_back(at(entry.row->due_us()));
  }
  EXPECT_EQ(due, (std::vector<double>{2'178, 3'978, 7'200, 158'400}));
}

TEST_F(ChemicalPlant, TheIncidentGoesThroughItsLevelsAndIsEvaluated) {
  run(1e9);
  const v1::Incident& incident = *stage.state().rows().incidents.find(play.acting().id_of("INC-A"));
  std::vector<v1::Level> levels;
  for (const auto& step : incident.level_path()) levels.push_back(step.response_level());
  EXPECT_EQ(levels, (std::vector<v1::Level>{v1::LEVEL_III, v1::LEVEL_II, v1::LEVEL_III}));
  EXPECT_FALSE(incident.provisional());
  EXPECT_EQ(incident.casualties().injured(), 15u);
  EXPECT_EQ(incident.casualties().dead(), 1u);
  EXPECT_EQ(incident.casualties().missing(), 0u);
  EXPECT_TRUE(incident.has_evaluation());
  EXPECT_EQ(incident.groups_size(), 8);
}

// What went otherwise is found: a step that the file has a second later, and one that it has going
// to somebody else.
TEST(Replay, SaysWhatTheHubDidOtherwise) {
  Scenario scenario = chemical_plant();
  for (auto& event : scenario.events) {
    if (event.seq == 19) event.t = 801;
    if (event.seq == 23) event.fields["to"] = boost::json::array{"u_shen"};
  }
  VirtualStage stage(scenario.start_us);
  Play play(scenario, stage);
  ASSERT_TRUE(play.prepare().has_value());
  std::map<std::uint64_t, std::string> otherwise;
  ASSERT_TRUE(play.play(1'300,
                        [&](const Play::Outcome& one) {
                          if (!one.otherwise.empty()) otherwise[one.event->seq] = one.otherwise;
                        })
                  .has_value());
  const std::map<std::uint64_t, std::string> expected{{19, "-1.000 s"}, {23, "it asked others"}};
  EXPECT_EQ(otherwise, expected);
}

}  // namespace
}  // namespace fenghuo::replay
