// SPDX-License-Identifier: Apache-2.0
#include "hub/core/project.h"

#include "hub/base/limits.h"
#include "hub/core/directory.h"
#include "hub/core/kinds.h"
#include "hub/core/receipts.h"
#include "hub/core/render.h"

#include <algorithm>
#include <utility>

namespace fenghuo::core {
namespace {

using base::EntityId;

constexpr Audience staff{Audience::Kind::Staff, 0};
constexpr Audience guests{Audience::Kind::Guests, 0};

// Hands out the updates of one record.
class Projection {
 public:
  Projection(const State& after, const Record& record, const Effects& effects,
             const ProjectSink& sink)
      : state_(after), rows_(after.rows()), record_(record), effects_(effects), sink_(sink) {}

  void run();

 private:
  void directory();
  void message();
  void channels();
  void announcing();
  void joined(EntityId account_id, EntityId channel_id);
  void rows_of_accounts();
  void coordination();
  void sight_of_accounts();

  v1::Update update() const {
    v1::Update one;
    one.set_position(record_.position);
    one.set_time_us(record_.time_us);
    return one;
  }
  void channel_to(EntityId account_id, const ChannelRows& channel) {
    v1::Update one = update();
    *one.mutable_channel() = render_channel(state_, channel, account_id);
    sink_({Audience::Kind::Account, account_id}, std::move(one));
  }
  // `fill` puts the row, as seen by a guest or not, into an update.
  template <typename Fill>
  void to_both(Fill&& fill) {
    for (const bool for_guest : {false, true}) {
      v1::Update one = update();
      fill(one, for_guest);
      sink_(for_guest ? guests : staff, std::move(one));
    }
  }

