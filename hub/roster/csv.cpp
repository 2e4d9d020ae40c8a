// SPDX-License-Identifier: Apache-2.0
#include "hub/roster/csv.h"

#include <algorithm>
#include <utility>

namespace fenghuo::roster {

namespace {

// By the first line that says anything.
char separator_of(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (line.find('\t') != std::string_view::npos) return '\t';
  if (line.find(',') != std::string_view::npos) return ',';
  return line.find(';') != std::string_view::npos ? ';' : ',';
}

class Parser {
 public:
  Parser(std::string_view text, plan::Problems& problems) : text_(text), problems_(problems) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
    separator_ = separator_of(text_);
  }

  std::vector<CsvRow> parse() {
    while (at_ < text_.size()) {
      read_field();
      if (at_ < text_.size() && text_[at_] == separator_) {
        step();
        // A separator at the very end is followed by one more, empty field.
        if (at_ == text_.size()) row_.push_back({{}, place_});
        continue;
      }
      end_row();
    }
    end_row();
    return std::move(rows_);
  }

 private:
  void step() {
    const char c = text_[at_++];
    if (c == '\n') {
      ++place_.line;
      place_.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
      ++place_.column;
    }
  }

  void read_field() {
    CsvField field{{}, place_};
    while (at_ < text_.size() && text_[at_] == ' ') step();
    if (at_ < text_.size() && text_[at_] == '"') {
      read_quoted(field);
    }
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' &&
           text_[at_] != '\r') {
      field.text += text_[at_];
      step();
    }
    while (!field.text.empty() && field.text.back() == ' ') field.text.pop_back();
    row_.push_back(std::move(field));
  }

  void read_quoted(CsvField& field) {
    const plan::Place opened = place_;
    step();
    while (at_ < text_.size()) {
      if (text_[at_] == '"') {
        step();
        if (at_ == text_.size() || text_[at_] != '"') return;
      }
      field.text += text_[at_];
      step();
    }
    problems_.add(opened, "this quote is never closed", "add a \" at the end of the field");
  }

  void end_row() {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) step();
    const bool empty = row_.empty() || (row_.size() == 1 && row_[0].text.empty());
    if (!empty) rows_.push_back(std::move(row_));
    row_.clear();
  }

  std::string_view text_;
  plan::Problems& problems_;
  char separator_ = ',';
  std::size_t at_ = 0;
  plan::Place place_{1, 1};
  CsvRow row_;
  std::vector<CsvRow> rows_;
};

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, plan::Problems& problems) {
  return Parser(text, problems).parse();
}

}  // namespace fenghuo::roster
