// SPDX-License-Identifier: Apache-2.0
#include "hub/plan/configuration_diff.h"

#include "fenghuo/v1/alarm.pb.h"
#include "hub/plan/spelling.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <utility>

namespace fenghuo::plan {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool same(const Message& a, const Message& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

bool is_message(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

// Written as one value in a plan file, though a message in the protocol.
bool is_value(const FieldDescriptor& field) {
  return !is_message(field) || field.message_type() == v1::LocalizedText::descriptor() ||
         field.message_type() == v1::Quantity::descriptor();
}

std::string text_of(const Message& value) {
  if (value.GetDescriptor() == v1::Quantity::descriptor()) {
    const auto& quantity = static_cast<const v1::Quantity&>(value);
    return decimal_text({quantity.digits(), quantity.exponent()});
  }
  const auto& text = static_cast<const v1::LocalizedText&>(value);
  std::string all = text.zh_hans();
  for (const std::string& other : {text.zh_hant(), text.en()}) {
    if (!other.empty()) all += " / " + other;
  }
  return "\"" + all + "\"";
}

std::string single_text(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (is_message(field)) {
    if (!reflection.HasField(message, &field)) return "none";
    return text_of(reflection.GetMessage(message, &field));
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      if (reflection.GetEnumValue(message, &field) == 0) return "none";
      return word_of(*reflection.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_STRING:
      return "\"" + reflection.GetString(message, &field) + "\"";
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64: return duration_text(reflection.GetInt64(message, &field));
    default: return "?";
  }
}

std::vector<std::string> list_texts(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<std::string> texts;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      texts.push_back(word_of(*reflection.GetRepeatedEnum(message, &field, i)));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      texts.push_back("\"" + reflection.GetRepeatedString(message, &field, i) + "\"");
    } else {
      texts.push_back(std::to_string(reflection.GetRepeatedUInt32(message, &field, i)));
    }
  }
  return texts;
}

// What is in one list only, each with its sign; of the same in another order: all of it.
std::string list_changes(const std::vector<std::string>& before,
                         const std::vector<std::string>& after) {
  std::string text;
  const auto add = [&text](const std::vector<std::string>& from, const std::vector<std::string>& in,
                           std::string_view sign) {
    for (const std::string& one : from) {
      if (std::find(in.begin(), in.end(), one) == in.end())
        text += fmt::format(" {} {}", sign, one);
    }
  };
  add(after, before, "+");
  add(before, after, "-");
  if (!text.empty() || before == after) return text;
  return fmt::format(" in another order: {}", fmt::join(after, ", "));
}

struct Entry {
  std::string name;
  const Message* message;
};

// Entries without a name of their own are numbered.
std::vector<Entry> entries_of(const Message& message, const FieldDescriptor& field) {
  std::vector<Entry> entries;
  const int size = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < size; ++i) {
    const Message& one = message.GetReflection()->GetRepeatedMessage(message, &field, i);
    std::string name = entry_name(one);
    entries.push_back({name.empty() ? std::to_string(i + 1) : std::move(name), &one});
  }
  return entries;
}

const Message* find(const std::vector<Entry>& entries, const std::string& name) {
  for (const Entry& one : entries) {
    if (one.name == name) return one.message;
  }
  return nullptr;
}

std::string changes(const Message& before, const Message& after);

// Calls `say(sign, name, message, text)` for each entry that comes, changes or goes.
template <typename Say>
void each_changed(const Message& before, const Message& after, const FieldDescriptor& field,
                  const Say& say) {
  const std::vector<Entry> old = entries_of(before, field);
  const std::vector<Entry> wanted = entries_of(after, field);
  const std::string kind = singular(key_of(field));
  for (const Entry& one : wanted) {
    const Message* was = find(old, one.name);
    if (was == nullptr) {
      say('+', kind + " " + one.name, *one.message, std::string());
    } else if (!same(*was, *one.message)) {
      say('~', kind + " " + one.name, *one.message, changes(*was, *one.message));
    }
  }
  for (const Entry& one : old) {
    if (find(wanted, one.name) == nullptr) {
      say('-', kind + " " + one.name, *one.message, std::string());
    }
  }
}

std::string field_changes(const Message& before, const Message& after,
                          const FieldDescriptor& field) {
  const std::string key = key_of(field);
  std::string text;
  if (field.is_repeated() && is_message(field)) {
    each_changed(
        before, after, field,
        [&text](char sign, const std::string& name, const Message&, const std::string& inner) {
          if (!text.empty()) text += "; ";
          text +=
              sign == '~' ? fmt::format("{} ({})", name, inner) : fmt::format("{} {}", sign, name);
        });
    return text;
  }
  if (field.is_repeated()) {
    text = list_changes(list_texts(before, field), list_texts(after, field));
    return text.empty() ? text : key + text;
  }
  if (is_value(field)) {
    const std::string old = single_text(before, field);
    const std::string wanted = single_text(after, field);
    return old == wanted ? text : fmt::format("{} {} -> {}", key, old, wanted);
  }
  text = changes(before.GetReflection()->GetMessage(before, &field),
                 after.GetReflection()->GetMessage(after, &field));
  return text.empty() ? text : fmt::format("{} ({})", key, text);
}

std::string changes(const Message& before, const Message& after) {
  std::string text;
  const google::protobuf::Descriptor& type = *after.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const std::string one = field_changes(before, after, *type.field(i));
    if (!one.empty()) text += (text.empty() ? "" : "; ") + one;
  }
  return text;
}

