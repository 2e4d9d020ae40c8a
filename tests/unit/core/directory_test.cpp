// SPDX-License-Identifier: Apache-2.0
#include "hub/base/limits.h"
#include "tests/unit/core/fixture.h"

// Departments, roles, accounts, contacts; who belongs where.
namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class DirectoryTest : public CoreTest {
 protected:
  std::vector<std::string> members(const char* channel_key) const {
    std::vector<std::string> keys;
    for (const base::EntityId id : center.state().members(room(channel_key))) {
      keys.push_back(center.state().account(id)->key());
    }
    return keys;
  }
  static v1::Command apply_plan(v1::Plan plan) {
    v1::Command command;
    *command.mutable_apply_plan()->mutable_plan() = std::move(plan);
    return command;
  }
  v1::Command put(std::string_view key) const {
    v1::Command command;
    *command.mutable_put_account()->mutable_account() = *center.state().account_by_key(key);
    return command;
  }
};

TEST_F(DirectoryTest, ChannelsHaveTheMembersThatAppointmentsGive) {
  EXPECT_THAT(members("fire"), UnorderedElementsAre("fang", "fei", "sensor", "guest"));
  EXPECT_THAT(members("liaisons"), UnorderedElementsAre("chief", "second", "fang", "shui"));
  // Everyone means staff; a guest sees the rooms named for him and no others.
  EXPECT_THAT(members("eoc"),
              UnorderedElementsAre("chief", "second", "fang", "fei", "shui", "sensor", "nobody"));
}

TEST_F(DirectoryTest, APlanAppliedTwiceChangesNothing) {
  const auto before = center.log().size();
  const auto done = center.submit(0, apply_plan(plan()));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->id(), 0u);
  EXPECT_EQ(center.log().size(), before);
}

TEST_F(DirectoryTest, APlanChangesWhatDiffersAndLeavesWhatItDoesNotName) {
  v1::Plan changed = plan();
  changed.mutable_channels()->RemoveLast();
  changed.mutable_departments(1)->mutable_name()->set_en("Fire brigade");
  const auto before = center.log().size();
  ASSERT_TRUE(center.submit(0, apply_plan(changed)));
  // The plan's own record, and the one department.
  EXPECT_EQ(center.log().size(), before + 2);
  EXPECT_EQ(center.state().department_by_key("fire")->name().en(), "Fire brigade");
  EXPECT_NE(center.state().channel_by_key("late"), nullptr);
}

TEST_F(DirectoryTest, ASubDepartmentsStaffBelongWhereTheDepartmentIsListedButNotToItsOwnChannel) {
  v1::Plan changed = plan();
  auto& north = *changed.add_departments();
  north.set_key("fire/north");
  north.mutable_name()->set_en("North");
  north.set_parent("fire");
  role(changed, "fire/north/leader", "fire/north");
  account(changed, "feng", {"fire/north/leader"});
  channel(changed, "smoke", v1::Channel::KIND_INCIDENT).add_member_departments("fire");
  ASSERT_TRUE(center.submit(0, apply_plan(changed)));
  EXPECT_THAT(members("smoke"), UnorderedElementsAre("fang", "fei", "sensor", "feng"));
  EXPECT_THAT(members("fire"), UnorderedElementsAre("fang", "fei", "sensor", "guest"));
  // Moved below another department, he leaves; nobody else does.
  changed.mutable_departments(3)->set_parent("water");
  ASSERT_TRUE(center.submit(0, apply_plan(changed)));
  EXPECT_THAT(members("smoke"), UnorderedElementsAre("fang", "fei", "sensor"));
}

TEST_F(DirectoryTest, ABadPlanSaysWhichEntryAndWhat) {
  const auto refusal = [&](v1::Plan bad) {
    const auto result = center.submit(0, apply_plan(std::move(bad)));
    EXPECT_THAT(result, IsRefused(v1::ERROR_CODE_BAD_PLAN));
    return result.error().params();
  };
  v1::Plan bad = plan();
  bad.mutable_roles(2)->set_department("police");
  EXPECT_THAT(refusal(bad), ElementsAre(std::pair("key", "fire/liaison"),
                                        std::pair("what", "no such department: police")));
  bad = plan();
  bad.mutable_departments(1)->set_parent("water");
  bad.mutable_departments(2)->set_parent("fire");
  EXPECT_EQ(refusal(bad).front().second, "fire");
  bad = plan();
  *bad.add_accounts() = bad.accounts(0);
  EXPECT_EQ(refusal(bad).back().second, "the key stands twice");
  bad = plan();
  bad.mutable_accounts(0)->mutable_appointments(0)->set_role("eoc/king");
  EXPECT_EQ(refusal(bad).back().second, "no such role: eoc/king");
  bad = plan();
  bad.mutable_channels(2)->add_member_accounts("ghost");
  EXPECT_EQ(refusal(bad).back().second, "no such account: ghost");
  bad = plan();
  bad.set_center_id("elsewhere");
  EXPECT_EQ(refusal(bad).front().second, "center_id");
  bad = plan();
  bad.mutable_accounts(7)->add_rooms("attic");
  EXPECT_EQ(refusal(bad).back().second, "no such channel: attic");
  bad = plan();
  bad.mutable_roles(0)->set_key("EOC/Chief");
  refusal(bad);
  bad = plan();
  bad.mutable_channels(1)->clear_department();
  EXPECT_EQ(refusal(bad).front().second, "fire");
}

