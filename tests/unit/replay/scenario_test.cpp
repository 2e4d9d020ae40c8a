// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/scenario.h"

#include "clients/cpp/device_store.h"
#include "tools/replay/casting.h"

#include <gtest/gtest.h>

namespace fenghuo::replay {
namespace {

Scenario chemical_plant() {
  const auto text = client::read_file(FENGHUO_SCENARIOS "/chemical_plant.json");
  EXPECT_TRUE(text.has_value());
  return parse_scenario(*text).value();
}

TEST(Scenario, TheChemicalPlantHasItsSixtyEventsInOrder) {
  const Scenario scenario = chemical_plant();
  ASSERT_EQ(scenario.events.size(), 60U);
  EXPECT_EQ(scenario.expected.at("events").to_number<int>(), 60);
  EXPECT_EQ(scenario.start_us, 1'778'607'600'000'000) << "2026-05-13 01:40 in Shanghai";
  EXPECT_EQ(scenario.policies.size(), 3U);
  EXPECT_EQ(scenario.events[1].number("value"), 27);
  EXPECT_EQ(scenario.events.front().actor, "bot_dcs");
  EXPECT_EQ(scenario.events.back().action, "evaluation.file");
}

TEST(Scenario, NamesWhatIsWrong) {
  const char* unknown = R"({"departments":[],"actors":[],"channels":[{"id":"c","kind":"standing"}],
                            "events":[{"seq":1,"t":0,"actor":"x"}]})";
  const auto refused = parse_scenario(unknown);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().message(), "scenario: event 1: unknown actor x");
  EXPECT_TRUE(parse_scenario("{").has_error());
}

TEST(Casting, TheCentersOwnPeoplePlayThemselvesButGuestsDoNot) {
  v1::Snapshot snapshot;
  const auto add = [&](std::uint64_t id, const char* key, const char* name,
                       v1::Account::Kind kind) {
    auto* account = snapshot.add_accounts();
    account->set_id(id);
    account->set_key(key);
    account->mutable_name()->set_zh_hans(name);
    account->set_kind(kind);
  };
  add(5, "zhang.qiming", "张启明", v1::Account::KIND_PERSON);
  add(6, "tang.jun", "唐军", v1::Account::KIND_GUEST);
  client::State center;
  center.reset(snapshot, 5, 10);
  const Scenario scenario = chemical_plant();
  const auto key_of = [&](const std::string& id) {
    for (const auto& actor : scenario.actors) {
      if (actor.id == id) return account_key(actor, center);
    }
    return std::string();
  };
  EXPECT_EQ(key_of("u_zhang"), "zhang.qiming");
  EXPECT_EQ(key_of("u_tang"), "u_tang");
  const v1::Plan plan = plan_for(scenario, center, {});
  EXPECT_EQ(plan.accounts_size(), static_cast<int>(scenario.actors.size()) - 1)
      << "the hub itself is nobody's account";
  ASSERT_EQ(plan.channels_size(), 1) << "the others begin with the incident and its groups";
  EXPECT_EQ(plan.channels(0).key(), "ops-watch");
}

}  // namespace
}  // namespace fenghuo::replay
