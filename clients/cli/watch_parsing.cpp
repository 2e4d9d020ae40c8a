// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/watch_parsing.h"

#include "clients/cli/watch_verbs.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace fenghuo::cli {
namespace {

void add_list(CLI::App& group, Chosen& chosen, const char* what, const char* example,
              int (*run)(const Setting&, const ListArguments&)) {
  auto arguments = std::make_shared<ListArguments>();
  auto* verb = add_verb(group, "list", what, example);
  verb->add_flag("--all", arguments->all, "Ended ones too, newest first, at most 200");
  on_choice(*verb, chosen, arguments, run);
}

void add_show(CLI::App& group, Chosen& chosen, const char* what, const char* example,
              int (*run)(const Setting&, const RowArguments&)) {
  auto arguments = std::make_shared<RowArguments>();
  auto* verb = add_verb(group, "show", what, example);
  verb->add_option("id", arguments->id, "Its id, from the list")->required();
  on_choice(*verb, chosen, arguments, run);
}

void add_reasoned(CLI::App& group, const char* name, Chosen& chosen, const char* what,
                  const char* example, int (*run)(const Setting&, const ReasonArguments&)) {
  auto arguments = std::make_shared<ReasonArguments>();
  auto* verb = add_verb(group, name, what, example);
  verb->add_option("id", arguments->id, "Its id, from the list")->required();
  verb->add_option("reason", arguments->reason, "Why, in words")->required();
  add_signature(*verb, arguments->signature);
  on_choice(*verb, chosen, arguments, run);
}

void add_intake_verbs(CLI::App& app, Chosen& chosen) {
  auto* group = add_group(app, "intake", "接报: calls and reports taken", "fenghuo intake list");
  auto take = std::make_shared<TakeArguments>();
  auto* verb =
      add_verb(*group, "take", "Takes a call or report; it stays open until it became something",
               "fenghuo intake take ops-watch 城东化工园有刺鼻气味 --caller 李女士 "
               "--number 13900000001 --happened-at 21:40");
  verb->add_option("channel", take->channel, "Key or id of the channel it is shown in")->required();
  verb->add_option("text", take->words, "What was said")->required();
  verb->add_option("--caller", take->caller, "Name of the caller");
  verb->add_option("--unit", take->unit, "Where the caller works");
  verb->add_option("--number", take->number, "Number to ring back");
  verb->add_option("--via", take->via, "How it came")->check(one_of(media))->capture_default_str();
  verb->add_option("--happened-at", take->happened_at, "When it happened, as the caller says");
  verb->add_option("--received-at", take->received_at, "When the call came; default now");
  verb->add_option("--place", take->place, "Where");
  verb->add_option("--precedence", take->precedence, "How strongly it is shown")
      ->check(one_of(precedences))
      ->capture_default_str();
  add_signature(*verb, take->signature);
  on_choice(*verb, chosen, take, run_intake_take);

  add_list(*group, chosen, "What still has to become something", "fenghuo intake list --all --json",
           run_intake_list);

  auto close = std::make_shared<CloseIntakeArguments>();
  verb = add_verb(*group, "close", "What it became; never just a note",
                  "fenghuo intake close 1042 --incident I-7\n"
                  "  fenghuo intake close 1042 --nothing 重复来电");
  verb->add_option("id", close->id, "Its id, from the list")->required();
  verb->add_option("reason", close->reason, "Why; needed for --transfer and --nothing");
  verb->add_option("--incident", close->incident, "Number or id of the incident it became");
  verb->add_option("--order", close->order, "Number or id of the order it became");
  verb->add_option("--transfer", close->transfer, "Role, or contact:KEY, that has it now");
  verb->add_flag("--nothing", close->nothing, "It became nothing, for this reason");
  add_signature(*verb, close->signature);
  on_choice(*verb, chosen, close, run_intake_close);
}

void add_alarm_verbs(CLI::App& app, Chosen& chosen) {
  auto* group = add_group(app, "alarm", "监测报警: what the sensors say", "fenghuo alarm list");
  add_list(*group, chosen, "Open alarms", "fenghuo alarm list", run_alarm_list);
  add_show(*group, chosen, "One alarm with its values", "fenghuo alarm show 1042", run_alarm_show);
  add_reasoned(*group, "close", chosen,
               "Closes one that does not clear by itself; from stage 2 a second person confirms "
               "with the same verb",
               "fenghuo alarm close 1042 传感器检修，现场无异常", run_alarm_close);
}

void add_content(CLI::App& verb, WarningArguments& warning, bool is_new) {
  const auto option = [&](const char* name, std::string& field, const char* what) {
    return verb.add_option(name, field, what);
  };
  auto* colour = option("--colour", warning.colour, "Its colour; red is the worst");
  colour->check(one_of(colours));
  auto* kind = option("--kind", warning.kind, "What it warns of: 暴雨");
  auto* area = option("--area", warning.area, "Where");
  option("--area-code", warning.area_code, "Code of the area");
  option("--text", warning.text, "What to watch, the trend");
  option("--measures", warning.measures, "What to do");
  option("--hotline", warning.hotline, "Whom to ring");
  option("--from", warning.from, "Start: HH:MM, YYYY-MM-DDTHH:MM or +2h; default at once");
  auto* until = option("--until", warning.until, "End of its validity");
  add_signature(verb, warning.signature);
  if (!is_new) return;
  for (auto* one : {colour, kind, area, until}) one->required();
}

void add_warning_verbs(CLI::App& app, Chosen& chosen) {
  auto* group = add_group(app, "warning", "预警: issued, changed and lifted by authority",
                          "fenghuo warning list");
  auto issue = std::make_shared<WarningArguments>();
  auto* verb =
      add_verb(*group, "issue", "发布; a grave colour waits for a second person",
               "fenghuo warning issue --colour 橙色 --kind 暴雨 --area 城东区 --until +6h");
  add_content(*verb, *issue, true);
  on_choice(*verb, chosen, issue, run_warning_issue);

  auto change = std::make_shared<WarningArguments>();
  verb = add_verb(*group, "change", "变更: what is not given stays as it is",
                  "fenghuo warning change 1042 --colour red --until 23:00");
  verb->add_option("id", change->id, "Its id, from the list")->required();
  add_content(*verb, *change, false);
  on_choice(*verb, chosen, change, run_warning_change);

  auto approve = std::make_shared<ApproveArguments>();
  verb = add_verb(*group, "approve", "批准, by another person than the proposer",
                  "fenghuo warning approve 1042");
  verb->add_option("id", approve->id, "Its id, from the list")->required();
  add_signature(*verb, approve->signature);
  on_choice(*verb, chosen, approve, run_warning_approve);

  add_reasoned(*group, "refuse", chosen, "不予批准, or taken back by its proposer",
               "fenghuo warning refuse 1042 雨团已南移", run_warning_refuse);
  add_reasoned(*group, "lift", chosen, "解除", "fenghuo warning lift 1042 降雨结束",
               run_warning_lift);
  add_list(*group, chosen, "Warnings in force, expired ones still listed and what waits, red first",
           "fenghuo warning list", run_warning_list);
  add_show(*group, chosen, "One warning in full", "fenghuo warning show 1042", run_warning_show);
}

void add_spoken_verbs(CLI::App& app, Chosen& chosen) {
  auto* group =
      add_group(app, "spoken", "代录与补签: what was recorded for somebody", "fenghuo spoken list");
  add_list(*group, chosen, "What waits for a signature", "fenghuo spoken list", run_spoken_list);
  auto sign = std::make_shared<RowArguments>();
  auto* verb = add_verb(*group, "sign", "补签: it is what I said", "fenghuo spoken sign 1042");
  verb->add_option("id", sign->id, "Its id, from the list")->required();
  on_choice(*verb, chosen, sign, run_spoken_sign);
  auto object = std::make_shared<ReasonArguments>();
  verb = add_verb(*group, "object", "异议: it is not what I said",
                  "fenghuo spoken object 1042 我说的是待命，不是出动");
  verb->add_option("id", object->id, "Its id, from the list")->required();
  verb->add_option("reason", object->reason, "What was said instead")->required();
  on_choice(*verb, chosen, object, run_spoken_object);
}

}  // namespace

void add_watch_verbs(CLI::App& app, Chosen& chosen) {
  add_intake_verbs(app, chosen);
  add_alarm_verbs(app, chosen);
  add_warning_verbs(app, chosen);
  add_spoken_verbs(app, chosen);
}

}  // namespace fenghuo::cli