  const State& state_;
  const State::Rows& rows_;
  const Record& record_;
  const Effects& effects_;
  const ProjectSink& sink_;
};

EntityId id_or_here(EntityId id, base::Position here) { return id == 0 ? here : id; }

void Projection::directory() {
  const v1::Event& event = record_.event;
  const base::Position here = record_.position;
  if (event.has_department_set()) {
    const EntityId id = id_or_here(event.department_set().department().id(), here);
    to_both([&](v1::Update& one, bool for_guest) {
      *one.mutable_department() = render(*state_.department(id), for_guest);
    });
  } else if (event.has_role_set()) {
    const EntityId id = id_or_here(event.role_set().role().id(), here);
    to_both([&](v1::Update& one, bool for_guest) {
      *one.mutable_role() = render(*state_.role(id), for_guest);
    });
  } else if (event.has_account_set()) {
    const EntityId id = id_or_here(event.account_set().account().id(), here);
    to_both([&](v1::Update& one, bool for_guest) {
      *one.mutable_account() = render(*state_.account(id), for_guest);
    });
  } else if (event.has_appointment_set()) {
    const v1::Appointment& value = event.appointment_set().appointment();
    to_both([&](v1::Update& one, bool) {
      *one.mutable_appointment() = *find_appointment(rows_.of(value.account_id()), value.role_id());
    });
  } else if (event.has_contact_set()) {
    const EntityId id = id_or_here(event.contact_set().contact().id(), here);
    v1::Update one = update();
    *one.mutable_contact() = *rows_.contacts.find(id);
    sink_(staff, std::move(one));
  }
}

void Projection::message() {
  const auto subject = subject_of(rows_, record_);
  if (!subject) return;
  const EntityId channel_id = subject->channel.channel.id();
  v1::Update one = update();
  *one.mutable_message() = render_message_record(rows_, subject->channel, subject->seq, record_);
  const auto may_read = [&](EntityId id) {
    return state_.first_seq(id, channel_id) <= subject->seq;
  };
  const auto& members = subject->channel.members;
  if (record_.event.has_message_posted() ||
      subject->channel.channel.history() != v1::Channel::HISTORY_SINCE_JOINING ||
      std::all_of(members.begin(), members.end(), may_read)) {
    sink_({Audience::Kind::Channel, channel_id}, std::move(one));
    return;
  }
  // Some joined after it was posted.
  for (EntityId id : members) {
    if (may_read(id)) sink_({Audience::Kind::Account, id}, v1::Update(one));
  }
}

void Projection::channels() {
  for (EntityId channel_id : effects_.changed_channels) {
    const ChannelRows& channel = *rows_.channels.find(channel_id);
    for (EntityId account_id : channel.members) {
      // Those who join by this very record are served below.
      if (state_.was_member(account_id, channel_id, record_.position - 1)) {
        channel_to(account_id, channel);
      }
    }
  }
  for (const Effects::Membership& one : effects_.memberships) {
    if (one.joined) joined(one.account_id, one.channel_id);
  }
}

// Besides the channel, the receipts of own messages in it that were not told while away.
void Projection::joined(EntityId account_id, EntityId channel_id) {
  const ChannelRows& channel = *rows_.channels.find(channel_id);
  channel_to(account_id, channel);
  for (EntityId message_id : rows_.of(account_id).open_tracked) {
    const auto* place = rows_.place(message_id);
    if (&rows_.channel_at(*place) != &channel ||
        place->seq < state_.first_seq(account_id, channel_id)) {
      continue;
    }
    for (v1::Receipt& receipt : state_.receipts(message_id)) {
      v1::Update update_row = update();
      *update_row.mutable_receipt() = std::move(receipt);
      sink_({Audience::Kind::Account, account_id}, std::move(update_row));
    }
  }
}

// A role gained, lost or changed may open or close announcement channels for its holders.
void Projection::announcing() {
  std::vector<EntityId> accounts;
  if (record_.event.has_appointment_set()) {
    accounts = {record_.event.appointment_set().appointment().account_id()};
  } else if (record_.event.has_role_set()) {
    accounts = ids_under(rows_.appointees,
                         id_or_here(record_.event.role_set().role().id(), record_.position));
  } else if (record_.event.has_department_set()) {
    for (const auto& entry : rows_.accounts) {
      if (!rows_.of(entry.id).appointments.empty()) accounts.push_back(entry.id);
    }
  }
  for (EntityId account_id : accounts) {
    for (const State::Joined& joined : state_.channels_of(account_id)) {
      const ChannelRows& channel = *rows_.channels.find(joined.channel_id);
      if (channel.channel.posting() != v1::Channel::POSTING_ANNOUNCERS ||
          joined.since == record_.position) {
        continue;
      }
      channel_to(account_id, channel);
    }
  }
}

void Projection::rows_of_accounts() {
  for (const Effects::Recount& one : effects_.recounts) {
    v1::Update row = update();
    *row.mutable_cursor() =
        cursor_of(rows_, *rows_.channels.find(one.channel_id), one.account_id, one.thread_root_id);
    sink_({Audience::Kind::Account, one.account_id}, std::move(row));
  }
  for (const Effects::Receipt& one : effects_.receipts) {
    const auto* place = rows_.place(one.message_id);
    const ChannelRows& channel = rows_.channel_at(*place);
    const MessageRow& message = channel.at(place->seq);
    if (state_.first_seq(message.author_id, channel.channel.id()) > place->seq) continue;
    const auto& receipts = rows_.tracking(message)->receipts;
    const auto it =
        std::lower_bound(receipts.begin(), receipts.end(), one.addressee_id,
                         [](const ReceiptRow& row, EntityId id) { return row.account_id < id; });
    v1::Update row = update();
    *row.mutable_receipt() = to_receipt(one.message_id, channel.channel.id(), *it);
    sink_({Audience::Kind::Account, message.author_id}, std::move(row));
  }
}

// The rows the record changed, to everybody who may see them.
void Projection::coordination() {
  for (const RowRef& ref : refs_of(record_)) {
    v1::Update one = update();
    put_row(rows_, ref, true, one);
    const Viewers viewers = viewers_of(rows_, ref);
    if (viewers.staff) sink_(staff, v1::Update(one));
    for (EntityId id : accounts_of(rows_, viewers)) {
      if (viewers.staff && !is_guest(rows_, id)) continue;
      sink_({Audience::Kind::Account, id}, v1::Update(one));
    }
  }
}

// Whose sight of rows the record may have changed: told of all rows that hang on it anew, or that
// they are gone.
void Projection::sight_of_accounts() {
  for (const SightChange& change : sight_changes(rows_, record_, effects_)) {
    each_sight(rows_, change, [&](const RowRef& ref, bool sees) {
      v1::Update one = update();
      put_row(rows_, ref, sees, one);
      sink_({Audience::Kind::Account, change.account_id}, std::move(one));
    });
  }
}

void Projection::run() {
  directory();
  message();
  channels();
  announcing();
  rows_of_accounts();
  coordination();
  sight_of_accounts();
  for (const Effects::Membership& one : effects_.memberships) {
    if (one.joined) continue;
    v1::Update row = update();
    row.set_channel_gone_id(one.channel_id);
    sink_({Audience::Kind::Account, one.account_id}, std::move(row));
  }
}

MessageRef reference(const State::Rows& rows, const ChannelRows& channel, std::uint32_t seq) {
  MessageRef found;
  found.message = render_message(rows, channel, seq);
  const MessageRow& row = channel.at(seq);
  const MessageExtra* extra = rows.extra(row);
  if (row.has(MessageRow::is_stone)) {
    found.reason_position = extra->stone->reason_position;
  } else {
    found.text_position =
        extra == nullptr || extra->edits.empty() ? row.id : extra->edits.back().position;
  }
  return found;
}

void add_receipts(const State& state, EntityId account_id, v1::Snapshot& snapshot) {
  const State::Rows& rows = state.rows();
  const auto& open = rows.of(account_id).open_tracked;
  std::size_t messages = 0;
  for (auto it = open.rbegin();
       it != open.rend() && messages < base::limits::receipts_in_snapshot_messages_max; ++it) {
    const auto* place = rows.place(*it);
    if (state.first_seq(account_id, rows.channel_at(*place).channel.id()) > place->seq) continue;
    ++messages;
    for (v1::Receipt& receipt : state.receipts(*it)) *snapshot.add_receipts() = std::move(receipt);
  }
}

}  // namespace

void project(const State& after, const Record& record, const Effects& effects,
             const ProjectSink& sink) {
  Projection(after, record, effects, sink).run();
}

v1::Snapshot snapshot_for(const State& state, EntityId account_id) {
  const State::Rows& rows = state.rows();
  v1::Snapshot snapshot;
  if (state.account(account_id) == nullptr) return snapshot;
  const bool guest = is_guest(rows, account_id);
  for (const auto& entry : rows.departments) {
    *snapshot.add_departments() = render(*entry.row, guest);
  }
  for (const auto& entry : rows.roles) *snapshot.add_roles() = render(*entry.row, guest);
  for (const auto& entry : rows.accounts) {
    *snapshot.add_accounts() = render(*entry.row, guest);
    for (const v1::Appointment& one : rows.of(entry.id).appointments) {
      if (!one.ended()) *snapshot.add_appointments() = one;
    }
  }
  if (!guest) {
    for (const auto& entry : rows.contacts) *snapshot.add_contacts() = *entry.row;
  }
  for (const State::Joined& joined : state.channels_of(account_id)) {
    *snapshot.add_channels() =
        render_channel(state, *rows.channels.find(joined.channel_id), account_id);
  }
  add_receipts(state, account_id, snapshot);
  add_open_rows(rows, account_id, snapshot);
  return snapshot;
}

v1::ChannelState channel_state_for(const State& state, EntityId channel_id, EntityId account_id) {
  const ChannelRows* channel = state.rows().channels.find(channel_id);
  return channel == nullptr ? v1::ChannelState() : render_channel(state, *channel, account_id);
}

std::optional<MessageRef> message_for(const State& state, EntityId message_id,
                                      EntityId account_id) {
  const auto place = state.place_of(message_id);
  if (!place) return std::nullopt;
  auto found = message_at(state, place->channel_id, place->seq, account_id);
  if (found) return found;
  // Whoever sees an order or an intake reads its text, wherever it was posted.
  const State::Rows& rows = state.rows();
  const v1::Order* order = rows.orders.find(message_id);
  const v1::Intake* intake = rows.intakes.find(message_id);
  const bool seen = (order != nullptr && may_see(rows, account_id, viewers_of(rows, *order))) ||
                    (intake != nullptr && may_see(rows, account_id, viewers_of(rows, *intake)));
  if (!seen) return found;
  return reference(rows, *rows.channels.find(place->channel_id),
                   static_cast<std::uint32_t>(place->seq));
}

std::optional<MessageRef> message_at(const State& state, EntityId channel_id, std::uint64_t seq,
                                     EntityId account_id) {
  const ChannelRows* channel = state.rows().channels.find(channel_id);
  if (channel == nullptr || seq == 0 || seq > channel->last_seq() ||
      seq < state.first_seq(account_id, channel_id)) {
    return std::nullopt;
  }
  return reference(state.rows(), *channel, static_cast<std::uint32_t>(seq));
}

bool may_read_blob(const State& state, const std::string& hash, EntityId account_id) {
  const State::Rows& rows = state.rows();
  const auto found = rows.blob_messages.find(hash);
  if (found == rows.blob_messages.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](EntityId message_id) {
    const auto* place = rows.place(message_id);
    return state.first_seq(account_id, rows.channel_at(*place).channel.id()) <= place->seq;
  });
}

}  // namespace fenghuo::core
