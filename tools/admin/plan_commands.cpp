// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/plan_commands.h"

#include "hub/plan/reader.h"

#include <optional>
#include <string_view>
#include <vector>

namespace fenghuo::admin {

namespace {

std::optional<v1::Plan> read(const Terminal& terminal, const std::string& file) {
  plan::PlanFile read = plan::read_plan_file(file);
  if (read.plan) return std::move(read.plan);
  terminal.err << read.problem_text();
  terminal.complain("{} problem{}", read.problems.size(), read.problems.size() == 1 ? "" : "s");
  return std::nullopt;
}

// Lines of the diff. New channels may only be out of sight of the operator's account: those are
// told together.
std::vector<std::string> changes(const Center::Directory& directory, const v1::Plan& wanted) {
  v1::Plan current = plan_of(directory);
  // Nobody tells the window that stands; applying compares it.
  current.set_redaction_window_s(wanted.redaction_window_s());
  std::vector<std::string> lines = plan::plan_diff(current, wanted);
  if (directory.all_channels) return lines;
  constexpr std::string_view mark = "+ channel \"";
  std::string unseen;
  for (const std::string& line : lines) {
    if (!line.starts_with(mark)) continue;
    unseen += (unseen.empty() ? "" : ", ") +
              line.substr(mark.size(), line.find('"', mark.size()) - mark.size());
  }
  std::erase_if(lines, [mark](const std::string& line) { return line.starts_with(mark); });
  if (!unseen.empty()) lines.push_back("? channels new, or not seen by this account: " + unseen);
  return lines;
}

}  // namespace

v1::Plan plan_of(const Center::Directory& directory) {
  v1::Plan plan = plan::plan_of(directory.snapshot);
  plan.set_center_id(directory.center_id);
  *plan.mutable_name() = directory.name;
  plan.set_zone(directory.zone);
  return plan;
}

int plan_check(const Terminal& terminal, const std::string& file) {
  const std::optional<v1::Plan> plan = read(terminal, file);
  if (!plan) return exit_refused;
  terminal.say("{}: good: {} departments, {} roles, {} accounts, {} contacts, {} channels", file,
               plan->departments_size(), plan->roles_size(), plan->accounts_size(),
               plan->contacts_size(), plan->channels_size());
  return exit_done;
}

int plan_diff(const Terminal& terminal, const Access& access, const std::string& file) {
  const std::optional<v1::Plan> plan = read(terminal, file);
  if (!plan) return exit_refused;
  const base::Result<Center::Directory> directory = access.look();
  if (!directory) return terminal.fail(directory.error());
  const std::vector<std::string> lines = changes(*directory, *plan);
  for (const std::string& line : lines) terminal.say("{}", line);
  if (lines.empty()) terminal.say("nothing to change");
  return exit_done;
}

int plan_apply(const Terminal& terminal, const Access& access, const std::string& file) {
  const std::optional<v1::Plan> plan = read(terminal, file);
  if (!plan) return exit_refused;
  const auto center = access.open(plan->center_id());
  if (!center) return terminal.fail(center.error());
  const base::Result<Center::Directory> directory = (*center)->directory();
  if (!directory) return terminal.fail(directory.error());
  v1::Command command;
  *command.mutable_apply_plan()->mutable_plan() = *plan;
  const base::Result<v1::Reply::Done> done = (*center)->run(command);
  if (!done) return terminal.fail(done.error());
  if (done->id() == 0) {
    terminal.say("nothing to change");
    return exit_done;
  }
  for (const std::string& line : changes(*directory, *plan)) terminal.say("{}", line);
  terminal.say("applied as record {}", done->id());
  return exit_done;
}

}  // namespace fenghuo::admin
