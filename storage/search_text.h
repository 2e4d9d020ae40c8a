// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

// How text is made findable, without any setting of language: full width and half width, upper and
// lower case, traditional and simplified characters are alike; Chinese, Japanese and Korean are cut
// into single characters and pairs, everything else into words. Thread-safe.
namespace fenghuo::storage {

// Text in the form that is compared: NFKC case fold, each traditional character replaced by its
// simplified one. What is not UTF-8 becomes U+FFFD.
std::string fold(std::string_view text);

// The terms a text is indexed under: ascending, each once. Characters and pairs of CJK runs; words
// of letters and digits, cut after 64 bytes.
std::vector<std::string> index_terms(std::string_view text);

// A text that is searched for.
class SearchText {
 public:
  SearchText() = default;
  explicit SearchText(std::string_view text);

  // All of these must be there: pairs of a CJK run, the character of a run of one, whole words.
  // At most 32; of longer texts the rest is checked by matches() alone.
  const std::vector<std::string>& terms() const { return terms_; }
  // Words beginning with this must be there; empty = none. It is the last word of the text, if it
  // has two characters or more and nothing follows it: people search while typing.
  const std::string& prefix() const { return prefix_; }
  // There is nothing to search for.
  bool empty() const { return terms_.empty() && prefix_.empty(); }

  // Whether a message has all of it: each CJK run somewhere in one piece, each word as a word (the
  // prefix as the beginning of one).
  bool matches(std::string_view text) const;

 private:
  std::vector<std::string> runs_;
  std::vector<std::string> words_;
  std::vector<std::string> terms_;
  std::string prefix_;
};

}  // namespace fenghuo::storage
