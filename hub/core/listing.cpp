// SPDX-License-Identifier: Apache-2.0
#include "hub/core/listing.h"

#include "hub/core/rows.h"

namespace fenghuo::core {

v1::Snapshot list_all(const State& state) {
  const State::Rows& rows = state.rows();
  v1::Snapshot all;
  for (const auto& entry : rows.departments) *all.add_departments() = *entry.row;
  for (const auto& entry : rows.roles) *all.add_roles() = *entry.row;
  for (const auto& entry : rows.accounts) *all.add_accounts() = *entry.row;
  for (const auto& entry : rows.contacts) *all.add_contacts() = *entry.row;
  for (const auto& entry : rows.account_rows) {
    for (const v1::Appointment& one : entry.row->appointments) *all.add_appointments() = one;
  }
  for (const auto& entry : rows.configurations) *all.add_configurations() = *entry.row;
  for (const auto& entry : rows.channels) {
    if (entry.row->channel.kind() == v1::Channel::KIND_DIRECT) continue;
    v1::ChannelState& channel = *all.add_channels();
    *channel.mutable_channel() = entry.row->channel;
    channel.set_last_seq(entry.row->last_seq());
    channel.set_first_seq(1);
    channel.set_legal_hold(entry.row->held);
  }
  return all;
}

}  // namespace fenghuo::core
