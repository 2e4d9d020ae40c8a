// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/rows.h"
#include "tests/unit/core/fixture.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace fenghuo::testing {

constexpr base::TimeUs second_us = base::us_per_s;
constexpr base::TimeUs minute_us = 60 * base::us_per_s;

// The center of CoreTest with a fire brigade that keeps watch: "anna" (primary), "dora" (deputy)
// and "lena" (leader) stand on "fire/watch"; "head" leads the brigade ("fire/head"); "chief" is the
// duty chief ("eoc/duty-chief", a command seat). The ladder "standard" asks anna at once, dora
// after 5 minutes, lena 5 minutes later, the head (a gate) 10 minutes later, and is exhausted 10
// minutes after that; it tells the exhausted every 2 minutes.
class OrderStory : public CoreTest {
 protected:
  OrderStory() { apply(watch_plan()); }

  static v1::Plan watch_plan() {
    v1::Plan plan;
    plan.set_center_id("test");
    plan.mutable_name()->set_en("Test center");
    plan.set_zone("Asia/Shanghai");
    role(plan, "eoc/duty-chief", "eoc").set_command_seat(true);
    role(plan, "fire/watch", "fire").add_phones()->set_number("119");
    role(plan, "fire/head", "fire");
    role(plan, "water/watch", "water");
    stand(plan, "chief", "eoc/duty-chief", v1::Appointment::STANDING_PRIMARY);
    plan.mutable_accounts(0)->add_appointments()->set_role("eoc/chief");
    stand(plan, "anna", "fire/watch", v1::Appointment::STANDING_PRIMARY);
    stand(plan, "dora", "fire/watch", v1::Appointment::STANDING_DEPUTY);
    stand(plan, "lena", "fire/watch", v1::Appointment::STANDING_LEADER);
    stand(plan, "head", "fire/head", v1::Appointment::STANDING_PRIMARY);
    stand(plan, "wang", "water/watch", v1::Appointment::STANDING_PRIMARY);
    for (auto& account : *plan.mutable_accounts()) account.add_phones()->set_number("139");
    v1::Configuration& rules = *plan.mutable_configuration();
    rules.set_duty_chief("eoc/duty-chief");
    rules.set_sign_within_us(60 * minute_us);
    *rules.add_ladders() = standard();
    return plan;
  }

  static v1::Ladder standard() {
    v1::Ladder ladder;
    ladder.set_key("standard");
    ladder.add_precedences(v1::PRECEDENCE_ROUTINE);
    ladder.add_precedences(v1::PRECEDENCE_IMMEDIATE);
    ladder.set_exhausted_repeat_us(2 * minute_us);
    ladder.set_gate_wait_us(3 * minute_us);
    ladder.set_last_wait_us(10 * minute_us);
    ladder.set_undelivered_us(20 * second_us);
    ladder.set_no_progress_us(30 * minute_us);
    ladder.set_no_progress_issuer_us(5 * minute_us);
    rung(ladder, 0).add_targets()->set_standing(v1::Appointment::STANDING_PRIMARY);
    rung(ladder, 5).add_targets()->set_standing(v1::Appointment::STANDING_DEPUTY);
    rung(ladder, 5).add_targets()->set_standing(v1::Appointment::STANDING_LEADER);
    v1::Rung& gate = rung(ladder, 10);
    gate.add_targets()->set_department_role("head");
    gate.set_gate(true);
    return ladder;
  }
  static v1::Rung& rung(v1::Ladder& ladder, int after_minutes) {
    v1::Rung& one = *ladder.add_rungs();
    one.set_after_us(after_minutes * minute_us);
    one.add_means(v1::MEANS_IN_APP);
    one.add_means(v1::MEANS_CALL);
    return one;
  }
  static void stand(v1::Plan& plan, const char* key, const char* role_key,
                    v1::Appointment::Standing standing) {
    v1::PlanAccount& one = account(plan, key, {role_key});
    one.mutable_appointments(0)->set_standing(standing);
  }
  void apply(const v1::Plan& plan) {
    v1::Command command;
    *command.mutable_apply_plan()->mutable_plan() = plan;
    const auto done = center.submit(0, command);
    FENGHUO_CHECK(done.has_value());
  }
  // The configuration with another ladder, for orders raised from now on.
  void use(const v1::Ladder& ladder) {
    v1::Plan plan = watch_plan();
    *plan.mutable_configuration()->mutable_ladders(0) = ladder;
    apply(plan);
  }

