// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/field_rules.h"

#include <array>

namespace fenghuo::plan {

namespace {

namespace limits = base::limits;
using Kind = References::Kind;

constexpr std::string_view package = "fenghuo.v1.";
constexpr std::string_view some_roles = "[\"department/role\"]";
constexpr std::string_view a_level = "\"iii\"";
constexpr std::string_view a_key = "\"...\"";
constexpr std::int64_t stage_max = limits::alarm_stage_max;

constexpr std::array rules{
    FieldRule{.field = "AlarmRules.SourceRule.key", .required = a_key},
    FieldRule{.field = "AlarmRules.SourceRule.channel",
              .required = "\"channel\"",
              .refers = Kind::Channel},
    FieldRule{.field = "AlarmRules.Point.key", .required = a_key},
    FieldRule{.field = "AlarmRules.Threshold.stage", .required = "1", .max = stage_max},
    FieldRule{.field = "AlarmRules.Threshold.value", .required = "85"},
    FieldRule{.field = "AlarmRules.CombinationRule.key", .required = a_key},
    FieldRule{.field = "AlarmRules.CombinationRule.units", .refers = Kind::Unit},
    FieldRule{.field = "AlarmRules.CombinationRule.points", .required = "2", .max = 1'000},
    FieldRule{.field = "AlarmRules.CombinationRule.stage", .required = "1", .max = stage_max},
    FieldRule{.field = "AlarmRules.CombinationRule.within_us", .required = "\"60 s\""},
    FieldRule{.field = "AlarmRules.CombinationRule.channel",
              .required = "\"channel\"",
              .refers = Kind::Channel},
    FieldRule{
        .field = "AlarmRules.CombinationRule.roles", .required = some_roles, .refers = Kind::Role},
    FieldRule{.field = "AlarmRules.CombinationRule.ladder", .refers = Kind::Ladder},
    FieldRule{.field = "AlarmRules.CombinationRule.text",
              .required = "{ zh-Hans = \"...\", en = \"...\" }",
              .bytes_max = limits::reason_bytes_max},
    FieldRule{.field = "WarningRules.Approval.colour", .required = "\"red\""},
    FieldRule{.field = "WarningRules.Approval.roles", .required = some_roles, .refers = Kind::Role},
    FieldRule{.field = "FeedbackRules.Answer.within_us", .required = "\"2 h\""},
    FieldRule{.field = "FeedbackRules.Call.channel", .refers = Kind::Channel},
    FieldRule{.field = "FeedbackRules.Call.roles", .refers = Kind::Role},
    FieldRule{.field = "FeedbackRules.Call.ladder", .refers = Kind::Ladder},
    FieldRule{.field = "FeedbackRules.Call.text", .bytes_max = limits::reason_bytes_max},
    FieldRule{.field = "IncidentTemplate.key", .required = a_key},
    FieldRule{.field = "IncidentTemplate.roles", .refers = Kind::Role},
    FieldRule{.field = "IncidentTemplate.departments", .refers = Kind::Department},
    FieldRule{.field = "IncidentTemplate.commander", .refers = Kind::Role},
    FieldRule{.field = "IncidentTemplate.deputy", .refers = Kind::Role},
    FieldRule{.field = "IncidentTemplate.on_scene", .refers = Kind::Role},
    FieldRule{.field = "IncidentTemplate.reference", .bytes_max = limits::reason_bytes_max},
    FieldRule{.field = "GroupTemplate.key", .required = a_key},
    FieldRule{.field = "GroupTemplate.lead", .refers = Kind::Role},
    FieldRule{.field = "GroupTemplate.roles", .refers = Kind::Role},
    FieldRule{.field = "OrderTemplate.text",
              .required = "\"...\"",
              .bytes_max = limits::message_text_bytes_max},
    FieldRule{.field = "OrderTemplate.to", .required = some_roles, .refers = Kind::Role},
    FieldRule{.field = "OrderTemplate.precedence", .required = "\"immediate\""},
    FieldRule{.field = "OrderTemplate.ladder", .refers = Kind::Ladder},
    FieldRule{.field = "LevelAuthority.level", .required = a_level},
    FieldRule{.field = "LevelAuthority.decides", .refers = Kind::Role},
    FieldRule{.field = "LevelAuthority.above_role", .refers = Kind::Role},
    FieldRule{.field = "LevelAuthority.above_contact", .refers = Kind::Contact},
    FieldRule{.field = "IncidentRules.confirming_role", .refers = Kind::Role},
    FieldRule{.field = "LevelLadder.level", .required = a_level},
    FieldRule{.field = "LevelLadder.ladder", .required = "\"ladder\"", .refers = Kind::Ladder},
    FieldRule{.field = "ReportField.key", .required = a_key},
    FieldRule{.field = "ReportRule.key", .required = a_key},
    FieldRule{.field = "ReportRule.kind", .required = "\"initial\""},
    FieldRule{.field = "ReportRule.medium", .required = "\"phone\""},
    FieldRule{.field = "ReportRule.clock", .required = "\"received\""},
    FieldRule{.field = "ReportRule.limits",
              .required = "[{ level = \"iii\", within = \"30 min\" }]"},
    FieldRule{.field = "ReportRule.Limit.level", .required = a_level},
    FieldRule{.field = "ReportRule.Limit.within_us", .required = "\"30 min\""},
    FieldRule{.field = "ReportRule.remind_percent", .max = 100},
    FieldRule{.field = "ReportRule.remind_roles", .refers = Kind::Role},
    FieldRule{.field = "ReportRule.overdue_roles", .refers = Kind::Role},
};

}  // namespace

FieldRule rule_of(const google::protobuf::FieldDescriptor& field) {
  std::string_view name = field.full_name();
  if (name.starts_with(package)) name.remove_prefix(package.size());
  for (const FieldRule& rule : rules) {
    if (rule.field == name) return rule;
  }
  FieldRule rule;
  rule.field = name;
  return rule;
}

}  // namespace fenghuo::plan
