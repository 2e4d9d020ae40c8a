// SPDX-License-Identifier: Apache-2.0
#include "fenghuo/v1/event.pb.h"
#include "hub/base/sha256.h"
#include "hub/core/project.h"
#include "tests/support/core_center.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

// Bytes that must never change: see tests/golden/events/README.md.
namespace fenghuo::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string read_file(const std::string& name) {
  std::ifstream in(FENGHUO_GOLDEN + name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void expect_golden(const std::string& name, const std::string& actual) {
  const std::string golden = read_file(name);
  if (golden == actual) return;
  const std::string path = FENGHUO_GOLDEN_ACTUAL + name.substr(0, name.find('.')) + ".actual.txt";
  std::ofstream(path, std::ios::binary) << actual;
  ADD_FAILURE() << name << " differs; what came out lies in " << path;
}

// Every field gets a value that follows from its number.
void fill(Message& message, int depth = 0);

void fill_field(Message& message, const FieldDescriptor* field, int depth) {
  const auto& r = *message.GetReflection();
  const auto number = static_cast<std::uint64_t>(field->number());
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64: {
      const auto value = static_cast<std::int64_t>(1'700'000'000'000'000 + number);
      many ? r.AddInt64(&message, field, value) : r.SetInt64(&message, field, value);
      return;
    }
    case FieldDescriptor::CPPTYPE_UINT64: {
      const std::uint64_t value = (std::uint64_t{1} << 40) + number;
      many ? r.AddUInt64(&message, field, value) : r.SetUInt64(&message, field, value);
      return;
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      const auto value = static_cast<std::uint32_t>(70'000 + number);
      many ? r.AddUInt32(&message, field, value) : r.SetUInt32(&message, field, value);
      return;
    }
    case FieldDescriptor::CPPTYPE_INT32: {
      const auto value = static_cast<std::int32_t>(number);
      many ? r.AddInt32(&message, field, -value) : r.SetInt32(&message, field, -value);
      return;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      many ? r.AddBool(&message, field, true) : r.SetBool(&message, field, true);
      return;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int last = field->enum_type()->value(field->enum_type()->value_count() - 1)->number();
      many ? r.AddEnumValue(&message, field, last) : r.SetEnumValue(&message, field, last);
      return;
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string value = field->type() == FieldDescriptor::TYPE_BYTES
                                    ? std::string(32, static_cast<char>(number))
                                    : std::string(field->name()) + " 烽火";
      many ? r.AddString(&message, field, value) : r.SetString(&message, field, value);
      return;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (depth < 4) {
        fill(many ? *r.AddMessage(&message, field) : *r.MutableMessage(&message, field), depth + 1);
      }
      return;
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE: FAIL() << field->full_name(); return;
  }
}

void fill(Message& message, int depth) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    // Of a oneof, the first.
    const auto* oneof = field->real_containing_oneof();
    if (oneof != nullptr && oneof->field(0) != field) continue;
    fill_field(message, field, depth);
  }
}

TEST(GoldenEvents, EveryKindKeepsItsBytes) {
  std::string actual;
  const auto* oneof = v1::Event::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < oneof->field_count(); ++i) {
    v1::Event event;
    fill(event);
    event.GetReflection()->ClearOneof(&event, oneof);
    fill_field(event, oneof->field(i), 0);
    actual +=
        std::string(oneof->field(i)->name()) + " " + base::to_hex(event.SerializeAsString()) + "\n";
  }
  v1::Body body;
  fill(body);
  actual += "body " + base::to_hex(body.SerializeAsString()) + "\n";
  expect_golden("kinds.txt", actual);
}

TEST(GoldenEvents, OldBytesDecodeWithNothingUnknown) {
  std::istringstream lines(read_file("kinds.txt"));
  std::string name;
  std::string hex;
  int count = 0;
  while (lines >> name >> hex) {
    ++count;
    const std::string bytes = base::from_hex(hex);
    if (name == "body") {
      v1::Body body;
      ASSERT_TRUE(body.ParseFromString(bytes));
      EXPECT_EQ(body.SerializeAsString(), bytes);
      continue;
    }
    v1::Event event;
    ASSERT_TRUE(event.ParseFromString(bytes)) << name;
    EXPECT_EQ(event.SerializeAsString(), bytes) << name;
    EXPECT_TRUE(event.GetReflection()->GetUnknownFields(event).empty()) << name;
    EXPECT_NE(event.kind_case(), v1::Event::KIND_NOT_SET) << name;
  }
  EXPECT_GT(count, 20);
}

std::vector<CoreCenter::Stored> golden_log() {
  std::vector<CoreCenter::Stored> log;
  std::istringstream lines(read_file("log.txt"));
  CoreCenter::Stored one;
  std::string event;
  std::string body;
  while (lines >> one.position >> one.time_us >> event >> body) {
    one.event = base::from_hex(event);
    one.body = body == "-" ? std::string() : base::from_hex(body);
    log.push_back(one);
  }
  return log;
}

TEST(GoldenEvents, OldRecordsMeanWhatTheyMeant) {
  const auto log = golden_log();
  ASSERT_FALSE(log.empty());
  core::State state;
  core::Effects effects;
  std::string told;
  for (const CoreCenter::Stored& one : log) {
    const CoreCenter::Decoded decoded = CoreCenter::decode(one);
    core::apply(state, decoded.record(), effects);
    core::project(state, decoded.record(), effects,
                  [&](const core::Audience& audience, v1::Update&& update) {
                    if (!update.has_message() && !update.has_receipt()) return;
                    told += std::to_string(static_cast<int>(audience.kind)) + "/" +
                            std::to_string(audience.id) + " " + update.ShortDebugString() + "\n";
                  });
  }
  for (const char* key : {"chief", "fang", "sensor", "warden"}) {
    const v1::Account* account = state.account_by_key(key);
    ASSERT_NE(account, nullptr) << key;
    told +=
        std::string("--- ") + key + "\n" + core::snapshot_for(state, account->id()).DebugString();
  }
  expect_golden("state.txt", told);
}

// Of the format it was written in.
TEST(GoldenEvents, TheOldRecordHoldsEveryKind) {
  constexpr int last_kind_of_format_1 = v1::Event::kMessagesDelivered;
  const auto* oneof = v1::Event::descriptor()->FindOneofByName("kind");
  std::vector<bool> seen(64, false);
  for (const CoreCenter::Stored& one : golden_log()) {
    seen.at(static_cast<std::size_t>(CoreCenter::decode(one).event.kind_case())) = true;
  }
  for (int i = 0; i < oneof->field_count(); ++i) {
    if (oneof->field(i)->number() > last_kind_of_format_1) continue;
    EXPECT_TRUE(seen[static_cast<std::size_t>(oneof->field(i)->number())])
        << oneof->field(i)->name();
  }
}

}  // namespace
}  // namespace fenghuo::testing