TEST_F(DirectoryTest, AnExistingTreeCannotBeTiedIntoARing) {
  v1::Plan changed = plan();
  changed.mutable_departments(2)->set_parent("fire");
  ASSERT_TRUE(center.submit(0, apply_plan(changed)));
  changed.mutable_departments(1)->set_parent("water");
  EXPECT_THAT(center.submit(0, apply_plan(changed)), IsRefused(v1::ERROR_CODE_BAD_PLAN));
}

TEST_F(DirectoryTest, APlanWithMoreChangesThanOneGroupIsRefused) {
  v1::Plan big = plan();
  for (std::size_t i = 0; i < base::limits::group_records_max; ++i) {
    account(big, ("a" + std::to_string(i)).c_str(), {});
  }
  EXPECT_THAT(center.submit(0, apply_plan(big)), IsRefused(v1::ERROR_CODE_TOO_LARGE));
  big.mutable_accounts()->DeleteSubrange(200, big.accounts_size() - 200);
  EXPECT_TRUE(center.submit(0, apply_plan(big)));
}

TEST_F(DirectoryTest, AnAppointmentGivesMembershipAndItsEndTakesIt) {
  ASSERT_TRUE(does("hub", appoint("nobody", {"fire/crew"})));
  EXPECT_THAT(members("fire"), ::testing::Contains("nobody"));
  const base::Position joined = center.state().position();
  ASSERT_TRUE(does("hub", appoint("nobody", {})));
  EXPECT_THAT(members("fire"), ::testing::Not(::testing::Contains("nobody")));
  // The record remembers when.
  EXPECT_FALSE(center.state().was_member(who("nobody"), room("fire"), joined - 1));
  EXPECT_TRUE(center.state().was_member(who("nobody"), room("fire"), joined));
  EXPECT_FALSE(center.state().was_member(who("nobody"), room("fire"), joined + 1));
}

TEST_F(DirectoryTest, ADisabledAccountIsNoMemberAndMayDoNothing) {
  v1::Command off = put("fei");
  off.mutable_put_account()->mutable_account()->set_disabled(true);
  std::vector<base::EntityId> ended;
  center.watch(
      [&](const core::Record&, const core::Effects& effects) { ended = effects.ended_accounts; });
  ASSERT_TRUE(does("chief", off));
  EXPECT_THAT(ended, ElementsAre(who("fei")));
  EXPECT_THAT(members("fire"), ::testing::Not(::testing::Contains("fei")));
  EXPECT_THAT(does("fei", post("fire", "?")), IsRefused(v1::ERROR_CODE_ACCOUNT_DISABLED));
  v1::Command on = put("fei");
  on.mutable_put_account()->mutable_account()->set_disabled(false);
  ASSERT_TRUE(does("chief", on));
  EXPECT_THAT(members("fire"), ::testing::Contains("fei"));
}

TEST_F(DirectoryTest, AGuestsAccessEndsByTheHubsClock) {
  EXPECT_TRUE(does("guest", post("fire", "hello")));
  const base::TimeUs until = center.state().account_by_key("guest")->access_until_us();
  EXPECT_EQ(core::next_deadline(center.state()), until);
  EXPECT_TRUE(center.state().is_active(who("guest"), until - 1));
  EXPECT_FALSE(center.state().is_active(who("guest"), until));
  std::vector<base::EntityId> ended;
  center.watch(
      [&](const core::Record&, const core::Effects& effects) { ended = effects.ended_accounts; });
  center.advance(until - center.now());
  EXPECT_THAT(ended, ElementsAre(who("guest")));
  EXPECT_THAT(members("fire"), ::testing::Not(::testing::Contains("guest")));
  EXPECT_THAT(does("guest", post("fire", "?")), IsRefused(v1::ERROR_CODE_ACCESS_EXPIRED));
  EXPECT_EQ(core::next_deadline(center.state()), std::nullopt);
  // Extended, he is back.
  v1::Command longer = put("guest");
  auto& account = *longer.mutable_put_account()->mutable_account();
  account.set_access_until_us(center.now() + base::us_per_s);
  account.add_room_ids(room("fire"));
  ASSERT_TRUE(does("chief", longer));
  EXPECT_TRUE(does("guest", post("fire", "back")));
}

