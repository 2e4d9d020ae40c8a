// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/duty_verbs.h"

#include "clients/cli/duty_wording.h"
#include "clients/cli/finding.h"
#include "clients/cli/terms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string_view>

namespace fenghuo::cli {
namespace {

using Lines = std::vector<std::string>;

void print(const Lines& lines) {
  for (const std::string& line : lines) fmt::print("{}\n", line);
}

v1::Appointment::Standing standing_of(const std::string& word) {
  return value_of(standings, word).value_or(v1::Appointment::STANDING_PRIMARY);
}

client::Outcome<v1::OpenItems> open_items(Opened& opened, std::uint64_t role) {
  v1::Query query;
  query.mutable_open_items()->set_role_id(role);
  const auto result = opened.client->ask(query, patience);
  if (!result) return result.error();
  if (result->has_refused()) return client::Failure(result->refused());
  return result->open_items();
}

// Orders and intakes are messages: what they say is read with their numbers and places.
v1::OpenItems with_texts(Opened& opened, v1::OpenItems items) {
  for (v1::OpenItem& item : *items.mutable_items()) {
    const bool is_message = item.group() == v1::OpenItem::GROUP_ORDERS_TO_US ||
                            item.group() == v1::OpenItem::GROUP_ORDERS_BY_US ||
                            item.group() == v1::OpenItem::GROUP_INTAKE;
    if (!is_message) continue;
    const std::string text = find_message(opened, item.id()).text();
    if (text.empty()) continue;
    item.set_title((item.title().empty() ? "" : item.title() + "  ") + text);
  }
  return items;
}

// An open handover by id, by role, or (named by nothing) the only one offered to this account.
client::Outcome<v1::Handover> open_handover(const Opened& opened, const std::string& name) {
  const client::State state = opened.client->state();
  Lines found;
  std::optional<v1::Handover> one;
  for (const auto& [key, update] : state.rows()) {
    if (!update.has_handover()) continue;
    const v1::Handover& handover = update.handover();
    const auto role = state.roles().find(handover.role_id());
    const bool named = is_number(name) ? std::to_string(handover.id()) == name
                                       : role != state.roles().end() && role->second.key() == name;
    const bool offered = name.empty() && handover.to_account_id() == state.account_id();
    if (!named && !offered) continue;
    one = handover;
    found.push_back(std::to_string(handover.id()));
  }
  if (found.size() == 1) return *one;
  if (found.empty()) return usage("no open handover " + name + " (fenghuo duty board lists them)");
  std::string ids;
  for (const std::string& id : found) ids += (ids.empty() ? "" : ", ") + id;
  return usage("several handovers are open, name one by its id: " + ids);
}

About about_handover(const Setting& setting, Opened& opened, std::uint64_t handover_id) {
  About about;
  about.now = [&setting, &opened, handover_id](std::uint64_t id) {
    const auto handover = find_handover(opened, handover_id != 0 ? handover_id : id);
    if (!handover) return Lines();
    return Lines{handover_line(*handover, opened.client->state(), setting.language)};
  };
  return about;
}

bool says_yes(const std::string& question) {
  fmt::print(stderr, "{} [y/N] ", question);
  std::fflush(stderr);
  std::string answer;
  if (!std::getline(std::cin, answer)) return false;
  constexpr std::array<std::string_view, 5> yes{"y", "Y", "yes", "是", "接"};
  return std::find(yes.begin(), yes.end(), answer) != yes.end();
}

// The list as the incoming reads it, and his word on each red item and on the whole; nullopt = he
// does not take it.
std::optional<v1::AcceptHandover> read_and_agree(const Setting& setting,
                                                 const v1::OpenItems& items) {
  v1::AcceptHandover accept;
  accept.set_read_through(items.through());
  std::string red;
  for (const v1::OpenItem& item : items.items()) {
    if (!item.red()) continue;
    accept.add_red_item_ids(item.id());
    red += fmt::format(" --red {}", item.id());
  }
  bool agreed = true;
  for (const v1::OpenItem& item : items.items()) {
    agreed = agreed && (!item.red() || says_yes(open_item_line(item, setting.language)));
  }
  agreed =
      agreed &&
      says_yes(std::string(in({"全部接下？", "全部接下？", "Take all of it?"}, setting.language)));
  if (agreed) return accept;
  fmt::print(stderr, "\n{}: --through {}{}\n",
             in({"未接班。读过后可用以下参数接", "未接班。讀過後可用以下參數接",
                 "Not accepted. Once read it is accepted with"},
                setting.language),
             items.through(), red);
  return std::nullopt;
}

}  // namespace

int run_duty_board(const Setting& setting, const BoardArguments&) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  const auto say = [&](const google::protobuf::Message& row, Words what, const std::string& line) {
    if (setting.json) {
      fmt::print("{}\n", json_line(row));
    } else {
      fmt::print("{}  {}\n", in(what, setting.language), line);
    }
  };
  for (const auto& [key, update] : state.rows()) {
    if (update.has_handover()) {
      say(update.handover(), {"交接班", "交接班", "handover"},
          handover_line(update.handover(), state, setting.language));
    } else if (update.has_override()) {
      say(update.override(), {"替班", "替班", "override"},
          override_line(update.override(), state, setting.language));
    } else if (update.has_roster_gap()) {
      say(update.roster_gap(), {"缺班", "缺班", "gap"},
          gap_line(update.roster_gap(), state, setting.language));
    } else if (update.has_roll_call()) {
      say(update.roll_call(), {"点名", "點名", "roll-call"},
          roll_call_line(update.roll_call(), state, setting.language));
    }
  }
  return exit_done;
}

