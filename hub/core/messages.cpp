// SPDX-License-Identifier: Apache-2.0
#include "hub/base/check.h"
#include "hub/core/messaging.h"
#include "hub/core/receipts.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;
using Mentions = google::protobuf::RepeatedPtrField<v1::Mention>;

// Whether the account may read the message: a member, and not one who joined too late for it.
bool may_read(const State::Rows& rows, const ChannelRows& channel, EntityId account_id,
              std::uint32_t seq) {
  const Membership* one = rows.membership(account_id, channel.channel.id());
  if (one == nullptr || !one->is_open()) return false;
  return channel.channel.history() != v1::Channel::HISTORY_SINCE_JOINING ||
         one->intervals.back().joined_seq < seq;
}

// Whom a version names among its readers; see MessageExtra::named.
void set_mentions(const State::Rows& rows, const ChannelRows& channel, std::uint32_t seq,
                  const Mentions& mentions, MessageExtra& extra) {
  const EntityId author_id = channel.at(seq).author_id;
  extra.mentions.clear();
  extra.named.clear();
  extra.names_everyone = false;
  for (const v1::Mention& mention : mentions) {
    switch (mention.target_case()) {
      case v1::Mention::kAccountId:
        extra.mentions.push_back({MessageExtra::Mention::Kind::Account, mention.account_id()});
        insert_id(extra.named, mention.account_id());
        break;
      case v1::Mention::kRoleId:
        extra.mentions.push_back({MessageExtra::Mention::Kind::Role, mention.role_id()});
        for (EntityId id : ids_under(rows.appointees, mention.role_id())) {
          insert_id(extra.named, id);
        }
        break;
      case v1::Mention::kEveryone:
        extra.mentions.push_back({MessageExtra::Mention::Kind::Everyone, 0});
        extra.names_everyone = true;
        break;
      case v1::Mention::TARGET_NOT_SET: break;
    }
  }
  std::erase_if(extra.named,
                [&](EntityId id) { return id == author_id || !may_read(rows, channel, id, seq); });
}

void index_blobs(State::Rows& rows, const MessageExtra& extra, EntityId message_id) {
  for (const std::string& hash : extra.blob_hashes) insert_id(rows.blob_messages[hash], message_id);
}

void unindex_blobs(State::Rows& rows, const MessageExtra& extra, EntityId message_id) {
  for (const std::string& hash : extra.blob_hashes) {
    const auto it = rows.blob_messages.find(hash);
    if (it == rows.blob_messages.end()) continue;
    erase_id(it->second, message_id);
    if (it->second.empty()) rows.blob_messages.erase(it);
  }
}

void insert_seq(std::vector<std::uint32_t>& seqs, std::uint32_t seq) {
  const auto it = std::lower_bound(seqs.begin(), seqs.end(), seq);
  if (it == seqs.end() || *it != seq) seqs.insert(it, seq);
}

// Makes an account take part in a thread, as if it had read up to `read_seq`. Told anew if it is
// a member and new to it.
void take_part(State::Rows& rows, ChannelRows& channel, EntityId account_id, EntityId root_id,
               std::uint32_t read_seq, Effects& effects) {
  Membership* one = rows.membership(account_id, channel.channel.id());
  if (one == nullptr || !one->is_open()) return;
  auto it = std::lower_bound(
      one->threads.begin(), one->threads.end(), root_id,
      [](const Membership::Thread& thread, EntityId id) { return thread.root_id < id; });
  if (it == one->threads.end() || it->root_id != root_id) {
    it = one->threads.insert(it, {root_id, 0, false});
  }
  if (it->takes_part) return;
  it->takes_part = true;
  insert_id(channel.threads[rows.place(root_id)->seq].participants, account_id);
  it->seq = std::max(it->seq, read_seq);
  rows.touch(account_id, *one);
  effects.recounts.push_back({account_id, channel.channel.id(), root_id});
}

