// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/sending.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenghuo::cli {

// 突发事件. One function a verb; each returns the exit code. Incidents are named by number ("I-7")
// or id.

struct DeclareArguments {
  std::vector<std::string> title;
  std::string category;
  std::string type;
  std::string level;
  std::string response;
  std::string phase;
  std::string occurred_at;
  std::string received_at;
  std::string place;
  // "31.2304,121.4737".
  std::string at;
  std::string template_key;
  std::string channel;
  std::uint32_t injured = 0;
  std::uint32_t missing = 0;
  std::uint32_t dead = 0;
  std::string source;
  // "intake:1042", "alarm:1043", "warning:1044", "incident:I-7".
  std::vector<std::string> from;
  // Further members: roles or accounts.
  std::vector<std::string> members;
  Signature signature;
};
int run_incident_declare(const Setting& setting, const DeclareArguments& arguments);

// What --template takes: from the configuration of the center.
struct TemplatesArguments {};
int run_incident_templates(const Setting& setting, const TemplatesArguments& arguments);

struct IncidentListArguments {
  bool all = false;
};
int run_incident_list(const Setting& setting, const IncidentListArguments& arguments);
struct IncidentArguments {
  std::string incident;
};
int run_incident_show(const Setting& setting, const IncidentArguments& arguments);

// What is done to one incident with words, beside its own fields.
struct IncidentActArguments {
  std::string incident;
  std::vector<std::string> words;
  Signature signature;
};

struct PhaseArguments : IncidentActArguments {
  std::string phase;
};
int run_incident_phase(const Setting& setting, const PhaseArguments& arguments);

// Those not given stay as they are.
struct CasualtiesArguments : IncidentActArguments {
  std::optional<std::uint32_t> injured;
  std::optional<std::uint32_t> missing;
  std::optional<std::uint32_t> dead;
  std::string source;
};
int run_incident_casualties(const Setting& setting, const CasualtiesArguments& arguments);

// Roles, accounts or contacts; empty stays as it is.
struct CommandArguments : IncidentActArguments {
  std::string commander;
  std::string deputy;
  std::string on_scene;
};
int run_incident_command(const Setting& setting, const CommandArguments& arguments);

struct GroupArguments : IncidentActArguments {
  std::string key;
  std::string name;
  std::string lead;
  // Roles or accounts.
  std::vector<std::string> members;
  std::string channel;
};
int run_incident_groups(const Setting& setting, const GroupArguments& arguments);

struct MergeArguments : IncidentActArguments {
  std::string into;
};
int run_incident_merge(const Setting& setting, const MergeArguments& arguments);

// The first person proposes, another one confirms.
struct VoidArguments : IncidentActArguments {
  bool confirm = false;
};
int run_incident_void(const Setting& setting, const VoidArguments& arguments);

struct StandDownArguments : IncidentActArguments {
  // "A-7=现场已口头确认" or "missing=家属已联系上".
  std::vector<std::string> waivers;
};
int run_incident_stand_down(const Setting& setting, const StandDownArguments& arguments);

struct EvaluateArguments : IncidentActArguments {
  // "key=text".
  std::vector<std::string> sections;
};
int run_incident_evaluate(const Setting& setting, const EvaluateArguments& arguments);

// What is done about its level.
enum class LevelAct {
  Propose,
  Approve,
  Decline,
  Request,
  AnswerYes,
  AnswerNo,
  Confirm,
  Alone,
  ConfirmAlone
};
struct LevelArguments : IncidentActArguments {
  LevelAct act = LevelAct::Propose;
  std::string level;
  std::string response;
  // 0 = the last one that waits.
  std::uint32_t proposal = 0;
};
int run_incident_level(const Setting& setting, const LevelArguments& arguments);

// Reports upward.
struct ReportListArguments {
  // Empty = of every incident.
  std::string incident;
  bool all = false;
};
int run_report_list(const Setting& setting, const ReportListArguments& arguments);
struct ReportFileArguments : IncidentActArguments {
  // The report owed; 0 = the one due first, or with `kind` an unasked one.
  std::uint64_t report = 0;
  std::string kind;
  std::string medium = "written";
  std::string receiver;
  // "key=text"; and keys that are 待核.
  std::vector<std::string> fields;
  std::vector<std::string> pending;
};
int run_report_file(const Setting& setting, const ReportFileArguments& arguments);
// The official text of a filed one, alone, to be copied.
struct ReportTextArguments {
  std::uint64_t report = 0;
};
int run_report_text(const Setting& setting, const ReportTextArguments& arguments);

}  // namespace fenghuo::cli
