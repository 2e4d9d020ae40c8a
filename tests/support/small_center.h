// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/command.pb.h"
#include "hub/base/check.h"
#include "hub/core/decide.h"
#include "hub/core/state.h"
#include "hub/engine/recovery.h"
#include "storage/memory/memory_store.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

// A center of a few people, made by commands like any other: what tests above the core stand on.
namespace fenghuo::testing {

inline constexpr base::TimeUs test_start = 1'700'000'000LL * base::us_per_s;
inline constexpr base::TimeUs guest_until = test_start + 3'600LL * base::us_per_s;

inline engine::Genesis test_genesis() {
  return {.world_id = std::string(32, 'a'), .epoch = std::string(32, 'b'), .center_id = "test"};
}

// An empty record with its beginning, ready to be recovered from.
inline std::unique_ptr<storage::MemoryStore> begun_store() {
  auto store = std::make_unique<storage::MemoryStore>();
  engine::begin(store->log(), test_genesis(), test_start, [](storage::AppendOutcome outcome) {
    FENGHUO_CHECK(outcome.status == storage::AppendStatus::Committed);
  });
  store->pump();
  return store;
}

// Department "fire" with the roles "fire/chief" (every grant) and "fire/crew"; the accounts
// "chief", "ann", "bob", "cat" (crew) and the guest "guest" until guest_until; the channels "all"
// (everybody, and the guest), "crew" (the role's members) and "news" (since joining; chief and
// ann).
inline v1::Command small_plan() {
  v1::Command command;
  v1::Plan& plan = *command.mutable_apply_plan()->mutable_plan();
  plan.set_center_id("test");
  plan.mutable_name()->set_en("Test center");
  plan.set_zone("Asia/Shanghai");
  v1::PlanDepartment& fire = *plan.add_departments();
  fire.set_key("fire");
  fire.mutable_name()->set_en("Fire");
  const auto add_role = [&plan](const char* key) -> v1::PlanRole& {
    v1::PlanRole& role = *plan.add_roles();
    role.set_key(key);
    role.mutable_name()->set_en(key);
    role.set_department("fire");
    return role;
  };
  v1::PlanRole& chief = add_role("fire/chief");
  for (int verb = v1::Grant::Verb_MIN + 1; verb <= v1::Grant::Verb_MAX; ++verb) {
    if (!v1::Grant::Verb_IsValid(verb)) continue;
    v1::Grant& grant = *chief.add_grants();
    grant.set_verb(static_cast<v1::Grant::Verb>(verb));
    grant.set_scope(v1::Grant::SCOPE_CENTER);
    grant.set_condition(v1::Grant::CONDITION_APPOINTED);
  }
  add_role("fire/crew");
  const auto add_account = [&plan](const char* key, const char* role) -> v1::PlanAccount& {
    v1::PlanAccount& account = *plan.add_accounts();
    account.set_key(key);
    account.mutable_name()->set_en(key);
    account.set_kind(v1::Account::KIND_PERSON);
    account.set_department("fire");
    v1::PlanAccount::Appointment& appointment = *account.add_appointments();
    appointment.set_role(role);
    appointment.set_standing(v1::Appointment::STANDING_MEMBER);
    return account;
  };
  add_account("chief", "fire/chief");
  for (const char* key : {"ann", "bob", "cat"}) add_account(key, "fire/crew");
  v1::PlanAccount& guest = *plan.add_accounts();
  guest.set_key("guest");
  guest.mutable_name()->set_en("guest");
  guest.set_kind(v1::Account::KIND_GUEST);
  guest.set_access_until_us(guest_until);
  guest.add_rooms("all");
  const auto add_channel = [&plan](const char* key) -> v1::PlanChannel& {
    v1::PlanChannel& channel = *plan.add_channels();
    channel.set_key(key);
    channel.mutable_name()->set_en(key);
    channel.set_kind(v1::Channel::KIND_GROUP);
    channel.set_posting(v1::Channel::POSTING_MEMBERS);
    channel.set_history(v1::Channel::HISTORY_ALL);
    return channel;
  };
  add_channel("all").set_everyone(true);
  add_channel("crew").add_member_roles("fire/crew");
  v1::PlanChannel& news = add_channel("news");
  news.set_history(v1::Channel::HISTORY_SINCE_JOINING);
  news.add_member_accounts("chief");
  news.add_member_accounts("ann");
  return command;
}

inline v1::Command post(base::EntityId channel_id, std::string text,
                        v1::Precedence precedence = v1::PRECEDENCE_ROUTINE) {
  v1::Command command;
  v1::PostMessage& message = *command.mutable_post_message();
  message.set_channel_id(channel_id);
  message.set_text(std::move(text));
  message.set_precedence(precedence);
  return command;
}

inline v1::Command advance(base::EntityId channel_id, std::uint64_t seq) {
  v1::Command command;
  command.mutable_advance_cursor()->set_channel_id(channel_id);
  command.mutable_advance_cursor()->set_seq(seq);
  return command;
}

inline base::EntityId account_id(const core::State& state, std::string_view key) {
  const v1::Account* account = state.account_by_key(key);
  FENGHUO_CHECK(account != nullptr);
  return account->id();
}

inline base::EntityId channel_id(const core::State& state, std::string_view key) {
  const v1::Channel* channel = state.channel_by_key(key);
  FENGHUO_CHECK(channel != nullptr);
  return channel->id();
}

}  // namespace fenghuo::testing
