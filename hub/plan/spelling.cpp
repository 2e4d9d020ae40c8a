// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/spelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>

namespace fenghuo::plan {

namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

struct Unit {
  std::string_view name;
  base::TimeUs us;
};

constexpr std::array units{
    Unit{"d", 86'400 * base::us_per_s},
    Unit{"h", 3'600 * base::us_per_s},
    Unit{"min", 60 * base::us_per_s},
    Unit{"s", base::us_per_s},
};

constexpr int decimal_digits_max = 18;
constexpr int decimal_exponent_max = 12;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_while(std::string_view& text, bool (*fits)(char)) {
  const auto end = std::find_if_not(text.begin(), text.end(), fits);
  const std::string_view taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(taken.size());
  return taken;
}

// "IncidentCategory" -> "INCIDENT_CATEGORY_", with which the names of its values begin.
std::string prefix_of(const google::protobuf::EnumDescriptor& type) {
  std::string prefix;
  for (const char c : type.name()) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper && !prefix.empty()) prefix += '_';
    prefix += static_cast<char>(is_upper ? c : c - 'a' + 'A');
  }
  return prefix + "_";
}

}  // namespace

bool is_duration(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 && field.name().ends_with("_us");
}

std::string key_of(const FieldDescriptor& field) {
  std::string key = field.name();
  if (is_duration(field)) key.resize(key.size() - 3);
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

std::string singular(std::string key) {
  if (key.ends_with("ies")) return key.substr(0, key.size() - 3) + "y";
  if (key.ends_with("s")) key.pop_back();
  return key;
}

std::string word_of(const EnumValueDescriptor& value) {
  const std::string prefix = prefix_of(*value.type());
  std::string_view name = value.name();
  if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  std::string word;
  for (const char c : name) {
    word += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return word;
}

std::optional<base::TimeUs> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  base::TimeUs total = 0;
  auto larger = units.begin();
  while (!text.empty()) {
    const std::string_view number = take_while(text, is_digit);
    if (!text.starts_with(' ')) return std::nullopt;
    text.remove_prefix(1);
    const std::string_view name = take_while(text, [](char c) { return c != ' '; });
    const auto unit =
        std::find_if(larger, units.end(), [name](const Unit& one) { return one.name == name; });
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), count);
    if (number.empty() || error != std::errc() || unit == units.end()) return std::nullopt;
    if (count > (std::numeric_limits<base::TimeUs>::max() - total) / unit->us) return std::nullopt;
    total += count * unit->us;
    larger = unit + 1;
    if (text.empty()) break;
    text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
  }
  return total;
}

std::string duration_text(base::TimeUs us) {
  if (us <= 0 || us % base::us_per_s != 0) return us == 0 ? "none" : fmt::format("{} us", us);
  std::string text;
  for (const Unit& unit : units) {
    if (us < unit.us) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", us / unit.us, unit.name);
    us %= unit.us;
  }
  return text;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  std::string digits(take_while(text, is_digit));
  int exponent = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::string_view fraction = take_while(text, is_digit);
    digits += fraction;
    exponent = -static_cast<int>(fraction.size());
  }
  if (text.starts_with('e')) {
    text.remove_prefix(text.starts_with("e+") ? 2 : 1);
    int shift = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), shift);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    exponent += shift;
    text = {};
  }
  while (digits.size() > 1 && digits.back() == '0' && exponent < 0) {
    digits.pop_back();
    ++exponent;
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return text.empty() ? std::optional(Decimal{}) : std::nullopt;
  if (!text.empty() || digits.size() > decimal_digits_max ||
      std::abs(exponent) > decimal_exponent_max) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return Decimal{is_negative ? -value : value, exponent};
}

std::string decimal_text(Decimal value) {
  std::string digits = std::to_string(std::abs(value.digits));
  if (value.exponent >= 0) {
    digits.append(static_cast<std::size_t>(value.digits == 0 ? 0 : value.exponent), '0');
  } else {
    const auto places = static_cast<std::size_t>(-value.exponent);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  return (value.digits < 0 ? "-" : "") + digits;
}

std::string entry_name(const Message& entry) {
  const google::protobuf::Reflection& reflection = *entry.GetReflection();
  const google::protobuf::Descriptor& type = *entry.GetDescriptor();
  if (const FieldDescriptor* key = type.FindFieldByName("key")) {
    return "\"" + reflection.GetString(entry, key) + "\"";
  }
  const auto add = [&](const char* grading, std::string& name) {
    const FieldDescriptor* field = type.FindFieldByName(grading);
    if (field == nullptr) return;
    const bool is_word = field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
    if (is_word && reflection.GetEnumValue(entry, field) == 0) return;
    name += fmt::format("{}{} {}", name.empty() ? "" : ", ", grading,
                        is_word ? word_of(*reflection.GetEnum(entry, field))
                                : std::to_string(reflection.GetUInt32(entry, field)));
  };
  std::string name;
  for (const char* grading : {"level", "severity", "colour", "stage"}) add(grading, name);
  // By itself a precedence says how an entry is sent, not what it is for.
  if (!name.empty()) add("precedence", name);
  return name;
}

}  // namespace fenghuo::plan
