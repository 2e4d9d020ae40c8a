// SPDX-License-Identifier: Apache-2.0
#include "hub/core/access.h"

#include "hub/core/rows.h"
#include "tests/unit/core/fixture.h"

#include <functional>
#include <map>

// Who may do what: the whole matrix, as text. A change of it is a change of the center's rules.
namespace fenghuo::testing {
namespace {

class AccessTest : public CoreTest {
 protected:
  AccessTest() {
    v1::Plan changed = plan();
    account(changed, "off", {"fire/crew"});
    auto& gone = account(changed, "gone", {});
    gone.set_kind(v1::Account::KIND_GUEST);
    gone.set_access_until_us(CoreCenter::start + 1);
    gone.add_rooms("fire");
    account(changed, "dora", {});
    account(changed, "lena", {});
    v1::Command command;
    *command.mutable_apply_plan()->mutable_plan() = changed;
    FENGHUO_CHECK(center.submit(0, command).has_value());
    v1::Command off;
    *off.mutable_put_account()->mutable_account() = *center.state().account_by_key("off");
    off.mutable_put_account()->mutable_account()->set_disabled(true);
    FENGHUO_CHECK(center.submit(0, off).has_value());
    center.advance(1);
    // An incident of the fire crew and the chief, and what was said in it.
    v1::Command create;
    create.mutable_create_channel()->set_key("smoke");
    create.mutable_create_channel()->set_kind(v1::Channel::KIND_INCIDENT);
    create.mutable_create_channel()->mutable_name()->set_en("Smoke");
    create.mutable_create_channel()->mutable_members()->add_department_ids(
        center.state().department_by_key("fire")->id());
    FENGHUO_CHECK(does("chief", create).has_value());
    v1::Command say = post("smoke", "smoke seen", v1::PRECEDENCE_IMMEDIATE);
    message = does("fang", say)->id();
    proposal = does("hub", propose_redaction(message))->id();
    v1::Command token;
    token.mutable_issue_token()->set_account_id(who("fang"));
    token.mutable_issue_token()->set_token_hash(std::string(32, 't'));
    fangs_token = does("hub", token)->id();
    set_up_orders();
    planned_shift = does("hub", far_shift())->id();
    overridden = does("hub", far_override())->id();
    prepare_duty();
    prepare_alarms();
    prepare_hub_time();
    stand("dora", v1::Appointment::STANDING_DEPUTY);
    stand("lena", v1::Appointment::STANDING_LEADER);
  }

  // The hub was away, and woke up with a clock in doubt.
  void prepare_hub_time() {
    core::Absence absence;
    absence.from_us = center.now() - base::us_per_s;
    absence.to_us = center.now();
    absence.doubt = v1::ClockDoubt::KIND_AHEAD;
    doubt = center.state().position() + 1;
    outage = doubt + 1;
    center.append(core::record_absence(absence));
  }

  // On "fire/liaison".
  void stand(const char* key, v1::Appointment::Standing standing) {
    v1::Command command = appoint(key, {"fire/liaison"});
    command.mutable_put_account()->mutable_appointments()->mutable_items(0)->set_standing(standing);
    FENGHUO_CHECK(does("hub", command).has_value());
  }

  // Fei is primary and leader of the crew; the leader's duty is offered to fang; a roll-call runs.
  void prepare_duty() {
    FENGHUO_CHECK(does("hub", appoint("fang", {"fire/liaison", "fire/crew"})).has_value());
    for (const auto standing :
         {v1::Appointment::STANDING_PRIMARY, v1::Appointment::STANDING_LEADER}) {
      v1::Command command = far_override();
      v1::DutyOverride& one = *command.mutable_put_override()->mutable_override();
      one.set_role_id(center.state().role_by_key("fire/crew")->id());
      one.mutable_holder()->set_standing(standing);
      one.set_start_us(center.now());
      FENGHUO_CHECK(does("hub", command).has_value());
    }
    handover = does("hub", handing_over(v1::Appointment::STANDING_LEADER))->id();
    v1::Command call;
    call.mutable_start_roll_call()->add_role_ids(post_of("fire/crew"));
    call.mutable_start_roll_call()->set_until_us(center.now() + base::us_per_s);
    roll_call = does("hub", call)->id();
  }
  v1::Command handing_over(v1::Appointment::Standing standing) const {
    v1::Command command;
    v1::ProposeHandover& one = *command.mutable_propose_handover();
    one.set_role_id(post_of("fire/crew"));
    one.set_standing(standing);
    one.set_to_account_id(who("fang"));
    return command;
  }

