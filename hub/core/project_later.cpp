// SPDX-License-Identifier: Apache-2.0
#include "hub/core/directory.h"
#include "hub/core/kinds.h"
#include "hub/core/project.h"
#include "hub/core/receipts.h"
#include "hub/core/render.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;
using Sink = std::function<void(v1::Update&&)>;

// Catching up: one record for one account, from a later State. Rows show the later State; sending
// one again that did not change is harmless, so what Effects told live is guessed generously.
class LaterProjection {
 public:
  LaterProjection(const State& later, const Record& record, EntityId account_id, const Sink& sink)
      : state_(later), rows_(later.rows()), record_(record), account_id_(account_id), sink_(sink) {}

  void run();

 private:
  void directory();
  void message();
  void cursors(const ChannelRows& channel, std::uint32_t seq);
  void moved_cursors();
  void receipts();
  void receipts_of(EntityId message_id, EntityId addressee_id = 0);
  void channels();
  void memberships();
  void coordination();

  // Belongs to the channel now, and did at the record's position without a break since.
  bool belonged(EntityId channel_id) const {
    const Membership* one = rows_.membership(account_id_, channel_id);
    return one != nullptr && one->is_open() && one->intervals.back().since <= record_.position;
  }
  v1::Update update() const {
    v1::Update one;
    one.set_position(record_.position);
    one.set_time_us(record_.time_us);
    return one;
  }
  void send_channel(EntityId channel_id) {
    v1::Update one = update();
    *one.mutable_channel() = render_channel(state_, *rows_.channels.find(channel_id), account_id_);
    sink_(std::move(one));
  }
  void send_cursor(const ChannelRows& channel, EntityId root_id) {
    v1::Update one = update();
    *one.mutable_cursor() = cursor_of(rows_, channel, account_id_, root_id);
    sink_(std::move(one));
  }

  const State& state_;
  const State::Rows& rows_;
  const Record& record_;
  EntityId account_id_;
  const Sink& sink_;
};

EntityId id_or_here(EntityId id, base::Position here) { return id == 0 ? here : id; }

void LaterProjection::directory() {
  const v1::Event& event = record_.event;
  const base::Position here = record_.position;
  const bool guest = is_guest(rows_, account_id_);
  v1::Update one = update();
  if (event.has_department_set()) {
    const EntityId id = id_or_here(event.department_set().department().id(), here);
    *one.mutable_department() = render(*state_.department(id), guest);
  } else if (event.has_role_set()) {
    const EntityId id = id_or_here(event.role_set().role().id(), here);
    *one.mutable_role() = render(*state_.role(id), guest);
  } else if (event.has_account_set()) {
    const EntityId id = id_or_here(event.account_set().account().id(), here);
    *one.mutable_account() = render(*state_.account(id), guest);
  } else if (event.has_appointment_set()) {
    const v1::Appointment& value = event.appointment_set().appointment();
    *one.mutable_appointment() = *find_appointment(rows_.of(value.account_id()), value.role_id());
  } else if (event.has_contact_set() && !guest) {
    const EntityId id = id_or_here(event.contact_set().contact().id(), here);
    *one.mutable_contact() = *rows_.contacts.find(id);
  } else {
    return;
  }
  sink_(std::move(one));
}

void LaterProjection::message() {
  const auto subject = subject_of(rows_, record_);
  if (!subject) return;
  const EntityId channel_id = subject->channel.channel.id();
  if (!belonged(channel_id) || subject->seq < state_.first_seq(account_id_, channel_id)) return;
  v1::Update one = update();
  *one.mutable_message() = render_message_record(rows_, subject->channel, subject->seq, record_);
  sink_(std::move(one));
  cursors(subject->channel, subject->seq);
}

// A client can count a plain new message of the main timeline itself; for anything else it is told.
void LaterProjection::cursors(const ChannelRows& channel, std::uint32_t seq) {
  const MessageRow& row = channel.at(seq);
  const bool plain = record_.event.has_message_posted() &&
                     record_.event.message_posted().mentions().empty() && row.root_seq == 0 &&
                     !row.has(MessageRow::is_stone);
  if (plain) return;
  if (row.root_seq == 0) send_cursor(channel, 0);
  const EntityId root_id = row.root_seq == 0 ? row.id : channel.at(row.root_seq).id;
  if (takes_part(rows_, channel, account_id_, root_id)) send_cursor(channel, root_id);
}

void LaterProjection::moved_cursors() {
  for (const auto& row : record_.event.cursors_advanced().rows()) {
    if (row.account_id() != account_id_ || !belonged(row.channel_id())) continue;
    const ChannelRows& channel = *rows_.channels.find(row.channel_id());
    const EntityId root_id = row.thread_root_id();
    if (root_id == 0 || takes_part(rows_, channel, account_id_, root_id)) {
      send_cursor(channel, root_id);
    }
  }
}

