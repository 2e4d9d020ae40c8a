// SPDX-License-Identifier: Apache-2.0
#include "hub/view/opening.h"

#include "hub/base/limits.h"
#include "tests/unit/view/view_rig.h"

#include <gtest/gtest.h>

#include <optional>

namespace fenghuo::view {
namespace {

class OpeningTest : public ::testing::Test {
 protected:
  OpeningTest() { token_id = issue("ann", hash, 0); }

  base::EntityId issue(std::string_view key, const std::string& token_hash, base::TimeUs expires) {
    v1::Command command;
    v1::IssueToken& token = *command.mutable_issue_token();
    token.set_account_id(hub.id(key));
    token.set_token_hash(token_hash);
    token.set_expires_us(expires);
    return hub.run(0, command).id();
  }
  base::Result<Reader::Opening> open(const v1::Hello& hello) {
    std::optional<base::Result<Reader::Opening>> opened;
    hub.reader->open(hello, hash, hub.rig.now,
                     [&opened](base::Result<Reader::Opening> result) { opened = result; });
    hub.settle();
    return *opened;
  }
  base::Result<Reader::Identity> who(const std::string& token_hash) {
    std::optional<base::Result<Reader::Identity>> identity;
    hub.reader->identify(token_hash, hub.rig.now,
                         [&identity](base::Result<Reader::Identity> result) { identity = result; });
    hub.settle();
    return *identity;
  }
  v1::Hello resume(const std::string& epoch, base::Position position) const {
    v1::Hello hello;
    hello.set_device("tablet");
    hello.mutable_resume()->set_epoch(epoch);
    hello.mutable_resume()->set_position(position);
    return hello;
  }

  ViewRig hub;
  const std::string hash = std::string(32, 'h');
  base::EntityId token_id = 0;
};

TEST_F(OpeningTest, ATokenNamesItsAccount) {
  const base::Result<Reader::Identity> identity = who(hash);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->account_id, hub.rig.ann);
  EXPECT_EQ(identity->token_id, token_id);
  EXPECT_EQ(identity->access_until_us, 0);
  EXPECT_EQ(who(std::string(32, 'x')).error().code(), v1::ERROR_CODE_UNAUTHENTICATED);
}

TEST_F(OpeningTest, AccessEndsWithTheTokenOrTheAccountWhateverComesFirst) {
  const std::string early(32, 'e');
  const std::string late(32, 'l');
  issue("guest", early, testing::guest_until - 10);
  issue("guest", late, testing::guest_until + 10);
  EXPECT_EQ(who(early)->access_until_us, testing::guest_until - 10);
  EXPECT_EQ(who(late)->access_until_us, testing::guest_until);
  hub.rig.now = testing::guest_until - 10;
  EXPECT_EQ(who(early).error().code(), v1::ERROR_CODE_TOKEN_EXPIRED);
  EXPECT_TRUE(who(late));
  hub.rig.now = testing::guest_until;
  EXPECT_EQ(who(late).error().code(), v1::ERROR_CODE_ACCESS_EXPIRED);
}

TEST_F(OpeningTest, ARevokedTokenIsUnknown) {
  v1::Command command;
  command.mutable_revoke_token()->set_token_id(token_id);
  hub.run(0, command);
  EXPECT_EQ(who(hash).error().code(), v1::ERROR_CODE_UNAUTHENTICATED);
}

TEST_F(OpeningTest, ADisabledAccountIsRefused) {
  v1::Command command;
  *command.mutable_put_account()->mutable_account() = *hub.view->state().account(hub.rig.ann);
  command.mutable_put_account()->mutable_account()->set_disabled(true);
  hub.run(0, command);
  const base::Result<Reader::Identity> identity = who(hash);
  ASSERT_FALSE(identity);
  EXPECT_TRUE(identity.error().code() == v1::ERROR_CODE_ACCOUNT_DISABLED ||
              identity.error().code() == v1::ERROR_CODE_UNAUTHENTICATED);
}

TEST_F(OpeningTest, ANewClientGetsASnapshot) {
  v1::Hello hello;
  hello.set_device("tablet");
  const base::Result<Reader::Opening> opened = open(hello);
  ASSERT_TRUE(opened);
  const v1::Welcome& welcome = opened->welcome;
  EXPECT_EQ(welcome.world_id(), testing::test_genesis().world_id);
  EXPECT_EQ(welcome.epoch(), testing::test_genesis().epoch);
  EXPECT_EQ(welcome.account_id(), hub.rig.ann);
  EXPECT_EQ(welcome.max_inflight(), base::limits::inflight_max);
  EXPECT_EQ(welcome.position(), hub.view->applied());
  EXPECT_EQ(welcome.published(), hub.view->applied());
  EXPECT_FALSE(welcome.resumed());
  EXPECT_EQ(welcome.snapshot().channels_size(), 3);
  EXPECT_EQ(opened->from, hub.view->applied());
  EXPECT_EQ(opened->as_of, hub.view->applied());
  EXPECT_EQ(opened->channels.size(), 3U);
  EXPECT_FALSE(opened->guest);
}

TEST_F(OpeningTest, AClientThatComesBackResumesWhereItStands) {
  const base::Position stood = hub.view->applied();
  hub.post(hub.rig.bob, hub.rig.all, "meanwhile");
  const base::Result<Reader::Opening> opened = open(resume(testing::test_genesis().epoch, stood));
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->welcome.resumed());
  EXPECT_FALSE(opened->welcome.has_snapshot());
  EXPECT_EQ(opened->welcome.position(), stood);
  EXPECT_EQ(opened->from, stood);
  EXPECT_GT(opened->as_of, stood);
}