int run_duty_items(const Setting& setting, const ItemsArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto role = role_id(opened->client->state(), arguments.role);
  if (!role) return report(role.error());
  const auto items = open_items(*opened, *role);
  if (!items) return report(items.error());
  if (setting.json) {
    fmt::print("{}\n", json_line(*items));
  } else {
    print(open_items_lines(with_texts(*opened, *items), setting.language));
  }
  return exit_done;
}

int run_duty_handover(const Setting& setting, const HandoverArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  v1::Command command;
  v1::ProposeHandover& propose = *command.mutable_propose_handover();
  const auto role = role_id(state, arguments.role);
  if (!role) return report(role.error());
  const auto to = account_id(state, arguments.to);
  if (!to) return report(to.error());
  const auto due = time_of(*opened, arguments.at, Side::Future, "--at");
  if (!due) return report(due.error());
  propose.set_role_id(*role);
  propose.set_to_account_id(*to);
  propose.set_standing(standing_of(arguments.standing));
  propose.set_due_us(*due);
  propose.set_note(arguments.note);
  return send(setting, *opened, arguments.signature, command, about_handover(setting, *opened, 0));
}

int run_duty_accept(const Setting& setting, const AcceptArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto handover = open_handover(*opened, arguments.handover);
  if (!handover) return report(handover.error());
  v1::Command command;
  v1::AcceptHandover& accept = *command.mutable_accept_handover();
  if (arguments.through != 0) {
    accept.set_read_through(arguments.through);
    for (const std::uint64_t id : arguments.red) accept.add_red_item_ids(id);
  } else {
    const auto found = open_items(*opened, handover->role_id());
    if (!found) return report(found.error());
    const v1::OpenItems items = with_texts(*opened, *found);
    fmt::print("{}\n", handover_line(*handover, opened->client->state(), setting.language));
    print(open_items_lines(items, setting.language));
    std::fflush(stdout);
    const auto agreed = read_and_agree(setting, items);
    if (!agreed) return exit_usage;
    accept = *agreed;
  }
  accept.set_handover_id(handover->id());
  accept.set_seen_revision(handover->revision());
  About about = about_handover(setting, *opened, handover->id());
  // What kept him from accepting is in the list, not in the handover.
  about.now = [&, shown = about.now](std::uint64_t id) {
    Lines lines = shown(id);
    if (id != 0) return lines;
    const auto items = open_items(*opened, handover->role_id());
    if (!items) return lines;
    for (std::string& line : open_items_lines(with_texts(*opened, *items), setting.language)) {
      lines.push_back(line);
    }
    return lines;
  };
  return send(setting, *opened, arguments.signature, command, about);
}

