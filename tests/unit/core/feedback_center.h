// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/sha256.h"
#include "hub/core/listing.h"
#include "hub/core/rows.h"
#include "tests/unit/core/incident_center.h"

#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::testing {

// The center of IncidentTest with rules for feedback: the first answer within 4 h, at level III 2
// h, in danger to life 5 min; what endangers life becomes an order to "eoc/mayor" (mayor) in
// "liaisons"; closed 3 days after it was decided; asked for a week. The bot "hotline"
// ("eoc/hotline") may open for the public, the bot "sensor" may not.
class FeedbackTest : public IncidentTest {
 protected:
  static constexpr base::TimeUs day = 24 * hour;

  FeedbackTest() { apply(feedback_plan()); }

  static v1::Plan feedback_plan() {
    v1::Plan all = plan_with_rules();
    grant(role(all, "eoc/hotline", "eoc"), v1::Grant::VERB_FEEDBACK);
    account(all, "hotline", {"eoc/hotline"}).set_kind(v1::Account::KIND_BOT);
    v1::FeedbackRules& rules = *all.mutable_configuration()->mutable_feedback();
    add_answer(rules, v1::LEVEL_UNSPECIFIED, v1::FEEDBACK_SEVERITY_LIFE, 5 * minute);
    add_answer(rules, v1::LEVEL_III, v1::FEEDBACK_SEVERITY_UNSPECIFIED, 2 * hour);
    add_answer(rules, v1::LEVEL_UNSPECIFIED, v1::FEEDBACK_SEVERITY_UNSPECIFIED, 4 * hour);
    rules.mutable_urgent()->set_channel("liaisons");
    rules.mutable_urgent()->add_roles("eoc/mayor");
    rules.mutable_urgent()->set_ladder("quick");
    rules.mutable_urgent()->mutable_text()->set_zh_hans("生命危险");
    rules.set_close_after_us(3 * day);
    rules.set_ask_for_us(7 * day);
    return all;
  }
  static void add_answer(v1::FeedbackRules& rules, v1::Level level, v1::FeedbackSeverity severity,
                         base::TimeUs within) {
    v1::FeedbackRules::Answer& one = *rules.add_answers();
    one.set_level(level);
    one.set_severity(severity);
    one.set_within_us(within);
  }
  void apply(const v1::Plan& plan) {
    v1::Command command;
    *command.mutable_apply_plan()->mutable_plan() = plan;
    FENGHUO_CHECK(center.submit(0, command).has_value());
  }

  static v1::Command open(v1::FeedbackSeverity severity = v1::FEEDBACK_SEVERITY_ROUTINE,
                          const std::string& text = "radio dead zone behind the tank farm") {
    v1::Command command;
    v1::OpenFeedback& one = *command.mutable_open_feedback();
    one.set_kind(v1::FEEDBACK_KIND_PROBLEM);
    one.set_severity(severity);
    one.set_text(text);
    return command;
  }
  static v1::Command open_about_incident(base::EntityId incident_id) {
    v1::Command command = open();
    command.mutable_open_feedback()->mutable_subject()->set_incident_id(incident_id);
    return command;
  }
  // Without a name; the code is 16 times this letter.
  static v1::Command open_unnamed(char code,
                                  v1::FeedbackSeverity severity = v1::FEEDBACK_SEVERITY_ROUTINE) {
    v1::Command command = open(severity, "the chief sleeps at his desk");
    command.mutable_open_feedback()->set_receipt_hash(
        base::to_bytes(base::sha256({std::string(16, code)})));
    return command;
  }
  static v1::Command open_for_public(std::uint32_t similar = 0) {
    v1::Command command = open(v1::FEEDBACK_SEVERITY_ROUTINE, "shelter 2 lacks water");
    command.mutable_open_feedback()->set_from_public(true);
    command.mutable_open_feedback()->set_similar(similar);
    command.mutable_open_feedback()->mutable_caller()->set_number("13900000000");
    return command;
  }
  // Opened by the account; its id.
  base::EntityId opened(std::string_view account, const v1::Command& command) {
    const auto done = does(account, command);
    FENGHUO_CHECK(done.has_value());
    return done->id();
  }
  base::EntityId opened(std::string_view account) { return opened(account, open()); }

