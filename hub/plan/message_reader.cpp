// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/message_reader.h"

#include "fenghuo/v1/alarm.pb.h"
#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/plan/entry_checks.h"
#include "hub/plan/field_rules.h"
#include "hub/plan/spelling.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <set>
#include <string>
#include <utility>

namespace fenghuo::plan {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::size_t entries_max = base::limits::configuration_entries_max;

// A table is called by its key: `point "ti-2103"`; without one by its number: `limit 2`.
std::string name_of(const Node& table, const std::string& kind, std::size_t number) {
  for (const Member& member : table.members) {
    if (member.key != "key" || member.value.kind != Node::Kind::Text) continue;
    return fmt::format("{} \"{}\"", kind, member.value.text);
  }
  return fmt::format("{} {}", kind, number);
}

class MessageReader {
 public:
  MessageReader(References& references, Problems& problems)
      : references_(references), problems_(problems) {}

  void read(Fields fields, Message& to);
  // `of` is added to the name of each entry: ` of source "dcs"`.
  void read_entries(const std::vector<Node>& tables, const std::string& of,
                    const FieldDescriptor& field, Message& to);

 private:
  void read_field(Fields& fields, const FieldDescriptor& field, Message& to);
  void read_repeated(Fields& fields, const FieldDescriptor& field, const std::string& key,
                     Message& to);
  void read_texts(Fields& fields, const FieldDescriptor& field, const std::string& key,
                  Message& to);
  void read_single(Fields& fields, const FieldDescriptor& field, const std::string& key,
                   Message& to);
  void read_nested(Fields& fields, const FieldDescriptor& field, const std::string& key,
                   Message& to);
  void read_text(Fields& fields, const FieldDescriptor& field, const std::string& key, Message& to);
  void read_word(Fields& fields, const FieldDescriptor& field, const std::string& key, Message& to);

  References& references_;
  Problems& problems_;
};

void MessageReader::read(Fields fields, Message& to) {
  const google::protobuf::Descriptor& type = *to.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) read_field(fields, *type.field(i), to);
  check_entry(to, fields, problems_);
  fields.finish();
}

void MessageReader::read_entries(const std::vector<Node>& tables, const std::string& of,
                                 const FieldDescriptor& field, Message& to) {
  std::set<std::string> known;
  const std::string kind = singular(key_of(field));
  std::size_t number = 0;
  for (const Node& table : tables) {
    const std::string name = name_of(table, kind, ++number) + of;
    Message& entry = *to.GetReflection()->AddMessage(&to, &field);
    read(Fields(table, name, problems_), entry);
    const std::string grading = entry_name(entry);
    if (grading.empty() || grading == "\"\"" || known.insert(grading).second) continue;
    problems_.add(table.place, fmt::format("{}: a second {} {}", name, kind, grading),
                  "remove one, or make it for something else");
  }
}

void MessageReader::read_field(Fields& fields, const FieldDescriptor& field, Message& to) {
  const std::string key = key_of(field);
  const std::string_view example = rule_of(field).required;
  if (!example.empty() && !fields.has(key)) fields.missing(key, example);
  if (field.is_repeated()) {
    read_repeated(fields, field, key, to);
    if (!example.empty() && fields.has_empty_list(key)) {
      problems_.add(fields.place(), fmt::format("{}: {} is empty", fields.what(), key),
                    fmt::format("write {} = {}", key, example));
    }
  } else {
    read_single(fields, field, key, to);
  }
}

void MessageReader::read_repeated(Fields& fields, const FieldDescriptor& field,
                                  const std::string& key, Message& to) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    return read_texts(fields, field, key, to);
  }
  FENGHUO_CHECK(field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE);
  const std::vector<Node>* tables = fields.tables(key, entries_max);
  if (tables != nullptr) read_entries(*tables, " of " + fields.what(), field, to);
}

void MessageReader::read_texts(Fields& fields, const FieldDescriptor& field, const std::string& key,
                               Message& to) {
  const FieldRule rule = rule_of(field);
  for (const Placed& text : fields.references(key, entries_max)) {
    to.GetReflection()->AddString(&to, &field, text.text);
    if (rule.refers) references_.mention(*rule.refers, text, fields.what());
  }
}

