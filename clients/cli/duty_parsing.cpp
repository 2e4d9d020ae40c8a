// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/duty_verbs.h"
#include "clients/cli/order_parsing.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace fenghuo::cli {
namespace {

void add_standing(CLI::App& verb, std::string& standing) {
  verb.add_option("--standing", standing, "Which post of the role")
      ->check(one_of(standings))
      ->capture_default_str();
}

void add_handover(CLI::App& group, Chosen& chosen) {
  auto handover = std::make_shared<HandoverArguments>();
  auto* verb =
      add_verb(group, "handover", "交班: offer a duty; it stays yours until it is accepted",
               "fenghuo duty handover eoc/duty-chief --to zhou.wei --note 三号罐区仍在监测");
  verb->add_option("role", handover->role, "Key of the role")->required();
  verb->add_option("--to", handover->to, "Account of the incoming")->required();
  add_standing(*verb, handover->standing);
  verb->add_option("--at", handover->at, "When it should change; default: the end of the shift");
  verb->add_option("--note", handover->note, "What the incoming should know");
  add_signature(*verb, handover->signature);
  on_choice(*verb, chosen, handover, run_duty_handover);

  auto accept = std::make_shared<AcceptArguments>();
  verb = add_verb(group, "accept", "接班: read the live list of open items, then take all of it",
                  "fenghuo duty accept eoc/duty-chief\n"
                  "  fenghuo duty accept eoc/duty-chief --through 1234 --red 1201");
  verb->add_option("handover", accept->handover, "Role or id; default: the one offered to you");
  auto* through = verb->add_option("--through", accept->through,
                                   "Position the list was read at; without it the list is shown "
                                   "and asked about");
  verb->add_option("--red", accept->red, "Id of a red item, each by itself")
      ->allow_extra_args(false)
      ->needs(through);
  add_signature(*verb, accept->signature);
  on_choice(*verb, chosen, accept, run_duty_accept);

  auto withdraw = std::make_shared<WithdrawArguments>();
  verb = add_verb(group, "withdraw", "An offered handover is taken back",
                  "fenghuo duty withdraw eoc/duty-chief 周卫尚未到岗");
  verb->add_option("handover", withdraw->handover, "Role or id")->required();
  verb->add_option("reason", withdraw->reason, "Why")->required();
  add_signature(*verb, withdraw->signature);
  on_choice(*verb, chosen, withdraw, run_duty_withdraw);

  auto take = std::make_shared<TakeoverArguments>();
  verb = add_verb(group, "takeover",
                  "强制接管: the duty goes over without the outgoing, by order of the leader",
                  "fenghuo duty takeover water/liaison --to he.jun 主班失联");
  verb->add_option("role", take->role, "Key of the role")->required();
  verb->add_option("reason", take->reason, "Why")->required();
  verb->add_option("--to", take->to, "Account; default: yourself");
  add_standing(*verb, take->standing);
  verb->add_option("--through", take->through,
                   "Position the incoming read the list at (duty items); what came after, or all "
                   "without it, moves marked unread");
  add_signature(*verb, take->signature);
  on_choice(*verb, chosen, take, run_duty_takeover);
}

void add_override(CLI::App& group, Chosen& chosen) {
  auto override = std::make_shared<OverrideArguments>();
  auto* verb =
      add_verb(group, "override", "替班: another, or nobody, stands on the post for a while",
               "fenghuo duty override fire/liaison --to ma.li --until 08:00 病假\n"
               "  fenghuo duty override water/liaison --vacant 停航 --until +4h 台风停航");
  verb->add_option("role", override->role, "Key of the role")->required();
  verb->add_option("reason", override->reason, "Why")->required();
  auto* to = verb->add_option("--to", override->to, "Account, or contact:KEY");
  verb->add_option("--vacant", override->vacant, "Nobody stands there: what is said of it")
      ->excludes(to);
  add_standing(*verb, override->standing);
  verb->add_option("--from", override->from, "Start; default now");
  verb->add_option("--until", override->until, "End: HH:MM, YYYY-MM-DDTHH:MM or +4h")->required();
  add_signature(*verb, override->signature);
  on_choice(*verb, chosen, override, run_duty_override);

  auto cancel = std::make_shared<CancelOverrideArguments>();
  verb = add_verb(group, "cancel-override", "The roster holds again",
                  "fenghuo duty cancel-override 1042");
  verb->add_option("id", cancel->id, "Id of the override")->required();
  add_signature(*verb, cancel->signature);
  on_choice(*verb, chosen, cancel, run_duty_cancel_override);
}

void add_roll_call(CLI::App& duty, Chosen& chosen) {
  auto* group = add_group(duty, "rollcall", "点名: who can be reached now",
                          "fenghuo duty rollcall start --until +10m");
  auto start = std::make_shared<RollCallArguments>();
  auto* verb = add_verb(*group, "start", "Asks every role, or these, to prove it is there",
                        "fenghuo duty rollcall start fire/liaison health/liaison --until +10m");
  verb->add_option("roles", start->roles, "Keys of roles; default: every role");
  verb->add_option("--until", start->until, "When it ends")->capture_default_str();
  add_signature(*verb, start->signature);
  on_choice(*verb, chosen, start, run_roll_call_start);

  auto answer = std::make_shared<RollCallAnswerArguments>();
  verb = add_verb(*group, "answer", "到: this role is reached",
                  "fenghuo duty rollcall answer fire/liaison");
  verb->add_option("role", answer->role, "Key of the role")->required();
  verb->add_option("--id", answer->id, "Which roll-call; default: the newest");
  add_signature(*verb, answer->signature);
  on_choice(*verb, chosen, answer, run_roll_call_answer);

  auto show = std::make_shared<RollCallShowArguments>();
  verb = add_verb(*group, "show", "Who answered; who did not, with numbers to dial",
                  "fenghuo duty rollcall show");
  verb->add_option("id", show->id, "Which roll-call; default: the newest");
  on_choice(*verb, chosen, show, run_roll_call_show);
}

}  // namespace

void add_duty_change_verbs(CLI::App& group, Chosen& chosen) {
  auto* verb = add_verb(group, "board", "Handovers, overrides, gaps and roll-calls that are open",
                        "fenghuo duty board --json");
  on_choice(*verb, chosen, std::make_shared<BoardArguments>(), run_duty_board);
  auto items = std::make_shared<ItemsArguments>();
  verb = add_verb(group, "items", "未了事项: what a role is responsible for now",
                  "fenghuo duty items eoc/duty-chief");
  verb->add_option("role", items->role, "Key of the role")->required();
  on_choice(*verb, chosen, items, run_duty_items);
  add_handover(group, chosen);
  add_override(group, chosen);
  add_roll_call(group, chosen);
}

}  // namespace fenghuo::cli
