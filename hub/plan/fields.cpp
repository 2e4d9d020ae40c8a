// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/fields.h"

#include "hub/base/limits.h"

#include <fmt/format.h>

#include <algorithm>

namespace fenghuo::plan {

namespace {

bool is_key_start(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

std::vector<std::string> spelled(const std::vector<Word>& words) {
  std::vector<std::string> texts;
  for (const Word& word : words) texts.emplace_back(word.word);
  return texts;
}

}  // namespace

bool is_key(std::string_view text, KeyForm form) {
  if (text.empty() || text.size() > base::limits::key_bytes_max || !is_key_start(text[0])) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [form](char c) {
    return is_key_start(c) || c == '_' || c == '/' || c == '-' ||
           (c == '.' && form == KeyForm::Account);
  });
}

std::string_view key_rule(KeyForm form) {
  return form == KeyForm::Account
             ? "a key begins with a-z or 0-9 and goes on with a-z, 0-9, '.', '_', '/' or '-', "
               "64 bytes at most"
             : "a key begins with a-z or 0-9 and goes on with a-z, 0-9, '_', '/' or '-', "
               "64 bytes at most";
}

void Fields::is_named(std::string_view key) {
  if (!key.empty()) what_ += fmt::format(" \"{}\"", key);
}

const Node* Fields::take(std::string_view name) {
  asked_.emplace_back(name);
  for (const Member& member : table_.members) {
    if (member.key == name) return &member.value;
  }
  return nullptr;
}

const Node* Fields::take(std::string_view name, Node::Kind kind, std::string_view wanted) {
  const Node* node = take(name);
  if (node == nullptr || node->kind == kind) return node;
  problems_.add(node->place, fmt::format("{}: {} is {}", what_, name, node->kind_name),
                fmt::format("write {}", wanted));
  return nullptr;
}

bool Fields::fits(const Node& text, std::string_view name, std::size_t bytes_max) {
  if (text.text.size() > bytes_max) {
    problems_.add(text.place, fmt::format("{}: {} has {} bytes", what_, name, text.text.size()),
                  fmt::format("{} at most", bytes_max));
    return false;
  }
  if (has_control(text.text)) {
    problems_.add(text.place, fmt::format("{}: {} has a control character", what_, name),
                  "write it on one line, without tabs");
    return false;
  }
  return true;
}

std::optional<Placed> Fields::text(std::string_view name, std::size_t bytes_max) {
  const Node* node = take(name, Node::Kind::Text, fmt::format("{} = \"...\"", name));
  if (node == nullptr || !fits(*node, name, bytes_max)) return std::nullopt;
  return Placed{node->text, node->place};
}

Placed Fields::required_text(std::string_view name, std::size_t bytes_max) {
  if (!has(name)) missing(name, "\"...\"");
  auto found = text(name, bytes_max);
  if (found && found->text.empty()) {
    problems_.add(found->place, fmt::format("{}: {} is empty", what_, name), "fill it in");
  }
  return found.value_or(Placed{{}, place()});
}

Placed Fields::required_key(std::string_view name, KeyForm form) {
  if (!has(name)) missing(name, "\"...\"");
  const Node* node = take(name, Node::Kind::Text, fmt::format("{} = \"...\"", name));
  if (node == nullptr) return {{}, place()};
  if (!is_key(node->text, form)) {
    problems_.add(node->place, fmt::format("\"{}\" is no key", node->text),
                  std::string(key_rule(form)));
    return {{}, node->place};
  }
  return {node->text, node->place};
}

std::optional<Placed> Fields::reference(std::string_view name) {
  const Node* node = take(name, Node::Kind::Text, fmt::format("{} = \"key\"", name));
  if (node == nullptr) return std::nullopt;
  return Placed{node->text, node->place};
}

std::vector<Placed> Fields::references(std::string_view name, std::size_t max) {
  std::vector<Placed> found;
  const std::vector<Node>* nodes = texts(name, max);
  if (nodes == nullptr) return found;
  for (const Node& node : *nodes) {
    const bool twice = std::any_of(found.begin(), found.end(),
                                   [&](const Placed& seen) { return seen.text == node.text; });
    if (twice) {
      problems_.add(node.place, fmt::format("{}: {} names \"{}\" twice", what_, name, node.text),
                    "remove one");
      continue;
    }
    found.push_back({node.text, node.place});
  }
  return found;
}

bool Fields::truth(std::string_view name) {
  const Node* node = take(name, Node::Kind::Truth, fmt::format("{} = true or false", name));
  return node != nullptr && node->truth;
}

std::optional<std::int64_t> Fields::whole_number(std::string_view name, std::int64_t min,
                                                 std::int64_t max) {
  const Node* node = take(name, Node::Kind::Integer, "a whole number");
  if (node == nullptr) return std::nullopt;
  if (node->integer < min || node->integer > max) {
    problems_.add(node->place, fmt::format("{}: {} is {}", what_, name, node->integer),
                  fmt::format("write a number from {} to {}", min, max));
    return std::nullopt;
  }
  return node->integer;
}

std::int64_t Fields::instant(std::string_view name) {
  const Node* node = take(name, Node::Kind::Instant,
                          "a date and time with offset, like 2026-12-31T18:00:00+08:00");
  return node == nullptr ? 0 : node->integer;
}

v1::LocalizedText Fields::name_in_languages(std::string_view name, bool required,
                                            std::size_t bytes_max) {
  v1::LocalizedText names;
  constexpr std::string_view example = "{ zh-Hans = \"...\", zh-Hant = \"...\", en = \"...\" }";
  if (required && !has(name)) missing(name, example);
  const Node* node = take(name, Node::Kind::Table, fmt::format("{} = {}", name, example));
  if (node == nullptr) return names;
  Fields languages(*node, fmt::format("{} of {}", name, what_), problems_);
  names.set_zh_hans(languages.required_text("zh-Hans", bytes_max).text);
  if (auto zh_hant = languages.text("zh-Hant", bytes_max)) names.set_zh_hant(zh_hant->text);
  names.set_en(languages.required_text("en", bytes_max).text);
  languages.finish();
  return names;
}

std::optional<std::int64_t> Fields::duration(std::string_view name, std::int64_t min_us,
                                             std::int64_t max_us) {
  constexpr std::string_view how =
      "write a time like \"25 s\", \"5 min\", \"2 h\" or \"1 h 30 min\"";
  const Node* node = take(name, Node::Kind::Text, how.substr(how.find(' ') + 1));
  if (node == nullptr) return std::nullopt;
  const std::optional<std::int64_t> us = parse_duration(node->text);
  if (!us) {
    problems_.add(node->place, fmt::format("{}: {} \"{}\" is no time", what_, name, node->text),
                  std::string(how));
  } else if (*us < min_us || *us > max_us) {
    problems_.add(node->place, fmt::format("{}: {} is {}", what_, name, node->text),
                  fmt::format("write a time from {} to {}, or leave it out", duration_text(min_us),
                              duration_text(max_us)));
    return std::nullopt;
  }
  return us;
}

std::optional<Decimal> Fields::decimal(std::string_view name) {
  const Node* node = take(name);
  if (node == nullptr) return std::nullopt;
  if (node->kind == Node::Kind::Integer || node->kind == Node::Kind::Fraction) {
    const std::optional<Decimal> value = parse_decimal(
        node->kind == Node::Kind::Integer ? std::to_string(node->integer) : node->text);
    if (value) return value;
  }
  problems_.add(node->place, fmt::format("{}: {} is {}", what_, name, node->kind_name),
                "write a number like 85 or 0.45, of 18 digits at most");
  return std::nullopt;
}

std::optional<int> Fields::word(std::string_view name, const std::vector<Word>& words) {
  const std::vector<std::string> known = spelled(words);
  const Node* node = take(name, Node::Kind::Text, fmt::format("one of {}", one_of(known)));
  if (node == nullptr) return std::nullopt;
  for (const Word& word : words) {
    if (word.word == node->text) return word.value;
  }
  problems_.add(node->place, fmt::format("{}: {} \"{}\" is unknown", what_, name, node->text),
                did_you_mean(node->text, known, fmt::format("write {}", one_of(known))));
  return std::nullopt;
}

const std::vector<Node>* Fields::list(std::string_view name, std::size_t max, Node::Kind items,
                                      std::string_view wanted) {
  const Node* node = take(name, Node::Kind::List, wanted);
  if (node == nullptr) return nullptr;
  if (node->items.size() > max) {
    problems_.add(node->place,
                  fmt::format("{}: {} has {} entries", what_, name, node->items.size()),
                  fmt::format("{} at most", max));
    return nullptr;
  }
  for (const Node& item : node->items) {
    if (item.kind == items) continue;
    problems_.add(item.place, fmt::format("{}: an entry of {} is {}", what_, name, item.kind_name),
                  fmt::format("write {}", wanted));
    return nullptr;
  }
  return &node->items;
}

const std::vector<Node>* Fields::tables(std::string_view name, std::size_t max) {
  return list(name, max, Node::Kind::Table, fmt::format("{} = [{{ ... }}, {{ ... }}]", name));
}

const std::vector<Node>* Fields::headed(std::string_view name, std::size_t max) {
  return list(name, max, Node::Kind::Table, fmt::format("tables headed [[{}]]", name));
}

const std::vector<Node>* Fields::texts(std::string_view name, std::size_t max) {
  return list(name, max, Node::Kind::Text, fmt::format("{} = [\"...\", \"...\"]", name));
}

const Node* Fields::table(std::string_view name) {
  return take(name, Node::Kind::Table, fmt::format("a table headed [{}]", name));
}

bool Fields::has(std::string_view name) {
  return std::any_of(table_.members.begin(), table_.members.end(),
                     [name](const Member& member) { return member.key == name; });
}

bool Fields::has_empty_list(std::string_view name) {
  return std::any_of(table_.members.begin(), table_.members.end(), [name](const Member& member) {
    return member.key == name && member.value.kind == Node::Kind::List &&
           member.value.items.empty();
  });
}

void Fields::missing(std::string_view name, std::string_view example) {
  problems_.add(place(), fmt::format("{} has no {}", what_, name),
                fmt::format("add {} = {}", name, example));
}

void Fields::finish() {
  for (const Member& member : table_.members) {
    if (std::find(asked_.begin(), asked_.end(), member.key) != asked_.end()) continue;
    problems_.add(member.place, fmt::format("{}: unknown key \"{}\"", what_, member.key),
                  did_you_mean(member.key, asked_, "known: " + one_of(asked_)));
  }
}

}  // namespace fenghuo::plan
