// SPDX-License-Identifier: Apache-2.0
#include "hub/core/kinds.h"

namespace fenghuo::core {

bool is_open(const State::Rows&, const v1::Order& row) {
  return row.state() == v1::Order::STATE_OPEN || row.state() == v1::Order::STATE_MET;
}
bool is_open(const State::Rows&, const v1::CallItem& row) { return !row.closed(); }

Viewers viewers_of(const State::Rows&, const v1::Order& row) {
  Viewers viewers;
  viewers.command_seats = true;
  viewers.channels.push_back(row.channel_id());
  for (const v1::Addressee& one : row.addressees()) {
    if (one.role_id() != 0) viewers.roles.push_back(one.role_id());
    for (base::EntityId id : one.run().reached_account_ids()) viewers.accounts.push_back(id);
  }
  return viewers;
}
Viewers viewers_of(const State::Rows&, const v1::CallItem&) {
  Viewers viewers;
  viewers.command_seats = true;
  return viewers;
}

}  // namespace fenghuo::core
