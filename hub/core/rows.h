// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/alarm.pb.h"
#include "fenghuo/v1/configuration.pb.h"
#include "fenghuo/v1/duty.pb.h"
#include "fenghuo/v1/feedback.pb.h"
#include "fenghuo/v1/hub_time.pb.h"
#include "fenghuo/v1/incident.pb.h"
#include "fenghuo/v1/intake.pb.h"
#include "fenghuo/v1/model.pb.h"
#include "fenghuo/v1/order.pb.h"
#include "fenghuo/v1/warning.pb.h"
#include "hub/base/types.h"
#include "hub/core/deadlines.h"
#include "hub/core/state.h"
#include "hub/core/table.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fenghuo::core {

// The inside of a State, private to this folder. "Derived" members are not saved: they are rebuilt
// by load() from the others.

// One message, 48 bytes; row i of a channel is seq i + 1. Texts are not in memory.
struct MessageRow {
  base::EntityId id = 0;
  base::TimeUs posted_us = 0;
  // Position of its last change.
  base::Position revision = 0;
  base::EntityId author_id = 0;
  base::EntityId role_id = 0;
  // Seq of the thread's root; 0 = main timeline.
  std::uint32_t root_seq = 0;
  std::uint16_t version = 1;
  std::uint8_t precedence = 0;
  std::uint8_t flags = 0;

  static constexpr std::uint8_t asks_receipt = 1;
  static constexpr std::uint8_t is_tracked = 2;
  static constexpr std::uint8_t has_extra = 4;
  static constexpr std::uint8_t is_stone = 8;
  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
};
static_assert(sizeof(MessageRow) == 48);

// What few messages have.
struct MessageExtra {
  struct Mention {
    enum class Kind : std::uint8_t { Account, Role, Everyone };
    Kind kind = Kind::Account;
    base::EntityId id = 0;
  };
  // As written, of the current version.
  std::vector<Mention> mentions;
  // Members named by account or role when the version was made, without the author; ascending.
  std::vector<base::EntityId> named;
  bool names_everyone = false;
  // Of the current version.
  std::vector<std::string> blob_hashes;
  // Versions after the first.
  std::vector<State::Version> edits;
  struct Stone {
    v1::Message::Stone::Kind kind = v1::Message::Stone::KIND_UNSPECIFIED;
    base::EntityId by_id = 0;
    base::EntityId confirmed_by_id = 0;
    base::TimeUs at_us = 0;
    // The record whose body holds the reason; 0 = `rule` says it.
    base::Position reason_position = 0;
    std::string rule;
  };
  std::optional<Stone> stone;
  // Position of the retraction, whose body holds a reason; 0 = none.
  base::Position retracted_at = 0;
  bool dirty = false;
};

// One addressee of a tracked message, 48 bytes.
struct ReceiptRow {
  base::EntityId account_id = 0;
  base::TimeUs delivered_us = 0;
  base::TimeUs seen_us = 0;
  base::TimeUs acknowledged_us = 0;
  base::Position revision = 0;
  std::uint32_t acknowledged_version = 0;
};

struct Tracked {
  static constexpr std::size_t chunk = 32;
  // By account.
  std::vector<ReceiptRow> receipts;
  // One mark per chunk of receipts: changed since the last save.
  std::vector<std::uint8_t> dirty;
  bool listed = false;
  // Derived: addressees who have not acknowledged the version asked for.
  std::uint32_t missing = 0;
};

struct ChannelRows {
  static constexpr std::uint32_t chunk = 32;
  static constexpr std::uint32_t block = 256;

  v1::Channel channel;
  bool held = false;
  std::vector<MessageRow> messages;

  // Derived from here on.
  std::vector<base::EntityId> members;
  // Per block of seqs: how many messages of the main timeline are no stones.
  std::vector<std::uint16_t> countable;
  // Such messages by author, as seqs.
  std::map<base::EntityId, std::vector<std::uint32_t>> own;
  // Seqs of messages that name or named somebody, and of tracked ones.
  std::vector<std::uint32_t> naming;
  std::vector<std::uint32_t> tracked;
  // Threads by seq of the root: their replies' seqs, and who takes part (some may have left).
  struct Thread {
    std::vector<std::uint32_t> replies;
    std::vector<base::EntityId> participants;
  };
  std::map<std::uint32_t, Thread> threads;

  // Marks of saving, and digests per block (0 = not known).
  std::vector<std::uint8_t> chunk_dirty;
  std::vector<std::uint32_t> dirty_chunks;
  bool listed = false;
  mutable std::vector<std::uint64_t> block_digests;

