// SPDX-License-Identifier: Apache-2.0
#include "hub/core/snapshot.h"

#include "hub/core/format.h"
#include "hub/core/rows.h"
#include "tests/unit/core/fixture.h"

#include <map>
#include <string>

// Saving and loading: small rows, only what changed, and no damage believed.
namespace fenghuo::testing {
namespace {

using Rows = std::map<std::string, std::string>;

class SnapshotTest : public CoreTest {
 protected:
  // Saves into `rows` and returns how many rows were written.
  std::size_t save() {
    std::size_t written = 0;
    core::save_changed(center.state(),
                       [&](std::string_view key, std::optional<std::string_view> value) {
                         ++written;
                         if (value) {
                           rows[std::string(key)] = std::string(*value);
                         } else {
                           rows.erase(std::string(key));
                         }
                       });
    return written;
  }
  static base::Result<core::State> load(const Rows& from) {
    return core::load([&from](const auto& visit) {
      for (const auto& [key, value] : from) visit(key, value);
    });
  }

  Rows rows;
};

TEST_F(SnapshotTest, AnEmptyStoreIsAnEmptyState) {
  const auto loaded = load({});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->position(), 0u);
  EXPECT_EQ(loaded->digest(), core::State().digest());
}

TEST_F(SnapshotTest, OnlyWhatChangedIsWritten) {
  EXPECT_GT(core::unsaved_bytes(center.state()), 0u);
  EXPECT_GT(save(), 20u);
  EXPECT_EQ(core::unsaved_bytes(center.state()), 0u);
  EXPECT_EQ(save(), 1u) << "the position";
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(does("fang", post("fire", "line")));
  EXPECT_EQ(save(), 3u) << "two chunks of messages and the position";
  ASSERT_TRUE(does("fang", post("fire", "line")));
  EXPECT_EQ(save(), 2u);
  for (const auto& [key, value] : rows) EXPECT_LT(value.size(), 4'096u) << "rows stay small";
  EXPECT_EQ(load(rows)->digest(), center.state().digest());
}

TEST_F(SnapshotTest, AnyDamagedOrMissingRowIsFound) {
  ASSERT_TRUE(does("fang", post("fire", "confirm", v1::PRECEDENCE_IMMEDIATE)));
  v1::Command token;
  token.mutable_issue_token()->set_account_id(who("fang"));
  token.mutable_issue_token()->set_token_hash(std::string(32, 't'));
  ASSERT_TRUE(does("hub", token));
  save();
  for (const auto& [key, value] : rows) {
    Rows damaged = rows;
    damaged[key].back() = static_cast<char>(damaged[key].back() ^ 1);
    EXPECT_THAT(load(damaged), IsRefused(v1::ERROR_CODE_STORAGE_FAILED)) << key;
    Rows cut = rows;
    cut[key].resize(cut[key].size() / 2);
    EXPECT_THAT(load(cut), IsRefused(v1::ERROR_CODE_STORAGE_FAILED)) << key;
    Rows swapped = rows;
    swapped[key + "x"] = value;
    EXPECT_THAT(load(swapped), IsRefused(v1::ERROR_CODE_STORAGE_FAILED)) << key;
  }
  for (const char* lost : {"position", "a", "c", "t", "r", "x"}) {
    Rows fewer = rows;
    fewer.erase(fewer.lower_bound(lost));
    EXPECT_THAT(load(fewer), IsRefused(v1::ERROR_CODE_STORAGE_FAILED)) << lost;
  }
}

TEST_F(SnapshotTest, TheDigestTellsStatesApart) {
  core::State other = core::clone(center.state());
  EXPECT_EQ(other.digest(), center.state().digest());
  ASSERT_TRUE(does("fang", post("fire", "one")));
  EXPECT_NE(other.digest(), center.state().digest());
  // Even where no record stands behind a difference.
  other = core::clone(center.state());
  other.rows().of(who("fei")).password_hash = "tampered";
  other.rows().touch_facts(who("fei"));
  EXPECT_NE(other.digest(), center.state().digest());
  other = core::clone(center.state());
  core::ChannelRows& channel = *other.rows().channels.find(room("fire"));
  channel.at(1).author_id = who("fei");
  other.rows().touch(channel, 1);
  EXPECT_NE(other.digest(), center.state().digest());
}

TEST_F(SnapshotTest, AMessageCostsWhatTheLimitsSay) {
  EXPECT_EQ(sizeof(core::MessageRow) + sizeof(core::State::Rows::MessagePlace), 64u);
  EXPECT_EQ(sizeof(core::ReceiptRow), 48u);
}

TEST_F(SnapshotTest, GenesisIsAWorldAnEpochAndAFormat) {
  CoreCenter fresh;
  EXPECT_EQ(fresh.log().size(), 3u);
  EXPECT_EQ(fresh.state().world_id(), std::string(32, 'a'));
  EXPECT_EQ(fresh.state().epoch().epoch(), std::string(32, 'b'));
  EXPECT_EQ(fresh.state().center_id(), "test");
  EXPECT_EQ(fresh.state().world_kind(), v1::WorldCreated::KIND_DRILL);
  EXPECT_EQ(fresh.state().format(), core::known_format);
}

}  // namespace
}  // namespace fenghuo::testing
