// SPDX-License-Identifier: Apache-2.0
#include "hub/core/receipts.h"

#include "hub/base/check.h"
#include "hub/base/limits.h"
#include "hub/core/channels.h"
#include "hub/core/messaging.h"
#include "hub/core/order_change.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

namespace limits = base::limits;
using base::EntityId;

// Place of the account among the addressees; size() = none.
std::size_t receipt_index(const Tracked& tracked, EntityId account_id) {
  const auto it =
      std::lower_bound(tracked.receipts.begin(), tracked.receipts.end(), account_id,
                       [](const ReceiptRow& row, EntityId id) { return row.account_id < id; });
  if (it == tracked.receipts.end() || it->account_id != account_id) return tracked.receipts.size();
  return static_cast<std::size_t>(it - tracked.receipts.begin());
}

bool is_missing(const ReceiptRow& row, std::uint32_t asked) {
  return row.acknowledged_version < asked;
}

// Keeps the author's list of open messages in line with `missing`.
void list_open(State::Rows& rows, const MessageRow& row, const Tracked& tracked) {
  auto& open = rows.of(row.author_id).open_tracked;
  if (tracked.missing > 0 && !row.has(MessageRow::is_stone)) {
    insert_id(open, row.id);
  } else {
    erase_id(open, row.id);
  }
}

void note(State::Rows& rows, ChannelRows& channel, std::uint32_t seq, Tracked& tracked,
          std::size_t index, base::Position position, Effects& effects) {
  ReceiptRow& receipt = tracked.receipts[index];
  receipt.revision = position;
  rows.touch_receipt(channel, seq, tracked, index);
  effects.receipts.push_back({channel.at(seq).id, receipt.account_id});
}

// Whoever reads a message has it.
void note_seen(State::Rows& rows, ChannelRows& channel, std::uint32_t seq, EntityId account_id,
               const Record& record, Effects& effects) {
  Tracked& tracked = rows.tracked.at(channel.at(seq).id);
  const std::size_t index = receipt_index(tracked, account_id);
  if (index == tracked.receipts.size()) return;
  ReceiptRow& receipt = tracked.receipts[index];
  if (receipt.seen_us != 0) return;
  receipt.seen_us = record.time_us;
  if (receipt.delivered_us == 0) receipt.delivered_us = record.time_us;
  note(rows, channel, seq, tracked, index, record.position, effects);
}

void advance(State::Rows& rows, const v1::CursorsAdvanced::Row& row, const Record& record,
             Effects& effects) {
  ChannelRows* channel = rows.channels.find(row.channel_id());
  Membership* one = rows.membership(row.account_id(), row.channel_id());
  FENGHUO_CHECK(channel != nullptr && one != nullptr);
  const auto seq = static_cast<std::uint32_t>(row.seq());
  std::uint32_t root_seq = 0;
  std::uint32_t* read = &one->read_seq;
  // A client that holds a thread's cursor counts its replies: only who takes part is given one.
  bool told = true;
  if (row.thread_root_id() != 0) {
    const auto* root = rows.place(row.thread_root_id());
    FENGHUO_CHECK(root != nullptr);
    root_seq = root->seq;
    auto it = std::lower_bound(
        one->threads.begin(), one->threads.end(), row.thread_root_id(),
        [](const Membership::Thread& thread, EntityId id) { return thread.root_id < id; });
    if (it == one->threads.end() || it->root_id != row.thread_root_id()) {
      it = one->threads.insert(it, {row.thread_root_id(), 0, false});
    }
    read = &it->seq;
    told = it->takes_part;
  }
  if (seq <= *read) return;
  const std::uint32_t before = std::exchange(*read, seq);
  rows.touch(row.account_id(), *one);
  if (told) {
    effects.recounts.push_back({row.account_id(), row.channel_id(), row.thread_root_id()});
  }
  auto it = std::upper_bound(channel->tracked.begin(), channel->tracked.end(), before);
  for (; it != channel->tracked.end() && *it <= seq; ++it) {
    if (channel->at(*it).root_seq != root_seq) continue;
    note_seen(rows, *channel, *it, row.account_id(), record, effects);
  }
}

