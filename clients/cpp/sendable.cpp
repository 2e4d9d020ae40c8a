// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/sendable.h"

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

namespace fenghuo::client {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The numbers and lengths around a command in its frame.
constexpr std::size_t envelope_bytes_max = 64;

// The name of the first text that is not UTF-8; nullptr when all are.
const std::string* wrong_text(const Message& message) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const auto* field : fields) {
    const bool is_text = field->type() == FieldDescriptor::TYPE_STRING;
    if (!is_text && field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (is_text) {
        const std::string text = field->is_repeated()
                                     ? reflection.GetRepeatedString(message, field, i)
                                     : reflection.GetString(message, field);
        if (!is_utf8(text)) return &field->name();
        continue;
      }
      const Message& part = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                 : reflection.GetMessage(message, field);
      if (const auto* wrong = wrong_text(part); wrong != nullptr) return wrong;
    }
  }
  return nullptr;
}

// How many bytes follow the first one; -1 = it begins nothing. `low` and `high` bound the second.
int followers(unsigned char first, unsigned char& low, unsigned char& high) {
  low = 0x80;
  high = 0xBF;
  if (first < 0x80) return 0;
  if (first >= 0xC2 && first <= 0xDF) return 1;
  if (first == 0xE0) low = 0xA0;
  if (first == 0xED) high = 0x9F;
  if (first >= 0xE0 && first <= 0xEF) return 2;
  if (first == 0xF0) low = 0x90;
  if (first == 0xF4) high = 0x8F;
  if (first >= 0xF0 && first <= 0xF4) return 3;
  return -1;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    unsigned char low = 0;
    unsigned char high = 0;
    const int more = followers(static_cast<unsigned char>(bytes[i++]), low, high);
    if (more < 0) return false;
    for (int k = 0; k < more; ++k, ++i, low = 0x80, high = 0xBF) {
      if (i >= bytes.size()) return false;
      const auto byte = static_cast<unsigned char>(bytes[i]);
      if (byte < low || byte > high) return false;
    }
  }
  return true;
}

Outcome<void> check_sendable(const Message& message, std::size_t frame_bytes_max) {
  const std::size_t size = message.ByteSizeLong() + envelope_bytes_max;
  if (size > frame_bytes_max) {
    return Failure(Failure::Kind::Usage,
                   "too long to send: " + std::to_string(message.ByteSizeLong()) +
                       " bytes, the hub takes " +
                       std::to_string(frame_bytes_max - envelope_bytes_max));
  }
  if (const auto* wrong = wrong_text(message); wrong != nullptr) {
    return Failure(Failure::Kind::Usage, *wrong + " is not UTF-8; nothing was sent");
  }
  return {};
}

}  // namespace fenghuo::client
