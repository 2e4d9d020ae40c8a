// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/finding.h"
#include "clients/cli/terms.h"
#include "clients/cli/watch_verbs.h"
#include "clients/cli/watch_wording.h"

#include <fmt/format.h>

#include <optional>

namespace fenghuo::cli {
namespace {

using Lines = std::vector<std::string>;

About about(const Setting& setting, Opened& opened, std::uint64_t warning_id) {
  About about;
  about.now = [&setting, &opened, warning_id](std::uint64_t id) {
    const auto warning = find_warning(opened, warning_id != 0 ? warning_id : id);
    if (!warning) return Lines();
    return Lines{warning_line(*warning, opened.client->state(), setting.language)};
  };
  return about;
}

// Writes what was given over what is there.
std::optional<client::Failure> fill(const Opened& opened, const WarningArguments& arguments,
                                    v1::Warning::Content& content) {
  if (const auto colour = value_of(colours, arguments.colour)) content.set_colour(*colour);
  const auto set = [](const std::string& given, std::string* field) {
    if (!given.empty()) *field = given;
  };
  set(arguments.kind, content.mutable_kind());
  set(arguments.area, content.mutable_area());
  set(arguments.area_code, content.mutable_area_code());
  set(arguments.text, content.mutable_text());
  set(arguments.measures, content.mutable_measures());
  set(arguments.hotline, content.mutable_hotline());
  const auto from = time_of(opened, arguments.from, Side::Future, "--from");
  if (!from) return from.error();
  const auto until = time_of(opened, arguments.until, Side::Future, "--until");
  if (!until) return until.error();
  if (*from != 0) content.set_start_us(*from);
  if (*until != 0) content.set_until_us(*until);
  return std::nullopt;
}

// Fetches the warning, shows it, and sends what `fill` makes of it.
template <typename Fill>
int act(const Setting& setting, std::uint64_t id, const Signature& signature, Fill fill) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto warning = find_warning(*opened, id);
  if (!warning) return report(warning.error());
  v1::Command command;
  if (const auto failure = fill(*opened, *warning, command)) return report(*failure);
  About shown = about(setting, *opened, id);
  shown.before = warning_lines(*warning, opened->client->state(), setting.language);
  return send(setting, *opened, signature, command, shown);
}

using Problem = std::optional<client::Failure>;

}  // namespace

int run_warning_issue(const Setting& setting, const WarningArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  v1::Command command;
  v1::IssueWarning& issue = *command.mutable_issue_warning();
  if (const auto failure = fill(*opened, arguments, *issue.mutable_content())) {
    return report(*failure);
  }
  return send(setting, *opened, arguments.signature, command, about(setting, *opened, 0));
}

int run_warning_change(const Setting& setting, const WarningArguments& arguments) {
  return act(setting, arguments.id, arguments.signature,
             [&](const Opened& opened, const v1::Warning& warning, v1::Command& command) {
               v1::ChangeWarning& change = *command.mutable_change_warning();
               change.set_warning_id(warning.id());
               change.set_seen_revision(warning.revision());
               *change.mutable_content() = warning.content();
               return fill(opened, arguments, *change.mutable_content());
             });
}

int run_warning_approve(const Setting& setting, const ApproveArguments& arguments) {
  return act(setting, arguments.id, arguments.signature,
             [](const Opened&, const v1::Warning& warning, v1::Command& command) -> Problem {
               command.mutable_approve_warning()->set_warning_id(warning.id());
               command.mutable_approve_warning()->set_seen_revision(warning.revision());
               return std::nullopt;
             });
}

int run_warning_refuse(const Setting& setting, const ReasonArguments& arguments) {
  return act(setting, arguments.id, arguments.signature,
             [&](const Opened&, const v1::Warning& warning, v1::Command& command) -> Problem {
               v1::RefuseWarning& refuse = *command.mutable_refuse_warning();
               refuse.set_warning_id(warning.id());
               refuse.set_seen_revision(warning.revision());
               refuse.set_reason(joined(arguments.reason));
               return std::nullopt;
             });
}

int run_warning_lift(const Setting& setting, const ReasonArguments& arguments) {
  return act(setting, arguments.id, arguments.signature,
             [&](const Opened&, const v1::Warning& warning, v1::Command& command) -> Problem {
               v1::LiftWarning& lift = *command.mutable_lift_warning();
               lift.set_warning_id(warning.id());
               lift.set_seen_revision(warning.revision());
               lift.set_reason(joined(arguments.reason));
               return std::nullopt;
             });
}

}  // namespace fenghuo::cli