TEST_F(DirectoryTest, BetweenItsEndAndTheRecordOfItAGuestMayNotWriteEither) {
  const base::TimeUs until = center.state().account_by_key("guest")->access_until_us();
  const auto late =
      core::decide(center.state(), center.envelope(who("guest"), post("fire", "?")), until);
  EXPECT_THAT(late, IsRefused(v1::ERROR_CODE_ACCESS_EXPIRED));
}

TEST_F(DirectoryTest, GuestsSeeNoPhonesAndNoContacts) {
  const auto fang = [](const v1::Snapshot& snapshot) {
    for (const v1::Account& one : snapshot.accounts()) {
      if (one.key() == "fang") return one;
    }
    return v1::Account();
  };
  const v1::Snapshot staff = core::snapshot_for(center.state(), who("fei"));
  const v1::Snapshot guest = core::snapshot_for(center.state(), who("guest"));
  EXPECT_EQ(fang(staff).phones_size(), 1);
  EXPECT_EQ(fang(guest).phones_size(), 0);
  EXPECT_EQ(fang(guest).name().en(), "fang");
  EXPECT_EQ(staff.contacts_size(), 1);
  EXPECT_EQ(guest.contacts_size(), 0);
  EXPECT_EQ(guest.channels_size(), 1);
}

