// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/project.h"
#include "tests/support/core_center.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>

namespace fenghuo::base {

// Found by googletest, whose own printing cannot.
template <typename T>
void PrintTo(const Result<T>& result, std::ostream* to) {
  *to << (result ? "accepted" : result.error().to_string());
}

}  // namespace fenghuo::base

namespace fenghuo::testing {

// A command center of two departments for stories. Roles: "eoc/chief" (every grant, center),
// "eoc/second" (redact, center), "fire/liaison" and "fire/crew", "water/liaison". People: "chief",
// "second", "fang" and "fei" (fire/liaison, fire/crew), "shui" (water/liaison), the bot "sensor"
// (fire/crew), the guest "guest" (room "fire", for an hour), "nobody" without any role.
// Channels: "eoc" (everyone), "fire" (department), "liaisons" (role lists), "news" (announcement),
// "late" (group of fire/crew, history since joining).
class CoreTest : public ::testing::Test {
 protected:
  CoreTest() {
    v1::Command command;
    *command.mutable_apply_plan()->mutable_plan() = plan();
    FENGHUO_CHECK(center.submit(0, command).has_value());
  }

  static v1::Plan plan() {
    v1::Plan plan;
    plan.set_center_id("test");
    plan.mutable_name()->set_en("Test center");
    plan.set_zone("Asia/Shanghai");
    for (const char* key : {"eoc", "fire", "water"}) {
      auto& department = *plan.add_departments();
      department.set_key(key);
      department.mutable_name()->set_en(key);
    }
    auto& chief = role(plan, "eoc/chief", "eoc");
    for (int verb = 1; verb <= v1::Grant::Verb_MAX; ++verb) {
      if (v1::Grant::Verb_IsValid(verb)) grant(chief, verb);
    }
    grant(role(plan, "eoc/second", "eoc"), v1::Grant::VERB_REDACT);
    role(plan, "fire/liaison", "fire");
    role(plan, "fire/crew", "fire");
    role(plan, "water/liaison", "water");
    account(plan, "chief", {"eoc/chief"});
    account(plan, "second", {"eoc/second"});
    account(plan, "fang", {"fire/liaison"}).add_phones()->set_number("119");
    account(plan, "fei", {"fire/crew"});
    account(plan, "shui", {"water/liaison"});
    account(plan, "sensor", {"fire/crew"}).set_kind(v1::Account::KIND_BOT);
    account(plan, "nobody", {});
    auto& guest = account(plan, "guest", {});
    guest.set_kind(v1::Account::KIND_GUEST);
    guest.set_access_until_us(CoreCenter::start + 3'600 * base::us_per_s);
    guest.add_rooms("fire");
    auto& contact = *plan.add_contacts();
    contact.set_key("plant");
    contact.mutable_name()->set_en("Plant");
    channel(plan, "eoc", v1::Channel::KIND_GROUP).set_everyone(true);
    channel(plan, "fire", v1::Channel::KIND_DEPARTMENT).set_department("fire");
    auto& liaisons = channel(plan, "liaisons", v1::Channel::KIND_GROUP);
    liaisons.add_member_roles("fire/liaison");
    liaisons.add_member_roles("water/liaison");
    liaisons.add_member_departments("eoc");
    channel(plan, "news", v1::Channel::KIND_ANNOUNCEMENT).set_everyone(true);
    auto& late = channel(plan, "late", v1::Channel::KIND_GROUP);
    late.add_member_roles("fire/crew");
    late.set_history(v1::Channel::HISTORY_SINCE_JOINING);
    return plan;
  }
  static v1::PlanRole& role(v1::Plan& plan, const char* key, const char* department) {
    auto& one = *plan.add_roles();
    one.set_key(key);
    one.mutable_name()->set_en(key);
    one.set_department(department);
    return one;
  }
  static void grant(v1::PlanRole& to, int verb) {
    to.add_grants()->set_verb(static_cast<v1::Grant::Verb>(verb));
  }
  static v1::PlanAccount& account(v1::Plan& plan, const char* key,
                                  std::initializer_list<const char*> roles) {
    auto& one = *plan.add_accounts();
    one.set_key(key);
    one.mutable_name()->set_en(key);
    for (const char* role_key : roles) one.add_appointments()->set_role(role_key);
    return one;
  }
  static v1::PlanChannel& channel(v1::Plan& plan, const char* key, v1::Channel::Kind kind) {
    auto& one = *plan.add_channels();
    one.set_key(key);
    one.mutable_name()->set_en(key);
    one.set_kind(kind);
    return one;
  }

  base::EntityId who(std::string_view key) const {
    return center.state().account_by_key(key)->id();
  }
  base::EntityId room(std::string_view key) const {
    return center.state().channel_by_key(key)->id();
  }
  base::EntityId post_of(std::string_view key) const {
    return center.state().role_by_key(key)->id();
  }

  base::Result<v1::Reply::Done> does(std::string_view account, const v1::Command& command) {
    return center.submit(account == "hub" ? 0 : who(account), command);
  }

  // --- Commands, short ---
  v1::Command post(std::string_view channel_key, const std::string& text,
                   v1::Precedence precedence = v1::PRECEDENCE_ROUTINE) const {
    v1::Command command;
    command.mutable_post_message()->set_channel_id(room(channel_key));
    command.mutable_post_message()->set_text(text);
    command.mutable_post_message()->set_precedence(precedence);
    return command;
  }
  static v1::Command edit(base::EntityId message_id, std::uint32_t seen, v1::EditKind kind,
                          const std::string& text) {
    v1::Command command;
    auto& one = *command.mutable_edit_message();
    one.set_message_id(message_id);
    one.set_seen_version(seen);
    one.set_kind(kind);
    one.set_text(text);
    return command;
  }
  static v1::Command retract(base::EntityId message_id, const std::string& reason = "wrong place") {
    v1::Command command;
    command.mutable_retract_message()->set_message_id(message_id);
    command.mutable_retract_message()->set_reason(reason);
    return command;
  }
  static v1::Command acknowledge(base::EntityId message_id, std::uint32_t version) {
    v1::Command command;
    command.mutable_acknowledge_message()->set_message_id(message_id);
    command.mutable_acknowledge_message()->set_version(version);
    return command;
  }
  v1::Command read_to(std::string_view channel_key, std::uint64_t seq,
                      base::EntityId thread_root_id = 0) const {
    v1::Command command;
    command.mutable_advance_cursor()->set_channel_id(room(channel_key));
    command.mutable_advance_cursor()->set_seq(seq);
    command.mutable_advance_cursor()->set_thread_root_id(thread_root_id);
    return command;
  }
  static v1::Command propose_redaction(base::EntityId message_id) {
    v1::Command command;
    auto& one = *command.mutable_propose_redaction();
    one.set_message_id(message_id);
    one.set_rule("identity data");
    one.set_reason("names a witness");
    return command;
  }
  static v1::Command confirm_redaction(base::EntityId proposal_id) {
    v1::Command command;
    command.mutable_confirm_redaction()->set_proposal_id(proposal_id);
    return command;
  }
  // The account with these roles and no others.
  v1::Command appoint(std::string_view account_key,
                      std::initializer_list<const char*> roles) const {
    v1::Command command;
    auto& one = *command.mutable_put_account();
    *one.mutable_account() = *center.state().account_by_key(account_key);
    one.mutable_appointments();
    for (const char* key : roles)
      one.mutable_appointments()->add_items()->set_role_id(post_of(key));
    return command;
  }

  v1::Cursor cursor(std::string_view account, std::string_view channel_key) const {
    return core::channel_state_for(center.state(), room(channel_key), who(account)).cursors(0);
  }

  CoreCenter center;
};

// A refusal with this code.
MATCHER_P(IsRefused, code, "is refused with " + v1::ErrorCode_Name(code)) {
  if (arg.has_value()) {
    *result_listener << "was accepted";
    return false;
  }
  *result_listener << arg.error().to_string();
  return arg.error().code() == code;
}

}  // namespace fenghuo::testing
