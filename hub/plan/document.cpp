// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/document.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <chrono>

namespace fenghuo::plan {

namespace {

Place place_of(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

base::TimeUs microseconds(const toml::date_time& value) {
  using std::chrono::day;
  using std::chrono::month;
  using std::chrono::sys_days;
  using std::chrono::year;
  const sys_days date = year{value.date.year} / month{value.date.month} / day{value.date.day};
  const std::int64_t seconds = date.time_since_epoch().count() * 86'400LL +
                               value.time.hour * 3'600LL + value.time.minute * 60LL +
                               value.time.second - value.offset->minutes * 60LL;
  return seconds * base::us_per_s + value.time.nanosecond / 1'000;
}

Node convert(const toml::node& from);

void convert_table(const toml::table& table, Node& to) {
  to.kind = Node::Kind::Table;
  to.kind_name = "a table";
  for (const auto& [key, value] : table) {
    to.members.push_back({std::string(key.str()), place_of(key.source()), convert(value)});
  }
}

void convert_list(const toml::array& list, Node& to) {
  to.kind = Node::Kind::List;
  to.kind_name = "a list";
  for (const toml::node& item : list) to.items.push_back(convert(item));
}

void convert_value(const toml::node& from, Node& to) {
  if (const auto* text = from.as_string()) {
    to.kind = Node::Kind::Text;
    to.kind_name = "text";
    to.text = text->get();
  } else if (const auto* integer = from.as_integer()) {
    to.kind = Node::Kind::Integer;
    to.kind_name = "a whole number";
    to.integer = integer->get();
  } else if (const auto* fraction = from.as_floating_point()) {
    to.kind = Node::Kind::Fraction;
    to.kind_name = "a number with fraction";
    to.text = fmt::format("{}", fraction->get());
  } else if (const auto* truth = from.as_boolean()) {
    to.kind = Node::Kind::Truth;
    to.kind_name = "true or false";
    to.truth = truth->get();
  } else if (const auto* instant = from.as_date_time(); instant && instant->get().offset) {
    to.kind = Node::Kind::Instant;
    to.kind_name = "a date and time with offset";
    to.integer = microseconds(instant->get());
  } else if (instant != nullptr) {
    to.kind_name = "a date and time without offset";
  } else if (from.is_date()) {
    to.kind_name = "a date without time";
  } else {
    to.kind_name = "a time without date";
  }
}

Node convert(const toml::node& from) {
  Node to;
  to.place = place_of(from.source());
  if (const toml::table* table = from.as_table()) {
    convert_table(*table, to);
  } else if (const toml::array* list = from.as_array()) {
    convert_list(*list, to);
  } else {
    convert_value(from, to);
  }
  return to;
}

}  // namespace

std::optional<Node> parse_document(std::string_view text, Problems& problems) {
  try {
    return convert(toml::parse(text));
  } catch (const toml::parse_error& error) {
    problems.add(place_of(error.source()), std::string(error.description()),
                 "correct this first: what follows could not be read");
    return std::nullopt;
  }
}

}  // namespace fenghuo::plan
