// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clients/cli/sending.h"
#include "clients/cli/terms.h"

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace fenghuo::cli {

// The verb chosen, to be run after parsing.
using Chosen = std::function<int(const Setting&)>;

CLI::App* add_verb(CLI::App& app, const char* name, const char* what, const char* example);

// A verb with verbs of its own; the same one again when it is there.
CLI::App* add_group(CLI::App& app, const char* name, const char* what, const char* example);

// --as and 代录 --on-behalf, --medium, --stated-at, --reference: of every verb that changes
// something.
void add_signature(CLI::App& verb, Signature& signature);

// `run` is chosen when the verb is.
void on_choice(CLI::App& verb, Chosen& chosen, Chosen run);
// The same with what was parsed into `arguments`.
template <typename Arguments>
void on_choice(CLI::App& verb, Chosen& chosen, std::shared_ptr<Arguments> arguments,
               int (*run)(const Setting&, const Arguments&)) {
  on_choice(verb, chosen,
            [arguments, run](const Setting& setting) { return run(setting, *arguments); });
}

// A check of an option: takes the words of these terms, as typed or as they read in any language;
// help lists the typed ones.
struct OneOf {
  std::vector<std::string> typed;
  std::function<bool(const std::string&)> is_word;

  operator CLI::Validator() const;
};
template <typename Value, std::size_t count>
OneOf one_of(const std::array<Term<Value>, count>& terms) {
  return {typed_words(terms),
          [&terms](const std::string& word) { return value_of(terms, word).has_value(); }};
}

}  // namespace fenghuo::cli