  // --- Commands ---
  v1::Command raise(std::initializer_list<const char*> roles,
                    v1::Order::Kind kind = v1::Order::KIND_TASK) const {
    v1::Command command;
    v1::RaiseOrder& one = *command.mutable_raise_order();
    one.set_channel_id(room("eoc"));
    one.set_text("Close valve 3 at the plant");
    one.set_kind(kind);
    for (const char* key : roles) one.add_to()->set_role_id(post_of(key));
    return command;
  }
  // The chief's order; its id.
  base::EntityId raised(const v1::Command& command) {
    const auto done = does("chief", command);
    FENGHUO_CHECK(done.has_value());
    return done->id();
  }
  base::EntityId raised(std::initializer_list<const char*> roles) { return raised(raise(roles)); }

  const v1::Order& order(base::EntityId id) const { return *center.state().rows().orders.find(id); }
  const v1::Addressee& addressee(base::EntityId id, int number = 1) const {
    return order(id).addressees(number - 1);
  }
  const v1::Run& run(base::EntityId id, int number = 1) const {
    return addressee(id, number).run();
  }
  const v1::Step& last_step(base::EntityId id, int number = 1) const {
    return *run(id, number).steps().rbegin();
  }
  // "anna", "dora head", "" for nobody: whom the last rung asked.
  std::string asked(base::EntityId id, int number = 1) const {
    std::string names;
    for (const v1::Holder& one : last_step(id, number).holders()) {
      if (!names.empty()) names += " ";
      names += one.account_id() != 0 ? center.state().account(one.account_id())->key() : "contact";
    }
    return names;
  }

  v1::Command accept(base::EntityId id, std::uint32_t number = 0) const {
    v1::Command command;
    command.mutable_accept_order()->set_order_id(id);
    command.mutable_accept_order()->set_addressee(number);
    command.mutable_accept_order()->set_seen_revision(order(id).revision());
    return command;
  }
  v1::Command give_back(base::EntityId id, const std::string& reason = "not ours") const {
    v1::Command command;
    command.mutable_return_order()->set_order_id(id);
    command.mutable_return_order()->set_reason(reason);
    command.mutable_return_order()->set_seen_revision(order(id).revision());
    return command;
  }
  v1::Command finish(base::EntityId id) const {
    v1::Command command;
    command.mutable_finish_order()->set_order_id(id);
    command.mutable_finish_order()->set_seen_revision(order(id).revision());
    return command;
  }
  v1::Command unable(base::EntityId id) const {
    v1::Command command;
    command.mutable_unable_order()->set_order_id(id);
    command.mutable_unable_order()->set_reason("the pump is broken");
    command.mutable_unable_order()->set_seen_revision(order(id).revision());
    return command;
  }
  static v1::Command progress(base::EntityId id) {
    v1::Command command;
    command.mutable_report_progress()->set_order_id(id);
    command.mutable_report_progress()->set_text("still at it");
    return command;
  }
  v1::Command cancel(base::EntityId id) const {
    v1::Command command;
    command.mutable_cancel_order()->set_order_id(id);
    command.mutable_cancel_order()->set_reason("false alarm");
    command.mutable_cancel_order()->set_seen_revision(order(id).revision());
    return command;
  }
  static v1::Command observe(base::EntityId id, bool seen) {
    v1::Command command;
    command.mutable_observe_order()->set_order_id(id);
    command.mutable_observe_order()->set_seen(seen);
    return command;
  }
  static v1::Command gate(base::EntityId id, bool open, std::uint32_t rung = 3) {
    v1::Command command;
    command.mutable_answer_gate()->set_order_id(id);
    command.mutable_answer_gate()->set_seen_rung(rung);
    command.mutable_answer_gate()->set_open(open);
    command.mutable_answer_gate()->set_reason("I know the head is abroad");
    return command;
  }
  // The standing of fire/watch is another's from now for an hour; "" = explicitly vacant.
  v1::Command override_watch(v1::Appointment::Standing standing, std::string_view account) const {
    v1::Command command;
    v1::DutyOverride& one = *command.mutable_put_override()->mutable_override();
    one.set_role_id(post_of("fire/watch"));
    one.mutable_holder()->set_standing(standing);
    if (account.empty()) {
      one.mutable_holder()->set_vacant("ill");
    } else {
      one.mutable_holder()->set_account_id(who(account));
    }
    one.set_start_us(center.now());
    one.set_end_us(center.now() + 60 * minute_us);
    one.set_reason("ill");
    return command;
  }
  template <typename T>
  std::size_t open_rows(const core::Table<T>& table) const {
    std::size_t count = 0;
    for (const auto& entry : table) count += is_closed(*entry.row) ? 0 : 1;
    return count;
  }
  static bool is_closed(const v1::CallItem& item) { return item.closed(); }
  const v1::CallItem& last_call() const {
    return **(&center.state().rows().call_items.end()[-1].row);
  }
};

}  // namespace fenghuo::testing