void MessageReader::read_single(Fields& fields, const FieldDescriptor& field,
                                const std::string& key, Message& to) {
  const Reflection& reflection = *to.GetReflection();
  const FieldRule rule = rule_of(field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: return read_nested(fields, field, key, to);
    case FieldDescriptor::CPPTYPE_STRING: return read_text(fields, field, key, to);
    case FieldDescriptor::CPPTYPE_ENUM: return read_word(fields, field, key, to);
    case FieldDescriptor::CPPTYPE_BOOL:
      if (fields.truth(key)) reflection.SetBool(&to, &field, true);
      return;
    case FieldDescriptor::CPPTYPE_UINT32:
      if (const auto number = fields.whole_number(key, rule.min, rule.max)) {
        reflection.SetUInt32(&to, &field, static_cast<std::uint32_t>(*number));
      }
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      FENGHUO_CHECK(is_duration(field));
      if (const auto us = fields.duration(key, base::us_per_s, duration_us_max)) {
        reflection.SetInt64(&to, &field, *us);
      }
      return;
    default: FENGHUO_CHECK(false && "a plan has no word for fields of this type");
  }
}

void MessageReader::read_nested(Fields& fields, const FieldDescriptor& field,
                                const std::string& key, Message& to) {
  const auto part = [&]() -> Message& { return *to.GetReflection()->MutableMessage(&to, &field); };
  if (!fields.has(key)) {
    fields.is_known(key);
    return;
  }
  const google::protobuf::Descriptor* type = field.message_type();
  if (type == v1::LocalizedText::descriptor()) {
    part().CopyFrom(fields.name_in_languages(key, false, rule_of(field).bytes_max));
  } else if (type == v1::Quantity::descriptor()) {
    const std::optional<Decimal> value = fields.decimal(key);
    v1::Quantity quantity;
    quantity.set_digits(value.value_or(Decimal{}).digits);
    quantity.set_exponent(value.value_or(Decimal{}).exponent);
    part().CopyFrom(quantity);
  } else if (const Node* table = fields.table(key)) {
    read(Fields(*table, fmt::format("{} of {}", key, fields.what()), problems_), part());
  }
}

void MessageReader::read_text(Fields& fields, const FieldDescriptor& field, const std::string& key,
                              Message& to) {
  const Reflection& reflection = *to.GetReflection();
  const FieldRule rule = rule_of(field);
  if (field.name() == "key") {
    if (!fields.has(key)) return fields.is_known(key);
    return reflection.SetString(&to, &field, fields.required_key(key).text);
  }
  if (rule.refers) {
    const std::optional<Placed> mentioned = fields.reference(key);
    if (!mentioned) return;
    references_.mention(*rule.refers, *mentioned, fields.what());
    return reflection.SetString(&to, &field, mentioned->text);
  }
  const std::optional<Placed> text = fields.text(key, rule.bytes_max);
  if (!text) return;
  if (text->text.empty() && !rule.required.empty()) {
    problems_.add(text->place, fmt::format("{}: {} is empty", fields.what(), key), "fill it in");
  }
  if (field.full_name() == "fenghuo.v1.AlarmRules.Point.unit") {
    references_.offer(References::Kind::Unit, *text);
  }
  reflection.SetString(&to, &field, text->text);
}

void MessageReader::read_word(Fields& fields, const FieldDescriptor& field, const std::string& key,
                              Message& to) {
  const google::protobuf::EnumDescriptor& type = *field.enum_type();
  std::vector<std::string> spelled;
  for (int i = 0; i < type.value_count(); ++i) spelled.push_back(word_of(*type.value(i)));
  std::vector<Word> words;
  for (int i = 0; i < type.value_count(); ++i) {
    const int number = type.value(i)->number();
    if (number != 0) words.push_back({spelled[static_cast<std::size_t>(i)], number});
  }
  if (const std::optional<int> value = fields.word(key, words)) {
    to.GetReflection()->SetEnumValue(&to, &field, *value);
  }
}

}  // namespace

void read_message(Fields fields, Message& to, References& references, Problems& problems) {
  MessageReader(references, problems).read(std::move(fields), to);
}

std::string section_key(const FieldDescriptor& field) {
  return field.is_repeated() ? singular(key_of(field)) : key_of(field);
}

void read_section(Fields& root, const FieldDescriptor& field, Message& to, References& references,
                  Problems& problems) {
  MessageReader reader(references, problems);
  const std::string key = section_key(field);
  if (field.is_repeated()) {
    const std::vector<Node>* tables = root.headed(key, entries_max);
    if (tables != nullptr) reader.read_entries(*tables, "", field, to);
  } else if (const Node* table = root.table(key)) {
    reader.read(Fields(*table, fmt::format("[{}]", key), problems),
                *to.GetReflection()->MutableMessage(&to, &field));
  }
}

}  // namespace fenghuo::plan
