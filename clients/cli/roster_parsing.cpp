// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/order_parsing.h"
#include "clients/cli/roster_verbs.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace fenghuo::cli {
namespace {

void add_options(CLI::App& verb, RosterOptions& options) {
  verb.add_option("--zone", options.zone,
                  "Zone of the local times, such as Europe/Berlin; default: the center's");
  verb.add_flag("--preview", options.preview, "Show what would change, store nothing");
  verb.add_flag("--replace", options.replace,
                "Drop what is planned in the way, instead of refusing");
  verb.add_flag("--shared", options.shared, "Several may be primary or leader of a role at once");
}

void add_import(CLI::App& group, Chosen& chosen) {
  auto file = std::make_shared<std::string>();
  auto options = std::make_shared<RosterOptions>();
  auto* verb = add_verb(group, "import", "Plan shifts from a CSV file; all of it or nothing",
                        "fenghuo duty import december.csv --preview");
  verb->add_option("file", *file,
                   "CSV in UTF-8 or cells pasted with tabs; - = standard input. Columns: role, "
                   "person, from, to, and if wanted standing, zone (岗位, 人员, 开始, 结束, 席位, "
                   "时区)")
      ->required();
  add_options(*verb, *options);
  verb->callback([&chosen, file, options] {
    chosen = [=](const Setting& setting) { return run_duty_import(setting, *file, *options); };
  });
}

void add_rotate(CLI::App& group, Chosen& chosen) {
  auto rotate = std::make_shared<RotateArguments>();
  auto* verb = add_verb(group, "rotate", "Plan shifts of people who follow each other",
                        "fenghuo duty rotate eoc/duty-chief --people zhang.qiming,li.jing "
                        "--first \"2026-11-30 08:00\" --every 12h --until \"2026-12-31 20:00\"");
  verb->add_option("role", rotate->role, "Key of the role")->required();
  verb->add_option("--people", rotate->people, "Accounts or contact:KEY, in order, with commas")
      ->required();
  verb->add_option("--first", rotate->first, "Local time of the first handover")->required();
  verb->add_option("--every", rotate->every, "Length of a turn: 12h, 1d or 1w")->required();
  verb->add_option("--until", rotate->until, "Local time when the last turn ends")->required();
  verb->add_option("--standing", rotate->standing, "primary, deputy or leader")
      ->check(CLI::IsMember({"primary", "deputy", "leader"}))
      ->capture_default_str();
  verb->add_option("--key", rotate->key, "Name of the rotation; default: the role");
  add_options(*verb, rotate->options);
  verb->callback([&chosen, rotate] {
    chosen = [rotate](const Setting& setting) { return run_duty_rotate(setting, *rotate); };
  });
}

}  // namespace

void add_roster_verbs(CLI::App& group, Chosen& chosen) {
  add_import(group, chosen);
  add_rotate(group, chosen);
  auto role = std::make_shared<std::string>();
  auto days = std::make_shared<std::uint32_t>(7);
  auto* verb = add_verb(group, "preview", "Who changes when on a role, in the coming days",
                        "fenghuo duty preview eoc/duty-chief --days 3");
  verb->add_option("role", *role, "Key of the role")->required();
  verb->add_option("--days", *days, "So many days ahead")
      ->check(CLI::Range(1, 366))
      ->capture_default_str();
  verb->callback([&chosen, role, days] {
    chosen = [=](const Setting& setting) { return run_duty_preview(setting, *role, *days); };
  });
}

}  // namespace fenghuo::cli
