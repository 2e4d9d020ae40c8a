// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/incident_acts.h"
#include "clients/cli/incident_verbs.h"
#include "clients/cli/incident_wording.h"
#include "clients/cli/terms.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace fenghuo::cli {
namespace {

// Owed ones of the incident (0 = of any), the first due first.
std::vector<v1::Report> owed(const client::State& state, std::uint64_t incident_id) {
  std::vector<v1::Report> found;
  for (const auto& [key, update] : state.rows()) {
    if (!update.has_report()) continue;
    if (incident_id == 0 || update.report().incident_id() == incident_id) {
      found.push_back(update.report());
    }
  }
  std::sort(found.begin(), found.end(), [](const v1::Report& a, const v1::Report& b) {
    return std::pair(a.due_us(), a.id()) < std::pair(b.due_us(), b.id());
  });
  return found;
}

Problem fill(Opened& opened, const ReportFileArguments& arguments, const v1::Incident& incident,
             v1::FileReport& file) {
  file.set_incident_id(incident.id());
  file.set_receiver(arguments.receiver);
  file.set_text(joined(arguments.words));
  if (!arguments.kind.empty() && arguments.report == 0) {
    file.set_kind(value_of(report_kinds, arguments.kind).value_or(v1::REPORT_KIND_UNSPECIFIED));
    file.set_medium(
        value_of(report_media, arguments.medium).value_or(v1::REPORT_MEDIUM_UNSPECIFIED));
  } else if (arguments.report != 0) {
    file.set_report_id(arguments.report);
  } else {
    const auto reports = owed(opened.client->state(), incident.id());
    if (reports.empty()) return usage("no report is owed; an unasked one is filed with --kind");
    file.set_report_id(reports.front().id());
  }
  for (const std::string& text : arguments.fields) {
    const auto field = split_field(text);
    if (!field) return field.error();
    v1::FileReport::Field& one = *file.add_fields();
    one.set_key(field->first);
    one.set_value(field->second);
  }
  for (const std::string& key : arguments.pending) {
    v1::FileReport::Field& one = *file.add_fields();
    one.set_key(key);
    one.set_pending(true);
  }
  return std::nullopt;
}

About about_report(const Setting& setting, Opened& opened, std::uint64_t report_id) {
  About about;
  about.now = [&setting, &opened, report_id](std::uint64_t id) {
    const auto report = find_report(opened, report_id != 0 ? report_id : id);
    if (!report) return std::vector<std::string>();
    std::vector<std::string> lines =
        report_lines(*report, opened.client->state(), setting.language);
    if (report->message_id() == 0) return lines;
    lines.push_back(printable(find_message(opened, report->message_id()).text()));
    return lines;
  };
  return about;
}

}  // namespace

int run_report_list(const Setting& setting, const ReportListArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  std::uint64_t incident_id = 0;
  if (!arguments.incident.empty()) {
    const auto incident = find_incident(*opened, arguments.incident);
    if (!incident) return report(incident.error());
    incident_id = incident->id();
  }
  const client::State state = opened->client->state();
  std::vector<v1::Report> reports;
  if (arguments.all) {
    const auto found = list(*opened, v1::ROW_KIND_REPORT, 0);
    if (!found) return report(found.error());
    for (const v1::Report& one : found->reports()) {
      if (incident_id == 0 || one.incident_id() == incident_id) reports.push_back(one);
    }
  } else {
    reports = owed(state, incident_id);
  }
  for (const v1::Report& one : reports) {
    if (setting.json) {
      fmt::print("{}\n", json_line(one));
      continue;
    }
    for (const std::string& line : report_lines(one, state, setting.language)) {
      fmt::print("{}\n", line);
    }
  }
  return exit_done;
}

int run_report_file(const Setting& setting, const ReportFileArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto incident = find_incident(*opened, arguments.incident);
  if (!incident) return report(incident.error());
  v1::Command command;
  v1::FileReport& file = *command.mutable_file_report();
  if (const auto failure = fill(*opened, arguments, *incident, file)) return report(*failure);
  About about = about_report(setting, *opened, file.report_id());
  about.before = {incident_line(*incident, opened->client->state(), setting.language)};
  return send(setting, *opened, arguments.signature, command, about);
}

int run_report_text(const Setting& setting, const ReportTextArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto found = find_report(*opened, arguments.report);
  if (!found) return report(found.error());
  if (found->message_id() == 0) {
    return report(usage(fmt::format("report {} is not filed yet", arguments.report)));
  }
  const v1::Message message = find_message(*opened, found->message_id());
  if (setting.json) {
    fmt::print("{}\n", json_line(message));
    return exit_done;
  }
  // Line by line: it is pasted elsewhere, and must not be indented.
  std::istringstream lines(message.text());
  for (std::string line; std::getline(lines, line);) fmt::print("{}\n", printable(line));
  return exit_done;
}

}  // namespace fenghuo::cli
