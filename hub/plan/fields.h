// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/model.pb.h"
#include "hub/base/limits.h"
#include "hub/plan/document.h"
#include "hub/plan/problem.h"
#include "hub/plan/spelling.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::plan {

// A text of the file with its place.
struct Placed {
  std::string text;
  Place place;
};

// A word of the file and the number it stands for in the protocol.
struct Word {
  std::string_view word;
  int value;
};

// Keys begin with a-z or 0-9 and go on with a-z, 0-9, '_', '/' and '-', 64 bytes at most; those of
// accounts may have dots too.
enum class KeyForm { Plain, Account };

bool is_key(std::string_view text, KeyForm form);

// How keys are written, in words.
std::string_view key_rule(KeyForm form);

// Reads one table strictly: every field is asked for by name and type, and what nobody asked for is
// a problem. What is wrong gives a problem and a default, so that reading goes on.
class Fields {
 public:
  // `table` must outlive this. `what` names the table in messages: "department".
  Fields(const Node& table, std::string_view what, Problems& problems)
      : table_(table), what_(what), problems_(problems) {}

  // Sharpens the name in messages once the key is known: `department "fire"`.
  void is_named(std::string_view key);
  const std::string& what() const { return what_; }
  Place place() const { return table_.place; }

  // Optional ones give nullopt or the default when absent, required ones a problem.
  std::optional<Placed> text(std::string_view name, std::size_t bytes_max);
  Placed required_text(std::string_view name, std::size_t bytes_max);
  Placed required_key(std::string_view name, KeyForm form = KeyForm::Plain);
  // A mention of a key; its form is checked where it is defined.
  std::optional<Placed> reference(std::string_view name);
  std::vector<Placed> references(std::string_view name, std::size_t max);
  bool truth(std::string_view name);
  std::optional<std::int64_t> whole_number(std::string_view name, std::int64_t min,
                                           std::int64_t max);
  // Microseconds; 0 = absent.
  std::int64_t instant(std::string_view name);
  // A table { zh-Hans = "...", zh-Hant = "...", en = "..." }; zh-Hant may be left out.
  v1::LocalizedText name_in_languages(std::string_view name, bool required,
                                      std::size_t bytes_max = base::limits::name_bytes_max);
  // Microseconds of a text like "1 h 30 min".
  std::optional<std::int64_t> duration(std::string_view name, std::int64_t min_us,
                                       std::int64_t max_us);
  // A number, exactly as it is written.
  std::optional<Decimal> decimal(std::string_view name);
  // One of the words; nullopt when absent or wrong (a wrong one gives a problem).
  std::optional<int> word(std::string_view name, const std::vector<Word>& words);
  // Lists; null when absent. Tables: phones = [{...}], or headed [[department]].
  const std::vector<Node>* tables(std::string_view name, std::size_t max);
  const std::vector<Node>* headed(std::string_view name, std::size_t max);
  const std::vector<Node>* texts(std::string_view name, std::size_t max);
  const Node* table(std::string_view name);
  bool has(std::string_view name);
  bool has_empty_list(std::string_view name);
  // A name that may stand here, of a value that does not.
  void is_known(std::string_view name) { asked_.emplace_back(name); }

  void missing(std::string_view name, std::string_view example);
  // Tells of every member that nobody asked for. Call last.
  void finish();

 private:
  const Node* take(std::string_view name);
  const Node* take(std::string_view name, Node::Kind kind, std::string_view wanted);
  const std::vector<Node>* list(std::string_view name, std::size_t max, Node::Kind items,
                                std::string_view wanted);
  bool fits(const Node& text, std::string_view name, std::size_t bytes_max);

  const Node& table_;
  std::string what_;
  Problems& problems_;
  std::vector<std::string> asked_;
};

}  // namespace fenghuo::plan