// Asked for an order that none of his devices is known to have (or, that he has not seen).
bool awaits(const State::Rows& rows, EntityId order_id, EntityId account_id, bool seen) {
  const v1::Order* order = rows.orders.find(order_id);
  if (order == nullptr || !is_open(*order)) return false;
  for (const v1::Addressee& one : order->addressees()) {
    for (const v1::Notice& notice : one.run().notices()) {
      if (notice.whom().account_id() != account_id) continue;
      if (notice.delivered_us() == 0 || (seen && notice.seen_us() == 0)) return true;
    }
  }
  return false;
}

void observe(EntityId order_id, EntityId account_id, bool seen, std::vector<Drafted>& observed) {
  v1::OrderObserved& event = *observed.emplace_back().event.mutable_order_observed();
  event.set_order_id(order_id);
  event.set_account_id(account_id);
  event.set_seen(seen);
}

// Reading on past orders is having seen them.
void observe_read(const State::Rows& rows, const Reading& reading, std::uint32_t from,
                  std::vector<Drafted>& observed) {
  if (reading.thread_root_id != 0) return;
  const ChannelRows& channel = *rows.channels.find(reading.channel_id);
  auto it = std::upper_bound(channel.tracked.begin(), channel.tracked.end(), from);
  for (; it != channel.tracked.end() && *it <= reading.seq; ++it) {
    const EntityId id = channel.at(*it).id;
    if (awaits(rows, id, reading.account_id, true)) {
      observe(id, reading.account_id, true, observed);
    }
  }
}

std::uint32_t cursor_seq(const State::Rows& rows, EntityId account_id, EntityId channel_id,
                         EntityId root_id) {
  const Membership* one = rows.membership(account_id, channel_id);
  if (one == nullptr) return 0;
  if (root_id == 0) return one->read_seq;
  for (const Membership::Thread& thread : one->threads) {
    if (thread.root_id == root_id) return thread.seq;
  }
  return 0;
}

}  // namespace

base::Result<Decision> decide_acknowledge(const Context& context,
                                          const v1::AcknowledgeMessage& command) {
  const SeenMessage seen = visible_message(context, command.message_id());
  if (seen.channel == nullptr) return not_found("acknowledge_message.message_id");
  const MessageRow& row = seen.row();
  if (row.has(MessageRow::is_stone)) {
    return base::Error(v1::ERROR_CODE_RETRACTED, "the message is a stone");
  }
  if (command.version() == 0 || command.version() > row.version) {
    return bad_argument("acknowledge_message.version", "no such version");
  }
  const Tracked* tracked = context.rows.tracking(row);
  const std::size_t index = tracked == nullptr ? 0 : receipt_index(*tracked, context.actor());
  if (tracked == nullptr || index == tracked->receipts.size()) {
    return forbidden("acknowledge", "not an addressee");
  }
  v1::Reply::Done done;
  done.set_seq(seen.seq);
  done.set_version(row.version);
  done.set_superseded(command.version() < asked_version(context.rows.extra(row)));
  Draft draft(context);
  if (tracked->receipts[index].acknowledged_version < command.version()) {
    v1::MessageAcknowledged& event = *draft.add().mutable_message_acknowledged();
    event.set_message_id(command.message_id());
    event.set_version(command.version());
    event.set_superseded(done.superseded());
  }
  return draft.finish(std::move(done));
}

base::Result<std::vector<Reading>> check_advance_cursor(const Context& context,
                                                        const v1::AdvanceCursor& command) {
  const ChannelRows* channel =
      context.is_hub() ? nullptr : visible_channel(context, command.channel_id());
  if (channel == nullptr) return not_found("advance_cursor.channel_id");
  if (command.seq() > channel->last_seq()) {
    return bad_argument("advance_cursor.seq", "after the newest message");
  }
  if (command.thread_root_id() != 0) {
    const SeenMessage root = visible_message(context, command.thread_root_id());
    if (root.channel != channel || root.row().root_seq != 0) {
      return not_found("advance_cursor.thread_root_id");
    }
  }
  if (command.seq() <=
      cursor_seq(context.rows, context.actor(), command.channel_id(), command.thread_root_id())) {
    return std::vector<Reading>();
  }
  return std::vector<Reading>{
      {context.actor(), command.channel_id(), command.thread_root_id(), command.seq(), 0}};
}

