// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/comparison.h"

#include <boost/json.hpp>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cmath>
#include <string_view>
#include <utility>

namespace fenghuo::replay {
namespace {

namespace json = boost::json;
using google::protobuf::FieldDescriptor;

// Null = unset, or of a kind that figures are not compared by.
json::value value_of(const v1::Figures& figures, const FieldDescriptor& field) {
  const auto& reflection = *figures.GetReflection();
  if (field.is_repeated()) {
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return {};
    json::array words;
    for (int i = 0; i < reflection.FieldSize(figures, &field); ++i) {
      words.emplace_back(reflection.GetRepeatedString(figures, &field, i));
    }
    return words;
  }
  if (field.has_presence() && !reflection.HasField(figures, &field)) return {};
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32: return reflection.GetUInt32(figures, &field);
    case FieldDescriptor::CPPTYPE_UINT64: return reflection.GetUInt64(figures, &field);
    case FieldDescriptor::CPPTYPE_DOUBLE: return reflection.GetDouble(figures, &field);
    default: return {};
  }
}

bool is_seconds(std::string_view name) { return name.ends_with("_s"); }

bool same(const json::value& expected, const json::value& computed, double tolerance) {
  if (!expected.is_number() || !computed.is_number()) return expected == computed;
  // A hair for what was rounded when it was written down.
  return std::abs(expected.to_number<double>() - computed.to_number<double>()) <= tolerance + 1e-6;
}

}  // namespace

json::object as_json(const v1::Figures& figures) {
  json::object all;
  const auto& descriptor = *v1::Figures::descriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    json::value value = value_of(figures, *descriptor.field(i));
    if (!value.is_null()) all[std::string(descriptor.field(i)->name())] = std::move(value);
  }
  return all;
}

std::vector<std::string> differences(const json::object& expected, const v1::Figures& figures,
                                     double tolerance_s) {
  std::vector<std::string> found;
  for (const auto& [key, known] : expected) {
    const std::string name(key);
    const FieldDescriptor* field = v1::Figures::descriptor()->FindFieldByName(name);
    if (field == nullptr) continue;
    const json::value computed = value_of(figures, *field);
    if (same(known, computed, is_seconds(name) ? tolerance_s : 0)) continue;
    found.push_back(name + ": recorded " + json::serialize(known) + ", computed " +
                    json::serialize(computed));
  }
  return found;
}

}  // namespace fenghuo::replay
