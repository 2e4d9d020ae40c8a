// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/incident_parsing.h"

#include "clients/cli/figures_verbs.h"
#include "clients/cli/incident_verbs.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace fenghuo::cli {
namespace {

OneOf a_level() {
  return {{"I", "II", "III", "IV"},
          [](const std::string& word) { return level_of(word).has_value(); }};
}

// A verb on one incident. `words` = what its text is, null = it takes none.
template <typename Arguments>
CLI::App* add_act(CLI::App& group, const char* name, const char* what, const char* example,
                  const std::shared_ptr<Arguments>& arguments, const char* words,
                  bool words_needed = true) {
  auto* verb = add_verb(group, name, what, example);
  verb->add_option("incident", arguments->incident, "Number (I-7) or id")->required();
  if (words != nullptr) {
    verb->add_option("text", arguments->words, words)->required(words_needed);
  }
  add_signature(*verb, arguments->signature);
  return verb;
}

void add_declare(CLI::App& group, Chosen& chosen) {
  auto declare = std::make_shared<DeclareArguments>();
  auto* verb =
      add_verb(group, "declare", "立案: room, groups, orders and report clocks start in one step",
               "fenghuo incident declare 城东化工园三号罐区泄漏 --category accident "
               "--level III --response 3 --place 城东化工园 --occurred-at 21:40");
  verb->add_option("title", declare->title, "What it is called")->required();
  verb->add_option("--category", declare->category, "Its category")
      ->check(one_of(categories))
      ->required();
  verb->add_option("--level", declare->level, "初判, I (特别重大) to IV (一般)")
      ->check(a_level())
      ->required();
  verb->add_option("--response", declare->response, "Response level; default none yet")
      ->check(a_level());
  verb->add_option("--template", declare->template_key, "Key of a template (incident templates)");
  verb->add_option("--type", declare->type, "Finer than the category: 危化品泄漏");
  verb->add_option("--phase", declare->phase, "Default: response with a response level")
      ->check(one_of(phases));
  verb->add_option("--occurred-at", declare->occurred_at, "When it happened: HH:MM or -20m");
  verb->add_option("--received-at", declare->received_at, "When it was reported to us");
  verb->add_option("--place", declare->place, "Where, in words");
  verb->add_option("--at", declare->at, "LATITUDE,LONGITUDE in degrees");
  verb->add_option("--channel", declare->channel, "Key of its channel; default by its number");
  verb->add_option("--injured", declare->injured, "伤");
  verb->add_option("--missing", declare->missing, "失踪");
  verb->add_option("--dead", declare->dead, "亡");
  verb->add_option("--source", declare->source, "Who counted them");
  verb->add_option("--from", declare->from, "What it came from: intake:ID, alarm:ID, warning:ID")
      ->allow_extra_args(false);
  verb->add_option("--member", declare->members, "A further role or account for its channel")
      ->allow_extra_args(false);
  add_signature(*verb, declare->signature);
  on_choice(*verb, chosen, declare, run_incident_declare);
}

void add_reading(CLI::App& group, Chosen& chosen) {
  auto* verb = add_verb(group, "templates", "What an incident can be declared from",
                        "fenghuo incident templates");
  on_choice(*verb, chosen, std::make_shared<TemplatesArguments>(), run_incident_templates);
  auto all = std::make_shared<IncidentListArguments>();
  verb = add_verb(group, "list", "Open incidents you may see", "fenghuo incident list --all");
  verb->add_flag("--all", all->all, "Ended ones too, newest first, at most 200");
  on_choice(*verb, chosen, all, run_incident_list);
  auto one = std::make_shared<IncidentArguments>();
  verb = add_verb(group, "show", "One incident: levels, phases, posts, groups, casualties, reports",
                  "fenghuo incident show I-7");
  verb->add_option("incident", one->incident, "Number (I-7) or id")->required();
  on_choice(*verb, chosen, one, run_incident_show);
}

struct LevelVerb {
  LevelAct act;
  const char* name;
  const char* what;
  const char* example;
  bool names_level;
  bool needs_text;
};

constexpr LevelVerb level_verbs[] = {
    {LevelAct::Propose, "propose", "提议: raise or lower, another person decides",
     "fenghuo incident level propose I-7 火势扩大 --level II --response 2", true, true},
    {LevelAct::Approve, "approve", "同意 what waits, by whoever has the authority",
     "fenghuo incident level approve I-7", false, false},
    {LevelAct::Decline, "decline", "不同意, and why",
     "fenghuo incident level decline I-7 现场已受控", false, true},
    {LevelAct::Request, "request", "请示: asks above the center; we are reminded to phone",
     "fenghuo incident level request I-7", false, false},
    {LevelAct::AnswerYes, "granted", "The answer from above: yes",
     "fenghuo incident level granted I-7 --on-behalf prov/duty --medium phone", false, false},
    {LevelAct::AnswerNo, "denied", "The answer from above: no, and why",
     "fenghuo incident level denied I-7 先由市级处置 --on-behalf prov/duty --medium phone", false,
     true},
    {LevelAct::Confirm, "confirm", "确认初判, by the confirming role",
     "fenghuo incident level confirm I-7", false, false},
    {LevelAct::Alone, "alone", "紧急独断: what needs two persons, alone and at once",
     "fenghuo incident level alone I-7 联系不上带班领导 --level II", true, true},
    {LevelAct::ConfirmAlone, "confirm-alone", "Confirms what somebody decided alone",
     "fenghuo incident level confirm-alone I-7", false, false},
};

void add_level(CLI::App& incident, Chosen& chosen) {
  auto* group = add_group(incident, "level", "级别: proposed by one, decided by another",
                          "fenghuo incident level propose I-7 火势扩大 --level II");
  for (const LevelVerb& one : level_verbs) {
    auto level = std::make_shared<LevelArguments>();
    level->act = one.act;
    auto* verb =
        add_act(*group, one.name, one.what, one.example, level, "Why, in words", one.needs_text);
    if (one.names_level) {
      verb->add_option("--level", level->level, "Level of the incident")->check(a_level());
      verb->add_option("--response", level->response, "Level of the response")->check(a_level());
    } else if (one.act != LevelAct::Confirm) {
      verb->add_option("--proposal", level->proposal, "Its number; default: the one that waits");
    }
    on_choice(*verb, chosen, level, run_incident_level);
  }
}

void add_conduct(CLI::App& group, Chosen& chosen) {
  auto phase = std::make_shared<PhaseArguments>();
  auto* verb = add_verb(group, "phase", "阶段: never backwards",
                        "fenghuo incident phase I-7 handling 险情已控制，转入处置");
  verb->add_option("incident", phase->incident, "Number (I-7) or id")->required();
  verb->add_option("phase", phase->phase, "The new phase")->check(one_of(phases))->required();
  verb->add_option("text", phase->words, "Why")->required();
  add_signature(*verb, phase->signature);
  on_choice(*verb, chosen, phase, run_incident_phase);

  auto count = std::make_shared<CasualtiesArguments>();
  verb =
      add_act(group, "casualties", "伤亡: a new count; what is not given stays",
              "fenghuo incident casualties I-7 --injured 13 --source 120指挥中心", count, nullptr);
  verb->add_option("--injured", count->injured, "伤");
  verb->add_option("--missing", count->missing, "失踪");
  verb->add_option("--dead", count->dead, "亡");
  verb->add_option("--source", count->source, "Who counted")->required();
  on_choice(*verb, chosen, count, run_incident_casualties);

  auto command = std::make_shared<CommandArguments>();
  verb = add_act(group, "command", "指挥: names the posts; what is not given stays",
                 "fenghuo incident command I-7 --commander eoc/commander --on-scene gao.yuan",
                 command, nullptr);
  verb->add_option("--commander", command->commander, "总指挥: role, account or contact");
  verb->add_option("--deputy", command->deputy, "副总指挥");
  verb->add_option("--on-scene", command->on_scene, "现场指挥官");
  on_choice(*verb, chosen, command, run_incident_command);

  auto form = std::make_shared<GroupArguments>();
  verb =
      add_act(group, "groups", "工作组: forms one, with its channel",
              "fenghuo incident groups I-7 --key medical --name 医疗救治组 --lead health/liaison",
              form, nullptr);
  verb->add_option("--key", form->key, "Key of the group")->required();
  verb->add_option("--name", form->name, "Its name")->required();
  verb->add_option("--lead", form->lead, "组长: a role");
  verb->add_option("--member", form->members, "A role or account")->allow_extra_args(false);
  verb->add_option("--channel", form->channel, "Key of its channel; default by the incident's");
  on_choice(*verb, chosen, form, run_incident_groups);
}

void add_reports(CLI::App& incident, Chosen& chosen) {
  auto* group = add_group(incident, "report", "信息报告: what is owed upward",
                          "fenghuo incident report list");
  auto owed = std::make_shared<ReportListArguments>();
  auto* verb = add_verb(*group, "list", "What is owed, the first due first, with its fields",
                        "fenghuo incident report list I-7 --all");
  verb->add_option("incident", owed->incident, "Number (I-7) or id; default: every incident");
  verb->add_flag("--all", owed->all, "Filed ones too");
  on_choice(*verb, chosen, owed, run_report_list);

  auto file = std::make_shared<ReportFileArguments>();
  verb = add_act(*group, "file", "报送: files it; the hub words the official text",
                 "fenghuo incident report file I-7 --field time=21:40 --field place=城东化工园 "
                 "--pending cause",
                 file, "Words after the fields", false);
  auto* id = verb->add_option("--report", file->report, "Id of the one owed; default: first due");
  verb->add_option("--kind", file->kind, "An unasked one of this kind")
      ->check(one_of(report_kinds))
      ->excludes(id);
  verb->add_option("--medium-upward", file->medium, "How an unasked one goes")
      ->check(one_of(report_media))
      ->capture_default_str();
  verb->add_option("--receiver", file->receiver, "To whom; default as planned");
  verb->add_option("--field", file->fields, "KEY=TEXT; again for each")->allow_extra_args(false);
  verb->add_option("--pending", file->pending, "待核: key of a field not known yet")
      ->allow_extra_args(false);
  on_choice(*verb, chosen, file, run_report_file);

  auto text = std::make_shared<ReportTextArguments>();
  verb = add_verb(*group, "text", "The official text alone, to be copied",
                  "fenghuo incident report text 1042");
  verb->add_option("report", text->report, "Id of the report")->required();
  on_choice(*verb, chosen, text, run_report_text);
}

void add_end(CLI::App& group, Chosen& chosen) {
  auto merge = std::make_shared<MergeArguments>();
  auto* verb = add_act(group, "merge", "合并: goes on in another; rooms and clocks stay",
                       "fenghuo incident merge I-8 --into I-7 同一泄漏源", merge, "Why");
  verb->add_option("--into", merge->into, "Number or id of the one that goes on")->required();
  on_choice(*verb, chosen, merge, run_incident_merge);

  auto none = std::make_shared<VoidArguments>();
  verb = add_act(group, "void", "误报: proposed by one, confirmed by another",
                 "fenghuo incident void I-7 传感器故障\n  fenghuo incident void I-7 --confirm",
                 none, "Why", false);
  verb->add_flag("--confirm", none->confirm, "The second person confirms");
  on_choice(*verb, chosen, none, run_incident_void);

  auto down = std::make_shared<StandDownArguments>();
  verb =
      add_act(group, "stand-down", "解除响应: needs no unaccepted or overdue order, nobody missing",
              "fenghuo incident stand-down I-7 险情排除 --waive A-7=现场已口头确认", down, "Why");
  verb->add_option("--waive", down->waivers,
                   "ORDER=WHY or missing=WHY: what may stay behind, signed by you")
      ->allow_extra_args(false);
  on_choice(*verb, chosen, down, run_incident_stand_down);

  auto evaluate = std::make_shared<EvaluateArguments>();
  verb = add_act(group, "evaluate", "总结评估, before it is archived",
                 "fenghuo incident evaluate I-7 响应及时 --section cause=法兰老化", evaluate,
                 "In words", false);
  verb->add_option("--section", evaluate->sections, "KEY=TEXT; again for each")
      ->allow_extra_args(false);
  on_choice(*verb, chosen, evaluate, run_incident_evaluate);
}

void add_figures(CLI::App& group, Chosen& chosen) {
  auto figures = std::make_shared<FiguresArguments>();
  auto* verb = add_verb(group, "figures", "What the record says of an incident, or of a span of it",
                        "fenghuo incident figures I-7 --json\n  fenghuo incident figures --from 1");
  auto* incident = verb->add_option("incident", figures->incident, "Number (I-7) or id");
  verb->add_option("--from", figures->from, "First position of a span")->excludes(incident);
  verb->add_option("--to", figures->to, "Last position looked at");
  on_choice(*verb, chosen, figures, run_figures);
}

}  // namespace

void add_incident_verbs(CLI::App& app, Chosen& chosen) {
  auto* group = add_group(app, "incident", "突发事件: declared, led, reported and ended",
                          "fenghuo incident list");
  add_declare(*group, chosen);
  add_reading(*group, chosen);
  add_level(*group, chosen);
  add_conduct(*group, chosen);
  add_reports(*group, chosen);
  add_end(*group, chosen);
  add_figures(*group, chosen);
}

}  // namespace fenghuo::cli