  const v1::Feedback& thread(base::EntityId id) const {
    return *center.state().rows().feedbacks.find(id);
  }
  template <typename T>
  T& about(T& command, base::EntityId id) const {
    command.set_feedback_id(id);
    command.set_seen_revision(thread(id).revision());
    return command;
  }
  v1::Command triage(base::EntityId id, std::string_view role_key = "fire/liaison") const {
    v1::Command command;
    about(*command.mutable_triage_feedback(), id).set_owner_role_id(post_of(role_key));
    return command;
  }
  v1::Command reply(base::EntityId id,
                    const std::string& text = "a relay car is on its way") const {
    v1::Command command;
    about(*command.mutable_reply_feedback(), id).set_text(text);
    return command;
  }
  v1::Command adopt(base::EntityId id, const std::string& change = "two relay cars from now on",
                    base::EntityId order_id = 0) const {
    v1::Command command;
    about(*command.mutable_adopt_feedback(), id).set_change(change);
    command.mutable_adopt_feedback()->set_order_id(order_id);
    return command;
  }
  v1::Command decline(base::EntityId id, const std::string& reason = "no car is left") const {
    v1::Command command;
    about(*command.mutable_decline_feedback(), id).set_reason(reason);
    return command;
  }
  v1::Command close(base::EntityId id) const {
    v1::Command command;
    about(*command.mutable_close_feedback(), id);
    return command;
  }
  v1::Command merge(base::EntityId id, base::EntityId into_id) const {
    v1::Command command;
    about(*command.mutable_merge_feedback(), id).set_into_id(into_id);
    return command;
  }
  // Triaged to fang and answered by him.
  void answer(base::EntityId id) {
    FENGHUO_CHECK(does("chief", triage(id)).has_value());
    FENGHUO_CHECK(does("fang", reply(id)).has_value());
  }

  // Whether it is in the account's snapshot.
  bool sees(std::string_view account, base::EntityId id) const {
    const v1::Snapshot all = core::snapshot_for(center.state(), who(account));
    for (const v1::Feedback& one : all.feedbacks()) {
      if (one.id() == id) return true;
    }
    return false;
  }
  // The words the account may read, entry by entry with "|" between; "-" = sees no such thread.
  std::string words(const std::optional<core::FeedbackRef>& ref) const {
    if (!ref) return "-";
    std::string text;
    for (std::size_t i = 0; i < ref->texts.size(); ++i) {
      if (i != 0) text += "|";
      if (ref->texts[i] != 0) text += center.decoded(ref->texts[i]).body->text();
    }
    return text;
  }
  std::string words_for(std::string_view account, base::EntityId id) const {
    return words(core::feedback_for(center.state(), who(account), id));
  }
  // Events of this kind, in order.
  std::vector<CoreCenter::Decoded> events(v1::Event::KindCase kind) const {
    std::vector<CoreCenter::Decoded> found;
    for (const CoreCenter::Stored& stored : center.log()) {
      CoreCenter::Decoded one = CoreCenter::decode(stored);
      if (one.event.kind_case() == kind) found.push_back(std::move(one));
    }
    return found;
  }
  // Asks that have not ended, as keys of accounts in order of account.
  std::string asked() const {
    std::string keys;
    for (const auto& entry : center.state().rows().feedback_asks) {
      if (entry.row->ended()) continue;
      if (!keys.empty()) keys += " ";
      keys += center.state().account(entry.row->account_id())->key();
    }
    return keys;
  }
};

}  // namespace fenghuo::testing