// ` (终报)`, of entries that have a name for people.
std::string people_name(const Message& entry) {
  const FieldDescriptor* name = entry.GetDescriptor()->FindFieldByName("name");
  if (name == nullptr || name->message_type() != v1::LocalizedText::descriptor()) return "";
  const Message& text = entry.GetReflection()->GetMessage(entry, name);
  return fmt::format(" ({})", static_cast<const v1::LocalizedText&>(text).zh_hans());
}

void add_entries(const Message& before, const Message& after, const FieldDescriptor& field,
                 const std::string& section, std::vector<std::string>& lines) {
  each_changed(
      before, after, field,
      [&](char sign, const std::string& name, const Message& entry, const std::string& text) {
        const std::string rest = sign == '~' ? ": " + text : people_name(entry);
        lines.push_back(fmt::format("{} {}{}{}", sign, section, name, rest));
      });
}

// Of one table: its lists of tables an entry a line, all else in one line.
void add_section(const Message& before, const Message& after, const std::string& section,
                 std::vector<std::string>& lines) {
  std::string own;
  const google::protobuf::Descriptor& type = *after.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.is_repeated() && is_message(field)) continue;
    const std::string one = field_changes(before, after, field);
    if (!one.empty()) own += (own.empty() ? "" : "; ") + one;
  }
  if (!own.empty()) lines.push_back(fmt::format("~ {}: {}", section, own));
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!field.is_repeated() || !is_message(field)) continue;
    add_entries(before, after, field, section + " ", lines);
  }
}

bool is_of_orders(const FieldDescriptor& field) {
  return !is_message(field) || field.number() == v1::Configuration::kOfficeHoursFieldNumber;
}

}  // namespace

void diff_configuration(const v1::Configuration& before, const v1::Configuration& after,
                        std::vector<std::string>& lines) {
  std::string orders;
  const google::protobuf::Descriptor& type = *v1::Configuration::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const bool is_of_the_record = field.number() == v1::Configuration::kIdFieldNumber ||
                                  field.number() == v1::Configuration::kRevisionFieldNumber;
    if (is_of_the_record) continue;
    if (is_of_orders(field)) {
      const std::string one = field_changes(before, after, field);
      if (!one.empty()) orders += (orders.empty() ? "" : "; ") + one;
    } else if (field.is_repeated()) {
      add_entries(before, after, field, "", lines);
    } else {
      add_section(before.GetReflection()->GetMessage(before, &field),
                  after.GetReflection()->GetMessage(after, &field),
                  fmt::format("[{}]", key_of(field)), lines);
    }
  }
  if (!orders.empty()) lines.push_back("~ [orders]: " + orders);
}

}  // namespace fenghuo::plan
