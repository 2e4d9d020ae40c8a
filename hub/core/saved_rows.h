// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/core/packing.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fenghuo::core {

// How saved rows are named. Private to save.cpp and load.cpp.

// Of the rows' layout; another one is not read.
inline constexpr std::uint32_t layout = 1;
inline constexpr std::string_view position_key = "position";

// First byte of a key: what the row holds.
enum class SavedKind : char {
  Account = 'a',
  Facts = 'b',
  Channel = 'c',
  Department = 'd',
  Extra = 'e',
  Contact = 'k',
  Membership = 'm',
  Proposal = 'o',
  Receipts = 'r',
  Role = 's',
  Token = 't',
  Device = 'v',
  // Coordination.
  AlarmGroup = 'B',
  Alarm = 'L',
  AlarmSource = 'Q',
  Warning = 'W',
  Intake = 'K',
  Feedback = 'F',
  FeedbackAsk = 'Z',
  RosterGap = 'N',
  Order = 'A',
  CallItem = 'C',
  Configuration = 'G',
  Handover = 'H',
  Incident = 'I',
  Override = 'O',
  Report = 'P',
  RollCall = 'R',
  Shift = 'S',
  Spoken = 'U',
  ClockDoubt = 'J',
  Outage = 'T',
  // Chunks of messages; read after the channels they lie in.
  Messages = 'x',
};

// Numbers in keys are big-endian: rows lie in order of id.
inline std::string key_of(SavedKind kind, std::uint64_t a) {
  std::string key(1, static_cast<char>(kind));
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(a >> shift & 0xff));
  return key;
}

inline std::string key_of(SavedKind kind, std::uint64_t a, std::uint64_t b) {
  return key_of(kind, a) + key_of(kind, b).substr(1);
}

inline std::uint64_t number_at(std::string_view key, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = at; i < at + 8 && i < key.size(); ++i) {
    value = value << 8 | static_cast<unsigned char>(key[i]);
  }
  return value;
}

inline std::uint64_t checksum(std::string_view key, std::string_view value) {
  return Mixer().add_text(key).add_text(value).value();
}

}  // namespace fenghuo::core