// A reply makes its author, whom it names and (the first one) whom the root concerns take part.
// Those who had read all of the thread are told its count anew: their client may not hold it.
void spread_thread(State::Rows& rows, ChannelRows& channel, std::uint32_t seq, Effects& effects) {
  const MessageRow& row = channel.at(seq);
  const MessageRow& root = channel.at(row.root_seq);
  const MessageExtra* extra = rows.extra(row);
  take_part(rows, channel, row.author_id, root.id, seq, effects);
  if (channel.threads[row.root_seq].replies.size() == 1 && !root.has(MessageRow::is_stone)) {
    take_part(rows, channel, root.author_id, root.id, row.root_seq, effects);
    if (const MessageExtra* asked = rows.extra(root)) {
      for (EntityId id : asked->named) {
        take_part(rows, channel, id, root.id, row.root_seq, effects);
      }
    }
  }
  if (extra != nullptr) {
    for (EntityId id : extra->named) take_part(rows, channel, id, root.id, seq - 1, effects);
    if (extra->names_everyone) {
      for (EntityId id : channel.members) take_part(rows, channel, id, root.id, seq - 1, effects);
    }
  }
  recount_participants(rows, channel, row.root_seq, seq, effects);
}

// Whose counts of mentions differ between two versions.
void recount_named(const State::Rows& rows, const MessageExtra& before, const MessageExtra& after,
                   const ChannelRows& channel, const MessageRow& row, Effects& effects) {
  const EntityId root_id = row.root_seq == 0 ? 0 : channel.at(row.root_seq).id;
  for (EntityId id : channel.members) {
    if (id == row.author_id) continue;
    const bool was = before.names_everyone || holds(before.named, id);
    const bool is = after.names_everyone || holds(after.named, id);
    if (was == is || (root_id != 0 && !takes_part(rows, channel, id, root_id))) continue;
    effects.recounts.push_back({id, channel.channel.id(), root_id});
  }
}

}  // namespace

MessageAt message_at(State::Rows& rows, EntityId message_id) {
  const auto* place = rows.place(message_id);
  FENGHUO_CHECK(place != nullptr);
  return {rows.channel_at(*place), place->seq};
}

void index_message(State::Rows& rows, ChannelRows& channel, std::uint32_t channel_index,
                   std::uint32_t seq) {
  const MessageRow& row = channel.at(seq);
  rows.places.push_back({row.id, channel_index, seq});
  const std::uint32_t block = (seq - 1) / ChannelRows::block;
  if (channel.countable.size() <= block) channel.countable.resize(block + 1, 0);
  if (row.root_seq != 0) {
    channel.threads[row.root_seq].replies.push_back(seq);
  } else if (!row.has(MessageRow::is_stone)) {
    ++channel.countable[block];
    channel.own[row.author_id].push_back(seq);
  }
  if (row.has(MessageRow::is_tracked)) channel.tracked.push_back(seq);
  const MessageExtra* extra = rows.extra(row);
  if (extra == nullptr) return;
  if (row.root_seq == 0 && (!extra->named.empty() || extra->names_everyone)) {
    channel.naming.push_back(seq);
  }
  if (!row.has(MessageRow::is_stone)) index_blobs(rows, *extra, row.id);
}

void apply_message_posted(State::Rows& rows, const Record& record, Effects& effects) {
  const v1::MessagePosted& event = record.event.message_posted();
  const EntityId author_id = record.event.account_id();
  ChannelRows* channel = rows.channels.find(event.channel_id());
  FENGHUO_CHECK(channel != nullptr);
  FENGHUO_CHECK(event.seq() == channel->last_seq() + std::uint64_t{1});
  const auto seq = static_cast<std::uint32_t>(event.seq());
  MessageRow row;
  row.id = record.position;
  row.posted_us = record.time_us;
  row.revision = record.position;
  row.author_id = author_id;
  row.role_id = record.event.role_id();
  row.precedence = static_cast<std::uint8_t>(event.precedence());
  if (event.ask_receipt()) row.flags |= MessageRow::asks_receipt;
  if (event.thread_root_id() != 0) {
    const auto* root = rows.place(event.thread_root_id());
    FENGHUO_CHECK(root != nullptr && &rows.channel_at(*root) == channel);
    row.root_seq = root->seq;
  }
  const auto channel_index = static_cast<std::uint32_t>(rows.channels.index_of(event.channel_id()));
  channel->messages.push_back(row);
  if (!event.mentions().empty() || !event.blob_hashes().empty()) {
    MessageExtra& extra = rows.touch_extra(*channel, seq);
    set_mentions(rows, *channel, seq, event.mentions(), extra);
    extra.blob_hashes.assign(event.blob_hashes().begin(), event.blob_hashes().end());
    // Who stood on a role at this position no client can know for sure: it may have heard of later
    // appointments already. So these counts are told.
    const bool names_roles = std::any_of(event.mentions().begin(), event.mentions().end(),
                                         [](const auto& one) { return one.role_id() != 0; });
    if (names_roles && row.root_seq == 0) {
      for (EntityId id : extra.named) effects.recounts.push_back({id, event.channel_id(), 0});
    }
  } else {
    rows.touch(*channel, seq);
  }
  if (!event.addressee_ids().empty()) {
    track_message(rows, *channel, seq, event, record.position, effects);
  }
  index_message(rows, *channel, channel_index, seq);
  if (row.root_seq != 0) {
    spread_thread(rows, *channel, seq, effects);
  } else if (const MessageExtra* extra = rows.extra(channel->at(seq))) {
    // Whom a role means is known here and now; a client catching up holds later appointments.
    for (EntityId id : extra->named) effects.recounts.push_back({id, event.channel_id(), 0});
  }
  effects.timeline.push_back({event.channel_id(), event.seq(), event.thread_root_id()});
}

