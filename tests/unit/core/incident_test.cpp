// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/core/incident_center.h"

#include <algorithm>

// Incidents as a duty officer lives them: rules 30 to 32 and 34.
namespace fenghuo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

// --- Declaring (31) ---

TEST_F(IncidentTest, OneStepStartsEverything) {
  const auto id = declared();
  const v1::Incident now = incident(id);
  EXPECT_EQ(now.number(), "I-1");
  EXPECT_EQ(now.type(), "危险化学品爆炸") << "from the template";
  EXPECT_TRUE(now.provisional());
  EXPECT_EQ(now.level(), v1::LEVEL_III);
  EXPECT_EQ(now.response_level(), v1::LEVEL_III);
  EXPECT_EQ(now.phase(), v1::INCIDENT_PHASE_RESPONSE);
  EXPECT_EQ(now.posts().commander().role_id(), post_of("eoc/mayor"));
  EXPECT_EQ(now.declared_role_id(), post_of("eoc/chief")) << "the role that may declare signs";
  ASSERT_THAT(now.groups(), SizeIs(2));
  EXPECT_EQ(now.groups(0).lead_role_id(), post_of("fire/liaison"));
  EXPECT_THAT(reports(id), SizeIs(2)) << "by phone and written; no follow-up before the first";
  ASSERT_THAT(now.phases(), SizeIs(1));
  EXPECT_EQ(now.phases(0).at_us(), center.now());
  EXPECT_EQ(now.phases(0).by_id(), who("chief"));
}

TEST_F(IncidentTest, ItsRoomHasTheTemplatesPeopleAndTheCommandSeats) {
  const auto id = declared();
  const v1::Channel* room = center.state().channel(incident(id).channel_id());
  ASSERT_NE(room, nullptr);
  EXPECT_EQ(room->kind(), v1::Channel::KIND_INCIDENT);
  EXPECT_EQ(room->key(), "i-1");
  for (const char* member : {"chief", "second", "fang", "shui", "mayor"}) {
    EXPECT_TRUE(center.state().is_member(who(member), room->id())) << member;
  }
  EXPECT_FALSE(center.state().is_member(who("fei"), room->id()));
  const auto rescue = incident(id).groups(0).channel_id();
  EXPECT_EQ(center.state().channel(rescue)->key(), "i-1/rescue");
  EXPECT_TRUE(center.state().is_member(who("fang"), rescue));
  EXPECT_FALSE(center.state().is_member(who("shui"), rescue));
}

