// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/duty_verbs.h"
#include "clients/cli/duty_wording.h"
#include "clients/cli/finding.h"

#include <fmt/format.h>

namespace fenghuo::cli {
namespace {

using Lines = std::vector<std::string>;

About about_roll_call(const Setting& setting, Opened& opened, std::uint64_t roll_call_id) {
  About about;
  about.now = [&setting, &opened, roll_call_id](std::uint64_t id) {
    const auto call = find_roll_call(opened, roll_call_id != 0 ? roll_call_id : id);
    if (!call) return Lines();
    return roll_call_lines(*call, opened.client->state(), setting.language);
  };
  return about;
}

// The newest one; 0 = none.
std::uint64_t newest(const client::State& state) {
  std::uint64_t id = 0;
  for (const auto& [key, update] : state.rows()) {
    if (update.has_roll_call()) id = update.roll_call().id();
  }
  return id;
}

}  // namespace

int run_roll_call_start(const Setting& setting, const RollCallArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  v1::Command command;
  v1::StartRollCall& start = *command.mutable_start_roll_call();
  for (const std::string& key : arguments.roles) {
    const auto role = role_id(state, key);
    if (!role) return report(role.error());
    start.add_role_ids(*role);
  }
  const auto until = time_of(*opened, arguments.until, Side::Future, "--until");
  if (!until) return report(until.error());
  start.set_until_us(*until);
  return send(setting, *opened, arguments.signature, command, about_roll_call(setting, *opened, 0));
}

int run_roll_call_answer(const Setting& setting, const RollCallAnswerArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  const std::uint64_t id = arguments.id != 0 ? arguments.id : newest(state);
  if (id == 0) return report(usage("no roll-call is open"));
  const auto role = role_id(state, arguments.role);
  if (!role) return report(role.error());
  v1::Command command;
  command.mutable_answer_roll_call()->set_roll_call_id(id);
  command.mutable_answer_roll_call()->set_role_id(*role);
  return send(setting, *opened, arguments.signature, command,
              about_roll_call(setting, *opened, id));
}

int run_roll_call_show(const Setting& setting, const RollCallShowArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto found = list(*opened, v1::ROW_KIND_ROLL_CALL, arguments.id);
  if (!found) return report(found.error());
  if (found->roll_calls().empty()) return report(usage("there is no such roll-call"));
  const v1::RollCall& call = found->roll_calls(0);
  if (setting.json) {
    fmt::print("{}\n", json_line(call));
    return exit_done;
  }
  for (const std::string& line : roll_call_lines(call, opened->client->state(), setting.language)) {
    fmt::print("{}\n", line);
  }
  return exit_done;
}

}  // namespace fenghuo::cli
