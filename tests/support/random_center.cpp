// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_center.h"

#include "hub/core/project.h"

#include <utility>

namespace fenghuo::testing {
namespace {

constexpr const char* departments[] = {"eoc", "fire", "fire/north", "water"};
constexpr const char* roles[] = {"eoc/chief",         "eoc/second",    "fire/liaison", "fire/crew",
                                 "fire/north/leader", "water/liaison", "water/speaker"};
constexpr const char* people[] = {"chief", "second", "fang", "fei", "feng", "shui", "shen", "idle"};

v1::PlanChannel& add_channel(v1::Plan& plan, const std::string& key, v1::Channel::Kind kind) {
  v1::PlanChannel& one = *plan.add_channels();
  one.set_key(key);
  one.mutable_name()->set_en(key);
  one.set_kind(kind);
  return one;
}

void add_directory(v1::Plan& plan) {
  for (const char* key : departments) {
    v1::PlanDepartment& one = *plan.add_departments();
    one.set_key(key);
    one.mutable_name()->set_en(key);
    one.add_phones()->set_number("119");
  }
  for (const char* key : roles) {
    v1::PlanRole& one = *plan.add_roles();
    one.set_key(key);
    one.mutable_name()->set_en(key);
    const std::string name = key;
    one.set_department(name.substr(0, name.rfind('/')));
    one.add_phones()->set_number("tower " + name);
  }
  for (const char* key : people) {
    v1::PlanAccount& one = *plan.add_accounts();
    one.set_key(key);
    one.mutable_name()->set_en(key);
    one.add_phones()->set_number("139");
  }
  for (const char* key : {"sensor", "expert", "warden"}) {
    v1::PlanAccount& one = *plan.add_accounts();
    one.set_key(key);
    one.mutable_name()->set_en(key);
    one.set_kind(std::string(key) == "sensor" ? v1::Account::KIND_BOT : v1::Account::KIND_GUEST);
  }
  v1::PlanContact& contact = *plan.add_contacts();
  contact.set_key("plant");
  contact.mutable_name()->set_en("Plant");
  contact.add_phones()->set_number("87654321");
}

v1::Rung& add_rung(v1::Ladder& ladder, int after_s) {
  v1::Rung& one = *ladder.add_rungs();
  one.set_after_us(after_s * base::us_per_s);
  one.add_means(v1::MEANS_IN_APP);
  one.add_means(v1::MEANS_WEBHOOK);
  one.add_means(v1::MEANS_CALL);
  return one;
}

// Fast ones: lives are short.
v1::Ladder random_ladder(RandomCenter& random) {
  v1::Ladder ladder;
  ladder.set_key("level-" + std::to_string(random.pick(4)));
  for (int one = 1; one <= 4; ++one) ladder.add_precedences(static_cast<v1::Precedence>(one));
  ladder.set_exhausted_repeat_us(20 * base::us_per_s);
  ladder.set_gate_wait_us(10 * base::us_per_s);
  ladder.set_last_wait_us(10 * base::us_per_s);
  ladder.set_no_progress_us(15 * base::us_per_s);
  ladder.set_no_progress_issuer_us(random.chance(50) ? 5 * base::us_per_s : 0);
  ladder.set_no_progress_climbs(random.chance(50));
  ladder.set_undelivered_us(5 * base::us_per_s);
  ladder.set_loops(static_cast<std::uint32_t>(random.pick(3)));
  v1::Rung& first = add_rung(ladder, 0);
  first.add_targets()->set_standing(v1::Appointment::STANDING_PRIMARY);
  first.add_targets()->set_standing(v1::Appointment::STANDING_MEMBER);
  first.set_repeat_us(4 * base::us_per_s);
  first.set_repeats(2);
  add_rung(ladder, 10).add_targets()->set_standing(v1::Appointment::STANDING_DEPUTY);
  v1::Rung& leader = add_rung(ladder, 10);
  leader.add_targets()->set_standing(v1::Appointment::STANDING_LEADER);
  leader.add_targets()->set_contact("plant");
  add_rung(ladder, 10).add_targets()->set_role("eoc/chief");
  return ladder;
}

}  // namespace

void RandomCenter::add_ladders(v1::Configuration& configuration) {
  configuration.set_duty_chief("eoc/chief");
  configuration.set_sign_within_us(20 * base::us_per_s);
  configuration.set_repeats_per_person(2);
  configuration.set_repeats_within_us(60 * base::us_per_s);
  *configuration.add_ladders() = random_ladder(*this);
}

std::string RandomCenter::text(const char* what) {
  return std::string(what) + " " + std::to_string(++words_) + (chance(30) ? " 火情已控制" : "");
}

RandomCenter::Act RandomCenter::plan(base::TimeUs now) {
  Act act;
  v1::Plan& plan = *act.command.mutable_apply_plan()->mutable_plan();
  plan.mutable_name()->set_en("Center");
  plan.set_zone("Asia/Shanghai");
  plan.set_redaction_window_s(300);
  add_directory(plan);
  add_ladders(*plan.mutable_configuration());
  const bool first = plans_++ == 0;
  plan.mutable_departments(2)->set_parent(first || chance(50) ? "fire" : "water");
  for (int verb = 1; verb <= v1::Grant::Verb_MAX; ++verb) {
    if (!v1::Grant::Verb_IsValid(verb)) continue;
    plan.mutable_roles(0)->add_grants()->set_verb(static_cast<v1::Grant::Verb>(verb));
  }
  plan.mutable_roles(0)->set_command_seat(true);
  plan.mutable_roles(1)->add_grants()->set_verb(v1::Grant::VERB_REDACT);
  add_incident_rules(plan);
  plan.mutable_roles(1)->set_command_seat(true);
  add_coordination(plan);
  add_feedback_rules(plan);
  for (const int at : {2, 4, 6}) {
    v1::Grant& grant = *plan.mutable_roles(at)->add_grants();
    const v1::Grant::Verb verbs[] = {v1::Grant::VERB_ANNOUNCE, v1::Grant::VERB_FLASH,
                                     v1::Grant::VERB_MODERATE, v1::Grant::VERB_ADMINISTER};
    grant.set_verb(verbs[pick(4)]);
    if (chance(50)) grant.set_scope(v1::Grant::SCOPE_DEPARTMENT);
  }
  for (std::size_t i = 0; i + 1 < std::size(people); ++i) {
    v1::PlanAccount::Appointment& one =
        *plan.mutable_accounts(static_cast<int>(i))->add_appointments();
    one.set_role(roles[i]);
    one.set_standing(static_cast<v1::Appointment::Standing>(1 + i % 3));
    if (chance(60)) {
      v1::PlanAccount::Appointment& other =
          *plan.mutable_accounts(static_cast<int>(i))->add_appointments();
      other.set_role(roles[(i + 1) % std::size(roles)]);
      other.set_standing(static_cast<v1::Appointment::Standing>(1 + (i + 1) % 3));
    }
  }
  plan.mutable_accounts(8)->add_appointments()->set_role("fire/crew");
  for (const int guest : {9, 10}) {
    v1::PlanAccount& one = *plan.mutable_accounts(guest);
    one.set_access_until_us(now + static_cast<base::TimeUs>(1 + pick(600)) * base::us_per_s);
    one.add_rooms("incident");
    if (chance(50)) one.add_rooms("late");
  }
  add_channel(plan, "all", v1::Channel::KIND_GROUP).set_everyone(true);
  add_channel(plan, "fire", v1::Channel::KIND_DEPARTMENT).set_department("fire");
  add_channel(plan, "crew", v1::Channel::KIND_ROLE).set_role("fire/crew");
  add_channel(plan, "news", v1::Channel::KIND_ANNOUNCEMENT).set_everyone(true);
  auto& fire_news = add_channel(plan, "fire-news", v1::Channel::KIND_DEPARTMENT);
  fire_news.set_department("fire");
  fire_news.set_posting(v1::Channel::POSTING_ANNOUNCERS);
  auto& incident = add_channel(plan, "incident", v1::Channel::KIND_INCIDENT);
  incident.add_member_departments("fire");
  incident.add_member_roles("eoc/chief");
  incident.add_member_roles("eoc/second");
  auto& late = add_channel(plan, "late", v1::Channel::KIND_GROUP);
  late.set_history(v1::Channel::HISTORY_SINCE_JOINING);
  for (const char* key : roles) {
    if (chance(60)) late.add_member_roles(key);
  }
  if (chance(50)) late.add_member_accounts("idle");
  if (!first && chance(30)) {
    add_channel(plan, "extra-" + std::to_string(plans_), v1::Channel::KIND_GROUP)
        .add_member_departments(departments[pick(4)]);
  }
  return act;
}

void RandomCenter::saw(const core::Record& record) {
  if (record.event.has_redaction_proposed()) proposals_.push_back(record.position);
  if (record.event.has_token_issued()) tokens_.push_back(record.position);
}

base::EntityId RandomCenter::any_account(const core::State& state) {
  for (;;) {
    const char* keys[] = {"chief", "second", "fang",   "fei",    "feng",  "shui",
                          "shen",  "idle",   "sensor", "expert", "warden"};
    const v1::Account* account = state.account_by_key(keys[pick(std::size(keys))]);
    if (account != nullptr) return account->id();
  }
}

std::optional<base::EntityId> RandomCenter::any_channel_of(const core::State& state,
                                                           base::EntityId account_id) {
  const auto all = state.channels_of(account_id);
  if (all.empty()) return std::nullopt;
  return all[pick(all.size())].channel_id;
}

std::optional<RandomCenter::Found> RandomCenter::any_message(const core::State& state) {
  for (int tries = 0; tries < 8; ++tries) {
    const base::EntityId account_id = any_account(state);
    const auto channel_id = any_channel_of(state, account_id);
    if (!channel_id || state.last_seq(*channel_id) == 0) continue;
    const auto ref =
        core::message_at(state, *channel_id, 1 + pick(state.last_seq(*channel_id)), account_id);
    if (ref) return Found{account_id, ref->message};
  }
  return std::nullopt;
}

void RandomCenter::add_mentions(const core::State& state,
                                google::protobuf::RepeatedPtrField<v1::Mention>& mentions) {
  while (chance(30)) {
    v1::Mention& one = *mentions.Add();
    if (chance(50)) {
      one.set_account_id(any_account(state));
    } else if (chance(70)) {
      one.set_role_id(state.role_by_key(roles[pick(std::size(roles))])->id());
    } else {
      one.set_everyone(true);
    }
  }
}

void RandomCenter::add_attachment(google::protobuf::RepeatedPtrField<v1::Attachment>& attachments) {
  if (!chance(10)) return;
  v1::Attachment& one = *attachments.Add();
  one.set_hash(std::string(32, static_cast<char>('a' + pick(4))));
  one.set_name("map.png");
}

RandomCenter::Act RandomCenter::post(const core::State& state) {
  Act act{any_account(state), {}};
  v1::PostMessage& post = *act.command.mutable_post_message();
  const auto channel_id = any_channel_of(state, act.account_id);
  // Now and then into a channel that may not be his.
  post.set_channel_id(channel_id && chance(95) ? *channel_id
                                               : state.channel_by_key("incident")->id());
  post.set_text(text("report"));
  if (chance(30)) post.set_precedence(static_cast<v1::Precedence>(1 + pick(4)));
  post.set_ask_receipt(chance(20));
  add_mentions(state, *post.mutable_mentions());
  add_attachment(*post.mutable_attachments());
  const std::uint64_t last = state.last_seq(post.channel_id());
  if (last > 0 && chance(40)) {
    const auto root = core::message_at(state, post.channel_id(), 1 + pick(last), act.account_id);
    if (root) {
      post.set_thread_root_id(root->message.thread_root_id() != 0 ? root->message.thread_root_id()
                                                                  : root->message.id());
    }
  }
  return act;
}

RandomCenter::Act RandomCenter::edit(const core::State& state) {
  const auto found = any_message(state);
  if (!found) return post(state);
  Act act{chance(90) ? found->message.author_id() : found->account_id, {}};
  v1::EditMessage& edit = *act.command.mutable_edit_message();
  edit.set_message_id(found->message.id());
  edit.set_seen_version(chance(90) ? found->message.version() : 1);
  edit.set_kind(chance(50) ? v1::EDIT_KIND_CORRECTION : v1::EDIT_KIND_CHANGE);
  edit.set_text(text("edited"));
  add_mentions(state, *edit.mutable_mentions());
  add_attachment(*edit.mutable_attachments());
  return act;
}

RandomCenter::Act RandomCenter::about_message(const core::State& state) {
  const auto found = any_message(state);
  if (!found) return post(state);
  Act act{found->account_id, {}};
  if (chance(35)) {
    if (chance(80)) act.account_id = found->message.author_id();
    act.command.mutable_retract_message()->set_message_id(found->message.id());
    act.command.mutable_retract_message()->set_reason(text("because"));
    return act;
  }
  v1::AcknowledgeMessage& one = *act.command.mutable_acknowledge_message();
  one.set_message_id(found->message.id());
  one.set_version(1 + static_cast<std::uint32_t>(pick(found->message.version() + 1)));
  return act;
}

RandomCenter::Act RandomCenter::read(const core::State& state) {
  Act act{any_account(state), {}};
  v1::AdvanceCursor& one = *act.command.mutable_advance_cursor();
  const auto channel_id = any_channel_of(state, act.account_id);
  if (!channel_id || state.last_seq(*channel_id) == 0) return post(state);
  one.set_channel_id(*channel_id);
  one.set_seq(1 + pick(state.last_seq(*channel_id)));
  if (chance(50)) {
    const auto ref = core::message_at(state, *channel_id, one.seq(), act.account_id);
    if (ref) one.set_thread_root_id(ref->message.thread_root_id());
  }
  return act;
}

RandomCenter::Act RandomCenter::deliver(const core::State& state) {
  Act act{any_account(state), {}};
  for (int i = 0; i < 4; ++i) {
    if (const auto found = any_message(state)) {
      act.command.mutable_mark_delivered()->add_message_ids(found->message.id());
    }
  }
  if (!act.command.has_mark_delivered()) return post(state);
  return act;
}

RandomCenter::Act RandomCenter::redact(const core::State& state) {
  Act act{state.account_by_key(chance(50) ? "chief" : "second")->id(), {}};
  if (!proposals_.empty() && chance(60)) {
    act.command.mutable_confirm_redaction()->set_proposal_id(proposals_[pick(proposals_.size())]);
    return act;
  }
  const auto found = any_message(state);
  if (!found) return post(state);
  v1::ProposeRedaction& one = *act.command.mutable_propose_redaction();
  one.set_message_id(found->message.id());
  one.set_rule("identity data");
  one.set_reason(text("names"));
  return act;
}

RandomCenter::Act RandomCenter::make_channel(const core::State& state) {
  Act act{state.account_by_key("chief")->id(), {}};
  if (chance(50)) {
    act.account_id = any_account(state);
    for (int i = 0; i < 2; ++i) {
      act.command.mutable_open_direct()->add_account_ids(any_account(state));
    }
    return act;
  }
  v1::CreateChannel& one = *act.command.mutable_create_channel();
  one.set_key("group-" + std::to_string(++words_));
  one.set_kind(chance(50) ? v1::Channel::KIND_GROUP : v1::Channel::KIND_INCIDENT);
  one.mutable_name()->set_en("Group");
  one.mutable_members()->add_account_ids(any_account(state));
  one.mutable_members()->add_role_ids(state.role_by_key(roles[pick(std::size(roles))])->id());
  if (chance(50)) one.set_history(v1::Channel::HISTORY_SINCE_JOINING);
  return act;
}

RandomCenter::Act RandomCenter::change_channel(const core::State& state) {
  Act act{state.account_by_key("chief")->id(), {}};
  const auto channel_id = any_channel_of(state, act.account_id);
  if (!channel_id) return post(state);
  if (chance(25)) {
    v1::SetLegalHold& hold = *act.command.mutable_set_legal_hold();
    hold.set_channel_id(*channel_id);
    hold.set_held(chance(50));
    hold.set_reason("court");
    return act;
  }
  v1::ChangeChannel& one = *act.command.mutable_change_channel();
  one.set_channel_id(*channel_id);
  one.set_seen_revision(chance(95) ? state.channel(*channel_id)->revision() : 1);
  if (chance(40)) one.set_topic(text("topic"));
  if (chance(40)) one.set_archived(chance(40));
  if (chance(60)) {
    v1::Channel::Members& members = *one.mutable_members();
    members.add_account_ids(act.account_id);
    for (int i = 0; i < 2; ++i) {
      if (chance(70)) members.add_account_ids(any_account(state));
      if (chance(50)) {
        members.add_role_ids(state.role_by_key(roles[pick(std::size(roles))])->id());
      }
    }
    members.set_everyone(chance(10));
  }
  return act;
}

RandomCenter::Act RandomCenter::put_account(const core::State& state, base::TimeUs now) {
  Act act{0, {}};
  const base::EntityId id = any_account(state);
  v1::PutAccount& one = *act.command.mutable_put_account();
  v1::Account& account = *one.mutable_account();
  account = *state.account(id);
  if (account.key() != "chief" && chance(25)) account.set_disabled(!account.disabled());
  if (account.kind() == v1::Account::KIND_GUEST) {
    account.clear_room_ids();
    for (const char* key : {"incident", "late", "fire"}) {
      if (chance(60)) account.add_room_ids(state.channel_by_key(key)->id());
    }
    if (chance(50)) {
      account.set_access_until_us(now + static_cast<base::TimeUs>(1 + pick(300)) * base::us_per_s);
    }
    return act;
  }
  if (account.key() == "chief" || chance(20)) return act;
  one.mutable_appointments();
  for (const char* key : roles) {
    if (!chance(30)) continue;
    v1::Appointment& item = *one.mutable_appointments()->add_items();
    item.set_role_id(state.role_by_key(key)->id());
    item.set_rank(static_cast<std::uint32_t>(pick(2)));
  }
  return act;
}

RandomCenter::Act RandomCenter::about_token(const core::State& state, base::TimeUs now) {
  Act act{0, {}};
  if (!tokens_.empty() && chance(40)) {
    act.command.mutable_revoke_token()->set_token_id(tokens_[pick(tokens_.size())]);
    return act;
  }
  if (chance(20)) {
    v1::SetCredential& one = *act.command.mutable_set_credential();
    one.set_account_id(any_account(state));
    one.set_password_hash("$argon2id$" + text("hash"));
    return act;
  }
  v1::IssueToken& one = *act.command.mutable_issue_token();
  one.set_account_id(any_account(state));
  std::string hash(32, 'x');
  for (char& c : hash) c = static_cast<char>(pick(256));
  one.set_token_hash(hash);
  one.set_expires_us(chance(50) ? now + base::us_per_s : 0);
  return act;
}

RandomCenter::Act RandomCenter::roster(const core::State& state, base::TimeUs now) {
  Act act{state.account_by_key("chief")->id(), {}};
  const v1::Snapshot open = core::snapshot_for(state, act.account_id);
  if (chance(15) && !open.shifts().empty()) {
    const v1::Shift& one = open.shifts(static_cast<int>(pick(open.shifts().size())));
    act.command.mutable_cancel_shift()->set_shift_id(one.id());
    act.command.mutable_cancel_shift()->set_seen_revision(one.revision());
    return act;
  }
  if (chance(15) && !open.overrides().empty()) {
    const v1::DutyOverride& one = open.overrides(static_cast<int>(pick(open.overrides().size())));
    act.command.mutable_cancel_override()->set_override_id(one.id());
    act.command.mutable_cancel_override()->set_seen_revision(one.revision());
    return act;
  }
  const base::EntityId role_id = state.role_by_key(roles[pick(std::size(roles))])->id();
  const auto standing = static_cast<v1::Appointment::Standing>(1 + pick(3));
  const base::TimeUs start = now + static_cast<base::TimeUs>(pick(120)) * base::us_per_s;
  const base::TimeUs end = start + static_cast<base::TimeUs>(1 + pick(120)) * base::us_per_s;
  if (chance(40)) {
    v1::DutyOverride& one = *act.command.mutable_put_override()->mutable_override();
    one.set_role_id(role_id);
    one.mutable_holder()->set_standing(standing);
    if (chance(50)) {
      one.mutable_holder()->set_vacant("ill");
    } else {
      one.mutable_holder()->set_account_id(any_account(state));
    }
    one.set_start_us(start);
    one.set_end_us(end);
    one.set_reason(text("override"));
    return act;
  }
  for (int i = 0; i < 2; ++i) {
    v1::Shift& one = *act.command.mutable_put_shifts()->add_shifts();
    one.set_role_id(role_id);
    one.set_standing(standing);
    one.set_account_id(any_account(state));
    one.set_start_us(start);
    one.set_end_us(end);
  }
  return act;
}

RandomCenter::Act RandomCenter::raise(const core::State& state, base::TimeUs now) {
  Act act{state.account_by_key("chief")->id(), {}};
  v1::RaiseOrder& one = *act.command.mutable_raise_order();
  const auto channel_id = any_channel_of(state, act.account_id);
  if (!channel_id) return post(state);
  one.set_channel_id(*channel_id);
  one.set_text(text("order"));
  one.set_kind(chance(70) ? v1::Order::KIND_TASK : v1::Order::KIND_NOTICE);
  one.set_precedence(static_cast<v1::Precedence>(pick(5)));
  const std::uint64_t first = pick(std::size(roles));
  for (std::uint64_t i = 0; i <= pick(3); ++i) {
    one.add_to()->set_role_id(state.role_by_key(roles[(first + i) % std::size(roles)])->id());
  }
  one.set_aggregate(static_cast<v1::Order::Aggregate>(pick(4)));
  one.set_quota(1);
  if (one.kind() == v1::Order::KIND_TASK && chance(50)) {
    one.set_done_by_us(now + static_cast<base::TimeUs>(5 + pick(60)) * base::us_per_s);
  }
  if (chance(30)) one.set_accept_by_us(now + 5 * base::us_per_s);
  return act;
}

// What one would do with an order as it stands, mostly.
RandomCenter::Act RandomCenter::about_order(const core::State& state, base::TimeUs now) {
  Act act{state.account_by_key("chief")->id(), {}};
  const v1::Snapshot open = core::snapshot_for(state, act.account_id);
  if (!open.spoken().empty() && chance(15)) return sign(open);
  if (!open.call_items().empty() && chance(15)) return call(open);
  if (chance(6)) return about_hub_time(open, act.account_id, now);
  if (open.orders().empty() || chance(25)) return raise(state, now);
  const v1::Order& order = open.orders(static_cast<int>(pick(open.orders().size())));
  const auto number = 1 + pick(static_cast<std::uint64_t>(order.addressees_size()));
  const v1::Addressee& one = order.addressees(static_cast<int>(number) - 1);
  const auto& reached = one.run().reached_account_ids();
  if (!reached.empty() && chance(70)) {
    act.account_id = reached.Get(static_cast<int>(pick(reached.size())));
  } else if (chance(30)) {
    act.account_id = any_account(state);
  }
  answer(order, one, act, now);
  if (act.account_id != state.account_by_key("chief")->id() && chance(20)) {
    v1::OnBehalf& said = *act.command.mutable_on_behalf();
    said.set_account_id(act.account_id);
    said.set_medium(v1::OnBehalf::MEDIUM_RADIO);
    said.set_stated_at_us(now);
    act.account_id = state.account_by_key("chief")->id();
  }
  return act;
}

RandomCenter::Act RandomCenter::sign(const v1::Snapshot& open) {
  const v1::Spoken& row = open.spoken(static_cast<int>(pick(open.spoken().size())));
  Act act{row.on_behalf().account_id(), {}};
  if (chance(50)) {
    act.command.mutable_sign_spoken()->set_spoken_id(row.id());
  } else {
    act.command.mutable_object_to_spoken()->set_spoken_id(row.id());
    act.command.mutable_object_to_spoken()->set_reason("never said so");
  }
  return act;
}

// A clock doubted and accepted, outages closed, slips entered for them.
RandomCenter::Act RandomCenter::about_hub_time(const v1::Snapshot& open, base::EntityId account_id,
                                               base::TimeUs now) {
  Act act{0, {}};
  v1::Command& command = act.command;
  if (!open.clock_doubts().empty()) {
    command.mutable_accept_clock()->set_doubt_id(open.clock_doubts(0).id());
    command.mutable_accept_clock()->set_wall_us(now + static_cast<base::TimeUs>(pick(9)) *
                                                          base::us_per_s);
    return act;
  }
  if (open.outages().empty() || chance(40)) {
    command.mutable_doubt_clock()->set_kind(
        static_cast<v1::ClockDoubt::Kind>(1 + pick(v1::ClockDoubt::Kind_MAX)));
    return act;
  }
  const base::EntityId outage_id = open.outages(0).id();
  if (chance(30)) {
    command.mutable_close_outage()->set_outage_id(outage_id);
    command.mutable_close_outage()->set_note("over");
    return act;
  }
  act.account_id = account_id;
  command.mutable_enter_slips()->set_outage_id(outage_id);
  for (const v1::Order& order : open.orders()) {
    const auto& reached = order.addressees(0).run().reached_account_ids();
    if (reached.empty()) continue;
    v1::EnterSlips::Slip& slip = *command.mutable_enter_slips()->add_slips();
    slip.mutable_on_behalf()->set_account_id(reached.Get(0));
    slip.mutable_on_behalf()->set_medium(v1::OnBehalf::MEDIUM_PAPER);
    slip.mutable_on_behalf()->set_stated_at_us(now);
    slip.mutable_accept_order()->set_order_id(order.id());
    slip.mutable_accept_order()->set_addressee(1);
    slip.mutable_accept_order()->set_seen_revision(order.revision());
    if (command.enter_slips().slips_size() == 2) break;
  }
  return act;
}

RandomCenter::Act RandomCenter::call(const v1::Snapshot& open) {
  const v1::CallItem& item = open.call_items(static_cast<int>(pick(open.call_items().size())));
  Act act{0, {}};
  v1::RecordCallResult& one = *act.command.mutable_record_call_result();
  one.set_call_item_id(item.id());
  one.set_kind(static_cast<v1::CallItem::Kind>(1 + pick(6)));
  one.set_note("note");
  one.set_seen_revision(1);
  return act;
}

void RandomCenter::answer(const v1::Order& order, const v1::Addressee& one, Act& act,
                          base::TimeUs now) {
  const std::uint64_t seen = chance(95) ? order.revision() : 7;
  const auto fill = [&](auto& command) -> auto& {
    command.set_order_id(order.id());
    command.set_seen_revision(seen);
    return command;
  };
  const auto fill_one = [&](auto& command) -> auto& {
    fill(command).set_addressee(one.number());
    return command;
  };
  v1::Command& command = act.command;
  if (one.run().gate_since_us() != 0 && chance(50)) {
    v1::AnswerGate& gate = *command.mutable_answer_gate();
    gate.set_order_id(order.id());
    gate.set_addressee(one.number());
    gate.set_seen_rung(one.run().gate_rung());
    gate.set_open(chance(50));
    gate.set_reason("because");
    act.account_id = 0;
    return;
  }
  if (one.late_by_us() != 0 && chance(60)) {
    if (one.late_explanation().empty()) {
      command.mutable_explain_lateness()->set_order_id(order.id());
      command.mutable_explain_lateness()->set_addressee(one.number());
      command.mutable_explain_lateness()->set_text("asleep");
      act.account_id = one.accepted().account_id();
    } else {
      command.mutable_confirm_explanation()->set_order_id(order.id());
      command.mutable_confirm_explanation()->set_addressee(one.number());
      act.account_id = order.issuer_id();
    }
    return;
  }
  if (one.run().exhausted_us() != 0 && chance(30)) {
    fill(*command.mutable_close_unaccepted()).set_manual_action("went there");
    act.account_id = order.issuer_id();
    return;
  }
  const bool accepted = one.has_accepted();
  const std::uint64_t dice = pick(100);
  if (dice < 15) {
    command.mutable_observe_order()->set_order_id(order.id());
    command.mutable_observe_order()->set_seen(chance(50));
  } else if (dice < 22) {
    fill(*command.mutable_cancel_order()).set_reason("over");
    act.account_id = order.issuer_id();
  } else if (dice < 32) {
    v1::ChangeOrder& change = fill(*command.mutable_change_order());
    if (chance(70)) change.set_text(text("changed"));
    if (chance(50)) change.set_kind(v1::EDIT_KIND_CORRECTION);
    if (!change.has_text()) {
      change.set_kind(v1::EDIT_KIND_CHANGE);
      change.set_accept_by_us(now + 5 * base::us_per_s);
    }
    act.account_id = order.issuer_id();
  } else if (dice < 40) {
    fill_one(*command.mutable_delegate_order())
        .mutable_to()
        ->set_role_id(order.addressees(0).role_id() + pick(3));
  } else if (!accepted && dice < 70) {
    fill_one(*command.mutable_accept_order());
  } else if (!accepted && dice < 82) {
    fill_one(*command.mutable_return_order()).set_reason("not ours");
  } else if (!accepted) {
    fill_one(*command.mutable_escalate_order()).set_seen_rung(one.run().rung());
  } else if (dice < 60) {
    command.mutable_report_progress()->set_order_id(order.id());
    command.mutable_report_progress()->set_addressee(one.number());
  } else if (dice < 75) {
    fill_one(*command.mutable_unable_order()).set_reason("broken");
  } else {
    fill_one(*command.mutable_finish_order());
  }
}

RandomCenter::Act RandomCenter::next(const core::State& state, base::TimeUs now) {
  if (chance(16)) return about_incident(state, now);
  if (chance(8)) return about_feedback(state);
  const std::uint64_t dice = pick(100);
  if (dice < 8) return about_duty(state, now);
  if (dice < 15) return about_alarm(state, now);
  if (dice < 19) return about_warning(state, now);
  if (dice < 32) return post(state);
  if (dice < 43) return about_order(state, now);
  if (dice < 52) return edit(state);
  if (dice < 63) return about_message(state);
  if (dice < 75) return read(state);
  if (dice < 79) return deliver(state);
  if (dice < 84) return redact(state);
  if (dice < 87) return make_channel(state);
  if (dice < 90) return change_channel(state);
  if (dice < 92) return roster(state, now);
  if (dice < 96) return put_account(state, now);
  if (dice < 99) return about_token(state, now);
  return plan(now);
}

}  // namespace fenghuo::testing
