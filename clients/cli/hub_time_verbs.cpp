// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/hub_time_verbs.h"

#include "clients/cli/finding.h"
#include "clients/cli/names.h"

#include <fmt/format.h>

#include <optional>

namespace fenghuo::cli {
namespace {

constexpr std::int64_t minute_us = 60'000'000;

std::string duration(std::int64_t time_us, Language language) {
  const bool english = language == Language::En;
  const std::int64_t minutes = time_us / minute_us;
  if (minutes > 0) return fmt::format("{} {}", minutes, english ? "min" : "分钟");
  return fmt::format("{} {}", time_us / 1'000'000, english ? "s" : "秒");
}

std::string_view doubt_words(v1::ClockDoubt::Kind kind, Language language) {
  const bool english = language == Language::En;
  switch (kind) {
    case v1::ClockDoubt::KIND_BEHIND:
      return english ? "after the reboot the wall clock was behind the record"
                     : "重启后系统时钟早于记录";
    case v1::ClockDoubt::KIND_AHEAD:
      return english ? "after the reboot the wall clock was far ahead of the record"
                     : "重启后系统时钟远晚于记录";
    case v1::ClockDoubt::KIND_UNSYNCHRONISED:
      return english ? "after the reboot nothing had set the wall clock" : "重启后系统时钟未校准";
    default:
      return english ? "the wall clock goes another way than hub time" : "系统时钟与本机时间不一致";
  }
}

// The one that is open.
std::optional<v1::ClockDoubt> open_doubt(const client::State& state) {
  for (const auto& [key, update] : state.rows()) {
    if (update.has_clock_doubt()) return update.clock_doubt();
  }
  return std::nullopt;
}

}  // namespace

std::string outage_line(const v1::Outage& outage, const client::State& state, Language language) {
  const bool english = language == Language::En;
  const bool stopped = outage.cause() == v1::Outage::CAUSE_STOPPED;
  std::string line =
      fmt::format("{:<6} {}  {} - {}  ({})", outage.id(),
                  stopped ? (english ? "hub away" : "停机") : (english ? "clock stepped" : "校时"),
                  clock_time(outage.from_us()), clock_time(outage.to_us()),
                  duration(outage.to_us() - outage.from_us(), language));
  if (outage.slips() > 0) {
    line += fmt::format("  {} {}", outage.slips(), english ? "slips entered" : "条补录");
  }
  if (outage.closed_us() != 0) {
    line += fmt::format("  [{} {}] {}", account_name(state, outage.closed_by_id(), language),
                        clock_time(outage.closed_us()), outage.note());
  }
  return printable(line);
}

std::string clock_line(const v1::ClockDoubt& doubt, Language language) {
  return printable(fmt::format("{:<6} {}: {} / {}", doubt.id(), doubt_words(doubt.kind(), language),
                               clock_time(doubt.wall_us()), clock_time(doubt.hub_us())));
}

int run_outage_list(const Setting& setting, bool all) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const client::State state = opened->client->state();
  const auto found = list(*opened, v1::ROW_KIND_OUTAGE, 0);
  if (!found) return report(found.error());
  for (const v1::Outage& outage : found->outages()) {
    if (!all && outage.closed_us() != 0) continue;
    fmt::print("{}\n",
               setting.json ? json_line(outage) : outage_line(outage, state, setting.language));
  }
  return exit_done;
}

int run_outage_close(const Setting& setting, const CloseOutageArguments& arguments) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  v1::Command command;
  command.mutable_close_outage()->set_outage_id(arguments.id);
  command.mutable_close_outage()->set_note(joined(arguments.note));
  return send(setting, *opened, Signature(), command);
}

int run_clock_show(const Setting& setting) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto doubt = open_doubt(opened->client->state());
  if (!doubt) {
    const bool english = setting.language == Language::En;
    fmt::print("{}\n", english ? "the clock is not in doubt" : "时钟无疑问");
    return exit_done;
  }
  fmt::print("{}\n", setting.json ? json_line(*doubt) : clock_line(*doubt, setting.language));
  return exit_done;
}

int run_clock_accept(const Setting& setting, const std::vector<std::string>& note) {
  auto opened = open_line(setting);
  if (!opened) return report(opened.error());
  const auto doubt = open_doubt(opened->client->state());
  if (!doubt) return report(usage("the clock is not in doubt: there is nothing to accept"));
  About about;
  if (!setting.json) about.before.push_back(clock_line(*doubt, setting.language));
  v1::Command command;
  command.mutable_accept_clock()->set_doubt_id(doubt->id());
  command.mutable_accept_clock()->set_note(joined(note));
  return send(setting, *opened, Signature(), command, about);
}

}  // namespace fenghuo::cli
