// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/order_parsing.h"

#include "clients/cli/figures_verbs.h"
#include "clients/cli/order_verbs.h"
#include "clients/cli/order_wording.h"
#include "clients/cli/parsing.h"
#include "clients/cli/terms.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace fenghuo::cli {
namespace {

void add_raise(CLI::App& group, Chosen& chosen) {
  auto raise = std::make_shared<RaiseArguments>();
  auto* verb = add_verb(group, "raise", "下达: ask roles, and climb until somebody takes it",
                        "fenghuo order raise ops-watch 立即关闭下游取水口 --to water/liaison "
                        "--precedence immediate");
  verb->add_option("channel", raise->channel, "Key or id of the channel it is posted in")
      ->required();
  verb->add_option("text", raise->words, "What is asked")->required();
  verb->add_option("--to", raise->to, "A role, or contact:KEY; may be given again")
      ->allow_extra_args(false)
      ->required();
  verb->add_flag("--notice", raise->notice, "Ends with accept; otherwise a task, ends with done");
  verb->add_option("--precedence", raise->precedence, "routine, priority, immediate or flash")
      ->check(one_of(precedences))
      ->capture_default_str();
  verb->add_option("--incident", raise->incident, "Number (I-7) or id of the incident it is for");
  verb->add_option("--ladder", raise->ladder, "Key of a ladder; default: by the precedence");
  verb->add_option("--accept-within", raise->accept_within_s, "Seconds; default: the ladder's");
  verb->add_option("--done-within", raise->done_within_s, "Seconds; default: no limit");
  auto* any = verb->add_flag("--any", raise->any, "One of the addressees is enough");
  verb->add_option("--at-least", raise->at_least, "So many of the addressees are enough")
      ->excludes(any);
  add_signature(*verb, raise->signature);
  verb->callback([&chosen, raise] {
    chosen = [raise](const Setting& setting) { return run_order_raise(setting, *raise); };
  });
}

void add_change(CLI::App& group, Chosen& chosen) {
  auto change = std::make_shared<ChangeArguments>();
  auto* verb = add_verb(group, "change", "变更: everybody is asked again; 更正 with --correction",
                        "fenghuo order change A-7 改为关闭上游取水口\n"
                        "  fenghuo order change A-7 --add health/liaison");
  verb->add_option("order", change->order, "Number (A-7) or id")->required();
  verb->add_option("text", change->words, "The new text; default: as it was");
  verb->add_option("--accept-by", change->accept_by, "Accepted by: HH:MM or +10m");
  verb->add_option("--done-by", change->done_by, "Done by: HH:MM or +2h");
  verb->add_option("--add", change->add, "A further role, or contact:KEY")->allow_extra_args(false);
  verb->add_flag("--correction", change->correction, "更正: acceptances stay");
  add_signature(*verb, change->signature);
  on_choice(*verb, chosen, change, run_order_change);
}

struct ActVerb {
  OrderAct act;
  const char* name;
  const char* what;
  const char* example;
  bool needs_text;
};

constexpr ActVerb acts[] = {
    {OrderAct::Accept, "accept", "签收: take it; the ladder stops", "fenghuo order accept A-7",
     false},
    {OrderAct::Return, "return", "退回: not ours; the ladder moves on at once",
     "fenghuo order return A-7 不属本辖区", true},
    {OrderAct::Delegate, "delegate", "转办: another role is asked; this one watches",
     "fenghuo order delegate A-7 --to fire/dispatch", false},
    {OrderAct::Progress, "progress", "反馈: still at it", "fenghuo order progress A-7 已到现场",
     false},
    {OrderAct::Done, "done", "办结", "fenghuo order done A-7 闸门已关", false},
    {OrderAct::Unable, "unable", "无法完成, and why", "fenghuo order unable A-7 泵站断电", true},
    {OrderAct::Cancel, "cancel", "撤销, by its issuer", "fenghuo order cancel A-7 误报", true},
    {OrderAct::Escalate, "escalate", "The next rung now, by hand",
     "fenghuo order escalate A-7 电话无人接", true},
    {OrderAct::OpenGate, "open-gate", "放行: the ladder may leave the organisation",
     "fenghuo order open-gate A-7", false},
    {OrderAct::HoldGate, "hold-gate", "不放行, and why",
     "fenghuo order hold-gate A-7 先由本单位处置", true},
    {OrderAct::ExplainLate, "explain-late", "Why it was accepted late",
     "fenghuo order explain-late A-7 电台故障", true},
    {OrderAct::ConfirmLate, "confirm-late", "The issuer takes the explanation",
     "fenghuo order confirm-late A-7", false},
    {OrderAct::Close, "close", "An order nobody took: what was done instead",
     "fenghuo order close A-7 已派车通知泵站", true},
};

void add_act(CLI::App& group, const ActVerb& one, Chosen& chosen) {
  auto answer = std::make_shared<AnswerArguments>();
  auto* verb = add_verb(group, one.name, one.what, one.example);
  verb->add_option("order", answer->order, "Number (A-7) or id")->required();
  auto* text = verb->add_option("text", answer->words, "In words");
  if (one.needs_text) text->required();
  verb->add_option("--addressee", answer->addressee, "For which addressee, when several are yours");
  if (one.act == OrderAct::Delegate) {
    verb->add_option("--to", answer->to, "The role that is asked now")->required();
  }
  add_signature(*verb, answer->signature);
  verb->callback([&chosen, answer, act = one.act] {
    chosen = [answer, act](const Setting& setting) {
      return run_order_answer(setting, act, *answer);
    };
  });
}

}  // namespace