TEST_F(IncidentTest, WhoIsNotInItDoesNotKnowOfIt) {
  const auto id = declared();
  EXPECT_EQ(incident(id, "fang").id(), id);
  EXPECT_EQ(incident(id, "fei").id(), 0U);
  EXPECT_THAT(does("fei", propose(id, v1::LEVEL_II)), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  EXPECT_TRUE(core::snapshot_for(center.state(), who("fei")).incidents().empty());
  EXPECT_THAT(core::snapshot_for(center.state(), who("shui")).incidents(), SizeIs(1));
}

TEST_F(IncidentTest, ABareOneHasARoomAndNothingElse) {
  const auto id = declared(v1::LEVEL_IV, "");
  EXPECT_TRUE(incident(id).groups().empty());
  EXPECT_FALSE(incident(id).has_posts());
  EXPECT_TRUE(center.state().is_member(who("second"), incident(id).channel_id()));
  EXPECT_FALSE(center.state().is_member(who("fang"), incident(id).channel_id()));
}

TEST_F(IncidentTest, OnlyWhoMayDeclareDeclaresAndSaysTheCategory) {
  EXPECT_THAT(does("fang", declare()), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  v1::Command command = declare();
  command.mutable_declare_incident()->clear_category();
  EXPECT_THAT(does("chief", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  command = declare(v1::LEVEL_III, "no-such-template");
  EXPECT_THAT(does("chief", command), IsRefused(v1::ERROR_CODE_NOT_FOUND));
  command = declare();
  command.mutable_declare_incident()->set_occurred_us(center.now() + 1);
  EXPECT_THAT(does("chief", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(IncidentTest, ATakenNameDelaysNobody) {
  v1::Command command;
  auto& channel = *command.mutable_create_channel();
  channel.set_key("i-1");
  channel.set_kind(v1::Channel::KIND_GROUP);
  channel.mutable_name()->set_en("somebody was faster");
  ASSERT_TRUE(does("chief", command));
  const auto id = declared();
  EXPECT_EQ(center.state().channel(incident(id).channel_id())->key(), "i-1-2");
}

TEST_F(IncidentTest, TheFirstLevelIsConfirmedByAnotherRole) {
  const auto id = declared();
  v1::Command command;
  command.mutable_confirm_level()->set_incident_id(id);
  command.mutable_confirm_level()->set_seen_revision(incident(id).revision());
  EXPECT_THAT(does("second", command), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("mayor", command));
  EXPECT_FALSE(incident(id).provisional());
  EXPECT_EQ(incident(id).confirmed_by_id(), who("mayor"));
  center.advance(hour / 2);
  EXPECT_FALSE(incident(id).confirm_overdue());
}

TEST_F(IncidentTest, SilenceOfTheConfirmingRoleIsShownAndNothingWaits) {
  const auto id = declared();
  center.advance(20 * minute - 1);
  EXPECT_FALSE(incident(id).confirm_overdue());
  center.advance(1);
  EXPECT_TRUE(incident(id).confirm_overdue());
  EXPECT_EQ(incident(id).response_level(), v1::LEVEL_III) << "in force as declared";
  EXPECT_TRUE(does("second", phase(id, v1::INCIDENT_PHASE_HANDLING)));
}

// --- Phases, posts, groups, casualties (30, 31) ---

TEST_F(IncidentTest, PhasesGoForwardsAndSayWhoWhenAndWhy) {
  const auto id = declared();
  center.advance(minute);
  ASSERT_TRUE(does("second", phase(id, v1::INCIDENT_PHASE_HANDLING)));
  const v1::Incident now = incident(id);
  ASSERT_THAT(now.phases(), SizeIs(2));
  EXPECT_EQ(now.phases(1).reason(), "现场情况");
  EXPECT_EQ(now.phases(1).by_id(), who("second"));
  EXPECT_EQ(now.phases(1).at_us(), center.now());
  EXPECT_THAT(does("second", phase(id, v1::INCIDENT_PHASE_RESPONSE)),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_THAT(does("second", phase(id, v1::INCIDENT_PHASE_EVALUATION)),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT))
      << "only a stand-down ends the response";
  EXPECT_THAT(does("fang", phase(id, v1::INCIDENT_PHASE_HANDLING)),
              IsRefused(v1::ERROR_CODE_FORBIDDEN));
}

TEST_F(IncidentTest, WhoSawAnOlderStateDecidesNothing) {
  const auto id = declared();
  const v1::Command stale = phase(id, v1::INCIDENT_PHASE_HANDLING);
  ASSERT_TRUE(does("second", phase(id, v1::INCIDENT_PHASE_HANDLING)));
  EXPECT_THAT(does("chief", stale), IsRefused(v1::ERROR_CODE_STALE_REVISION));
}

TEST_F(IncidentTest, PostsComeIntoTheRoomAndCommand) {
  const auto id = declared();
  EXPECT_THAT(does("fei", phase(id, v1::INCIDENT_PHASE_HANDLING)),
              IsRefused(v1::ERROR_CODE_NOT_FOUND));
  v1::Command command;
  auto& one = *command.mutable_activate_command();
  one.set_incident_id(id);
  one.set_seen_revision(incident(id).revision());
  one.mutable_on_scene()->set_account_id(who("fei"));
  one.mutable_on_scene()->set_role_id(post_of("fire/crew"));
  ASSERT_TRUE(does("chief", command));
  EXPECT_EQ(incident(id).posts().commander().role_id(), post_of("eoc/mayor")) << "stays";
  EXPECT_TRUE(center.state().is_member(who("fei"), incident(id).channel_id()));
  EXPECT_TRUE(does("fei", phase(id, v1::INCIDENT_PHASE_HANDLING)));
}

TEST_F(IncidentTest, GroupsAreFormedWithTheirRooms) {
  const auto id = declared(v1::LEVEL_IV, "");
  v1::Command command;
  auto& one = *command.mutable_form_groups();
  one.set_incident_id(id);
  auto& medical = *one.add_groups();
  medical.set_key("medical");
  medical.mutable_name()->set_zh_hans("医疗救护组");
  medical.set_lead_role_id(post_of("water/liaison"));
  medical.add_account_ids(who("nobody"));
  medical.set_channel_key("grp-medical");
  ASSERT_TRUE(does("second", command));
  ASSERT_THAT(incident(id).groups(), SizeIs(1));
  EXPECT_EQ(incident(id).groups(0).channel_id(), room("grp-medical"));
  for (const char* member : {"shui", "nobody", "second"}) {
    EXPECT_TRUE(center.state().is_member(who(member), room("grp-medical"))) << member;
  }
  EXPECT_EQ(incident(id, "nobody").id(), id) << "who works in a group sees the incident";
  EXPECT_THAT(does("second", command), IsRefused(v1::ERROR_CODE_ALREADY_EXISTS));
}

TEST_F(IncidentTest, CasualtiesAreOneRowChangedByItsOwnCommand) {
  v1::Command command = declare();
  command.mutable_declare_incident()->mutable_casualties()->set_missing(3);
  const auto id = does("chief", command)->id();
  EXPECT_EQ(incident(id).casualties().missing(), 3U);
  v1::Command count;
  auto& one = *count.mutable_change_casualties();
  one.set_incident_id(id);
  one.set_seen_revision(incident(id).casualties().revision());
  one.set_missing(3);
  one.set_injured(13);
  one.set_source("120");
  center.advance(minute);
  ASSERT_TRUE(does("fang", count));
  const v1::Casualties now = incident(id).casualties();
  EXPECT_EQ(now.injured(), 13U);
  EXPECT_EQ(now.by_id(), who("fang"));
  EXPECT_EQ(now.at_us(), center.now());
  EXPECT_EQ(now.source(), "120");
  ASSERT_THAT(incident(id).casualty_path(), SizeIs(1)) << "what was said before stays readable";
  EXPECT_EQ(incident(id).casualty_path(0).injured(), 0U);
  EXPECT_THAT(does("shui", count), IsRefused(v1::ERROR_CODE_STALE_REVISION))
      << "nobody overwrites a count he did not see";
  one.set_seen_revision(incident(id).casualties().revision());
  one.clear_source();
  EXPECT_THAT(does("shui", count), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

// --- Levels (32) ---

std::vector<v1::Level> path(const v1::Incident& incident) {
  std::vector<v1::Level> levels;
  for (const auto& one : incident.level_path()) levels.push_back(one.response_level());
  return levels;
}

TEST_F(IncidentTest, LevelsMoveByProposalAndAuthority) {
  const auto id = declared(v1::LEVEL_IV);
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_III)));
  EXPECT_EQ(incident(id).level(), v1::LEVEL_IV) << "a proposal changes nothing";
  EXPECT_THAT(does("chief", decide(id, 1)), IsRefused(v1::ERROR_CODE_FORBIDDEN))
      << "III is not the duty chief's";
  ASSERT_TRUE(does("mayor", decide(id, 1)));
  EXPECT_EQ(incident(id).level(), v1::LEVEL_III);
  EXPECT_EQ(incident(id).proposals(0).decided_role_id(), post_of("eoc/mayor"));
  EXPECT_THAT(path(incident(id)), ElementsAre(v1::LEVEL_IV, v1::LEVEL_III));
  EXPECT_THAT(does("mayor", decide(id, 1)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(IncidentTest, LoweringNeedsTheAuthorityOverWhatIs) {
  const auto id = declared(v1::LEVEL_III);
  ASSERT_TRUE(does("second", propose(id, v1::LEVEL_IV)));
  EXPECT_THAT(does("chief", decide(id, 1)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("mayor", decide(id, 1)));
  EXPECT_EQ(incident(id).response_level(), v1::LEVEL_IV);
}

TEST_F(IncidentTest, NobodyApprovesHisOwnProposal) {
  const auto id = declared(v1::LEVEL_IV);
  ASSERT_TRUE(does("mayor", propose(id, v1::LEVEL_III)));
  EXPECT_THAT(does("mayor", decide(id, 1)), IsRefused(v1::ERROR_CODE_SAME_PERSON));
}

TEST_F(IncidentTest, ADeclinedProposalStaysOnRecordWithItsReason) {
  const auto id = declared(v1::LEVEL_IV);
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_III)));
  EXPECT_THAT(does("mayor", decide(id, 1, false, "")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  ASSERT_TRUE(does("mayor", decide(id, 1, false, "火势已控")));
  EXPECT_EQ(incident(id).level(), v1::LEVEL_IV);
  EXPECT_EQ(incident(id).proposals(0).state(), v1::LevelProposal::STATE_DECLINED);
  EXPECT_EQ(incident(id).proposals(0).decision_reason(), "火势已控");
}

v1::Command request(base::EntityId id, std::uint32_t proposal) {
  v1::Command command;
  command.mutable_request_level()->set_incident_id(id);
  command.mutable_request_level()->set_proposal(proposal);
  return command;
}
v1::Command answer(base::EntityId id, std::uint32_t proposal) {
  v1::Command command;
  command.mutable_answer_request()->set_incident_id(id);
  command.mutable_answer_request()->set_proposal(proposal);
  command.mutable_answer_request()->set_approve(true);
  command.mutable_answer_request()->set_reason("省工作组赴现场");
  return command;
}

TEST_F(IncidentTest, WhatLiesAboveIsARequestWithARecordedAnswer) {
  const auto id = declared();
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_II)));
  EXPECT_THAT(does("mayor", decide(id, 1)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  ASSERT_TRUE(does("mayor", request(id, 1)));
  EXPECT_EQ(incident(id).proposals(0).above_role_id(), post_of("province/duty"));
  EXPECT_TRUE(does("second", phase(id, v1::INCIDENT_PHASE_HANDLING))) << "nothing waits for it";
  ASSERT_TRUE(does("province", answer(id, 1))) << "who is asked sees what about";
  EXPECT_THAT(path(incident(id)), ElementsAre(v1::LEVEL_III, v1::LEVEL_II));
}

TEST_F(IncidentTest, TheReplyClockRemindsOurSideAgainAndAgain) {
  const auto id = declared();
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_II)));
  ASSERT_TRUE(does("mayor", request(id, 1)));
  center.advance(10 * minute);
  EXPECT_EQ(incident(id).proposals(0).reminders(), 1U);
  center.advance(20 * minute);
  EXPECT_EQ(incident(id).proposals(0).reminders(), 3U);
  EXPECT_EQ(incident(id).level(), v1::LEVEL_III);
}

TEST_F(IncidentTest, AnAnswerByPhoneIsRecordedAtACommandSeat) {
  const auto id = declared();
  ASSERT_TRUE(does("fang", propose(id, v1::LEVEL_I)));
  ASSERT_TRUE(does("mayor", request(id, 1)));
  v1::Command spoken = answer(id, 1);
  spoken.mutable_on_behalf()->set_contact_id(center.state().contact_by_key("province-room")->id());
  spoken.mutable_on_behalf()->set_medium(v1::OnBehalf::MEDIUM_PHONE);
  spoken.mutable_on_behalf()->set_stated_at_us(center.now());
  EXPECT_THAT(does("fang", spoken), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("second", answer(id, 1)), IsRefused(v1::ERROR_CODE_FORBIDDEN))
      << "he says nobody gave it";
  ASSERT_TRUE(does("second", spoken));
  EXPECT_EQ(incident(id).level(), v1::LEVEL_I);
  EXPECT_EQ(incident(id).proposals(0).on_behalf().medium(), v1::OnBehalf::MEDIUM_PHONE);
  EXPECT_EQ(incident(id).proposals(0).decided_by_id(), who("second")) << "the recorder";
}

v1::Command break_glass(base::EntityId id, std::uint64_t seen, v1::Level level) {
  v1::Command command;
  auto& one = *command.mutable_break_glass();
  one.set_incident_id(id);
  one.set_seen_revision(seen);
  one.set_level(level);
  one.set_response_level(level);
  one.set_reason("市长联系不上，火势蔓延");
  return command;
}

TEST_F(IncidentTest, BreakGlassActsAloneIsMarkedAndIsConfirmedAfter) {
  const auto id = declared(v1::LEVEL_IV);
  EXPECT_THAT(does("fang", break_glass(id, incident(id).revision(), v1::LEVEL_III)),
              IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("second", break_glass(id, incident(id).revision(), v1::LEVEL_II)),
              IsRefused(v1::ERROR_CODE_FORBIDDEN))
      << "it does not reach above the center";
  ASSERT_TRUE(does("second", break_glass(id, incident(id).revision(), v1::LEVEL_III)));
  EXPECT_EQ(incident(id).response_level(), v1::LEVEL_III) << "at once";
  EXPECT_TRUE(incident(id).level_path(1).break_glass());
  EXPECT_TRUE(incident(id).provisional()) << "one person alone confirms nothing";
  v1::Command confirm;
  confirm.mutable_confirm_break_glass()->set_incident_id(id);
  confirm.mutable_confirm_break_glass()->set_proposal(1);
  EXPECT_THAT(does("second", confirm), IsRefused(v1::ERROR_CODE_SAME_PERSON));
  center.advance(15 * minute);
  EXPECT_TRUE(incident(id).proposals(0).confirm_overdue()) << "shown; the level stays";
  ASSERT_TRUE(does("mayor", confirm));
  EXPECT_EQ(incident(id).proposals(0).confirmed_by_id(), who("mayor"));
  EXPECT_EQ(incident(id).response_level(), v1::LEVEL_III);
}

// --- The end (30, 34) ---

TEST_F(IncidentTest, TwoPersonsCallItVoidAndItsClocksEnd) {
  const auto id = declared();
  v1::Command command;
  command.mutable_propose_void()->set_incident_id(id);
  command.mutable_propose_void()->set_reason("传感器故障");
  ASSERT_TRUE(does("chief", command));
  EXPECT_EQ(incident(id).state(), v1::Incident::STATE_OPEN);
  v1::Command confirm;
  confirm.mutable_confirm_void()->set_incident_id(id);
  confirm.mutable_confirm_void()->set_seen_revision(incident(id).revision());
  EXPECT_THAT(does("chief", confirm), IsRefused(v1::ERROR_CODE_SAME_PERSON));
  ASSERT_TRUE(does("second", confirm));
  EXPECT_EQ(incident(id).state(), v1::Incident::STATE_VOID);
  EXPECT_EQ(report(id, "written").state(), v1::Report::STATE_DROPPED);
  center.advance(2 * hour);
  EXPECT_FALSE(report(id, "written").overdue());
  EXPECT_FALSE(incident(id).confirm_overdue());
  EXPECT_TRUE(core::snapshot_for(center.state(), who("chief")).incidents().empty());
  EXPECT_THAT(does("chief", phase(id, v1::INCIDENT_PHASE_HANDLING)),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(IncidentTest, MergedOnesPointToTheSurvivorAndKeepRoomsAndClocks) {
  const auto first = declared();
  const auto second = declared(v1::LEVEL_IV);
  v1::Command command;
  auto& one = *command.mutable_merge_incidents();
  one.set_incident_id(second);
  one.set_seen_revision(incident(second).revision());
  one.set_into_id(first);
  one.set_reason("同一起火灾");
  ASSERT_TRUE(does("chief", command));
  EXPECT_EQ(incident(second).merged_into_id(), first);
  EXPECT_THAT(incident(first).merged_ids(), ElementsAre(second));
  EXPECT_FALSE(center.state().channel(incident(second).channel_id())->archived());
  center.advance(hour);
  EXPECT_TRUE(report(second, "written").overdue()) << "its clocks stay";
  one.set_seen_revision(incident(second).revision());
  EXPECT_THAT(does("chief", command), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(IncidentTest, StandDownIsForWhoCommandsOrDecidesAndNeedsTheMissingExplained) {
  v1::Command command = declare();
  command.mutable_declare_incident()->mutable_casualties()->set_missing(2);
  const auto id = does("chief", command)->id();
  EXPECT_THAT(does("second", stand_down(id)), IsRefused(v1::ERROR_CODE_FORBIDDEN));
  EXPECT_THAT(does("mayor", stand_down(id)), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  v1::Command waived = stand_down(id);
  auto& waiver = *waived.mutable_stand_down()->add_waivers();
  waiver.set_kind(v1::Waiver::KIND_MISSING_PERSONS);
  EXPECT_THAT(does("mayor", waived), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT)) << "says no reason";
  waiver.set_reason("家属确认二人在外地");
  ASSERT_TRUE(does("mayor", waived));
  const v1::Incident now = incident(id);
  EXPECT_EQ(now.state(), v1::Incident::STATE_STOOD_DOWN);
  EXPECT_EQ(now.phase(), v1::INCIDENT_PHASE_EVALUATION);
  EXPECT_EQ(now.stand_down().by_id(), who("mayor"));
  EXPECT_EQ(now.stand_down().waivers(0).reason(), "家属确认二人在外地");
}

TEST_F(IncidentTest, ArchivingWaitsForTheEvaluation) {
  const auto id = declared();
  EXPECT_THAT(does("chief", evaluate(id, "好")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT))
      << "before the end there is nothing to evaluate";
  ASSERT_TRUE(does("mayor", stand_down(id)));
  EXPECT_THAT(does("chief", phase(id, v1::INCIDENT_PHASE_ARCHIVED)),
              IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  EXPECT_THAT(does("chief", evaluate(id, "一切顺利")), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT))
      << "level III needs its sections";
  v1::Command full = evaluate(id, "");
  auto& section = *full.mutable_file_evaluation()->add_sections();
  section.set_key("lessons");
  section.set_value("罐区背面对讲盲区");
  ASSERT_TRUE(does("chief", full));
  EXPECT_EQ(text_of(incident(id).evaluation().message_id()),
            "【澄远化工爆炸】总结评估\n经验教训：罐区背面对讲盲区");
  ASSERT_TRUE(does("chief", phase(id, v1::INCIDENT_PHASE_ARCHIVED)));
  EXPECT_EQ(incident(id).state(), v1::Incident::STATE_ARCHIVED);
  EXPECT_TRUE(core::snapshot_for(center.state(), who("chief")).incidents().empty());
}

TEST_F(IncidentTest, AtLevelFourASentenceIsEnough) {
  const auto id = declared(v1::LEVEL_IV);
  ASSERT_TRUE(does("chief", stand_down(id)));
  ASSERT_TRUE(does("chief", evaluate(id, "处置及时。")));
  EXPECT_TRUE(does("chief", phase(id, v1::INCIDENT_PHASE_ARCHIVED)));
}

TEST_F(IncidentTest, MergedOnesAreArchivedWithTheSurvivor) {
  const auto first = declared(v1::LEVEL_IV);
  const auto second = declared(v1::LEVEL_IV);
  v1::Command command;
  auto& one = *command.mutable_merge_incidents();
  one.set_incident_id(second);
  one.set_seen_revision(incident(second).revision());
  one.set_into_id(first);
  one.set_reason("同一起火灾");
  ASSERT_TRUE(does("chief", command));
  ASSERT_TRUE(does("chief", stand_down(first)));
  ASSERT_TRUE(does("chief", evaluate(first, "处置及时。")));
  ASSERT_TRUE(does("chief", phase(first, v1::INCIDENT_PHASE_ARCHIVED)));
  EXPECT_EQ(incident(second).state(), v1::Incident::STATE_ARCHIVED);
}

TEST_F(IncidentTest, TheTimelineTellsWhatHappenedInOrder) {
  const auto id = declared(v1::LEVEL_IV, "");
  ASSERT_TRUE(does("second", phase(id, v1::INCIDENT_PHASE_HANDLING)));
  ASSERT_TRUE(does("chief", stand_down(id)));
  std::vector<std::uint32_t> kinds;
  const v1::Incident now = incident(id);
  for (const auto& one : now.timeline()) kinds.push_back(one.kind());
  const auto number = [](const char* name) {
    return static_cast<std::uint32_t>(v1::Event::descriptor()->FindFieldByName(name)->number());
  };
  EXPECT_THAT(kinds,
              ElementsAre(number("incident_declared"), number("report_opened"),
                          number("phase_changed"), number("stood_down"), number("report_opened")));
}

}  // namespace
}  // namespace fenghuo::testing
