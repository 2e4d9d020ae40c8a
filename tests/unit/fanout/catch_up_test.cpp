// SPDX-License-Identifier: Apache-2.0
#include "hub/fanout/catch_up.h"

#include "clients/cpp/state.h"
#include "hub/core/project.h"
#include "tests/unit/fanout/hub_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace fenghuo::fanout {
namespace {

namespace limits = base::limits;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class CatchUpTest : public ::testing::Test {
 protected:
  base::Result<CatchUp::Chunk> read(base::EntityId account, base::Position after,
                                    session::Format format = session::Format::Binary) {
    std::vector<base::Result<CatchUp::Chunk>> answers;
    hub.catch_up->read(account, after, format, [&answers](base::Result<CatchUp::Chunk> chunk) {
      answers.push_back(std::move(chunk));
    });
    hub.settle();
    EXPECT_EQ(answers.size(), 1u);
    return answers.at(0);
  }
  // All from `after` to the end.
  std::vector<v1::Update> read_all(base::EntityId account, base::Position after) {
    std::vector<v1::Update> updates;
    while (after < hub.view->applied()) {
      const auto chunk = read(account, after);
      EXPECT_TRUE(chunk);
      EXPECT_EQ(chunk->after, after);
      EXPECT_GT(chunk->through, after);
      const v1::Batch batch = test::frames_of(*chunk->frame).at(0).batch();
      EXPECT_EQ(batch.after(), chunk->after);
      EXPECT_EQ(batch.through(), chunk->through);
      for (const auto& update : batch.updates()) {
        EXPECT_GT(update.position(), batch.after());
        EXPECT_LE(update.position(), batch.through());
        updates.push_back(update);
      }
      after = chunk->through;
    }
    return updates;
  }
  static std::vector<std::string> texts(const std::vector<v1::Update>& updates) {
    std::vector<std::string> found;
    for (const auto& update : updates) {
      if (update.has_message()) found.push_back(update.message().text());
    }
    return found;
  }

  test::HubRig hub;
};

TEST_F(CatchUpTest, ReadsWhatTheAccountMaySee) {
  const base::Position start = hub.view->applied();
  hub.post(hub.id("ann"), hub.channel("crew"), "甲");
  hub.post(hub.id("chief"), hub.channel("news"), "乙");
  hub.post(hub.id("ann"), hub.channel("all"), "丙");
  EXPECT_THAT(texts(read_all(hub.id("bob"), start)), ElementsAre("甲", "丙"));
  EXPECT_THAT(texts(read_all(hub.id("ann"), start)), ElementsAre("甲", "乙", "丙"));
  EXPECT_THAT(texts(read_all(hub.id("guest"), start)), ElementsAre("丙"));
}

TEST_F(CatchUpTest, NothingVisibleIsAnEmptyBatch) {
  const base::Position start = hub.view->applied();
  hub.post(hub.id("chief"), hub.channel("news"), "乙");
  const auto chunk = read(hub.id("bob"), start);
  ASSERT_TRUE(chunk);
  EXPECT_EQ(chunk->through, hub.view->applied());
  EXPECT_EQ(*chunk->frame,
            session::encode_batch(session::Format::Binary, start, chunk->through, {}));
}

TEST_F(CatchUpTest, SpeaksJson) {
  const base::Position start = hub.view->applied();
  hub.post(hub.id("ann"), hub.channel("crew"), "甲");
  const auto chunk = read(hub.id("bob"), start, session::Format::Json);
  ASSERT_TRUE(chunk);
  EXPECT_THAT(*chunk->frame, ::testing::HasSubstr("\"甲\""));
}

TEST_F(CatchUpTest, ComesInPiecesOfLimitedRecordsAndBytes) {
  const base::Position start = hub.view->applied();
  for (std::size_t i = 0; i < limits::catch_up_records_max + 10; ++i) {
    hub.post(hub.id("ann"), hub.channel("crew"), std::to_string(i));
  }
  const auto first = read(hub.id("bob"), start);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->through, start + limits::catch_up_records_max);
  EXPECT_EQ(texts(read_all(hub.id("bob"), start)).size(), limits::catch_up_records_max + 10);