  // An open alarm, a blue warning in force and a red one that waits for "eoc/second", a call that
  // fang took.
  void prepare_alarms() {
    v1::Command command;
    *command.mutable_apply_plan()->mutable_plan() = with_a_ladder(plan());
    auto& approval = *command.mutable_apply_plan()
                          ->mutable_plan()
                          ->mutable_configuration()
                          ->mutable_warnings()
                          ->add_approvals();
    approval.set_colour(v1::Warning::COLOUR_RED);
    approval.add_roles("eoc/second");
    FENGHUO_CHECK(center.submit(0, command).has_value());
    alarm = does("sensor", alarm_report())->id();
    warning = does("chief", warn(v1::Warning::COLOUR_BLUE))->id();
    proposed_warning = does("chief", warn(v1::Warning::COLOUR_RED))->id();
    intake = does("fang", take_call())->id();
  }
  static v1::Command alarm_report() {
    v1::Command command;
    command.mutable_report_alarm()->set_source("dcs");
    command.mutable_report_alarm()->set_key("T-1");
    command.mutable_report_alarm()->set_stage(1);
    return command;
  }
  v1::Warning::Content content(v1::Warning::Colour colour) const {
    v1::Warning::Content one;
    one.set_colour(colour);
    one.set_kind("storm");
    one.set_area("the park");
    one.set_until_us(center.now() + 3'600 * base::us_per_s);
    return one;
  }
  v1::Command warn(v1::Warning::Colour colour) const {
    v1::Command command;
    *command.mutable_issue_warning()->mutable_content() = content(colour);
    return command;
  }
  v1::Command take_call() const {
    v1::Command command;
    command.mutable_take_intake()->set_channel_id(room("smoke"));
    command.mutable_take_intake()->set_content("smoke");
    command.mutable_take_intake()->set_medium(v1::OnBehalf::MEDIUM_PHONE);
    return command;
  }

  // Orders of the chief to the fire liaisons: "task", and "late", accepted late by fang; one to the
  // plant, which is dialled; and what fang said by radio.
  void set_up_orders() {
    v1::Command rules;
    *rules.mutable_apply_plan()->mutable_plan() = with_a_ladder(plan());
    ASSERT_TRUE(does("hub", rules));
    task = does("chief", raise())->id();
    v1::Command to_plant = raise();
    to_plant.mutable_raise_order()->clear_to();
    to_plant.mutable_raise_order()->add_to()->set_contact_id(
        center.state().rows().contact_keys.at("plant"));
    plant = does("chief", to_plant)->id();
    ASSERT_TRUE(does("chief", about(&v1::Command::mutable_escalate_order, plant)));
    accepted = does("chief", raise())->id();
    late = does("chief", raise())->id();
    ASSERT_TRUE(does("fang", about(&v1::Command::mutable_accept_order, accepted)));
    v1::Command spoken = about(&v1::Command::mutable_accept_order, late);
    center.advance(2 * base::us_per_s);
    spoken.mutable_on_behalf()->set_account_id(who("fang"));
    spoken.mutable_on_behalf()->set_medium(v1::OnBehalf::MEDIUM_RADIO);
    spoken.mutable_on_behalf()->set_stated_at_us(center.now());
    ASSERT_TRUE(does("hub", spoken));
    v1::Command explain;
    explain.mutable_explain_lateness()->set_order_id(late);
    explain.mutable_explain_lateness()->set_text("asleep");
    ASSERT_TRUE(does("fang", explain));
  }
  // Asks the liaisons, is late after a second, and exhausted soon.
  static v1::Plan with_a_ladder(v1::Plan plan) {
    v1::Ladder& ladder = *plan.mutable_configuration()->add_ladders();
    ladder.set_key("short");
    ladder.add_precedences(v1::PRECEDENCE_ROUTINE);
    ladder.set_accept_within_us(base::us_per_s);
    ladder.set_last_wait_us(3'600 * base::us_per_s);
    ladder.set_gate_wait_us(base::us_per_s);
    ladder.set_exhausted_repeat_us(3'600 * base::us_per_s);
    v1::Rung& first = *ladder.add_rungs();
    first.add_targets()->set_standing(v1::Appointment::STANDING_MEMBER);
    first.add_targets()->set_standing(v1::Appointment::STANDING_PRIMARY);
    return plan;
  }
  v1::Command raise() const {
    v1::Command command;
    v1::RaiseOrder& one = *command.mutable_raise_order();
    one.set_channel_id(room("smoke"));
    one.set_text("x");
    one.set_kind(v1::Order::KIND_TASK);
    one.add_to()->set_role_id(center.state().role_by_key("fire/liaison")->id());
    return command;
  }
  template <typename T>
  v1::Command about(T* (v1::Command::*kind)(), base::EntityId order_id) const {
    v1::Command command;
    (command.*kind)()->set_order_id(order_id);
    const auto* field = T::descriptor()->FindFieldByName("seen_revision");
    if (field != nullptr) {
      (command.*kind)()->GetReflection()->SetUInt64((command.*kind)(), field, 1);
    }
    return command;
  }

  v1::Command far_shift() const {
    v1::Command command;
    v1::Shift& shift = *command.mutable_put_shifts()->add_shifts();
    shift.set_role_id(center.state().role_by_key("fire/liaison")->id());
    shift.set_standing(v1::Appointment::STANDING_PRIMARY);
    shift.set_account_id(who("fang"));
    shift.set_start_us(center.now() + 3'600 * base::us_per_s);
    shift.set_end_us(center.now() + 7'200 * base::us_per_s);
    return command;
  }
  v1::Command far_override() const {
    v1::Command command;
    v1::DutyOverride& one = *command.mutable_put_override()->mutable_override();
    one.set_role_id(center.state().role_by_key("fire/liaison")->id());
    one.mutable_holder()->set_standing(v1::Appointment::STANDING_LEADER);
    one.mutable_holder()->set_account_id(who("fei"));
    one.set_start_us(center.now() + 3'600 * base::us_per_s);
    one.set_end_us(center.now() + 7'200 * base::us_per_s);
    one.set_reason("holiday");
    return command;
  }

  // One command of every kind, about things of the fire department.
  std::vector<std::pair<std::string, v1::Command>> commands() const {
    std::vector<std::pair<std::string, v1::Command>> all;
    const auto add = [&](const char* name, v1::Command command) {
      all.emplace_back(name, std::move(command));
    };
    add("post", post("smoke", "x"));
    add("post flash", post("smoke", "x", v1::PRECEDENCE_FLASH));
    add("announce", post("news", "x"));
    add("edit", edit(message, 1, v1::EDIT_KIND_CHANGE, "x"));
    add("retract", retract(message));
    add("acknowledge", acknowledge(message, 1));
    v1::Command delivered;
    delivered.mutable_mark_delivered()->add_message_ids(message);
    add("mark delivered", delivered);
    add("advance cursor", read_to("smoke", 1));
    add("propose redaction", propose_redaction(message));
    add("confirm redaction", confirm_redaction(proposal));
    v1::Command create;
    create.mutable_create_channel()->set_key("other");
    create.mutable_create_channel()->set_kind(v1::Channel::KIND_GROUP);
    create.mutable_create_channel()->mutable_name()->set_en("Other");
    add("create channel", create);
    v1::Command change;
    change.mutable_change_channel()->set_channel_id(room("smoke"));
    change.mutable_change_channel()->set_seen_revision(
        center.state().channel_by_key("smoke")->revision());
    change.mutable_change_channel()->set_topic("x");
    add("change channel", change);
    v1::Command direct;
    direct.mutable_open_direct()->add_account_ids(who("fei"));
    direct.mutable_open_direct()->add_account_ids(who("second"));
    add("open direct", direct);
    v1::Command same_plan;
    *same_plan.mutable_apply_plan()->mutable_plan() = plan();
    add("apply plan", same_plan);
    add("put account", appoint("shui", {"water/liaison", "fire/crew"}));
    v1::Command password;
    password.mutable_set_credential()->set_account_id(who("fang"));
    password.mutable_set_credential()->set_password_hash("$argon2id$x");
    add("set credential", password);
    v1::Command token;
    token.mutable_issue_token()->set_account_id(who("fang"));
    token.mutable_issue_token()->set_token_hash(std::string(32, 'u'));
    add("issue token", token);
    v1::Command revoke;
    revoke.mutable_revoke_token()->set_token_id(fangs_token);
    add("revoke token", revoke);
    v1::Command hold;
    hold.mutable_set_legal_hold()->set_channel_id(room("smoke"));
    hold.mutable_set_legal_hold()->set_held(true);
    hold.mutable_set_legal_hold()->set_reason("x");
    add("set legal hold", hold);
    v1::Command shifts;
    v1::Shift& shift = *shifts.mutable_put_shifts()->add_shifts();
    shift.set_role_id(center.state().role_by_key("fire/liaison")->id());
    shift.set_standing(v1::Appointment::STANDING_PRIMARY);
    shift.set_account_id(who("fei"));
    shift.set_start_us(center.now());
    shift.set_end_us(center.now() + base::us_per_s);
    add("put shifts", shifts);
    v1::Command no_shift;
    no_shift.mutable_cancel_shift()->set_shift_id(planned_shift);
    no_shift.mutable_cancel_shift()->set_seen_revision(planned_shift);
    add("cancel shift", no_shift);
    v1::Command override;
    v1::DutyOverride& vacant = *override.mutable_put_override()->mutable_override();
    vacant.set_role_id(shift.role_id());
    vacant.mutable_holder()->set_standing(v1::Appointment::STANDING_PRIMARY);
    vacant.mutable_holder()->set_vacant("ill");
    vacant.set_start_us(center.now());
    vacant.set_end_us(center.now() + base::us_per_s);
    vacant.set_reason("ill");
    add("put override", override);
    v1::Command no_override;
    no_override.mutable_cancel_override()->set_override_id(overridden);
    no_override.mutable_cancel_override()->set_seen_revision(overridden);
    add("cancel override", no_override);
    add_about_orders(add);
    add_duty(all);
    add_alarms(all);
    add_hub_time(all);
    return all;
  }

  template <typename Add>
  void add_about_orders(Add add) const {
    add("raise order", raise());
    add("accept order", about(&v1::Command::mutable_accept_order, task));
    v1::Command back = about(&v1::Command::mutable_return_order, task);
    back.mutable_return_order()->set_reason("x");
    add("return order", back);
    v1::Command delegate = about(&v1::Command::mutable_delegate_order, task);
    delegate.mutable_delegate_order()->mutable_to()->set_role_id(
        center.state().role_by_key("fire/crew")->id());
    add("delegate order", delegate);
    add("report progress", about(&v1::Command::mutable_report_progress, accepted));
    add("finish order", about(&v1::Command::mutable_finish_order, accepted));
    v1::Command unable = about(&v1::Command::mutable_unable_order, accepted);
    unable.mutable_unable_order()->set_reason("x");
    add("unable order", unable);
    v1::Command cancel = about(&v1::Command::mutable_cancel_order, task);
    cancel.mutable_cancel_order()->set_reason("x");
    add("cancel order", cancel);
    v1::Command change = about(&v1::Command::mutable_change_order, task);
    change.mutable_change_order()->set_text("y");
    add("change order", change);
    add("escalate order", about(&v1::Command::mutable_escalate_order, task));
    v1::Command gate = about(&v1::Command::mutable_answer_gate, task);
    gate.mutable_answer_gate()->set_open(true);
    add("answer gate", gate);
    v1::Command close = about(&v1::Command::mutable_close_unaccepted, plant);
    close.mutable_close_unaccepted()->set_manual_action("x");
    add("close unaccepted", close);
    v1::Command explain = about(&v1::Command::mutable_explain_lateness, late);
    explain.mutable_explain_lateness()->set_text("x");
    add("explain lateness", explain);
    v1::Command confirm = about(&v1::Command::mutable_confirm_explanation, late);
    confirm.mutable_confirm_explanation()->set_addressee(1);
    add("confirm explanation", confirm);
    add("observe order", about(&v1::Command::mutable_observe_order, task));
    v1::Command call;
    call.mutable_record_call_result()->set_call_item_id(
        center.state().rows().call_items.begin()->id);
    call.mutable_record_call_result()->set_kind(v1::CallItem::KIND_BUSY);
    add("record call result", call);
    v1::Command sign;
    sign.mutable_sign_spoken()->set_spoken_id(center.state().rows().spoken.begin()->id);
    add("sign spoken", sign);
    v1::Command object;
    object.mutable_object_to_spoken()->set_spoken_id(center.state().rows().spoken.begin()->id);
    object.mutable_object_to_spoken()->set_reason("x");
    add("object to spoken", object);
  }

  using Commands = std::vector<std::pair<std::string, v1::Command>>;
  void add_duty(Commands& all) const {
    all.emplace_back("propose handover", handing_over(v1::Appointment::STANDING_PRIMARY));
    v1::Command accept;
    accept.mutable_accept_handover()->set_handover_id(handover);
    accept.mutable_accept_handover()->set_seen_revision(handover);
    all.emplace_back("accept handover", accept);
    v1::Command withdraw;
    withdraw.mutable_withdraw_handover()->set_handover_id(handover);
    withdraw.mutable_withdraw_handover()->set_seen_revision(handover);
    withdraw.mutable_withdraw_handover()->set_reason("x");
    all.emplace_back("withdraw handover", withdraw);
    v1::Command take;
    take.mutable_take_over()->set_role_id(post_of("fire/crew"));
    take.mutable_take_over()->set_standing(v1::Appointment::STANDING_PRIMARY);
    take.mutable_take_over()->set_to_account_id(who("fang"));
    take.mutable_take_over()->set_reason("x");
    all.emplace_back("take over", take);
    v1::Command call;
    call.mutable_start_roll_call()->set_until_us(center.now() + base::us_per_s);
    all.emplace_back("start roll call", call);
    v1::Command answer;
    answer.mutable_answer_roll_call()->set_roll_call_id(roll_call);
    answer.mutable_answer_roll_call()->set_role_id(post_of("fire/crew"));
    all.emplace_back("answer roll call", answer);
  }
  void add_alarms(Commands& all) const {
    all.emplace_back("report alarm", alarm_report());
    v1::Command clear;
    clear.mutable_clear_alarm()->set_source("dcs");
    all.emplace_back("clear alarm", clear);
    v1::Command fault;
    fault.mutable_report_fault()->set_source("dcs");
    fault.mutable_report_fault()->add_keys("T-1");
    all.emplace_back("report fault", fault);
    v1::Command alive;
    alive.mutable_report_alive()->set_source("dcs");
    all.emplace_back("report alive", alive);
    v1::Command close;
    close.mutable_close_alarm()->set_alarm_id(alarm);
    close.mutable_close_alarm()->set_seen_revision(alarm);
    close.mutable_close_alarm()->set_reason("x");
    all.emplace_back("close alarm", close);
    all.emplace_back("issue warning", warn(v1::Warning::COLOUR_BLUE));
    v1::Command change;
    change.mutable_change_warning()->set_warning_id(warning);
    change.mutable_change_warning()->set_seen_revision(warning);
    *change.mutable_change_warning()->mutable_content() = content(v1::Warning::COLOUR_BLUE);
    all.emplace_back("change warning", change);
    v1::Command approve;
    approve.mutable_approve_warning()->set_warning_id(proposed_warning);
    approve.mutable_approve_warning()->set_seen_revision(proposed_warning);
    all.emplace_back("approve warning", approve);
    v1::Command refuse;
    refuse.mutable_refuse_warning()->set_warning_id(proposed_warning);
    refuse.mutable_refuse_warning()->set_seen_revision(proposed_warning);
    refuse.mutable_refuse_warning()->set_reason("x");
    all.emplace_back("refuse warning", refuse);
    v1::Command lift;
    lift.mutable_lift_warning()->set_warning_id(warning);
    lift.mutable_lift_warning()->set_seen_revision(warning);
    lift.mutable_lift_warning()->set_reason("x");
    all.emplace_back("lift warning", lift);
    all.emplace_back("take intake", take_call());
    v1::Command end;
    end.mutable_close_intake()->set_intake_id(intake);
    end.mutable_close_intake()->set_seen_revision(intake + 1);
    end.mutable_close_intake()->set_nothing(true);
    end.mutable_close_intake()->set_reason("x");
    all.emplace_back("close intake", end);
  }

  base::Result<core::Decision> decided(std::string_view actor, v1::Command command);
  void add_hub_time(Commands& all) const {
    v1::Command close;
    close.mutable_close_outage()->set_outage_id(outage);
    close.mutable_close_outage()->set_note("x");
    all.emplace_back("close outage", close);
    v1::Command slips;
    slips.mutable_enter_slips()->set_outage_id(outage);
    all.emplace_back("enter slips", slips);
    v1::Command accept;
    accept.mutable_accept_clock()->set_doubt_id(doubt);
    all.emplace_back("accept clock", accept);
    v1::Command doubts;
    doubts.mutable_doubt_clock()->set_kind(v1::ClockDoubt::KIND_DISAGREES);
    all.emplace_back("doubt clock", doubts);
  }

  base::EntityId message = 0;
  base::EntityId task = 0;
  base::EntityId plant = 0;
  base::EntityId accepted = 0;
  base::EntityId late = 0;
  base::EntityId proposal = 0;
  base::EntityId fangs_token = 0;
  base::EntityId planned_shift = 0;
  base::EntityId overridden = 0;
  base::EntityId handover = 0;
  base::EntityId roll_call = 0;
  base::EntityId alarm = 0;
  base::EntityId warning = 0;
  base::EntityId proposed_warning = 0;
  base::EntityId intake = 0;
  base::EntityId doubt = 0;
  base::EntityId outage = 0;
};

// Columns: the hub; "chief" with every grant, a member; "fang", the author, an
// appointee of "fire/liaison"; "dora" and "lena", its deputy and leader; "fei", another member;
// "sensor", a bot and member; "second" (REDACT) and "shui", of other departments, not members;
// "guest", who has another room; "nobody" without a role; "off", disabled; "gone", expired;
// "plant", a contact, as the chief records him. "none": as if it were not there. "never": nobody
// can do it through another.
constexpr std::string_view matrix = R"(
                    hub chief fang dora lena fei sensor second shui guest nobody off gone plant
post                yes yes yes yes yes yes yes none none none none off gone never
post flash          yes yes no no no no no none none none none off gone never
announce            yes yes no no no no no no no none no off gone never
edit                no no yes no no no no none none none none off gone never
retract             yes yes yes no no no no none none none none off gone never
acknowledge         no yes no no no yes no none none none none off gone never
mark delivered      yes yes yes yes yes yes yes yes yes yes yes off gone never
advance cursor      none yes yes yes yes yes yes none none none none off gone never
propose redaction   yes yes no no no no no none none none none off gone never
confirm redaction   same yes no no no no no none none none none off gone never
create channel      yes yes no no no no no no no no no off gone never
change channel      yes yes no no no no no none none none none off gone never
open direct         no yes yes yes yes yes yes yes yes no yes off gone never
apply plan          yes yes no no no no no no no no no off gone never
put account         yes yes no no no no no no no no no off gone never
set credential      yes yes yes no no no no no no no no off gone never
issue token         yes yes yes no no no no no no no no off gone never
revoke token        yes yes yes none none none none none none none none off gone never
set legal hold      yes yes no no no no no none none none none off gone never
put shifts          yes yes no no no no no no no no no off gone never
cancel shift        yes yes no no no no no no no no no off gone never
put override        yes yes no no no no no no no no no off gone never
cancel override     yes yes no no no no no no no no no off gone never
raise order         yes yes no no no no no none none none none off gone no
accept order        no no yes yes yes no no none none none none off gone no
return order        no no yes yes yes no no none none none none off gone no
delegate order      no no yes yes yes no no none none none none off gone no
report progress     no no yes yes yes no no none none none none off gone no
finish order        no no yes yes yes no no none none none none off gone no
unable order        no no yes yes yes no no none none none none off gone no
cancel order        yes yes no no no no no none none none none off gone no
change order        yes yes no no no no no none none none none off gone no
escalate order      yes yes yes yes yes no no none none none none off gone no
answer gate         stale no no no no no no none none none none off gone no
close unaccepted    yes yes no no no no no none none none none off gone no
explain lateness    no no yes yes yes no no none none none none off gone no
confirm explanation yes yes no no no no no none none none none off gone no
observe order       yes yes yes yes yes yes yes none none none none off gone never
record call result  yes none none none none none none none none none none off gone never
sign spoken         no none yes none none none none none none none none off gone never
object to spoken    no none yes none none none none none none none none off gone never
propose handover    yes no no no no yes no no no no no off gone never
accept handover     no no yes no no no no no no no no off gone never
withdraw handover   yes no no no no yes no no no no no off gone never
take over           yes no no no no yes no no no no no off gone never
start roll call     yes no no no no no no no no no no off gone never
answer roll call    yes no no no no yes no no no no no off gone never
report alarm        yes no no no no no yes no no no no off gone never
clear alarm         yes no no no no no yes no no no no off gone never
report fault        yes no no no no no yes no no no no off gone never
report alive        yes no no no no no yes no no no no off gone never
close alarm         yes none none none none none none none none none none off gone never
issue warning       yes yes no no no no no no no no no off gone never
change warning      yes yes no no no no no no no no no off gone never
approve warning     no no no no no no no yes no none no off gone no
refuse warning      no yes no no no no no yes no none no off gone no
lift warning        yes yes no no no no no no no no no off gone never
take intake         yes yes yes yes yes yes yes none none none none off gone never
close intake        yes no yes no no no no none none none none off gone never
close outage        yes no no no no no no no no none no off gone never
enter slips         no no no no no no no no no none no off gone never
accept clock        yes no no no no no no no no none no off gone never
doubt clock         yes no no no no no no no no no no off gone never
)";

std::string word(const base::Result<core::Decision>& decision) {
  if (decision) return "yes";
  const v1::ErrorCode code = decision.error().code();
  if (code == v1::ERROR_CODE_FORBIDDEN) return "no";
  if (code == v1::ERROR_CODE_NOT_FOUND) return "none";
  if (code == v1::ERROR_CODE_SAME_PERSON) return "same";
  if (code == v1::ERROR_CODE_STALE_REVISION) return "stale";
  if (code == v1::ERROR_CODE_ACCOUNT_DISABLED) return "off";
  if (code == v1::ERROR_CODE_ACCESS_EXPIRED) return "gone";
  // Of what is done, never of what is said.
  if (decision.error().field() == "on_behalf") return "never";
  return decision.error().to_string();
}

// "plant": the chief records what the contact said by telephone.
base::Result<core::Decision> AccessTest::decided(std::string_view actor, v1::Command command) {
  base::EntityId id = actor == "hub" ? 0 : who(actor == "plant" ? "chief" : actor);
  if (actor == "plant") {
    v1::OnBehalf& said = *command.mutable_on_behalf();
    said.set_contact_id(center.state().rows().contact_keys.at("plant"));
    said.set_medium(v1::OnBehalf::MEDIUM_PHONE);
    said.set_stated_at_us(center.now());
  }
  return core::decide(center.state(), center.envelope(id, std::move(command)), center.now());
}

TEST_F(AccessTest, TheMatrix) {
  constexpr const char* actors[] = {"hub",    "chief", "fang",  "dora",   "lena", "fei",  "sensor",
                                    "second", "shui",  "guest", "nobody", "off",  "gone", "plant"};
  std::string text = "\n" + std::string(19, ' ');
  for (const char* actor : actors) text += std::string(" ") + actor;
  text += "\n";
  for (const auto& [name, command] : commands()) {
    text += name + std::string(19 - name.size(), ' ');
    for (const char* actor : actors) {
      text += " " + word(decided(actor, command));
    }
    text += "\n";
  }
  EXPECT_EQ(text, matrix);
}

TEST_F(AccessTest, EveryKindOfCommandIsInTheMatrix) {
  const auto* oneof = v1::Command::descriptor()->FindOneofByName("kind");
  std::map<int, int> seen;
  for (const auto& [name, command] : commands()) ++seen[command.kind_case()];
  for (int i = 0; i < oneof->field_count(); ++i) {
    // Incidents and feedback have matrices of their own: incident_ and feedback_access_test.cpp.
    if (oneof->field(i)->number() / 10 >= 15 && oneof->field(i)->number() / 10 < 21) continue;
    EXPECT_TRUE(seen.contains(oneof->field(i)->number())) << oneof->field(i)->name();
  }
}

TEST_F(AccessTest, AStrangerAndAnUnknownKindAreRefused) {
  EXPECT_THAT(
      core::decide(center.state(), center.envelope(999'999, post("fire", "x")), center.now()),
      IsRefused(v1::ERROR_CODE_UNAUTHENTICATED));
  EXPECT_THAT(does("chief", v1::Command()), IsRefused(v1::ERROR_CODE_UNKNOWN_KIND));
}

TEST_F(AccessTest, AGrantReachesItsScopeUnderItsCondition) {
  v1::Plan changed = plan();
  auto& tester = role(changed, "fire/tester", "fire");
  const auto add = [&](v1::Grant::Verb verb, v1::Grant::Scope scope,
                       v1::Grant::Condition condition) {
    v1::Grant& grant = *tester.add_grants();
    grant.set_verb(verb);
    grant.set_scope(scope);
    grant.set_condition(condition);
  };
  add(v1::Grant::VERB_MODERATE, v1::Grant::SCOPE_DEPARTMENT, v1::Grant::CONDITION_APPOINTED);
  add(v1::Grant::VERB_FLASH, v1::Grant::SCOPE_CENTER, v1::Grant::CONDITION_ON_DUTY);
  add(v1::Grant::VERB_REDACT, v1::Grant::SCOPE_CENTER, v1::Grant::CONDITION_NOT_PROPOSER);
  add(v1::Grant::VERB_MANAGE_CHANNELS, v1::Grant::SCOPE_CENTER, v1::Grant::CONDITION_OWNER);
  auto& north = *changed.add_departments();
  north.set_key("fire/north");
  north.mutable_name()->set_en("North");
  north.set_parent("fire");
  account(changed, "tess", {"fire/tester"});
  v1::Command command;
  *command.mutable_apply_plan()->mutable_plan() = changed;
  ASSERT_TRUE(center.submit(0, command));
  const auto may = [&](v1::Grant::Verb verb, const core::Object& object) {
    return core::allows(center.state(), who("tess"), verb, object);
  };
  const auto department = [&](const char* key) {
    return core::Object{.department_id = center.state().department_by_key(key)->id()};
  };
  EXPECT_TRUE(may(v1::Grant::VERB_MODERATE, department("fire")).allowed);
  EXPECT_TRUE(may(v1::Grant::VERB_MODERATE, department("fire/north")).allowed);
  EXPECT_EQ(may(v1::Grant::VERB_MODERATE, department("water")).reason,
            "the grant covers another department");
  EXPECT_FALSE(may(v1::Grant::VERB_MODERATE, {}).allowed);
  EXPECT_EQ(may(v1::Grant::VERB_FLASH, {}).reason, "only while on duty");
  EXPECT_TRUE(may(v1::Grant::VERB_REDACT, {.proposer_id = who("chief")}).allowed);
  EXPECT_FALSE(may(v1::Grant::VERB_REDACT, {.proposer_id = who("tess")}).allowed);
  EXPECT_TRUE(may(v1::Grant::VERB_MANAGE_CHANNELS, {.owner_id = who("tess")}).allowed);
  EXPECT_EQ(may(v1::Grant::VERB_MANAGE_CHANNELS, {.owner_id = who("chief")}).reason,
            "only for its owner");
  EXPECT_EQ(may(v1::Grant::VERB_AUDIT, {}).reason, "no role grants it");
  ASSERT_TRUE(does("hub", appoint("tess", {})));
  EXPECT_FALSE(may(v1::Grant::VERB_MODERATE, department("fire")).allowed) << "the role is given up";
}

TEST_F(AccessTest, ADirectChannelIsOpenedOnceForItsPeople) {
  v1::Command open;
  open.mutable_open_direct()->add_account_ids(who("fei"));
  const auto first = does("fang", open);
  ASSERT_TRUE(first);
  v1::Command back;
  back.mutable_open_direct()->add_account_ids(who("fang"));
  const auto again = does("fei", back);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id(), first->id());
  EXPECT_EQ(center.state().members(first->id()).size(), 2u);
  v1::Command alone;
  alone.mutable_open_direct()->add_account_ids(who("fang"));
  EXPECT_THAT(does("fang", alone), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
  v1::Command with_guest;
  with_guest.mutable_open_direct()->add_account_ids(who("guest"));
  EXPECT_THAT(does("fang", with_guest), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

TEST_F(AccessTest, AChannelIsChangedByWhoSawItsCurrentRevision) {
  v1::Command change;
  auto& one = *change.mutable_change_channel();
  one.set_channel_id(room("smoke"));
  one.set_seen_revision(1);
  one.set_topic("wind turns");
  const auto stale = does("chief", change);
  ASSERT_THAT(stale, IsRefused(v1::ERROR_CODE_STALE_REVISION));
  one.set_seen_revision(std::stoull(stale.error().params().front().second));
  EXPECT_TRUE(does("chief", change));
  EXPECT_EQ(center.state().channel_by_key("smoke")->topic(), "wind turns");
  v1::Command planned;
  planned.mutable_change_channel()->set_channel_id(room("eoc"));
  planned.mutable_change_channel()->set_seen_revision(
      center.state().channel_by_key("eoc")->revision());
  planned.mutable_change_channel()->set_topic("x");
  EXPECT_TRUE(does("chief", planned)) << "a group of the plan is a group";
  planned.mutable_change_channel()->set_channel_id(room("news"));
  planned.mutable_change_channel()->set_seen_revision(
      center.state().channel_by_key("news")->revision());
  EXPECT_THAT(does("chief", planned), IsRefused(v1::ERROR_CODE_BAD_ARGUMENT));
}

}  // namespace
}  // namespace fenghuo::testing
