// SPDX-License-Identifier: Apache-2.0
#include "hub/base/sha256.h"
#include "hub/core/rows.h"
#include "tests/support/random_center.h"

namespace fenghuo::testing {
namespace {

constexpr base::TimeUs second = base::us_per_s;

template <typename T>
T& about(T& command, const v1::Feedback& row) {
  command.set_feedback_id(row.id());
  command.set_seen_revision(row.revision());
  return command;
}

}  // namespace

void RandomCenter::add_feedback_rules(v1::Plan& plan) {
  v1::FeedbackRules& rules = *plan.mutable_configuration()->mutable_feedback();
  for (const auto severity : {v1::FEEDBACK_SEVERITY_LIFE, v1::FEEDBACK_SEVERITY_UNSPECIFIED}) {
    v1::FeedbackRules::Answer& one = *rules.add_answers();
    one.set_severity(severity);
    one.set_within_us((severity == v1::FEEDBACK_SEVERITY_LIFE ? 20 : 90) * second);
  }
  rules.mutable_urgent()->set_channel(chance(80) ? "all" : "no-such-room");
  rules.mutable_urgent()->add_roles("eoc/second");
  if (chance(50)) {
    rules.mutable_overdue()->set_channel("all");
    rules.mutable_overdue()->add_roles("fire/liaison");
  }
  rules.set_close_after_us(100 * second);
  if (chance(50)) rules.set_ask_for_us(200 * second);
}

RandomCenter::Act RandomCenter::open_feedback(const core::State& state) {
  Act act;
  act.account_id = any_account(state);
  v1::OpenFeedback& one = *act.command.mutable_open_feedback();
  one.set_kind(static_cast<v1::FeedbackKind>(1 + pick(4)));
  one.set_severity(chance(15) ? v1::FEEDBACK_SEVERITY_LIFE : v1::FEEDBACK_SEVERITY_ROUTINE);
  one.set_text(text("opinion"));
  const core::State::Rows& rows = state.rows();
  const std::uint64_t dice = pick(4);
  if (dice == 0) {
    if (const auto channel = any_channel_of(state, act.account_id)) {
      one.mutable_subject()->set_channel_id(*channel);
    }
  } else if (dice == 1 && !rows.incidents.empty()) {
    const auto at = static_cast<std::ptrdiff_t>(pick(rows.incidents.size()));
    one.mutable_subject()->set_incident_id((rows.incidents.begin() + at)->id);
  } else if (dice == 2 && !rows.orders.empty()) {
    const auto at = static_cast<std::ptrdiff_t>(pick(rows.orders.size()));
    one.mutable_subject()->set_order_id((rows.orders.begin() + at)->id);
  }
  if (chance(30)) {
    // Now and then a code that was used before.
    const std::string code = "code " + std::to_string(pick(40));
    one.set_receipt_hash(base::to_bytes(base::sha256({code})));
  } else if (chance(20)) {
    act.account_id = state.account_by_key("chief")->id();
    one.set_from_public(true);
    one.set_similar(static_cast<std::uint32_t>(pick(20)));
  }
  return act;
}

RandomCenter::Act RandomCenter::about_feedback(const core::State& state) {
  const core::State::Rows& rows = state.rows();
  if (rows.feedbacks.empty() || chance(30)) return open_feedback(state);
  Act act;
  if (!rows.feedback_asks.empty() && chance(10)) {
    const auto at = static_cast<std::ptrdiff_t>(pick(rows.feedback_asks.size()));
    const v1::FeedbackAsk& ask = *(rows.feedback_asks.begin() + at)->row;
    act.account_id = ask.account_id();
    act.command.mutable_answer_feedback_ask()->set_ask_id(ask.id());
    return act;
  }
  const auto any_row = [&]() -> const v1::Feedback& {
    const auto at = static_cast<std::ptrdiff_t>(pick(rows.feedbacks.size()));
    return *(rows.feedbacks.begin() + at)->row;
  };
  const v1::Feedback& row = any_row();
  act.account_id = state.account_by_key(chance(50) ? "chief" : "second")->id();
  const std::uint64_t dice = pick(10);
  if (dice < 3) {
    const auto at = static_cast<std::ptrdiff_t>(pick(rows.roles.size()));
    v1::TriageFeedback& one = about(*act.command.mutable_triage_feedback(), row);
    one.set_owner_role_id((rows.roles.begin() + at)->id);
    if (chance(10)) one.set_severity(v1::FEEDBACK_SEVERITY_LIFE);
  } else if (dice < 6) {
    if (row.asker_id() != 0 && chance(30)) act.account_id = row.asker_id();
    about(*act.command.mutable_reply_feedback(), row).set_text(text("answer"));
  } else if (dice == 6) {
    about(*act.command.mutable_adopt_feedback(), row).set_change(text("change"));
  } else if (dice == 7) {
    about(*act.command.mutable_decline_feedback(), row).set_reason("not now");
  } else if (dice == 8) {
    about(*act.command.mutable_merge_feedback(), row).set_into_id(any_row().id());
  } else {
    act.account_id = row.asker_id();
    about(*act.command.mutable_close_feedback(), row);
  }
  return act;
}

}  // namespace fenghuo::testing