TEST_F(OpeningTest, TellsADeviceTheHighestNumberItUsed) {
  ASSERT_FALSE(hub.rig.submit(hub.rig.ann, testing::post(hub.rig.all, "text"), 9));
  hub.settle();
  v1::Hello hello;
  hello.set_device("device");
  EXPECT_EQ(open(hello)->welcome.last_n(), 9U);
  hello.set_device("other");
  EXPECT_EQ(open(hello)->welcome.last_n(), 0U);
}

TEST_F(OpeningTest, AStandingThatCannotBeContinuedIsRefused) {
  const base::Position applied = hub.view->applied();
  EXPECT_EQ(open(resume(std::string(32, 'z'), 1)).error().code(), v1::ERROR_CODE_UNKNOWN_EPOCH);
  EXPECT_EQ(open(resume(testing::test_genesis().epoch, applied + 1)).error().code(),
            v1::ERROR_CODE_FUTURE_POSITION);
  v1::Hello hello;
  hello.set_world_id("drill");
  EXPECT_EQ(open(hello).error().code(), v1::ERROR_CODE_WRONG_WORLD);
}

TEST_F(OpeningTest, AClientOfTheParentEpochIsToldWhereThePastIsShared) {
  core::State state = core::clone(hub.view->state());
  v1::Event event;
  v1::EpochStarted& epoch = *event.mutable_epoch_started();
  epoch.set_epoch(std::string(32, 'c'));
  epoch.set_parent_epoch(testing::test_genesis().epoch);
  epoch.set_at(state.position());
  core::Effects effects;
  core::apply(state, {state.position() + 1, state.time_us(), event}, effects);
  const base::Result<Reader::Opening> opened =
      view::open(state, resume(testing::test_genesis().epoch, 1'000'000), hash, hub.rig.now);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->welcome.forked().parent_epoch(), testing::test_genesis().epoch);
  EXPECT_EQ(opened->welcome.forked().common(), epoch.at());
  EXPECT_FALSE(opened->welcome.resumed());
  EXPECT_TRUE(opened->welcome.has_snapshot());
}

TEST_F(OpeningTest, CredentialsAreGivenForLogin) {
  v1::Command command;
  command.mutable_set_credential()->set_account_id(hub.rig.ann);
  command.mutable_set_credential()->set_password_hash("$argon2id$test");
  hub.run(0, command);
  std::vector<Reader::Credential> found;
  for (const char* key : {"ann", "bob", "nobody"}) {
    hub.reader->credential(key, hub.rig.now, [&found](Reader::Credential credential) {
      found.push_back(std::move(credential));
    });
  }
  hub.settle();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].account_id, hub.rig.ann);
  EXPECT_EQ(found[0].password_hash, "$argon2id$test");
  EXPECT_TRUE(found[0].active);
  EXPECT_EQ(found[1].password_hash, "");
  EXPECT_EQ(found[2].account_id, 0U);
}

}  // namespace
}  // namespace fenghuo::view
