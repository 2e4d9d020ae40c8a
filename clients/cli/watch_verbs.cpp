// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/watch_verbs.h"

#include "clients/cli/finding.h"
#include "clients/cli/terms.h"
#include "clients/cli/watch_wording.h"

#include <fmt/format.h>

#include <optional>

namespace fenghuo::cli {
namespace {

using Lines = std::vector<std::string>;

std::string line_of_intake(const Setting& setting, Opened& opened, const v1::Intake& intake) {
  return intake_line(intake, find_message(opened, intake.id()), opened.client->state(),
                     setting.language);
}

About about_intake(const Setting& setting, Opened& opened, std::uint64_t intake_id) {
  About about;
  about.now = [&setting, &opened, intake_id](std::uint64_t id) {
    const auto intake = find_intake(opened, intake_id != 0 ? intake_id : id);
    if (!intake) return Lines();
    return Lines{line_of_intake(setting, opened, *intake)};
  };
  return about;
}

// What it ends as; exactly one way.
std::optional<client::Failure> set_end(Opened& opened, const CloseIntakeArguments& arguments,
                                       v1::CloseIntake& close) {
  const int ways =
      static_cast<int>(!arguments.incident.empty()) + static_cast<int>(!arguments.order.empty()) +
      static_cast<int>(!arguments.transfer.empty()) + static_cast<int>(arguments.nothing);
  if (ways != 1) return usage("one of --incident, --order, --transfer or --nothing");
  if (!arguments.incident.empty()) {
    const auto incident = find_incident(opened, arguments.incident);
    if (!incident) return incident.error();
    close.set_incident_id(incident->id());
  } else if (!arguments.order.empty()) {
    const auto order = find_order(opened, arguments.order);
    if (!order) return order.error();
    close.set_order_id(order->id());
  } else if (!arguments.transfer.empty()) {
    const auto to = party(opened.client->state(), arguments.transfer);
    if (!to) return to.error();
    if (to->account_id != 0) return usage("--transfer goes to a role or a contact");
    if (to->role_id != 0) close.set_transferred_role_id(to->role_id);
    if (to->contact_id != 0) close.set_transferred_contact_id(to->contact_id);
  } else {
    close.set_nothing(true);
  }
  return std::nullopt;
}

// Open rows of the line, or with `all` the newest 200; ended ones too.
template <typename Row>
client::Outcome<std::vector<Row>> rows(
    Opened& opened, bool all, v1::RowKind kind, bool (v1::Update::*has)() const,
    const Row& (v1::Update::*row)() const,
    const google::protobuf::RepeatedPtrField<Row>& (v1::Snapshot::*listed)() const) {
  std::vector<Row> found;
  if (all) {
    const auto answer = list(opened, kind, 0);
    if (!answer) return answer.error();
    const auto& every = ((*answer).*listed)();
    found.assign(every.begin(), every.end());
    return found;
  }
  const client::State state = opened.client->state();
  for (const auto& [key, update] : state.rows()) {
    if ((update.*has)()) found.push_back((update.*row)());
  }
  return found;
}

void show(const Setting& setting, const google::protobuf::Message& row, const Lines& lines) {
  if (setting.json) {
    fmt::print("{}\n", json_line(row));
    return;
  }
  for (const std::string& line : lines) fmt::print("{}\n", line);
}

About about_alarm(const Setting& setting, Opened& opened, std::uint64_t alarm_id) {
  About about;
  about.now = [&setting, &opened, alarm_id](std::uint64_t) {
    const auto alarm = find_alarm(opened, alarm_id);
    if (!alarm) return Lines();
    return Lines{alarm_line(*alarm, opened.client->state(), setting.language)};
  };
  return about;
}

About about_spoken(const Setting& setting, Opened& opened, std::uint64_t spoken_id) {
  About about;
  about.now = [&setting, &opened, spoken_id](std::uint64_t) {
    const auto spoken = find_spoken(opened, spoken_id);
    if (!spoken) return Lines();
    return Lines{spoken_line(*spoken, opened.client->state(), setting.language)};
  };
  return about;
}

}  // namespace

int run_intake_take(const Setting& setting, const TakeArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  v1::Command command;
  v1::TakeIntake& take = *command.mutable_take_intake();
  const auto channel = channel_id(opened->client->state(), arguments.channel);
  if (!channel) return report(channel.error());
  take.set_channel_id(*channel);
  take.set_content(joined(arguments.words));
  take.mutable_caller()->set_name(arguments.caller);
  take.mutable_caller()->set_unit(arguments.unit);
  take.mutable_caller()->set_number(arguments.number);
  take.set_medium(value_of(media, arguments.via).value_or(v1::OnBehalf::MEDIUM_UNSPECIFIED));
  take.set_place(arguments.place);
  take.set_precedence(
      value_of(precedences, arguments.precedence).value_or(v1::PRECEDENCE_UNSPECIFIED));
  const auto happened = time_of(*opened, arguments.happened_at, Side::Past, "--happened-at");
  if (!happened) return report(happened.error());
  const auto received = time_of(*opened, arguments.received_at, Side::Past, "--received-at");
  if (!received) return report(received.error());
  take.set_stated_us(*happened);
  take.set_received_us(*received);
  return send(setting, *opened, arguments.signature, command, about_intake(setting, *opened, 0));
}

int run_intake_list(const Setting& setting, const ListArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto found =
      rows<v1::Intake>(*opened, arguments.all, v1::ROW_KIND_INTAKE, &v1::Update::has_intake,
                       &v1::Update::intake, &v1::Snapshot::intakes);
  if (!found) return report(found.error());
  for (const v1::Intake& one : *found) {
    if (setting.json) {
      fmt::print("{}\n", json_line(one));
    } else {
      fmt::print("{}\n", line_of_intake(setting, *opened, one));
    }
  }
  return exit_done;
}

int run_intake_close(const Setting& setting, const CloseIntakeArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto intake = find_intake(*opened, arguments.id);
  if (!intake) return report(intake.error());
  v1::Command command;
  v1::CloseIntake& close = *command.mutable_close_intake();
  close.set_intake_id(intake->id());
  close.set_seen_revision(intake->revision());
  close.set_reason(joined(arguments.reason));
  if (const auto failure = set_end(*opened, arguments, close)) return report(*failure);
  return send(setting, *opened, arguments.signature, command,
              about_intake(setting, *opened, intake->id()));
}

int run_alarm_list(const Setting& setting, const ListArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  auto found = rows<v1::Alarm>(*opened, arguments.all, v1::ROW_KIND_ALARM, &v1::Update::has_alarm,
                               &v1::Update::alarm, &v1::Snapshot::alarms);
  if (!found) return report(found.error());
  const client::State state = opened->client->state();
  for (const v1::Alarm& one : *found) {
    show(setting, one, {alarm_line(one, state, setting.language)});
  }
  return exit_done;
}

int run_alarm_show(const Setting& setting, const RowArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto alarm = find_alarm(*opened, arguments.id);
  if (!alarm) return report(alarm.error());
  show(setting, *alarm, alarm_lines(*alarm, opened->client->state(), setting.language));
  return exit_done;
}

int run_alarm_close(const Setting& setting, const ReasonArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto alarm = find_alarm(*opened, arguments.id);
  if (!alarm) return report(alarm.error());
  v1::Command command;
  v1::CloseAlarm& close = *command.mutable_close_alarm();
  close.set_alarm_id(alarm->id());
  close.set_seen_revision(alarm->revision());
  close.set_reason(joined(arguments.reason));
  return send(setting, *opened, arguments.signature, command,
              about_alarm(setting, *opened, alarm->id()));
}

int run_spoken_list(const Setting& setting, const ListArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto found =
      rows<v1::Spoken>(*opened, arguments.all, v1::ROW_KIND_SPOKEN, &v1::Update::has_spoken,
                       &v1::Update::spoken, &v1::Snapshot::spoken);
  if (!found) return report(found.error());
  const client::State state = opened->client->state();
  for (const v1::Spoken& one : *found) {
    show(setting, one, {spoken_line(one, state, setting.language)});
  }
  return exit_done;
}

int run_spoken_sign(const Setting& setting, const RowArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  v1::Command command;
  command.mutable_sign_spoken()->set_spoken_id(arguments.id);
  return send(setting, *opened, Signature(), command, about_spoken(setting, *opened, arguments.id));
}

int run_spoken_object(const Setting& setting, const ReasonArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  v1::Command command;
  command.mutable_object_to_spoken()->set_spoken_id(arguments.id);
  command.mutable_object_to_spoken()->set_reason(joined(arguments.reason));
  return send(setting, *opened, Signature(), command, about_spoken(setting, *opened, arguments.id));
}

int run_warning_list(const Setting& setting, const ListArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  auto found =
      rows<v1::Warning>(*opened, arguments.all, v1::ROW_KIND_WARNING, &v1::Update::has_warning,
                        &v1::Update::warning, &v1::Snapshot::warnings);
  if (!found) return report(found.error());
  const auto colour = [](const v1::Warning& one) {
    return one.has_content() ? one.content().colour() : one.pending().content().colour();
  };
  // Red first; rows of one colour stay as they came.
  std::vector<const v1::Warning*> order;
  for (const auto& term : colours) {
    for (const v1::Warning& one : *found) {
      if (colour(one) == term.value) order.push_back(&one);
    }
  }
  const client::State state = opened->client->state();
  for (const v1::Warning* one : order) {
    show(setting, *one, {warning_line(*one, state, setting.language)});
  }
  return exit_done;
}

int run_warning_show(const Setting& setting, const RowArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto warning = find_warning(*opened, arguments.id);
  if (!warning) return report(warning.error());
  show(setting, *warning, warning_lines(*warning, opened->client->state(), setting.language));
  return exit_done;
}

}  // namespace fenghuo::cli
