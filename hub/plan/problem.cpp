// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace fenghuo::plan {

namespace {

// Edits (insert, delete, replace, swap of neighbours) from one word to the other.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before_last(to.size() + 1);
  std::vector<std::size_t> last(to.size() + 1);
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const bool same = from[i - 1] == to[j - 1];
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[to.size()];
}

}  // namespace

void Problems::add(Place place, std::string what, std::string fix) {
  // Behind those of the same place: they stay in the order they were found.
  const auto after =
      std::upper_bound(list_.begin(), list_.end(), place,
                       [](const Place& one, const Problem& other) { return one < other.place; });
  list_.insert(after, Problem{place, std::move(what), std::move(fix)});
}

std::vector<Problem> Problems::take_sorted() { return std::exchange(list_, {}); }

std::string to_string(const std::string& file, const Problem& problem) {
  std::string text = file;
  if (problem.place.line > 0) {
    text += fmt::format(":{}:{}", problem.place.line, problem.place.column);
  }
  text += ": " + problem.what;
  if (!problem.fix.empty()) text += "; " + problem.fix;
  return text;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  // A third of the letters may be wrong; more is another word.
  constexpr std::size_t compared_bytes_max = 128;
  if (word.empty() || word.size() > compared_bytes_max) return {};
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > compared_bytes_max) continue;
    const std::size_t edits = distance(word, candidate);
    if (edits < best_distance) {
      best_distance = edits;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         std::string otherwise) {
  const std::string guess = nearest(word, candidates);
  if (guess.empty()) return otherwise;
  return fmt::format("did you mean \"{}\"?", guess);
}

std::string one_of(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace fenghuo::plan