void LaterProjection::receipts_of(EntityId message_id, EntityId addressee_id) {
  const auto* place = rows_.place(message_id);
  if (place == nullptr) return;
  const ChannelRows& channel = rows_.channel_at(*place);
  if (channel.at(place->seq).author_id != account_id_ || !belonged(channel.channel.id()) ||
      place->seq < state_.first_seq(account_id_, channel.channel.id())) {
    return;
  }
  for (v1::Receipt& receipt : state_.receipts(message_id)) {
    if (addressee_id != 0 && receipt.account_id() != addressee_id) continue;
    v1::Update one = update();
    *one.mutable_receipt() = std::move(receipt);
    sink_(std::move(one));
  }
}

void LaterProjection::receipts() {
  const v1::Event& event = record_.event;
  if (event.has_message_posted() && event.account_id() == account_id_) {
    receipts_of(record_.position);
  } else if (event.has_message_edited() && event.account_id() == account_id_ &&
             event.message_edited().kind() == v1::EDIT_KIND_CHANGE) {
    receipts_of(event.message_edited().message_id());
  } else if (event.has_message_acknowledged()) {
    receipts_of(event.message_acknowledged().message_id(), event.account_id());
  }
  for (const auto& row : event.messages_delivered().rows()) {
    receipts_of(row.message_id(), row.account_id());
  }
  for (const auto& row : event.cursors_advanced().rows()) {
    // Seen by this reader. Own messages that everybody has acknowledged were told by that record.
    if (!belonged(row.channel_id())) continue;
    for (EntityId message_id : rows_.of(account_id_).open_tracked) {
      const auto* place = rows_.place(message_id);
      if (place->seq > row.seq() || rows_.channel_at(*place).channel.id() != row.channel_id()) {
        continue;
      }
      receipts_of(message_id, row.account_id());
    }
  }
}

void LaterProjection::channels() {
  const v1::Event& event = record_.event;
  const base::Position here = record_.position;
  EntityId changed = 0;
  if (event.has_channel_set()) changed = id_or_here(event.channel_set().channel().id(), here);
  if (event.has_legal_hold_set()) changed = event.legal_hold_set().channel_id();
  const bool grants = event.has_role_set() || event.has_department_set() ||
                      (event.has_appointment_set() &&
                       event.appointment_set().appointment().account_id() == account_id_);
  if (changed == 0 && !grants) return;
  for (const State::Joined& joined : state_.channels_of(account_id_)) {
    if (joined.since >= here) continue;
    const bool announces =
        state_.channel(joined.channel_id)->posting() == v1::Channel::POSTING_ANNOUNCERS;
    if (joined.channel_id == changed || (grants && announces)) send_channel(joined.channel_id);
  }
}

void LaterProjection::memberships() {
  const base::Position here = record_.position;
  for (const Membership& one : rows_.of(account_id_).memberships) {
    const bool left = std::any_of(one.intervals.begin(), one.intervals.end(),
                                  [here](const auto& interval) { return interval.until == here; });
    if (left) {
      v1::Update row = update();
      row.set_channel_gone_id(one.channel_id);
      sink_(std::move(row));
    }
    if (!one.is_open() || one.intervals.back().since != here) continue;
    send_channel(one.channel_id);
    const ChannelRows& channel = *rows_.channels.find(one.channel_id);
    for (EntityId message_id : rows_.of(account_id_).open_tracked) {
      if (&rows_.channel_at(*rows_.place(message_id)) == &channel) receipts_of(message_id);
    }
  }
}

// Rows as they are now, if they may be seen now; what was gained or lost by the record as well.
void LaterProjection::coordination() {
  const auto send = [&](const RowRef& ref, bool sees) {
    v1::Update one = update();
    put_row(rows_, ref, sees, one);
    sink_(std::move(one));
  };
  for (const RowRef& ref : refs_of(record_)) {
    const Viewers viewers = viewers_of(rows_, ref);
    if (may_see(rows_, account_id_, viewers)) {
      send(ref, true);
    } else if (may_have_seen(rows_, account_id_, viewers, record_.position)) {
      // The row may have ended here, and only then his sight of it.
      send(ref, false);
    }
  }
  for (const SightChange& change : sight_changes_later(rows_, record_, account_id_)) {
    each_sight(rows_, change, send);
  }
}

void LaterProjection::run() {
  directory();
  message();
  channels();
  moved_cursors();
  receipts();
  memberships();
  coordination();
}

}  // namespace

void project_later(const State& later, const Record& record, EntityId account_id,
                   const Sink& sink) {
  if (later.account(account_id) == nullptr) return;
  LaterProjection(later, record, account_id, sink).run();
}

}  // namespace fenghuo::core
