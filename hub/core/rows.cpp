// SPDX-License-Identifier: Apache-2.0
#include "hub/core/rows.h"

#include "hub/base/check.h"

#include <algorithm>

namespace fenghuo::core {

const AccountRows& State::Rows::of(base::EntityId account_id) const {
  const AccountRows* row = account_rows.find(account_id);
  FENGHUO_CHECK(row != nullptr);
  return *row;
}

AccountRows& State::Rows::of(base::EntityId account_id) {
  return const_cast<AccountRows&>(std::as_const(*this).of(account_id));
}

const Membership* State::Rows::membership(base::EntityId account_id,
                                          base::EntityId channel_id) const {
  const AccountRows* row = account_rows.find(account_id);
  if (row == nullptr) return nullptr;
  const auto it = std::lower_bound(
      row->memberships.begin(), row->memberships.end(), channel_id,
      [](const Membership& one, base::EntityId id) { return one.channel_id < id; });
  return it != row->memberships.end() && it->channel_id == channel_id ? &*it : nullptr;
}

Membership* State::Rows::membership(base::EntityId account_id, base::EntityId channel_id) {
  return const_cast<Membership*>(std::as_const(*this).membership(account_id, channel_id));
}

const State::Rows::MessagePlace* State::Rows::place(base::EntityId message_id) const {
  const auto it =
      std::lower_bound(places.begin(), places.end(), message_id,
                       [](const MessagePlace& one, base::EntityId id) { return one.id < id; });
  return it != places.end() && it->id == message_id ? &*it : nullptr;
}

const ChannelRows& State::Rows::channel_at(const MessagePlace& at) const {
  return *(channels.begin() + at.channel_index)->row;
}

ChannelRows& State::Rows::channel_at(const MessagePlace& at) {
  return const_cast<ChannelRows&>(std::as_const(*this).channel_at(at));
}

const MessageExtra* State::Rows::extra(const MessageRow& row) const {
  if (!row.has(MessageRow::has_extra)) return nullptr;
  const auto it = extras.find(row.id);
  FENGHUO_CHECK(it != extras.end());
  return &it->second;
}

const Tracked* State::Rows::tracking(const MessageRow& row) const {
  if (!row.has(MessageRow::is_tracked)) return nullptr;
  const auto it = tracked.find(row.id);
  FENGHUO_CHECK(it != tracked.end());
  return &it->second;
}

void State::Rows::touch_facts(base::EntityId account_id) {
  of(account_id).facts_dirty = true;
  unsaved_bytes += 256;
  account_rows.touch(account_id);
}

void State::Rows::touch(base::EntityId account_id, Membership& membership) {
  if (!membership.dirty) unsaved_bytes += 64;
  membership.dirty = true;
  account_rows.touch(account_id);
}

void State::Rows::touch(base::EntityId account_id, DeviceRow& device) {
  if (!device.dirty) unsaved_bytes += 64 + device.results.size() * 32;
  device.dirty = true;
  account_rows.touch(account_id);
}

void State::Rows::touch(ChannelRows& channel, std::uint32_t seq) {
  const std::uint32_t chunk = (seq - 1) / ChannelRows::chunk;
  const std::uint32_t block = (seq - 1) / ChannelRows::block;
  if (channel.chunk_dirty.size() <= chunk) channel.chunk_dirty.resize(chunk + 1, 0);
  if (channel.block_digests.size() <= block) channel.block_digests.resize(block + 1, 0);
  channel.block_digests[block] = 0;
  if (channel.chunk_dirty[chunk] != 0) return;
  channel.chunk_dirty[chunk] = 1;
  channel.dirty_chunks.push_back(chunk);
  unsaved_bytes += ChannelRows::chunk * sizeof(MessageRow);
  if (channel.listed) return;
  channel.listed = true;
  dirty_chunk_channels.push_back(channel.channel.id());
}

MessageExtra& State::Rows::touch_extra(ChannelRows& channel, std::uint32_t seq) {
  MessageRow& row = channel.at(seq);
  row.flags |= MessageRow::has_extra;
  touch(channel, seq);
  MessageExtra& one = extras[row.id];
  if (!one.dirty) {
    one.dirty = true;
    dirty_extras.push_back(row.id);
    unsaved_bytes += 128;
  }
  return one;
}

void State::Rows::touch_receipt(ChannelRows& channel, std::uint32_t seq, Tracked& one,
                                std::size_t index) {
  channel.block_digests[(seq - 1) / ChannelRows::block] = 0;
  const std::size_t chunk = index / Tracked::chunk;
  if (one.dirty[chunk] == 0) {
    one.dirty[chunk] = 1;
    unsaved_bytes += Tracked::chunk * sizeof(ReceiptRow);
  }
  if (one.listed) return;
  one.listed = true;
  dirty_tracked.push_back(channel.at(seq).id);
}

bool holds(const std::vector<base::EntityId>& ids, base::EntityId id) {
  return std::binary_search(ids.begin(), ids.end(), id);
}

void insert_id(std::vector<base::EntityId>& ids, base::EntityId id) {
  const auto it = std::lower_bound(ids.begin(), ids.end(), id);
  if (it == ids.end() || *it != id) ids.insert(it, id);
}

void erase_id(std::vector<base::EntityId>& ids, base::EntityId id) {
  const auto it = std::lower_bound(ids.begin(), ids.end(), id);
  if (it != ids.end() && *it == id) ids.erase(it);
}

const std::vector<base::EntityId>& ids_under(const IdIndex& index, base::EntityId key) {
  static const std::vector<base::EntityId> none;
  const auto it = index.find(key);
  return it == index.end() ? none : it->second;
}

bool counts_as_member(const State::Rows& rows, const v1::Account& account) {
  return !account.disabled() && !rows.of(account.id()).access_ended;
}

v1::Receipt to_receipt(base::EntityId message_id, base::EntityId channel_id,
                       const ReceiptRow& row) {
  v1::Receipt receipt;
  receipt.set_message_id(message_id);
  receipt.set_channel_id(channel_id);
  receipt.set_account_id(row.account_id);
  receipt.set_delivered_us(row.delivered_us);
  receipt.set_seen_us(row.seen_us);
  receipt.set_acknowledged_us(row.acknowledged_us);
  receipt.set_acknowledged_version(row.acknowledged_version);
  receipt.set_revision(row.revision);
  return receipt;
}

std::uint32_t asked_version(const MessageExtra* extra) {
  std::uint32_t asked = 1;
  if (extra == nullptr) return asked;
  for (std::size_t i = 0; i < extra->edits.size(); ++i) {
    if (extra->edits[i].kind == v1::EDIT_KIND_CHANGE) asked = static_cast<std::uint32_t>(i) + 2;
  }
  return asked;
}

}  // namespace fenghuo::core