void apply_message_edited(State::Rows& rows, const Record& record, Effects& effects) {
  const v1::MessageEdited& event = record.event.message_edited();
  const MessageAt at = message_at(rows, event.message_id());
  FENGHUO_CHECK(event.version() == at.row().version + 1U);
  MessageExtra& extra = rows.touch_extra(at.channel, at.seq);
  MessageRow& row = at.row();
  row.version = static_cast<std::uint16_t>(event.version());
  row.revision = record.position;
  const MessageExtra before = extra;
  unindex_blobs(rows, extra, row.id);
  set_mentions(rows, at.channel, at.seq, event.mentions(), extra);
  extra.blob_hashes.assign(event.blob_hashes().begin(), event.blob_hashes().end());
  extra.edits.push_back({record.position, record.time_us, event.kind()});
  index_blobs(rows, extra, row.id);
  if (row.root_seq == 0 && (!extra.named.empty() || extra.names_everyone)) {
    insert_seq(at.channel.naming, at.seq);
  }
  recount_named(rows, before, extra, at.channel, row, effects);
  const std::uint32_t root_seq = row.root_seq == 0 ? at.seq : row.root_seq;
  if (at.channel.threads.contains(root_seq)) {
    const EntityId root_id = at.channel.at(root_seq).id;
    const std::uint32_t read = row.root_seq == 0 ? at.seq : at.seq - 1;
    for (EntityId id : extra.named) take_part(rows, at.channel, id, root_id, read, effects);
    if (extra.names_everyone && row.root_seq != 0) {
      for (EntityId id : at.channel.members) {
        if (!may_read(rows, at.channel, id, at.seq)) continue;
        take_part(rows, at.channel, id, root_id, read, effects);
      }
    }
  }
  if (event.kind() == v1::EDIT_KIND_CHANGE) ask_again(rows, at.channel, at.seq, effects);
}

void apply_message_retracted(State::Rows& rows, const Record& record, Effects& effects) {
  const MessageAt at = message_at(rows, record.event.message_retracted().message_id());
  MessageExtra::Stone stone;
  stone.kind = v1::Message::Stone::KIND_RETRACTED;
  stone.by_id = record.event.account_id();
  stone.at_us = record.time_us;
  stone.reason_position = record.position;
  rows.touch_extra(at.channel, at.seq).retracted_at = record.position;
  make_stone(rows, at, std::move(stone), record.position, effects);
}

void make_stone(State::Rows& rows, MessageAt at, MessageExtra::Stone stone, base::Position position,
                Effects& effects) {
  MessageExtra& extra = rows.touch_extra(at.channel, at.seq);
  MessageRow& row = at.row();
  const bool was_stone = row.has(MessageRow::is_stone);
  row.flags |= MessageRow::is_stone;
  row.revision = position;
  unindex_blobs(rows, extra, row.id);
  extra.blob_hashes.clear();
  extra.stone = std::move(stone);
  if (was_stone) return;
  if (row.root_seq == 0) {
    --at.channel.countable[(at.seq - 1) / ChannelRows::block];
    auto& own = at.channel.own[row.author_id];
    const auto it = std::lower_bound(own.begin(), own.end(), at.seq);
    FENGHUO_CHECK(it != own.end() && *it == at.seq);
    own.erase(it);
  }
  close_tracking(rows, at.channel, at.seq);
  recount_stone(rows, at.channel, at.seq, effects);
}

}  // namespace fenghuo::core
