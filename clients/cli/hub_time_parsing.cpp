// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/hub_time_parsing.h"

#include "clients/cli/hub_time_verbs.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

namespace fenghuo::cli {

void add_hub_time_verbs(CLI::App& app, Chosen& chosen) {
  auto* outage = add_group(app, "outage", "停机: when the hub was away", "fenghuo outage list");
  auto all = std::make_shared<bool>(false);
  auto* verb = add_verb(*outage, "list", "Outages not closed yet", "fenghuo outage list");
  verb->add_flag("--all", *all, "Closed ones too, newest first, at most 200");
  on_choice(*verb, chosen,
            [all](const Setting& setting) { return run_outage_list(setting, *all); });
  auto close = std::make_shared<CloseOutageArguments>();
  verb = add_verb(*outage, "close", "What happened meanwhile has been entered, or was nothing",
                  "fenghuo outage close 1042 all slips of the night are in");
  verb->add_option("id", close->id, "Its id, from the list")->required();
  verb->add_option("note", close->note, "In words")->required();
  on_choice(*verb, chosen, close, run_outage_close);

  auto* clock = add_group(app, "clock", "时钟: hub time in doubt", "fenghuo clock show");
  verb = add_verb(*clock, "show", "Whether the clock is in doubt, and why", "fenghuo clock show");
  on_choice(*verb, chosen, [](const Setting& setting) { return run_clock_show(setting); });
  auto note = std::make_shared<std::vector<std::string>>();
  verb = add_verb(*clock, "accept", "The wall clock of the hub's machine is right",
                  "fenghuo clock accept compared with the radio clock");
  verb->add_option("note", *note, "How it was compared");
  on_choice(*verb, chosen,
            [note](const Setting& setting) { return run_clock_accept(setting, *note); });
}

}  // namespace fenghuo::cli
