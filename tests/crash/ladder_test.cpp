// SPDX-License-Identifier: Apache-2.0
// The hub is killed again and again while ladders run; see README.md.
#include "hub/core/apply.h"
#include "hub/core/rows.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "tests/contract/temporary_folder.h"
#include "tests/support/hub_process.h"
#include "tests/support/invariants.h"
#include "tests/support/line.h"
#include "tests/support/make_center.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>

namespace fenghuo::testing {
namespace {

constexpr std::uint32_t rungs = 3;
constexpr std::uint32_t loops = 2;
constexpr int orders_each = 8;

// "eoc/watch": ann, then bob, then cat, a second apart; twice; then every command seat.
v1::Plan plan_with_watch() {
  v1::Plan plan = CenterMaker::plan();
  v1::PlanRole& watch = *plan.add_roles();
  watch.set_key("eoc/watch");
  watch.mutable_name()->set_en("Watch");
  watch.set_department("eoc");
  v1::Ladder& ladder = *plan.mutable_configuration()->add_ladders();
  ladder.set_key("quick");
  ladder.add_precedences(v1::PRECEDENCE_ROUTINE);
  ladder.set_loops(loops);
  ladder.set_last_wait_us(base::us_per_s);
  ladder.set_gate_wait_us(base::us_per_s);
  ladder.set_exhausted_repeat_us(base::us_per_s);
  for (const auto standing : {v1::Appointment::STANDING_PRIMARY, v1::Appointment::STANDING_DEPUTY,
                              v1::Appointment::STANDING_LEADER}) {
    auto& one = *plan.mutable_accounts(ladder.rungs_size())->add_appointments();
    one.set_role("eoc/watch");
    one.set_standing(standing);
    v1::Rung& rung = *ladder.add_rungs();
    rung.set_after_us(ladder.rungs_size() == 1 ? 0 : base::us_per_s);
    rung.add_targets()->set_standing(standing);
    rung.add_means(v1::MEANS_IN_APP);
  }
  return plan;
}

class LadderKill : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    CenterMaker maker(folder_.path());
    v1::Plan plan = plan_with_watch();
    for (auto& role : *plan.mutable_roles()) {
      if (role.key() == "eoc/ann") role.add_grants()->set_verb(v1::Grant::VERB_ORDER);
    }
    maker.apply(plan);
    ops_ = maker.channel("ops");
    watch_ = maker.role("eoc/watch");
    token_ = maker.token("ann");
  }

  void start() {
    hub_ = HubProcess::on(folder_.path().string());
    ASSERT_TRUE(hub_->serves()) << hub_->log();
    line_ = std::make_unique<Line>(hub_->port(), "fenghuo.v1.proto");
    line_->hello(token_, "desk");
    const auto welcome = line_->next(v1::ServerFrame::kWelcome);
    ASSERT_TRUE(welcome) << hub_->log();
    for (const v1::Order& order : welcome->welcome().snapshot().orders()) look_at(order);
  }

  void raise_some() {
    for (int i = 0; i < orders_each; ++i) {
      v1::Command command;
      v1::RaiseOrder& order = *command.mutable_raise_order();
      order.set_channel_id(ops_);
      order.set_text("report");
      order.set_kind(v1::Order::KIND_NOTICE);
      order.add_to()->set_role_id(watch_);
      line_->submit(++n_, command);
      const auto reply = line_->reply(n_);
      ASSERT_TRUE(reply && reply->has_done()) << (reply ? reply->ShortDebugString() : "gone");
    }
  }

  // Reads so many changes of orders.
  void follow(std::uint64_t changes) {
    while (changes > 0) {
      const auto frame = line_->next(v1::ServerFrame::kBatch);
      ASSERT_TRUE(frame) << hub_->log();
      for (const v1::Update& update : frame->batch().updates()) {
        if (!update.has_order()) continue;
        look_at(update.order());
        if (changes > 0) --changes;
      }
    }
  }
  void look_at(const v1::Order& order) {
    orders_.insert(order.id());
    if (order.addressees(0).run().exhausted_us() != 0) exhausted_.insert(order.id());
  }

  // The whole record, judged.
  void judge() {
    auto opened = storage::open_rocksdb_store(folder_.path());
    ASSERT_TRUE(opened) << opened.error().to_string();
    const auto reader = (*opened)->log().read(1, false);
    core::State state;
    core::Effects effects;
    for (;;) {
      const auto batch = reader->next();
      ASSERT_TRUE(batch) << batch.error().to_string();
      if (!*batch) break;
      for (std::size_t i = 0; i < (*batch)->records.size(); ++i) {
        v1::Event event;
        ASSERT_TRUE(event.ParseFromString((*batch)->records[i].event));
        const core::Record record{(*batch)->first + i, (*batch)->time_us, event, nullptr};
        expect_none(check_record(state, record));
        core::apply(state, record, effects);
      }
      expect_none(invariants(state));
    }
    for (const auto& entry : state.rows().orders) expect_each_step_once(*entry.row);
  }
  static void expect_none(const Violations& found) {
    for (const std::string& one : found) ADD_FAILURE() << one;
  }
  static void expect_each_step_once(const v1::Order& order) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> fired;
    base::TimeUs before = 0;
    for (const v1::Step& step : order.addressees(0).run().steps()) {
      ++fired[{step.loop(), step.rung()}];
      EXPECT_TRUE(before == 0 || step.at_us() >= before + base::us_per_s) << "early";
      before = step.at_us();
    }
    EXPECT_EQ(fired.size(), rungs * loops) << order.ShortDebugString();
    for (const auto& [which, times] : fired) EXPECT_EQ(times, 1) << which.second;
  }

  std::mt19937_64 random_{GetParam()};
  storage::TemporaryFolder folder_;
  base::EntityId ops_ = 0;
  base::EntityId watch_ = 0;
  std::string token_;
  std::uint64_t n_ = 0;
  std::set<base::EntityId> orders_;
  std::set<base::EntityId> exhausted_;
  std::unique_ptr<HubProcess> hub_;
  std::unique_ptr<Line> line_;
};

TEST_P(LadderKill, EachStepFiresOnceAndNoneEarly) {
  for (int round = 0; round < 4; ++round) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(raise_some());
    ASSERT_NO_FATAL_FAILURE(follow(1 + random_() % 40));
    hub_->kill();
  }
  ASSERT_NO_FATAL_FAILURE(start());
  while (exhausted_.size() < orders_.size() || orders_.size() < 4 * orders_each) {
    ASSERT_NO_FATAL_FAILURE(follow(1));
  }
  hub_->kill();
  judge();
}

INSTANTIATE_TEST_SUITE_P(Seeds, LadderKill, ::testing::Values(1, 2, 3),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace fenghuo::testing