base::Result<std::vector<Reading>> check_mark_delivered(const Context& context,
                                                        const v1::MarkDelivered& command) {
  if (auto problem = check_count(command.message_ids_size(), limits::deliveries_per_command_max,
                                 "mark_delivered.message_ids")) {
    return *problem;
  }
  std::vector<Reading> readings;
  for (EntityId id : command.message_ids()) {
    if (!context.is_hub() && awaits(context.rows, id, context.actor(), false)) {
      readings.push_back({context.actor(), 0, 0, 0, id});
      continue;
    }
    const SeenMessage seen = visible_message(context, id);
    if (seen.channel == nullptr) continue;
    const Tracked* tracked = context.rows.tracking(seen.row());
    if (tracked == nullptr) continue;
    const std::size_t index = receipt_index(*tracked, context.actor());
    if (index == tracked->receipts.size() || tracked->receipts[index].delivered_us != 0) continue;
    readings.push_back({context.actor(), 0, 0, 0, id});
  }
  return readings;
}

std::vector<Drafted> merge_readings(const State& state, const std::vector<Reading>& readings) {
  const State::Rows& rows = state.rows();
  std::vector<Reading> sorted = readings;
  const auto key = [](const Reading& one) {
    return std::tuple(one.account_id, one.message_id, one.channel_id, one.thread_root_id);
  };
  std::sort(sorted.begin(), sorted.end(), [&key](const Reading& a, const Reading& b) {
    return std::tuple(key(a), a.seq) < std::tuple(key(b), b.seq);
  });
  std::vector<Drafted> cursors;
  std::vector<Drafted> deliveries;
  std::vector<Drafted> observed;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const Reading& one = sorted[i];
    // Of several for one cursor the last is the furthest.
    if (i + 1 < sorted.size() && key(sorted[i + 1]) == key(one)) continue;
    if (one.message_id == 0) {
      if (!state.is_member(one.account_id, one.channel_id) ||
          one.seq <= cursor_seq(rows, one.account_id, one.channel_id, one.thread_root_id)) {
        continue;
      }
      if (cursors.empty() || cursors.back().event.cursors_advanced().rows_size() ==
                                 static_cast<int>(limits::cursor_rows_per_record_max)) {
        cursors.emplace_back();
      }
      auto& row = *cursors.back().event.mutable_cursors_advanced()->add_rows();
      row.set_account_id(one.account_id);
      row.set_channel_id(one.channel_id);
      row.set_thread_root_id(one.thread_root_id);
      row.set_seq(one.seq);
      observe_read(rows, one, cursor_seq(rows, one.account_id, one.channel_id, 0), observed);
      continue;
    }
    if (awaits(rows, one.message_id, one.account_id, false)) {
      observe(one.message_id, one.account_id, false, observed);
    }
    const auto* place = rows.place(one.message_id);
    if (place == nullptr) continue;
    const Tracked* tracked = rows.tracking(rows.channel_at(*place).at(place->seq));
    if (tracked == nullptr) continue;
    const std::size_t index = receipt_index(*tracked, one.account_id);
    if (index == tracked->receipts.size() || tracked->receipts[index].delivered_us != 0) continue;
    if (deliveries.empty() || deliveries.back().event.messages_delivered().rows_size() ==
                                  static_cast<int>(limits::cursor_rows_per_record_max)) {
      deliveries.emplace_back();
    }
    auto& row = *deliveries.back().event.mutable_messages_delivered()->add_rows();
    row.set_account_id(one.account_id);
    row.set_message_id(one.message_id);
  }
  cursors.insert(cursors.end(), std::make_move_iterator(deliveries.begin()),
                 std::make_move_iterator(deliveries.end()));
  cursors.insert(cursors.end(), std::make_move_iterator(observed.begin()),
                 std::make_move_iterator(observed.end()));
  return cursors;
}

