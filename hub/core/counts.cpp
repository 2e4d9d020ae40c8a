// SPDX-License-Identifier: Apache-2.0
// Exact numbers of unread messages, without walking all of them: blocks of the main timeline carry
// how many messages count; authors' own ones and mentions are lists of their own.
#include "hub/core/receipts.h"

#include <algorithm>

namespace fenghuo::core {
namespace {

using base::EntityId;

std::uint32_t size_after(const std::vector<std::uint32_t>& seqs, std::uint32_t seq) {
  return static_cast<std::uint32_t>(seqs.end() - std::upper_bound(seqs.begin(), seqs.end(), seq));
}

// Messages of the main timeline after `seq` that are no stones.
std::uint32_t countable_after(const ChannelRows& channel, std::uint32_t seq) {
  std::uint32_t count = 0;
  const std::uint32_t last = channel.last_seq();
  std::uint32_t next = seq + 1;
  for (; next <= last && (next - 1) % ChannelRows::block != 0; ++next) {
    const MessageRow& row = channel.at(next);
    if (row.root_seq == 0 && !row.has(MessageRow::is_stone)) ++count;
  }
  for (; next <= last; next += ChannelRows::block) {
    count += channel.countable[(next - 1) / ChannelRows::block];
  }
  return count;
}

bool names(const State::Rows& rows, const MessageRow& row, EntityId account_id) {
  const MessageExtra* extra = rows.extra(row);
  return extra != nullptr && (extra->names_everyone || holds(extra->named, account_id));
}

bool counts_for(const MessageRow& row, EntityId account_id) {
  return !row.has(MessageRow::is_stone) && row.author_id != account_id;
}

void count_main(const State::Rows& rows, const ChannelRows& channel, EntityId account_id,
                std::uint32_t read, v1::Cursor& cursor) {
  std::uint32_t unread = countable_after(channel, read);
  const auto own = channel.own.find(account_id);
  if (own != channel.own.end()) unread -= size_after(own->second, read);
  std::uint32_t mentions = 0;
  for (auto it = channel.naming.rbegin(); it != channel.naming.rend() && *it > read; ++it) {
    const MessageRow& row = channel.at(*it);
    if (counts_for(row, account_id) && names(rows, row, account_id)) ++mentions;
  }
  cursor.set_unread(unread);
  cursor.set_mentions(mentions);
}

void count_thread(const State::Rows& rows, const ChannelRows& channel, EntityId account_id,
                  std::uint32_t root_seq, std::uint32_t read, v1::Cursor& cursor) {
  const auto replies = channel.threads.find(root_seq);
  if (replies == channel.threads.end()) return;
  std::uint32_t unread = 0;
  std::uint32_t mentions = 0;
  const auto& seqs = replies->second.replies;
  for (auto it = seqs.rbegin(); it != seqs.rend() && *it > read; ++it) {
    const MessageRow& row = channel.at(*it);
    if (!counts_for(row, account_id)) continue;
    ++unread;
    if (names(rows, row, account_id)) ++mentions;
  }
  cursor.set_unread(unread);
  cursor.set_mentions(mentions);
}

const Membership::Thread* thread_of(const Membership& membership, EntityId root_id) {
  const auto it =
      std::lower_bound(membership.threads.begin(), membership.threads.end(), root_id,
                       [](const Membership::Thread& one, EntityId id) { return one.root_id < id; });
  return it != membership.threads.end() && it->root_id == root_id ? &*it : nullptr;
}

}  // namespace

v1::Cursor cursor_of(const State::Rows& rows, const ChannelRows& channel, EntityId account_id,
                     EntityId root_id) {
  v1::Cursor cursor;
  cursor.set_channel_id(channel.channel.id());
  cursor.set_thread_root_id(root_id);
  cursor.set_revision(rows.position);
  cursor.set_counted_through_seq(channel.last_seq());
  const Membership* one = rows.membership(account_id, channel.channel.id());
  if (one == nullptr) return cursor;
  if (root_id == 0) {
    cursor.set_seq(one->read_seq);
    count_main(rows, channel, account_id, one->read_seq, cursor);
    return cursor;
  }
  const Membership::Thread* thread = thread_of(*one, root_id);
  const auto* root = rows.place(root_id);
  if (thread == nullptr || root == nullptr) return cursor;
  cursor.set_seq(thread->seq);
  if (thread->takes_part) count_thread(rows, channel, account_id, root->seq, thread->seq, cursor);
  return cursor;
}

bool takes_part(const State::Rows& rows, const ChannelRows& channel, EntityId account_id,
                EntityId root_id) {
  const Membership* one = rows.membership(account_id, channel.channel.id());
  if (one == nullptr || !one->is_open()) return false;
  const Membership::Thread* thread = thread_of(*one, root_id);
  return thread != nullptr && thread->takes_part;
}

void recount_participants(const State::Rows& rows, const ChannelRows& channel,
                          std::uint32_t root_seq, std::uint32_t seq, Effects& effects) {
  const EntityId root_id = channel.at(root_seq).id;
  const EntityId author_id = channel.at(seq).author_id;
  for (EntityId id : channel.threads.at(root_seq).participants) {
    if (id == author_id || !takes_part(rows, channel, id, root_id)) continue;
    effects.recounts.push_back({id, channel.channel.id(), root_id});
  }
}

void recount_stone(const State::Rows& rows, const ChannelRows& channel, std::uint32_t seq,
                   Effects& effects) {
  const MessageRow& row = channel.at(seq);
  const EntityId root_id = row.root_seq == 0 ? 0 : channel.at(row.root_seq).id;
  for (EntityId id : channel.members) {
    if (id == row.author_id) continue;
    const Membership& one = *rows.membership(id, channel.channel.id());
    if (root_id == 0) {
      if (one.read_seq < seq) effects.recounts.push_back({id, channel.channel.id(), 0});
      continue;
    }
    const Membership::Thread* thread = thread_of(one, root_id);
    if (thread != nullptr && thread->takes_part && thread->seq < seq) {
      effects.recounts.push_back({id, channel.channel.id(), root_id});
    }
  }
}

}  // namespace fenghuo::core
