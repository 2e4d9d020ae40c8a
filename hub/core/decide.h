// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fenghuo/v1/hub_time.pb.h"
#include "hub/base/result.h"
#include "hub/core/command.h"
#include "hub/core/state.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace fenghuo::core {

// Decides one command against the State as it is: a refusal, or the events that make it true. Pure.
// The first event gets position state.position() + 1, and so on; ids and seqs in the events and in
// `done` rely on it, so the caller applies them at once or not at all.
//
// A known command id (account, device, n) returns its first result with `repeated` set and no
// events; the same id with another digest is COMMAND_ID_REUSED; an n older than what is remembered
// is ALREADY_DONE. What the actor may not see answers exactly like what does not exist.
base::Result<Decision> decide(const State& state, const Envelope& envelope, base::TimeUs now);

// Reading and delivery are not decided one by one but merged (about once a second) into one record.
struct Reading {
  base::EntityId account_id = 0;
  // AdvanceCursor, or ...
  base::EntityId channel_id = 0;
  base::EntityId thread_root_id = 0;
  std::uint64_t seq = 0;
  // ... MarkDelivered: the message; channel_id is 0 then.
  base::EntityId message_id = 0;
};

// Checks one AdvanceCursor or MarkDelivered and returns what of it would change anything (possibly
// nothing), without changing the State.
base::Result<std::vector<Reading>> check_reading(const State& state, const Envelope& envelope,
                                                 base::TimeUs now);

// Turns merged readings into at most one CursorsAdvanced and one MessagesDelivered event each
// `limits::cursor_rows_per_record_max` rows, and one OrderObserved for each order that a device now
// has or somebody has read; readings overtaken meanwhile are left out.
std::vector<Drafted> merge_readings(const State& state, const std::vector<Reading>& readings);

// The next instant at which the hub itself must act; nullopt = none. O(1).
std::optional<base::TimeUs> next_deadline(const State& state);

// The events of one deadline <= now: the highest precedence first, then the earliest. Empty = none
// is due. The caller applies them and asks again, so that each is decided on what the one before
// did; applying them takes the deadline away or moves it past `now`. `salt` is for a body they may
// write, as in an Envelope.
std::vector<Drafted> fire_deadline(const State& state, base::TimeUs now, std::string salt);

// The hub was not there, or wakes up with a clock in doubt: what it records before anything else.
struct Absence {
  // [from, to) on hub time; equal = it was not away.
  base::TimeUs from_us = 0;
  base::TimeUs to_us = 0;
  // Unspecified = the clock is not in doubt.
  v1::ClockDoubt::Kind doubt = v1::ClockDoubt::KIND_UNSPECIFIED;
  base::TimeUs wall_us = 0;
};
std::vector<Drafted> record_absence(const Absence& absence);

// First records of an empty log: WorldCreated, EpochStarted, FormatRaised. The random names come
// in.
std::vector<Drafted> genesis(const std::string& world_id, const std::string& epoch,
                             const std::string& center_id, v1::WorldCreated::Kind kind);

// Orders and answers to them: never refused for want of room.
bool is_about_orders(const v1::Command& command);

// Whether a command is urgent: about orders, or a post with precedence flash by those entitled.
bool is_urgent(const State& state, const Envelope& envelope);

}  // namespace fenghuo::core