  std::uint32_t last_seq() const { return static_cast<std::uint32_t>(messages.size()); }
  const MessageRow& at(std::uint32_t seq) const { return messages[seq - 1]; }
  MessageRow& at(std::uint32_t seq) { return messages[seq - 1]; }
};

// What one account is to one channel: when it belonged, and how far it has read.
struct Membership {
  // Holds positions [since, until); until 0 = still.
  struct Interval {
    base::Position since = 0;
    base::Position until = 0;
    // The channel's last seq at joining.
    std::uint32_t joined_seq = 0;
  };
  struct Thread {
    base::EntityId root_id = 0;
    std::uint32_t seq = 0;
    // Wrote in it or was named in it: its replies count as unread.
    bool takes_part = false;
  };
  base::EntityId channel_id = 0;
  // In order of time.
  std::vector<Interval> intervals;
  // Main timeline read up to here; joining sets it to the last seq.
  std::uint32_t read_seq = 0;
  // By root.
  std::vector<Thread> threads;
  bool dirty = false;

  bool is_open() const { return !intervals.empty() && intervals.back().until == 0; }
};

// A device of an account, with the results it can ask for again.
struct DeviceRow {
  struct Result {
    std::uint64_t n = 0;
    base::Position first = 0;
    std::uint64_t digest = 0;
    std::uint32_t seq = 0;
    std::uint16_t version = 0;
    bool superseded = false;
  };
  std::string name;
  base::Position last_used = 0;
  std::uint64_t highest = 0;
  // By n, all above highest - results_per_device.
  std::vector<Result> results;
  bool dirty = false;
};

// What hangs on an account, apart from its entity. Account 0, the hub, has rows as well.
struct AccountRows {
  std::string password_hash;
  // Its access_until has passed (AccessExpired).
  bool access_ended = false;
  // By role.
  std::vector<v1::Appointment> appointments;
  // By channel.
  std::vector<Membership> memberships;
  // By name.
  std::vector<DeviceRow> devices;

  // Derived: tokens, and own tracked messages that somebody has not acknowledged; ascending.
  std::vector<base::EntityId> tokens;
  std::vector<base::EntityId> open_tracked;

  // Marks of saving: the first three members; devices dropped since.
  bool facts_dirty = false;
  std::vector<std::string> dropped_devices;
};

struct Proposal {
  base::EntityId message_id = 0;
  base::EntityId proposed_by_id = 0;
  base::TimeUs until_us = 0;
  std::string rule;
};

// Ids by readable key.
using KeyIndex = std::map<std::string, base::EntityId, std::less<>>;
// Sorted ids by another id.
using IdIndex = std::map<base::EntityId, std::vector<base::EntityId>>;

struct State::Rows {
  // The world.
  base::Position position = 0;
  base::TimeUs time_us = 0;
  std::uint32_t format = 0;
  v1::WorldCreated world;
  v1::EpochStarted epoch;
  v1::LocalizedText center_name;
  std::string zone;
  base::TimeUs redaction_window_us = 0;

  // Entities.
  Table<v1::Department> departments;
  Table<v1::Role> roles;
  Table<v1::Account> accounts;
  Table<v1::Contact> contacts;
  Table<ChannelRows> channels;
  Table<AccountRows> account_rows;
  std::map<base::EntityId, TokenRow> tokens;
  std::map<base::EntityId, std::string> token_hashes;
  std::map<base::EntityId, Proposal> proposals;
  std::map<base::EntityId, MessageExtra> extras;
  std::map<base::EntityId, Tracked> tracked;

  // Coordination; each kind is described in kinds.h.
  Table<v1::Shift> shifts;
  Table<v1::DutyOverride> overrides;
  Table<v1::Handover> handovers;
  Table<v1::RollCall> roll_calls;
  // One at most.
  Table<v1::Configuration> configurations;
  Table<v1::Order> orders;
  Table<v1::CallItem> call_items;
  Table<v1::Spoken> spoken;
  Table<v1::Outage> outages;
  Table<v1::ClockDoubt> clock_doubts;
  Table<v1::Incident> incidents;
  Table<v1::Report> reports;
  Table<v1::RosterGap> roster_gaps;
  Table<v1::Alarm> alarms;
  Table<v1::AlarmSource> alarm_sources;
  Table<v1::AlarmGroup> alarm_groups;
  Table<v1::Warning> warnings;
  Table<v1::Intake> intakes;
  Table<v1::Feedback> feedbacks;
  Table<v1::FeedbackAsk> feedback_asks;

