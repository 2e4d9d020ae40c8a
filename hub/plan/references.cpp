// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/references.h"

#include <fmt/format.h>

#include <set>

namespace fenghuo::plan {

namespace {

std::string_view name_of(References::Kind kind) {
  switch (kind) {
    case References::Kind::Department: return "department";
    case References::Kind::Role: return "role";
    case References::Kind::Account: return "account";
    case References::Kind::Contact: return "contact";
    case References::Kind::Channel: return "channel";
    case References::Kind::Ladder: return "ladder";
    case References::Kind::Unit: return "unit";
  }
  return "";
}

std::string how_to_define(References::Kind kind, const std::string& key) {
  if (kind == References::Kind::Unit) {
    return fmt::format("give the points of a source unit = \"{}\"", key);
  }
  return fmt::format("define it under [[{}]]", name_of(kind));
}

}  // namespace

void References::define(Kind kind, const Placed& key, Problems& problems) {
  if (key.text.empty()) return;
  const auto [known, is_new] = defined_[kind].emplace(key.text, key.place);
  if (is_new) return;
  problems.add(
      key.place, fmt::format("a second {} \"{}\"", name_of(kind), key.text),
      fmt::format("the first is in line {}; give this one another key", known->second.line));
}

void References::offer(Kind kind, const Placed& key) {
  if (!key.text.empty()) defined_[kind].emplace(key.text, key.place);
}

std::optional<Place> References::place_of(Kind kind, const std::string& key) const {
  const auto of_kind = defined_.find(kind);
  if (of_kind == defined_.end()) return std::nullopt;
  const auto found = of_kind->second.find(key);
  return found == of_kind->second.end() ? std::nullopt : std::optional(found->second);
}

void References::mention(Kind kind, const Placed& key, const std::string& by) {
  mentions_.push_back({kind, key, by});
}

void References::define_parent(const std::string& department, const Placed& parent) {
  parents_.emplace(department, parent);
}

void References::define_department_channel(const Placed& department, const std::string& channel,
                                           Problems& problems) {
  const auto [known, is_new] = department_channels_.emplace(department.text, channel);
  if (is_new) return;
  problems.add(department.place,
               fmt::format("channel \"{}\" is a second channel of department \"{}\"", channel,
                           department.text),
               fmt::format("the first is \"{}\"; make this one kind = \"group\"", known->second));
}

void References::check(Problems& problems) const {
  check_mentions(problems);
  check_cycles(problems);
  check_department_channels(problems);
}

void References::check_mentions(Problems& problems) const {
  for (const Mention& mention : mentions_) {
    std::vector<std::string> known;
    if (const auto of_kind = defined_.find(mention.kind); of_kind != defined_.end()) {
      if (of_kind->second.count(mention.key.text) > 0) continue;
      for (const auto& [key, place] : of_kind->second) known.push_back(key);
    }
    problems.add(
        mention.key.place,
        fmt::format("{}: {} \"{}\" is not in this plan", mention.by, name_of(mention.kind),
                    mention.key.text),
        did_you_mean(mention.key.text, known, how_to_define(mention.kind, mention.key.text)));
  }
}

void References::check_cycles(Problems& problems) const {
  std::set<std::string> reported;
  for (const auto& [start, parent] : parents_) {
    if (reported.count(start) > 0) continue;
    std::vector<std::string> trail{start};
    for (auto above = parents_.find(parent.text); above != parents_.end();
         above = parents_.find(above->second.text)) {
      if (above->first == start) {
        std::string way;
        for (const std::string& department : trail) way += "\"" + department + "\" is under ";
        problems.add(parent.place, "departments in a circle: " + way + "\"" + start + "\"",
                     "remove one of these parents");
        reported.insert(trail.begin(), trail.end());
        break;
      }
      // Somebody else's circle: reported when it is the start's turn.
      if (trail.size() > parents_.size()) break;
      trail.push_back(above->first);
    }
  }
}

void References::check_department_channels(Problems& problems) const {
  const auto departments = defined_.find(Kind::Department);
  if (departments == defined_.end()) return;
  for (const auto& [key, place] : departments->second) {
    if (department_channels_.count(key) > 0) continue;
    problems.add(
        place, fmt::format("department \"{}\" has no channel", key),
        fmt::format("add [[channel]] with kind = \"department\", department = \"{}\"", key));
  }
}

}  // namespace fenghuo::plan
