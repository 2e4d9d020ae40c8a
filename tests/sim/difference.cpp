// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/difference.h"

#include <map>

namespace fenghuo::sim {

namespace {

// What is left of a row that says the same: an ended appointment is none, nor is a thread without
// anything unread; how far a cursor was counted differs by the way, the counts may not.
const v1::Appointment* relevant(const v1::Appointment& row, v1::Appointment&) {
  return row.ended() ? nullptr : &row;
}
const v1::ChannelState* relevant(const v1::ChannelState& row, v1::ChannelState& changed) {
  changed = row;
  changed.clear_cursors();
  std::map<std::uint64_t, const v1::Cursor*> by_thread;
  for (const v1::Cursor& cursor : row.cursors()) by_thread[cursor.thread_root_id()] = &cursor;
  for (const auto& [root, cursor] : by_thread) {
    if (root != 0 && cursor->unread() == 0) continue;
    v1::Cursor& kept = *changed.add_cursors() = *cursor;
    kept.clear_revision();
    kept.clear_counted_through_seq();
  }
  return &changed;
}
template <typename Row>
const Row* relevant(const Row& row, Row&) {
  return &row;
}

template <typename Rows>
Rows relevant_of(const Rows& rows) {
  Rows left;
  for (const auto& [key, row] : rows) {
    typename Rows::mapped_type changed;
    if (const auto* one = relevant(row, changed)) left.emplace(key, *one);
  }
  return left;
}

template <typename Rows>
std::string compare(const char* what, const Rows& stream_rows, const Rows& snapshot_rows,
                    bool common_only) {
  const Rows stream = relevant_of(stream_rows);
  const Rows snapshot = relevant_of(snapshot_rows);
  for (const auto& [key, row] : snapshot) {
    const auto other = stream.find(key);
    if (other == stream.end()) {
      if (common_only) continue;
      return std::string(what) + " missing: " + row.ShortDebugString();
    }
    if (other->second.SerializeAsString() != row.SerializeAsString()) {
      return std::string(what) + ": " + other->second.ShortDebugString() + "\nis not " +
             row.ShortDebugString();
    }
  }
  if (common_only) return {};
  for (const auto& [key, row] : stream) {
    if (!snapshot.contains(key)) return std::string(what) + " left: " + row.ShortDebugString();
  }
  return {};
}

}  // namespace

std::string difference_of(const client::State& stream, const client::State& snapshot) {
  for (const std::string& difference :
       {compare("department", stream.departments(), snapshot.departments(), false),
        compare("role", stream.roles(), snapshot.roles(), false),
        compare("account", stream.accounts(), snapshot.accounts(), false),
        compare("contact", stream.contacts(), snapshot.contacts(), false),
        compare("appointment", stream.appointments(), snapshot.appointments(), false),
        compare("channel", stream.channels(), snapshot.channels(), false),
        compare("receipt", stream.receipts(), snapshot.receipts(), true)}) {
    if (!difference.empty()) return difference;
  }
  return {};
}

}  // namespace fenghuo::sim