void apply_message_acknowledged(State::Rows& rows, const Record& record, Effects& effects) {
  const v1::MessageAcknowledged& event = record.event.message_acknowledged();
  const MessageAt at = message_at(rows, event.message_id());
  Tracked& tracked = rows.tracked.at(event.message_id());
  const std::size_t index = receipt_index(tracked, record.event.account_id());
  FENGHUO_CHECK(index < tracked.receipts.size());
  ReceiptRow& receipt = tracked.receipts[index];
  const std::uint32_t asked = asked_version(rows.extra(at.row()));
  const bool was_missing = is_missing(receipt, asked);
  receipt.acknowledged_version = std::max(receipt.acknowledged_version, event.version());
  receipt.acknowledged_us = record.time_us;
  if (receipt.delivered_us == 0) receipt.delivered_us = record.time_us;
  if (receipt.seen_us == 0) receipt.seen_us = record.time_us;
  note(rows, at.channel, at.seq, tracked, index, record.position, effects);
  if (was_missing && !is_missing(receipt, asked)) --tracked.missing;
  list_open(rows, at.row(), tracked);
}

void apply_cursors_advanced(State::Rows& rows, const Record& record, Effects& effects) {
  for (const auto& row : record.event.cursors_advanced().rows()) {
    advance(rows, row, record, effects);
  }
}

void apply_messages_delivered(State::Rows& rows, const Record& record, Effects& effects) {
  for (const auto& row : record.event.messages_delivered().rows()) {
    const MessageAt at = message_at(rows, row.message_id());
    Tracked& tracked = rows.tracked.at(row.message_id());
    const std::size_t index = receipt_index(tracked, row.account_id());
    FENGHUO_CHECK(index < tracked.receipts.size());
    if (tracked.receipts[index].delivered_us != 0) continue;
    tracked.receipts[index].delivered_us = record.time_us;
    note(rows, at.channel, at.seq, tracked, index, record.position, effects);
  }
}

void track_message(State::Rows& rows, ChannelRows& channel, std::uint32_t seq,
                   const v1::MessagePosted& event, base::Position position, Effects& effects) {
  MessageRow& row = channel.at(seq);
  row.flags |= MessageRow::is_tracked;
  Tracked& tracked = rows.tracked[row.id];
  for (EntityId id : event.addressee_ids()) {
    ReceiptRow receipt;
    receipt.account_id = id;
    receipt.revision = position;
    tracked.receipts.push_back(receipt);
    effects.receipts.push_back({row.id, id});
  }
  tracked.dirty.assign((tracked.receipts.size() + Tracked::chunk - 1) / Tracked::chunk, 0);
  for (std::size_t i = 0; i < tracked.receipts.size(); i += Tracked::chunk) {
    rows.touch_receipt(channel, seq, tracked, i);
  }
  index_tracked(rows, row);
}

void index_tracked(State::Rows& rows, const MessageRow& row) {
  Tracked& tracked = rows.tracked.at(row.id);
  const std::uint32_t asked = asked_version(rows.extra(row));
  tracked.missing = static_cast<std::uint32_t>(
      std::count_if(tracked.receipts.begin(), tracked.receipts.end(),
                    [asked](const ReceiptRow& one) { return is_missing(one, asked); }));
  list_open(rows, row, tracked);
}

void ask_again(State::Rows& rows, ChannelRows& channel, std::uint32_t seq, Effects& effects) {
  const MessageRow& row = channel.at(seq);
  if (!row.has(MessageRow::is_tracked)) return;
  index_tracked(rows, row);
  for (const ReceiptRow& one : rows.tracked.at(row.id).receipts) {
    effects.receipts.push_back({row.id, one.account_id});
  }
}

void close_tracking(State::Rows& rows, const ChannelRows& channel, std::uint32_t seq) {
  const MessageRow& row = channel.at(seq);
  if (row.has(MessageRow::is_tracked)) list_open(rows, row, rows.tracked.at(row.id));
}

}  // namespace fenghuo::core
