// SPDX-License-Identifier: Apache-2.0
#include "storage/search_text.h"

#include "hub/base/check.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>
#include <unordered_map>

namespace fenghuo::storage {

namespace {

constexpr std::size_t word_bytes_max = 64;
constexpr std::size_t terms_max = 32;

// Traditional character -> simplified one, each taken by itself: a table is fast, needs no lock,
// and folds a character alike wherever it stands (the transliterator looks at its neighbours).
class SimplifiedTable {
 public:
  SimplifiedTable() {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> to_simplified(
        icu::Transliterator::createInstance("Hant-Hans", UTRANS_FORWARD, status));
    FENGHUO_CHECK(U_SUCCESS(status));
    add(*to_simplified, 0x3400, 0x9fff);
    add(*to_simplified, 0xf900, 0xfaff);
    add(*to_simplified, 0x20000, 0x323af);
  }

  UChar32 of(UChar32 point) const {
    if (point < 0x3400) return point;
    const auto found = simplified_.find(point);
    return found == simplified_.end() ? point : found->second;
  }

 private:
  // All of a range in one call, a line each: calls are costly.
  void add(const icu::Transliterator& to_simplified, UChar32 first, UChar32 last) {
    icu::UnicodeString lines;
    for (UChar32 point = first; point <= last; ++point) lines.append(point).append(u'\n');
    to_simplified.transliterate(lines);
    int32_t at = 0;
    for (UChar32 point = first; point <= last; ++point) {
      const int32_t end = lines.indexOf(u'\n', at);
      const UChar32 simple = lines.char32At(at);
      if (simple != point && at + U16_LENGTH(simple) == end) simplified_.emplace(point, simple);
      at = end + 1;
    }
  }

  std::unordered_map<UChar32, UChar32> simplified_;
};

const SimplifiedTable& simplified_table() {
  static const SimplifiedTable table;
  return table;
}

const icu::Normalizer2& case_fold() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  FENGHUO_CHECK(U_SUCCESS(status));
  return *fold;
}

void append_utf8(std::string& out, UChar32 point) {
  char bytes[U8_MAX_LENGTH];
  int32_t length = 0;
  UBool failed = false;
  U8_APPEND(reinterpret_cast<uint8_t*>(bytes), length, U8_MAX_LENGTH, point, failed);
  if (!failed) out.append(bytes, static_cast<std::size_t>(length));
}

template <typename Visit>
void for_each_folded(std::string_view text, const Visit& visit) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString folded = case_fold().normalize(
      icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())}), status);
  FENGHUO_CHECK(U_SUCCESS(status));
  const SimplifiedTable& table = simplified_table();
  for (int32_t at = 0; at < folded.length();) {
    const UChar32 point = folded.char32At(at);
    at += U16_LENGTH(point);
    visit(table.of(point));
  }
}

enum class Kind { Break, Cjk, Word };

Kind kind_of(UChar32 point) {
  if (point < 0x80) {
    const bool alnum = (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
    return alnum ? Kind::Word : Kind::Break;
  }
  if (u_hasBinaryProperty(point, UCHAR_IDEOGRAPHIC)) return Kind::Cjk;
  if (!u_isalnum(point)) {
    // Vowel signs and accents belong to the word that they stand in.
    return (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0 ? Kind::Word : Kind::Break;
  }
  for (const UScriptCode script :
       {USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_HANGUL, USCRIPT_BOPOMOFO}) {
    if (uscript_hasScript(point, script)) return Kind::Cjk;
  }
  return Kind::Word;
}

// A stretch of folded characters of one kind.
struct Run {
  Kind kind;
  std::string text;
  // Where its characters begin, and its end.
  std::vector<std::size_t> starts;
};

struct Runs {
  std::vector<Run> runs;
  // The text ends within the last run.
  bool open_end = false;
};

Runs runs_of(std::string_view text) {
  Runs found;
  Kind before = Kind::Break;
  for_each_folded(text, [&](UChar32 point) {
    const Kind kind = kind_of(point);
    if (kind != Kind::Break) {
      if (kind != before) found.runs.push_back({kind, {}, {}});
      Run& run = found.runs.back();
      if (kind == Kind::Cjk || run.text.size() < word_bytes_max) {
        run.starts.push_back(run.text.size());
        append_utf8(run.text, point);
      }
    }
    before = kind;
  });
  for (Run& run : found.runs) run.starts.push_back(run.text.size());
  found.open_end = before != Kind::Break;
  return found;
}

std::size_t characters(const Run& run) { return run.starts.size() - 1; }

// `count` characters from the `first` on.
std::string piece(const Run& run, std::size_t first, std::size_t count) {
  return run.text.substr(run.starts[first], run.starts[first + count] - run.starts[first]);
}

void keep_each_once(std::vector<std::string>& terms) {
  std::ranges::sort(terms);
  const auto repeated = std::ranges::unique(terms);
  terms.erase(repeated.begin(), repeated.end());
}

}  // namespace

std::string fold(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for_each_folded(text, [&](UChar32 point) { append_utf8(folded, point); });
  return folded;
}

std::vector<std::string> index_terms(std::string_view text) {
  std::vector<std::string> terms;
  for (Run& run : runs_of(text).runs) {
    if (run.kind == Kind::Word) {
      terms.push_back(std::move(run.text));
      continue;
    }
    for (std::size_t i = 0; i < characters(run); ++i) {
      terms.push_back(piece(run, i, 1));
      if (i > 0) terms.push_back(piece(run, i - 1, 2));
    }
  }
  keep_each_once(terms);
  return terms;
}

SearchText::SearchText(std::string_view text) {
  Runs found = runs_of(text);
  if (found.open_end) {
    const Run& last = found.runs.back();
    if (last.kind == Kind::Word && characters(last) >= 2) {
      prefix_ = last.text;
      found.runs.pop_back();
    }
  }
  for (const Run& run : found.runs) {
    if (run.kind == Kind::Word) {
      words_.push_back(run.text);
      terms_.push_back(run.text);
      continue;
    }
    runs_.push_back(run.text);
    if (characters(run) == 1) terms_.push_back(run.text);
    for (std::size_t i = 1; i < characters(run); ++i) terms_.push_back(piece(run, i - 1, 2));
  }
  keep_each_once(terms_);
  if (terms_.size() > terms_max) terms_.resize(terms_max);
}

bool SearchText::matches(std::string_view text) const {
  const std::vector<Run> runs = runs_of(text).runs;
  const auto has = [&runs](Kind kind, const auto& fits) {
    return std::ranges::any_of(runs,
                               [&](const Run& run) { return run.kind == kind && fits(run.text); });
  };
  for (const std::string& wanted : runs_) {
    const auto fits = [&](const std::string& run) { return run.find(wanted) != run.npos; };
    if (!has(Kind::Cjk, fits)) return false;
  }
  for (const std::string& wanted : words_) {
    if (!has(Kind::Word, [&](const std::string& word) { return word == wanted; })) return false;
  }
  if (prefix_.empty()) return true;
  return has(Kind::Word, [&](const std::string& word) { return word.starts_with(prefix_); });
}

}  // namespace fenghuo::storage
