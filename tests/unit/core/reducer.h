// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/frame.pb.h"
#include "hub/base/types.h"

#include <map>
#include <string>
#include <utility>

namespace fenghuo::testing {

// The least a client must do with a snapshot and updates to know what the hub says it sees.
class Reducer {
 public:
  Reducer(base::EntityId account_id, const v1::Snapshot& snapshot);

  void apply(const v1::Update& update);

  // All that a snapshot says, as text, so that two can be compared and told apart. Rows a client
  // may keep beyond a snapshot (receipts of closed messages, threads without unread) are left out:
  // `like` says which receipts are asked for.
  std::string text(const v1::Snapshot& like) const;
  // The messages, as text.
  std::string messages() const;

 private:
  struct Channel {
    v1::ChannelState state;
    // By thread root; 0 = main timeline.
    std::map<base::EntityId, v1::Cursor> cursors;
  };

  void set_channel(const v1::ChannelState& state);
  void take(const v1::Message& message);
  void count(Channel& channel, const v1::Message& message);
  bool names_me(const v1::Message& message) const;
  template <typename Row>
  static void put(std::map<base::EntityId, Row>& rows, const Row& row) {
    Row& old = rows[row.id()];
    if (old.revision() <= row.revision()) old = row;
  }

  base::EntityId me_;
  std::map<base::EntityId, v1::Department> departments_;
  std::map<base::EntityId, v1::Role> roles_;
  std::map<base::EntityId, v1::Account> accounts_;
  std::map<base::EntityId, v1::Contact> contacts_;
  std::map<std::pair<base::EntityId, base::EntityId>, v1::Appointment> appointments_;
  std::map<base::EntityId, Channel> channels_;
  // By message and addressee.
  std::map<std::pair<base::EntityId, base::EntityId>, v1::Receipt> receipts_;
  std::map<base::EntityId, v1::Message> messages_;
  // Rows of coordination by kind and id, as text.
  std::map<std::pair<int, base::EntityId>, std::string> rows_;
};

}  // namespace fenghuo::testing