TEST_F(DirectoryTest, AnAccountIsMadeOnceAndKeepsItsKeyAndKind) {
  v1::Command command;
  v1::Account& account = *command.mutable_put_account()->mutable_account();
  account.set_key("li.wei");
  account.mutable_name()->set_zh_hans("李伟");
  account.set_kind(v1::Account::KIND_PERSON);
  command.mutable_put_account()->mutable_appointments()->add_items()->set_role_id(
      post_of("fire/crew"));
  const auto done = does("chief", command);
  ASSERT_TRUE(done);
  EXPECT_EQ(center.state().account_by_key("li.wei")->id(), done->id());
  EXPECT_THAT(members("fire"), ::testing::Contains("li.wei"));
  EXPECT_THAT(does("chief", command), IsRefused(v1::ERROR_CODE_ALREADY_EXISTS));
  v1::Command rename = put("li.wei");
  rename.mutable_put_account()->mutable_account()->set_key("li.lei");
  EXPECT_THAT(does("chief", rename), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  v1::Command stale = put("li.wei");
  stale.mutable_put_account()->mutable_account()->set_revision(1);
  EXPECT_THAT(does("chief", stale), IsRefused(v1::ERROR_CODE_STALE_REVISION));
  const auto before = center.log().size();
  EXPECT_EQ(does("chief", put("li.wei"))->id(), 0u);
  EXPECT_EQ(center.log().size(), before);
}

TEST_F(DirectoryTest, GuestsHoldNoRoleAndOnlyGuestsHaveRooms) {
  EXPECT_THAT(does("chief", appoint("guest", {"fire/crew"})),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  v1::Command rooms = put("fei");
  rooms.mutable_put_account()->mutable_account()->add_room_ids(room("news"));
  EXPECT_THAT(does("chief", rooms), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(DirectoryTest, WhoAdministersADepartmentCannotReachBeyondIt) {
  v1::Plan changed = plan();
  auto& head = role(changed, "fire/head", "fire");
  head.add_grants()->set_verb(v1::Grant::VERB_ADMINISTER);
  head.mutable_grants(0)->set_scope(v1::Grant::SCOPE_DEPARTMENT);
  account(changed, "head", {"fire/head"}).set_department("fire");
  for (const int at : {0, 2, 3}) changed.mutable_accounts(at)->set_department("fire");
  ASSERT_TRUE(center.submit(0, apply_plan(changed)));
  EXPECT_TRUE(does("head", appoint("fei", {"fire/crew", "fire/liaison"})));
  EXPECT_THAT(does("head", appoint("shui", {"fire/crew"})), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("head", appoint("fei", {"water/liaison"})), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  // "chief" works in fire here, but holds a role of the whole center.
  EXPECT_THAT(does("head", appoint("chief", {"fire/crew"})), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  v1::Command password;
  password.mutable_set_credential()->set_account_id(who("chief"));
  EXPECT_THAT(does("head", password), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  v1::Command own_plan = apply_plan(changed);
  EXPECT_THAT(does("head", own_plan), IsRefused(v1::ERROR_CODE_FORBIDDEN));
}

TEST_F(DirectoryTest, APasswordIsSetByItsOwnerOrAnAdministratorAsAHash) {
  v1::Command command;
  command.mutable_set_credential()->set_account_id(who("fei"));
  command.mutable_set_credential()->set_password_hash("$argon2id$v=19$abc");
  EXPECT_TRUE(does("fei", command));
  EXPECT_EQ(center.state().password_hash(who("fei")), "$argon2id$v=19$abc");
  EXPECT_THAT(does("fang", command), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  command.mutable_set_credential()->set_password_hash("plain");
  EXPECT_THAT(does("chief", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  command.mutable_set_credential()->clear_password_hash();
  EXPECT_TRUE(does("chief", command));
  EXPECT_EQ(center.state().password_hash(who("fei")), "");
}

class TokenTest : public DirectoryTest {
 protected:
  v1::Command issue(std::string_view account, char fill, base::TimeUs expires_us = 0) const {
    v1::Command command;
    command.mutable_issue_token()->set_account_id(who(account));
    command.mutable_issue_token()->set_token_hash(std::string(32, fill));
    command.mutable_issue_token()->set_expires_us(expires_us);
    command.mutable_issue_token()->set_label("duty PC");
    return command;
  }
  static v1::Command revoke(base::EntityId token_id) {
    v1::Command command;
    command.mutable_revoke_token()->set_token_id(token_id);
    return command;
  }
};

TEST_F(TokenTest, ATokenIsFoundByItsHashUntilRevoked) {
  const auto done = does("hub", issue("fei", 'x'));
  ASSERT_TRUE(done);
  const core::TokenRow* token = center.state().token_by_hash(std::string(32, 'x'));
  ASSERT_NE(token, nullptr);
  EXPECT_EQ(token->id, done->id());
  EXPECT_EQ(token->account_id, who("fei"));
  EXPECT_EQ(token->label, "duty PC");
  EXPECT_THAT(does("hub", issue("fei", 'x')), IsRefused(v1::ERROR_CODE_ALREADY_EXISTS));
  // To others it does not exist.
  EXPECT_THAT(does("fang", revoke(done->id())), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  EXPECT_TRUE(does("fei", revoke(done->id())));
  EXPECT_EQ(center.state().token_by_hash(std::string(32, 'x')), nullptr);
  EXPECT_THAT(does("fei", revoke(done->id())), IsRefused(v1::ERROR_CODE_NOT_FOUND));
}

TEST_F(TokenTest, OthersTokensAreIssuedByAdministrators) {
  EXPECT_TRUE(does("chief", issue("sensor", 's')));
  EXPECT_TRUE(does("fei", issue("fei", 'f')));
  EXPECT_THAT(does("fei", issue("fang", 'g')), IsRefused(v1::ERROR_CODE_FORBIDDEN));
}

TEST_F(TokenTest, ACommandOfAnEndedTokenIsRefused) {
  const auto done = does("hub", issue("fei", 'x', center.now() + base::us_per_s));
  ASSERT_TRUE(done);
  core::Envelope envelope = center.envelope(who("fei"), post("fire", "on time"));
  envelope.token_id = done->id();
  EXPECT_TRUE(center.submit(envelope));
  center.advance(base::us_per_s);
  EXPECT_THAT(center.submit(envelope), IsRefused(v1::ERROR_CODE_TOKEN_EXPIRED));
  ASSERT_TRUE(does("fei", revoke(done->id())));
  EXPECT_THAT(center.submit(envelope), IsRefused(v1::ERROR_CODE_TOKEN_REVOKED));
}

TEST_F(TokenTest, BeyondTheLimitTheOldestTokenEndsSoThatNobodyIsLockedOut) {
  for (std::size_t i = 0; i < base::limits::tokens_per_account_max; ++i) {
    ASSERT_TRUE(does("hub", issue("fei", static_cast<char>(i + 1))));
  }
  const auto before = center.state().tokens_of(who("fei"));
  ASSERT_EQ(before.size(), base::limits::tokens_per_account_max);
  ASSERT_TRUE(does("hub", issue("fei", 'z')));
  const auto after = center.state().tokens_of(who("fei"));
  EXPECT_EQ(after.size(), base::limits::tokens_per_account_max);
  EXPECT_EQ(center.state().token(before.front().id), nullptr);
  EXPECT_EQ(after.back().id, center.state().token_by_hash(std::string(32, 'z'))->id);
}

}  // namespace
}  // namespace fenghuo::testing