  // Derived.
  KeyIndex department_keys, role_keys, account_keys, contact_keys, channel_keys;
  std::map<std::string, base::EntityId, std::less<>> token_by_hash;
  struct MessagePlace {
    base::EntityId id = 0;
    std::uint32_t channel_index = 0;
    std::uint32_t seq = 0;
  };
  // By id; channel_index counts in `channels`.
  std::vector<MessagePlace> places;
  // Accounts appointed to a role; roles of a department; departments below one.
  IdIndex appointees, department_roles, department_children;
  // Shifts and overrides not cancelled, by role.
  IdIndex role_shifts, role_overrides;
  // Orders still open; when a role was last told to be vacant.
  std::set<base::EntityId> open_orders;
  std::set<base::EntityId> open_clock_doubts;
  std::map<base::EntityId, base::TimeUs> vacancies_told;
  // Standings that a shift has begun of, ever.
  std::set<std::pair<base::EntityId, int>> rostered;
  // Open handovers, and the last accepted one of each standing, by role. Gaps told, by role.
  IdIndex role_handovers, role_gaps;
  // Open alarms and combinations by what they are of; sources by key.
  std::map<std::string, base::EntityId, std::less<>> open_alarms;
  std::map<std::string, std::vector<base::EntityId>, std::less<>> unit_alarms;
  std::map<std::string, std::vector<base::EntityId>, std::less<>> unit_groups;
  KeyIndex alarm_source_keys;
  // Anonymous feedback by the hash of its receipt code. Asks not ended, by account.
  KeyIndex feedback_receipts;
  IdIndex open_feedback_asks;
  // Channels by what makes somebody a member: the department itself, a department with those below,
  // a role, an account, everyone. Guests by the channels in their room list.
  IdIndex own_department_channels, department_channels, role_channels, account_channels;
  std::vector<base::EntityId> everyone_channels;
  IdIndex room_guests;
  // Direct channels by their people.
  std::map<std::vector<base::EntityId>, base::EntityId> directs;
  // What the hub must do by itself, and when.
  Deadlines deadlines;
  // Messages whose current version has the blob.
  std::map<std::string, std::vector<base::EntityId>, std::less<>> blob_messages;

  // Marks of saving.
  std::vector<base::EntityId> dirty_extras, dirty_tracked, dirty_chunk_channels;
  std::set<base::EntityId> dirty_tokens, dirty_proposals;
  std::size_t unsaved_bytes = 0;

  // What the rules run on; the default instance before any plan brought one.
  const v1::Configuration& configuration() const {
    return configurations.empty() ? v1::Configuration::default_instance()
                                  : *configurations.begin()->row;
  }
  // Rows of an account; exists for every account, and for 0.
  const AccountRows& of(base::EntityId account_id) const;
  AccountRows& of(base::EntityId account_id);
  const Membership* membership(base::EntityId account_id, base::EntityId channel_id) const;
  // Null when the account never belonged to it.
  Membership* membership(base::EntityId account_id, base::EntityId channel_id);
  // Null when there is no such message.
  const MessagePlace* place(base::EntityId message_id) const;
  const ChannelRows& channel_at(const MessagePlace& place) const;
  ChannelRows& channel_at(const MessagePlace& place);
  // Null when the message has none.
  const MessageExtra* extra(const MessageRow& row) const;
  const Tracked* tracking(const MessageRow& row) const;

  // What apply changes, it marks: saved next time, digested anew.
  void touch_facts(base::EntityId account_id);
  void touch(base::EntityId account_id, Membership& membership);
  void touch(base::EntityId account_id, DeviceRow& device);
  void touch(ChannelRows& channel, std::uint32_t seq);
  MessageExtra& touch_extra(ChannelRows& channel, std::uint32_t seq);
  void touch_receipt(ChannelRows& channel, std::uint32_t seq, Tracked& tracked, std::size_t index);
};

// Sorted vectors of ids.
bool holds(const std::vector<base::EntityId>& ids, base::EntityId id);
void insert_id(std::vector<base::EntityId>& ids, base::EntityId id);
void erase_id(std::vector<base::EntityId>& ids, base::EntityId id);
// The ids under a key; empty when there are none.
const std::vector<base::EntityId>& ids_under(const IdIndex& index, base::EntityId key);

// Whether the account counts as a member of anything: not disabled, access not ended.
bool counts_as_member(const State::Rows& rows, const v1::Account& account);

v1::Receipt to_receipt(base::EntityId message_id, base::EntityId channel_id, const ReceiptRow& row);

// The version acknowledgements are asked for: the last CHANGE, else 1.
std::uint32_t asked_version(const MessageExtra* extra);

}  // namespace fenghuo::core