  const base::Position big = hub.view->applied();
  for (int i = 0; i < 40; ++i) {
    hub.post(hub.id("ann"), hub.channel("crew"), std::string(16'000, 'x'));
  }
  const auto piece = read(hub.id("bob"), big);
  ASSERT_TRUE(piece);
  EXPECT_LT(piece->through, hub.view->applied());
  EXPECT_LE(piece->frame->size(), limits::catch_up_bytes_max + 20'000);
  EXPECT_EQ(texts(read_all(hub.id("bob"), big)).size(), 40u);
}

TEST_F(CatchUpTest, WhatIsNotReadableNowIsNotSent) {
  const base::Position start = hub.view->applied();
  const base::EntityId group = hub.make_group("g", {hub.id("chief"), hub.id("bob")});
  hub.post(hub.id("chief"), group, "before");
  hub.set_members(group, {hub.id("chief")});
  hub.post(hub.id("chief"), group, "after");
  const auto updates = read_all(hub.id("bob"), start);
  EXPECT_THAT(texts(updates), IsEmpty());
  ASSERT_FALSE(updates.empty());
  EXPECT_EQ(updates.back().channel_gone_id(), group);
  // Taken back in: from there on.
  hub.set_members(group, {hub.id("chief"), hub.id("bob")});
  hub.post(hub.id("chief"), group, "again");
  EXPECT_THAT(texts(read_all(hub.id("bob"), start)), ElementsAre("again"));
}

TEST_F(CatchUpTest, TextsTakenAwayAreNotSent) {
  const base::Position start = hub.view->applied();
  const base::EntityId id = hub.post(hub.id("ann"), hub.channel("crew"), "secret");
  v1::Command command;
  command.mutable_retract_message()->set_message_id(id);
  command.mutable_retract_message()->set_reason("mistake");
  hub.run(hub.id("ann"), command);
  const auto updates = read_all(hub.id("bob"), start);
  EXPECT_THAT(texts(updates), Not(Contains("secret")));
  ASSERT_FALSE(updates.empty());
  EXPECT_TRUE(updates.back().message().has_stone() || updates.back().has_cursor());
}

TEST_F(CatchUpTest, ABusyPoolIsOverloaded) {
  hub.pool.full = true;
  EXPECT_EQ(read(hub.id("bob"), 1).error().code(), v1::ERROR_CODE_OVERLOADED);
}

TEST_F(CatchUpTest, TheEndOfTheRecordIsAskedAgain) {
  EXPECT_EQ(read(hub.id("bob"), hub.view->applied()).error().code(), v1::ERROR_CODE_OVERLOADED);
}

// The law: a client that took everything stands where a fresh snapshot stands, whether it was live,
// caught up from the ring, or from the log.
class LawTest : public CatchUpTest {
 protected:
  struct Person {
    std::string key;
    std::uint64_t session = 0;
    std::unique_ptr<test::FakeSubscriber> line;
    client::State state;
    base::Position position = 0;
  };

  void attach(Person& person, Shard& shard) {
    person.session = ++sessions;
    person.line = std::make_unique<test::FakeSubscriber>();
    const core::State& state = hub.view->state();
    const base::EntityId account = hub.id(person.key);
    if (person.position == 0) {
      person.position = state.position();
      person.state.reset(core::snapshot_for(state, account), account, state.position());
    }
    Shard::Attachment attachment;
    attachment.session = person.session;
    attachment.account_id = account;
    attachment.guest = state.account(account)->kind() == v1::Account::KIND_GUEST;
    attachment.from = person.position;
    attachment.as_of = state.position();
    attachment.channels = state.channels_of(account);
    shard.attach(attachment, *person.line, hub.line_now);
  }
  void take(Person& person, Shard& shard) {
    for (const auto& bytes : person.line->drain()) {
      for (const auto& frame : test::frames_of(*bytes)) {
        if (!frame.has_batch()) continue;
        ASSERT_EQ(frame.batch().after(), person.position);
        person.position = frame.batch().through();
        for (const auto& update : frame.batch().updates()) person.state.apply(update);
      }
    }
    shard.on_drained(person.session, hub.line_now);
  }
  // What can be compared: all but the receipts, of which a snapshot has only the open ones.
  std::vector<std::string> seen_by(const client::State& state) {
    std::vector<std::string> rows;
    const auto add = [&rows](const auto& map) {
      for (const auto& [key, row] : map) rows.push_back(row.ShortDebugString());
    };
    add(state.departments());
    add(state.roles());
    add(state.accounts());
    add(state.contacts());
    for (const auto& [key, row] : state.channels()) {
      v1::ChannelState channel = row;
      // Says when it was counted.
      for (auto& cursor : *channel.mutable_cursors()) cursor.clear_revision();
      rows.push_back(channel.ShortDebugString());
    }
    for (const auto& [key, row] : state.appointments()) {
      if (!row.ended()) rows.push_back(row.ShortDebugString());
    }
    return rows;
  }
  void something() {
    const std::vector<std::string> keys{"chief", "ann", "bob", "cat"};
    const base::EntityId who = hub.id(keys[random() % keys.size()]);
    const std::vector<base::EntityId> channels{hub.channel("all"), hub.channel("crew"),
                                               hub.channel("news"), group};
    const base::EntityId where = channels[random() % channels.size()];
    v1::Command command;
    switch (random() % 8) {
      case 0: {
        std::vector<base::EntityId> members{hub.id("chief")};
        for (const auto& key : keys) {
          if (random() % 2 == 0 && key != "chief") members.push_back(hub.id(key));
        }
        return hub.set_members(group, members);
      }
      case 1:
        command.mutable_advance_cursor()->set_channel_id(where);
        command.mutable_advance_cursor()->set_seq(random() % 20);
        break;
      case 2:
        command.mutable_retract_message()->set_message_id(last);
        command.mutable_retract_message()->set_reason("so");
        break;
      case 3: {
        command = testing::post(where, "@");
        command.mutable_post_message()->add_mentions()->set_account_id(hub.id("bob"));
        break;
      }
      default:
        command = testing::post(
            where, "text", random() % 6 == 0 ? v1::PRECEDENCE_IMMEDIATE : v1::PRECEDENCE_ROUTINE);
    }
    const auto done = hub.submit(who, command);
    if (done && command.has_post_message()) last = done->id();
    hub.rig.now += base::us_per_s / 2;
    hub.settle();
  }

  std::mt19937_64 random;
  std::uint64_t sessions = 0;
  base::EntityId group = 0;
  base::EntityId last = 0;
};

TEST_F(LawTest, EverybodyStandsWhereAFreshSnapshotStands) {
  group = hub.make_group("g", {hub.id("chief"), hub.id("bob")});
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    random.seed(seed);
    auto shard = std::make_unique<Shard>(*hub.catch_up, hub.tasks.post());
    hub.shard = shard.get();
    std::deque<Person> people;
    for (const char* key : {"chief", "ann", "bob", "cat", "guest"}) {
      people.emplace_back().key = key;
      attach(people.back(), *shard);
    }
    for (int i = 0; i < 60; ++i) {
      something();
      if (i == 30) {
        // The hub starts again; the cursors are now behind its empty ring.
        shard = std::make_unique<Shard>(*hub.catch_up, hub.tasks.post());
        hub.shard = nullptr;
        for (int k = 0; k < 5; ++k) something();
        hub.shard = shard.get();
        for (Person& person : people) attach(person, *shard);
        hub.settle();
      }
      Person& one = people[random() % people.size()];
      if (random() % 4 == 0) {
        shard->detach(one.session);
        attach(one, *shard);
      }
      take(one, *shard);
    }
    hub.line_now += limits::keepalive_us;
    for (int i = 0; i < 4; ++i) {
      for (Person& person : people) take(person, *shard);
      hub.settle();
      shard->tick(hub.line_now);
    }
    const core::State& now = hub.view->state();
    for (Person& person : people) {
      take(person, *shard);
      EXPECT_EQ(person.position, now.position()) << person.key;
      client::State fresh;
      fresh.reset(core::snapshot_for(now, hub.id(person.key)), hub.id(person.key), now.position());
      const auto mine = seen_by(person.state), theirs = seen_by(fresh);
      ASSERT_EQ(mine.size(), theirs.size()) << person.key;
      for (std::size_t i = 0; i < mine.size(); ++i) EXPECT_EQ(mine[i], theirs[i]) << person.key;
    }
    hub.shard = nullptr;
  }
}

}  // namespace
}  // namespace fenghuo::fanout