int run_duty_withdraw(const Setting& setting, const WithdrawArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto handover = open_handover(*opened, arguments.handover);
  if (!handover) return report(handover.error());
  v1::Command command;
  v1::WithdrawHandover& withdraw = *command.mutable_withdraw_handover();
  withdraw.set_handover_id(handover->id());
  withdraw.set_seen_revision(handover->revision());
  withdraw.set_reason(joined(arguments.reason));
  return send(setting, *opened, arguments.signature, command,
              about_handover(setting, *opened, handover->id()));
}

int run_duty_takeover(const Setting& setting, const TakeoverArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  v1::Command command;
  v1::TakeOver& take = *command.mutable_take_over();
  const auto role = role_id(state, arguments.role);
  if (!role) return report(role.error());
  take.set_role_id(*role);
  if (!arguments.to.empty()) {
    const auto to = account_id(state, arguments.to);
    if (!to) return report(to.error());
    take.set_to_account_id(*to);
  }
  take.set_standing(standing_of(arguments.standing));
  take.set_reason(joined(arguments.reason));
  take.set_read_through(arguments.through);
  About about;
  about.now = [&](std::uint64_t) {
    // Its id is that of a row made here only when no proposal was open: told by the role instead.
    const auto found = list(*opened, v1::ROW_KIND_HANDOVER, 0);
    if (!found) return Lines();
    for (const v1::Handover& one : found->handovers()) {
      if (one.role_id() != *role) continue;
      return Lines{handover_line(one, state, setting.language)};
    }
    return Lines();
  };
  return send(setting, *opened, arguments.signature, command, about);
}

int run_duty_override(const Setting& setting, const OverrideArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  v1::Command command;
  v1::DutyOverride& one = *command.mutable_put_override()->mutable_override();
  const auto role = role_id(state, arguments.role);
  if (!role) return report(role.error());
  one.set_role_id(*role);
  v1::Holder& holder = *one.mutable_holder();
  holder.set_standing(standing_of(arguments.standing));
  if (!arguments.vacant.empty()) {
    holder.set_vacant(arguments.vacant);
  } else {
    const auto to = party(state, arguments.to);
    if (!to) return report(to.error());
    if (to->account_id != 0) holder.set_account_id(to->account_id);
    if (to->contact_id != 0) holder.set_contact_id(to->contact_id);
  }
  const auto from = time_of(*opened, arguments.from, Side::Future, "--from");
  if (!from) return report(from.error());
  const auto until = time_of(*opened, arguments.until, Side::Future, "--until");
  if (!until) return report(until.error());
  one.set_start_us(*from == 0 ? hub_now_us(*opened) : *from);
  one.set_end_us(*until);
  one.set_reason(joined(arguments.reason));
  About about;
  about.now = [&](std::uint64_t id) {
    const auto found = list(*opened, v1::ROW_KIND_OVERRIDE, id);
    if (id == 0 || !found || found->overrides().empty()) return Lines();
    return Lines{override_line(found->overrides(0), state, setting.language)};
  };
  return send(setting, *opened, arguments.signature, command, about);
}

int run_duty_cancel_override(const Setting& setting, const CancelOverrideArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto found = list(*opened, v1::ROW_KIND_OVERRIDE, arguments.id);
  if (!found) return report(found.error());
  if (arguments.id == 0 || found->overrides().empty()) {
    return report(usage(fmt::format("no override {}", arguments.id)));
  }
  v1::Command command;
  command.mutable_cancel_override()->set_override_id(arguments.id);
  command.mutable_cancel_override()->set_seen_revision(found->overrides(0).revision());
  About about;
  about.before = {override_line(found->overrides(0), opened->client->state(), setting.language)};
  return send(setting, *opened, arguments.signature, command, about);
}

}  // namespace fenghuo::cli
