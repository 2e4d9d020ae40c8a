// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/sending.h"

#include "clients/cli/finding.h"
#include "clients/cli/terms.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

namespace fenghuo::cli {
namespace {

// The only role this account belongs to; 0 = none, or several, of which he names one himself.
std::uint64_t only_role(const client::State& state) {
  std::uint64_t found = 0;
  for (const auto& [key, appointment] : state.appointments()) {
    if (appointment.account_id() != state.account_id() || appointment.ended()) continue;
    if (found != 0) return 0;
    found = appointment.role_id();
  }
  return found;
}

// Fills in the role acted in and for whom it is recorded.
std::optional<client::Failure> sign(const Opened& opened, const Signature& signature,
                                    v1::Command& command) {
  const client::State state = opened.client->state();
  // What is asked for in a role goes over with its duty; in one's own name it would stay behind.
  if (const std::uint64_t role = only_role(state); role != 0) command.set_acting_role_id(role);
  if (!signature.role.empty()) {
    const auto id = role_id(state, signature.role);
    if (!id) return id.error();
    command.set_acting_role_id(*id);
  }
  const SpokenFor& spoken = signature.spoken;
  if (spoken.giver.empty()) return std::nullopt;
  v1::OnBehalf& behalf = *command.mutable_on_behalf();
  const auto giver = party(state, spoken.giver);
  if (!giver) return giver.error();
  if (giver->role_id != 0) behalf.set_role_id(giver->role_id);
  if (giver->contact_id != 0) behalf.set_contact_id(giver->contact_id);
  if (giver->account_id != 0) behalf.set_account_id(giver->account_id);
  const auto medium = value_of(media, spoken.medium);
  if (!medium) return usage("--medium is phone, radio, in-person, fax or paper");
  behalf.set_medium(*medium);
  behalf.set_reference(spoken.reference);
  const auto stated = time_of(opened, spoken.stated_at, Side::Past, "--stated-at");
  if (!stated) return stated.error();
  behalf.set_stated_at_us(*stated == 0 ? hub_now_us(opened) : *stated);
  return std::nullopt;
}

void print_lines(std::FILE* to, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) fmt::print(to, "{}\n", line);
}

int refused(const Setting& setting, const client::Failure& failure, const About& about) {
  const int code = report(failure);
  if (failure.kind() != client::Failure::Kind::Refused || !about.now) return code;
  const auto lines = about.now(0);
  if (lines.empty()) return code;
  fmt::print(
      stderr, "{}\n",
      in({"没有改变。现状：", "沒有改變。現狀：", "Nothing was changed. Now:"}, setting.language));
  print_lines(stderr, lines);
  return code;
}

}  // namespace

std::int64_t hub_now_us(const Opened& opened) { return opened.client->welcome().hub_time_us(); }

client::Outcome<std::int64_t> time_of(const Opened& opened, const std::string& text, Side side,
                                      const char* option) {
  if (text.empty()) return std::int64_t{0};
  const auto at = parse_time(text, hub_now_us(opened), side);
  if (at) return *at;
  return usage(fmt::format("{} {}: write HH:MM, YYYY-MM-DDTHH:MM or +90m", option, text));
}

int send(const Setting& setting, Opened& opened, const Signature& signature, v1::Command command,
         const About& about) {
  if (const auto failure = sign(opened, signature, command)) return report(*failure);
  if (!setting.json) print_lines(stdout, about.before);
  std::fflush(stdout);
  const auto reply = opened.client->call(command, patience, true);
  if (!reply) return refused(setting, reply.error(), about);
  const v1::Reply::Done& done = reply->done();
  if (setting.json) {
    fmt::print("{}\n", json_line(*reply));
    return exit_done;
  }
  if (done.id() == 0) {
    fmt::print("{} ({})\n", in({"无需改变", "無需改變", "nothing had to change"}, setting.language),
               reply->position());
    return exit_done;
  }
  fmt::print("{} (id {}, {} {})\n", in({"已存盘", "已存檔", "stored"}, setting.language), done.id(),
             in({"位置", "位置", "position"}, setting.language), reply->position());
  if (about.now) print_lines(stdout, about.now(done.id()));
  return exit_done;
}

}  // namespace fenghuo::cli
