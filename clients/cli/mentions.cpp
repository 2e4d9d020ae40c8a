// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/mentions.h"

#include <algorithm>
#include <string>

namespace fenghuo::cli {
namespace {

bool is_key_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
         c == '/';
}

}  // namespace

Mentions find_mentions(std::string_view text, const client::State& state) {
  Mentions mentions;
  auto& found = mentions.found;
  const auto add = [&](const v1::Mention& mention) {
    const auto same = [&](const v1::Mention& other) {
      return other.SerializeAsString() == mention.SerializeAsString();
    };
    if (std::none_of(found.begin(), found.end(), same)) found.push_back(mention);
  };
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    // An address inside a word ("a@b") is none.
    if (at > 0 && is_key_byte(text[at - 1])) continue;
    std::size_t end = at + 1;
    while (end < text.size() && is_key_byte(text[end])) ++end;
    std::string key(text.substr(at + 1, end - at - 1));
    // A full stop at the end of a sentence does not belong to the name.
    while (!key.empty() && (key.back() == '.' || key.back() == '/')) key.pop_back();
    v1::Mention mention;
    if (key == "all" || key == "everyone" || text.substr(at + 1).starts_with("所有人")) {
      mention.set_everyone(true);
    } else if (const auto* role = state.find_role(key)) {
      mention.set_role_id(role->id());
    } else if (const auto* account = state.find_account(key)) {
      mention.set_account_id(account->id());
    } else {
      if (!key.empty()) mentions.unknown.push_back(key);
      continue;
    }
    add(mention);
  }
  return mentions;
}

}  // namespace fenghuo::cli
