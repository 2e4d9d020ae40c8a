// SPDX-License-Identifier: Apache-2.0
// The hub is killed again and again while people talk; see README.md.
#include "tests/contract/temporary_folder.h"
#include "tests/crash/device.h"
#include "tests/support/hub_process.h"
#include "tests/support/make_center.h"
#include "tools/admin/arguments.h"

#include <gtest/gtest.h>

#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <set>
#include <sstream>
#include <thread>

namespace fenghuo::testing {
namespace {

// Of one life of the hub: below what an account may post in one burst, whoever has the luck.
constexpr std::uint64_t steps_max = 1'200;

std::string variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

// "7" or "7-12".
std::vector<std::uint64_t> seeds() {
  const std::string text = variable("FENGHUO_CRASH_SEEDS", "1-3");
  std::size_t end = 0;
  const std::uint64_t first = std::stoull(text, &end);
  const std::uint64_t last = end < text.size() ? std::stoull(text.substr(end + 1)) : first;
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = first; seed <= last; ++seed) all.push_back(seed);
  return all;
}

// The moment of a kill: the how many-th step of this kind.
class Fate {
 public:
  Fate(const HubProcess& hub, Step kind, std::uint64_t steps)
      : hub_(hub), kind_(kind), left_(static_cast<std::int64_t>(steps)) {}

  void step(Step kind) {
    if (kind == kind_ && left_.fetch_sub(1) == 1) strike();
  }
  void strike() { hub_.signal(SIGKILL); }

 private:
  const HubProcess& hub_;
  const Step kind_;
  std::atomic<std::int64_t> left_;
};

class Kill : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    CenterMaker maker(folder_.path());
    ops_ = maker.channel("ops");
    for (const char* who : {"ann", "bob", "cat"}) {
      const std::string token = maker.token(who);
      for (const char* where : {"desk", "tablet", "phone"}) {
        add(token, std::string(who) + "-" + where, 1 + random_() % 64);
      }
      reader_ = token;
    }
    add(reader_, "listener", 0);
    // Comes only now and then: has much to catch up with.
    add(reader_, "sleeper", 0);
  }
  void add(const std::string& token, const std::string& name, std::size_t window) {
    devices_.push_back(std::make_unique<Device>(token, name, ops_, window, random_()));
  }

  void start() {
    hub_ = HubProcess::on(folder_.path().string());
    ASSERT_TRUE(hub_->serves()) << hub_->log();
  }

  // All talk until the hub is killed, in the middle of it.
  void talk_and_kill() {
    const Step kind = random_() % 2 == 0 ? Step::Sent : Step::Acknowledged;
    // Early moments as often as late ones.
    const std::uint64_t steps = 1 + random_() % (1 + random_() % steps_max);
    Fate fate(*hub_, kind, steps);
    const bool sleeper_comes = random_() % 3 == 0;
    std::vector<std::thread> threads;
    for (const auto& device : devices_) {
      if (device->name() == "sleeper" && !sleeper_comes) continue;
      threads.emplace_back([this, &fate, &device = *device] {
        try {
          device.talk(hub_->port(), [&fate](Step step) { fate.step(step); });
        } catch (const std::exception& fault) {
          ADD_FAILURE() << fault.what() << "\n" << hub_->log();
          fate.strike();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(hub_->wait(), 128 + SIGKILL) << hub_->log();
  }

  // It dies before it serves anyone.
  void kill_at_start() { HubProcess::that_says("record of ", folder_.path().string())->kill(); }

  void expect_verified() const {
    const std::string folder = folder_.path().string();
    const std::vector<const char*> words{"fenghuo-admin", "verify", folder.c_str()};
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(admin::run(static_cast<int>(words.size()), words.data(), out, err), 0)
        << out.str() << err.str();
  }

  // The record is dense, in one order, and holds nothing twice.
  static void expect_sound(const std::vector<Told>& record) {
    std::set<std::string> texts;
    for (std::size_t i = 0; i < record.size(); ++i) {
      ASSERT_EQ(record[i].seq, i + 1);
      ASSERT_GT(record[i].id, i == 0 ? 0 : record[i - 1].id);
      ASSERT_TRUE(texts.insert(record[i].text).second) << "twice: " << record[i].text;
    }
  }

  // What one device was told, against the record.
  static void expect_kept(const Device& device, const std::vector<Told>& record) {
    SCOPED_TRACE(device.name());
    std::uint64_t last_seq = 0;
    for (const auto& [n, told] : device.acknowledged()) {
      ASSERT_LE(told.seq, record.size()) << "lost: " << told.text;
      ASSERT_EQ(told, record[told.seq - 1]) << n;
      ASSERT_GT(told.seq, last_seq) << "out of order: " << told.text;
      last_seq = told.seq;
    }
    const std::vector<Told>& heard = device.heard();
    ASSERT_LE(device.begins_after() + heard.size(), record.size()) << "heard what is lost";
    for (std::size_t i = 0; i < heard.size(); ++i) {
      ASSERT_EQ(heard[i], record[device.begins_after() + i]);
    }
  }

  void judge() {
    const std::vector<Told> record = read_record(hub_->port(), reader_, ops_);
    expect_sound(record);
    for (const auto& device : devices_) expect_kept(*device, record);
  }

  // Everything is answered and heard by everyone.
  void come_to_an_end() {
    for (const auto& device : devices_) {
      ASSERT_TRUE(device->settle(hub_->port())) << device->name() << hub_->log();
    }
    Line line(hub_->port(), "fenghuo.v1.proto");
    line.hello(reader_, "last");
    v1::Command command;
    command.mutable_post_message()->set_channel_id(ops_);
    command.mutable_post_message()->set_text("that was all");
    line.submit(1, command);
    ASSERT_TRUE(line.reply(1).value().has_done());
    for (const auto& device : devices_) {
      ASSERT_TRUE(device->follow_until("that was all")) << device->name() << hub_->log();
    }
  }

  std::mt19937_64 random_{GetParam()};
  storage::TemporaryFolder folder_;
  base::EntityId ops_ = 0;
  std::string reader_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::unique_ptr<HubProcess> hub_;
};

TEST_P(Kill, NothingAcknowledgedIsLostDoubledOrOutOfOrder) {
  const std::uint64_t rounds = std::stoull(variable("FENGHUO_CRASH_ROUNDS", "5"));
  for (std::uint64_t round = 0; round < rounds; ++round) {
    SCOPED_TRACE("seed " + std::to_string(GetParam()) + ", round " + std::to_string(round));
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(judge());
    ASSERT_NO_FATAL_FAILURE(talk_and_kill());
    expect_verified();
    if (random_() % 3 == 0) {
      kill_at_start();
      expect_verified();
    }
    if (HasFailure()) return;
  }
  start();
  judge();
  come_to_an_end();
  judge();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Kill, ::testing::ValuesIn(seeds()),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace fenghuo::testing
