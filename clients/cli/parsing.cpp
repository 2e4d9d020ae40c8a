// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/parsing.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace fenghuo::cli {

CLI::App* add_verb(CLI::App& app, const char* name, const char* what, const char* example) {
  auto* verb = app.add_subcommand(name, what);
  verb->footer(std::string("Example:\n  ") + example);
  return verb;
}

CLI::App* add_group(CLI::App& app, const char* name, const char* what, const char* example) {
  const auto known = app.get_subcommands([name](CLI::App* one) { return one->get_name() == name; });
  if (!known.empty()) return known.front();
  auto* group = add_verb(app, name, what, example);
  group->require_subcommand(1);
  return group;
}

void add_signature(CLI::App& verb, Signature& signature) {
  SpokenFor& spoken = signature.spoken;
  verb.add_option("--as", signature.role,
                  "The role acted in, for example eoc/duty-chief; default: your only one");
  verb.add_option("--on-behalf", spoken.giver, "代录: the role, contact or account who said it");
  verb.add_option("--medium", spoken.medium, "How it was said")
      ->check(one_of(media))
      ->capture_default_str();
  verb.add_option("--stated-at", spoken.stated_at,
                  "When it was said: HH:MM, YYYY-MM-DDTHH:MM or -10m; default now");
  verb.add_option("--reference", spoken.reference, "Number of the slip, call or fax");
}

void on_choice(CLI::App& verb, Chosen& chosen, Chosen run) {
  verb.callback([&chosen, run = std::move(run)] { chosen = run; });
}

OneOf::operator CLI::Validator() const {
  const std::string words = fmt::format("{}", fmt::join(typed, "|"));
  return CLI::Validator(
      [words, takes = is_word](std::string& word) {
        return takes(word) ? std::string() : word + " is none of " + words;
      },
      words);
}

}  // namespace fenghuo::cli
