// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/terms.h"

namespace fenghuo::cli {

std::string_view in(const Words& words, Language language) {
  switch (language) {
    case Language::Hans: return words.hans;
    case Language::Hant: return words.hant;
    case Language::En: return words.en;
  }
  return words.en;
}

std::optional<v1::Level> level_of(std::string_view word) {
  if (const auto level = value_of(incident_levels, word)) return level;
  return value_of(response_levels, word);
}

}  // namespace fenghuo::cli