void add_order_verbs(CLI::App& app, Chosen& chosen) {
  auto* group =
      add_group(app, "order", "指令: raise, answer and follow orders", "fenghuo order list");
  add_raise(*group, chosen);
  add_change(*group, chosen);
  for (const ActVerb& one : acts) add_act(*group, one, chosen);
  auto all = std::make_shared<bool>(false);
  auto* verb = add_verb(*group, "list", "Open orders you may see, strongest first",
                        "fenghuo order list --all --json");
  verb->add_flag("--all", *all, "Ended ones too, newest first");
  verb->callback([&chosen, all] {
    chosen = [all](const Setting& setting) { return run_order_list(setting, *all); };
  });
  auto order = std::make_shared<std::string>();
  verb = add_verb(*group, "show", "One order with its addressees", "fenghuo order show A-7");
  verb->add_option("order", *order, "Number (A-7) or id")->required();
  verb->callback([&chosen, order] {
    chosen = [order](const Setting& setting) { return run_order_show(setting, *order); };
  });
  auto explain = std::make_shared<ExplainArguments>();
  verb = add_verb(*group, "explain", "通知依据: who was told when and by which row, or why not",
                  "fenghuo order explain A-7 --account zhang.qiming");
  verb->add_option("order", explain->order, "Number (A-7) or id")->required();
  auto* account = verb->add_option("--account", explain->account, "Only this person");
  verb->add_option("--role", explain->role, "Only this role")->excludes(account);
  on_choice(*verb, chosen, explain, run_explain);
}

void add_call_desk_verbs(CLI::App& app, Chosen& chosen) {
  auto* group = add_group(app, "call-desk", "电话席: whom to dial now", "fenghuo call-desk list");
  auto* verb = add_verb(*group, "list", "Whom to dial now, with numbers", "fenghuo call-desk list");
  verb->callback([&chosen] { chosen = run_call_desk_list; });
  auto result = std::make_shared<CallResultArguments>();
  verb = add_verb(*group, "result", "What came of a call; accepted counts as the acceptance",
                  "fenghuo call-desk result 1042 no-answer");
  verb->add_option("item", result->item, "Id of the call")->required();
  verb->add_option("result", result->result, "What came of it")
      ->required()
      ->check(CLI::IsMember(call_result_words()));
  verb->add_option("--note", result->note, "In words");
  verb->add_option("--order", result->order, "Number of the order, when the call is about several");
  verb->callback([&chosen, result] {
    chosen = [result](const Setting& setting) { return run_call_desk_result(setting, *result); };
  });
}

void add_duty_verbs(CLI::App& app, Chosen& chosen) {
  auto* group = add_group(app, "duty", "值班: who stands on which role", "fenghuo duty show");
  auto role = std::make_shared<std::string>();
  auto at = std::make_shared<std::string>();
  auto* verb = add_verb(*group, "show", "Who stands on the roles, with numbers",
                        "fenghuo duty show water/liaison --at 20:00");
  verb->add_option("role", *role, "Only this role");
  verb->add_option("--at", *at, "HH:MM or YYYY-MM-DDTHH:MM, as planned so far; default now");
  verb->callback([&chosen, role, at] {
    chosen = [=](const Setting& setting) { return run_duty_show(setting, *role, *at); };
  });
  add_roster_verbs(*group, chosen);
  add_duty_change_verbs(*group, chosen);
}

}  // namespace fenghuo::cli
